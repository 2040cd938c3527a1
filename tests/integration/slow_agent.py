"""An agent's client that reads slower than a buyer writes, and one that comes back far behind: every line comes once, in order."""
import time
import unittest

import zmq

from foreign_client import ForeignClient
from running_broker import RunningBroker, in_temporary_directory

LINES = 6_000
OUTBOX_BYTES = 256 * 1024
AHEAD = 512  # lines published and not acknowledged
READ = 50
DEADLINE_S = 60


class SlowAgent(unittest.TestCase):
    def setUp(self):
        broker = RunningBroker(in_temporary_directory(self), settings=f"outbox_bytes = {OUTBOX_BYTES}\n").start()
        self.addCleanup(broker.kill)
        self.bus = broker.bus
        self.context = zmq.Context()
        self.addCleanup(self.context.term)
        self.agent = self.client("agent", account="lamp:amy")
        self.agent.send([30, "online", "p"])
        self.agent.answer("p")
        self.frontend = self.client("frontend")
        self.publish(1, LINES)

    def test_gets_every_line_in_one_session(self):
        self.read(self.agent, 1, LINES)

    def test_gets_from_the_archive_what_the_broker_no_longer_holds(self):
        conversation = self.read(self.agent, 1, LINES)
        self.publish(LINES + 1, LINES + 1)
        self.wait_until_archived()
        again = self.client("agent", account="lamp:amy", seen=[[conversation, READ]])
        self.read(again, READ + 1, LINES + 1)

    def client(self, *arguments, **options):
        client = ForeignClient(self.context, self.bus, *arguments, **options)
        self.addCleanup(client.close)
        return client

    def publish(self, first, last):
        for seq in range(first, last + AHEAD + 1):
            if seq <= last:
                self.frontend.send([10, f"m-{seq}", "lamp", "bo", "x" * 200])
            if first <= seq - AHEAD:
                self.assertEqual(self.frontend.take(20)[3], seq - AHEAD)
            if seq % 64 == 0:
                self.frontend.send([4, self.frontend.received])

    def read(self, agent, first, last):
        """Acknowledges what comes; returns the conversation."""
        for seq in range(first, last + 1):
            line = agent.take(42)
            self.assertEqual(line[2], seq)
            if seq % 64 == 0:
                agent.send([4, agent.received])
        return line[1]

    def wait_until_archived(self):
        """After that the broker holds what dedupe needs."""
        admin = self.client("admin")
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            admin.send([50, "s", "stats", {}])
            store = admin.answer("s")[3]["store"]
            admin.send([4, admin.received])
            if store["position"] == store["archived_position"]:
                return
        self.fail(f"not archived: {store}")


if __name__ == "__main__":
    unittest.main()
