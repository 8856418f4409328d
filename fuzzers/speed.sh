#!/usr/bin/env bash
# How many requests request_live sends in a second on one connection, and what part that is of what `wrk -t1 -c1` does with one valid
# request: on the same server, in turn, in one run.
#
#   fuzzers/speed.sh [seconds] [rounds]      (5 3)
#
# Three times: as the system places them, the server on another core, and all on one core, where nothing of the target's own work is
# done while the server does its. Needs wrk and two cores. Measures only; never part of the tests. Traffic is on loopback.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
seconds=${1:-5} rounds=${2:-3}
cd "$root"
command -v wrk >/dev/null || { echo "speed: wrk is needed (the package wrk)" >&2; exit 1; }
scripts/setup.sh all
for preset in release live; do cmake --preset "$preset" >/dev/null; done
cmake --build --preset release --target ssm-conformance >/dev/null # what users serve, and not slowed down by a target's options
cmake --build --preset live --target live >/dev/null
work=$(mktemp -d)
server=
finish() {
  [[ -n $server ]] && kill "$server" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

build/release/conformance/ssm-conformance serve >"$work/serve.log" &
server=$!
for _ in $(seq 100); do
  url=$(sed -n 's/^serving [A-Za-z]* at \([^ ]*\).*/\1/p' "$work/serve.log")
  [[ -n $url ]] && break
  read -r -t 0.1 <> <(:) || true
done
[[ -n $url ]] || { echo "speed: the reference endpoint did not start" >&2; exit 1; }
export AWS_ENDPOINT_URL=$url

# compare <title> <cores of the clients> <cores of the server>
compare() {
  taskset -apc "$3" "$server" >/dev/null
  local round wrk ours
  for round in $(seq "$rounds"); do
    wrk=$(taskset -c "$2" wrk -t1 -c1 -d"${seconds}s" -s scripts/post.lua "$url" | sed -n 's/^Requests\/sec: *//p')
    mkdir "$work/grown"
    ours=$(SSM_FINDINGS_DIR=$work/found taskset -c "$2" build/live/fuzzers/request_live -max_total_time="$seconds" -seed="$round" \
      "$work/grown" corpus/request corpus/regressions 2>&1 | sed -n 's/.* \([0-9]*\) a second;.*/\1/p')
    rm -r "$work/grown"
    awk -v t="$1" -v w="$wrk" -v o="$ours" 'BEGIN {printf "%-36s wrk %6.0f/s   request_live %6.0f/s   ratio %.2f\n", t, w, o, o / w}'
  done
}
cores=$(nproc)
compare 'as the system places them' "0-$((cores - 1))" "0-$((cores - 1))"
[[ $cores -gt 1 ]] && compare 'the server on another core' 0 1
compare 'all on one core' 0 0
