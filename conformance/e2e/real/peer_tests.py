#!/usr/bin/env python3
"""Runs a peer's tests on the reference endpoint: moto's own tests of SSM, in their server mode.

    scripts/in_venv.sh conformance/e2e/real/peer_tests.py --tool PROGRAM [--keep DIR] [--record] [-k EXPRESSION]

The tests are those of the moto that is installed: they are fetched from the package index, as its source distribution has
them, into a folder that is removed afterwards (--keep: into DIR, where they are found again). Each gets a fresh `serve`.

moto_tests.json holds the tests that fail, each with the reason: what moto does that AWS does not, what is disputed, or what the
reference endpoint has not. A test that fails and is not in it, or passes and is, fails this one. --record lists what fails, for a
look at it; reasons that are there stay.

Exit status 0 as recorded, 1 not, 2 nothing was run.
"""

import argparse
import contextlib
import importlib.metadata
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
RECORD = HERE / "moto_tests.json"
# Those that are about SSM alone. The others also need services that the reference endpoint does not play.
FILES = ["test_ssm.py", "test_ssm_parameterstore.py", "test_ssm_docs.py", "test_ssm_doc_permissions.py",
         "test_ssm_maintenance_windows.py", "test_ssm_patch_baseline.py", "test_ssm_patch_group.py"]
SECONDS = 600

# What pytest loads beside the tests: a fresh endpoint for each, at the one address that moto's decorators read when they are made.
PLUGIN = '''
import os, subprocess
import pytest

@pytest.fixture(autouse=True)
def endpoint():
    url = os.environ["TEST_SERVER_MODE_ENDPOINT"]
    process = subprocess.Popen([os.environ["SSMC_TOOL"], "serve", "--port", url.rpartition(":")[2]], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    try:
        if not any(url in line for line in process.stdout):
            pytest.fail("the reference endpoint does not start")
        yield
    finally:
        process.kill()
        process.wait()
'''


def refuse(text):
    print(f"peer_tests: {text}", file=sys.stderr)
    raise SystemExit(2)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def fetch(folder):
    """The folder that holds moto's tests, below this one."""
    version = importlib.metadata.version("moto")
    root = folder / f"moto-{version}"
    if not (root / "tests" / "test_ssm").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", "moto", "-d", str(folder), f"moto=={version}"]
        got = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        archive = folder / f"moto-{version}.tar.gz"
        if got.returncode != 0 or not archive.exists():
            refuse(f"moto's source distribution cannot be fetched: {(got.stderr.strip().splitlines() or ['no archive'])[-1]}")
        with tarfile.open(archive) as tar:
            wanted = [m for m in tar.getmembers() if re.search(r"/tests/(__init__\.py$|test_ssm/)", m.name)]
            tar.extractall(folder, members=wanted, filter="data")
        archive.unlink()
    return root


def run(tool, root, expression):
    """Outcome by test ("test_ssm_docs.py::test_get_document"), with the last line of what went wrong."""
    (root / "fresh_endpoint.py").write_text(PLUGIN, encoding="utf-8")
    report = root / "report.xml"
    report.unlink(missing_ok=True)
    environment = {**os.environ, "SSMC_TOOL": str(pathlib.Path(tool).resolve()), "TEST_SERVER_MODE": "true", "MOTO_CALL_RESET_API": "false",
                   "TEST_SERVER_MODE_ENDPOINT": f"http://127.0.0.1:{free_port()}", "AWS_DEFAULT_REGION": "us-east-1",
                   "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "fresh_endpoint", "-p", "no:cacheprovider", f"--junitxml={report}",
               "-o", "junit_family=xunit1", *(["-k", expression] if expression else []), *(f"tests/test_ssm/{f}" for f in FILES)]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=SECONDS)
    if not report.exists():
        refuse("pytest ran nothing:\n" + (done.stdout + done.stderr)[-2000:])
    out = {}
    for case in xml.etree.ElementTree.parse(report).iter("testcase"):
        name = f"{pathlib.PurePath(case.get('file', '')).name}::{case.get('name')}"
        problem = next((p for kind in ("failure", "error", "skipped") if (p := case.find(kind)) is not None), None)
        if problem is None:
            out[name] = ("passed", "")
        else:
            text = (problem.get("message") or "").strip().splitlines()
            out[name] = ("skipped" if problem.tag == "skipped" else "failed", text[0][:200] if text else "")
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", required=True)
    parser.add_argument("--keep", metavar="DIR", type=pathlib.Path)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("-k", dest="expression", default="")
    options = parser.parse_args()
    recorded = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {"fails": {}}
    with contextlib.ExitStack() as stack:
        folder = options.keep or pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        results = run(options.tool, fetch(folder.resolve()), options.expression)
    passed = sorted(name for name, (outcome, _) in results.items() if outcome == "passed")
    failed = {name: why for name, (outcome, why) in sorted(results.items()) if outcome == "failed"}
    print(f"{len(passed)} of {len(passed) + len(failed)} of moto's tests pass on the reference endpoint; {len(results) - len(passed) - len(failed)} skip themselves")
    if not passed:
        refuse("none passes: nothing is shown")
    if options.record:
        known = recorded["fails"]
        new = {"fails": {name: known.get(name, f"not looked at: {why}") for name, why in failed.items()}}
        RECORD.write_text(json.dumps(new, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{RECORD.name} holds the {len(failed)} that fail")
        return 0
    problems = [f"{name} fails: {why}" for name, why in failed.items() if name not in recorded["fails"]]
    problems += [f"{name} passes, and is on record as failing" for name in recorded["fails"] if name in results and results[name][0] == "passed"]
    if not options.expression:
        problems += [f"{name} is on record, and there is no such test" for name in recorded["fails"] if name not in results]
    for line in problems:
        print(f"FAIL {line}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
