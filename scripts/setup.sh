#!/usr/bin/env bash
# Installs the packages of scripts/packages.txt that are missing, and nothing else. Removes nothing.
#
#   scripts/setup.sh build    what building and running the command needs
#   scripts/setup.sh package  what scripts/package.sh needs besides
#   scripts/setup.sh all      both, and what scripts/test.sh needs besides (default)
#   scripts/setup.sh list build|package|all   prints the names, changes nothing
#
# Costs a few hundredths of a second when nothing is missing. Exit status: 0 all there, 1 something is missing and why.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

say() { printf 'setup: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# The lines of the wanted groups, without comments.
wanted() {
  local line group='' want=$1
  while IFS= read -r line; do
    line=${line%%#*}
    line=${line//[[:space:]]/}
    case $line in
      '') ;;
      '['*']') group=${line:1:-1} ;;
      *) if [[ $want == all || $group == "$want" || $want.$group == package.build ]]; then printf '%s\n' "$line"; fi ;;
    esac
  done <"$here/packages.txt"
}

# clang's Depends field, installed or not, names the version: "clang-14 (>= 14~)".
clang_major() {
  local depends
  depends=$(dpkg-query -W -f '${Depends}' clang 2>/dev/null)
  [[ -n $depends ]] || depends=$(apt-cache show --no-all-versions clang 2>/dev/null | grep '^Depends:')
  [[ $depends =~ clang-([0-9]+) ]] && printf '%s' "${BASH_REMATCH[1]}"
}

group=${1:-all}
list_only=no
if [[ $group == list ]]; then
  list_only=yes
  group=${2:-all}
fi
case $group in
  build | package | all) ;;
  *)
    say "unknown group '$group' (build, package or all)"
    exit 1
    ;;
esac
mapfile -t lines < <(wanted "$group")

if [[ $list_only == yes ]]; then
  printf '%s\n' "${lines[@]}"
  exit 0
fi

if ! have dpkg-query || ! have apt-get; then
  # Another distribution: the names differ, so only the tools are checked here; CMake names any library that is missing.
  tools=(g++ cmake ninja pkg-config)
  [[ $group == package ]] && tools+=(dpkg-shlibdeps python3)
  [[ $group == all ]] && tools+=(clang++ python3 git)
  for tool in "${tools[@]}"; do
    have "$tool" && continue
    say "there is no apt here and no $tool. Install by hand what these Debian packages hold: ${lines[*]}"
    exit 1
  done
  exit 0
fi

# Whether a package is installed: one question to dpkg for all of them.
declare -A installed=()
names=()
major=
for line in "${lines[@]}"; do
  [[ $line == *@CLANG* && -z $major ]] && major=$(clang_major)
  IFS='|' read -ra alternatives <<<"${line//@CLANG/$major}"
  names+=("${alternatives[@]}")
done
while read -r status name; do
  [[ $status == installed ]] && installed[$name]=yes
done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${names[@]}" 2>/dev/null)

missing_lines=()
for line in "${lines[@]}"; do
  found=no
  IFS='|' read -ra alternatives <<<"${line//@CLANG/$major}"
  for name in "${alternatives[@]}"; do
    [[ -n ${installed[$name]-} ]] && found=yes
  done
  [[ $found == yes ]] || missing_lines+=("$line")
done
[[ ${#missing_lines[@]} -eq 0 ]] && exit 0

# Sets `install` to what the distribution calls each missing line, and `unknown` to those that it does not have.
choose() {
  local line name choice alternatives
  install=() unknown=()
  for line in "${missing_lines[@]}"; do
    choice=
    [[ $line == *@CLANG* ]] && line=${line//@CLANG/$(clang_major)}
    IFS='|' read -ra alternatives <<<"$line"
    for name in "${alternatives[@]}"; do
      if [[ -z $choice && -n $(apt-cache madison "$name" 2>/dev/null) ]]; then choice=$name; fi
    done
    if [[ -n $choice ]]; then install+=("$choice"); else unknown+=("$line"); fi
  done
}

as_root=()
if [[ $EUID -ne 0 ]]; then
  if ! have sudo; then
    choose
    say "packages are missing, and there is neither root nor sudo. Ask someone who may to run:"
    say "  apt-get install ${install[*]} ${unknown[*]}"
    exit 1
  fi
  as_root=(sudo)
fi

apt() { # Quiet: its output is shown only if it fails.
  local log status
  log=$(mktemp)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" >"$log" 2>&1 </dev/null
  status=$?
  [[ $status -eq 0 ]] || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

say "looking up ${#missing_lines[@]} missing package(s)"
apt update || say "'apt-get update' failed; going on with the package lists that are here"

choose
if [[ ${#unknown[@]} -gt 0 ]]; then
  say "this distribution has none of: ${unknown[*]} (Debian 12 and Ubuntu 24.04 do)"
  exit 1
fi

# Boost's versions exclude one another, and replacing one that is in use is not for this script to decide.
if [[ " ${install[*]}" == *" libboost"* ]]; then
  old=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' 'libboost*-dev' 2>/dev/null |
    awk '$1 == "installed" && $2 ~ /^libboost[0-9.]*-dev$/ {print $2 " " $3}' | paste -sd, -)
  if [[ -n $old ]] && ! "${as_root[@]}" apt-get -s -q -y --no-remove --no-install-recommends install "${install[@]}" >/dev/null 2>&1; then
    say "Boost 1.81 or later is needed, and installing it would remove what is here: $old."
    say "If nothing else needs it: apt-get install ${install[*]}"
    exit 1
  fi
fi

say "installing: ${install[*]}"
if ! apt install --no-install-recommends --no-remove "${install[@]}"; then
  say "installing failed: ${install[*]}"
  exit 1
fi
