#!/usr/bin/env bash
# Fuzzes an endpoint for a while, with every live target, and writes one report. Builds what it needs first (preset `live`).
#
#   scripts/nightly-fuzz.sh --endpoint-url URL --minutes N
#   scripts/nightly-fuzz.sh --spawn 'moto_server -p {port}' --minutes N     starts the endpoint, and starts it again when it dies
#
# `scripts/nightly-fuzz.sh --help` has the other options. Exit status: 0 nothing but what the baseline expects; 1 other findings; 2 wrong
# usage; 3 the endpoint cannot be reached, or is gone for good; 4 a target failed itself, or cannot be built; 130 interrupted.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
here=$root/scripts/nightly_fuzz.py
log=$root/build/live/build.log

# Wrong usage is said before the long work.
python3 -B "$here" --check "$@"
status=$?
case " $* " in *' --help '* | *' -h '*) exit "$status" ;; esac
[[ $status -eq 0 ]] || exit "$status"

mkdir -p "${log%/*}" || exit 4
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=time_macros
(cd "$root" && cmake --preset live && cmake --build --preset live --target live ssm-conformance) >"$log" 2>&1 </dev/null || {
  tail -n 50 "$log" >&2
  echo "nightly-fuzz: the targets cannot be built ($log; scripts/setup.sh all installs what is missing)" >&2
  exit 4
}
exec python3 -B "$here" --build "$root/build/live" "$@"
