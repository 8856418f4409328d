#!/usr/bin/env python3
"""Checks that data flows one way through harness/: a folder includes only itself and the folders before it.

    scripts/check_layering.py [ROOT]

Tests of the engine may use the pack, conformance/ssm/, to try it with. In the pack, rules and reference never include one another.
Also that oracle/ stays a function of its arguments (no sockets, no files), that report/ never talks to an endpoint, and that harness/ and
fuzzers/ hold no word of SSM, tests, benchmarks and READMEs excepted: they serve any service, and what they need to know of one is handed in.
Exit status 1 with one line per offence (file:line), so that an editor can jump to it.
"""

import json
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
# The two halves of the pack, by the beginnings of their files' names, and what each may not include.
RULES = re.compile(r"^(rules|finding_rules)")
REFERENCE = re.compile(r"^(reference|fault|dialect)")
TEST_FILE = re.compile(r"_test$|^test_|_test_support$|_for_test$|_benchmark$")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')

# Folders without a word of SSM, but in tests and in prose with examples.
NEUTRAL = ["harness", "fuzzers"]
PROSE = {"README.md"}
# The service's name as a word or in AmazonSSM, and the things that it keeps. `ssm-conformance` is this tool, and SSMC_ its prefix.
WORD_OF_SSM = re.compile(
    r"amazonssm|(?<![a-z])ssm(?![a-z]|-conformance)|documents?(?!ed|ation)|account|\bnodes\b|(connected|managed)[-_ ]node|\{\{[a-z-]*node", re.I
)
# The same words where they are another's: Smithy has shapes, XML files and browsers' pages, that are called documents.
NOT_OF_SSM = re.compile(
    r"""ShapeType::document\b|"document"|^  document,$|smithy\.api#Document\b|pugi::xml_document\b|"""
    r"""\bdocument\.(?:getElementById|createElement|addEventListener|activeElement|execCommand)\b"""
)
# Variables that people set are this tool's, whatever service it serves.
OWN_VARIABLE = re.compile(r"\bSSM_(?:FUZZ_\w*|FINDINGS_DIR\b|(?=[\"']))")
# Tests may link the pack.
TESTS_OF_CMAKE = re.compile(r"^\s*(?:harness_test|live_run)\([^)]*\)", re.M)
# Members that many services share.
COMMON_NAMES = {"AccessDeniedException", "InternalServerError", "MaxResults", "NextToken", "ResourceId", "ResourceNotFoundException",
                "ThrottlingException", "UnsupportedOperationException", "ValidationException"}
NAME = re.compile(r"\b(?:[A-Z][a-z0-9]+){2,}\b")


def names_of_ssm(root: pathlib.Path) -> set[str]:
    """Its operations, and the shapes and members of our model of it, that are no plain words (of two parts or more)."""
    models = root / "conformance/ssm/model"
    names = set()
    for shape_id, shape in json.loads((models / "ssm.json").read_text(encoding="utf-8"))["shapes"].items():
        names.update([shape_id.split("#")[1], *shape.get("members", {})])
    return {name for name in names if NAME.fullmatch(name)} - COMMON_NAMES


def words_of_ssm(root: pathlib.Path):
    """Yields (file, line number, what is wrong)."""
    names = names_of_ssm(root)
    for place in NEUTRAL:
        for path in sorted([root / place, *(root / place).rglob("*")]):
            if not path.is_file() or TEST_FILE.search(path.stem) or path.name in PROSE:
                continue
            text = path.read_text(encoding="utf-8")
            if path.name == "CMakeLists.txt":
                text = TESTS_OF_CMAKE.sub(lambda call: "\n" * call.group().count("\n"), text)
            for number, line in enumerate(text.splitlines(), 1):
                found = [match.group() for match in WORD_OF_SSM.finditer(OWN_VARIABLE.sub("", NOT_OF_SSM.sub("", line)))]
                found += [name for name in NAME.findall(line) if name in names]
                if found:
                    yield path, number, f"{place} serves any service and may not say {found[0]}"


def offences(root: pathlib.Path):
    """Yields (file, line number, what is wrong)."""
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
    found = [*offences(root), *pack_offences(root), *words_of_ssm(root)]
    for path, number, what in found:
        print(f"{path}:{number}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
