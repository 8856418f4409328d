#!/usr/bin/env bash
# How much of harness/ and conformance/ the tests reach: lines and branches by folder, from clang's source-based coverage.
#
#   scripts/coverage.sh [-j N]      builds build/coverage, runs every test that needs no one else's programs, prints a table
#
# What is not reached, line by line, is in build/coverage/coverage.txt. Measures only: nothing fails for being uncovered.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"
jobs=$(nproc)
[[ ${1-} == -j && -n ${2-} ]] && jobs=$2
build=$root/build/coverage
major=$(clang --version | sed -n 's/.*version \([0-9]*\).*/\1/p' | head -n 1)
cmake --preset coverage >/dev/null
ninja -C "$build" -j "$jobs" >/dev/null
rm -rf "$build/profiles"
mkdir -p "$build/profiles"
LLVM_PROFILE_FILE=$build/profiles/%p-%m.profraw ctest --preset coverage -LE 'real|fuzz' -j "$jobs" >"$build/ctest.log" 2>&1 ||
  { tail -n 40 "$build/ctest.log" && echo "coverage: some tests failed; the table is of those that ran"; }
"llvm-profdata-$major" merge -sparse "$build"/profiles/*.profraw -o "$build/all.profdata"
objects=()
while IFS= read -r program; do objects+=(-object "$program"); done < <(
  find "$build" -type f -perm -u+x \( -name '*_test' -o -name 'ssm-conformance*' \))
ignore='(_test|_for_test|test_support|test_server|test_client|test_certificates|_benchmark|_tool)\.(cc|h)$|/build/[^/]*/[a-z]|/usr/|/fuzzers/'
"llvm-cov-$major" export -summary-only -instr-profile "$build/all.profdata" -ignore-filename-regex "$ignore" "${objects[@]}" \
  >"$build/coverage.json"
"llvm-cov-$major" show -instr-profile "$build/all.profdata" -ignore-filename-regex "$ignore" "${objects[@]}" >"$build/coverage.txt"
python3 - "$build/coverage.json" "$root" <<'PYTHON'
import collections, json, os, pathlib, sys

folders = collections.defaultdict(collections.Counter)
files = []
for entry in json.load(open(sys.argv[1]))["data"][0]["files"]:
    # A compiler cache may have made the names relative to the build folder.
    path = pathlib.Path(os.path.normpath(pathlib.Path(sys.argv[1]).parent / entry["filename"]))
    if not path.is_relative_to(sys.argv[2]):
        continue
    relative = path.relative_to(sys.argv[2])
    for kind in ("lines", "branches"):
        for name in (str(relative.parent), "all"):
            folders[name][kind] += entry["summary"][kind]["count"]
            folders[name][kind + " covered"] += entry["summary"][kind]["covered"]
    lines = entry["summary"]["lines"]
    files.append((lines["count"] - lines["covered"], str(relative)))


def share(counts, kind):
    return f"{100 * counts[kind + ' covered'] / counts[kind]:.1f} %" if counts[kind] else "-"


if not files:
    sys.exit("coverage: no file of the project is in the report")
print(f"{'folder':<32}{'lines':>8}{'covered':>10}{'branches':>10}{'covered':>10}")
for name, counts in sorted(folders.items(), key=lambda item: (item[0] == "all", item[0])):
    print(f"{name:<32}{counts['lines']:>8}{share(counts, 'lines'):>10}{counts['branches']:>10}{share(counts, 'branches'):>10}")
print("\nmost lines not covered:")
for missing, name in sorted(files, reverse=True)[:12]:
    print(f"  {missing:>4} {name}")
PYTHON
