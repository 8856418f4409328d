#!/usr/bin/env python3
"""Counts single tests of one ctest run: prints `passed failed skipped`.

    scripts/count_tests.py CTEST_JUNIT GTEST_XML_FOLDER

A ctest test that is a GoogleTest program counts as the tests that the program reported; any other counts as one. A
program that failed without a failed test in its report (a crash, a leak found at exit, a timeout) adds one failure.
Names of failed tests go to standard error.
"""

import pathlib
import sys
import xml.etree.ElementTree as ET


def count_program(reports):
    """Sums the reports of one GoogleTest program -> (passed, failed, skipped)."""
    passed = failed = skipped = 0
    for report in reports:
        for case in ET.parse(report).getroot().iter("testcase"):
            name = f"{case.get('classname')}.{case.get('name')}"
            if case.get("status") == "notrun" or case.get("result") in {"skipped", "suppressed"}:
                skipped += 1
            elif case.find("failure") is not None or case.find("error") is not None:
                failed += 1
                print(f"  failed: {name}", file=sys.stderr)
            else:
                passed += 1
    return passed, failed, skipped


def reports_of(folder, test):
    """GoogleTest names its reports after the program; a second run of the same program gets `_1` and so on."""
    return [path for path in folder.glob(f"{test}*.xml") if path.stem == test or path.stem[len(test):].lstrip("_").isdigit()]


def main() -> int:
    junit, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    total = [0, 0, 0]
    for case in ET.parse(junit).getroot().iter("testcase"):
        name, status = case.get("name"), case.get("status")
        skipped = case.find("skipped")
        if skipped is not None and skipped.get("message", "").startswith("Unable to find executable"):
            total[1] += 1  # it was not built
            print(f"  not built: {name}", file=sys.stderr)
            continue
        if status in {"notrun", "disabled"} or skipped is not None:
            total[2] += 1
            continue
        try:
            counts = count_program(reports_of(folder, name))
        except ET.ParseError:  # the program died while it wrote
            counts = (0, 0, 0)
        if sum(counts) == 0:
            counts = (1, 0, 0) if status == "run" else (0, 0, 0)
        if status != "run" and counts[1] == 0:
            counts = (counts[0], 1, counts[2])
            print(f"  failed: {name}", file=sys.stderr)
        total = [a + b for a, b in zip(total, counts)]
    print(*total)
    return 0


if __name__ == "__main__":
    sys.exit(main())
