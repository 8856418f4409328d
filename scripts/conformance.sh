#!/usr/bin/env bash
# Builds ssm-conformance if needed and runs it:
#
#   scripts/conformance.sh                                   checks the built-in reference endpoint
#   scripts/conformance.sh --endpoint-url http://127.0.0.1:4566
#   scripts/conformance.sh replay finding.http               any subcommand of the tool; without one it is `run`
#
# Works from any directory; file arguments are relative to the caller's. Installs the packages that the build needs if
# they are missing, and otherwise writes only to build/. Everything said before the tool starts goes to standard error.
# Exit status: the tool's own (--help); 4 if it could not be built.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=$root/build/release
tool=$build/conformance/ssm-conformance

say() { printf 'conformance: %s\n' "$*" >&2; }
fail() { # fail <what> <log>
  [[ -s $2 ]] && grep -vE '^\[[0-9]+/[0-9]+\] ' "$2" | tail -n 400 >&2
  say "$1 (the whole output: $2)"
  exit 4
}

build_tool() {
  local log=$build/build.log jobs memory announcement
  [[ -x $tool && ! -w $build ]] && return  # built by someone else: use it as it is
  mkdir -p "$build" || exit 4
  # Two first runs at once would build over each other: the second waits.
  if command -v flock >/dev/null; then
    exec 9>"$build/.lock" || exit 4
    flock -n 9 || { say "waiting for another build of this checkout" && flock 9; }
  fi
  export CCACHE_DIR=${CCACHE_DIR:-$root/build/ccache}  # if there is a compiler cache: it too stays in build/
  if [[ ! -f $build/build.ninja ]] || ! grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt"; then
    rm -rf "$build/CMakeCache.txt" "$build/CMakeFiles"  # left by a failed start, or the checkout was moved
    say "configuring ..."
    (cd "$root" && cmake --preset release) >"$log" 2>&1 </dev/null || {
      rm -f "$build/CMakeCache.txt"
      fail "configuring failed" "$log"
    }
  fi

  # A translation unit of Beast takes about 1.2 GB, so a small machine compiles fewer at once than it has cores.
  jobs=$(nproc 2>/dev/null || echo 2)
  memory=$(awk '/^MemAvailable/ {print int($2 / 1200000)}' /proc/meminfo 2>/dev/null)
  [[ -n $memory && $memory -lt $jobs ]] && jobs=$((memory > 0 ? memory : 1))
  announcement="building what changed ..."
  if [[ ! -x $tool ]]; then
    say "building (first time: about $((1 + BUILD_CORE_MINUTES / jobs)) minutes) ..."
    announcement=""
  fi
  ninja -C "$build" -j "$jobs" ssm-conformance 2>&1 </dev/null | tee "$log" | show_progress "$announcement"
  [[ ${PIPESTATUS[0]} -eq 0 ]] || fail "the build failed" "$log"
}

# show_progress <announcement>: silent if there is nothing to do. ninja names a file when it is done with it, so the first
# build is announced before this. On a terminal, a line that counts.
show_progress() {
  local line begin=$SECONDS said=$SECONDS announced=no
  while IFS= read -r line; do
    [[ $line =~ ^(\[[0-9]+/[0-9]+\])\ (Building|Linking|Generating) ]] || continue
    if [[ $announced == no && -n $1 ]]; then say "$1"; fi
    announced=yes
    if [[ -t 2 ]]; then
      printf '\r%s ' "${BASH_REMATCH[1]}" >&2
    elif ((SECONDS - said >= 60)); then  # elsewhere a line a minute, so that nobody takes it for a hang
      said=$SECONDS
      say "building ${BASH_REMATCH[1]}"
    fi
  done
  if [[ $announced == no ]]; then return; fi
  if [[ -t 2 ]]; then printf '\r' >&2; fi
  say "building took $((SECONDS - begin)) s"
}

BUILD_CORE_MINUTES=4  # how long one core takes from nothing
"$root/scripts/setup.sh" build || exit 4
(build_tool) || exit 4  # a subshell, so that the tool inherits neither the lock nor the variables

case ${1-} in
  [a-z]* | -h | --help | --help-all | --version) ;; # a command
  *) set -- run "$@" ;;
esac
exec "$tool" "$@"
