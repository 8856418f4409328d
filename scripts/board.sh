#!/usr/bin/env bash
# board.sh [DIR]: judges the endpoints that can be installed from PyPI, and the reference endpoint, and puts them side by
# side: DIR/board.md, DIR/board.json, DIR/board.html, and a result file of each (default: build/board).
#
# Each endpoint has a virtual environment of its own in build/board-venvs, which is kept. pip goes to the network; the runs do
# not: where Linux gives a network namespace, an endpoint has a loopback interface and nothing else. What cannot be installed,
# or does not start, is left out, with a line that says so. Takes some five minutes once everything is installed.
#
# Exit status: 0 all are on the board; 1 some were left out; 2 wrong usage; 4 there is no board.
# SSMC_PROGRAM may name the program; otherwise build/release has it, and it is built if it is missing.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
case $# in
  0) folder=$root/build/board ;;
  1) folder=$1 ;;
  *) echo "board: one folder at most: board.sh [DIR]" >&2; exit 2 ;;
esac
[[ $folder != -* ]] || { sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2; }
tool=${SSMC_PROGRAM:-$root/build/release/conformance/ssm-conformance}
venvs=$root/build/board-venvs
left_out=0
columns=()

say() { printf 'board: %s\n' "$*" >&2; }
leave_out() {  # leave_out NAME WHY
  say "$1 is left out: $2"
  left_out=1
}

if [[ ! -x $tool ]]; then
  [[ -z ${SSMC_PROGRAM-} ]] || { say "SSMC_PROGRAM=$tool: there is no such program"; exit 2; }
  "$root/scripts/conformance.sh" --version >/dev/null || exit 4
fi
mkdir -p "$folder" "$venvs" || exit 4
folder=$(cd "$folder" && pwd -P) || exit 4

alone=()
# shellcheck disable=SC2016  # the inner shell has "$@"
if unshare -rn sh -c 'ip link set lo up' 2>/dev/null; then
  alone=(unshare -rn sh -c 'ip link set lo up && exec "$@"' sh)
else
  say "no network namespace can be made here: that endpoints stay on loopback is up to their settings"
fi

# python_of MAJOR.MINOR: the oldest python3 that starts and is at least of this version.
python_of() {
  local name
  for name in python3 python3.11 python3.12 python3.13 python3.14; do
    if "$name" -c "import sys, ensurepip; sys.exit(sys.version_info < (${1/./, }))" 2>/dev/null; then
      echo "$name"
      return 0
    fi
  done
  return 1
}

# install NAME PYTHON REQUIREMENT...: into its virtual environment, unless these are in it already.
install() {
  local name=$1 python venv=$venvs/$1 log=$venvs/$1.log wanted
  python=$(python_of "$2") || { leave_out "$name" "it needs Python $2 or later"; return 1; }
  wanted="Python ${*:2}"
  shift 2
  [[ -f $venv/installed && $(<"$venv/installed") == "$wanted" ]] && return 0
  say "installing $name"
  rm -rf "$venv"
  # Versions of what the tests install too are in requirements.txt, and only there.
  if "$python" -m venv "$venv" >"$log" 2>&1 &&
    timeout 900 "$venv/bin/pip" install --quiet --disable-pip-version-check "$@" >>"$log" 2>&1 </dev/null; then
    echo "$wanted" >"$venv/installed"
    return 0
  fi
  leave_out "$name" "pip cannot install $* ($log)"
  return 1
}

within=()  # the environment of the runs of an endpoint that is installed

# judge NAME [OPTION]...: a run, whose result file becomes a column if it has come to its end with a case. A run that takes
# too long is interrupted, and the board says so.
judge() {
  local name=$1 results=$folder/$1.jsonl log=$folder/$1.log
  shift
  say "judging $name"
  rm -f "$results"
  ${alone[@]+"${alone[@]}"} ${within[@]+"${within[@]}"} timeout --signal=INT 900 "$tool" run "$@" "${patient[@]}" --results "$results" >"$log" 2>&1 </dev/null
  if [[ -s $results ]] && grep -q '^{"kind":"case"' "$results" && tail -n 1 "$results" | grep -q '^{"kind":"summary"'; then
    columns+=("$name=$results")
  else
    leave_out "$name" "its run did not come to an end: $(tail -n 1 "$log" | cut -c 1-160) ($log)"
  fi
}

# pypi NAME PYTHON PACKAGE REQUIREMENT...: an endpoint that is installed, and started as --target NAME says, in its folder.
pypi() {
  local name=$1 python=$2 package=$3 home=$venvs/$1 version
  shift 3
  install "$name" "$python" "$@" || return
  version=$("$home/bin/python" -c "import importlib.metadata as m; print(m.version('$package'))" 2>/dev/null)
  within=(env -C "$home" "PATH=$home/bin:$PATH" "HOME=$home" "XDG_CACHE_HOME=$home/cache")
  judge "$name" --target "$name" --endpoint-version "${version:-unknown}"
}

# An endpoint that loads a service with its first request, on a loaded machine, is slow and not broken.
patient=(--spawn-timeout 180 --connect-timeout 60 --timeout 30)
pinned=(-c "$root/scripts/requirements.txt")
judge reference --endpoint-version "$("$tool" --version | sed 's/.* //')"
pypi moto 3.9 moto 'moto[server]' "${pinned[@]}"
pypi localstack 3.13 localstack-core \
  'localstack-core[runtime]==2026.3.0' 'cbor2<6' 'pyopenssl<26' 'cryptography<46' service_identity
pypi localemu 3.11 localemu 'localemu==1.3.2'
pypi ministack 3.9 ministack ministack "${pinned[@]}"

"$tool" board "${columns[@]}" --markdown "$folder/board.md" --json "$folder/board.json" --html "$folder/board.html" || exit 4
exit "$left_out"
