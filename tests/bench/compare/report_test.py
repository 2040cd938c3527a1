"""What follows from runs: medians, ratios within one round, verdicts, tables. python3 -m unittest in this folder, or by its path."""
import json
import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import page  # noqa: E402
import plots  # noqa: E402
import report  # noqa: E402
from results import asked, figure, median_curve, ratio, spread, suspicious, values  # noqa: E402
from servers import SERVERS  # noqa: E402
from shapes import BROKERS, PROGRAMS, ROWS, SHAPES, Figure, Row  # noqa: E402

OF, AGAINST = Figure("s", "fenliu"), Figure("s", "bare")


def run(broker, number, delivered_per_s, shape="s", **figures):
    latencies = {"count": 10, "p50": 1.0, "p99": 2.0, "curve": [[0.0, 1.0], [0.5, 1.5]]}
    return {"shape": shape, "broker": broker, "round": number,
            "figures": {"delivered_per_s": delivered_per_s, "published": 1000, "missing": 0, "refused": 0, "behind": 0,
                        "ack_ms": latencies, "delivery_ms": latencies, "moments": []} | figures}


def failed(broker, number, shape="s"):
    return {"shape": shape, "broker": broker, "round": number, "failure": "it <ended>", "log": "last words"}


def record(runs):
    return {"command": "compare.sh", "begun": "2026-01-01T00:00:00+00:00", "revision": "abc", "rounds": 5, "warm_up_ms": 2000,
            "duration_ms": 10_000, "complete": True, "skipped": {"redis": "it is not installed"}, "programs": [],
            "machine": {"cpu": "a processor", "cores": 2, "kernel": "6", "memory_mib": 1, "system": "an OS", "sync_ms": [0.1]},
            "shapes": [{"name": "s", "title": "a shape", "rate": None, "channels": 4, "shops": 2}],
            "brokers": [{"name": name, "title": name, "version": "1", "acks": name != "bare", "durable": "all"} for name in ("bare", "fenliu")], "runs": runs}


class Ratios(unittest.TestCase):
    def test_a_ratio_is_the_median_of_ratios_and_not_the_ratio_of_medians(self):
        runs = [run("fenliu", 1, 50), run("bare", 1, 100), run("fenliu", 2, 300), run("bare", 2, 200), run("fenliu", 3, 60),
                run("bare", 3, 300)]
        found = ratio(runs, Row("r", OF, AGAINST, None, None))
        self.assertEqual(found.by_round, {1: 0.5, 2: 1.5, 3: 0.2})
        self.assertEqual((found.spread.median, found.spread.least, found.spread.most), (0.5, 0.2, 1.5))

    def test_a_round_that_lacks_one_side_does_not_count(self):
        runs = [run("fenliu", 1, 50), failed("bare", 1), run("fenliu", 2, 80), run("bare", 2, 100), run("bare", 3, 100)]
        found = ratio(runs, Row("r", OF, AGAINST, 0.5, 0.8))
        self.assertEqual(found.by_round, {2: 0.8})
        self.assertTrue(found.suspicious)

    def test_verdicts_are_about_the_median(self):
        runs = [run("fenliu", 1, 50), run("bare", 1, 100)]
        for floor, goal, lower, verdict in ((0.4, 0.5, False, "goal"), (0.4, 0.6, False, "floor"), (0.6, 0.7, False, "below"),
                                            (None, 0.7, False, "short"), (None, None, False, "none"), (0.6, 0.5, True, "goal"),
                                            (0.5, 0.4, True, "floor"), (0.4, 0.3, True, "below")):
            self.assertEqual(ratio(runs, Row("r", OF, AGAINST, floor, goal, lower=lower)).verdict, verdict, (floor, goal, lower))
        self.assertEqual(ratio([], Row("r", OF, AGAINST, 1, 2)).verdict, "unknown")

    def test_a_row_without_the_other_side_is_the_figure_itself(self):
        self.assertEqual(ratio([run("fenliu", 1, 7)], Row("r", OF, None, None, 5)).by_round, {1: 7})

    def test_latencies_that_count_nothing_are_no_figure(self):
        empty = run("nats", 1, 5, ack_ms={"count": 0, "p50": 0.0})
        self.assertIsNone(figure(empty, "ack_ms.p50"))
        self.assertEqual(values([empty], Figure("s", "nats", "ack_ms.p50")), {})
        self.assertIsNone(figure(failed("nats", 1), "ack_ms.p50"))

    def test_a_run_that_lost_refused_or_fell_behind_is_suspicious(self):
        self.assertFalse(suspicious(run("fenliu", 1, 5)))
        self.assertFalse(suspicious(run("fenliu", 1, 5, behind=3)), "the edge of the measured time")
        for delivered, wrong in ((4_990, False), (3_900, True)):
            self.assertEqual(suspicious(run("fenliu", 1, delivered) | {"load": {"rate": 5_000}}), wrong, "the rate was 5,000")
        for wrong in ({"missing": 1}, {"refused": 1}, {"behind": 200}):
            self.assertTrue(suspicious(run("fenliu", 1, 5, **wrong)), wrong)

    def test_a_curve_goes_as_far_as_half_of_the_rounds_do(self):
        runs = [run("fenliu", number, 5, ack_ms={"count": 1, "curve": curve})
                for number, curve in enumerate(([[0.0, 1.0], [0.5, 3.0], [0.9, 9.0]], [[0.0, 2.0], [0.5, 5.0]], [[0.0, 6.0], [0.5, 4.0]]))]
        self.assertEqual(median_curve(runs, "ack_ms"), [(0.0, 2.0), (0.5, 4.0)])

    def test_spread_of_nothing_is_none(self):
        self.assertIsNone(spread([]))


