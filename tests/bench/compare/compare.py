#!/usr/bin/env python3
"""Measures fenliu beside a bare libzmq relay and other brokers: the same loads, in turn, round after round, one server at a time.
Writes compare.json and compare.html and prints tables. `compare.sh` builds what this needs; the README beside this file tells more.
Exit status: 0 all was measured, 1 something was not, 2 wrong usage, 130 interrupted.
"""
import argparse
import datetime
import json
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import machine
import page
import report
from processes import Failed
from results import Run, asked, figure, marks
from servers import SERVERS, Server
from shapes import BROKERS, DELIVERED, PROGRAMS, ROWS, SHAPES, Program, Shape

TOP = Path(__file__).resolve().parents[3]
ENOUGH_FILES = 65_536
START_AND_STOP_S = 4  # usually
PATIENCE_S = 150  # for a load to connect, to open its channels and to drain


@dataclass(frozen=True)
class Wanted:
    shapes: list[Shape]
    programs: list[Program]
    brokers: list[str]
    rounds: int
    warm_up_ms: int
    duration_ms: int
    bin: Path
    out: Path
    files: int


def measure(shape: Shape, server: Server, wanted: Wanted) -> Run:
    """One load on a server that is ready. Raises Failed."""
    command = [str(wanted.bin / "compare_load"), server.target, server.url(),
               *shape.options(wanted.warm_up_ms, wanted.duration_ms), *server.load_options()]
    timeout_s = (2 * wanted.warm_up_ms + wanted.duration_ms) / 1000 + PATIENCE_S
    before = (machine.busy_s(), server.cpu_s(), _children_s(), time.monotonic())
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as late:
        raise Failed(f"the load doesn't end within {timeout_s:.0f} s", server.log_tail()) from late
    after = (machine.busy_s(), server.cpu_s(), _children_s(), time.monotonic())
    busy, of_server, of_load, took = (later - earlier for later, earlier in zip(after, before))
    if done.returncode:
        why = done.stderr.strip() or f"compare_load ended with status {done.returncode}"
        raise Failed(why.splitlines()[-1], server.log_tail())
    try:
        found = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise Failed(f"compare_load printed no JSON: {error}", server.log_tail()) from error
    return {"figures": found["figures"], "load": found.get("shape"), "load_cpu": found.get("cpu"),
            "cpu_cores": {"server": of_server / took, "load": of_load / took,
                          "others": max(0.0, busy - of_server - of_load) / took}}


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_program(program: Program, wanted: Wanted, work: Path) -> Run:
    """Raises Failed."""
    work.mkdir(parents=True)
    command = [word.format(bin=wanted.bin, work=work) for word in program.command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=program.timeout_s, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise Failed(f"{command[0]} ended with status {done.returncode}", done.stderr[-2000:])
        return {"figures": json.loads(done.stdout)["figures"]}
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError) as error:
        raise Failed(f"{command[0]}: {error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


class Comparison:
    """All rounds, and the record of them as report.py reads it."""

    def __init__(self, wanted: Wanted):
        self.wanted = wanted
        skipped = {name: why for name in wanted.brokers if (why := SERVERS[name].missing(wanted.bin))}
        self.present = [name for name in wanted.brokers if name not in skipped]
        self.shapes = [each for each in wanted.shapes if each.files() <= wanted.files]
        skipped |= {each.name: f"it takes {each.files():,} open files, and this process may have {wanted.files:,} (ulimit -Hn)"
                    for each in wanted.shapes if each not in self.shapes}
        self.runs: list[Run] = []
        self.record = {
            "command": shlex.join(["tests/bench/compare.sh", *sys.argv[1:]]),
            "begun": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
            "revision": machine.revision(TOP),
            "machine": machine.facts() | {"sync_ms": []},
            "rounds": wanted.rounds, "warm_up_ms": wanted.warm_up_ms, "duration_ms": wanted.duration_ms,
            "shapes": [asdict(each) for each in wanted.shapes],
            "programs": [asdict(each) for each in wanted.programs],
            "brokers": [{"name": name, "title": SERVERS[name].title, "acks": SERVERS[name].acks, "durable": SERVERS[name].durable,
                         "version": SERVERS[name].version(wanted.bin)} for name in self.present],
            "skipped": skipped, "runs": self.runs, "complete": False,
        }

    def announce(self) -> None:
        for what, why in self.record["skipped"].items():
            print(f"{what} is left out: {why}")
        count = self.wanted.rounds * (sum(len(self._brokers(each)) for each in self.shapes) + len(self.wanted.programs))
        minutes = count * ((self.wanted.warm_up_ms + self.wanted.duration_ms) / 1000 + START_AND_STOP_S) / 60
        print(f"{count} measurements, about {max(1, round(minutes))} min", flush=True)

    def _brokers(self, shape: Shape) -> list[str]:
        return [name for name in self.present if name in shape.brokers]

    def run(self, work: Path) -> None:
        for number in range(1, self.wanted.rounds + 1):
            self.record["machine"]["sync_ms"].append(machine.sync_ms(self.wanted.out))
            for shape in self.shapes:
                names = self._brokers(shape)
                first = number % max(1, len(names))  # each round begins with another one
                for name in names[first:] + names[:first]:
                    self._add(shape.name, name, number, lambda: self._measured(shape, name, work))
            for program in self.wanted.programs:
                self._add(program.name, "fenliu", number, lambda: run_program(program, self.wanted, work / program.name))
        self.record["complete"] = True

    def _measured(self, shape: Shape, name: str, work: Path) -> Run:
        with SERVERS[name](self.wanted.bin, work / name) as server:
            return measure(shape, server, self.wanted)

    def _add(self, shape: str, broker: str, number: int, make: Callable[[], Run]) -> None:
        run = {"shape": shape, "broker": broker, "round": number, "at": round(time.time(), 1)}
        try:
            run |= make()
        except Failed as failed:
            run |= {"failure": str(failed), "log": failed.log}
        except (OSError, LookupError, ValueError) as error:  # of this one; the others go on
            run |= {"failure": f"{type(error).__name__}: {error}", "log": ""}
        self.runs.append(run)
        self.wanted.out.joinpath("compare.json").write_text(json.dumps(self.record), encoding="utf-8")
        delivered, latency = figure(run, DELIVERED), figure(run, "delivery_ms.p99")
        said = f"{delivered:>9,.0f}/s" if delivered is not None else ""
        said += f"  delivery p99 {latency:8.2f} ms" if latency is not None else ""
        print(f"{number}/{self.wanted.rounds}  {shape:<13} {broker:<14} {said}  {', '.join(marks(run))}", flush=True)
        if "failure" in run:
            print(f"    {broker} at {shape}: {run['failure']}", flush=True)
            for line in run["log"].splitlines():
                print(f"    | {line}", flush=True)


def names_of(text: str, known: list[str], what: str, parser: argparse.ArgumentParser) -> list[str]:
    wanted = text.split(",")
    for name in wanted:
        if name not in known:
            parser.error(f"there is no {what} {name}; there are {', '.join(known)}")
    return [name for name in known if name in wanted]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="compare.sh", description="Measures fenliu beside a bare libzmq relay and other brokers.")
    shapes = [each.name for each in (*SHAPES, *PROGRAMS)]
    parser.add_argument("--rounds", type=int, default=5, help="of all measurements, each in every round (5)")
    parser.add_argument("--only", metavar="NAME,…", default=",".join(shapes), help="these shapes instead of all; --list names them")
    parser.add_argument("--brokers", metavar="NAME,…", default=",".join(BROKERS), help="these brokers instead of all")
    parser.add_argument("--duration", type=float, default=10, metavar="SECONDS", help="measured of each run (10)")
    parser.add_argument("--warm-up", type=float, default=2, metavar="SECONDS", help="before that (2)")
    parser.add_argument("--quick", action="store_true", help="a smoke test: one round of one second")
    parser.add_argument("--out", type=Path, default=TOP / "build/compare", metavar="DIR", help="for the report (build/compare)")
    parser.add_argument("--bin", type=Path, default=TOP / "build/release/bin", metavar="DIR", help="the programs (build/release/bin)")
    parser.add_argument("--list", action="store_true", help="name shapes and brokers, and end")
    parser.add_argument("--report", type=Path, metavar="JSON", help="make the tables and the page of an earlier run's compare.json")
    options = parser.parse_args()
    if options.rounds < 1 or options.duration <= 0 or options.warm_up < 0:
        parser.error("rounds and durations have to be above 0")
    if options.quick:
        options.rounds, options.duration, options.warm_up = 1, 1, 0.5
    options.only = names_of(options.only, shapes, "shape", parser)
    options.brokers = names_of(options.brokers, list(BROKERS), "broker", parser)
    return options


