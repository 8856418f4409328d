#!/usr/bin/env python3
"""Files that are wrong, from missing to hostile: each is refused in one line that names it; and a run that is killed.

    bad_files_test.py PROGRAM [unittest options]
"""

import copy
import json
import os
import pathlib
import signal
import subprocess
import time

import bad_input_support
from bad_input_support import FEW, LIMIT, NOBODY, SECRET, BadInputTest, main

HERE = pathlib.Path(__file__).parent
HTTPS = ["run", *FEW, "--endpoint-url", "https://127.0.0.1:1"]
HTTP = ["run", *FEW, "--endpoint-url", NOBODY]

# Every way in which a file is read: how the command is told of it, and what the line names besides the file.
READERS = (
    (lambda f: (["run", *FEW, "--baseline", f], {}), "--baseline"),
    (lambda f: (["run", *FEW, "--model", f], {}), "--model"),
    (lambda f: (["report", f], {}), ""),
    (lambda f: (["compare", f, f], {}), ""),
    (lambda f: (["board", f], {}), ""),
    (lambda f: (["replay", f], {}), ""),
    (lambda f: ([*HTTPS, "--ca-bundle", f], {}), "--ca-bundle"),
    (lambda f: ([*HTTP, "--ca-bundle", f], {}), "--ca-bundle"),
    (lambda f: (HTTPS, {"AWS_CA_BUNDLE": f}), "AWS_CA_BUNDLE"),
    (lambda f: (HTTP, {"AWS_CONFIG_FILE": f}), "AWS_CONFIG_FILE"),
    (lambda f: (HTTP, {"AWS_SHARED_CREDENTIALS_FILE": f}), "AWS_SHARED_CREDENTIALS_FILE"),
)


def wrong_type(value):
    """A JSON value of another type than this one."""
    return {"x": [7]} if isinstance(value, (str, list)) and not isinstance(value, dict) else "x"


class AnyFile(BadInputTest):
    def each_reader(self, name, *expected, skip=()):
        for reader, option in READERS:
            if option in skip:
                continue
            arguments, more = reader(name)
            self.refuses(arguments, name, option, *expected, **more)

    def test_what_is_no_file(self):
        self.path("file", "")
        os.symlink("nowhere", self.path("dangling"))
        os.symlink("loop", self.path("loop"))
        os.mkfifo(self.path("pipe"))
        (self.folder / "folder").mkdir()
        config = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")  # need not be there, as with the SDKs
        for name in ("nowhere", "dangling", "file/x"):
            self.each_reader(name, "o such file" if name != "file/x" else "", skip=config)
        self.each_reader("loop")
        self.each_reader("pipe", "nobody writes")
        self.each_reader("folder", "folder")
        self.each_reader("x" * 300)

    def test_what_never_ends(self):
        with open(self.path("huge"), "wb") as file:
            file.truncate(1 << 30)
        with open(self.path("large.json"), "wb") as file:
            file.write(b"[" + b"1," * 100_000_000 + b"1]")
        for name in ("huge", "large.json", "/dev/zero"):
            self.each_reader(name, "than")  # larger than, longer than

    def test_what_is_not_what_it_should_be(self):
        self.path("binary", bytes(range(256)) * 20)
        self.path("nul", b"{\0}")
        self.path("latin", "{\"tool\":\"\u00e9\"}".encode("latin-1"))
        self.path("deep", "[" * 1_000_000)
        self.path("deeper", '{"tool":"ssm-conformance","smithy":' + '{"a":' * 1_000_000)
        self.path("other.json", '{"name": "another tool", "version": 2}')
        self.path("empty", "")
        self.path("blank", " \n\n")
        for name in ("binary", "nul", "latin", "deep", "deeper", "other.json", "empty", "blank"):
            for reader, option in READERS:
                arguments, more = reader(name)
                empty_is_fine = option in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
                # A request may be any text with a first line; what is none comes below.
                if arguments[0] == "replay" or (name in ("empty", "blank") and empty_is_fine):
                    continue
                self.refuses(arguments, name, option, **more)
        for name in ("binary", "nul", "latin", "deep", "empty", "blank"):
            self.refuses(["replay", name], name, "line 1")


