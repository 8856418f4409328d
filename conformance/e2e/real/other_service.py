#!/usr/bin/env python3
"""Judges moto's implementation of another service by that service's model alone, as the pinned botocore has it.

    scripts/in_venv.sh conformance/e2e/real/other_service.py --tool PROGRAM kinesis|events

Exit status 0 if as many operations and constraints are judged as are expected at least, what is known to be broken is found, and
nothing is the harness's own fault.
"""

import argparse
import gzip
import os
import pathlib
import sys
import tempfile

import botocore
from recorded import FAILURES, cases_of, check, endpoint, reproduce, run

# Operations, and percent of the constraints on inputs of those that are there, which are judged at least: some below what was measured
# (27 and 8.3 %, 43 and 38 %). And failures that were checked by hand: moto looks at none of these constraints, or fails on what it is sent.
EXPECTED = {
    "kinesis": {
        "version": "2013-12-02", "operations": 22, "coverage": 6,
        "failures": {
            "ListStreams/Limit/range/below-minimum": "outcome/accepted",
            "ListStreams/Limit/range/above-maximum": "outcome/accepted",
            "ListStreams/Limit/type/word": "availability/server-error",
            "PutResourcePolicy/ResourceARN/required/missing": "outcome/accepted",
            "PutResourcePolicy/ResourceARN/pattern/only-exclamation-marks": "outcome/accepted",
            "DescribeStream/StreamARN/type/integer": "availability/server-error",
            "CreateStream/StreamName/required/missing": "availability/server-error",
        },
    },
    "events": {
        "version": "2015-10-07", "operations": 35, "coverage": 30,
        "failures": {
            "CreateEventBus/Name/length/above-maximum": "outcome/accepted",
            "CreateEventBus/Name/required/missing": "availability/server-error",
            "DeleteEventBus/Name/required/missing": "outcome/accepted",
            "ListRules/Limit/range/below-minimum": "outcome/accepted",
            "ListRules/NamePrefix/pattern/only-spaces": "outcome/accepted",
            "PutEvents/Entries.member.EventBusName/length/above-maximum": "outcome/accepted",
            "PutEvents/Entries/length/below-minimum": "outcome/accepted",
            "ListArchives/implemented": "header/content-type",
        },
    },
}


def model_of(service, version, folder):
    """The published model in a file of its own."""
    packed = pathlib.Path(botocore.__file__).parent / "data" / service / version / "service-2.json.gz"
    path = folder / f"{service}.json"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    return path


def judge(service, tool, venv, folder):
    expected = EXPECTED[service]
    model = model_of(service, expected["version"], folder)
    with endpoint("moto", venv, folder) as url:
        status, lines, output = run(tool, folder, url, "--model", str(model))
        cases, summary = cases_of(lines), lines[-1]
        check(status == 1 and summary["kind"] == "summary" and not summary["endpoint_lost"], f"it finds defects: exit status {status}")
        # What changes nothing is shown again by its lines.
        failing = {i: {**c, "verdict": "XFAIL"} for i, c in cases.items()
                   if c["verdict"] == "FAIL" and any(f["rule"] == "availability/server-error" for f in c["findings"])}
        reproduce(failing, url, "moto", venv, folder)
    bad = [f"{i} is {c['verdict']} ({c['reason']})" for i, c in cases.items() if c["verdict"] in ("ERROR", "FLAKY")]
    check(not bad, "no case is ERROR or FLAKY" + "".join(f"\n       {line}" for line in bad[:30]))
    judged = {c["operation"] for c in cases.values() if c["verdict"] in ("PASS", "FAIL")}
    check(len(judged) >= expected["operations"], f"{len(judged)} operations are judged")
    there = [count for count in summary["sites"].values() if count["implemented"]]
    told = sum(count["kept"] + count["broken"] for count in there)
    coverage = 100 * told / max(1, sum(count["all"] for count in there))
    check(coverage >= expected["coverage"], f"{told} constraints are judged, {coverage:.1f} %")
    for case, rule in expected["failures"].items():
        found = {f["rule"] for f in cases.get(case, {"findings": []})["findings"] if f["severity"] == "defect"}
        check(rule in found, f"{case} fails: {', '.join(found) or 'nothing found'}")
    prefix = lines[0]["prefix"]
    check(any(prefix in remark for remark in summary["remarks"]), f"a remark names {prefix}, for what is left there")
    if FAILURES:
        print(output[-4000:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    parser.add_argument("service", choices=EXPECTED)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ssmc-other-") as folder:
        judge(options.service, options.tool.resolve(), pathlib.Path(os.environ.get("SSMC_VENV", sys.prefix)), pathlib.Path(folder))
    print(f"{len(FAILURES)} not as expected" if FAILURES else "all as expected")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
