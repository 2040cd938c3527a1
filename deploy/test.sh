#!/usr/bin/env bash
# Installs what is missing, builds everything with assertions, fuzzes for some minutes, counts the hot path's instructions and runs
# every test of the short form. The last word is ctest's. With options, which are ctest's, the tests alone; FUZZ_SECONDS is for each
# target, 0 for none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

deploy/install-deps.sh
cmake --preset dev </dev/null
cmake --build --preset dev </dev/null
if (($# == 0 && ${FUZZ_SECONDS:-60} > 0)); then
    deploy/install-deps.sh clang libclang-rt-dev
    SEED=1 tests/fuzz/run "${FUZZ_SECONDS:-60}"
fi
(($#)) || tests/bench/instructions.sh
exec ctest --preset dev --parallel "$(nproc)" --no-tests=error "$@" </dev/null
