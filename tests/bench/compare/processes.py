"""Processes that are measured: started in a session of their own, so that Ctrl-C reaches them through us alone, looked after,
stopped together with what they started."""
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

STOP_S = 5  # what it would still write is thrown away
TAIL_LINES = 15
LOOK_S = 0.05
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """What keeps one measurement from being made. `log` is the end of what the process wrote."""

    def __init__(self, text: str, log: str = ""):
        super().__init__(text)
        self.log = log


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody has: all are held until the last is found."""
    holders = [socket.socket() for _ in range(count)]
    try:
        for each in holders:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in holders]
    finally:
        for each in holders:
            each.close()


def tail(log: Path) -> str:
    if not log.exists():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL_LINES:])


class Process:
    """One process and its descendants; what they write goes to a file."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str] | None = None):
        self.log = log
        self._output = log.open("ab")
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._output, stderr=subprocess.STDOUT,
                                             env={**os.environ, **(environment or {})}, start_new_session=True, cwd=log.parent)
        except OSError as error:
            self._output.close()
            raise Failed(f"{command[0]} can't be started: {error}") from error

    @property
    def pid(self) -> int:
        return self._process.pid

    def ended(self) -> int | None:
        return self._process.poll()

    def cpu_s(self) -> float:
        """Of its whole session, so far."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            if int(fields[3]) == self._process.pid:
                ticks += sum(map(int, fields[11:15]))
        return ticks / TICKS_A_SECOND

    def stop(self) -> None:
        """SIGTERM to the process, and after some time SIGKILL to all of its group."""
        if self.ended() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        self._output.close()


def _wait(process: Process, ready: Callable[[], bool], timeout_s: float) -> None:
    end = time.monotonic() + timeout_s
    while not ready():
        if process.ended() is not None:
            raise Failed(f"the server ended with status {process.ended()} while starting", tail(process.log))
        if time.monotonic() > end:
            raise Failed(f"the server is not ready within {timeout_s:.0f} s", tail(process.log))
        time.sleep(LOOK_S)


def wait_until_says(process: Process, words: str, timeout_s: float) -> None:
    """Until it has printed these words. Raises Failed."""
    _wait(process, lambda: words in tail(process.log), timeout_s)


def wait_until_answers(process: Process, port: int, say: bytes, answer: bytes, timeout_s: float) -> None:
    """Until what listens at `port` of 127.0.0.1 answers `say` with something that begins with `answer`. Raises Failed."""
    def answers() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(say)
                heard = b""
                while len(heard) < len(answer) and (more := connection.recv(4096)):
                    heard += more
                return heard.startswith(answer)
        except OSError:
            return False
    _wait(process, answers, timeout_s)
