"""Peers that stop, come twice or never read: a process that is stopped and goes on, two devices of one account, an agent whose
client takes nothing. What was said stays, once and in order, and reaches who owns it.
"""
import json
import os
import pathlib
import signal
import subprocess
import threading
import unittest

import zmq

from foreign_client import ForeignClient
from running_broker import RunningBroker, in_temporary_directory

CONVERSATIONS, LINES = 150, 4
LONG_LINES, LONG_BYTES = 40, 16_000
OUTBOX_BYTES = 262_144


class Peers(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(in_temporary_directory(self))
        self.context = zmq.Context()
        self.addCleanup(self.context.destroy, 0)

    def broker(self, settings):
        started = RunningBroker(self.directory, settings=settings).start()
        self.addCleanup(lambda: self.assertEqual(started.stop(), 0))
        return started

    def client(self, broker, role, **options):
        made = ForeignClient(self.context, broker.bus, role, **options)
        self.addCleanup(made.close)
        return made

    def agent(self, broker, account, **options):
        made = self.client(broker, "agent", account=account, **options)
        made.send([30, "online", "here"])
        self.assertEqual(made.take(44)[2], "OK")
        return made

    def history(self, broker, shop, buyer, count):
        """(seq, from, text) of all lines, asked for page by page, newest first."""
        admin = self.client(broker, "admin", shop=shop)
        rows, cursor = [], None
        while len(rows) < count:
            admin.send([4, admin.received], [34, "h", buyer, cursor, 256, "all"])
            page = admin.take(43)
            rows = [row[1:4] for row in page[2]] + rows
            cursor = page[3]
            if cursor is None:
                break
        admin.close()
        return rows


class Stopped(Peers):
    def test_a_client_process_that_is_stopped_goes_on_where_it_was(self):
        broker = self.broker("heartbeat_ms = 200\n")
        talk, report = self.directory / "talk.ndjson", self.directory / "report.json"
        with open(talk, "w", encoding="utf-8") as out:
            for c in range(CONVERSATIONS):
                for n in range(LINES):
                    out.write(json.dumps({"conversation": f"c{c}", "shop": "demo", "ts": f"2026-01-05T10:{n:02}:00Z",
                                          "role": "buyer", "from": f"b{c}", "text": f"line {n} of {c}"}) + "\n")
        admin = self.client(broker, "admin")
        running = subprocess.Popen([os.environ["FENLIU"], "replay", str(talk), "--url", broker.bus, "--cap", "500", "--at-once",
                                    "20", "--report", str(report)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for share in (0.1, 0.4, 0.7):
            while self.records(admin) < share * CONVERSATIONS * LINES:
                self.assertIsNone(running.poll(), "it must be in the middle")
            running.send_signal(signal.SIGSTOP)
            self.wait_for_silence(admin)
            running.send_signal(signal.SIGCONT)
        text = running.communicate(timeout=100)[0]
        self.assertEqual(running.returncode, 0, text)
        told = json.loads(report.read_text())
        self.assertEqual(told["stored"], CONVERSATIONS * LINES)
        for fault in ("lost", "duplicated", "out_of_order", "owner_overlaps"):
            self.assertEqual(told[fault], 0, text)
        self.assertGreater(told["reconnects"], 0, "it was away for longer than three heartbeats")

    @staticmethod
    def records(admin):
        admin.send([4, admin.received], [50, "s", "stats", {}])
        return admin.take(51)[3]["store"]["records"]

    def wait_for_silence(self, admin):
        """More than three heartbeats of the clock; the admin speaks meanwhile, or it would be taken for dead itself."""
        pause = threading.Event()
        for _ in range(10):
            pause.wait(0.1)
            self.records(admin)


class TwoDevices(Peers):
    def test_the_newer_device_has_everything_and_the_older_one_nothing(self):
        broker = self.broker("")
        older, shopfront = self.agent(broker, "demo:amy", device="desk"), self.client(broker, "frontend")
        shopfront.send([10, "m1", "demo", "bo", "first"])
        shopfront.take(20)
        conversation, epoch = older.take(40)[1:3]
        older.take(42)
        newer = self.client(broker, "agent", account="demo:amy", device="phone", seen=[[conversation, 1]])
        self.assertEqual(older.take(5)[1], "SUPERSEDED")
        newer.send([30, "online", "here"])
        self.assertEqual(newer.take(44)[2], "OK")
        self.assertEqual(newer.take(40)[1:3], [conversation, epoch], "the owner is the same")
        older.send([31, "late", conversation, epoch, "from the old desk"])
        self.assertEqual(older.take(6)[1], "SESSION_NOT_FOUND")
        shopfront.send([10, "m2", "demo", "bo", "second"])
        self.assertEqual(newer.take(42)[2:5], [2, "bo", "second"])
        newer.send([31, "a1", conversation, epoch, "from the phone"])
        self.assertEqual(newer.take(45)[3], 3)
        self.assertFalse([each for each in older.inbox if each[0] == 42])
        self.assertEqual(self.history(broker, "demo", "bo", 3),
                         [[1, "bo", "first"], [2, "bo", "second"], [3, "demo:amy", "from the phone"]])


class NeverReads(Peers):
    def wait_for_the_end(self, client):
        """Until the client finds itself on a connection without a session."""
        for _ in range(200):
            client.send([3])
            if client.socket.poll(100):
                client.read()
            if any(each[0] == 6 and each[1] == "SESSION_NOT_FOUND" for each in client.inbox):
                return
        self.fail(f"the session of a client that takes nothing goes on; there are {[each[0] for each in client.inbox]}")

    def test_an_agent_that_never_reads_is_let_go_and_its_lines_wait_in_the_store(self):
        broker = self.broker(f"outbox_bytes = {OUTBOX_BYTES}\n")
        deaf, shopfront = self.agent(broker, "demo:amy"), self.client(broker, "frontend")
        texts = [f"{n:04} ".ljust(LONG_BYTES, ".") for n in range(LONG_LINES)]
        self.assertGreater(LONG_LINES * LONG_BYTES, 2 * OUTBOX_BYTES, "more than is kept for a session")
        for n, text in enumerate(texts):
            shopfront.send([10, f"m{n}", "demo", "bo", text])
            self.assertEqual(shopfront.take(20)[3], n + 1, "who writes to it doesn't notice")
        # It never acked anything, so its session is over; whether the bye still arrives before the end of the connection is chance.
        self.wait_for_the_end(deaf)
        heard = [each[2] for each in deaf.inbox if each[0] == 42]
        self.assertEqual(heard, list(range(1, len(heard) + 1)))
        self.assertLess(len(heard), LONG_LINES)
        conversation = deaf.take(40)[1]
        back = self.agent(broker, "demo:amy", resume={"session": deaf.welcome[1], "rx": deaf.received},
                          seen=[[conversation, len(heard)]])
        self.assertFalse(back.welcome[3], "what is over is not resumed")
        self.assertEqual(back.take(40)[1], conversation)
        rest = [back.take(42) for _ in range(LONG_LINES - len(heard))]
        self.assertEqual([(line[2], line[4]) for line in rest], [(n + 1, texts[n]) for n in range(len(heard), LONG_LINES)])
        self.assertEqual(self.history(broker, "demo", "bo", LONG_LINES), [[n + 1, "bo", text] for n, text in enumerate(texts)])


if __name__ == "__main__":
    unittest.main()
