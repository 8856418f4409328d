#!/usr/bin/env python3
"""Makes a wheel of the program, installs it without an index into a new virtual environment, and uses it as people do.

    scripts/in_venv.sh conformance/e2e/real/wheel_test.py PROGRAM [unittest options]

Also the man page and the completions, and the form of the YAML files.
"""

import gzip
import os
import pathlib
import re
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import unittest
import xml.etree.ElementTree as ET

PROGRAM = ""
ROOT = pathlib.Path(__file__).resolve().parents[3]
FEW = "GetConnectionStatus/Target/required/*"
SOME = "DescribeDocumentPermission/MaxResults/*"
BROKEN = "DescribeDocumentPermission/MaxResults/range/above-maximum"


def run(*command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300, **options)


class Wheel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        made = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", cls.folder, cwd=ROOT / "scripts/package/python",
                   env={**os.environ, "SSMC_PROGRAM": PROGRAM})
        assert made.returncode == 0, made.stderr
        wheel, = cls.folder.glob("ssm_conformance-*-py3-none-*.whl")
        cls.bin = cls.folder / "venv/bin"
        for command in ([sys.executable, "-m", "venv", cls.folder / "venv"], [cls.bin / "pip", "install", "--no-index", wheel]):
            done = run(*command)
            assert done.returncode == 0, done.stdout + done.stderr
        # pytest is not ours: it comes from the environment that runs this.
        packages = run(cls.bin / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
        (pathlib.Path(packages) / "pytest.pth").write_text(sysconfig.get_path("purelib") + "\n")
        (cls.folder / "test_own.py").write_text("def test_own():\n    pass\n")

    def pytest(self, *options):
        """Returns the exit status, what was printed, and the outcome of each test."""
        report = self.folder / "junit.xml"
        done = run(self.bin / "python", "-m", "pytest", "-p", "no:cacheprovider", f"--junit-xml={report}", *options, cwd=self.folder)
        outcomes = {case.get("name"): case[0].tag if len(case) else "passed" for case in ET.parse(report).iter("testcase")} if done.returncode < 2 else {}
        return done.returncode, done.stdout + done.stderr, outcomes

    def test_the_command_is_the_program(self):
        self.assertEqual(run(self.bin / "ssm-conformance", "--version").stdout, run(PROGRAM, "--version").stdout)

    def test_the_module_judges_and_has_the_exit_status_of_the_program(self):
        done = run(self.bin / "python", "-m", "ssm_conformance", "run", "--filter", FEW)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("kept:", done.stdout)
        self.assertEqual(run(self.bin / "python", "-m", "ssm_conformance", "run", "--filter", "no-such-case").returncode, 2)

    def test_pytest_is_not_disturbed_unless_it_is_asked(self):
        status, printed, outcomes = self.pytest()
        self.assertEqual((status, outcomes), (0, {"test_own": "passed"}), printed)

    def test_each_requirement_is_a_test(self):
        server = subprocess.Popen([PROGRAM, "serve"], stdout=subprocess.PIPE, text=True)
        try:
            url = re.search(r"http://\S+", server.stdout.readline())[0]
            status, printed, outcomes = self.pytest("--ssm-endpoint-url", url, f"--ssm-options=--filter '{SOME}'")
        finally:
            server.terminate()
            server.communicate()
        self.assertEqual(status, 0, printed)
        self.assertEqual({outcomes.pop(name) for name in ("test_own", "run", BROKEN)}, {"passed"})
        listed = run(PROGRAM, "list", "--filter", SOME).stdout.split()
        self.assertEqual(sorted([*outcomes, BROKEN]), sorted(listed))

    def test_what_is_broken_fails_with_the_lines_to_repeat_it(self):
        faulty = ["--ssm-spawn", f"'{PROGRAM}' serve --port {{port}} --fault max-results-201-accepted"]
        status, printed, outcomes = self.pytest(*faulty, f"--ssm-options=--filter '{SOME}'")
        self.assertEqual(status, 1, printed)
        self.assertEqual([name for name, outcome in outcomes.items() if outcome == "failure"], [BROKEN])
        for part in ("outcome/accepted", "admissible   400 ValidationException", "curl -q", f"FAILED ssm-conformance::{BROKEN}"):
            self.assertIn(part, printed)
        self.assertEqual(self.pytest(*faulty, f"--ssm-options=--filter '{SOME}'", "-k", "not above-maximum")[0], 0)
        baseline = self.folder / "ssm.baseline.json"
        self.pytest(*faulty, f"--ssm-options=--filter '{SOME}' --baseline {baseline} --update-baseline")
        status, printed, outcomes = self.pytest(*faulty, f"--ssm-options=--filter '{SOME}' --baseline {baseline}")
        self.assertEqual((status, outcomes[BROKEN]), (0, "skipped"), printed)  # pytest's XML has xfail under skipped

    def test_an_operation_that_is_missing_is_skipped_once(self):
        status, printed, outcomes = self.pytest("--ssm-spawn", f"'{PROGRAM}' serve --port {{port}} --dialect only-get-connection-status",
                                                "--ssm-options=--operation GetConnectionStatus --operation DescribeDocumentPermission")
        self.assertEqual(status, 0, printed)
        self.assertEqual(outcomes["DescribeDocumentPermission"], "skipped")
        self.assertFalse([name for name in outcomes if name.startswith("DescribeDocumentPermission/")])
        self.assertTrue([name for name in outcomes if name.startswith("GetConnectionStatus/")])

    def test_ctrl_c_ends_the_run_and_the_endpoint(self):
        mark = self.folder / "endpoint"
        endpoint = f"sh -c 'echo $$ >{mark}; exec {PROGRAM} serve --port {{port}}'"
        running = subprocess.Popen([self.bin / "python", "-m", "pytest", "-p", "no:cacheprovider", "--ssm-spawn", endpoint, "--ssm-options=--repeat 1000"],
                                   cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        deadline = time.monotonic() + 60
        while not (mark.exists() and mark.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        printed = running.communicate(timeout=60)[0]
        self.assertEqual(running.returncode, 2, printed)
        self.assertIn("KeyboardInterrupt", printed)
        endpoint_process = pathlib.Path("/proc", mark.read_text().strip())
        deadline = time.monotonic() + 10
        while endpoint_process.exists() and time.monotonic() < deadline:  # init may be slow to reap it
            time.sleep(0.05)
        self.assertFalse(endpoint_process.exists())

    def test_a_run_that_cannot_judge_fails(self):
        for options, part in ((["--ssm-endpoint-url", "http://127.0.0.1:1"], "exit status 3"),
                              (["--ssm-endpoint-url", "http://127.0.0.1:1", "--ssm-options=--nonsense"], "exit status 2")):
            status, printed, outcomes = self.pytest(*options)
            self.assertEqual((status, outcomes["run"]), (1, "failure"), printed)
            self.assertIn(part, printed)


class Description(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        done = run(sys.executable, ROOT / "scripts/package/describe.py", PROGRAM, cls.folder)
        assert done.returncode == 0, done.stderr
        cls.page = gzip.decompress((cls.folder / "man/man1/ssm-conformance.1.gz").read_bytes()).decode().replace("\\-", "-")
        cls.bash = cls.folder / "bash-completion/completions/ssm-conformance"
        cls.zsh = (cls.folder / "zsh/vendor-completions/_ssm-conformance").read_text()

    def test_every_option_of_every_command_is_there(self):
        commands = re.findall(r"^  ([a-z]+) ", run(PROGRAM, "--help").stdout.partition("Subcommands:")[2], re.M)
        self.assertIn("run", commands)
        for command in commands:
            options = set(re.findall(r"^  (?:-\w,)?(--[\w-]+)", run(PROGRAM, command, "--help").stdout, re.M)) - {"--help"}
            section = self.page.partition(f"\\fBssm-conformance {command}\\fR\n")[2].partition(".SS")[0]
            self.assertTrue(section, command)
            for option in options:
                self.assertIn(option, section, command)
                self.assertIn(option, self.bash.read_text(), command)
                self.assertIn(option, self.zsh, command)

    def complete(self, *words):
        script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _shtab_ssm_conformance; printf "%s\\n" "${COMPREPLY[@]}"'
        return run("bash", "-c", script, "bash", self.bash, "ssm-conformance", *words).stdout.split()

    def test_bash_completes_commands_options_and_choices(self):
        self.assertEqual(set(self.complete("re")), {"replay", "report"})
        self.assertEqual(self.complete("run", "--endpoint-u"), ["--endpoint-url"])
        self.assertEqual(self.complete("run", "--level", "a"), ["aws"])


class Yaml(unittest.TestCase):
    def test_workflows_actions_and_examples_are_well_formed(self):
        rules = "{extends: default, rules: {line-length: disable, document-start: disable, truthy: disable, comments: {min-spaces-from-content: 1}}}"
        done = run(sys.executable, "-m", "yamllint", "--strict", "-d", rules, ROOT / ".github", ROOT / "conformance/ci")
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
