#!/usr/bin/env bash
# All checks of this project, from nothing. CI runs this; people run it before they hand in a change.
#
#   scripts/test.sh            everything
#   scripts/test.sh --quick    formatting, layering and the gcc build with its tests
#   scripts/test.sh --no-real  everything but the tests against real endpoints and clients (those need PyPI)
#   scripts/test.sh --tidy     clang-tidy besides (half a minute a file)
#   scripts/test.sh --fuzz N   N seconds of each fuzz target besides, two at a time, from one seed (CI: 60)
#
# A failure does not stop the stages that do not depend on it. Exit status 0 if all passed, else 1; the last line counts
# the single tests: `N passed, N failed, N skipped`. Writes to build/ only, and installs missing packages (scripts/setup.sh).
# With CI=true in the environment, the tests against real endpoints must run: that they cannot is a failure.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root" || exit 1
out=$root/build/test
quick=no real=yes tidy=no fuzz=0
while [[ $# -gt 0 ]]; do
  case $1 in
    --fuzz)
      [[ ${2-} =~ ^[1-9][0-9]*$ ]] || {
        echo "test: --fuzz needs a number of seconds" >&2
        exit 1
      }
      fuzz=$2
      shift
      ;;
    --quick) quick=yes real=no ;;
    --no-real) real=no ;;
    --tidy) tidy=yes ;;
    -h | --help)
      sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"
      exit 0
      ;;
    *)
      echo "test: unknown option $1 (--quick, --no-real, --tidy, --fuzz N)" >&2
      exit 1
      ;;
  esac
  shift
done

# The compiler cache serves every clone of this project: paths inside the checkout do not count.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=time_macros
export CTEST_OUTPUT_ON_FAILURE=1
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
# No test may depend on what the caller has set up for AWS.
while IFS='=' read -r name _; do
  [[ $name == AWS_* && $name != AWS_CA_BUNDLE ]] && unset "$name"
