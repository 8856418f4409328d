#!/usr/bin/env python3
"""Runs live fuzz targets for a moment against `ssm-conformance serve`.

    live_run.py --tool ssm-conformance --target request_live --corpus DIR [--seconds N] [--serve ARG]...
                [--other ARG]... [--spawn] [--least N] [--expect SIGNATURE-PART]... [--nothing-to-do]

Without --expect nothing may be found; with it, every part must stand in the signature of some finding, and
nothing else may be found. With --spawn the target starts the endpoint by itself. With
--nothing-to-do it must end at once and say why. Exit status 1 with what is wrong.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile


def serve(tool, arguments, environment):
    process = subprocess.Popen([tool, "serve", "--port", "0", *arguments], env=environment, text=True,
                               stdout=subprocess.PIPE)
    line = process.stdout.readline()
    found = re.search(r"https?://\S+", line)
    if not found:
        process.terminate()
        process.wait()
        sys.exit(f"the endpoint did not start: {line}")
    return process, found.group(0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--corpus", action="append", default=[])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--serve", action="append", default=[])
    parser.add_argument("--other", action="append")
    parser.add_argument("--spawn", action="store_true")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--least", type=int, default=100)
    parser.add_argument("--expect", action="append", default=[])
    parser.add_argument("--nothing-to-do", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "SSM_"))}
    environment.update(AWS_ACCESS_KEY_ID="AKIDLIVERUN", AWS_SECRET_ACCESS_KEY="a-secret-of-the-test",
                       AWS_EC2_METADATA_DISABLED="true")
    processes = []
    with tempfile.TemporaryDirectory() as folder:
        findings = os.path.join(folder, "findings")
        grown = os.path.join(folder, "grown")
        os.mkdir(grown)
        environment.update(SSM_FINDINGS_DIR=findings, SSM_FUZZ_TIMEOUT="20", HOME=folder)
        try:
            if arguments.spawn:
                environment["SSM_FUZZ_SPAWN"] = " ".join(
                    [f"exec '{arguments.tool}' serve --port {{port}}", *arguments.serve])
            else:
                extra = ["--tls", os.path.join(folder, "tls")] if arguments.tls else []
                process, url = serve(arguments.tool, [*arguments.serve, *extra], environment)
                processes.append(process)
                environment["AWS_ENDPOINT_URL"] = url
                if arguments.tls:
                    environment["SSM_FUZZ_CA_BUNDLE"] = os.path.join(folder, "tls", "ca.pem")
            if arguments.other is not None:
                process, url = serve(arguments.tool, arguments.other, environment)
                processes.append(process)
                environment["SSM_FUZZ_OTHER_URL"] = url
            run = subprocess.run(
                [arguments.target, f"-max_total_time={arguments.seconds}", f"-seed={arguments.seed}", "-timeout=60",
                 "-print_final_stats=1", f"-artifact_prefix={folder}/", grown, *arguments.corpus],
                env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace",
                timeout=arguments.seconds * 4 + 300)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()
        tail = run.stdout[-6000:]
        if arguments.nothing_to_do:
            if run.returncode != 5 or not re.search(r"(?m)^live: not run: \S", run.stdout):
                sys.exit(f"{tail}\nexit status {run.returncode}, or not said why")
            return
        problems = []
        if run.returncode != 0:
            problems.append(f"exit status {run.returncode}")
        summary = re.search(r"live: \S+: (\d+) requests", run.stdout)
        if not summary:
            problems.append("no summary")
        elif int(summary.group(1)) < arguments.least:
            problems.append(f"only {summary.group(1)} requests")
        if "left behind" in run.stdout:
            problems.append("resources were left behind")
        index = os.path.join(findings, "index.json")
        signatures = []
        if os.path.exists(index):
            with open(index, encoding="utf-8") as file:
                signatures = [f["signature"] for f in json.load(file)["findings"]]
        else:
            problems.append("no index of findings")
        for part in arguments.expect:
            if not any(part in s for s in signatures):
                problems.append(f"not found: {part}")
        for signature in signatures:
            if not any(part in signature for part in arguments.expect):
                problems.append(f"found: {signature}")
                for name in sorted(os.listdir(findings)):
                    if name.endswith(".md"):
                        with open(os.path.join(findings, name), encoding="utf-8") as file:
                            problems.append(file.read()[:4000])
                break
        print(tail)
        if problems:
            sys.exit("\n".join(problems))
        print(f"{summary.group(1)} requests, {len(signatures)} findings")


if __name__ == "__main__":
    main()