class ResultFiles(BadInputTest):
    def setUp(self):
        super().setUp()
        done = self.run_it("run", *FEW, "--results", self.path("good"))
        self.assertEqual(done.returncode, 0, done.err)
        self.text = pathlib.Path(self.path("good")).read_text(encoding="ascii")
        self.lines = self.text.splitlines(keepends=True)

    def test_cut_anywhere(self):
        ends = [sum(map(len, self.lines[:i])) for i in range(len(self.lines))]
        for start, line in zip(ends, self.lines):
            for cut in sorted({start, start + 1, start + len(line) // 2, start + len(line) - 2}):
                self.path("cut", self.text[:cut])
                head = cut >= len(self.lines[0]) - 1
                self.refuses(["report", "cut"], "cut", "incomplete" if head else "not a result file")
        self.path("cut", self.text[: ends[2]])
        self.refuses(["report", "cut", "--html", "new.html"], "incomplete", "1 of 2 cases")
        self.refuses(["compare", "good", "cut"], "cut: incomplete")

    def test_lines_that_are_not_in_order(self):
        head, *cases, summary = self.lines
        for lines, expected in (
            ((*cases, summary), "not a result file"), ((head, head, summary), "line 2"), ((head, summary, *cases), "line 3"),
            ((head, summary, summary), "line 3"), ((summary, head), "not a result file"), ((head, "\0\n", summary), "line 2"),
            ((head, "[]\n", summary), "line 2"), ((head, '{"kind":"other"}\n', summary), "line 2"),
            (("\n", head, summary), "blank"),
            ((head, cases[0].replace("{", "{" + '"a":' + "[" * 50_000, 1), summary), "line 2"),
        ):
            self.path("bad", "".join(lines))
            self.refuses(["report", "bad"], "bad: ", expected)
        self.path("bad", head.encode() + cases[0].encode().replace(b"GetConn", b"\xff", 1) + summary.encode())
        self.refuses(["report", "bad"], "bad: line 2: not UTF-8")

    def test_every_member_of_another_type(self):
        checked = 0
        for number, kind in ((0, "run"), (1, "case"), (len(self.lines) - 1, "summary")):
            good = json.loads(self.lines[number])
            self.assertEqual(good["kind"], kind)
            for name, value in good.items():
                for bad in (wrong_type(value), None):
                    lines = list(self.lines)
                    lines[number] = json.dumps({**good, name: bad}) + "\n"
                    self.path("bad", "".join(lines))
                    where = "not a result file" if number == 0 and name == "kind" else f"line {number + 1}"
                    self.refuses(["report", "bad"], "bad: ", where, name if name != "kind" else "")
                    checked += 1
        self.assertGreater(checked, 60)

    def test_values_that_do_not_exist(self):
        head, case, *_, summary = map(json.loads, self.lines)
        finding = {"rule": "a", "severity": "defect", "message": "m", "signature": "s"}
        for base, change, expected in (
            (head, {"format": 2}, "format"), (head, {"tool": "another"}, "another"), (head, {"seed": -1}, "seed"),
            (head, {"planned": 1.5}, "planned"), (head, {"options": {"a": 1}}, "options"), (case, {"verdict": "GOOD"}, "GOOD"),
            (case, {"source": "x"}, "source"), (case, {"request": {"base64": "?"}}, "request"),
            (case, {"clauses": [1]}, "clauses"),
            (case, {"findings": [finding, 7]}, "findings"), (case, {"findings": [{**finding, "severity": "bad"}]}, "severity"),
            (case, {"findings": [{**finding, "rule": None}]}, "rule"), (case, {"duration_us": 10**30}, "duration_us"),
            (summary, {"counts": {"GOOD": 1}}, "counts"), (summary, {"counts": {"PASS": -1}}, "counts"),
            (summary, {"operations": {"A": 1}}, "operations"),
        ):
            lines = list(self.lines)
            number = {"run": 0, "case": 1, "summary": len(lines) - 1}[base["kind"]]
            lines[number] = json.dumps({**base, **change}) + "\n"
            self.path("bad", "".join(lines))
            self.refuses(["report", "bad"], "bad: ", expected)

    def test_a_run_that_is_killed_leaves_what_can_be_read(self):
        def written(path):  # whether it can be written is asked before, which creates it for a moment
            try:
                return path.stat().st_size
            except FileNotFoundError:
                return 0

        for size in (1, 2_000, 5_000, 500_000):
            with self.subTest(size):
                results = pathlib.Path(self.path(f"killed-{size}.jsonl"))
                process = subprocess.Popen([bad_input_support.PROGRAM, "run", "--repeat", "1000000", "--filter",
                                            "DescribeDocumentPermission/*", "--results", str(results)],
                                           env={"HOME": str(self.folder), "PATH": os.environ["PATH"]}, cwd=self.folder,
                                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                try:
                    deadline = time.monotonic() + LIMIT
                    while written(results) < size:
                        self.assertIsNone(process.poll())
                        self.assertLess(time.monotonic(), deadline)
                        os.sched_yield()
                finally:
                    process.send_signal(signal.SIGKILL)
                    process.communicate(timeout=LIMIT)
                complete, _, rest = results.read_bytes().rpartition(b"\n")
                self.assertGreaterEqual(len(complete) + len(rest) + 1, size)
                for line in complete.splitlines():
                    self.assertIn(json.loads(line)["kind"], ("run", "case"))
                name = results.name
                expected = f"{complete.count(10)} of " if complete else "it is empty" if not rest else "not a result file"
                self.refuses(["report", name, "--html", "new.html"], name, "incomplete" if complete else "", expected)


class Models(BadInputTest):
    def refuses_model(self, model, *expected):
        self.path("m.json", model if isinstance(model, (str, bytes)) else json.dumps(model))
        self.refuses(["list", "--model", "m.json"], "--model m.json", *expected)

    def change(self, model, path, value):
        """A copy in which the value at this path is another (or gone, if None)."""
        out = copy.deepcopy(model)
        *way, last = path
        at = out
        for key in way:
            at = at[key]
        if value is None:
            del at[last]
        else:
            at[last] = value
        return out

    def test_smithy(self):
        text = (HERE.parent / "ssm/model/ssm.json").read_text(encoding="utf-8")
        model = json.loads(text)
        ns = "com.amazonaws.ssm#"
        shapes = model["shapes"]
        for part in (1, 2, 3, 5, 9):
            self.refuses_model(text[: len(text) * part // 10], "not JSON", "byte")
        operation, target = ns + "GetConnectionStatus", ns + "SessionTarget"
        request = ns + "GetConnectionStatusRequest"
        for path, expected in (
            (("shapes",), "shapes"), (("shapes", operation, "type"), "type"), (("shapes", operation, "input"), "input"),
            (("shapes", operation, "input", "target"), "input/target"), (("shapes", operation, "errors"), "errors"),
            (("shapes", request, "members"), "members"), (("shapes", request, "members", "Target"), "Target"),
            (("shapes", request, "members", "Target", "target"), "Target/target"),
            (("shapes", request, "members", "Target", "traits"), "Target/traits"), (("shapes", target, "traits"), "traits"),
            (("shapes", target, "type"), "type"), (("shapes", request), "GetConnectionStatusRequest"),
        ):
            self.refuses_model(self.change(model, path, 7), expected, "must be")
        for trait in ("length", "range", "pattern", "enum", "documentation"):
            bad = copy.deepcopy(model)
            bad["shapes"][target].setdefault("traits", {})["smithy.api#" + trait] = 7
            self.refuses_model(bad, "SessionTarget/traits/smithy.api#" + trait)
        bad["shapes"][target]["traits"] = {"smithy.api#length": {"min": "1", "max": None}}
        self.refuses_model(bad, "smithy.api#length/min must be a number")
        self.refuses_model(self.change(model, ("shapes", operation), None), "GetConnectionStatus")
        self.refuses_model(self.change(model, ("shapes", target), None), "SessionTarget", "does not exist")
        self.refuses_model(self.change(model, ("shapes", operation, "type"), "operatoin"), "operatoin")
        services = [name for name, shape in shapes.items() if shape["type"] == "service"]
        self.refuses_model(self.change(model, ("shapes", services[0]), None), "no service")
        self.refuses_model(self.change(model, ("shapes", "a#Second"), {"type": "service"}), "two services")
        self.refuses_model({"smithy": "2.0", "shapes": {}}, "no service")

    def test_botocore(self):
        model = {
            "metadata": {"targetPrefix": "AmazonSSM"},
            "operations": {"GetConnectionStatus": {"input": {"shape": "In"}, "errors": [{"shape": "Bad"}]},
                           "DescribeDocumentPermission": {"input": {"shape": "In"}}},
            "shapes": {"In": {"type": "structure", "required": ["Target"], "members": {"Target": {"shape": "Text"}}},
                       "Text": {"type": "string", "min": 1, "max": 9, "pattern": "x", "enum": ["x"]},
                       "Bad": {"type": "structure", "members": {}}, "Flag": {"type": "boolean"}},
        }
        for path in (("metadata",), ("metadata", "targetPrefix"), ("operations",), ("operations", "GetConnectionStatus"),
                     ("operations", "GetConnectionStatus", "input"), ("operations", "GetConnectionStatus", "errors"),
                     ("operations", "GetConnectionStatus", "errors", 0), ("shapes",), ("shapes", "In"), ("shapes", "In", "type"),
                     ("shapes", "In", "required"), ("shapes", "In", "members"), ("shapes", "In", "members", "Target"),
                     ("shapes", "In", "members", "Target", "shape"), ("shapes", "Text", "min"), ("shapes", "Text", "max"),
                     ("shapes", "Text", "pattern"), ("shapes", "Text", "enum")):
            self.refuses_model(self.change(model, path, {"x": 1} if path[-1] in ("min", "max") else 7), "must be")
        for path, expected in ((("shapes", "Text"), "Text"), (("shapes", "In"), "In"), (("shapes", "Bad"), "Bad"),
                               (("metadata", "targetPrefix"), "targetPrefix"), (("shapes",), "shapes"),
                               (("operations",), "operation"), (("operations", "GetConnectionStatus"), "GetConnectionStatus")):
            self.refuses_model(self.change(model, path, None), expected)


class OtherFiles(BadInputTest):
    def test_baselines(self):
        good = {"tool": "ssm-conformance", "format": 1, "expected_failures": {}}
        known = "GetConnectionStatus/implemented"
        for change, expected in (
            ({"tool": 7}, "baseline"), ({"tool": None}, "baseline"), ({"format": 2}, "format"), ({"format": "1"}, "format"),
            ({"expected_failures": []}, "baseline"), ({"expected_failures": {known: 7}}, known),
            ({"expected_failures": {known: ["a", 7]}}, known),
            ({"expected_failures": {known: {"a": 1}}}, known), ({"expected_failures": {"x" * 5_000_000: []}}, "nearest is"),
            ({"expected_failures": {known + "\n\x1b[2J": []}}, r"\x1b"),
        ):
            self.path("b.json", json.dumps({**good, **change}))
            unknown_case = expected in ("nearest is", r"\x1b")  # which an update drops
            for update in ([], *([] if unknown_case else [["--update-baseline"]])):
                self.refuses(["run", *FEW, "--baseline", "b.json", *update], "--baseline b.json", expected)
        self.path("b.json", json.dumps({**good, "expected_failures": {"GetConnectionStatus/renamed": ["a"]}}))
        self.refuses(["run", *FEW, "--baseline", "b.json"], "GetConnectionStatus/renamed", "--update-baseline drops it")
        self.assertEqual(self.run_it("run", *FEW, "--baseline", "b.json", "--update-baseline").returncode, 0)
        self.assertEqual(self.run_it("run", *FEW, "--baseline", "b.json").returncode, 0)
        done = self.run_it("run", *FEW, "--results", self.path("r.jsonl"))
        self.assertEqual(done.returncode, 0)
        self.refuses(["run", *FEW, "--baseline", "r.jsonl", "--update-baseline"], "--baseline r.jsonl")
        self.path("sarif.json", '{"version": "2.1.0", "runs": []}')
        self.refuses(["run", *FEW, "--baseline", "sarif.json", "--update-baseline"], "not a baseline")

    def test_requests(self):
        head = "POST / HTTP/1.1\nContent-Type: application/x-amz-json-1.1\n"
        for text, expected in (
            ("GET\n\n", "line 1"), (head + "no colon\n\n", "line 3"),
            ("# @escaped\n" + head + "A: \\q\n\n", "line 4"), (head + "\n{{nothing}}", "nothing"),
            (head + "\n{{document", "document"),
            (head + "\n{{repeat 99999999999 x}}", "repeat"), (head + "\n{{repeat x}}", "repeat"), ("# only a comment\n", "line"),
            (head.encode() + b"\n\xff", "line 4"), (head.encode() + b"\n\x00", "line 4"), (head + "A: \x07\n\n", "line 3"),
        ):
            self.path("x.http", text)
            self.refuses(["replay", "x.http"], "x.http", expected)
        self.path("x.http", head + "\n{}")
        for option, value in (("--filter", "y"), ("--exclude", "y"), ("--operation", "y"), ("--shard", "3/2")):
            self.refuses(["replay", "x.http", option, value], option)
        (self.folder / "folder/loop").mkdir(parents=True)
        os.symlink("..", self.path("folder/loop/up"))
        self.refuses(["replay", "folder"], "folder", "no .http file")
        self.refuses(["replay", "x.http", "nowhere.http"], "nowhere.http")

    def test_certificates(self):
        pem = "-----BEGIN CERTIFICATE-----\n"
        for text in ("", "\n", "nonsense", pem, pem + "MIIB", pem + "AAAA\n-----END CERTIFICATE-----\n",
                     "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                     pem + "\u00e9\n-----END CERTIFICATE-----\n"):
            self.path("ca.pem", text)
            self.refuses([*HTTPS, "--ca-bundle", "ca.pem"], "--ca-bundle ca.pem", "PEM")
            self.refuses([*HTTPS, "--no-verify-ssl", "--ca-bundle", "ca.pem"], "--ca-bundle ca.pem")

    def test_shared_aws_files(self):
        (self.folder / ".aws").mkdir()
        keys = f"aws_access_key_id = AKID\naws_secret_access_key = {SECRET}\n"
        for name in ("config", "credentials"):
            prefix = "profile " if name == "config" else ""
            for text, expected in (
                ("region = x\n", "line 1"), ("[default\n", "line 1"), ("[default]\nnonsense\n", "line 2"), ("[]\n", "line 1"),
                (f"[default]\n{SECRET}\n", "line 2"), ("[default]\n= x\n", "line 2"),
                ("[default]\naws_access_key_id = x\n", "aws_secret_access_key"),
                (f"[default]\naws_secret_access_key = {SECRET}\n", "aws_access_key_id"),
                ("[default]\n" + keys.replace("AKID", "AK ID"), "aws_access_key_id: character 3"),
                ("[default]\n" + keys + f"aws_session_token = {SECRET}\u00e9\n", "aws_session_token: character"),
            ):
                self.path(".aws/" + name, text)
                self.refuses(HTTP, ".aws/" + name, expected)
            self.path(".aws/" + name, f"[{prefix}loop]\nrole_arn = r\nsource_profile = pool\n"
                                      f"[{prefix}pool]\nrole_arn = r\nsource_profile = loop\n"
                                      f"[{prefix}sso]\nsso_session = s\n[{prefix}cmd]\ncredential_process = x\n")
            for profile, expected in (("loop", "role_arn"), ("sso", "sso_session"), ("cmd", "credential_process"),
                                      ("lop", "no profile")):
                self.refuses([*HTTP, "--profile", profile], profile, expected)
                self.refuses(HTTP, profile, expected, AWS_PROFILE=profile)
            (self.folder / ".aws" / name).unlink()
        self.path(".aws/config", "[default]\nregion = a b\n")
        self.refuses(HTTP, ".aws/config", "region")


if __name__ == "__main__":
    main()
