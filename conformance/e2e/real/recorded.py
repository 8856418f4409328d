#!/usr/bin/env python3
"""Judges endpoints that other people wrote, and compares every verdict with the one on record.

    scripts/in_venv.sh conformance/e2e/real/recorded.py --tool PROGRAM moto|ministack|tls|schemas
    scripts/record_baselines.sh                  makes the records again, after a look at what changed

The record of an endpoint is <name>.baseline.json (each case that fails, with the rules that it breaks) and
<name>.counts.json (cases by operation and verdict, so that none goes missing unseen). The whole suite is run three times,
each in another order; all three must agree. For moto, a sample of the failures is then reproduced by bash, from the lines
that the report gives, and must be answered with the recorded status.

`tls` drives the reference endpoint with boto3 over TLS, signatures verified; `schemas` checks our data by their schemas.

Exit status 0 as recorded, 1 not.
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import random
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
SAMPLE = 25
START_SECONDS = 120
MEMORY = 4 << 30  # some requests make moto take all that there is
COMMANDS = {
    "moto": ({}, ["moto_server", "-H", "127.0.0.1", "-p", "{port}"]),
    "ministack": ({"GATEWAY_PORT": "{port}", "BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0", "PERSIST_STATE": "0"},
                  ["ministack"]),
}
FAILURES = []


def check(holds, what):
    print(f"{'ok  ' if holds else 'FAIL'} {what}", flush=True)
    if not holds:
        FAILURES.append(what)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextlib.contextmanager
def endpoint(name, venv, folder):
    """The endpoint in a process group of its own; gives its URL."""
    port = free_port()
    variables, command = COMMANDS[name]
    command = [str(venv / "bin" / command[0])] + [part.format(port=port) for part in command[1:]]
    if shutil.which("prlimit"):
        command = ["prlimit", f"--as={MEMORY}", *command]
    environment = {**os.environ, **{key: value.format(port=port) for key, value in variables.items()}}
    with open(folder / f"{name}.log", "wb") as log:
        server = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder,
                                  start_new_session=True)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not answers(port):
                if server.poll() is not None or time.monotonic() > deadline:
                    sys.exit(f"{name} does not start:\n{(folder / f'{name}.log').read_text()[-3000:]}")
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(timeout=0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def run(tool, folder, url, *arguments, seed=1):
    """One run: its exit status, the lines of its result file, and what it printed."""
    results = folder / f"results-{seed}.jsonl"
    # Patient, so that a loaded machine changes no verdict.
    patience = ["--connect-timeout", "60", "--timeout", "20", "--connections", "4"]
    done = subprocess.run([str(tool), "run", "--endpoint-url", url, "--seed", str(seed), "--results", str(results),
                           *patience, *arguments],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=800, check=False)
    lines = []
    if results.exists():
        lines = [json.loads(line) for line in results.read_text(encoding="ascii").splitlines()]
    return done.returncode, lines, done.stdout + done.stderr


def cases_of(lines):
    return {line["id"]: line for line in lines if line["kind"] == "case"}


def counts_of(cases):
    """Cases by operation and verdict, as they were before the baseline was applied."""
    before = {"XFAIL": "FAIL", "XPASS": "PASS"}
    counts = collections.defaultdict(collections.Counter)
    for case in cases.values():
        counts[case["operation"]][before.get(case["verdict"], case["verdict"])] += 1
    return {operation: dict(sorted(counts[operation].items())) for operation in sorted(counts)}


def record(name, tool, venv, folder):
    baseline = folder / "baseline.json"
    with endpoint(name, venv, folder) as url:
        status, lines, output = run(tool, folder, url, "--baseline", str(baseline), "--update-baseline")
    print(output[-3000:])
    if status not in (0, 1) or lines[-1]["kind"] != "summary":
        sys.exit(f"the run against {name} ended with {status}")
    counts = counts_of(cases_of(lines))
    shutil.copyfile(baseline, HERE / f"{name}.baseline.json")
    (HERE / f"{name}.counts.json").write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")
    print(f"{name}: {json.dumps(counts)}")


def compare(name, tool, venv, folder):
    baseline = HERE / f"{name}.baseline.json"
    recorded = json.loads((HERE / f"{name}.counts.json").read_text(encoding="utf-8"))
    expected = set(json.loads(baseline.read_text(encoding="utf-8"))["expected_failures"])
    first = {}
    for seed in (1, 2, 3):
        # A fresh one each time: what an endpoint took although it should have refused it, it may fail on for ever.
        with endpoint(name, venv, folder) as url:
            status, lines, output = run(tool, folder, url, "--baseline", str(baseline), seed=seed)
            cases = cases_of(lines)
            summary = lines[-1] if lines else {}
            check(summary.get("kind") == "summary" and not summary["endpoint_lost"], f"run {seed} came to its end")
            check(not summary.get("left_behind"), f"run {seed} left nothing behind")
            bad = [f"{i} is {c['verdict']} ({', '.join(sorted({f['rule'] for f in c['findings']}))})"
                   for i, c in cases.items() if c["verdict"] in ("FAIL", "FLAKY", "ERROR", "XPASS")]
            check(not bad, f"run {seed}: every verdict is the one on record" +
                  "".join(f"\n       {line}" for line in bad[:30]))
            check({i for i, c in cases.items() if c["verdict"] == "XFAIL"} == expected, f"run {seed}: every failure on record")
            counts = counts_of(cases)
            check(counts == recorded, f"run {seed}: as many cases of each verdict as on record" +
                  ("" if counts == recorded else f"\n       now    {json.dumps(counts)}\n       record {json.dumps(recorded)}"))
            judged = any(verdict in ("PASS", "FAIL") for operation, of in recorded.items() if operation != "Protocol"
                         for verdict in of)
            check(status == (0 if judged else 1), f"run {seed}: exit status {status}")
            verdicts = {i: c["verdict"] for i, c in cases.items()}
            first = first or verdicts
            check(verdicts == first, f"run {seed} agrees with the first")
            if bad:
                print(output[-4000:])
                break
            if name == "moto" and seed == 3:
                reproduce(cases, url, name, venv, folder)


LAST = "@@ the last line @@"


def answer_to(lines):
    """The status of the answer to the last of these lines, which are given to one bash: a line may keep an id for later ones."""
    script = "\n".join([*lines[:-1], f"echo {shlex.quote(LAST)}", lines[-1]])
    done = subprocess.run(["bash", "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          timeout=60 * len(lines), check=False)
    output = done.stdout.decode("latin-1").rpartition(LAST)[2]
    found = [status for status in re.findall(r"^HTTP/\S+ (\d+)", output, re.MULTILINE) if status != "100"]
    return found[0] if found else "no answer"


def reproduce(cases, url, endpoint_name, venv, folder):
    """Sends what the report says to send, and looks whether the answer is the one that it shows."""
    seed = random.SystemRandom().randrange(2**32)
    failures = sorted(i for i, c in cases.items() if c["verdict"] == "XFAIL" and c["source"] != "scenario")
    sample = random.Random(seed).sample(failures, min(SAMPLE, len(failures)))
    print(f"reproducing {len(sample)} of {len(failures)} failures, seed {seed}")
    for name in sample:
        case = cases[name]
        shown = case["response"] if isinstance(case["response"], str) else ""
        wanted = re.match(r"HTTP/\S+ (\d+)", shown)
        wanted = wanted.group(1) if wanted else "no answer"
        got = answer_to(case["reproduce"])
        if got != wanted:
            # What a run, and other cases' lines, have left behind may be in the way: a command that was sent, say.
            fresh = folder / "fresh"
            fresh.mkdir(exist_ok=True)
            with endpoint(endpoint_name, venv, fresh) as other:
                got = answer_to([line.replace(url.split("//")[1], other.split("//")[1]) for line in case["reproduce"]])
        check(got == wanted, f"{name}: {got}" + ("" if got == wanted else f", but {wanted} was shown\n       {case['reproduce'][-1][:500]}"))


def tls(tool, folder):
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example/secret+key",
                   "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    with subprocess.Popen([str(tool), "serve", "--auth", "--tls", str(folder / "tls")], env=environment, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as server:
        try:
            url = re.search(r"https://\S+", server.stdout.readline()).group()
            for arguments in (["--ca-bundle", str(folder / "tls" / "ca.pem"), "--signatures"],):
                done = subprocess.run([sys.executable, str(ROOT / "scripts/drive_boto3.py"), "--endpoint-url", url, *arguments],
                                      env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                                      check=False)
                check(done.returncode == 0, f"boto3 over TLS\n{done.stdout}{done.stderr}")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)


# A finding as fuzzing records it, of a defect that the reference endpoint does not have.
FINDING = """# the request was accepted (200) although MaxResults is 201
# @signature DescribeDocumentPermission|outcome/accepted|range:MaxResults|200
# @rule outcome/accepted
# @operation DescribeDocumentPermission
# @state open
# @seen 3
# @first-seen 2026-11-24T19:45:55Z
# @last-seen 2026-11-24T19:46:01Z
# @endpoint http://127.0.0.1:4566
POST / HTTP/1.1
X-Amz-Target: AmazonSSM.DescribeDocumentPermission
Content-Type: application/x-amz-json-1.1

