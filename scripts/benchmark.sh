#!/usr/bin/env bash
# How fast the referee is, on this machine and in one run:
#
#   scripts/benchmark.sh [seconds]      (5)
#
#   1. cases judged per second at 16 connections against the reference endpoint in a process of its own, signing and
#      full judging on, and the ratio to `wrk` posting one fixed valid request to the same server with as many connections,
#      three times in turn: derived cases that change nothing (errors and long texts cost the server more, too), then the case
#      whose request is like wrk's (what the referee costs); and cases that change something, which are sent one by one, each
#      with documents of its own;
#   2. the time of a whole run against the embedded reference endpoint, and its peak memory;
#   3. the benchmarks of the parts (SigV4, JSON, oracle, network client).
#
# Needs a release build (made here) and wrk. Measures only; never part of the tests. Traffic is on loopback.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
seconds=${1:-5}
cd "$root"
scripts/setup.sh all
cmake --preset release >/dev/null
cmake --build --preset release >/dev/null
tool=$root/build/release/conformance/ssm-conformance
work=$(mktemp -d)
server=
finish() {
  [[ -n $server ]] && kill "$server" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

"$tool" serve >"$work/serve.log" &
server=$!
for _ in $(seq 100); do
  url=$(sed -n 's/^serving SSM at \([^ ]*\).*/\1/p' "$work/serve.log")
  [[ -n $url ]] && break
  read -r -t 0.1 <> <(:) || true
done
[[ -n $url ]] || { echo "benchmark: the reference endpoint did not start" >&2; exit 1; }

# The cases that follow from the model: one ordinary request each. The few hundred vectors of a megabyte or with broken
# framing measure the endpoint, not us.
reading=(--operation DescribeDocumentPermission --operation GetConnectionStatus)
changing=(--operation CreateDocument --operation DeleteDocument --operation ModifyDocumentPermission)
select=(--exclude '*/scenario/*' --exclude 'Protocol/*' --exclude '*/values/*' --exclude '*/tokens/*' --exclude '*/documents/*' --exclude '*/permission-type/*' --exclude '*/length/far-*')
count=$("$tool" list "${reading[@]}" "${select[@]}" | wc -l)
echo "1. $count derived cases of an ordinary size, repeated; 16 connections; $seconds s each"
like_wrk=(--filter GetConnectionStatus/implemented)
repeat=1000
for round in 1 2 3; do
  wrk=$(wrk -t1 -c16 -d"${seconds}s" -s scripts/post.lua "$url" | sed -n 's/^Requests\/sec: *//p')
  "$tool" run --endpoint-url "$url" --connections 16 --repeat "$repeat" "${reading[@]}" "${select[@]}" >"$work/run.txt"
  line=$(grep -E 'cases, .* requests in' "$work/run.txt")
  ours=$(sed -E 's/^([0-9,]+) cases, ([0-9,]+) requests in ([0-9.]+) (ms|s|min).*/\1 \2 \3/; s/,//g' <<<"$line" | awk '{printf "%.0f %.0f", $1 / $3, $2 / $3}')
  read -r cases requests <<<"$ours"
  awk -v w="$wrk" -v c="$cases" -v r="$requests" 'BEGIN {printf "   wrk %.0f/s   judged %d cases/s, %d requests/s   ratio %.2f\n", w, c, r, c / w}'
  "$tool" run --endpoint-url "$url" --connections 16 --repeat $((40000 * seconds)) "${like_wrk[@]}" >"$work/run.txt"
  grep -E 'cases, .* requests in' "$work/run.txt" | sed 's/,//g' |
    awk -v w="$wrk" '{s = $7 == "ms" ? $6 / 1000 : $6; printf "   the like of wrk'"'"'s request: %d cases/s, ratio %.2f\n", $1 / s, $1 / s / w}'
  # The reference holds 500 documents, and most of these cases make one.
  "$tool" run --endpoint-url "$url" --repeat 3 "${changing[@]}" "${select[@]}" >"$work/run.txt"
  grep -E 'cases, .* requests in' "$work/run.txt" | sed 's/,//g' |
    awk '{s = $7 == "ms" ? $6 / 1000 : $6; printf "   changing something, one by one: %d cases/s\n", $1 / s}'
  # As long as wrk: the next round repeats accordingly.
  repeat=$(awk -v c="$cases" -v n="$count" -v s="$seconds" 'BEGIN {x = int(c * s / n); print x < 1 ? 1 : x}')
done

echo "2. a whole run against the embedded reference endpoint"
for _ in 1 2 3; do
  /usr/bin/env python3 - "$tool" <<'PYTHON'
import resource, subprocess, sys, time
begin = time.monotonic()
status = subprocess.run([sys.argv[1], "run"], stdout=subprocess.DEVNULL).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(f"   {time.monotonic() - begin:.2f} s, peak memory {peak / 1024:.0f} MiB, exit status {status}")
PYTHON
done

echo "3. the parts"
for program in "$root"/build/release/harness/*/*_benchmark; do
  echo "   $(basename "$program")"
  "$program" | sed 's/^/   /'
done
