#!/usr/bin/env bash
# Runs the tests under ThreadSanitizer, with CAF and libzmq of the versions that Debian 12 has, built with it too: without that it
# would not see what their queues and mailboxes order.
#   tests/sanitizers/tsan.sh [CTEST-ARGUMENT…]      e.g. -R test_transport
# The libraries are built once, into build/tsan-libraries (about 10 minutes on 2 cores). Needs curl.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
libraries=$top/build/tsan-libraries
debian=https://deb.debian.org/debian/pool/main
flags="-fsanitize=thread -fno-omit-frame-pointer -O1 -g1 -w"

# fetch NAME PATH SHA256: the sources, unpacked into $libraries/NAME.
fetch() {
    mkdir -p "$libraries/$1"
    curl -fsSL -o "$libraries/$1.tar.gz" "$debian/$2"
    echo "$3  $libraries/$1.tar.gz" | sha256sum --check --quiet
    tar -xzf "$libraries/$1.tar.gz" -C "$libraries/$1" --strip-components=1
}

# make_library NAME FILE OPTION…: FILE is what the loader looks for.
make_library() {
    local name=$1 file=$2
    shift 2
    cmake -S "$libraries/$name" -B "$libraries/$name/build" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="$flags" \
        -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_STANDARD=17 -DCMAKE_POLICY_VERSION_MINIMUM=3.5 "$@" >"$libraries/$name.log"
    cmake --build "$libraries/$name/build"
    mkdir -p "$libraries/lib"
    find "$libraries/$name/build" -name "$file*" -exec cp -P {} "$libraries/lib" \;
}

if [[ ! -e $libraries/lib/libcaf_core.so.0.17.6 ]]; then
    fetch caf a/actor-framework/actor-framework_0.17.6.orig.tar.gz e2bf5bd243f08bb7d8adde197cfe3e6d71314ed3378fe0692f8932f4c3b3928c
    make_library caf libcaf_core.so -DCAF_NO_IO=yes -DCAF_NO_TOOLS=yes -DCAF_NO_EXAMPLES=yes -DCAF_NO_UNIT_TESTS=yes \
        -DCAF_NO_OPENSSL=yes -DCAF_NO_OPENCL=yes -DCAF_NO_PYTHON=yes
fi
if [[ ! -e $libraries/lib/libzmq.so.5 ]]; then
    fetch zmq z/zeromq3/zeromq3_4.3.4.orig.tar.gz 0ff5a531c9ffaf0dfdc7dc78d13d1383088f454896d252934c429b2554d10559
    make_library zmq libzmq.so -DBUILD_TESTS=OFF -DWITH_DOCS=OFF -DWITH_PERF_TOOL=OFF -DBUILD_STATIC=OFF -DENABLE_CURVE=ON \
        -DWITH_LIBSODIUM=ON
fi

cd "$top"
# By their run path, not by LD_LIBRARY_PATH: the tests' Python loads libzmq, too, and can't have TSan's.
cmake --preset tsan -DCMAKE_BUILD_RPATH="$libraries/lib" >/dev/null
cmake --build --preset tsan
TSAN_OPTIONS="history_size=4 second_deadlock_stack=1" ctest --preset tsan "$@"
