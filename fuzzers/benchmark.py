#!/usr/bin/env python3
"""How long the live targets take to find the faults that are meant for them, with and without what makes them fast.

    fuzzers/benchmark.py [--faults GLOB] [--configurations GLOB] [--seeds N] [--requests N] [--seconds N] [--jobs N] [--write]

Each fault of `ssm-conformance serve --list-faults` that is marked for fuzzing, in four configurations (response novelty and
the JSON mutator, each on and off), with several seeds: until the target reports a finding, or has sent that many requests (half
as many where something is off), or run that many seconds. Once most of the seeds have found nothing, the others are left out:
they cannot change the median. Prints a Markdown table with medians; --write puts it into fuzzers/README.md.

Every run stands in build/fuzz-benchmark.jsonl, and what stands there is not run again (--afresh runs everything). A build of
the preset `live` is needed:  cmake --preset live && cmake --build --preset live --target live ssm-conformance
Exit status: 0 every fault was found with both; 1 not; 2 wrong usage, or a run that failed.
"""

import argparse
import concurrent.futures
import fnmatch
import itertools
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "live"
TOOL = BUILD / "conformance" / "ssm-conformance"
BEGIN, END = "<!-- benchmark: begin -->", "<!-- benchmark: end -->"
# Seen only by who remembers what was shared; all others show in one answer, or in the one behind it.
SEQUENCES = {"share-then-seven-loses-one", "unshare-between-pages-keeps-one"}
CONFIGURATIONS = {
    "both": {},
    "no novelty": {"SSM_FUZZ_NO_NOVELTY": "1"},
    "no JSON mutator": {"SSM_FUZZ_NO_JSON": "1"},
    "neither": {"SSM_FUZZ_NO_NOVELTY": "1", "SSM_FUZZ_NO_JSON": "1"},
}


def fail(text: str) -> None:
    print(f"benchmark: {text}", file=sys.stderr)
    raise SystemExit(2)


def most_requests(configuration: str, limits) -> int:
    return limits.requests if configuration == "both" else limits.requests // 2


def is_decided(runs, seeds: int) -> bool:
    """Whether the median is beyond the limit whatever further seeds may find."""
    return sum(not r["found"] for r in runs) > seeds // 2


def faults_for_fuzzing():
    listed = subprocess.run([TOOL, "serve", "--list-faults"], capture_output=True, text=True, check=True).stdout
    names = [line.split()[0] for line in listed.splitlines() if re.search(r"\sfuzzing\s", line)]
    if not names:
        fail("serve --list-faults names no fault for fuzzing")
    unknown = SEQUENCES - set(names)
    if unknown:
        fail(f"there is no fault {', '.join(sorted(unknown))}")
    return names


def operations_of(fault: str):
    """What the requests are for: without it, the operations that the referee knows by more than their model."""
    listed = subprocess.run([TOOL, "serve", "--list-faults"], capture_output=True, text=True, check=True).stdout
    line = next(line for line in listed.splitlines() if line.split()[:1] == [fault])
    return {"SSM_FUZZ_OPERATIONS": "*"} if " protocol/model/" in line else {}


def target_of(fault: str) -> str:
    return "sequence_live" if fault in SEQUENCES else "request_live"


