#!/usr/bin/env python3
"""Runs ssm-conformance against endpoints that other people wrote, and checks what is known of their answers.

    scripts/in_venv.sh scripts/check_real_endpoints.py --tool build/release/conformance/ssm-conformance moto|ministack|serve

`moto` and `ministack` judge these two (from scripts/requirements.txt); `serve` starts the reference endpoint for the clients
that people use, boto3 and the AWS CLI. ctest runs all three (label `real`). The pinned versions make the expectations
certain: where one changes with a new version, look at the new answer before changing it here.

Exit status 0 as expected, 1 not.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What cases must come to. `*` at the end of an id stands for every case that starts so.
EXPECTED = {
    "moto": {
        "exit": 1,
        "verdicts": {
            "DescribeDocumentPermission/implemented": "PASS",
            "DescribeDocumentPermission/documents/never-created": "PASS",
            "DescribeDocumentPermission/scenario/share-becomes-visible": "PASS",
            "DescribeDocumentPermission/scenario/delete-while-shared": "PASS",
            "DescribeDocumentPermission/scenario/paging/45-accounts-by-1": "FAIL",  # MaxResults is ignored
            "DescribeDocumentPermission/MaxResults/range/above-maximum": "FAIL",
            "DescribeDocumentPermission/MaxResults/range/below-minimum": "FAIL",
            "DescribeDocumentPermission/MaxResults/range/maximum": "PASS",
            "DescribeDocumentPermission/PermissionType/enum/unknown": "FAIL",
            "DescribeDocumentPermission/PermissionType/required/missing": "FAIL",
            "GetConnectionStatus/*": "NOT_IMPLEMENTED",  # once, not three hundred failures
            "Protocol/target/unknown-operation": "FAIL",  # 500, as HTML
            "Protocol/scenario/connection-survives-errors": "PASS",
        },
    },
    "ministack": {
        "verdicts": {
            "DescribeDocumentPermission/*": "NOT_IMPLEMENTED",
            "GetConnectionStatus/*": "NOT_IMPLEMENTED",
            "Protocol/target/unknown-operation": "PASS",
            "Protocol/scenario/connection-survives-errors": "PASS",
        },
    },
}
COMMANDS = {
    "moto": "{venv}/bin/moto_server -H 127.0.0.1 -p {{port}}",
    "ministack": "env GATEWAY_PORT={{port}} BIND_HOST=127.0.0.1 IOT_MTLS_ENABLED=0 PERSIST_STATE=0 {venv}/bin/ministack",
}
FAILURES = []


def check(holds, what):
    print(f"{'ok  ' if holds else 'FAIL'} {what}", flush=True)
    if not holds:
        FAILURES.append(what)


def run(tool, *arguments):
    """The tool's exit status and output. It and what it spawns get 4 GiB, so that no endpoint takes the machine along."""
    limit = 4 << 30
    done = subprocess.run(
        [str(tool), *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    return done.returncode, done.stdout


def matching(pattern, verdicts):
    return [name for name in verdicts if name == pattern or (pattern.endswith("*") and name.startswith(pattern[:-1]))]


def check_results(kind, lines):
    header, *cases, summary = lines
    check(header["kind"] == "run" and summary["kind"] == "summary", "the result file has a header and a summary")
    verdicts = {case["id"]: case["verdict"] for case in cases}
    for pattern, expected in EXPECTED[kind]["verdicts"].items():
        names = matching(pattern, verdicts)
        others = [f"{name} {verdicts[name]}" for name in names if verdicts[name] != expected]
        check(names and not others, f"{pattern} is {expected}" + (f", but: {', '.join(others[:5])}" if others else ""))
    for verdict in ("ERROR", "FLAKY"):
        names = [name for name, found in verdicts.items() if found == verdict]
        check(not names, f"no case is {verdict}" + (f", but: {', '.join(names[:5])}" if names else ""))
    check(not summary["endpoint_lost"], "the endpoint lived to the end")
    check(not summary["left_behind"], "nothing was left behind")


def check_schema(lines):
    import jsonschema

    schema = json.loads((ROOT / "conformance/schemas/result.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    wrong = [error.message for line in lines for error in validator.iter_errors(line)]
    check(not wrong, "every line of the result file keeps to the schema" + (f", but: {wrong[0][:300]}" if wrong else ""))


def check_junit(path):
    schema = os.environ.get("SSMC_JUNIT_XSD")
    if schema:
        done = subprocess.run(["xmllint", "--noout", "--schema", schema, str(path)], capture_output=True, text=True, check=False)
        check(done.returncode == 0, f"the JUnit report keeps to the schema {done.stderr[:300] if done.returncode else ''}")


def endpoint(kind, tool, venv, folder):
    """Judges an endpoint, then judges it again with what was found as its baseline."""
    spawn = ["--spawn", COMMANDS[kind].format(venv=venv)]
    status, output = run(tool, "run", *spawn, "--results", f"{folder}/results.jsonl", "--junit", f"{folder}/junit.xml")
    print(output)
    if "exit" in EXPECTED[kind]:
        check(status == EXPECTED[kind]["exit"], f"exit status {status}")
    check(status in (0, 1), "the run came to its end")
    lines = [json.loads(line) for line in pathlib.Path(folder, "results.jsonl").read_text(encoding="utf-8").splitlines()]
    check_results(kind, lines)
    check_schema(lines)
    check_junit(f"{folder}/junit.xml")

    some = ["--filter", "DescribeDocumentPermission/MaxResults/*", "--filter", "Protocol/target/*"]
    status, output = run(tool, "run", *spawn, *some, "--baseline", f"{folder}/baseline.json", "--update-baseline")
    check(status in (0, 1), "a baseline can be written" + (output if status > 1 else ""))
    status, output = run(tool, "run", *spawn, *some, "--baseline", f"{folder}/baseline.json")
    check(status == 0, "with its own failures as the baseline it is kept" + (output if status else ""))


@contextlib.contextmanager
def serving(tool, *arguments):
    """The reference endpoint's URL and the lines that it printed; ended as a person would, by Ctrl-C."""
    with subprocess.Popen([str(tool), "serve", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as server:
        try:
            text = ""
            for line in server.stdout:
                text += line
                if line.startswith("connected node:"):
                    break
            found = re.search(r"serving SSM at (\S+)", text)
            if not found:
                raise RuntimeError(f"serve did not say where: {text!r}")
            yield found.group(1), text
        finally:
            server.send_signal(signal.SIGINT)
            try:
                check(server.wait(timeout=20) == 0, "serve ends with 0 on Ctrl-C")
            except subprocess.TimeoutExpired:
                server.kill()
                check(False, "serve ends on Ctrl-C")


def clients(tool, venv, folder):
    """boto3 and the AWS CLI against the reference endpoint, which verifies their signatures."""
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example/secret+key", "AWS_REGION": "eu-west-1",
            "AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": ""}
    os.environ.update(keys)  # for serve too: it verifies with these
    with serving(tool, "--auth") as (url, text):
        done = subprocess.run(
            [sys.executable, ROOT / "scripts/drive_boto3.py", "--endpoint-url", url, "--signatures",
             "--region", keys["AWS_REGION"]],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
        check(done.returncode == 0, f"boto3\n{done.stdout}")
        node = re.search(r"connected node: (\S+)", text).group(1)

        def aws(*arguments):
            command = [f"{venv}/bin/aws", "ssm", "--endpoint-url", url, "--output", "json", *arguments]
            answer = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
            return answer.returncode, answer.stdout if answer.returncode == 0 else answer.stderr

        status, answer = aws("get-connection-status", "--target", node)
        check(status == 0 and json.loads(answer) == {"Target": node, "Status": "connected"}, f"aws get-connection-status: {answer}")
        content = json.dumps({"schemaVersion": "2.2", "description": "x", "mainSteps": []})
        status, answer = aws("create-document", "--name", "from-the-cli", "--content", content, "--document-type", "Command")
        check(status == 0, f"aws create-document: {answer if status else ''}")
        status, answer = aws("describe-document-permission", "--name", "from-the-cli", "--permission-type", "Share")
        check(status == 0 and json.loads(answer) == {"AccountIds": [], "AccountSharingInfoList": []},
              f"aws describe-document-permission: {answer}")
        status, answer = aws("describe-document-permission", "--name", "never-created", "--permission-type", "Share")
        check(status != 0 and "(InvalidDocument)" in answer, f"aws describe-document-permission, no document: {answer.strip()}")

        status, answer = run(tool, "run", "--endpoint-url", url)
        check(status == 0, f"this tool, over the network and signed: {answer if status else 'kept'}")
        os.environ["AWS_SECRET_ACCESS_KEY"] = "another"
        status, answer = aws("get-connection-status", "--target", node)
        check(status != 0 and "InvalidSignatureException" in answer, f"aws with a wrong key: {answer.strip()}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    parser.add_argument("kind", choices=["moto", "ministack", "serve"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ssmc-real-") as folder:
        if options.kind == "serve":
            clients(options.tool.resolve(), sys.prefix, folder)
        else:
            endpoint(options.kind, options.tool.resolve(), sys.prefix, folder)
    print(f"{len(FAILURES)} not as expected" if FAILURES else "all as expected")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
