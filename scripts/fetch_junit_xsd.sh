#!/usr/bin/env bash
# Writes the JUnit schema that Jenkins' xUnit plugin follows to the file named (default build/junit.xsd). It is not ours to
# ship, so it comes from where pytest keeps a copy for its own tests: its source package on PyPI.
#
#   scripts/fetch_junit_xsd.sh [FILE]        needs build/venv (scripts/test.sh makes it) or pip for python3
#
# Does nothing if the file is there. Exit status 2: PyPI cannot be reached.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
target=${1:-$root/build/junit.xsd}
version=8.4.2
[[ -s $target ]] && exit 0

python=$root/build/venv/bin/python
[[ -x $python ]] || python=python3
mkdir -p "$(dirname "$target")" || exit 1
work=$(mktemp -d "$target.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
if ! "$python" -m pip download --disable-pip-version-check -q --no-deps --no-binary pytest -d "$work" "pytest==$version" \
  >"$work/log" 2>&1 </dev/null; then
  tail -n 5 "$work/log" >&2
  exit 2
fi
# Written aside and renamed, so that a half-written schema is never taken for a whole one.
tar -xzOf "$work/pytest-$version.tar.gz" "pytest-$version/testing/example_scripts/junit-10.xsd" >"$work/junit.xsd" || exit 1
mv "$work/junit.xsd" "$target"
