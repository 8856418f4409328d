#!/usr/bin/env python3
"""One night of fuzzing: scripts/nightly-fuzz.sh calls this when everything is built.

Replays what was found before, divides the time among the live targets, starts them again when they end early, merges their
corpora, and writes a report. Keys, region and certificates are those of the AWS environment variables; fuzzers/README.md
has the variables of the targets. A host of AWS is refused by the targets.
"""

import argparse
import contextlib
import datetime
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import time

import night_report
from night_report import counted

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOTHING_TO_DO = 5  # exit status of a target: the endpoint does not implement what it needs
MOST_RESTARTS = 20  # of one target in a night
# Beyond the time that a target was given: it may be confirming a finding, and removes what it created.
GRACE_SECONDS = 300
MERGE_SECONDS = 600
WAIT_FOR_ENDPOINT_SECONDS = 60  # for whoever runs it to start it again


def say(text: str) -> None:
    print(f"nightly-fuzz: {text}", file=sys.stderr, flush=True)


def written(log: pathlib.Path, begin: int) -> str:
    """What was written to a log since it had this size."""
    with log.open("rb") as text:
        text.seek(begin)
        return text.read().decode(errors="replace")


class Interrupted(Exception):
    pass


class Night:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.findings = pathlib.Path(options.findings).resolve()
        self.corpus = pathlib.Path(options.corpus).resolve()
        self.report = pathlib.Path(options.report).resolve() if options.report else self.findings / "report.md"
        self.logs = self.findings / "logs"
        self.build = pathlib.Path(options.build).resolve() if options.build else None
        self.child = None
        self.signals = 0  # that came, and how many of them the child was told of
        self.told = 0
        self.started = datetime.datetime.now(datetime.timezone.utc)
        self.summaries = {}  # by target: a line each time it ran
        self.sent = {}  # by target: how many requests
        self.failures = []  # of the targets themselves
        self.merges = []
        self.lost = ""
        self.interrupted = False
        self.replayed = ""

    # ---- processes ----

    def on_signal(self, number, frame) -> None:
        self.signals += 1
        self.tell_child()
        if self.signals == 1:
            say("ending early; once more to end at once")

    def tell_child(self) -> None:
        """Passes on what signals there were. The child is in a group of its own, so that it hears of each from here alone, and once."""
        if self.child is not None and self.child.poll() is None and self.told < self.signals:
            self.told = self.signals
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.child.pid, signal.SIGTERM if self.signals == 1 else signal.SIGKILL)

    def run(self, command, log: pathlib.Path, seconds: float) -> int:
        """The exit status; negative for a signal. Raises Interrupted when there was one to us."""
        if self.signals:
            raise Interrupted
        with log.open("ab") as out:
            out.write(f"\n$ {shlex.join(map(str, command))}\n".encode())
            out.flush()
            self.child = subprocess.Popen(
                list(map(str, command)), stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=self.environment(), start_new_session=True
            )
            # A signal may have come while there was a child but no name for it.
            self.tell_child()
            try:
                status = self.child.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self.child.pid, signal.SIGTERM)
                try:
                    status = self.child.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    os.killpg(self.child.pid, signal.SIGKILL)
                    status = self.child.wait()
                status = status or -signal.SIGTERM
            finally:
                self.child = None
        if self.signals:
            raise Interrupted
        return status

    def environment(self):
        env = dict(os.environ)
        for name in ("SSM_FUZZ_ABORT", "SSM_FUZZ_SPAWN", "SSM_FUZZ_BASELINE", "SSM_FUZZ_OTHER_URL"):
            env.pop(name, None)
        env["SSM_FINDINGS_DIR"] = str(self.findings)
        if self.options.spawn:
            env["SSM_FUZZ_SPAWN"] = self.options.spawn
            env.pop("AWS_ENDPOINT_URL", None)
            env.pop("AWS_ENDPOINT_URL_SSM", None)
        else:
            env["AWS_ENDPOINT_URL_SSM"] = self.options.endpoint_url
            env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false"  # what is said here is not configuration
        if self.options.baseline:
            env["SSM_FUZZ_BASELINE"] = str(pathlib.Path(self.options.baseline).resolve())
        if self.options.other_url:
            env["SSM_FUZZ_OTHER_URL"] = self.options.other_url
        return env

    def where(self):
        return ["--spawn", self.options.spawn] if self.options.spawn else ["--endpoint-url", self.options.endpoint_url]

    # ---- the parts of a night ----

    def tool(self, *arguments, log: str) -> int:
        return self.run([self.build / "conformance" / "ssm-conformance", *arguments], self.logs / log, 3600)

    def answers(self) -> bool:
        """Asks for one request to be judged; whatever comes of it, somebody answered."""
        request = ROOT / "corpus" / "regressions" / "max-results-0.http"
        return self.tool("replay", request, *self.where(), log="endpoint.log") in (0, 1)

    def replay_findings(self) -> None:
        before = list(self.findings.glob("*.http"))
        if not before:
            return
        say(f"trying {counted(before, 'finding')} of earlier nights")
        self.tool("findings", self.findings, *self.where(), log="replay.log")
        states = [f["state"] for f in self.index()]
        self.replayed = f"{counted(before, 'finding')} of earlier nights tried; fixed: {states.count('fixed')}"
        say(self.replayed)

    def seeds(self, target: str):
        own = "request" if target == "differential_live" else target.removesuffix("_live")
        folders = [ROOT / "corpus" / own]
        # The regressions are requests; sequences are something else.
        if target != "sequence_live":
            folders.append(ROOT / "corpus" / "regressions")
        return [folder for folder in folders if folder.is_dir()]

    def fuzz(self, target: str, seconds: float) -> None:
        """For this long, again if it ends early. Sets `lost` if the endpoint is gone for good."""
        program = self.build / "fuzzers" / target
        folder, crashes, log = self.corpus / target, self.findings / "crashes", self.logs / f"{target}.log"
        folder.mkdir(parents=True, exist_ok=True)
        crashes.mkdir(exist_ok=True)
        log.write_bytes(b"")
        end = time.monotonic() + seconds
        for attempt in range(MOST_RESTARTS):
            left = int(end - time.monotonic())
            if left < 1:
                break
            options = [f"-max_total_time={left}", f"-seed={self.options.seed + attempt}", "-timeout=600", "-rss_limit_mb=4096"]
            options += [f"-artifact_prefix={crashes}/{target}-", "-print_final_stats=1"]
            begin = log.stat().st_size
            try:
                status = self.run([program, *options, folder, *self.seeds(target)], log, left + GRACE_SECONDS)
            finally:
                self.note(target, log, begin)
            if status == 0:
                continue  # the time is up
            if status == 2:
                raise SystemExit(self.refused(log, begin))
            if status == NOTHING_TO_DO:
                return self.not_run(target, log, begin)
            if status == 3:
                after, why = int(seconds - (end - time.monotonic())), self.why_ended(log, begin)
                say(f"{target}: {why}")
                if self.options.spawn or not self.wait_for_endpoint():
                    then = "it could not be started again" if self.options.spawn else "it did not come back"
                    self.lost = f"{target} ended after {after} s: {why}; {then}"
                    return
                continue
            self.failures.append(f"{target} ended with status {status} ({log})")
            say(f"{self.failures[-1]}; it is started again")
        if not self.sent.get(target):
            self.failures.append(f"{target} did not say that it sent anything ({log})")
            say(self.failures[-1])

    @staticmethod
    def why_ended(log: pathlib.Path, begin: int) -> str:
        """What a target says last: that the endpoint is gone, or takes its credentials no more."""
        lines = [line for line in written(log, begin).splitlines() if line.strip()]
        return lines[-1] if lines else "the endpoint is gone"

    def note(self, target: str, log: pathlib.Path, begin: int) -> None:
        lines = re.findall(r"^live: (?:\S+: )?((\d+) requests\b.*)$", written(log, begin), re.M)
        for line, requests in lines[-1:]:
            self.sent[target] = self.sent.get(target, 0) + int(requests)
            self.summarise(target, line)

    def not_run(self, target: str, log: pathlib.Path, begin: int) -> None:
        why = re.findall(r"^live: (not run: .*)$", written(log, begin), re.M)
        self.summarise(target, why[-1] if why else "not run, and it did not say why")

    def summarise(self, target: str, line: str) -> None:
        self.summaries.setdefault(target, []).append(line)
        say(f"{target}: {line}")

    @staticmethod
    def refused(log: pathlib.Path, begin: int) -> int:
        sys.stderr.write(written(log, begin)[-2000:])
        return 2

    def wait_for_endpoint(self) -> bool:
        say(f"waiting up to {WAIT_FOR_ENDPOINT_SECONDS} s for it to come back")
        end = time.monotonic() + WAIT_FOR_ENDPOINT_SECONDS
        while time.monotonic() < end:
            if self.answers():
                return True
            time.sleep(2)
        return False

    def merge(self, target: str) -> None:
        """The smallest inputs that give the same kinds of answers take the place of all."""
        folder, merged = self.corpus / target, self.corpus / f".{target}.merged"
        before = sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0
        if before == 0:
            return
        subprocess.run(["rm", "-rf", str(merged)], check=True)
        merged.mkdir()
        program = self.build / "fuzzers" / target
        status = self.run([program, "-merge=1", "-timeout=600", "-rss_limit_mb=4096", merged, folder], self.logs / f"{target}.log", MERGE_SECONDS)
        after = sum(1 for _ in merged.iterdir())
        if status == 0 and after > 0:
            old = self.corpus / f".{target}.old"
            subprocess.run(["rm", "-rf", str(old)], check=True)
            folder.rename(old)
            merged.rename(folder)
            subprocess.run(["rm", "-rf", str(old)], check=True)
            self.merges.append(f"{target}: {before} inputs before, {after} after")
        else:
            subprocess.run(["rm", "-rf", str(merged)], check=True)
            self.merges.append(f"{target}: {before} inputs; merging failed with status {status}, so they stay")
        say(f"corpus of {self.merges[-1]}")

    # ---- what came of it ----

    def index(self):
        try:
            return json.loads((self.findings / "index.json").read_text(encoding="utf-8"))["findings"]
        except FileNotFoundError:
            return []

    def expected(self):
        """The signatures of the baseline, read as `ssm-conformance findings --baseline` does: what was fixed is not expected."""
        if not self.options.baseline:
            return set()
        text = pathlib.Path(self.options.baseline).read_text(encoding="utf-8")
        if text.startswith("{"):
            return {f["signature"] for f in json.loads(text)["findings"] if f.get("state") != "fixed"}
        lines = [line for line in map(str.strip, text.split("\n")) if line and not line.startswith("#")]
        for line in lines:
            if "|" not in line:
                raise ValueError(f"`{line[:60]}` is no signature (operation|rule|kind of request|kind of answer)")
        return set(lines)

    def finish(self) -> int:
        baseline = self.expected()
        findings = self.index()
        fixed = [f for f in findings if f["state"] == "fixed"]
        still = [f for f in findings if f["state"] != "fixed"]
        expected = [f for f in still if f["signature"] in baseline]
        unexpected = [f for f in still if f["signature"] not in baseline]
        self.report.write_text(night_report.markdown(self, unexpected, expected, fixed), encoding="utf-8")
        for f in unexpected:
            say(f"FOUND {f['signature']}: {f['message']}")
        say(f"{night_report.outcome(unexpected, expected, fixed)}; report: {self.report}")
        if self.interrupted:
            return 130
        if unexpected:
            return 1
        if self.lost:
            say(self.lost)
            return 3
        return 4 if self.failures else 0

    def go(self) -> int:
        for folder in (self.findings, self.logs, self.corpus, self.report.parent):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as problem:
                say(f"{folder} cannot be made: {problem.strerror}")
                return 2
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.on_signal)
        targets = sorted(p.name for p in (self.build / "fuzzers").glob("*_live") if os.access(p, os.X_OK))
        targets.sort(key=lambda target: target != "sequence_live")  # first, for others can use the time if it has nothing to do
        if not self.options.other_url:
            targets = [t for t in targets if t != "differential_live"]
        if not targets:
            say(f"there are no live targets in {self.build}/fuzzers")
            return 4
        o = self.options
        say(f"{o.spawn or o.endpoint_url}: {o.minutes} min for {', '.join(targets)}; seed {o.seed}; findings in {self.findings}")
        end = time.monotonic() + o.seconds
        try:
            (self.logs / "endpoint.log").write_bytes(b"")
            if not self.answers():
                sys.stderr.write((self.logs / "endpoint.log").read_text(errors="replace")[-1000:])
                say("the endpoint cannot be reached")
                return 3
            self.replay_findings()
            for i, target in enumerate(targets):
                if not self.lost:
                    self.fuzz(target, (end - time.monotonic()) / (len(targets) - i))
            if not self.lost:
                for target in filter(self.sent.get, targets):
                    self.merge(target)
            if not self.lost and not self.sent and not self.failures:
                self.failures.append("no target had anything to do")
        except Interrupted:
            self.interrupted = True
        return self.finish()


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="nightly-fuzz.sh",
        description="Fuzzes an endpoint for a while, with every live target, and writes one report.",
        epilog="Exit status: 0 nothing but what the baseline expects; 1 other findings; 2 wrong usage; 3 the endpoint cannot be reached, or is "
        "gone for good; 4 a target failed itself, or cannot be built; 130 interrupted. Ctrl-C ends the night early, with its report.",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--endpoint-url", metavar="URL", help="the endpoint (default: AWS_ENDPOINT_URL_SSM, AWS_ENDPOINT_URL)")
    where.add_argument("--spawn", metavar="CMD", help="starts the endpoint at the port {port}, and again when it dies")
    parser.add_argument("--other-url", metavar="URL", help="a second endpoint: differential_live compares the two")
    parser.add_argument("--minutes", type=int, required=True, metavar="N", help="of fuzzing, in all")
    parser.add_argument("--findings", default=str(ROOT / "build/nightly/findings"), metavar="DIR", help="where they are kept (default: build/nightly/findings)")
    parser.add_argument("--corpus", default=str(ROOT / "build/nightly/corpus"), metavar="DIR", help="what the targets learn (default: build/nightly/corpus)")
    parser.add_argument("--baseline", metavar="FILE", help="findings that are expected: an index.json, or a signature a line")
    parser.add_argument("--report", metavar="FILE", help="Markdown (default: report.md in the findings' folder)")
    parser.add_argument("--seed", type=int, metavar="N", help="of the targets (default: the time)")
    parser.add_argument("--build", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, help=argparse.SUPPRESS)  # for tests, in place of the minutes
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    o = parser.parse_args(arguments)
    if not o.spawn and not o.endpoint_url:
        o.endpoint_url = os.environ.get("AWS_ENDPOINT_URL_SSM") or os.environ.get("AWS_ENDPOINT_URL")
    if not o.spawn and not o.endpoint_url:
        parser.error("give --endpoint-url or --spawn")
    if not o.spawn and not re.match("https?://.", o.endpoint_url, re.I):
        parser.error(f"{o.endpoint_url} is no URL such as http://127.0.0.1:4566")
    if o.spawn and "{port}" not in o.spawn:
        parser.error("--spawn must hold {port}, where the port stands")
    if not 1 <= o.minutes <= 7 * 24 * 60:
        parser.error("--minutes: from 1 to a week")
    o.seconds = o.seconds or 60 * o.minutes
    if o.seed is None:
        o.seed = int(time.time())
    if not 0 <= o.seed < 2**31:
        parser.error("--seed: from 0 to 2147483647")
    if o.baseline:
        try:
            Night(o).expected()
        except (OSError, ValueError, KeyError, TypeError) as problem:
            parser.error(f"--baseline {o.baseline}: {problem}")
    return o


def main() -> int:
    o = parse(sys.argv[1:])
    return 0 if o.check else Night(o).go()


if __name__ == "__main__":
    sys.exit(main())
