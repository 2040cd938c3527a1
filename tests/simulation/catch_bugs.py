"""Seeds bugs in a copy of the tree, one at a time, and shows that the simulation catches each.

Each patch of bugs/ is applied to a copy, `simulate` is built there and runs seeds until an invariant breaks. With --check it is only
seen whether every patch still applies. Needs nothing but the build's own tools and patch(1).
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BUGS = sorted((Path(__file__).resolve().parent / "bugs").glob("*.patch"))
LEFT_OUT = shutil.ignore_patterns(".git", "build", "build-*", ".ci", "__pycache__")


def patch(tree, bug, *options):
    return subprocess.run(["patch", "-p1", "--quiet", "--force", *options, "-i", str(bug)], cwd=tree, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def check():
    stale = [bug.name for bug in BUGS if patch(TOP, bug, "--dry-run").returncode != 0]
    for name in stale:
        print(f"bugs/{name} no longer applies: make it anew for the code as it is")
    return 1 if stale or len(BUGS) < 12 else 0


def build(directory, jobs):
    return subprocess.run(["cmake", "--build", directory, "--target", "simulate", "--", f"-j{jobs}"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def catch(bug, tree, directory, options):
    """The row of the table for one bug."""
    applied = patch(tree, bug)
    if applied.returncode != 0:
        return bug.stem, "does not apply", "", ""
    try:
        built = build(directory, options.jobs)
        if built.returncode != 0:
            return bug.stem, "does not build", "", built.stdout[-300:]
        run = subprocess.run([f"{directory}/bin/simulate", "--bug-report", "--seeds", options.seeds], text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=options.timeout, check=False)
    except subprocess.TimeoutExpired:
        return bug.stem, "not caught in time", "", ""
    finally:
        patch(tree, bug, "-R")
    found = re.search(r"^CAUGHT invariant=(\d+) seed=(\d+) runs=(\d+) (.*)$", run.stdout, re.MULTILINE)
    if found:
        return bug.stem, f"invariant {found[1]}", found[2], found[4]
    if run.returncode not in (0, 1):
        return bug.stem, "an assertion", "", run.stdout.strip()[-120:]
    return bug.stem, "not caught", "", ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only see whether every patch applies")
    parser.add_argument("--seeds", default="1-3000", help="seeds to try for each bug (default: %(default)s)")
    parser.add_argument("--jobs", default="1", help="of the build")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for the seeds of one bug")
    parser.add_argument("bugs", nargs="*", help="beginnings of names; none: all")
    options = parser.parse_args()
    if options.check:
        return check()
    chosen = [bug for bug in BUGS if not options.bugs or bug.name.startswith(tuple(options.bugs))]
    missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        tree, directory = f"{scratch}/tree", f"{scratch}/build"
        shutil.copytree(TOP, tree, ignore=LEFT_OUT)
        subprocess.run(["cmake", "-S", tree, "-B", directory, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                        "-DCMAKE_CXX_FLAGS_DEBUG=-Og -g1", "-DFENLIU_WERROR=OFF"], stdout=subprocess.DEVNULL, check=True)
        print(f"{'bug':44} {'caught by':18} {'seed':>6}  what was seen", flush=True)
        for bug in chosen:
            name, caught, seed, seen = catch(bug, tree, directory, options)
            missed += not caught.startswith(("invariant", "an assertion"))
            print(f"{name:44} {caught:18} {seed:>6}  {seen}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
