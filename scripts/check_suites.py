#!/usr/bin/env python3
"""Checks the form of the conformance data: the suites, clauses, examples, families and resources below conformance/.

    scripts/check_suites.py            one line for each problem; exit status 1 if there is any
    scripts/check_suites.py --format   rewrites the files in the form that is asked for

What a vector really breaks is not checked here: the tests do that, with the oracle itself.
"""

import argparse
import fnmatch
import json
import re
import sys
from pathlib import Path

WIDTH = 110
PROTOCOL = "Protocol"
CLAUSE_KEYS = {"id", "operation", "requirement", "source", "section", "cases", "reason", "no_fault"}
PLACEHOLDER = re.compile(r"\{\{([a-z][a-z-]*)(?: ((?:(?!\}\}).)*))?\}\}", re.DOTALL)
ESCAPE = re.compile(r"\\(?:[rnt0\\]|x[0-9a-fA-F]{2})")
# Cases that are made by the program, not written in a suite, have these words after the operation or the member.
DERIVED_TOPICS = {"implemented", "scenario"}
DERIVED_GROUPS = {"type", "required", "optional", "range", "length", "pattern", "enum", "token"}


def one_line(value):
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def formatted(value, indent=0, before=0, after=0):
    """A value on one line where it fits, else an entry on each line; members in the order in which they stand."""
    line = one_line(value)
    if not isinstance(value, (dict, list)) or not value or indent + before + len(line) + after <= WIDTH:
        return line
    pad = " " * (indent + 2)
    entries = []
    pairs = value.items() if isinstance(value, dict) else ((None, entry) for entry in value)
    for number, (key, entry) in enumerate(pairs, 1):
        name = "" if key is None else one_line(key) + ": "
        comma = 1 if number < len(value) else 0
        entries.append(pad + name + formatted(entry, indent + 2, len(name), comma))
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return opening + "\n" + ",\n".join(entries) + "\n" + " " * indent + closing


def no_duplicates(pairs):
    result = {}
    for key, value in pairs:
        if key in result:
            raise ValueError(f'the member "{key}" stands twice in an object')
        result[key] = value
    return result


