"""What instructions.py says of figures that grew, are new, or are gone."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import instructions  # noqa: E402


class Comparison(unittest.TestCase):
    def test_up_to_a_tenth_more_is_let_pass(self):
        self.assertEqual(instructions.problems({"a": 1_100, "b": 500}, {"a": 1_000, "b": 1_000}), [])

    def test_more_than_a_tenth_more_is_named(self):
        found = instructions.problems({"a": 1_101}, {"a": 1_000})
        self.assertEqual(found, ["a takes 1101 instructions, 1000 before"])

    def test_a_case_without_a_baseline_and_one_without_a_program_are_named(self):
        found = instructions.problems({"new": 1}, {"old": 1})
        self.assertEqual(len(found), 2)
        self.assertIn("--update", found[0])
        self.assertIn("--update", found[1])

    def test_the_table_shows_the_change(self):
        self.assertIn("+50.0%", instructions.table({"a": 150}, {"a": 100}))


if __name__ == "__main__":
    unittest.main()
