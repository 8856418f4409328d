#!/usr/bin/env python3
"""Proves the oracle's tests: no row of the tables of admissible outcomes can be changed unnoticed.

    scripts/mutate_oracle.py [--build build/release] [--jobs N] [--only REGEX]

Each row of harness/oracle/admissible.cc, and of the rules of each family of conformance/ssm/, is, in a copy of the file and one
at a time, taken out; widened by one more error; weakened or strengthened in what it forces; and each of its sets of outcomes is
narrowed. Every mutant is compiled, linked into the table's test program and run: it survives if all tests pass. Prints the survivors and the counts; exit status 1 if there are any (or none
was tried), 2 if something could not be built. Needs a build of the tests; changes nothing in the checkout.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLES = [  # source file, the function that gives its rows, the test program
    ("harness/oracle/admissible.cc", "make_table", "harness/oracle/oracle_test"),
] + [
    (str(path.relative_to(ROOT)), "rows", "conformance/ssm/ssm_rules_test")
    for path in sorted((ROOT / "conformance/ssm").glob("*/rules.cc"))
]
FORCES = ["rejects", "discourages", "permits", "advises", "availability", "liveness"]
LIMIT = 300  # seconds for one compiler, linker or test


def closing(text, start):
    """The index behind the brace that closes the one at `start`; strings are passed over."""
    depth, i, quoted = 0, start, False
    while i < len(text):
        c = text[i]
        if quoted:
            i += c == "\\"
            quoted = c != '"'
        elif c == '"':
            quoted = True
        elif c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
            if depth == 0:
                return i + 1
        i += 1
    raise ValueError("no closing brace")


def rows(text, function):
    """(begin, end) of each row that the function gives."""
    begin = text.index(f"std::vector<Row> {function}()")
    body_end = closing(text, text.index("{", begin))
    for match in re.finditer(r"\{Rule::", text[begin:body_end]):
        start = begin + match.start()
        yield start, closing(text, start)


def fields(row):
    """(begin, end) of each of a row's six fields."""
    out, depth, quoted, start = [], 0, False, 1
    for i, c in enumerate(row):
        if quoted:
            quoted = c != '"' or row[i - 1] == "\\"
        elif c == '"':
            quoted = True
        elif c in "{(":
            depth += 1
        elif c in "})":
            depth -= 1
            if depth == 0:
                out.append((start, i))
        elif c == "," and depth == 1:
            out.append((start, i))
            start = i + 1
    return out


def mutants(text, function):
    """(name, text of the mutated file)."""
    for start, end in rows(text, function):
        row = text[start:end]
        parts = fields(row)
        assert len(parts) == 6, row
        rule = row[slice(*parts[0])].strip().replace("Rule::", "")
        member = row[slice(*parts[1])].strip().strip('"')
        name = f"{rule}{'/' + member if member else ''}"

        def with_row(new):
            return text[:start] + new + text[end:]

        def with_field(number, new):
            a, b = parts[number]
            return with_row(row[:a] + " " + new + row[b:])

        behind = text[end:].lstrip()
        assert behind.startswith(","), behind[:20]
        yield f"{name}: taken out", text[:start] + text[end:].lstrip()[1:]
        outcomes = row[slice(*parts[3])].strip()
        # A braced list, the name of a set, or a call that gives one.
        listed = f"std::vector<harness::oracle::Outcome>{outcomes}" if outcomes.startswith("{") else outcomes
        yield f"{name}: one error more", with_field(
            3, f'[] {{ auto all = {listed}; all.push_back({{400, "ThrottlingException", harness::oracle::Provenance::inferred}}); return all; }}()')
        if outcomes != "{}":
            yield f"{name}: one error less", with_field(
                3, f"[] {{ auto all = {listed}; all.erase(all.begin()); return all; }}()")
        force = row[slice(*parts[2])].strip().removeprefix("Force::").removeprefix("F::")
        for other in FORCES:
            if other != force:
                yield f"{name}: {other} instead of {force}", with_field(2, f"harness::oracle::Force::{other}")


def commands(build, source, program):
    """How the source file is compiled, and how the program is linked."""
    compile_command = next(
        entry for entry in json.loads((build / "compile_commands.json").read_text()) if entry["file"] == str(ROOT / source)
    )
    words = shlex.split(compile_command["command"])
    if "ccache" in words[0]:
        words = words[1:]
    link = subprocess.run(["ninja", "-C", str(build), "-t", "commands", "-s", program],
                          capture_output=True, text=True, check=True).stdout.strip().splitlines()[-1]
    return words, link


def survives(number, text, build, tests, compile_words, link, folder):
    source, thing = folder / f"{number}.cc", folder / f"{number}.o"
    program = folder / f"{number}"
    source.write_text(text)
    words = list(compile_words)
    words[words.index("-o") + 1] = str(thing)
    words[words.index("-c") + 1] = str(source)
    compiled = subprocess.run([*words, "-O0", "-w"], cwd=build, capture_output=True, text=True, timeout=LIMIT)
    if compiled.returncode != 0:
        raise RuntimeError(compiled.stderr[:2000])
    # The mutated object comes first, so that the library's own is not taken.
    line = re.sub(rf"-o {re.escape(tests)}(?=\s)", lambda m: f"-o {shlex.quote(str(program))} {shlex.quote(str(thing))}", link)
    linked = subprocess.run(line, cwd=build, shell=True, capture_output=True, text=True, timeout=LIMIT)
    if linked.returncode != 0:
        raise RuntimeError(linked.stderr[:2000])
    ran = subprocess.run([str(program), "--gtest_brief=1", "--gtest_filter=-Mutants.*"], capture_output=True, timeout=LIMIT)
    for path in (source, thing, program):
        path.unlink()
    return ran.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", type=re.compile, default=re.compile(""), help="mutants whose name this expression finds")
    options = parser.parse_args()
    build = options.build.resolve()
    subprocess.run(["ninja", "-C", str(build), *{program for _, _, program in TABLES}], check=True, stdout=subprocess.DEVNULL)
    everything, survivors, broken, done = [], [], [], 0
    with tempfile.TemporaryDirectory() as name, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        folder = pathlib.Path(name)
        jobs = {}
        for source, function, program in TABLES:
            how = (build, program, *commands(build, source, program))
            text = (ROOT / source).read_text(encoding="utf-8")
            if not survives("unchanged", text, *how, folder):
                print(f"mutate_oracle: {program} fails without any mutation of {source}", file=sys.stderr)
                return 2
            for what, mutant in mutants(text, function):
                if not options.only.search(what):
                    continue
                everything.append(what)
                jobs[pool.submit(survives, len(everything), mutant, *how, folder)] = what
        for job in concurrent.futures.as_completed(jobs):
            done += 1
            try:
                if job.result():
                    survivors.append(jobs[job])
            except (RuntimeError, subprocess.TimeoutExpired) as problem:
                broken.append(f"{jobs[job]}: {problem}")
            if done % 50 == 0:
                print(f"{done}/{len(jobs)}", file=sys.stderr)
    for what in sorted(survivors):
        print(f"SURVIVED {what}")
    for what in sorted(broken):
        print(f"NOT BUILT {what}")
    print(f"{len(everything)} mutants of the tables, {len(survivors)} survived, {len(broken)} could not be built")
    if broken:
        return 2
    return 1 if survivors or not everything else 0


if __name__ == "__main__":
    sys.exit(main())
