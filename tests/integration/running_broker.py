"""A fenliud of its own for a test: free ports, data in a temporary directory, killed or stopped at will."""
import os
import pathlib
import select
import signal
import subprocess
import tempfile

START_S = 30


class RunningBroker:
    def __init__(self, directory, *options, settings="", host="127.0.0.1"):
        """`settings`: more of the configuration file. `host`: what to listen on; clients connect from here all the same."""
        self.directory = pathlib.Path(directory)
        self.options = options
        self.settings = settings
        self.host = host
        self.printed = ""
        self.bus = self.feed = "tcp://127.0.0.1:0"
        self.process = None

    def start(self):
        """Starts it; from the second time on at the endpoints it had."""
        configuration = self.directory / "fenliud.toml"
        listen, feed = (each.replace("127.0.0.1", self.host) for each in (self.bus, self.feed))
        configuration.write_text(f'[bus]\nlisten = "{listen}"\nfeed = "{feed}"\n{self.settings}')
        self.process = subprocess.Popen(
            [os.environ["FENLIUD"], "-c", str(configuration), "--data", str(self.directory / "data"), *self.options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if not select.select([self.process.stdout], [], [], START_S)[0]:
            raise AssertionError("the broker is not ready in time")
        ready = self.process.stdout.readline()
        if " ready: " not in ready:
            raise AssertionError("the broker did not start: " + self.process.communicate()[1])
        self.printed += ready
        words = ready.replace(self.host, "127.0.0.1").replace(",", " ").split()
        self.bus, self.feed = words[words.index("bus") + 1], words[words.index("feed") + 1]
        return self

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def stop(self):
        """SIGTERM; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        self.printed += "".join(self.process.communicate(timeout=START_S))
        return self.process.returncode


def in_temporary_directory(test):
    directory = tempfile.TemporaryDirectory(prefix="fenliu-")
    test.addCleanup(directory.cleanup)
    return directory.name