class Shapes(unittest.TestCase):
    def test_rows_name_shapes_and_brokers_that_are_measured(self):
        measured = {(shape.name, broker) for shape in SHAPES for broker in shape.brokers} | {(each.name, "fenliu") for each in PROGRAMS}
        for row in ROWS:
            for each in filter(None, (row.of, row.against)):
                self.assertIn((each.shape, each.broker), measured, row.title)

    def test_every_broker_has_a_server_and_a_colour(self):
        self.assertEqual(set(BROKERS), set(SERVERS))
        self.assertEqual(set(BROKERS), set(page.style.COLOURS))

    def test_goals_are_beyond_floors(self):
        for row in ROWS:
            if row.floor is not None:
                self.assertTrue(row.goal < row.floor if row.lower else row.goal > row.floor, row.title)


class Tables(unittest.TestCase):
    def test_numbers_end_at_the_right_and_lines_have_no_blanks_at_their_end(self):
        self.assertEqual(report.table(["name", "n", ""], [["a", "1", ""], ["longer", "1,000", "!"]]),
                         "name        n\n------  -----  -\na           1\nlonger  1,000  !")

    def test_numbers_have_the_digits_that_count(self):
        shown = [report.with_unit(each) for each in (None, 0.0123, 0.5, 9.999, 12.34, 1234.5)]
        self.assertEqual(shown, ["–", "0.012×", "0.50×", "10.00×", "12.3×", "1,234×"])

    def test_what_failed_or_is_missing_is_named(self):
        runs = [run("fenliu", 1, 50, missing=3), run("bare", 1, 100), failed("fenliu", 2)]
        text = report.text(record(runs), (Row("row", OF, AGAINST, 0.6, 0.7),))
        for words in ("1 of 2 failed", "missing up to 3", "BELOW FLOOR (!)", "failed: fenliu at s, round 2: it <ended>",
                      "redis is left out: it is not installed"):
            self.assertIn(words, text)

    def test_who_has_no_acks_has_no_latency_of_them(self):
        runs = [run("bare", 1, 100)]
        self.assertEqual(report.latencies({"acks": False}, runs), ["–", "–", "1.00", "2.00"])
        self.assertEqual(report.latencies({"acks": True}, runs), ["1.00", "2.00", "1.00", "2.00"])

    def test_rows_that_nobody_asked_for_are_left_out(self):
        rows = (Row("kept", OF, AGAINST, 1, 2), Row("other shape", Figure("t", "fenliu"), AGAINST, 1, 2),
                Row("other broker", OF, Figure("s", "nats"), 1, 2), Row("kept, not installed", OF, Figure("s", "redis"), 1, 2))
        self.assertEqual([row.title for row in asked(record([]), rows)], ["kept", "kept, not installed"])


class List(unittest.TestCase):
    def test_it_ends_without_a_word_when_nobody_reads_it(self):
        reader, writer = os.pipe()
        os.close(reader)
        program = Path(__file__).with_name("compare.py")
        ended = subprocess.run([sys.executable, program, "--list"], stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
        os.close(writer)
        self.assertEqual((ended.returncode, ended.stderr), (-signal.SIGPIPE, ""))


class Page(unittest.TestCase):
    def test_it_escapes_what_others_wrote_and_draws_nothing_from_elsewhere(self):
        runs = [run("fenliu", 1, 50), run("bare", 1, 100), failed("fenliu", 2)]
        html = page.render(record(runs), (Row("a <row>", OF, AGAINST, 0.4, 0.7),))
        self.assertIn("it &lt;ended&gt;", html)
        self.assertIn("a &lt;row&gt;", html)
        self.assertNotIn("<ended>", html)
        self.assertNotRegex(html, r"(src|href)=|@import|url\(")

    def test_it_can_be_made_of_nothing(self):
        self.assertIn("</html>", page.render(record([]), ()))
        json.dumps(report.ratios(record([]), ROWS))

    def test_labels_do_not_overlap(self):
        placed = plots._apart([10, 11, 12, 100], 0, 104)
        self.assertTrue(all(after - before >= plots.LABEL_STEP for before, after in zip(placed, placed[1:])), placed)


if __name__ == "__main__":
    unittest.main()
