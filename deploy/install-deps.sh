#!/usr/bin/env bash
# Installs what building, running and testing fenliu needs on Debian 12, as root or with sudo, and the packages that are named.
# Says nothing when nothing is missing.
set -euo pipefail

packages=(
    g++ cmake ninja-build ccache
    libcaf-dev cppzmq-dev libzmq3-dev libsodium-dev pkg-config libmsgpack-cxx-dev libsqlitecpp-dev libsqlite3-dev
    libtomlplusplus-dev libcli11-dev libspdlog-dev nlohmann-json3-dev libhowardhinnant-date-dev tzdata
    libgtest-dev librapidcheck-dev libbenchmark-dev python3 python3-zmq python3-msgpack patch
)

# Finds words: Hyperscan knows x86 only.
case $(uname -m) in
    x86_64) packages+=(libhyperscan-dev) ;;
    *) packages+=(libre2-dev) ;;
esac

if ! command -v dpkg-query apt-get >/dev/null; then
    echo "install-deps: this machine has no Debian packages; please install what these stand for: ${packages[*]}" >&2
    exit 1
fi

packages+=("$@")

missing=()
for package in "${packages[@]}"; do
    state=$(dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null || true)
    [[ $state == "install ok installed" ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
        echo "install-deps: please install as root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get -qq update </dev/null
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq --no-install-recommends install "${missing[@]}" </dev/null >/dev/null
