#!/usr/bin/env python3
"""Checks that data flows one way through harness/: a folder includes only itself and the folders before it.

    scripts/check_layering.py [ROOT]

Also that oracle/ stays a function of its arguments (no sockets, no files), and that report/ never talks to an endpoint; that
reference/ is neutral, without a word of SSM; and that in the pack (conformance/ssm/) the referee's rules and the reference
endpoint never include one another, so that neither can pass on its mistakes to the other. Tests may use what they need.
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
# Folders without a word of the service.
NEUTRAL = {"reference"}
SERVICE_WORDS = r"ssm|documents?\b|accounts?\b|nodes?\b|managed|instance_?id|permission|connection_?status|20141106"
# The two halves of the pack, by the beginnings of their files' names, and what each may not include.
RULES = re.compile(r"^rules")
REFERENCE = re.compile(r"^(reference|fault|dialect)")
TEST_FILE = re.compile(r"_test$|^test_|_test_support$|_for_test$|_benchmark$")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def offences(root: pathlib.Path):
    """Yields (file, line number, what is wrong)."""
    operations = (root / "conformance/models/operations.txt").read_text(encoding="utf-8").split()
    service_word = re.compile("|".join([SERVICE_WORDS, *operations]), re.IGNORECASE)
    for path in sorted((root / "harness").rglob("*")):
        if path.suffix not in {".h", ".cc"}:
            continue
        parts = path.relative_to(root / "harness").parts
        folder = parts[0] if len(parts) > 1 else None  # harness/result.h and the like belong to no folder
        if folder is not None and folder not in ORDER:
            yield path, 1, f"harness/{folder} has no place in the order {' < '.join(ORDER)}"
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            word = service_word.search(line) if folder in NEUTRAL and not TEST_FILE.search(path.stem) else None
            if word:
                yield path, number, f"{folder} knows no service, so it may not say \"{word.group()}\""
            match = INCLUDE.match(line)
            if not match:
                continue
            header = match.group(1)
            if header.startswith(("conformance/", "fuzzers/")) and not (
                    header.startswith("conformance/ssm/") and TEST_FILE.search(path.stem)):
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


def pack_offences(root: pathlib.Path):
    """The same, for the two halves of the pack."""
    for path in sorted((root / "conformance" / "ssm").rglob("*")):
        if path.suffix not in {".h", ".cc"} or TEST_FILE.search(path.stem):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            header = pathlib.PurePosixPath(match.group(1))
            in_pack = header.parts[:2] == ("conformance", "ssm")
            if RULES.match(path.name) and (
                    header.parts[:2] == ("harness", "reference") or in_pack and REFERENCE.match(header.name)):
                yield path, number, f"rules may not use the reference endpoint's {header}"
            if REFERENCE.match(path.name) and (
                    header.parts[:2] in {("harness", "oracle"), ("harness", "run")} or in_pack and RULES.match(header.name)):
                yield path, number, f"the reference endpoint may not use the referee's {header}"


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    found = [*offences(root), *pack_offences(root)]
    for path, number, what in found:
        print(f"{path}:{number}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
