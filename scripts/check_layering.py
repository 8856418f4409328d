#!/usr/bin/env python3
"""Checks that data flows one way through harness/: a folder includes only itself and the folders before it.

    scripts/check_layering.py [ROOT]

Tests of the engine may use the pack, conformance/ssm/, to try it with. In the pack, rules and reference never include one another.
Also that oracle/ stays a function of its arguments (no sockets, no files), and that report/ never talks to an endpoint.
Exit status 1 with one line per offence (file:line), so that an editor can jump to it.
"""

import pathlib
import re
import sys

ORDER = ["base", "files", "wire", "model", "oracle", "generate", "endpoint", "reference", "run", "report"]
# What a folder's code may not include, its tests excepted, and why.
SOCKETS = r"boost/asio\b|boost/beast\b|sys/socket\.h|netinet/"
BARRED = {
    "oracle": (re.compile(f"^({SOCKETS}|fstream$|harness/files/)"), "does no input or output"),
    "report": (re.compile(f"^({SOCKETS})"), "never talks to an endpoint"),
}
TEST_FILE = re.compile(r"_test$|^test_|_for_test$|_benchmark$")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def offences_of_the_pack(root: pathlib.Path):
    """What the referee knows of a family and how the reference endpoint does it share nothing, or both would err alike."""
    for path in sorted((root / "conformance/ssm").rglob("*")):
        if path.suffix not in {".h", ".cc"} or TEST_FILE.search(path.stem):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            own, other = match.group(1), pathlib.PurePath(match.group(1)).stem
            if path.stem == "rules" and (own.startswith("harness/reference/") or other in {"reference", "faults"}):
                yield path, number, f"the referee's rules may not use {own}"
            if path.stem in {"reference", "faults"} and (own.startswith("harness/oracle/") or other == "rules"):
                yield path, number, f"the reference endpoint may not use {own}"


def offences(root: pathlib.Path):
    """Yields (file, line number, what is wrong)."""
    yield from offences_of_the_pack(root)
    for path in sorted((root / "harness").rglob("*")):
        if path.suffix not in {".h", ".cc"}:
            continue
        parts = path.relative_to(root / "harness").parts
        folder = parts[0] if len(parts) > 1 else None  # harness/result.h and the like belong to no folder
        if folder is not None and folder not in ORDER:
            yield path, 1, f"harness/{folder} has no place in the order {' < '.join(ORDER)}"
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            header = match.group(1)
            tries_the_pack = header.startswith("conformance/ssm/") and TEST_FILE.search(path.stem)
            if header.startswith(("conformance/", "fuzzers/")) and not tries_the_pack:
                yield path, number, f"harness may not use {header}"
            target = header.split("/")[1] if header.startswith("harness/") and header.count("/") > 1 else None
            if target and folder is None:
                yield path, number, f"a header of all folders may not use {header}"
            elif target and target not in ORDER:
                yield path, number, f"unknown folder in {header}"
            elif target and ORDER.index(target) > ORDER.index(folder):
                yield path, number, f"{folder} comes before {target} and may not use {header}"
            if folder in BARRED and not TEST_FILE.search(path.stem) and BARRED[folder][0].match(header):
                yield path, number, f"{folder} {BARRED[folder][1]}, so it may not use <{header}>"


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    found = list(offences(root))
    for path, number, what in found:
        print(f"{path}:{number}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
