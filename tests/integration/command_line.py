"""The fenliu program against a live broker: what its users type, and what they read."""
import json
import os
import signal
import subprocess
import unittest

from running_broker import RunningBroker, in_temporary_directory

DEADLINE_S = 20


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.broker = RunningBroker(in_temporary_directory(self), "--demo").start()
        self.addCleanup(lambda: self.assertEqual(self.broker.stop(), 0))

    def fenliu(self, *words, said=None):
        done = subprocess.run([os.environ["FENLIU"], *words, "--url", self.broker.bus], input=said, text=True, timeout=DEADLINE_S,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def ok(self, *words, said=None):
        status, text = self.fenliu(*words, said=said)
        self.assertEqual(status, 0, text)
        return text

    def start(self, *words):
        running = subprocess.Popen([os.environ["FENLIU"], *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)

        def end():
            if running.poll() is None:
                running.kill()
            running.communicate()
        self.addCleanup(end)
        return running

    def agent(self, *options):
        amy = self.start("agent", "demo", "demo:amy", "--url", self.broker.bus, *options)
        self.read_until(amy, "online: done")
        return amy

    def read_until(self, running, wanted):
        signal.alarm(DEADLINE_S)  # ends the test run: the broker or the program hangs
        for line in running.stdout:
            if wanted in line:
                signal.alarm(0)
                return line
        self.fail(f"it ended before it printed {wanted!r}")

    def test_a_buyer_is_answered_and_the_decision_explained(self):
        self.agent("--echo")
        text = self.ok("publish", "demo", "alice", "红色的还有货吗？", "--wait")
        self.assertIn("ASSIGNED_ANY to demo:amy", text)
        self.assertIn("reply   demo:amy: 红色的还有货吗？", text)
        stored = json.loads(self.ok("publish", "demo", "bob", "-", "--json", said="from a pipe").splitlines()[0])
        self.assertEqual(stored["seq"], 1)
        self.assertIn("from a pipe", self.ok("history", "demo", "bob"))
        self.assertIn("owned by demo:amy", self.ok("explain", stored["conversation"]))
        self.assertIn("demo:amy   online", self.ok("agents", "demo"))
        self.assertIn("nobody waits", self.ok("queue", "demo"))
        self.assertRegex(self.ok("status"), r"\nopen +2\n")

    def test_an_agent_says_and_closes_by_typing(self):
        amy = self.agent()
        self.ok("publish", "demo", "alice", "hello")
        self.read_until(amy, "alice: hello")
        amy.stdin.write("good day\n/close\n")
        amy.stdin.flush()
        self.read_until(amy, "closed")
        self.assertIn("good day", self.ok("history", "demo", "alice"))
        self.assertIn("closed", self.ok("explain", "c0000000000001"))

    def test_the_feed_ends_in_order_when_it_is_told_to(self):
        feed = self.start("feed", "demo", "--feed-url", self.broker.feed)
        self.read_until(feed, "following")
        feed.send_signal(signal.SIGTERM)
        rest = feed.communicate(timeout=DEADLINE_S)[0]
        self.assertEqual((feed.returncode, rest), (0, ""))

    def test_what_the_broker_refuses_is_said_with_its_code(self):
        status, text = self.fenliu("explain", "c0000000000099")
        self.assertEqual(status, 1)
        self.assertIn("NOT_FOUND", text)
        status, text = self.fenliu("publish", "demo", "alice", "hi", "--to", "demo：amy")
        self.assertEqual(status, 1)
        self.assertIn("half-width", text)


if __name__ == "__main__":
    unittest.main()
