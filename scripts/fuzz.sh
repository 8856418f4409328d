#!/usr/bin/env bash
# Fuzzes our own code: every hermetic target for a while, and, where the build has them, every live target against the reference
# endpoint, on which they must find nothing.
#
#   scripts/fuzz.sh [--seconds N] [--jobs N] [--seed N] [--preset NAME] [TARGET...]
#
#   --seconds N     each target (default 60)
#   --jobs N        targets at once (default 1)
#   --seed N        of all targets (default: the time), which is printed
#   --preset NAME   of CMakePresets.json (default asan: sanitizers end the process too)
#   TARGET          request_fuzzer, sequence_live, ...: only these
#
# What a target learns stays in build/<preset>/fuzz-corpus/<target> for the next time; what it finds goes to
# build/<preset>/fuzz-found/<target>. Prints a line a target. Exit status: 0 nothing found, 1 something, 2 wrong usage, or a
# build that fails.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root" || exit 2
seconds=60 jobs=1 seed=$(date +%s) preset=asan wanted=()

usage() {
  printf 'fuzz: %s\n' "$*" >&2
  exit 2
}
while [[ $# -gt 0 ]]; do
  case $1 in
    --seconds | --jobs | --seed | --preset)
      [[ $# -gt 1 ]] || usage "$1 needs a value"
      printf -v "${1#--}" %s "$2"
      shift
      ;;
    -h | --help)
      sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"
      exit 0
      ;;
    -*) usage "unknown option $1" ;;
    *) wanted+=("$1") ;;
  esac
  shift
done
[[ $seconds =~ ^[1-9][0-9]*$ ]] || usage "--seconds $seconds is not a whole number of seconds"
[[ $jobs =~ ^[1-9][0-9]?$ ]] || usage "--jobs $jobs is not a number from 1 to 99"
[[ $seed =~ ^[1-9][0-9]{0,9}$ ]] || usage "--seed $seed is not a positive whole number"
echo "seed $seed"

export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=time_macros
build=$root/build/$preset
{ cmake --preset "$preset" && cmake --build --preset "$preset" --target fuzzers; } >"$root/build/fuzz-build.log" 2>&1 || {
  tail -n 50 "$root/build/fuzz-build.log" >&2
  usage "the targets cannot be built"
}
# Without the live targets' source, a build has no target `live`.
live=()
if ninja -C "$build" -t query live >/dev/null 2>&1; then
  cmake --build --preset "$preset" --target live ssm-conformance >"$root/build/fuzz-build.log" 2>&1 || {
    tail -n 50 "$root/build/fuzz-build.log" >&2
    usage "the live targets cannot be built"
  }
  for program in "$build"/fuzzers/*_live; do [[ -x $program ]] && live+=("${program##*/}"); done
fi

chosen() {
  [[ ${#wanted[@]} -eq 0 ]] && return 0
  local name
  for name in "${wanted[@]}"; do [[ $name == "$1" ]] && return 0; done
  return 1
}

# fuzz <target> <command>...: runs it, prints its line, and what it said if it failed.
fuzz() {
  local target=$1 log=$found/log status
  shift
  timeout $((seconds * 3 + 120)) "$@" >"$log" 2>&1 &
  local pid=$!
  trap 'kill "$pid" 2>/dev/null; wait "$pid"; exit 1' TERM
  wait "$pid"
  status=$?
  local runs rate verdict='nothing found'
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  [[ ${runs:-0} -gt 0 ]] || verdict='nothing was run'
  [[ $status -eq 0 ]] || verdict="exit status $status"
  if find "$found" -type f ! -name log ! -name .lock ! -name 'index.*' ! -name differences.txt | grep -q .; then verdict='FOUND'; fi
  local said
  said=$(printf '%-24s %10s runs %8s runs/s  %s' "$target" "${runs:--}" "${rate:--}" "$verdict")
  if [[ $verdict != 'nothing found' ]]; then said+=$'\n'"  $log"$'\n'$(tail -n 20 "$log" | sed 's/^/  | /'); fi
  printf '%s\n' "$said"  # in one piece, for others print too
  [[ $verdict == 'nothing found' ]]
}

ran=0 failed=0 running=0
trap 'trap "" INT TERM; kill $(jobs -p) 2>/dev/null; wait; echo "fuzz: interrupted" >&2; exit 130' INT TERM
# start <target> <command>...: in the background, once there is room.
start() {
  if [[ $running -ge $jobs ]]; then
    wait -n || failed=$((failed + 1))
    running=$((running - 1))
  fi
  fuzz "$@" </dev/null &
  running=$((running + 1)) ran=$((ran + 1))
}

# prepare <target>: empty folders for what it finds, and a place for what it learns.
prepare() {
  corpus=$build/fuzz-corpus/$1 found=$build/fuzz-found/$1
  rm -rf "$found"
  mkdir -p "$corpus" "$found"
  options=("-max_total_time=$seconds" "-seed=$seed" -timeout=25 -print_final_stats=1 "-artifact_prefix=$found/")
}

while read -r target dictionary corpora; do
  name=${target}_fuzzer
  chosen "$name" || continue
  prepare "$name"
  seeds=()
  for folder in $corpora; do seeds+=("corpus/$folder"); done
  start "$name" "$build/fuzzers/$name" "${options[@]}" "-dict=$build/fuzzers/dictionaries/$dictionary.dict" "$corpus" "${seeds[@]}"
done <"$build/fuzzers/targets.txt"

# The second endpoint of differential_live: it prints its address once it listens.
server=
second_endpoint() {
  exec {output}< <(exec "$build/conformance/ssm-conformance" serve --port 0 2>&1)
  server=$!
  local line
  read -r line <&"$output"
  second_url=$(grep -oE 'http://[^ ]+' <<<"$line") || usage "the reference endpoint does not start: $line"
}
trap '[[ -z $server ]] || kill "$server" 2>/dev/null' EXIT

for name in ${live[@]+"${live[@]}"}; do
  chosen "$name" || continue
  prepare "$name"
  folder=corpus/${name%_live} second=()
  if [[ $name == differential_live ]]; then
    second_endpoint
    folder=corpus/request second=("SSM_FUZZ_OTHER_URL=$second_url")
  fi
  seeds=("$folder")
  [[ $name == sequence_live ]] || seeds+=(corpus/regressions)  # which are requests, not sequences
  start "$name" env SSM_FINDINGS_DIR="$found" SSM_FUZZ_SPAWN="$build/conformance/ssm-conformance serve --port {port}" \
    ${second[@]+"${second[@]}"} "$build/fuzzers/$name" "${options[@]}" "$corpus" "${seeds[@]}"
done

for ((; running > 0; --running)); do wait -n || failed=$((failed + 1)); done
[[ $ran -gt 0 ]] || usage "there is no target ${wanted[*]}"
[[ $failed -eq 0 ]]
