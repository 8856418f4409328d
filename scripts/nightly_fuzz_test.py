#!/usr/bin/env python3
"""nightly_fuzz.py: what it makes of how its targets end, with little scripts in their place; and a short night of the real ones.

    nightly_fuzz_test.py [--build DIR]      the real night only with a build that has live targets; nothing else then
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import textwrap
import unittest

SCRIPT = pathlib.Path(__file__).resolve().with_name("nightly_fuzz.py")
FINDING = {"id": "a-finding", "signature": "Op|outcome/accepted|range:MaxResults|200", "message": "accepted | refused?", "state": "open", "seen": 3}
SUMMARY = "5 requests, and 1 that put right what they changed, in 1.0 s, 6 a second; 3 kinds of answers"
BUILD = None  # that has live targets


class NightlyFuzz(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "build" / "fuzzers").mkdir(parents=True)
        (self.folder / "build" / "conformance").mkdir()
        self.findings = self.folder / "findings"
        self.findings.mkdir()
        self.program("conformance/ssm-conformance", "exit 0")

    def program(self, name, script, summary=SUMMARY):
        """A shell script in place of a program, which says `summary` as live targets do. Its calls are written to calls/<its name>."""
        path = self.folder / "build" / name
        calls = self.folder / "calls"
        calls.mkdir(exist_ok=True)
        says = f"echo 'live: http://127.0.0.1:5000: {summary}' >&2" if summary and name.startswith("fuzzers/") else ""
        path.write_text(f'#!/bin/sh\necho "$@" >>{calls / path.name}\n{says}\n{textwrap.dedent(script)}\n')
        path.chmod(0o755)

    def calls(self, name):
        path = self.folder / "calls" / name
        return path.read_text().splitlines() if path.exists() else []

    def command(self, *options):
        command = [sys.executable, "-B", SCRIPT, "--build", self.folder / "build", "--findings", self.findings, "--corpus", self.folder / "corpus"]
        return list(map(str, [*command, "--minutes", "1", "--seed", "7", *(options or ["--spawn", "endpoint {port}"])]))

    def night(self, *options, status):
        ran = subprocess.run(self.command(*options), capture_output=True, text=True, timeout=120)
        self.assertEqual(ran.returncode, status, ran.stderr)
        return ran.stderr

    def report(self):
        return (self.findings / "report.md").read_text()

    def finds(self, state="open", findings=(FINDING,)):
        index = json.dumps({"findings": [f | {"state": state} for f in findings]})
        return f"""printf '%s' '{index}' >"$SSM_FINDINGS_DIR/index.json"; : >"$SSM_FINDINGS_DIR/a-finding.http" """

    def test_nothing_found(self):
        self.program("fuzzers/request_live", "exit 0")
        self.night(status=0)
        self.assertIn("**0 findings not in the baseline, ", self.report())
        self.assertIn(f"| request_live | {SUMMARY} |", self.report())

    def test_time_is_divided(self):
        self.program("fuzzers/request_live", "exit 0")
        self.program("fuzzers/http_live", "exit 0")
        self.program("fuzzers/differential_live", "exit 0")
        self.night(status=0)
        # Nobody used time up, so the second has what the first left.
        self.assertRegex(self.calls("http_live")[0], r"-max_total_time=(29|30) ")
        self.assertRegex(self.calls("request_live")[0], r"-max_total_time=(5\d|60) ")
        self.assertEqual(self.calls("differential_live"), [])

    def test_a_target_that_has_nothing_to_do_is_no_pass_and_leaves_its_time(self):
        self.program("fuzzers/sequence_live", "echo 'live: not run: it needs documents' >&2; exit 5", summary="")
        self.program("fuzzers/request_live", "exit 0")
        (self.folder / "corpus" / "sequence_live").mkdir(parents=True)
        (self.folder / "corpus" / "sequence_live" / "old").write_text("create a")
        said = self.night(status=0)
        self.assertIn("nightly-fuzz: sequence_live: not run: it needs documents\n", said)
        self.assertIn("| sequence_live | not run: it needs documents |", self.report())
        self.assertRegex(self.calls("request_live")[0], r"-max_total_time=(5\d|60) ")
        self.assertEqual(len(self.calls("sequence_live")), 1)  # its corpus is left alone
        self.assertTrue((self.folder / "corpus" / "sequence_live" / "old").exists())

    def test_a_night_in_which_nothing_was_sent_is_a_failure(self):
        self.program("fuzzers/sequence_live", "echo 'live: not run: it needs documents' >&2; exit 5", summary="")
        self.night(status=4)
        self.assertIn("no target had anything to do", self.report())

    def test_two_endpoints_are_compared(self):
        self.program("fuzzers/differential_live", '[ "$SSM_FUZZ_OTHER_URL" = http://other ] || exit 9')
        self.night("--spawn", "x {port}", "--other-url", "http://other", status=0)
        self.assertTrue(self.calls("differential_live"))

    def test_a_target_that_sends_nothing_is_no_empty_pass(self):
        for summary in ("", SUMMARY.replace("5 requests", "0 requests")):
            self.program("fuzzers/request_live", "exit 0", summary)
            self.night(status=4)
            self.assertIn("request_live did not say that it sent anything", self.report())

    def test_a_finding(self):
        self.program("fuzzers/request_live", self.finds())
        said = self.night(status=1)
        self.assertIn(f"FOUND {FINDING['signature']}", said)
        self.assertIn("[a-finding](a-finding.md)", self.report())
        self.assertIn(r"accepted \| refused?", self.report())

    def test_a_finding_of_the_baseline(self):
        self.program("fuzzers/request_live", self.finds())
        lines, index = self.folder / "lines", self.folder / "baseline.json"
        lines.write_text(f"# a comment\n{FINDING['signature']}\n")
        index.write_text(json.dumps({"findings": [FINDING]}))
        for baseline in (lines, index):
            self.night("--spawn", "x {port}", "--baseline", str(baseline), status=0)
            self.assertIn("## Expected by the baseline", self.report())

    def test_findings_that_are_alike_are_folded(self):
        alike = [FINDING | {"id": f"alike-{n}", "signature": f"Op|availability/server-error|type:M{n}|500 not-json"} for n in range(8)]
        self.program("fuzzers/request_live", self.finds(findings=[FINDING, *alike]))
        self.night(status=1)
        self.assertIn("9 findings, 2 kinds of operation, rule and answer.", self.report())
        before, folded = self.report().split("<details>")
        self.assertEqual((before.count("[alike-"), folded.count("[alike-")), (5, 3))
        self.assertIn("3 more: Op · availability/server-error · 500 not-json", folded)

    def test_what_was_fixed_is_not_expected(self):
        self.program("fuzzers/request_live", self.finds())
        index = self.folder / "baseline.json"
        index.write_text(json.dumps({"findings": [FINDING | {"state": "fixed"}]}))
        self.night("--spawn", "x {port}", "--baseline", str(index), status=1)

    def test_a_fixed_finding_is_none(self):
        self.program("fuzzers/request_live", self.finds(state="fixed"))
        self.night(status=0)
        self.assertIn("## Fixed", self.report())

    def test_earlier_findings_are_tried_first(self):
        (self.findings / "a-finding.http").write_text("POST / HTTP/1.1\n")
        self.program("fuzzers/request_live", "exit 0")
        self.night(status=0)
        self.assertTrue(any(call.startswith("findings ") for call in self.calls("ssm-conformance")))

    def test_unreachable(self):
        self.program("conformance/ssm-conformance", "echo nobody listens; exit 3")
        self.program("fuzzers/request_live", "exit 0")
        said = self.night(status=3)
        self.assertIn("nobody listens", said)
        self.assertEqual(self.calls("request_live"), [])

    def test_gone_for_good(self):
        self.program("fuzzers/http_live", "exit 3")
        self.program("fuzzers/request_live", "exit 0")
        self.night(status=3)
        self.assertEqual(self.calls("request_live"), [])
        self.assertIn("could not be started again", self.report())

    def test_why_it_ended_is_said(self):
        self.program("fuzzers/http_live", "echo 'http://x says that the credentials have expired'; exit 3")
        said = self.night(status=3)
        self.assertIn("http_live: http://x says that the credentials have expired", said)
        self.assertIn("the credentials have expired", self.report())

    def test_comes_back(self):
        # Whoever runs it has started it again when it is looked for.
        self.program("fuzzers/request_live", f"[ $(wc -l <{self.folder}/calls/request_live) -gt 1 ] || exit 3")
        self.night("--endpoint-url", "http://127.0.0.1:1", status=0)
        self.assertGreater(len(self.calls("request_live")), 1)

    def test_a_target_that_fails_is_started_again(self):
        self.program("fuzzers/request_live", "exit 77")
        self.night(status=4)
        self.assertEqual(len([c for c in self.calls("request_live") if "-merge" not in c]), 20)
        self.assertIn("request_live ended with status 77", self.report())

    def test_a_target_that_refuses_its_variables(self):
        self.program("fuzzers/request_live", "echo 'AWS is never fuzzed' >&2; exit 2")
        self.assertIn("AWS is never fuzzed", self.night(status=2))

    def test_the_corpus_is_merged(self):
        self.program(
            "fuzzers/request_live",
            f"""
            case $1 in
              -merge=1) echo kept >"$4/kept" ;;
              *) for i in 1 2 3; do echo "$i" >{self.folder}/corpus/request_live/"$i"; done ;;
            esac""",
        )
        self.night(status=0)
        self.assertEqual([p.name for p in (self.folder / "corpus" / "request_live").iterdir()], ["kept"])
        self.assertIn("request_live: 3 inputs before, 1 after", self.report())

    def test_a_merge_that_fails_loses_nothing(self):
        self.program("fuzzers/request_live", f'[ "$1" = -merge=1 ] && exit 1; echo 1 >{self.folder}/corpus/request_live/1')
        self.night(status=0)
        self.assertEqual([p.name for p in (self.folder / "corpus" / "request_live").iterdir()], ["1"])
        self.assertEqual(list((self.folder / "corpus").glob(".*")), [])

    def test_interrupted(self):
        # The target says that it runs, and then waits for its signal; a shell's `wait` ends when one comes.
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        end = f'kill $!; echo "live: {SUMMARY}" >&2; exit 130'
        self.program("fuzzers/request_live", f"sleep 1000 & trap '{end}' TERM; echo running >{pipe}; wait $!", summary="")
        process = subprocess.Popen(self.command(), stderr=subprocess.PIPE, text=True)
        pipe.read_text()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertIn("interrupted", self.report())
        self.assertIn("5 requests", self.report())

    def test_usage(self):
        for options, why in ((["--spawn", "endpoint"], "{port}"), (["--spawn", "x {port}", "--endpoint-url", "http://x"], "not allowed"), (["--spawn", "x {port}", "--baseline", "/no such"], "/no such"), (["--spawn", "x {port}", "--baseline", __file__], "no signature")):
            self.assertIn(why, self.night(*options, status=2))


class RealNight(unittest.TestCase):
    """The programs themselves, for some seconds: the lines that they write are those that are read."""

    def test_a_fault_is_found_and_reported(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            endpoint = f"exec '{BUILD}/conformance/ssm-conformance' serve --port {{port}} --fault max-results-201-accepted"
            command = [sys.executable, "-B", SCRIPT, "--build", BUILD, "--findings", folder / "found", "--corpus", folder / "corpus"]
            command += ["--minutes", "2", "--seconds", "60", "--seed", "7", "--spawn", endpoint]
            ran = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=360)
            self.assertEqual(ran.returncode, 1, ran.stderr)
            report = (folder / "found" / "report.md").read_text()
        for target in ("http_live", "request_live", "sequence_live"):
            self.assertRegex(report, rf"(?m)^\| {target} \| [1-9]\d* requests, and ")
            self.assertRegex(report, rf"(?m)^\* {target}: \d+ inputs before, [1-9]\d* after$")
        self.assertIn("**1 finding not in the baseline, ", report)
        self.assertIn(r"`DescribeDocumentPermission\|outcome/accepted\|range:MaxResults\|200`", report)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--build"]:
        BUILD = pathlib.Path(sys.argv[2]).resolve()
        unittest.main(argv=[sys.argv[0], "RealNight", *sys.argv[3:]])
    else:
        unittest.main(argv=[sys.argv[0], "NightlyFuzz", *sys.argv[1:]])