def one_run(fault: str, configuration: str, seed: int, limits) -> dict:
    """Fuzzes an endpoint with the fault until something is found. Raises RuntimeError if it did not run."""
    target = target_of(fault)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fuzz-benchmark-"))
    try:
        (folder / "corpus").mkdir()
        env = {k: v for k, v in os.environ.items() if not k.startswith(("SSM_FUZZ_", "AWS_"))}
        env |= CONFIGURATIONS[configuration] | operations_of(fault)
        env |= {"SSM_FUZZ_ABORT": "1", "SSM_FINDINGS_DIR": str(folder / "findings")}
        env["SSM_FUZZ_SPAWN"] = f"{TOOL} serve --port {{port}} --fault {fault}"
        seeds = [ROOT / "corpus" / target.removesuffix("_live")]
        command = [BUILD / "fuzzers" / target, f"-runs={most_requests(configuration, limits)}", f"-max_total_time={limits.seconds}", f"-seed={seed}"]
        command += ["-print_final_stats=1", "-timeout=300", f"-artifact_prefix={folder}/", folder / "corpus"]
        command += [s for s in seeds if s.is_dir()]
        began = time.monotonic()
        ran = subprocess.run(list(map(str, command)), env=env, capture_output=True, text=True, errors="replace", timeout=limits.seconds + 300)
        took = time.monotonic() - began
        executed = re.search(r"stat::number_of_executed_units: *(\d+)", ran.stderr)
        # Before it aborts, confirmed twice.
        found = re.findall(r"^DEFECT (.*)$", ran.stderr, re.M)
        if not executed or (ran.returncode != 0 and not found):
            raise RuntimeError(f"{target} on {fault} ended with status {ran.returncode}: {ran.stderr[-500:]}")
        return {
            "fault": fault,
            "target": target,
            "configuration": configuration,
            "seed": seed,
            "found": bool(found),
            "signature": found[0].split(": ")[0] if found else "",
            "requests": int(executed.group(1)),
            "seconds": round(took, 2),
            "limits": [most_requests(configuration, limits), limits.seconds],
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def one_run_unless_decided(fault: str, configuration: str, seed: int, limits, runs):
    before = [r for r in list(runs) if (r["fault"], r["configuration"]) == (fault, configuration)]
    return None if is_decided(before, limits.seeds) else one_run(fault, configuration, seed, limits)


def short(number: float) -> str:
    return f"{number:.1f}" if number < 10 else f"{number:,.0f}"


def cell(runs, limits) -> str:
    """Medians; a run that found nothing counts as longer than any."""
    if not runs:
        return ""
    found = sum(r["found"] for r in runs)
    if found * 2 <= len(runs):
        # Which of the two limits ended most of them?
        most = most_requests(runs[0]["configuration"], limits)
        ended_by_requests = sum(not r["found"] and r["requests"] >= most for r in runs)
        cap = f"{most:,}" if ended_by_requests * 2 > len(runs) - found else f"{limits.seconds} s"
        return f">{cap} ({found}/{len(runs)})"
    endless = float("inf")
    requests = statistics.median_low([r["requests"] if r["found"] else endless for r in runs])
    seconds = statistics.median_low([r["seconds"] if r["found"] else endless for r in runs])
    return f"{requests:,} / {short(seconds)} s" + (f" ({found}/{len(runs)})" if found < len(runs) else "")


def table(runs, faults, limits, seeds) -> str:
    lines = [
        f"Requests and seconds until found, medians of {seeds} seeds, on one connection, from the seeds of `corpus/`; at most "
        f"{limits.requests:,} requests (half of it where something is off) and {limits.seconds} s a run. `>` says which limit most runs "
        "reached, (2/5) in how many runs the fault was found; where most of the seeds have found nothing, the others were not run. Seconds include the start of the endpoint, its fixtures and twice confirming what was found.",
        "",
        "| fault | " + " | ".join(CONFIGURATIONS) + " |",
        "|---|" + "---:|" * len(CONFIGURATIONS),
    ]
    for fault in faults:
        cells = (cell([r for r in runs if r["fault"] == fault and r["configuration"] == c], limits) for c in CONFIGURATIONS)
        name = f"`{fault}`" + (" (`sequence_live`)" if fault in SEQUENCES else "")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write_readme(text: str) -> None:
    path = ROOT / "fuzzers" / "README.md"
    readme = path.read_text(encoding="utf-8")
    if readme.count(BEGIN) != 1 or readme.count(END) != 1:
        fail(f"{path} lacks the marks {BEGIN} and {END}")
    before, rest = readme.split(BEGIN)
    path.write_text(before + BEGIN + "\n" + text + "\n" + END + rest.split(END)[1], encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faults", default="*", metavar="GLOB")
    parser.add_argument("--configurations", default="*", metavar="GLOB")
    parser.add_argument("--seeds", type=int, default=5, metavar="N")
    parser.add_argument("--requests", type=int, default=200_000, metavar="N")
    parser.add_argument("--seconds", type=int, default=180, metavar="N")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="runs at once; more than one makes the seconds longer")
    parser.add_argument("--results", default=str(ROOT / "build" / "fuzz-benchmark.jsonl"), metavar="FILE")
    parser.add_argument("--afresh", action="store_true", help="forget what was run before")
    parser.add_argument("--write", action="store_true", help="put the table into fuzzers/README.md")
    limits = parser.parse_args()
    if min(limits.seeds, limits.requests, limits.seconds, limits.jobs) < 1:
        fail("numbers must be 1 or more")
    if not TOOL.exists():
        fail(f"{TOOL} is not there: cmake --preset live && cmake --build --preset live --target live ssm-conformance")
    faults = [f for f in faults_for_fuzzing() if fnmatch.fnmatchcase(f, limits.faults)]
    configurations = [c for c in CONFIGURATIONS if fnmatch.fnmatchcase(c, limits.configurations)]
    if not faults or not configurations:
        fail("no fault, or no configuration, is called that")

    results = pathlib.Path(limits.results)
    results.parent.mkdir(parents=True, exist_ok=True)
    if limits.afresh:
        results.unlink(missing_ok=True)
    runs = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()] if results.exists() else []
    # With other limits it was another experiment.
    runs = [r for r in runs if r["limits"] == [most_requests(r["configuration"], limits), limits.seconds]]
    done = {(r["fault"], r["configuration"], r["seed"]) for r in runs}
    # Seed by seed, so that what stands there after an hour says something about everything.
    wanted = itertools.product(range(1, limits.seeds + 1), configurations, faults)
    wanted = [(fault, configuration, seed) for seed, configuration, fault in wanted if (fault, configuration, seed) not in done]
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(limits.jobs) as pool, results.open("a", encoding="utf-8") as out:
        jobs = [pool.submit(one_run_unless_decided, *w, limits, runs) for w in wanted]
        for number, job in enumerate(concurrent.futures.as_completed(jobs), 1):
            try:
                run = job.result()
            except (RuntimeError, subprocess.TimeoutExpired) as problem:
                failures += 1
                print(f"benchmark: {problem}", file=sys.stderr)
                continue
            if run is None:
                continue
            runs.append(run)
            out.write(json.dumps(run) + "\n")
            out.flush()
            verdict = "found" if run["found"] else "not found"
            print(
                f"{number}/{len(jobs)} {run['fault']}, {run['configuration']}, seed {run['seed']}: {verdict} after {run['requests']:,} requests, {run['seconds']} s",
                file=sys.stderr,
                flush=True,
            )
    text = table(runs, faults, limits, limits.seeds)
    print(text)
    if limits.write:
        write_readme(text)
    if failures:
        return 2
    found = {r["fault"] for r in runs if r["configuration"] == "both" and r["found"]}
    return 0 if set(faults) <= found else 1


if __name__ == "__main__":
    sys.exit(main())
