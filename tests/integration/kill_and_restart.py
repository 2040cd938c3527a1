"""kill -9 of the broker in the middle of a replay, and a restart: nothing is lost, doubled or disordered."""
import json
import os
import pathlib
import subprocess
import unittest

import zmq

from foreign_client import ForeignClient
from running_broker import RunningBroker, in_temporary_directory

CONVERSATIONS, LINES = 300, 4


def write_conversations(path):
    with open(path, "w", encoding="utf-8") as out:
        for c in range(CONVERSATIONS):
            for n in range(LINES):
                row = {"conversation": f"c{c}", "shop": f"shop{c % 5}", "ts": f"2026-01-05T10:{n:02}:00Z", "role": "buyer",
                       "from": f"b{c}", "text": f"第 {n} 句 of {c}"}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        out.write("{ this line is bad\n")


class KillAndRestart(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(in_temporary_directory(self))
        self.context = zmq.Context()
        self.addCleanup(self.context.term)

    def stats(self, broker):
        admin = ForeignClient(self.context, broker.bus, "admin")
        admin.send([50, "s", "stats", {}])
        answer = admin.take(51)[3]
        admin.close()
        return answer

    def replay(self, broker):
        file, report = self.directory / "talk.ndjson", self.directory / "report.json"
        write_conversations(file)
        running = subprocess.Popen([os.environ["FENLIU"], "replay", str(file), "--url", broker.bus, "--shops-from-file", "--agents", "2",
                                    "--cap", "100", "--report", str(report)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return running, report

    def check(self, running, report):
        text = running.communicate(timeout=120)[0]
        self.assertEqual(running.returncode, 0, text)
        told = json.loads(report.read_text())
        self.assertEqual(told["buyer_messages"], CONVERSATIONS * LINES)
        self.assertEqual(told["stored"], CONVERSATIONS * LINES)
        for fault in ("lost", "duplicated", "out_of_order", "owner_overlaps"):
            self.assertEqual(told[fault], 0, text)
        self.assertEqual(told["bad_lines"], 1)
        self.assertIn(f"talk.ndjson:{CONVERSATIONS * LINES + 1}", text)
        return told

    def test_a_broker_killed_twice_loses_nothing(self):
        broker = RunningBroker(self.directory).start()
        running, report = self.replay(broker)
        for share in (0.2, 0.6):
            while self.stats(broker)["store"]["records"] < share * CONVERSATIONS * LINES and running.poll() is None:
                pass
            self.assertIsNone(running.poll(), "it must be in the middle")
            broker.kill()
            broker.start()
        told = self.check(running, report)
        self.assertGreater(told["reconnects"], 0)
        self.assertEqual(broker.stop(), 0)

    def test_a_clean_restart_keeps_history(self):
        broker = RunningBroker(self.directory).start()
        self.check(*self.replay(broker))
        self.assertEqual(broker.stop(), 0)
        broker.start()
        admin = ForeignClient(self.context, broker.bus, "admin", shop="shop1")
        admin.send([34, "h", "b1", None, 50, "all"])
        lines = admin.take(43)[2]
        self.assertEqual([row[3] for row in lines if row[2] == "b1"], [f"第 {n} 句 of 1" for n in range(LINES)])
        admin.close()
        self.assertEqual(broker.stop(), 0)


if __name__ == "__main__":
    unittest.main()
