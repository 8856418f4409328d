#!/usr/bin/env bash
# Builds the hermetic fuzz targets as ClusterFuzzLite and OSS-Fuzz do (fuzzers/build.sh, with the flags of those services), and
# runs each as they do: without a network, on a file system that can be read only, but for /tmp.
#
#   scripts/check_fuzz_builds.sh [address] [undefined] [afl]    default: all three
#   SECONDS_EACH=20   how long each target fuzzes
#   JOBS=N            compilations at once (default: the cores)
#   TARGETS='json model'   only these (default: all)
#
# Prints a table; exit status 0 if every target ran, read its inputs and found nothing; 1 otherwise; 2 if something that this
# needs is missing. Writes to build/fuzz-builds only. Not a part of scripts/test.sh: three builds take some minutes each.
# Needs root (network namespaces) and the packages clang, afl++ and bubblewrap.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root" || exit 2
base=$root/build/fuzz-builds
seconds=${SECONDS_EACH:-20}

say() { printf 'check_fuzz_builds: %s\n' "$*" >&2; }
engines=("$@")
[[ $# -gt 0 ]] || engines=(address undefined afl)
for engine in "${engines[@]}"; do
  case $engine in
    address | undefined | afl) ;;
    *)
      say "unknown engine $engine (address, undefined, afl)"
      exit 2
      ;;
  esac
done
for tool in clang++ cmake ninja bwrap unshare unzip; do
  command -v "$tool" >/dev/null || { say "$tool is missing" && exit 2; }
done
if [[ " ${engines[*]} " == *" afl "* ]]; then
  command -v afl-clang-fast++ >/dev/null || { say "afl-clang-fast++ is missing (package afl++)" && exit 2; }
fi

# The flags of the services' images.
common="-O1 -fno-omit-frame-pointer -gline-tables-only -stdlib=libc++"
address="-fsanitize=address -fsanitize-address-use-after-scope"
checks=array-bounds,bool,builtin,enum,function,integer-divide-by-zero,null,object-size,return,returns-nonnull-attribute,shift,signed-integer-overflow
undefined="-fsanitize=$checks,unsigned-integer-overflow,unreachable,vla-bound,vptr -fno-sanitize-recover=$checks,unreachable,vla-bound,vptr"

build() {
  local engine=$1 driver
  export WORK=$base/$engine/work OUT=$base/$engine/out
  rm -rf "$OUT"
  mkdir -p "$WORK" "$OUT"
  case $engine in
    address | undefined)
      local -n flags=$engine
      CXX=clang++ CXXFLAGS="$common $flags -fsanitize=fuzzer-no-link" LIB_FUZZING_ENGINE=-fsanitize=fuzzer fuzzers/build.sh
      ;;
    afl)
      driver=$(dirname "$(command -v afl-clang-fast++)")/../lib/afl/libAFLDriver.a
      CXX=afl-clang-fast++ CXXFLAGS="$common $address" LIB_FUZZING_ENGINE=$(realpath "$driver") AFL_QUIET=1 fuzzers/build.sh
      ;;
  esac >"$base/$engine/build.log" 2>&1
}

# sandbox <writable folder, as /tmp> <command>...: a root that holds the C library, /out and nothing else, in a network
# namespace that holds nothing.
sandbox() {
  local tmp=$1 library binds=()
  shift
  for library in libc.so.6 libm.so.6 libdl.so.2 librt.so.1 libpthread.so.0 libresolv.so.2; do
    library=$(ldconfig -p | awk -v name="$library" '$1 == name && /x86-64|AArch64/ {print $NF; exit}')
    [[ -n $library ]] && binds+=(--ro-bind "$(realpath "$library")" "$library")
  done
  local loader
  loader=$(ldd "$(command -v ls)" | awk '/ld-linux/ {print $1; exit}')
  unshare -n bwrap --tmpfs / --ro-bind "$(realpath "$loader")" "$loader" "${binds[@]}" --dev /dev --proc /proc \
    --ro-bind "$OUT" /out --ro-bind "$tmp/seeds" /seeds --bind "$tmp/tmp" /tmp --ro-bind "$(command -v dd)" /dd \
    "${extra[@]}" --remount-ro / --chdir /tmp "$@"
}

# What afl-fuzz needs besides: itself and its libraries.
afl_binds() {
  local path
  extra=(--ro-bind "$(realpath "$(command -v afl-fuzz)")" /afl-fuzz)
  while read -r path; do extra+=(--ro-bind "$(realpath "$path")" "$path"); done < <(ldd "$(command -v afl-fuzz)" | awk '$3 ~ /^\// {print $3}' | grep -vE '/lib(c|m|dl|rt|pthread|resolv)\.so')
}