{"Name":"{{document}}","PermissionType":"Share","MaxResults":201}
"""
FINDING_ID = "describe-document-permission-outcome-accepted-range-max-results-200-d85507c7"


def schemas(tool, folder):
    import jsonschema

    def wrong(schema_name, path):
        schema = json.loads((ROOT / "conformance/schemas" / schema_name).read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        data = json.loads(path.read_text(encoding="utf-8"))
        return [f"{e.json_path}: {e.message[:200]}" for e in jsonschema.Draft202012Validator(schema).iter_errors(data)]

    suites = sorted((ROOT / "conformance/ssm").glob("*/suites/*.json"))
    check(bool(suites), f"{len(suites)} suites")
    for path in suites:
        errors = wrong("suite.schema.json", path)
        check(not errors, f"{path.name} {errors[:3] or ''}")
    for path in [*sorted((ROOT / "conformance/ssm").glob("*/clauses.json")), ROOT / "conformance/cli/clauses_by_model.json"]:
        errors = wrong("clauses.schema.json", path)
        check(not errors, f"{path.relative_to(ROOT)} {errors[:3] or ''}")
    for name in ("families", "resources"):
        errors = wrong(f"{name}.schema.json", ROOT / f"conformance/ssm/{name}.json")
        check(not errors, f"{name}.json {errors[:3] or ''}")
    results = folder / "results.jsonl"
    subprocess.run([tool, "run", "--operation", "tags", "--operation", "commands", "--results", results], capture_output=True,
                   timeout=600, check=False)
    of_lines = jsonschema.Draft202012Validator(
        json.loads((ROOT / "conformance/schemas/result.schema.json").read_text(encoding="utf-8")))
    lines = [json.loads(line) for line in results.read_text(encoding="ascii").splitlines()] if results.exists() else []
    errors = [error.message[:200] for line in lines for error in of_lines.iter_errors(line)]
    check(lines and not errors, f"the {len(lines)} lines of a result file {errors[:3] or ''}")
    board, badge = folder / "board.json", folder / "badge.json"
    subprocess.run([tool, "report", results, "--badge", badge], capture_output=True, timeout=600, check=False)
    subprocess.run([tool, "board", results, f"again={results}", "--json", board], capture_output=True, timeout=600, check=False)
    for name, path in (("board", board), ("badge", badge)):
        errors = wrong(f"{name}.schema.json", path) if path.exists() else ["none"]
        check(not errors, f"{path.name} {errors[:3] or ''}")
    vectors = folder / "vectors"
    subprocess.run([tool, "export", vectors], capture_output=True, timeout=600, check=False)
    files = sorted(vectors.glob("*.json"))
    errors = [f"{path.name}: {error}" for path in files for error in wrong("vectors.schema.json", path)]
    check(len(files) > 150 and not errors, f"{len(files)} files of vectors {errors[:3] or ''}")
    index = json.loads((vectors / "index.json").read_text(encoding="utf-8"))
    named = {name for path in files for name in re.findall(r"\{\{([a-z][a-z0-9_-]*)", path.read_text(encoding="utf-8"))
             if path.name != "index.json"}
    unknown = named - set(index["values"]) - set(index["placeholders"])
    check(not unknown, f"every placeholder of a vector is explained {sorted(unknown) or ''}")
    written = folder / "written.baseline.json"
    done = subprocess.run([tool, "run", "--filter", "*/scenario/*", "--baseline", written, "--update-baseline"],
                          capture_output=True, text=True, timeout=600)
    check(done.returncode == 0 and written.exists(), f"a baseline is written\n{done.stdout[-2000:]}{done.stderr}")
    for path in [*([written] if written.exists() else []), *sorted(HERE.glob("*.baseline.json"))]:
        errors = wrong("baseline.schema.json", path)
        check(not errors, f"{path.name} {errors[:3] or ''}")
    (folder / f"{FINDING_ID}.http").write_text(FINDING, encoding="utf-8")
    with subprocess.Popen([tool, "serve"], text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as server:
        try:
            url = re.search(r"http://\S+", server.stdout.readline()).group()
            done = subprocess.run([tool, "findings", folder, "--endpoint-url", url], capture_output=True, text=True, timeout=600)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)
    index = folder / "index.json"
    check(done.returncode == 0 and index.exists(), f"findings of the reference\n{done.stdout}{done.stderr}")
    errors = wrong("findings.schema.json", index) if index.exists() else ["none"]
    check(not errors, f"index.json {errors[:3] or ''}")
    listed = json.loads(index.read_text(encoding="utf-8"))["findings"] if index.exists() else []
    check([f["state"] for f in listed] == ["fixed"], "the reference endpoint does not have it: fixed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    parser.add_argument("--record", action="store_true", help="make the record instead of comparing with it")
    parser.add_argument("kind", choices=[*COMMANDS, "tls", "schemas"])
    options = parser.parse_args()
    tool, venv = options.tool.resolve(), pathlib.Path(os.environ.get("SSMC_VENV", sys.prefix))
    with tempfile.TemporaryDirectory(prefix="ssmc-recorded-") as folder:
        folder = pathlib.Path(folder)
        if options.kind == "schemas":
            schemas(tool, folder)
        elif options.kind == "tls":
            tls(tool, folder)
        elif options.record:
            record(options.kind, tool, venv, folder)
        else:
            compare(options.kind, tool, venv, folder)
    print(f"{len(FAILURES)} not as expected" if FAILURES else "all as expected")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
