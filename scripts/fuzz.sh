#!/usr/bin/env bash
# Fuzzes our own code: every hermetic target for a while, and, where the build has them, every live target against the reference
# endpoint, on which they must find nothing.
#
#   scripts/fuzz.sh [--seconds N] [--preset NAME] [TARGET...]
#
#   --seconds N     each target (default 60)
#   --preset NAME   of CMakePresets.json (default asan: sanitizers end the process too)
#   TARGET          request_fuzzer, sequence_live, ...: only these
#
# What a target learns stays in build/<preset>/fuzz-corpus/<target> for the next time; what it finds goes to
# build/<preset>/fuzz-found/<target>. Prints a line a target. Exit status: 0 nothing found, 1 something, 2 wrong usage, or a
# build that fails.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root" || exit 2
seconds=60 preset=asan wanted=()

usage() {
  printf 'fuzz: %s\n' "$*" >&2
  exit 2
}
while [[ $# -gt 0 ]]; do
  case $1 in
    --seconds | --preset)
      [[ $# -gt 1 ]] || usage "$1 needs a value"
      if [[ $1 == --seconds ]]; then seconds=$2; else preset=$2; fi
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

ran=0 failed=0
# run <target> <command>...
run() {
  local target=$1 log status
  shift
  log=$found/log
  timeout $((seconds * 3 + 120)) "$@" >"$log" 2>&1
  status=$?
  local runs rate
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  ran=$((ran + 1))
  local verdict='nothing found'
  [[ ${runs:-0} -gt 0 ]] || verdict='nothing was run'
  [[ $status -eq 0 ]] || verdict="exit status $status"
  if find "$found" -type f ! -name log ! -name 'index.*' | grep -q .; then verdict='FOUND'; fi
  printf '%-24s %10s runs %8s runs/s  %s\n' "$target" "${runs:--}" "${rate:--}" "$verdict"
  [[ $verdict == 'nothing found' ]] && return
  failed=$((failed + 1))
  printf '  %s\n' "$log"
  tail -n 20 "$log" | sed 's/^/  | /'
}

# prepare <target>: empty folders for what it finds, and a place for what it learns.
prepare() {
  corpus=$build/fuzz-corpus/$1 found=$build/fuzz-found/$1
  rm -rf "$found"
  mkdir -p "$corpus" "$found"
  options=("-max_total_time=$seconds" -timeout=25 -print_final_stats=1 "-artifact_prefix=$found/")
}

while read -r target dictionary corpora; do
  name=${target}_fuzzer
  chosen "$name" || continue
  prepare "$name"
  seeds=()
  for folder in $corpora; do seeds+=("corpus/$folder"); done
  run "$name" "$build/fuzzers/$name" "${options[@]}" "-dict=fuzzers/dictionaries/$dictionary.dict" "$corpus" "${seeds[@]}"
done <"$build/fuzzers/targets.txt"

for name in ${live[@]+"${live[@]}"}; do
  chosen "$name" || continue
  [[ $name == differential_live ]] && continue  # needs two endpoints
  prepare "$name"
  seeds=()
  # sequence_live reads sequences, not requests.
  for folder in "corpus/${name%_live}" corpus/regressions; do
    [[ -d $folder && ($name != sequence_live || $folder != corpus/regressions) ]] && seeds+=("$folder")
  done
  run "$name" env SSM_FINDINGS_DIR="$found" SSM_FUZZ_SPAWN="$build/conformance/ssm-conformance serve --port {port}" \
    "$build/fuzzers/$name" "${options[@]}" "$corpus" ${seeds[@]+"${seeds[@]}"}
done

[[ $ran -gt 0 ]] || usage "there is no target ${wanted[*]}"
[[ $failed -eq 0 ]]
