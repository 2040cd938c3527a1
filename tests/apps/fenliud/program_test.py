"""fenliud as a process: exit statuses, the ready line, signals. Run by ctest, which names the program in FENLIUD."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

FENLIUD = os.environ.get("FENLIUD", "fenliud")
DEADLINE_S = 30
FREE_PORTS = '[bus]\nlisten = "tcp://127.0.0.1:0"\nfeed = "tcp://127.0.0.1:0"\n[log]\nformat = "text"\n'


class Program(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="fenliud-")
        self.addCleanup(self.directory.cleanup)
        self.file = Path(self.directory.name) / "fenliud.toml"
        self.file.write_text(FREE_PORTS)

    def start(self, *options):
        """A broker that is ready, and its ready line."""
        process = subprocess.Popen(
            [FENLIUD, "-c", self.file, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        deadline = threading.Timer(DEADLINE_S, process.kill)
        deadline.start()
        self.addCleanup(deadline.cancel)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process, process.stdout.readline()

    @staticmethod
    def run_to_end(*options):
        return subprocess.run([FENLIUD, *options], capture_output=True, text=True, timeout=DEADLINE_S, check=False)

    def read_until(self, process, text):
        """The next line of the log that holds the text."""
        for line in process.stderr:
            if text in line:
                return line
        return self.fail(f"the log never said {text!r}")

    def test_the_ready_line_names_endpoints_that_answer(self):
        _, ready = self.start("--memory", "--demo")
        found = re.fullmatch(
            r'fenliud [\d.]+ ready: bus tcp://127\.0\.0\.1:(\d+), feed tcp://127\.0\.0\.1:(\d+) — '
            r'try: fenliu publish demo alice "hello" --wait --url tcp://127\.0\.0\.1:\1\n', ready)
        self.assertTrue(found, ready)
        for port in found.groups():
            socket.create_connection(("127.0.0.1", int(port)), timeout=DEADLINE_S).close()

    def test_open_doors_are_warned_of_only_where_they_are(self):
        for host, open_to_others in (("127.0.0.1", False), ("0.0.0.0", True)):
            self.file.write_text(FREE_PORTS.replace("127.0.0.1", host))
            process, _ = self.start("--memory", "--insecure")
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(DEADLINE_S), 0)
            log = process.stderr.read()
            self.assertEqual(("in clear" in log, "everybody" in log), (open_to_others, open_to_others), log)

    def test_a_signal_to_stop_ends_it_well(self):
        for each in (signal.SIGTERM, signal.SIGINT):
            process, _ = self.start("--data", Path(self.directory.name) / "data")
            process.send_signal(each)
            self.assertEqual(process.wait(DEADLINE_S), 0)

    def test_a_reload_with_an_error_keeps_the_old_configuration(self):
        process, _ = self.start("--memory")
        self.file.write_text("lanes = 1000\n")
        process.send_signal(signal.SIGHUP)
        line = self.read_until(process, "not reloaded")
        self.assertIn(f"{self.file}:1:9: lanes is 1000, outside 0…256", line)
        self.file.write_text('[[shop]]\nname = "tea"\n')
        process.send_signal(signal.SIGHUP)
        self.read_until(process, "bus.listen is changed in the file; that takes effect at the next start")
        self.read_until(process, "configuration reloaded: 1 shops")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(DEADLINE_S), 0)

    def test_a_configuration_with_errors_ends_it_with_1_and_every_error(self):
        self.file.write_text("lane = 1\nauto_create = 2\n")
        for options in ([], ["--check-config"]):
            ended = self.run_to_end("-c", self.file, *options)
            self.assertEqual(ended.returncode, 1)
            self.assertEqual(ended.stdout, "")
            self.assertEqual(ended.stderr, f'{self.file}:1:1: unknown key "lane" in the file, did you mean "lanes"?\n'
                                           f"{self.file}:2:15: auto_create must be true or false, not an integer\n")

    def test_the_default_configuration_it_prints_is_right(self):
        self.file.write_text(self.run_to_end("--print-default-config").stdout)
        checked = self.run_to_end("-c", self.file, "--check-config")
        self.assertEqual((checked.returncode, checked.stdout), (0, f"{self.file}: ok (shops: 0, accounts: 0, tokens: 0)\n"))

    def test_a_configuration_with_warnings_is_right_and_they_are_told(self):
        self.file.write_text("[defaults]\ndefault_cap = 0\n")
        checked = self.run_to_end("-c", self.file, "--check-config")
        self.assertEqual(checked.returncode, 0)
        self.assertRegex(checked.stdout, rf"\A{self.file}:2:15: warning: default_cap is 0: .*\n{self.file}: ok .*\n\Z")

    def test_a_port_in_use_ends_it_with_1_and_one_line(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            endpoint = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
            self.file.write_text(f'[bus]\nlisten = "{endpoint}"\n[store]\nmemory = true\n[log]\nlevel = "error"\n')
            ended = self.run_to_end("-c", self.file)
        self.assertEqual(ended.returncode, 1)
        self.assertRegex(ended.stderr, rf"\Afenliud: .*{endpoint}.*in use.*\n\Z")

    def test_a_data_directory_in_use_ends_it_with_1_and_one_line(self):
        data = Path(self.directory.name) / "data"
        process, _ = self.start("--data", data)
        ended = self.run_to_end("-c", self.file, "--data", data)
        self.assertEqual(ended.returncode, 1)
        self.assertRegex(ended.stderr, rf"\Afenliud: .*{data}.*process {process.pid}.*\n\Z")

    def test_a_data_directory_that_cannot_be_made_ends_it_with_1_and_one_line(self):
        ended = self.run_to_end("-c", self.file, "--data", "/dev/null/data")
        self.assertEqual(ended.returncode, 1)
        self.assertRegex(ended.stderr, r"\Afenliud: .*/dev/null/data.*\n\Z")

    def test_data_is_for_its_owner_alone(self):
        data = Path(self.directory.name) / "state" / "fenliu"
        process, _ = self.start("--data", data)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(DEADLINE_S), 0)
        for path in [data, *data.rglob("*")]:
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_a_relative_data_directory_is_taken_from_where_one_is(self):
        process = subprocess.Popen([FENLIUD, "-c", self.file, "--data", "data"], cwd=self.directory.name,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.assertIn("ready", process.stdout.readline())
        self.assertTrue((Path(self.directory.name) / "data").is_dir())


if __name__ == "__main__":
    unittest.main()
