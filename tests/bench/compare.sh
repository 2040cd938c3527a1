#!/usr/bin/env bash
# Measures fenliu beside a bare libzmq relay, NATS, Redis, RabbitMQ and Mosquitto on this machine: installs what is missing, builds a
# release, runs the comparison, prints its tables and writes build/compare/compare.{json,html}. Takes over an hour.
#   tests/bench/compare.sh [OPTION…]
#   tests/bench/compare.sh --quick        one round of one second: shows that it works, measures nothing
#   tests/bench/compare.sh --help         all options
# tests/bench/compare/README.md tells what is measured and how to read it.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
compare=(python3 "$top/tests/bench/compare/compare.py")
export PYTHONDONTWRITEBYTECODE=1

# Whoever brings programs with --bin, or asks for no measurement, needs no build.
build=1 chosen=bare,fenliu,fenliu-memory,fenliu-curve,nats,jetstream,redis,rabbitmq,mosquitto
before=
for word in "$@"; do
    case $before,$word in
        *,-h | *,--help | *,--list | *,--bin | *,--bin=* | *,--report | *,--report=*) build= ;;
        --brokers,*) chosen=$word ;;
        *,--brokers=*) chosen=${word#*=} ;;
    esac
    before=$word
done
[[ $build ]] || exec "${compare[@]}" "$@"
"${compare[@]}" --list "$@" >/dev/null  # a wrong option ends here

declare -A package_of=([nats]=nats-server [jetstream]=nats-server [redis]=redis-server [rabbitmq]=rabbitmq-server [mosquitto]=mosquitto)
packages=()
for broker in ${chosen//,/ }; do
    package=${package_of[$broker]:-}
    [[ -z $package || " ${packages[*]} " == *" $package "* ]] || packages+=("$package")
done

is_installed() { [[ $(dpkg-query --show --showformat='${Status}' "$1" 2>/dev/null) == "install ok installed" ]]; }

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

# Debian starts what it installs. Ours are started by the comparison, on ports of its own, so nothing is to run beside them: not now,
# nor after the next boot. What was installed before is left as it is.
install_without_starting() {
    local policy=/usr/sbin/policy-rc.d missing=() package unit status=0
    for package in "$@"; do is_installed "$package" || missing+=("$package"); done
    ((${#missing[@]})) || return 0
    local had_erlang=1
    is_installed erlang-base || had_erlang=
    if [[ ! -e $policy ]] && { ((EUID == 0)) || command -v sudo >/dev/null; }; then
        trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    "$top/deploy/install-deps.sh" "${missing[@]}" || status=$?
    if [[ $(trap -p EXIT) ]]; then
        as_root rm -f "$policy"
        trap - EXIT
    fi
    if command -v systemctl >/dev/null; then
        for package in "${missing[@]}"; do as_root systemctl disable --quiet "$package.service" 2>/dev/null || true; done
        if [[ -z $had_erlang ]]; then
            for unit in epmd.service epmd.socket; do as_root systemctl disable --quiet "$unit" 2>/dev/null || true; done
        fi
    fi
    return "$status"
}

libraries=()
[[ ",$chosen," != *,redis,* ]] || libraries=(libhiredis-dev)  # the load speaks to Redis by it
"$top/deploy/install-deps.sh" "${libraries[@]}"
install_without_starting "${packages[@]}" || echo "compare.sh: brokers that are not installed are left out" >&2

echo "Building fenliu (the first time takes some minutes)"
(cd "$top" && cmake --preset release >/dev/null && cmake --build --preset release --target fenliud fenliu compare_load bare_relay populate) </dev/null

exec "${compare[@]}" "$@"
