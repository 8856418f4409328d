#!/usr/bin/env python3
"""The program together with programs that other people wrote, as users put them together.

    scripts/in_venv.sh scripts/check_with_others.py --tool build/release/conformance/ssm-conformance spawn|clients

`spawn`: the program starts moto and MiniStack itself, and keeps a baseline of what they do wrong. `clients`: boto3 and the AWS
CLI against `serve`, which verifies their signatures. What each endpoint answers, case by case, is for
conformance/e2e/real/recorded.py. ctest runs both (label `real`).

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
SPAWNED = {
    "moto": "{venv}/bin/moto_server -H 127.0.0.1 -p {{port}}",
    "ministack": "env GATEWAY_PORT={{port}} BIND_HOST=127.0.0.1 IOT_MTLS_ENABLED=0 PERSIST_STATE=0 {venv}/bin/ministack",
}
FEW = ["--filter", "DescribeDocumentPermission/MaxResults/*", "--filter", "Protocol/target/*"]
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example/secret+key", "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "",
}
FAILURES = []


def check(holds, what):
    print(f"{'ok  ' if holds else 'FAIL'} {what}", flush=True)
    if not holds:
        FAILURES.append(what)


def execute(*command, limit=None):
    """Exit status, standard output, standard error; with a limit on the memory of the program and all that it starts."""
    done = subprocess.run(
        [str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))) if limit else None)
    return done.returncode, done.stdout, done.stderr


def spawn(tool, folder):
    for kind, command in SPAWNED.items():
        def run(*arguments):
            # Some requests make moto take all the memory that there is; then it shall die before the machine does.
            return execute(tool, "run", "--spawn", command.format(venv=sys.prefix), *FEW, *arguments, limit=4 << 30)

        baseline, results = f"{folder}/{kind}.json", f"{folder}/{kind}.jsonl"
        status, out, err = run("--baseline", baseline, "--update-baseline", "--results", results)
        check(status in (0, 1), f"{kind}: started, judged and ended, with {status} {out + err if status > 1 else ''}")
        lines = [json.loads(line) for line in pathlib.Path(results).read_text(encoding="utf-8").splitlines()]
        summary = lines[-1]
        check(not summary["endpoint_lost"] and not summary["left_behind"], f"{kind}: lived to the end, nothing left behind")
        verdicts = {case["id"]: case["verdict"] for case in lines[1:-1]}
        check(not {"ERROR", "FLAKY"} & set(verdicts.values()), f"{kind}: no case is in error or flaky")
        above = verdicts["DescribeDocumentPermission/MaxResults/range/above-maximum"]
        check(above == {"moto": "FAIL", "ministack": "NOT_IMPLEMENTED"}[kind], f"{kind}: MaxResults 201 is {above}")
        status, out, err = run("--baseline", baseline)
        # MiniStack has neither operation, and a run that judged none is never a success.
        expected = {"moto": 0, "ministack": 1}[kind]
        check(status == expected, f"{kind}: by its own baseline {status} {out + err if status != expected else ''}")


@contextlib.contextmanager
def serving(tool, *arguments):
    """The reference endpoint's URL and what it printed; ended as a person would, by Ctrl-C."""
    with subprocess.Popen([tool, "serve", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as server:
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


def clients(tool, _folder):
    os.environ.update(KEYS)  # for serve too: it verifies with these
    with serving(tool, "--auth") as (url, text):
        node = re.search(r"connected node: (\S+)", text).group(1)
        status, out, err = execute(sys.executable, ROOT / "scripts/drive_boto3.py", "--endpoint-url", url, "--signatures",
                                   "--region", KEYS["AWS_REGION"])
        check(status == 0, f"boto3\n{out}{err}")

        def aws(*arguments):
            return execute(f"{sys.prefix}/bin/aws", "ssm", "--endpoint-url", url, "--output", "json", *arguments)

        status, out, err = aws("get-connection-status", "--target", node)
        check(status == 0 and json.loads(out) == {"Target": node, "Status": "connected"}, f"aws get-connection-status {out}{err}")
        content = json.dumps({"schemaVersion": "2.2", "description": "x", "mainSteps": []})
        status, out, err = aws("create-document", "--name", "from-the-cli", "--content", content, "--document-type", "Command")
        check(status == 0, f"aws create-document {err}")
        status, out, err = aws("describe-document-permission", "--name", "from-the-cli", "--permission-type", "Share")
        check(status == 0 and json.loads(out) == {"AccountIds": [], "AccountSharingInfoList": []},
              f"aws describe-document-permission {out}{err}")
        status, out, err = aws("describe-document-permission", "--name", "never-created", "--permission-type", "Share")
        check(status != 0 and "(InvalidDocument)" in err, f"aws describe-document-permission, no document {err.strip()}")

        status, out, err = aws("update-document", "--name", "from-the-cli", "--content", content.replace('"x"', '"y"'), "--document-version",
                               "$LATEST", "--query", "DocumentDescription.DocumentVersion")
        check(status == 0 and json.loads(out) == "2", f"aws update-document {out}{err}")
        status, out, err = aws("get-document", "--name", "from-the-cli", "--query", "Content")
        check(status == 0 and json.loads(out) == content, f"aws get-document {out}{err}")
        status, out, err = aws("send-command", "--document-name", "never-created", "--targets", "Key=tag:a,Values=b")
        check(status != 0 and "(InvalidDocument)" in err, f"aws send-command, no document {err.strip()}")

        status, out, err = aws("put-parameter", "--name", "/from/the-cli", "--value", "one", "--type", "String")
        check(status == 0 and json.loads(out) == {"Version": 1, "Tier": "Standard"}, f"aws put-parameter {out}{err}")
        status, out, err = aws("get-parameters-by-path", "--path", "/from", "--recursive", "--query", "Parameters[].Value")
        check(status == 0 and json.loads(out) == ["one"], f"aws get-parameters-by-path {out}{err}")
        status, out, err = aws("get-parameter", "--name", "/from/nobody")
        check(status != 0 and "(ParameterNotFound)" in err, f"aws get-parameter, no parameter {err.strip()}")
        status, out, err = aws("delete-parameters", "--names", "/from/the-cli", "/from/nobody")
        check(status == 0 and json.loads(out) == {"DeletedParameters": ["/from/the-cli"], "InvalidParameters": ["/from/nobody"]},
              f"aws delete-parameters {out}{err}")

        status, out, err = execute(tool, "run", "--endpoint-url", url)
        check(status == 0, f"this program, over the network and signed {out + err if status else ''}")
        os.environ["AWS_SECRET_ACCESS_KEY"] = "another"
        status, out, err = aws("get-connection-status", "--target", node)
        check(status != 0 and "InvalidSignatureException" in err, f"aws with a wrong key {err.strip()}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    parser.add_argument("what", choices=["spawn", "clients"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ssmc-others-") as folder:
        {"spawn": spawn, "clients": clients}[options.what](str(options.tool.resolve()), folder)
    print(f"{len(FAILURES)} not as expected" if FAILURES else "all as expected")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