done < <(env)
jobs=$(nproc)
memory=$(awk '/^MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo)  # a translation unit under sanitizers: 1.5 GB
[[ $memory -lt $jobs ]] && jobs=$((memory > 0 ? memory : 1))

failed_stages=() passed=0 failed=0 skipped=0
rm -rf "$out"
mkdir -p "$out"

# stage <name> <command> [argument]...: runs it, says how long it took and how it ended; remembers a failure.
stage() {
  local name=$1 begin=$SECONDS status
  shift
  printf '\n== %s\n' "$name"
  "$@"
  status=$?
  if [[ $status -eq 0 ]]; then
    printf -- '-- %s: passed in %d s\n' "$name" $((SECONDS - begin))
  else
    printf -- '-- %s: FAILED in %d s\n' "$name" $((SECONDS - begin))
    failed_stages+=("$name")
  fi
  return "$status"
}

# check <name> <command>...: a stage that is itself one test.
check() {
  if stage "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# build <preset> [target]...: configures and builds. On a failure, shows the errors only, of up to 20 files.
build() {
  local preset=$1 log=$out/build-$1.log targets=()
  shift
  [[ $# -gt 0 ]] && targets=(--target "$@")
  cmake --preset "$preset" >"$log" 2>&1 </dev/null || {
    tail -n 100 "$log"
    return 1
  }
  cmake --build --preset "$preset" -j "$jobs" "${targets[@]}" -- -k 20 >"$log" 2>&1 </dev/null || {
    grep -vE '^\[[0-9]+/[0-9]+\] |^/usr/bin/(ccache|c\+\+|g\+\+|clang)' "$log" | head -n 400
    return 1
  }
  tail -n 1 "$log"
}

# run_ctest <preset> <name> [ctest option]...: adds to the counts; fails if a test failed or none ran.
run_ctest() {
  local preset=$1 name=$2 counts status
  shift 2
  mkdir -p "$out/$name"
  GTEST_OUTPUT=xml:$out/$name/ ctest --preset "$preset" --no-tests=error -j "$jobs" --output-junit "$out/$name.xml" "$@" \
    >"$out/$name.log" 2>&1 </dev/null
  status=$?
  if [[ $status -ne 0 ]]; then tail -n 400 "$out/$name.log"; else tail -n 5 "$out/$name.log" | sed '/^$/d'; fi
  if counts=$(python3 scripts/count_tests.py "$out/$name.xml" "$out/$name"); then
    read -r -a counts <<<"$counts"
    printf '   %d passed, %d failed, %d skipped\n' "${counts[@]}"
    passed=$((passed + counts[0])) failed=$((failed + counts[1])) skipped=$((skipped + counts[2]))
    [[ $status -eq 0 || ${counts[1]} -gt 0 ]] || failed=$((failed + 1))
  else
    failed=$((failed + 1)) status=1
  fi
  return "$status"
}

# Tests with this label in this preset's build.
count_labelled() { ctest --preset "$1" -N -L "$2" 2>/dev/null | sed -n 's/^Total Tests: //p'; }

# The project's own C++ files.
sources() {
  git ls-files -z --cached --others --exclude-standard -- '*.cc' '*.h' 2>/dev/null |
    while IFS= read -r -d '' file; do [[ -f $file ]] && printf '%s\0' "$file"; done
}

format_check() {
  local tool=clang-format-14
  if ! command -v "$tool" >/dev/null; then
    clang-format --version 2>/dev/null | grep -q 'version 14\.' || {
      echo "skipped: clang-format 14 is not here, and other versions format differently"
      return 0
    }
    tool=clang-format
  fi
  sources | xargs -0 -r "$tool" --dry-run -Werror >"$out/format.log" 2>&1 && return 0
  echo "not formatted (remedy: $tool -i FILE...):"
  sed -n 's/^\([^:]*\):[0-9].*clang-format-violations.*/  \1/p' "$out/format.log" | sort | uniq -c
  return 1
}

scripts_check() {
  local file
  for file in .ci/run scripts/*.sh scripts/package/*.sh .github/actions/*/*.sh fuzzers/*.sh .clusterfuzzlite/*.sh; do bash -n "$file" || return 1; done
  python3 - scripts/*.py scripts/package/*.py fuzzers/*.py <<'PYTHON'
import ast, sys
for name in sys.argv[1:]:
    ast.parse(open(name, encoding="utf-8").read(), name)
PYTHON
}

tidy_check() {
  run-clang-tidy -quiet -p build/asan -j "$jobs" "$root/(harness|conformance|fuzzers)/" >"$out/tidy.log" 2>&1 || {
    grep -E '(warning|error):' "$out/tidy.log" | sort -u | head -n 100
    return 1
  }
}

# build/venv with the versions of requirements.txt. 0 there, 1 broken, 2 PyPI cannot be reached.
make_venv() {
  local python log=$out/venv.log
  cmp -s scripts/requirements.txt build/venv/requirements.txt && return 0
  rm -rf build/venv
  for python in python3 /usr/bin/python3; do  # the first may lack venv
    "$python" -m venv build/venv >"$log" 2>&1 && break
    rm -rf build/venv
  done
  [[ -x build/venv/bin/pip ]] || { cat "$log" && return 1; }
  if ! build/venv/bin/pip install --disable-pip-version-check -q -r scripts/requirements.txt >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log"
    if grep -qE 'NewConnectionError|ConnectTimeoutError|NameResolutionError|ProxyError|Failed to establish|Read timed out|SSLError|Network is unreachable|from versions: none' "$log"; then return 2; fi
    return 1
  fi
  cp scripts/requirements.txt build/venv/requirements.txt
}

# The JUnit schema that many readers follow, for the test that checks our JUnit reports; not ours to ship.
fetch_junit_schema() { scripts/fetch_junit_xsd.sh build/junit.xsd; }

real_parts() {
  local count status
  count=$(count_labelled release real)
  if [[ ${count:-0} -eq 0 ]]; then
    echo "there are no tests labelled 'real'"
    return 0
  fi
  make_venv && fetch_junit_schema
  status=$?
  if [[ $status -eq 2 && ${CI-} != true ]]; then
    echo "SKIPPED: $count tests against real endpoints and clients, because PyPI cannot be reached"
    skipped=$((skipped + count))
    return 0
  elif [[ $status -ne 0 ]]; then
    failed=$((failed + 1))
    return 1
  fi
  # One at a time: they start servers and measure nothing, but a loaded machine makes servers miss their time limits.
  local skipped_before=$skipped
  SSMC_VENV=$root/build/venv SSMC_JUNIT_XSD=$root/build/junit.xsd run_ctest release real -L real -j 1 || return 1
  if [[ ${CI-} == true && $skipped -gt $skipped_before ]]; then
    echo "in CI none of these may be skipped"
    failed=$((failed + 1))
    return 1
  fi
}

begin=$SECONDS
if ! stage "packages" scripts/setup.sh all; then
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi
check "formatting" format_check
check "scripts" scripts_check
check "layering" python3 scripts/check_layering.py
check "what the layering check finds" python3 -B scripts/check_layering_test.py
check "form of suites and clauses" python3 scripts/check_suites.py
if stage "gcc, release: build" build release; then
  stage "gcc, release: tests" run_ctest release gcc -LE real
else
  failed=$((failed + 1))
fi
if [[ $quick == no ]]; then
  # One build for both: the fuzz targets run under the sanitizers too.
  if stage "clang, sanitizers and fuzz targets: build" build asan; then
    stage "clang, address and undefined-behaviour sanitizers: tests" run_ctest asan asan -LE "real|fuzz"
    stage "clang, fuzz targets: a moment each" run_ctest asan fuzz -L fuzz
    if [[ $fuzz -gt 0 ]]; then check "clang, fuzz targets: $fuzz s each" scripts/fuzz.sh --seconds "$fuzz" --jobs 2 --seed 1; fi
  else
    failed=$((failed + 1))
  fi
fi
if [[ $tidy == yes ]]; then check "clang-tidy" tidy_check; fi
if [[ $real == yes && -f build/release/build.ninja ]]; then stage "real endpoints and clients" real_parts; fi

printf '\nTook %d s.\n' $((SECONDS - begin))
if [[ ${#failed_stages[@]} -gt 0 ]]; then
  printf 'FAILED: %s\n' "${failed_stages[@]}"
  [[ $failed -gt 0 ]] || failed=1
fi
if [[ $((passed + failed)) -eq 0 ]]; then failed=1; fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[[ $failed -eq 0 ]]
