"""fenliu bench against a real broker: what it measures, judges and writes."""
import json
import os
import pathlib
import sqlite3
import subprocess
import unittest

from running_broker import RunningBroker, in_temporary_directory


class Bench(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(in_temporary_directory(self))
        self.broker = RunningBroker(self.directory).start()
        self.addCleanup(self.broker.stop)

    def bench(self, *words):
        return subprocess.run(
            [os.environ["FENLIU"], "--url", self.broker.bus, "bench", "--duration", "1", "--warm-up", "0.2", *words],
            capture_output=True, text=True, timeout=120)

    def test_an_open_loop_keeps_its_rate_and_loses_nothing(self):
        ended = self.bench("--json", "--rate", "200", "--assert", "missing<1", "--assert", "refused<1")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        found = json.loads(ended.stdout)
        self.assertEqual(found["shape"]["rate"], 200)
        figures = found["figures"]
        self.assertGreater(figures["delivered"], 100)
        self.assertEqual(figures["missing"], 0)
        self.assertGreater(figures["ack_ms"]["p99"], 0)
        self.assertGreater(figures["delivery_ms"]["count"], 100)
        self.assertIn("measuring", ended.stderr)

    def test_a_closed_loop_writes_its_reports(self):
        as_json, as_page = self.directory / "x.json", self.directory / "x.html"
        ended = self.bench("--quiet", "--closed", "--frame", "16", "--out", str(as_json), "--out", str(as_page))
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("until delivered", ended.stdout)
        self.assertEqual(ended.stderr, "")
        self.assertGreater(json.loads(as_json.read_text())["figures"]["acked"], 0)
        self.assertIn("<svg", as_page.read_text())

    def test_new_buyers_are_each_assigned(self):
        ended = self.bench("--json", "--rate", "200", "--new-buyers", "--assert", "missing<1")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        stored = json.loads(ended.stdout)["figures"]["acked"]
        self.broker.stop()
        archive = sqlite3.connect(self.directory / "data" / "archive.sqlite")
        self.addCleanup(archive.close)
        owned, = archive.execute("SELECT count(DISTINCT buyer) FROM conversation WHERE state = 'assigned'").fetchone()
        self.assertGreaterEqual(owned, stored)

    def test_what_does_not_hold_is_said_and_the_status_is_1(self):
        ended = self.bench("--quiet", "--rate", "100", "--assert", "stored>1000000")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("stored>1000000 does not hold", ended.stderr)

    def test_curve_needs_a_key(self):
        ended = self.bench("--curve")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("--server-key", ended.stderr)

    def test_without_a_broker_it_says_so(self):
        ended = subprocess.run([os.environ["FENLIU"], "--url", "tcp://127.0.0.1:1", "--timeout", "0.3", "bench"],
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(ended.returncode, 3, ended.stderr)
        self.assertIn("no broker answers", ended.stderr)


if __name__ == "__main__":
    unittest.main()
