#!/usr/bin/env bash
# Shows fenliu at work: builds a release, starts a broker on loopback with a demo shop and data that is thrown away afterwards,
# and plays conversations through real sockets.
#   deploy/run.sh [OPTION…]        the conversations that come with fenliu
#   deploy/run.sh FILE [OPTION…]   those of FILE, as fast as they go
# with the options of `fenliu replay`.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
programs=$top/build/release/bin
if (($# > 0)) && [[ $1 != -* ]]; then
    file=$1
    shift
else
    file=$top/deploy/demo/conversations.ndjson
    # Ten minutes of talk in ten seconds, so that there is something to watch.
    [[ " $*" == *" --speed"* ]] || set -- --speed 60 "$@"
fi
if [[ ! -r $file ]]; then
    echo "run.sh: can't read $file" >&2
    exit 2
fi

"$top/deploy/install-deps.sh"
echo "Building fenliu (the first time takes some minutes)"
(cd "$top" && cmake --preset release >/dev/null && cmake --build --preset release --target fenliud fenliu) </dev/null

work=$(mktemp -d)
broker=
stop() {
    trap - EXIT
    if [[ -n $broker ]]; then
        kill -TERM "$broker" 2>/dev/null || true
        wait "$broker" || true
    fi
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The usual port if it is free, else any: someone may have a broker running.
endpoint() {
    local port=$1
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then port=0; fi
    echo "tcp://127.0.0.1:$port"
}
printf '[bus]\nlisten = "%s"\nfeed = "%s"\n' "$(endpoint 5570)" "$(endpoint 5571)" >"$work/fenliud.toml"

# In a session of its own, so that Ctrl-C reaches it through stop() alone, which lets it drain.
mkfifo "$work/ready"
setsid "$programs/fenliud" -c "$work/fenliud.toml" --data "$work/data" --demo >"$work/ready" 2>"$work/log" </dev/null &
broker=$!
if ! read -r -t 30 ready <"$work/ready"; then
    echo "run.sh: the broker did not start:" >&2
    cat "$work/log" >&2
    exit 1
fi
echo "${ready% — try:*}"
url=${ready#*bus }
url=${url%%[, ]*}

status=0
"$programs/fenliu" replay "$file" --url "$url" "$@" || status=$?
stop

cat <<EOF

The broker is stopped and its data is gone. To keep one running:
  $programs/fenliud --demo
and, in another terminal, an agent and a buyer:
  $programs/fenliu agent demo demo:amy --echo
  $programs/fenliu publish demo alice "hello" --wait
EOF
exit "$status"
