#!/usr/bin/env python3
"""Checks the Debian package that CPack makes of this build, and runs the step of the GitHub action.

    packages_test.py PROGRAM BUILD [unittest options]

real/wheel_test.py is the same for what needs packages from PyPI.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = BUILD = ""
ROOT = pathlib.Path(__file__).resolve().parents[2]
FEW = "GetConnectionStatus/Target/required/*"


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))


@unittest.skipUnless(shutil.which("dpkg-shlibdeps") and shutil.which("file"), "dpkg-dev or file is not here")
class DebianPackage(Folder):
    def setUp(self):
        super().setUp()
        made = subprocess.run(["cpack", "--config", f"{BUILD}/CPackConfig.cmake", "-G", "DEB", "-B", self.folder],
                              capture_output=True, text=True)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        self.package, = self.folder.glob("*.deb")

    def field(self, name):
        return subprocess.run(["dpkg-deb", "--field", self.package, name], check=True, capture_output=True, text=True).stdout.strip()

    def test_it_holds_the_program_and_depends_on_glibc(self):
        version = subprocess.run([PROGRAM, "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
        self.assertEqual(self.field("Package"), "ssm-conformance")
        self.assertEqual(self.field("Version"), version)
        self.assertRegex(self.field("Depends"), r"\blibc6 \(>= 2\.\d+\)")
        listed = subprocess.run(["dpkg-deb", "--contents", self.package], check=True, capture_output=True, text=True).stdout
        self.assertRegex(listed, r"(?m)^-rwxr-xr-x root/root .* \./usr/bin/ssm-conformance$")
        for line in listed.splitlines():
            self.assertRegex(line.split()[5], r"^\./usr/(bin|share)?")

    def test_its_program_runs(self):
        subprocess.run(["dpkg-deb", "--extract", self.package, self.folder / "root"], check=True)
        done = subprocess.run([self.folder / "root/usr/bin/ssm-conformance", "run", "--filter", FEW], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("kept:", done.stdout)


class Action(Folder):
    """judge.sh, as GitHub starts it."""

    def judge(self, **inputs):
        """Returns the exit status, the outputs and the summary."""
        outputs, summary = self.folder / "outputs", self.folder / "summary"
        outputs.write_text("")
        summary.write_text("")
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "RUNNER_TEMP": str(self.folder), "PROGRAM": PROGRAM,
                       "GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary), **inputs}
        done = subprocess.run([ROOT / ".github/actions/ssm-conformance/judge.sh"], env=environment, capture_output=True, text=True)
        values = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
        return done.returncode, values, summary.read_text()

    def test_what_is_kept_passes(self):
        status, outputs, summary = self.judge(OPTIONS=f"--filter '{FEW}' --connections 2")
        self.assertEqual((status, outputs["status"]), (0, "0"))
        self.assertIn("# ssm-conformance: kept", summary)
        self.assertEqual(json.loads(pathlib.Path(outputs["sarif"]).read_text())["runs"][0]["results"], [])

    def test_a_defect_fails_with_reports_until_the_baseline_expects_it(self):
        baseline = str(self.folder / "ssm.baseline.json")
        faulty = {"SPAWN": f"'{PROGRAM}' serve --port {{port}} --fault max-results-201-accepted"}
        some = "--filter 'DescribeDocumentPermission/MaxResults/range/*'"
        status, outputs, summary = self.judge(**faulty, OPTIONS=some)
        self.assertEqual((status, outputs["status"]), (1, "1"))
        self.assertIn("DescribeDocumentPermission/MaxResults/range/above-maximum", summary)
        self.assertNotEqual(json.loads(pathlib.Path(outputs["sarif"]).read_text())["runs"][0]["results"], [])
        self.assertEqual(sorted(os.listdir(outputs["reports"])), ["junit.xml", "report.md", "report.sarif", "results.jsonl"])
        self.judge(**faulty, BASELINE=baseline, OPTIONS=some + " --update-baseline")
        self.assertEqual(self.judge(**faulty, BASELINE=baseline, OPTIONS=some)[0], 0)

    def test_an_endpoint_that_is_not_there_is_exit_status_3(self):
        status, outputs, _ = self.judge(ENDPOINT_URL="http://127.0.0.1:1")
        self.assertEqual((status, outputs["status"]), (3, "3"))

    def test_a_long_report_is_cut_at_the_end_of_a_line(self):
        program = self.folder / "program"
        program.write_text('#!/bin/sh\nwhile [ "$1" != --markdown ]; do shift; done\nyes "a line of the report" | head -n 100000 >"$2"\n')
        program.chmod(0o755)
        status, _, summary = self.judge(PROGRAM=str(program))
        self.assertEqual(status, 0)
        self.assertLess(len(summary), 1 << 20)
        *lines, _, _, end = summary.splitlines()
        self.assertEqual(set(lines), {"a line of the report"})
        self.assertIn("report.md has all of it", end)

    def test_options_are_never_run(self):
        status, _, _ = self.judge(OPTIONS=f"--filter '{FEW}' --operation '$(touch {self.folder}/made)'")
        self.assertEqual(status, 2)
        self.assertFalse((self.folder / "made").exists())


if __name__ == "__main__":
    PROGRAM, BUILD = sys.argv[1:3]
    del sys.argv[1:3]
    unittest.main(verbosity=2)