def kebab(name):
    """DescribeDocumentPermission -> describe-document-permission"""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def strings_of(value):
    """Every string of a value: names of members too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for entry in value:
            yield from strings_of(entry)
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield key
            yield from strings_of(entry)


class Checker:
    def __init__(self, root):
        self.root = root
        self.problems = []
        self.ids = {}  # whole id of a case -> where it stands
        schema = json.loads((root / "schemas/suite.schema.json").read_text(encoding="utf-8"))
        case = schema["$defs"]["case"]["properties"]
        self.suite_keys = set(schema["properties"])
        self.needed_suite_keys = set(schema["required"])
        self.case_keys = set(case)
        self.omittable = set(case["omit"]["items"]["enum"])
        self.id_pattern = re.compile(case["id"]["pattern"])
        self.longest_title = case["title"]["maxLength"]
        resources = json.loads((root / "ssm/resources.json").read_text(encoding="utf-8"))
        self.placeholders = set(re.findall(r"\{\{([a-z-]+)", schema["description"]))
        self.placeholders |= {fixture["name"] for fixture in resources["fixtures"]}
        self.examples = json.loads((root / "ssm/examples.json").read_text(encoding="utf-8"))
        # Those with an example are judged by cases that the program makes. The others are judged too, because those rest on
        # them: their suites bring examples of their own.
        self.operations = tuple(self.examples)
        shapes = json.loads((root / "ssm/model/ssm.json").read_text(encoding="utf-8"))["shapes"]
        self.modelled = [name.split("#")[1] for name, shape in shapes.items() if shape["type"] == "operation"]
        self.fixture_operations = tuple(name for name in self.modelled if name not in self.operations)

    def problem(self, where, what):
        self.problems.append(f"{where}: {what}")

    def load(self, path, rewrite):
        name = str(path.relative_to(self.root.parent))
        text = path.read_text(encoding="utf-8")
        try:
            data = json.loads(text, object_pairs_hook=no_duplicates)
        except ValueError as error:
            self.problem(name, f"not JSON: {error}")
            return name, None
        wanted = formatted(data) + "\n"
        if text != wanted:
            if rewrite:
                path.write_text(wanted, encoding="utf-8")
            else:
                at = next((n for n, (a, b) in enumerate(zip(text.splitlines(), wanted.splitlines()), 1) if a != b),
                          min(text.count("\n"), wanted.count("\n")) + 1)
                self.problem(f"{name}:{at}", "not in the asked-for form; run scripts/check_suites.py --format")
        return name, data

    # ---- suites ----

    def suite(self, path, rewrite):
        name, data = self.load(path, rewrite)
        if data is None:
            return
        if not self.needed_suite_keys <= set(data) <= self.suite_keys:
            self.problem(name, f"a suite has the members {', '.join(sorted(self.needed_suite_keys))}, and besides at most "
                               f"{', '.join(sorted(self.suite_keys - self.needed_suite_keys))}")
            return
        if data["suite"] != path.stem:
            self.problem(name, f'"suite" is "{data["suite"]}", but the file is {path.name}')
        operations = data["operations"]
        if operations == ["each"]:
            operations = list(self.operations)
        for operation in operations:
            if operation not in (*self.operations, *self.fixture_operations, PROTOCOL):
                self.problem(name, f'unknown operation "{operation}"')
                return
            if (operation in self.fixture_operations) != ("example" in data):
                self.problem(name, f"{operation}: an example stands in the suite if it is not in examples.json")
                return
            if "example" in data:
                self.examples[operation] = {"input": data["example"]}
                self.ids[f"{operation}/implemented"] = name
        for case in data["cases"]:
            self.case(f"{name}, {case.get('id', 'a case without id')}", case, operations)

    def case(self, where, case, operations):
        for key in case:
            if key not in self.case_keys:
                self.problem(where, f'unknown member "{key}"')
        for key in ("id", "title", "breaks"):
            if not case.get(key):
                self.problem(where, f'no "{key}"')
                return
        if not self.id_pattern.fullmatch(case["id"]):
            self.problem(where, "an id is words of a-z, 0-9 and -, joined by /; at least two")
        if len(case["title"]) > self.longest_title or "\n" in case["title"]:
            self.problem(where, f"a title is one line of at most {self.longest_title} characters")
        for operation in operations:
            whole = f"{operation}/{case['id']}"
            if whole in self.ids:
                self.problem(where, f"{whole} stands in {self.ids[whole]} too")
            self.ids[whole] = where
        self.breaks(where, case)
        self.differences(where, case, operations)
        self.texts(where, case, operations)

    def breaks(self, where, case):
        rules = case["breaks"]
        if len(set(rules)) != len(rules):
            self.problem(where, "a rule stands twice in \"breaks\"")
        if "valid" in rules and len(rules) > 1:
            self.problem(where, '"valid" stands alone')
        for flag in ("hostile", "needs_authentication", "availability", "escaped", "hold_body"):
            if case.get(flag, True) is not True:
                self.problem(where, f'"{flag}" is true or not there')

    def differences(self, where, case, operations):
        written = set(case) - {"id", "title", "breaks", "hostile", "needs_authentication", "availability"}
        if "text" in case and written != {"text"}:
            self.problem(where, '"text" stands alone')
        if "body" in case and written & {"members", "without"}:
            self.problem(where, '"body" replaces everything that "members" and "without" change')
        if PROTOCOL in operations and written & {"members", "without"}:
            self.problem(where, 'cases of the protocol have no "members" and no "without"')
        for header in case.get("omit", []):
            if header not in self.omittable:
                self.problem(where, f"{header} is not filled in, so it cannot be omitted; null in \"headers\" leaves it out")
        for member in case.get("without", []):
            for operation in operations:
                if member not in self.examples.get(operation, {}).get("input", {}):
                    self.problem(where, f"the example of {operation} has no {member}")

    def texts(self, where, case, operations):
        parts = {key: case[key] for key in ("path", "method", "headers", "members", "body", "text") if key in case}
        for text in strings_of(parts):
            for name, argument in PLACEHOLDER.findall(text):
                if name == "repeat":
                    if not re.match(r"[0-9]+ .", argument, re.DOTALL):
                        self.problem(where, "a repetition is written {{repeat COUNT TEXT}}")
                elif name not in self.placeholders:
                    self.problem(where, f"unknown placeholder {{{{{name}}}}}")
        lines = case.get("text", [])
        escaped = case.get("escaped", False) or "# @escaped" in lines
        if lines and "# @raw" not in lines:
            self.problem(where, 'a "text" that is not raw is better written as differences')
        for text in strings_of({key: value for key, value in parts.items() if key != "members"}) if escaped else ():
            if "\\" in ESCAPE.sub("", text):
                self.problem(where, "an escape other than \\r \\n \\t \\0 \\\\ \\xHH")
        if escaped and "\\" not in "".join(strings_of(parts)):
            self.problem(where, "escaped, but without an escape")

    # ---- clauses ----

    def clauses(self, paths, rewrite):
        seen = set()
        globs = []
        for path in paths:
            name, data = self.load(path, rewrite)
            if data is not None:
                self.clauses_of(name, data, seen, globs)
        for whole, where in self.ids.items():
            if not any(self.matches(glob, whole) for glob in globs):
                self.problem(where, f"no clause names {whole}")

    def clauses_of(self, name, data, seen, globs):
        for clause in data["clauses"]:
            where = f"{name}, {clause.get('id', 'a clause without id')}"
            for key in sorted(set(clause) - CLAUSE_KEYS):
                self.problem(where, f'unknown member "{key}"')
            for key in ("id", "operation", "requirement", "source", "section"):
                if not isinstance(clause.get(key), str) or not clause[key]:
                    self.problem(where, f'no "{key}"')
            if clause.get("id") in seen:
                self.problem(where, "stands twice")
            seen.add(clause.get("id"))
            if clause.get("operation") not in (*self.operations, *self.fixture_operations, PROTOCOL):
                self.problem(where, f'unknown operation "{clause.get("operation")}"')
            elif str(clause.get("id")).split("/")[0] != kebab(clause["operation"]):
                self.problem(where, f'its id begins with "{kebab(clause["operation"])}/"')
            if not str(clause.get("source", "")).startswith("https://"):
                self.problem(where, "the source is a URL")
            if bool(clause.get("cases")) == bool(clause.get("reason")):
                self.problem(where, "a clause has cases, or a reason why no case can check it; not both")
            for glob in clause.get("cases", []):
                self.glob(where, glob)
                globs.append(glob)

    @staticmethod
    def matches(glob, whole):
        return fnmatch.fnmatchcase(whole, glob.replace("[", "[[]"))

    def glob(self, where, glob):
        if not any(self.matches(glob, whole) for whole in self.ids) and not self.may_be_derived(glob):
            self.problem(where, f"{glob} matches no case")

    def may_be_derived(self, glob):
        operation, *words = glob.split("/")
        if operation not in (*self.operations, *self.fixture_operations, PROTOCOL, "*") or not words:
            return False
        members = {member for name, example in self.examples.items() if operation in (name, "*")
                   for part in example.values() for member in part}
        if words[0] in members | {"*"}:
            return len(words) > 1 and words[1] in DERIVED_GROUPS | {"*"}
        # "*/type/*" leaves out the member; the program knows which kinds of resources have a life
        return words[0] in DERIVED_TOPICS | {"lifecycle"} or operation == "*" and words[0] in DERIVED_GROUPS or words[:2] == ["json", "truncated"]

    # ---- families ----

    def families(self, path, rewrite):
        name, data = self.load(path, rewrite)
        if data is None:
            return
        for key, family in data.items():
            if not re.fullmatch(r"[a-z][a-z-]*", key) or key == "other":
                self.problem(name, f'"{key}" is no key of a family: words of a-z, joined by -, and not other')
            if set(family) != {"title", "operations"}:
                self.problem(name, f'{key}: a family has the members "title" and "operations"')
                return
            for glob in family["operations"]:
                if not any(self.matches(glob, operation) for operation in self.modelled):
                    self.problem(name, f"{key}: {glob} matches no operation of the model")
        for operation in self.modelled:
            keys = [key for key, family in data.items() if any(self.matches(glob, operation) for glob in family["operations"])]
            if len(keys) != 1:
                self.problem(name, f"{operation} is in {' and '.join(keys) or 'no family'}; it must be in exactly one")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--format", action="store_true", help="rewrite files that are not in the asked-for form")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent / "conformance",
                        help="the folder conformance/ (default: the one beside this script)")
    options = parser.parse_args()
    checker = Checker(options.root)
    pack = options.root / "ssm"
    suites = sorted(pack.glob("*/suites/*.json"))
    if not suites:
        checker.problem("conformance/ssm/*/suites", "no suites")
    for path in suites:
        checker.suite(path, options.format)
    checker.clauses([*sorted(pack.glob("*/clauses.json")), options.root / "cli/clauses_by_model.json"], options.format)
    for name in ("examples.json", "resources.json"):
        checker.load(pack / name, options.format)
    checker.families(pack / "families.json", options.format)
    for line in checker.problems:
        print(line, file=sys.stderr)
    if checker.problems:
        return 1
    print(f"{len(suites)} suites, {len(checker.ids)} cases: nothing wrong with their form")
    return 0


if __name__ == "__main__":
    sys.exit(main())
