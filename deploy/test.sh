#!/usr/bin/env bash
# Installs what is missing, builds everything with assertions and runs every test of the short form. The last word is ctest's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

deploy/install-deps.sh
cmake --preset dev </dev/null
cmake --build --preset dev </dev/null
exec ctest --preset dev --parallel "$(nproc)" --no-tests=error "$@" </dev/null
