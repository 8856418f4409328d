"""Judges an endpoint of SSM within a pytest run: each requirement is a test.

    pytest --ssm-endpoint-url http://127.0.0.1:4566
    pytest --ssm-spawn 'moto_server -p {port}' --ssm-options='--operation parameters'

The program runs once, when pytest collects, and the tests report what its result file holds. Without the first two options, the plugin
does nothing.
"""

import json
import pathlib
import shlex
import signal
import subprocess
import tempfile

import pytest

from ssm_conformance import program

BROKEN = {"FAIL", "FLAKY", "ERROR", "XPASS"}


def pytest_addoption(parser):
    group = parser.getgroup("ssm-conformance", "judging an endpoint of AWS Systems Manager")
    group.addoption("--ssm-endpoint-url", metavar="URL", help="Judge the endpoint at this URL")
    group.addoption("--ssm-spawn", metavar="COMMAND", help="Judge the endpoint that this command starts; {port} is a free port")
    group.addoption("--ssm-options", metavar="OPTIONS", default="", help="More options of `ssm-conformance run`, as one text")


def is_asked(config):
    return bool(config.getoption("ssm_endpoint_url") or config.getoption("ssm_spawn"))


def pytest_configure(config):
    if is_asked(config) and (config.getoption("numprocesses", None) or hasattr(config, "workerinput")):
        raise pytest.UsageError("--ssm-endpoint-url and --ssm-spawn cannot be used with -n: every worker would judge the endpoint")


# First, so that -k and -m see the tests.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session, config, items):
    if is_asked(config):
        items.extend(Endpoint.from_parent(session, name="ssm-conformance", nodeid="ssm-conformance").collect())


class Endpoint(pytest.Collector):
    """Runs the program, and yields a test for each case that was judged, and one for the run as a whole."""

    def collect(self):
        with tempfile.TemporaryDirectory() as folder:
            results = pathlib.Path(folder) / "results.jsonl"
            status, output = self.judge(results)
            lines = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
        cases = [line for line in lines if line["kind"] == "case"]
        yield Run.from_parent(self, name="run", status=status, output=output, cases=cases)
        missing = set()
        for case in cases:
            if case["verdict"] != "NOT_IMPLEMENTED":
                yield Case.from_parent(self, name=case["id"], case=case)
            elif case["operation"] not in missing:  # one test an operation, not one a case
                missing.add(case["operation"])
                yield Case.from_parent(self, name=case["operation"], case=case)

    def judge(self, results):
        """Returns the program's exit status and what it printed."""
        command = [program(), "run", "--results", str(results)]
        for option in ("endpoint-url", "spawn"):
            value = self.config.getoption("ssm_" + option.replace("-", "_"))
            command += [f"--{option}", value] if value else []
        command += shlex.split(self.config.getoption("ssm_options"))
        with tempfile.TemporaryFile() as output:
            # In a session of its own, so that it gets Ctrl-C only once, from here: a second signal ends it before it has removed what
            # it made.
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                status = process.wait()
            except KeyboardInterrupt:
                process.send_signal(signal.SIGINT)
                process.wait()
                raise
            output.seek(0)
            return status, output.read().decode(errors="replace")


class Run(pytest.Item):
    """Fails if the run failed for another reason than a case that fails: an endpoint that cannot be reached, a wrong option."""

    def __init__(self, *, status, output, cases, **kwargs):
        super().__init__(**kwargs)
        self.status, self.output, self.cases = status, output, cases

    def runtest(self):
        told_by_case = self.status == 1 and any(case["verdict"] in BROKEN for case in self.cases)
        if self.status != 0 and not told_by_case:
            pytest.fail(f"ssm-conformance run: exit status {self.status}\n{self.output}", pytrace=False)

    def reportinfo(self):
        return "ssm-conformance", None, self.name


class Case(pytest.Item):
    """Reports the verdict of one case."""

    def __init__(self, *, case, **kwargs):
        super().__init__(**kwargs)
        self.case = case

    def runtest(self):
        verdict, reason = self.case["verdict"], self.case.get("reason", "")
        if verdict in BROKEN:
            pytest.fail(self.describe(), pytrace=False)
        elif verdict == "XFAIL":
            pytest.xfail(reason)
        elif verdict != "PASS":
            pytest.skip(f"{verdict}: {reason}")

    def describe(self):
        """Returns the finding first, for pytest prints that line again at the end."""
        case = self.case
        lines = [f"{finding['message']}  [{finding['rule']}]" for finding in case["findings"] if finding["severity"] == "defect"]
        lines = lines or [f"{case['verdict']}: {case.get('reason', '')}"]
        lines += [f"requirement  {case.get('title', case['id'])}", *(f"             {rule}" for rule in case.get("because", []))]
        lines.append(f"admissible   {case['expected']}")
        if isinstance(case["response"], str):
            lines += ["answered", *(f"  {line}" for line in case["response"].splitlines())]
        lines += ["reproduce", *(f"  {line}" for line in case.get("reproduce", [case["curl"]]))]
        return "\n".join(lines)

    def reportinfo(self):
        return "ssm-conformance", None, self.name