def show_list() -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # whoever reads it may have seen enough
    for each in SHAPES:
        print(f"{each.name:<13} {each.title}\n{'':<13} {', '.join(each.brokers)}")
    for each in PROGRAMS:
        print(f"{each.name:<13} {each.title}")
    print()
    for name in BROKERS:
        print(f"{name:<14} {SERVERS[name].title}; on disk before an ack: {SERVERS[name].durable}")


def allow_many_files() -> int:
    """For us and those we start, as far as we may; returns how many."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in ((ENOUGH_FILES, max(most, ENOUGH_FILES)), (most, most)):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, wanted)
            break
        except (ValueError, OSError):
            continue
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def write_report(record: dict, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    rows = asked(record, ROWS)
    record["ratios"] = report.ratios(record, rows)
    out.joinpath("compare.json").write_text(json.dumps(record), encoding="utf-8")
    out.joinpath("compare.html").write_text(page.render(record, rows), encoding="utf-8")
    print("\n" + report.text(record, rows))
    print(f"\nWritten: {out / 'compare.json'}, {out / 'compare.html'}")


def main() -> int:
    options = arguments()
    if options.list:
        show_list()
        return 0
    if options.report:
        write_report(json.loads(options.report.read_text(encoding="utf-8")), options.out)
        return 0
    if not (options.bin / "compare_load").exists():
        print(f"compare: there is no compare_load in {options.bin}; tests/bench/compare.sh builds it", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    comparison = Comparison(Wanted([each for each in SHAPES if each.name in options.only],
                                   [each for each in PROGRAMS if each.name in options.only], options.brokers, options.rounds,
                                   round(1000 * options.warm_up), round(1000 * options.duration), options.bin.resolve(),
                                   options.out.resolve(), allow_many_files()))
    comparison.announce()
    interrupted = False
    with tempfile.TemporaryDirectory(prefix="work-", dir=options.out) as work:
        try:
            comparison.run(Path(work).resolve())
        except KeyboardInterrupt:
            interrupted = True
            print("\ninterrupted; what was measured is reported", flush=True)
    write_report(comparison.record, options.out)
    if interrupted:
        return 130
    return 1 if comparison.record["skipped"] or any("failure" in each for each in comparison.runs) else 0


if __name__ == "__main__":
    sys.exit(main())
