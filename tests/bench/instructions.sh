#!/usr/bin/env bash
# Builds what instructions.py measures, optimised, and runs it.
#
#   tests/bench/instructions.sh [--update]
#
# BUILD (default build/release) names another build directory.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

build=${BUILD:-build/release}
deploy/install-deps.sh valgrind
cmake --preset release -B "$build" >/dev/null </dev/null
cmake --build "$build" --target instructions </dev/null
exec /usr/bin/python3 tests/bench/instructions.py "$build/bin/instructions" "$@"
