#!/usr/bin/env bash
# Builds the packages for people who do not compile, into build/dist:
#
#   ssm-conformance-<version>-linux-<machine>.tar.gz           the program, its man page and completions
#   ssm-conformance_<version>_<architecture>.deb
#   ssm_conformance-<version>-py3-none-manylinux_….whl         for pip, with a pytest plugin
#   SHA256SUMS
#
#   scripts/package.sh
#
# The program links every library but glibc statically; the last line of the output names the glibc that it needs. Runs on Debian 12:
# a newer system makes a program that needs a newer glibc. Installs missing packages (scripts/setup.sh), downloads the sources of fmt
# and simdjson and three packages from PyPI, and otherwise writes to build/ only.
# Exit status: 0 built, 1 not.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"
build=$root/build/package
dist=$root/build/dist
share=$build/package-share
venv=$root/build/package-venv
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=time_macros

say() { printf 'package: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}
# quietly <log> <command>...: shows the end of the output if the command fails.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 </dev/null || {
    tail -n 100 "$log" >&2
    fail "failed: $*"
  }
}

[[ $# -eq 0 ]] || fail "takes no arguments"
scripts/setup.sh package
mkdir -p "$build"
# The files carry the time of the commit, so that one commit makes the same packages again.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH

say "building ..."
quietly "$build/configure.log" cmake --preset package
jobs=$(nproc)
memory=$(awk '/^MemAvailable/ {print int($2 / 1200000)}' /proc/meminfo)
[[ $memory -lt $jobs ]] && jobs=$((memory > 0 ? memory : 1))
quietly "$build/build.log" ninja -C "$build" -j "$jobs" ssm-conformance
program=$build/conformance/ssm-conformance

# The C library is the only one that is not in the program: whatever else it asks for is a mistake here.
foreign=$(objdump -p "$program" | awk '$1 == "NEEDED" && $2 !~ /^(libc|libm|libpthread|libdl|ld-linux.*)\.so\.[0-9]+$/ {print $2}')
[[ -z $foreign ]] || fail "the program needs shared libraries: $foreign"
glibc=$(objdump -T "$program" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1)
glibc=${glibc#GLIBC_}

say "describing ..."
cmp -s scripts/requirements.txt "$venv/requirements.txt" || {
  rm -rf "$venv"
  quietly "$build/venv.log" python3 -m venv "$venv"
  quietly "$build/venv.log" "$venv/bin/pip" install --disable-pip-version-check -q -c scripts/requirements.txt -r scripts/package/requirements.in
  cp scripts/requirements.txt "$venv/requirements.txt"
}
rm -rf "$share" "$dist"
mkdir -p "$share/doc/ssm-conformance" "$dist"
"$venv/bin/python" scripts/package/describe.py "$program" "$share"
scripts/package/licenses.sh "$build" >"$share/doc/ssm-conformance/copyright"

say "packing ..."
quietly "$build/cpack.log" cpack --config "$build/CPackConfig.cmake"
rm -rf "$dist/_CPack_Packages"
# The wheel takes the stripped program of the archive.
tar -xzf "$dist"/ssm-conformance-*.tar.gz -C "$build" --strip-components=1 --wildcards '*/bin/ssm-conformance'
(
  cd scripts/package/python
  SSMC_PROGRAM=$build/bin/ssm-conformance SSMC_LICENSES=$share/doc/ssm-conformance/copyright \
    SSMC_PLATFORM=manylinux_${glibc//./_}_$(uname -m) quietly "$build/wheel.log" "$venv/bin/python" -m hatchling build -t wheel -d "$dist"
)
(cd "$dist" && sha256sum -- * >SHA256SUMS)
(cd "$root" && ls -sh --block-size=K build/dist/*)
say "needs glibc $glibc or later, and no other library"
