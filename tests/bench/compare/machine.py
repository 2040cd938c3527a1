"""Facts about the machine that figures depend on."""
import os
import platform
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

SYNCS = 100
BLOCK = b"x" * 4096


def _of_proc(file: str, key: str) -> str:
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == key:
            return value.strip()
    return "unknown"


def _system() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "unknown")
    except OSError:
        return "unknown"


def facts() -> dict[str, object]:
    return {"cpu": _of_proc("/proc/cpuinfo", "model name"), "cores": len(os.sched_getaffinity(0)), "kernel": platform.release(),
            "memory_mib": int(_of_proc("/proc/meminfo", "MemTotal").split()[0]) // 1024, "system": _system()}


def sync_ms(directory: Path) -> float:
    """The median of some appends of 4 KiB with fdatasync, on the disk of this directory."""
    took = []
    with tempfile.TemporaryFile(dir=directory, buffering=0) as file:
        for _ in range(SYNCS):
            begin = time.perf_counter()
            file.write(BLOCK)
            os.fdatasync(file.fileno())
            took.append(1000 * (time.perf_counter() - begin))
    return statistics.median(took)


def busy_s() -> float:
    """Seconds that all cores together have worked, or were taken away by the host."""
    fields = Path("/proc/stat").read_text(encoding="utf-8").splitlines()[0].split()[1:9]
    user, nice, system, _idle, _wait, interrupt, soft_interrupt, stolen = map(int, fields)
    return (user + nice + system + interrupt + soft_interrupt + stolen) / os.sysconf("SC_CLK_TCK")


def revision(top: Path) -> str:
    """Of this repository; with a + behind it if files differ from it."""
    def git(*words: str) -> str:
        try:
            return subprocess.run(["git", "-C", str(top), *words], capture_output=True, text=True, check=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            return ""
    return (git("rev-parse", "--short", "HEAD") or "unknown") + ("+" if git("status", "--porcelain") else "")