# The sandbox is what it is said to be: otherwise nothing below proves anything.
check_sandbox() {
  local tmp=$1
  if sandbox "$tmp" /dd if=/dev/zero of=/out/written bs=1 count=1 2>/dev/null; then
    say "the sandbox lets /out be written"
    return 1
  fi
  if sandbox "$tmp" /dd if=/dev/zero of=/written bs=1 count=1 2>/dev/null; then
    say "the sandbox lets / be written"
    return 1
  fi
  sandbox "$tmp" /dd if=/proc/net/dev of=/tmp/interfaces 2>/dev/null || {
    say "the sandbox does not run: $(sandbox "$tmp" /dd if=/proc/net/dev of=/tmp/interfaces 2>&1 | head -n 1)"
    return 1
  }
  if [[ $(grep -c ':' "$tmp/tmp/interfaces") -ne 1 || $(grep -c '^ *lo: *0 ' "$tmp/tmp/interfaces") -ne 1 ]]; then
    say "the sandbox has a network"
    return 1
  fi
}

row() { printf '%-10s %-22s %10s %10s  %s\n' "$@"; }

# run <engine> <target>: a row; false if it did not run, or found something.
run() {
  local engine=$1 target=$2 tmp=$base/$1/run/$2 log status runs='' rate='' verdict=ok
  rm -rf "$tmp"
  mkdir -p "$tmp/seeds" "$tmp/tmp/corpus"
  log=$tmp/log
  for file in "_seed_corpus.zip" ".dict" ".options"; do
    [[ -s $OUT/$target$file ]] || { row "$engine" "$target" - - "no $target$file" && return 1; }
  done
  unzip -q -d "$tmp/seeds" "$OUT/${target}_seed_corpus.zip" || { row "$engine" "$target" - - "the seeds cannot be unpacked" && return 1; }
  extra=()
  [[ $engine == afl ]] && afl_binds
  check_sandbox "$tmp" || { row "$engine" "$target" - - "no sandbox" && return 1; }
  if [[ $engine == afl ]]; then
    # 5,000 ms a run: a loaded machine must not look like a hang. (Not -V alone: the calibration of the seeds counts too.)
    timeout $((seconds * 4 + 120)) env -i AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
      ASAN_OPTIONS=abort_on_error=1:symbolize=0:detect_leaks=0 \
      "$(command -v bash)" -c "$(declare -f sandbox); OUT=$OUT; $(declare -p extra); sandbox $tmp /afl-fuzz -i /seeds -o /tmp/afl -m none -t 5000 -V $seconds -x /out/$target.dict -- /out/$target" >"$log" 2>&1
    status=$?
    local stats=$tmp/tmp/afl/default/fuzzer_stats
    runs=$(sed -n 's/^execs_done *: //p' "$stats" 2>/dev/null)
    rate=$(sed -n 's/^execs_per_sec *: //p' "$stats" 2>/dev/null)
    [[ $(sed -n 's/^saved_crashes *: //p' "$stats" 2>/dev/null) == 0 ]] || verdict="crashes, or no statistics"
  else
    ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1:silence_unsigned_overflow=1 \
      timeout $((seconds * 4 + 120)) "$(command -v bash)" -c "$(declare -f sandbox); OUT=$OUT; extra=(); sandbox $tmp /out/$target -max_total_time=$seconds $(sed -n 's/^\(max_len\|timeout\|rss_limit_mb\) *= */-\1=/p' "$OUT/$target.options" | tr '\n' ' ') -print_final_stats=1 -artifact_prefix=/tmp/ -dict=/out/$target.dict /tmp/corpus /seeds" >"$log" 2>&1
    status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  fi
  [[ $status -eq 0 ]] || verdict="exit status $status"
  [[ ${runs:-0} -gt $(find "$tmp/seeds" -type f | wc -l) ]] || verdict="it did not get beyond its seeds"
  row "$engine" "$target" "${runs:--}" "${rate:--}" "$verdict$([[ $verdict == ok ]] || printf ' (%s)' "$log")"
  [[ $verdict == ok ]]
}

failed=0
row engine target runs runs/s result
for engine in "${engines[@]}"; do
  mkdir -p "$base/$engine"
  began=$SECONDS
  if ! build "$engine"; then
    row "$engine" "(all)" - - "cannot be built ($base/$engine/build.log)"
    failed=$((failed + 1))
    continue
  fi
  row "$engine" "(build)" - - "$((SECONDS - began)) s, $(find "$OUT/lib" -type f 2>/dev/null | wc -l) libraries packed"
  targets=0
  for program in "$OUT"/*_fuzzer; do
    [[ -x $program ]] || continue
    targets=$((targets + 1))
    run "$engine" "${program##*/}" || failed=$((failed + 1))
  done
  [[ $targets -gt 0 ]] || { row "$engine" "(all)" - - "no target was built" && failed=$((failed + 1)); }
done
[[ $failed -eq 0 ]] || say "$failed failed"
[[ $failed -eq 0 ]]
