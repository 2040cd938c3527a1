"""Instructions of the hot path's pieces under callgrind, compared with instructions.json: more than 10 % above fails.

    instructions.py PROGRAM             compare
    instructions.py PROGRAM --update    write what was found as the new baseline

PROGRAM is `bin/instructions` of an optimised build. Each case runs twice, for so many rounds and for three times as many: what is
between is the cost of the rounds alone.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

BASELINE = pathlib.Path(__file__).with_name("instructions.json")
ROUNDS = 4096
MARGIN = 0.10


def cases(program):
    return subprocess.run([program], check=True, capture_output=True, text=True).stdout.split()


def total(program, case, rounds, directory):
    ended = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory}/out", program, case, str(rounds)],
        capture_output=True, text=True)
    counted = re.search(r"Collected : (\d+)", ended.stderr)
    if ended.returncode != 0 or counted is None:
        raise SystemExit(f"{case}: valgrind ended with {ended.returncode}:\n{ended.stderr[-2000:]}")
    return int(counted.group(1))


def measure(program):
    found = {}
    with tempfile.TemporaryDirectory(prefix="fenliu-") as directory:
        for case in cases(program):
            few, many = (total(program, case, rounds, directory) for rounds in (ROUNDS, 3 * ROUNDS))
            found[case] = round((many - few) / (2 * ROUNDS))
    return found


def table(found, baseline):
    lines = [f"{'instructions each':36} {'now':>9} {'baseline':>9} {'change':>8}"]
    for case, now in found.items():
        before = baseline.get(case)
        change = f"{100 * (now / before - 1):+7.1f}%" if before else "new"
        lines.append(f"{case:36} {now:9} {before or '':>9} {change:>8}")
    return "\n".join(lines)


def problems(found, baseline):
    worse = [f"{case} takes {found[case]} instructions, {baseline[case]} before"
             for case in found if case in baseline and found[case] > baseline[case] * (1 + MARGIN)]
    unknown = [f"{case} has no baseline; add it with --update" for case in found if case not in baseline]
    gone = [f"{case} is in the baseline and not in the program; --update drops it" for case in baseline if case not in found]
    return worse + unknown + gone


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("program")
    options.add_argument("--update", action="store_true")
    given = options.parse_args()
    found = measure(given.program)
    baseline = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    print(table(found, baseline))
    if given.update:
        BASELINE.write_text(json.dumps(found, indent=2) + "\n")
        return 0
    wrong = problems(found, baseline)
    for each in wrong:
        print(each, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
