"""The rules of the house that a compiler doesn't check: who may use whom, sizes, purity, and that the README tells the truth.

Run by ctest, which names the built programs in FENLIU and FENLIUD.
"""

import os
import re
import subprocess
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]

# Each folder and the folders it may include from, besides itself.
FOLDERS = {
    "protocol": [],
    "routing": ["protocol"],
    "storage": ["protocol", "routing"],
    "transport": ["protocol"],
    "actors": ["protocol", "routing", "storage", "transport"],
    "apps": ["protocol", "routing", "storage", "transport", "actors"],
}
# Each library, by the beginning of its headers' names, and the folders or files that may include it.
LIBRARIES = {
    "msgpack": ["protocol/tape.cpp", "protocol/writer.hpp", "storage/record_codec.cpp",
                "storage/record_tokens.cpp"],
    "zmq": ["transport/", "apps/"],
    "sodium": ["transport/keys.cpp", "transport/signed_token.cpp", "storage/audit_chain.cpp"],
    "SQLiteCpp/": ["storage/"],
    "sqlite3": ["storage/"],
    "nlohmann/": ["storage/", "actors/", "apps/"],
    "caf/": ["actors/"],
    "spdlog/": ["apps/fenliud/"],
    "toml++/": ["apps/policy/", "apps/fenliud/"],
    "date/": ["routing/shop_zone.cpp"],
    "hs/": ["routing/word_finder.cpp"],
    "re2/": ["routing/word_finder.cpp"],
    "CLI/": ["apps/"],
}
CLOCK_OR_CHANCE = re.compile(r"_clock::now|\btime\(|gettimeofday|clock_gettime|\brand\(|random_device|getrandom")
FILE_LINES_MAX = 400


def sources(*folders):
    """C++ files as (path from the top, text), in order."""
    for folder in folders:
        for path in sorted((TOP / folder).rglob("*")):
            if path.suffix in (".hpp", ".cpp"):
                yield path.relative_to(TOP).as_posix(), path.read_text(encoding="utf-8")


def readme():
    return (TOP / "README.md").read_text(encoding="utf-8")


def help_of(*command):
    return subprocess.run([*command, "--help"], capture_output=True, text=True, timeout=20, check=True).stdout


class House(unittest.TestCase):
    def test_folders_use_only_what_stands_below_them(self):
        for file, text in sources(*FOLDERS):
            folder = file.split("/")[0]
            for used in re.findall(r'^#include "([^"]+)"', text, re.MULTILINE):
                self.assertIn(used.split("/")[0], [folder, *FOLDERS[folder]], f"{file} includes {used}")

    def test_a_program_uses_nothing_of_another_one(self):
        shared = ("apps/policy/", "apps/load/")
        for file, text in sources("apps"):
            own = "/".join(file.split("/")[:2]) + "/"
            for used in re.findall(r'^#include "(apps/[^"]+)"', text, re.MULTILINE):
                self.assertTrue(used.startswith((own, *shared)), f"{file} includes {used}")

    def test_libraries_stay_where_they_belong(self):
        for file, text in sources(*FOLDERS):
            for used in re.findall(r"^#include <([^>]+)>", text, re.MULTILINE):
                for library, places in LIBRARIES.items():
                    if used.startswith(library):
                        self.assertTrue(file.startswith(tuple(places)), f"{file} includes <{used}>")

    def test_routing_reads_no_clock_and_takes_no_chance(self):
        for file, text in sources("routing"):
            self.assertIsNone(CLOCK_OR_CHANCE.search(text), file)

    def test_no_file_is_longer_than_400_lines(self):
        for file, text in sources(*FOLDERS, "tests"):
            self.assertLessEqual(text.count("\n"), FILE_LINES_MAX, file)

    def test_every_header_opens_with_what_it_is(self):
        for file, text in sources(*FOLDERS):
            if file.endswith(".hpp"):
                self.assertRegex(text, r"\A// \S", file)

    def test_every_bound_is_used(self):
        limits = (TOP / "protocol/limits.hpp").read_text(encoding="utf-8")
        text = "\n".join(text for file, text in sources(*FOLDERS) if file != "protocol/limits.hpp")
        for bound in re.findall(r"^inline constexpr [\w:]+ (\w+)[ {]", limits, re.MULTILINE):
            used = re.search(rf"limits::{bound}\b", text) or re.search(rf"= .*\b{bound}\b", limits)
            self.assertTrue(used, f"limits::{bound} bounds nothing")

    def test_no_test_sleeps_or_is_switched_off(self):
        for file, text in sources("tests"):
            self.assertNotRegex(text, r"sleep_for|usleep\(|DISABLED_|GTEST_SKIP", file)
        for file in (TOP / "tests/integration").glob("*.py"):
            self.assertNotRegex(file.read_text(encoding="utf-8"), r"time\.sleep|@unittest\.skip", file)


class Readme(unittest.TestCase):
    def test_its_scripts_exist_and_can_be_run(self):
        scripts = set(re.findall(r"\./(deploy/[\w.-]+|\.ci/\w+)", readme()))
        self.assertTrue(scripts)
        for script in scripts:
            self.assertTrue(os.access(TOP / script, os.X_OK), script)

    def test_its_links_lead_somewhere(self):
        for target in re.findall(r"\]\((?!http)([^)#]+)", readme()):
            self.assertTrue((TOP / target).exists(), target)

    def test_the_commands_it_shows_know_their_options(self):
        shown = re.findall(r"\b(fenliud?)((?: [^\n`|]*)?)", "\n".join(self.code()))
        self.assertTrue(shown)
        for program, words in shown:
            command = [os.environ[program.upper()]]
            known = help_of(*command)
            verb = re.match(r" ([a-z]+)\b", words)
            if program == "fenliu" and verb:
                self.assertRegex(known, rf"(?m)^  {verb[1]} ", f"fenliu {verb[1]}")
                of_verb = help_of(*command, verb[1])
                known += of_verb
                part = re.match(r" [a-z]+ ([a-z]+)\b", words)
                if part and re.search(rf"(?m)^  {part[1]} ", of_verb):
                    known += help_of(*command, verb[1], part[1])
            for option in re.findall(r" (--?[a-z][a-z-]*)", words):
                self.assertRegex(known, rf"{option}\b", f"{program}{words}")

    @staticmethod
    def code():
        """Command lines in blocks (after a prompt), and code within lines."""
        text = readme()
        yield from re.findall(r"^\$ (.*)$", text, re.MULTILINE)
        yield from re.findall(r"`([^`\n]+)`", text)


if __name__ == "__main__":
    unittest.main()
