"""An agent's client that reads slower than a buyer writes: its session goes on, and the lines wait for it in the store, the
archive where the broker no longer holds them."""
import time
import unittest

import zmq

from foreign_client import ForeignClient
from running_broker import RunningBroker, in_temporary_directory

LINES = 6_000
OUTBOX_BYTES = 256 * 1024
AHEAD = 512  # lines published and not acknowledged


class SlowAgent(unittest.TestCase):
    def test_gets_every_line_once_in_one_session(self):
        broker = RunningBroker(in_temporary_directory(self), settings=f"outbox_bytes = {OUTBOX_BYTES}\n").start()
        self.addCleanup(broker.kill)
        self.context = zmq.Context()
        self.addCleanup(self.context.term)
        agent = self.client(broker, "agent", account="lamp:amy")
        agent.send([30, "online", "p"])
        agent.answer("p")
        self.publish(self.client(broker, "frontend"))
        self.wait_until_archived(self.client(broker, "admin"))
        for seq in range(1, LINES + 1):
            self.assertEqual(agent.take(42)[2], seq)
            if seq % 64 == 0:
                agent.send([4, agent.received])

    def client(self, broker, *arguments, **options):
        client = ForeignClient(self.context, broker.bus, *arguments, **options)
        self.addCleanup(client.close)
        return client

    def publish(self, frontend):
        for number in range(LINES + AHEAD):
            if number >= AHEAD:
                self.assertEqual(frontend.take(20)[3], number - AHEAD + 1)
            if number < LINES:
                frontend.send([10, f"m-{number}", "lamp", "bo", "x" * 200])
            if number % 64 == 0:
                frontend.send([4, frontend.received])

    def wait_until_archived(self, admin):
        """The broker lets go of lines once the archive has them."""
        for turn in range(600):
            admin.send([50, f"s-{turn}", "stats", {}])
            store = admin.answer(f"s-{turn}")[3]["store"]
            if store["position"] == store["archived_position"]:
                return
            time.sleep(0.1)
        self.fail(f"not archived: {store}")


if __name__ == "__main__":
    unittest.main()
