#!/usr/bin/env python3
"""Drives the program as people and scripts do: options, exit statuses, files, signals.

    command_test.py PROGRAM [unittest options]

SSMC_JUNIT_XSD may name the common JUnit schema; then reports are checked against it. Every output of the program, on
its streams and in its files, is searched for the secrets that it was given.
"""

import contextlib
import http.client
import http.server
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
import xml.etree.ElementTree as ET

from part import load_tests  # noqa: F401: unittest finds it by its name

PROGRAM = ""
LIMIT = 600  # seconds for any one run: far beyond what it takes, so that a hang ends
SECRETS = {"AWS_SECRET_ACCESS_KEY": "MARKERsecretMARKER", "AWS_SESSION_TOKEN": "MARKERtokenMARKER"}
FEW = "GetConnectionStatus/Target/required/*"
DOCUMENTS = "DescribeDocumentPermission/MaxResults/*"


class Quiet(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one write an answer: two of them, and the second waits for an acknowledgement of the first

    def log_message(self, *_):
        pass


class AlwaysFine(Quiet):
    """An endpoint with a defect: it answers anything with 200 and an empty object."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


class AcceptsAll(Quiet):
    """Knows GetConnectionStatus, and refuses nothing."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = None
        with contextlib.suppress(ValueError, AttributeError):
            target = json.loads(body).get("Target")
        answer = json.dumps({"Target": target if isinstance(target, str) else "x", "Status": "notconnected"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


class NothingThere(Quiet):
    """An endpoint that has no operation at all."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b'{"__type":"UnknownOperationException"}'
        self.send_response(400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


# What the service makes, another one each time.
SERVICE_ID = r"(mw|pb|oi)-[0-9a-f]{12,17}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|opsmetadata/[0-9a-f]{32}\b"


def passing_on(upstream, sent=None, answer=None):
    """An endpoint in front of a good one. What it is sent is added to `sent`, without dates, signatures, tokens, and
    ids that the service makes; `answer` may change the status and the body of what is answered."""

    class PassingOn(Quiet):
        def setup(self):
            super().setup()
            self.upstream = http.client.HTTPConnection(upstream.removeprefix("http://"), timeout=LIMIT)

        def finish(self):
            self.upstream.close()
            super().finish()

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if sent is not None:
                head = [f"{k}: {v}" for k, v in self.headers.items()
                        if k.lower() not in ("authorization", "x-amz-date", "x-amz-security-token")]
                text = "\n".join([self.requestline, *head, "", body.decode("latin-1")])
                text = re.sub(r'"NextToken":"[^"]{20,}"', "(token)", text)
                sent.append(re.sub(SERVICE_ID, "(id)", text))
            headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
            self.upstream.request("POST", self.path, body, headers)
            got = self.upstream.getresponse()
            status, content = got.status, got.read()
            if answer:
                status, content = answer(status, content, body)
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return PassingOn


def failing(status, content, body):
    """Answers with a failure of the server whatever must be refused."""
    if status < 400:
        return status, content
    message = f"cannot handle '{len(body)}' at line {len(body)}: " + ("too much" if len(body) % 2 else "too little")
    return 500, json.dumps({"__type": "InternalError", "message": message}).encode()


@contextlib.contextmanager
def http_server(handler, port=0):
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def garbage_server():
    """Accepts, reads, and answers what is not HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def work():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, contextlib.suppress(OSError):
                    connection.recv(65536)
                    connection.sendall(b"\x15\x03\x01\x00\x02garbage\r\n\r\n")

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ssmc-command-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def tearDown(self):
        for path in self.folder.rglob("*"):
            if path.is_file():
                self.no_secrets(path.read_bytes(), path.name)

    # ---- helpers ----
    def path(self, name, content=None):
        path = self.folder / name
        if content is not None:
            path.write_text(content, encoding="utf-8")
        return str(path)

    def environment(self, **more):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "SSMC_"))}
        kept.update(HOME=str(self.folder), AWS_ACCESS_KEY_ID="AKIDMARKER", **SECRETS)
        kept.update(more)
        return {k: v for k, v in kept.items() if v is not None}

    def no_secrets(self, output, where):
        for secret in SECRETS.values():
            self.assertNotIn(secret.encode(), output, f"a secret stands in {where}")

    def run_it(self, *arguments, status=None, **more):
        done = subprocess.run([PROGRAM, *arguments], env=self.environment(**more), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=LIMIT, cwd=self.folder)
        self.no_secrets(done.stdout + done.stderr, "the output of " + " ".join(arguments))
        done.out = done.stdout.decode()
        done.err = done.stderr.decode()
        if status is not None:
            self.assertEqual(done.returncode, status, f"{arguments}\n{done.out[-3000:]}\n{done.err[-3000:]}")
        return done

    def lines(self, path):
        with open(path, encoding="ascii") as file:
            return [json.loads(line) for line in file]

    def verdicts(self, path):
        return {line["id"]: line["verdict"] for line in self.lines(path) if line["kind"] == "case"}

    @contextlib.contextmanager
    def serve(self, *arguments):
        """The reference endpoint in a process of its own."""
        process = subprocess.Popen([PROGRAM, "serve", *arguments], env=self.environment(), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, cwd=self.folder)
        try:
            first = process.stdout.readline().decode()
            self.assertIn("serving SSM at http", first, process.stderr.read().decode() if not first else "")
            yield first.split(" at ")[1].split()[0], process
        finally:
            if process.poll() is None:
                process.terminate()
            out, err = process.communicate(timeout=LIMIT)
            self.no_secrets(first.encode() + out + err, "the output of serve")

    @contextlib.contextmanager
    def started(self, *arguments, **more):
        """A run whose result file is a pipe: gives the process and an iterator over its lines as they come."""
        fifo = self.folder / "results.fifo"
        os.mkfifo(fifo)
        with open(self.folder / "out", "wb") as out, open(self.folder / "err", "wb") as err:
            process = subprocess.Popen([PROGRAM, *arguments, "--results", str(fifo)], env=self.environment(**more),
                                       stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=self.folder)
            try:
                with open(fifo, encoding="ascii") as lines:
                    yield process, lines
                process.wait(timeout=LIMIT)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
                fifo.unlink()


class OldModel(CommandTest):
    """A model as botocore had it in 2022: what AWS was recorded to answer counts, and a remark says so."""

    def setUp(self):
        super().setUp()
        model = pathlib.Path(__file__).parent.parent / "ssm/model/ssm.json"
        text = model.read_text(encoding="utf-8")
        old = text.replace('"notconnected"', '"NotConnected"').replace('"connected"', '"Connected"')
        self.assertNotEqual(old, text)
        self.options = ["--model", self.path("old.json", old), "--filter", "GetConnectionStatus/implemented",
                        "--filter", "GetConnectionStatus/scenario/*"]

    def test_the_recorded_answer_passes(self):
        done = self.run_it("run", *self.options, status=0)
        self.assertIn("AWS was recorded to answer one of connected, notconnected", done.out)

    def test_the_answer_of_the_old_model_fails(self):
        with self.serve("--fault", "status-capitalised") as (url, _):
            done = self.run_it("run", "--endpoint-url", url, *self.options, status=1)
        self.assertIn("shape/enum", done.out)


class OtherService(CommandTest):
    """A model of another service: it is judged by that alone, at an endpoint that is named."""

    MODEL = {
        "metadata": {"serviceId": "Front Desk", "targetPrefix": "Desk_2020", "signingName": "desk", "jsonVersion": "1.0"},
        "operations": {"Book": {"input": {"shape": "Input"}, "output": {"shape": "Output"}}, "Look": {"output": {"shape": "Output"}}},
        "shapes": {"Input": {"type": "structure", "required": ["Name"], "members": {"Name": {"shape": "Name"}}},
                   "Output": {"type": "structure", "members": {}}, "Name": {"type": "string", "min": 1, "max": 9}}}

    def setUp(self):
        super().setUp()
        self.model = self.path("desk.json", json.dumps(self.MODEL))

    def refuses(self, *arguments):
        done = self.run_it("run", "--model", self.model, *arguments, status=2)
        self.assertEqual(done.err.count("\n"), 1, done.err)
        self.assertEqual(done.out, "")
        return done.err

    def test_an_endpoint_must_be_named(self):
        for arguments in ([], ["--dialect", "plain"]):
            said = self.refuses(*arguments)
            for expected in ("plays SSM only", "Front Desk", "--endpoint-url", "AWS_ENDPOINT_URL_FRONT_DESK"):
                self.assertIn(expected, said)

    def test_nothing_of_ssm_can_be_given(self):
        for option in ("--document", "--connected-node"):
            said = self.refuses(option, "x", "--endpoint-url", "http://127.0.0.1:9")
            self.assertIn(f"{option} x", said)
            self.assertIn("Front Desk", said)

    def test_its_cases_are_listed_and_explained(self):
        cases = self.run_it("list", "--model", self.model, status=0).out.split()
        self.assertEqual({case.split("/")[0] for case in cases}, {"Book", "Look"})
        for case in cases:
            out = self.run_it("explain", case, "--model", self.model, status=0).out
            self.assertIn("X-Amz-Target: Desk_2020.", out)
            self.assertNotIn("systems-manager", out)
        self.assertNotIn("Document", self.run_it("explain", "length", "--model", self.model, status=0).out)

    def test_it_is_judged(self):
        sent = []

        class Desk(AlwaysFine):
            def do_POST(self):
                sent.append((self.headers["X-Amz-Target"], self.headers["Content-Type"], self.headers["Authorization"]))
                super().do_POST()

        results = self.path("results.jsonl")
        with http_server(Desk) as url:
            done = self.run_it("run", "--model", self.model, "--results", results, status=1, AWS_ENDPOINT_URL_FRONT_DESK=url)
        self.assertTrue(all(target.startswith("Desk_2020.") for target, _, _ in sent))
        self.assertEqual({kind for _, kind, _ in sent}, {"application/x-amz-json-1.0"})
        self.assertTrue(all("/desk/aws4_request" in authorization for _, _, authorization in sent))
        head, *cases, summary = self.lines(results)
        self.assertIn(f"names {head['prefix']}*", done.out)
        self.assertIn(f"how Front Desk removes things is not known here; their names begin with {head['prefix']}", done.out)
        verdicts = {case["id"]: case["verdict"] for case in cases}
        self.assertEqual(verdicts["Book/Name/length/above-maximum"], "FAIL")
        self.assertEqual(verdicts["Look/implemented"], "PASS")
        self.assertRegex(done.out, r"All operations +2 +2 +2 +2 +2 +100.0 % +2 +100.0 %")
        self.assertIn("aws:amz:us-east-1:desk", done.out)
        self.assertEqual(summary["kind"], "summary")


class NewUser(CommandTest):
    """What people type before they know the commands."""

    def test_help_and_version(self):
        everything = self.run_it("--help", status=0).out
        self.assertEqual(self.run_it("help", status=0).out, everything)
        self.assertEqual(self.run_it("help", "run", status=0).out, self.run_it("run", "--help", status=0).out)
        self.assertEqual(self.run_it("-v", status=0).out, self.run_it("--version", status=0).out)

    def test_every_help_is_narrow_and_ends_with_two_examples(self):
        commands = re.findall(r"(?m)^  ([a-z]+) {3,}\S", self.run_it("--help", status=0).out)
        self.assertGreaterEqual(len(commands), 10)
        for command in commands:
            with self.subTest(command):
                lines = self.run_it(command, "--help", status=0).out.rstrip().split("\n")
                self.assertLessEqual(max(map(len, lines)), 100)
                self.assertEqual(lines[-3], "Examples:")
                for line in lines[-2:]:
                    self.assertTrue(line.startswith(f"  ssm-conformance {command}"), line)

    def test_an_endpoint_alone_is_judged(self):
        with self.serve() as (url, _):
            for arguments in ([url], ["--endpoint-url", url], ["--endpoint-url=" + url]):
                done = self.run_it(*arguments, "--filter", FEW, status=0)
                self.assertEqual(done.out.splitlines()[-1], "kept: 2 cases judged")

    def test_the_nearest_name_is_suggested(self):
        for arguments, expected in ((["rum"], "the nearest is run"), (["foo"], "there is no subcommand foo"),
                                    (["run", "--conections", "2"], "the nearest is --connections")):
            self.assertIn(expected, self.run_it(*arguments, status=2).err)

    def test_a_report_that_is_printed_is_all_that_is_printed(self):
        results = self.path("r.jsonl")
        done = self.run_it("run", "--filter", FEW, "--results", results, "--markdown", "-", status=0)
        self.assertTrue(done.out.startswith("# ssm-conformance: kept"), done.out[:200])
        self.assertIn("kept: 2 cases judged", done.err)
        again = self.run_it("report", results, "--markdown", "-", "--html", self.path("r.html"), status=0)
        self.assertEqual(again.out, done.out)
        self.assertIn("--html: written to ", self.run_it("report", results, "--html", self.path("r.html"), status=0).out)
        self.assertFalse((self.folder / "-").exists())
        self.run_it("run", "--filter", FEW, "--markdown", "-", "--html", "-", status=2)
        self.assertIn("--results -", self.run_it("run", "--filter", FEW, "--results", "-", status=2).err)

    def test_a_selftest_of_one_fault_does_not_speak_of_all(self):
        out = self.run_it("selftest", "--filter", "max-results-201-accepted", status=0).out
        self.assertIn("of what --filter selects, the referee catches 1 planted fault", out)
        self.assertNotIn("every planted fault", out)


class ExitStatus(CommandTest):
    def test_0_the_embedded_endpoint_keeps_everything(self):
        done = self.run_it("run", "--filter", FEW, status=0)
        self.assertIn("PASS" if "PASS" in done.out else "pass", done.out)
        self.assertEqual(done.err, "")
        of_ours = "kept: 2 cases judged (the embedded reference endpoint; --endpoint-url names yours)"
        self.assertEqual(done.out.splitlines()[-1], of_ours)
        with self.serve() as (url, _):
            done = self.run_it("run", "--filter", FEW, "--endpoint-url", url, status=0)
        self.assertEqual(done.out.splitlines()[-1], "kept: 2 cases judged")

    def test_1_an_endpoint_with_a_defect(self):
        with http_server(AlwaysFine) as url:
            done = self.run_it("run", "--endpoint-url", url, "--filter", FEW, "--filter", "*DocumentPermission/implemented", status=1)
        self.assertIn("FAIL", done.out)
        self.assertIn("curl", done.out, "a failure says how to see it again")

    def test_1_nothing_could_be_judged(self):
        with http_server(NothingThere) as url:
            done = self.run_it("run", "--endpoint-url", url, "--filter", FEW, status=1)
            self.assertIn("not implemented", done.out)
            self.run_it("run", "--endpoint-url", url, "--filter", "*/required/*", status=1)

    def test_2_wrong_usage(self):
        folder = str(self.folder)
        for arguments, expected in (
            ([], "subcommand"),
            (["runn"], "subcommand"),
            (["run", "--conections", "1"], "--conections"),
            (["run", "--connections", "0"], "--connections"),
            (["run", "--connections", "many"], "--connections"),
            (["run", "--level", "strict"], "--level"),
            (["run", "--timeout", "-1"], "--timeout"),
            (["run", "--shard", "0/2"], "--shard"),
            (["run", "--shard", "3/2"], "--shard"),
            (["run", "--shard", "1"], "I/N"),
            (["run", "--operation", "GetConectionStatus"], "nearest is GetConnectionStatus"),
            (["run", "--filter", "GetConnectionStatus/Target/required/mising"], "GetConnectionStatus/Target/required/missing"),
            (["run", "--exclude", "nothing/*"], "--exclude"),
            (["run", "--filter", "*MaxResult/range*"], "the nearest is *MaxResults/range*"),
            (["run", "--filter", "*maxresults/RANGE/*"], "the nearest is *MaxResults/range/*"),
            (["run", "--operation", "GETCONNECTIONSTATUS"], "nearest is GetConnectionStatus"),
            (["run", "--endpoint-url", "ftp://127.0.0.1"], "ftp"),
            (["run", "--endpoint-url", "127.0.0.1:99999"], "127.0.0.1:99999"),
            (["run", "--endpoint-url", "http://127.0.0.1:1", "--dialect", "chunked"], "--dialect"),
            (["run", "--dialect", "chuncked"], "chuncked"),
            (["run", "--endpoint-url", "https://ssm.us-east-1.amazonaws.com"], "--allow-aws"),
            (["run", "--endpoint-url", "https://SSM.us-east-1.AmazonAWS.com"], "--allow-aws"),
            (["run", "--endpoint-url", "https://amazonaws.com."], "--allow-aws"),
            (["run", "--profile", "nobody"], "nobody"),
            (["run", "--results", folder + "/nowhere/r.jsonl"], "--results"),
            (["run", "--junit", folder], "--junit"),
            (["run", "--results", "same", "--html", "same"], "same"),
            (["run", "--update-baseline"], "--baseline"),
            (["run", "--baseline", "nowhere.json"], "nowhere.json"),
            (["run", "--model", "nowhere.json"], "nowhere.json"),
            (["run", "--model", folder], folder),
            (["run", "--ca-bundle", "nowhere.pem", "--endpoint-url", "https://127.0.0.1:1"], "nowhere.pem"),
            (["list", "--filter", "x"], "--filter x"),
            (["explain", "GetConnectionStatus/Target/required/mising"], "GetConnectionStatus/Target/required/missing"),
            (["explain"], "case"),
            (["replay"], "files"),
            (["replay", "nowhere.http"], "nowhere.http"),
            (["report", "nowhere.jsonl"], "nowhere.jsonl"),
            (["compare", "nowhere.jsonl", "nowhere.jsonl"], "nowhere.jsonl"),
            (["serve", "--port", "99999"], "--port"),
            (["serve", "--dialect", "chuncked"], "chuncked"),
        ):
            with self.subTest(" ".join(arguments).replace(folder, "FOLDER")):
                done = self.run_it(*arguments, status=2)
                self.assertIn(expected.lower(), done.err.lower())
                self.assertEqual(done.out, "", "what is wrong is said on standard error")

    def test_2_a_port_that_is_taken(self):
        with self.serve() as (url, _):
            self.run_it("serve", "--port", url.rsplit(":", 1)[1], status=2)

    def test_2_the_environment_is_checked_too(self):
        for name, value, expected in (
            ("AWS_ENDPOINT_URL_SSM", "nonsense", "nonsense"),
            ("AWS_ENDPOINT_URL", "https://ssm.eu-west-1.amazonaws.com", "--allow-aws"),
            ("AWS_PROFILE", "nobody", "nobody"),
            ("AWS_ACCESS_KEY_ID", None, "AWS_ACCESS_KEY_ID"),
        ):
            with self.subTest(name):
                self.assertIn(expected, self.run_it("run", "--filter", FEW, status=2, **{name: value}).err)

    def test_2_and_nothing_is_overwritten(self):
        kept = self.path("r.jsonl", "precious")
        self.run_it("run", "--results", kept, "--filter", "nothing", status=2)
        self.run_it("run", "--results", kept, "--filter", FEW, "--dialect", "nothing", status=2)
        self.assertEqual(pathlib.Path(kept).read_text(), "precious")

    def test_3_nobody_listens(self):
        done = self.run_it("run", "--endpoint-url", f"http://127.0.0.1:{free_port()}", "--filter", FEW, status=3)
        self.assertIn("nothing answers", done.err)
        self.assertEqual(done.err.count("\n"), 1, done.err)
        self.assertNotIn("nothing answers", done.out, "it is told once")
        self.assertNotIn("total", done.out, "there is nothing to count")

    def test_3_not_http(self):
        with garbage_server() as url:
            done = self.run_it("run", "--endpoint-url", url, "--filter", FEW, status=3)
        self.assertIn("HTTP", done.err)

    def test_3_tls_without_its_authority(self):
        with self.serve("--tls", self.path("tls")) as (url, _):
            self.assertIn("--ca-bundle", self.run_it("run", "--endpoint-url", url, "--filter", FEW, status=3).err)
            authority = self.path("tls/ca.pem")
            self.run_it("run", "--endpoint-url", url, "--filter", FEW, "--ca-bundle", authority, status=0)
            self.run_it("run", "--endpoint-url", url, "--filter", FEW, status=0, AWS_CA_BUNDLE=authority)
            self.run_it("run", "--endpoint-url", url, "--filter", FEW, "--no-verify-ssl", status=0)

    def test_3_an_endpoint_that_dies_half_way(self):
        with self.serve() as (url, server):
            with self.started("run", "--endpoint-url", url, "--filter", DOCUMENTS, "--repeat", "100000") as (process, lines):
                text = [next(lines) for _ in range(40)]
                server.kill()
                server.wait()
                text += list(lines)
            self.assertEqual(process.returncode, 3)
        summary = json.loads(text[-1])
        self.assertEqual(summary["kind"], "summary")
        self.assertTrue(summary["endpoint_lost"])
        self.assertIn("stopped accepting connections", (self.folder / "err").read_text())
        kept = self.path("kept.jsonl", "".join(text))
        self.assertIn("stopped accepting connections", self.run_it("report", kept, status=3).out)

    def test_3_a_command_that_does_not_start(self):
        done = self.run_it("run", "--spawn", "echo cannot start at {port} >&2; exit 7", "--filter", FEW, status=3)
        self.assertIn("exit status 7", done.err)
        self.assertIn("cannot start", done.err)

    def test_4_a_full_disk(self):
        done = self.run_it("run", "--filter", FEW, "--results", "/dev/full", status=4)
        self.assertIn("/dev/full", done.err)
        done = self.run_it("run", "--filter", FEW, "--junit", "/dev/full", status=4)
        self.assertIn("/dev/full", done.err)
        self.assertTrue(pathlib.Path("/dev/full").is_char_device(), "a device must not be replaced by a file")


class Seed(CommandTest):
    CASES = ("--filter", "DescribeDocumentPermission/MaxResults/*", "--filter", "DescribeDocumentPermission/PermissionType/*",
             "--filter", "GetConnectionStatus/Target/length/*", "--filter", "*/scenario/*", "--filter", "Protocol/json/number/*")

    def sent(self, upstream, port, seed, connections, *more):
        """What a run sends. All runs use one port, for requests name it."""
        sent = []
        with http_server(passing_on(upstream, sent), port) as url:
            self.run_it("run", "--endpoint-url", url, *self.CASES, "--seed", str(seed), "--connections", str(connections),
                        *more, status=0)
        return sent

    def test_two_runs_with_one_seed_send_the_same_bytes(self):
        port = free_port()
        with self.serve() as (upstream, _):
            # Scenarios with threads of their own have no order.
            in_order = ("--exclude", "*concurrent*", "--exclude", "*/at-once/*")
            first = self.sent(upstream, port, 5, 1, *in_order)
            self.assertGreater(len(first), 500)
            self.assertEqual(first, self.sent(upstream, port, 5, 1, *in_order))
            other = self.sent(upstream, port, 6, 1, *in_order)
            self.assertNotEqual(sorted(first), sorted(other), "names are the seed's too")
            # How often a control is repeated depends on which connection is free first.
            self.assertEqual(set(self.sent(upstream, port, 5, 8)), set(self.sent(upstream, port, 5, 8)))

    def test_without_one_every_run_has_its_own_and_says_so(self):
        seeds = set()
        for name in ("a", "b"):
            out = self.run_it("run", "--filter", DOCUMENTS, "--results", self.path(name), status=0).out
            head = self.lines(self.path(name))[0]
            self.assertIn(f"seed {head['seed']}, names {head['prefix']}*", out)
            seeds.add((head["seed"], head["prefix"]))
            self.run_it("run", "--filter", DOCUMENTS, "--seed", str(head["seed"]), "--results", self.path("again"), status=0)
            self.assertEqual(self.lines(self.path("again"))[0]["prefix"], head["prefix"])
        self.assertEqual(len(seeds), 2)

    def test_names_begin_as_they_are_told_to(self):
        self.run_it("run", "--filter", "DescribeDocumentPermission/scenario/*", "--prefix", "My_own.", "--results",
                    self.path("r"), status=0)
        self.assertRegex(self.lines(self.path("r"))[0]["prefix"], r"^My_own\.[a-z0-9]{10}-$")
        for prefix in ("", "a b", "a/b", "x" * 65, "\u00e9", "aws-", "AWSome", "amazon.", "amzn"):
            self.assertIn("--prefix", self.run_it("run", "--filter", FEW, "--prefix", prefix, status=2).err)

    def test_one_outcome_gives_the_same_reports(self):
        port = free_port()
        with self.serve() as (upstream, _):
            found = [self.reports(upstream, port, run) for run in "123"]
        self.assertIn("cannot handle '...' at line #: too much", found[0]["sarif"])
        self.assertIn("cannot handle '...' at line #: too little", found[0]["sarif"])
        for kind, text in found[0].items():
            for other in found[1:]:
                self.assertEqual(text, other[kind], kind)

    def reports(self, upstream, port, run):
        """What a run prints and writes, without times. Two runs seldom finish their cases in one order."""
        outputs = {kind: self.path(f"{run}.{kind}") for kind in ("junit", "html", "sarif", "markdown")}
        options = [part for kind, path in outputs.items() for part in (f"--{kind}", path)]
        with http_server(passing_on(upstream, answer=failing), port) as url:
            done = self.run_it("run", "--endpoint-url", url, *self.CASES, "--exclude", "*concurrent*", "--seed", "5",
                               *options, "--results", self.path(f"{run}.jsonl"), status=1)
        texts = {kind: pathlib.Path(path).read_text() for kind, path in outputs.items()}
        again = self.run_it("report", self.path(f"{run}.jsonl"), "--sarif", self.path("again"), status=1)
        self.assertEqual(pathlib.Path(self.path("again")).read_text(), texts["sarif"], "rendered from the result file")
        self.assertEqual(again.out, f"--sarif: written to {self.path('again')}\n")
        texts["console"] = done.out
        for pattern, with_what in (
            (r"Date: [^\n\\]*", "Date"),
            (r"Content-Length: \d+", "Content-Length"),  # of a body with dates, whose last digits may be zeros
            (r"\d{8}T\d{6}Z|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?", "(time)"),
            (r'time="[0-9.]*"', "(time)"),
            (r"((?:Date|DateTime|ExpiresAfter)(?:\W|quot){1,20})\d{10}\.\d+", r"\1(time)"),
            (r"[\d,]+ requests? in [\d.]+ m?s\b", "(requests)"),
            (r'(NextToken\W{1,20}|token )[A-Za-z0-9+/=_-]{20,}', "(token)"),
            (SERVICE_ID, "(id)"),
            (r"Signature=[0-9a-f]{64}", "(signature)"),
        ):
            texts = {kind: re.sub(pattern, with_what, text) for kind, text in texts.items()}
        return texts


class Targets(CommandTest):
    """--target: endpoints that people know by name."""

    def emulator(self, name, text):
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        script = tools / name
        script.write_text(text, encoding="utf-8")
        script.chmod(0o755)
        return f"{tools}:{os.environ['PATH']}"

    def test_what_is_on_the_path_is_started(self):
        path = self.emulator("moto_server", f'#!/bin/sh\n[ "$1 $2 $3" = "-H 127.0.0.1 -p" ] && exec {PROGRAM} serve --port "$4"\n')
        done = self.run_it("run", "--target", "moto", "--filter", FEW, status=0, PATH=path)
        self.assertRegex(done.out, r"cases against http://127\.0\.0\.1:\d+\n")
        shards = [self.path(f"{i}.jsonl") for i in (1, 2)]
        for i, results in enumerate(shards, 1):
            self.run_it("run", "--target", "moto", "--filter", FEW, "--shard", f"{i}/2", "--results", results, PATH=path)
        self.run_it("report", *shards, status=0)

    def test_keys_and_certificate_of_its_own(self):
        keys = "[default]\\naws_access_key_id = AKIDOWN\\naws_secret_access_key = of-its-own\\n"
        path = self.emulator("aws-emulator", f"""#!/bin/sh
[ "$1 $2 $3" = "--bind 127.0.0.1 --port" ] || exit 1
folder=$HOME/.aws/emulator/$4
mkdir -p "$folder"
printf '{keys}' > "$folder/emulator_credentials"
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
AWS_SHARED_CREDENTIALS_FILE=$folder/emulator_credentials exec {PROGRAM} serve --auth --tls "$folder" --port "$4"
""")
        done = self.run_it("run", "--target", "aws-emulator", "--filter", FEW, status=0, PATH=path)
        self.assertRegex(done.out, r"cases against https://127\.0\.0\.1:\d+\n")
        self.assertNotIn("does not verify signatures", done.out)

    def test_what_is_not_there_is_said(self):
        done = self.run_it("run", "--target", "aws-emulator", "--filter", FEW, status=3, PATH="/nonexistent")
        self.assertIn(".aws/emulator/9297/ca.pem is not there", done.err)
        with http_server(NothingThere) as url:
            port = int(url.rsplit(":", 1)[1])
        done = self.run_it("run", "--target", "moto", "--endpoint-url", f"http://127.0.0.1:{port}", "--filter", FEW, status=3)
        self.assertIn(f"127.0.0.1:{port}", done.err)


class Workflow(CommandTest):
    """--operations-from, export, list: what a workflow calls, and cases for other people's tests."""

    def test_a_verdict_on_what_a_workflow_calls(self):
        plan = self.path("plan.json", '{"resources":[{"mode":"data","type":"aws_ssm_parameter"}]}')
        done = self.run_it("run", "--operations-from", plan, "--results", self.path("r.jsonl"), status=0)
        self.assertEqual({i.split("/")[0] for i in self.verdicts(self.path("r.jsonl"))}, {"GetParameter"})
        self.assertIn("operations of", done.err)

    def test_what_no_workflow_calls(self):
        self.assertIn("names no operation", self.run_it("list", "--operations-from", self.path("none", "# nothing\n"), status=2).err)
        self.assertIn("cannot be read", self.run_it("list", "--operations-from", "missing", status=2).err)

    def test_vectors(self):
        self.run_it("export", "vectors", "--operation", "GetConnectionStatus", "--operation", "GetParameter", status=0)
        index = json.loads((self.folder / "vectors/index.json").read_text())
        self.assertEqual(set(index["files"]), {"GetConnectionStatus.json", "GetParameter.json"})
        ids = self.run_it("list", "--operation", "GetConnectionStatus", status=0).out.split()
        file = json.loads((self.folder / "vectors/GetConnectionStatus.json").read_text())
        self.assertEqual([v["id"] for v in file["vectors"]], [i for i in ids if "/scenario/" not in i])
        self.assertEqual(len(file["vectors"]), index["files"]["GetConnectionStatus.json"])
        [missing] = [v for v in file["vectors"] if v["id"] == "GetConnectionStatus/Target/required/missing"]
        self.assertEqual(missing["request"]["body"], "{}")
        self.assertFalse(missing["admissible"]["success"])
        self.assertIn("ValidationException", [e["error"] for e in missing["admissible"]["errors"]])

    def test_forms_of_the_list(self):
        only = ("list", "--filter", FEW)
        ids = self.run_it(*only, status=0).out.split()
        self.assertEqual([c["id"] for c in json.loads(self.run_it(*only, "--format", "json", status=0).out)], ids)
        markdown = self.run_it(*only, "--format", "markdown", status=0).out
        self.assertTrue(markdown.startswith("## GetConnectionStatus\n"))
        for one in ids:
            self.assertIn(f"| `{one}` |", markdown)


class Shards(CommandTest):
    def shards(self, of, *selection):
        """The cases of each shard."""
        return {f"{i}/{of}": self.run_it("list", "--shard", f"{i}/{of}", *selection, status=0).out.split()
                for i in range(1, of + 1)}

    def test_one_without_a_case_that_can_be_judged_is_no_defect(self):
        target = ("--filter", "GetConnectionStatus/Target/required/*", "--filter", "DescribeDocumentPermission/Name/required/*")
        shards = self.shards(9, *target)
        empty = next(shard for shard, cases in shards.items() if not cases)
        missing = next(shard for shard, cases in shards.items()
                       if cases and all(c.startswith("GetConnectionStatus/") for c in cases))
        with self.serve() as (upstream, _):
            def lacks_status(status, content, body):
                unknown = 400, b'{"__type":"UnknownOperationException"}'
                return unknown if b'"Target"' in body or body == b"{}" else (status, content)
            with http_server(passing_on(upstream, answer=lacks_status)) as url:
                at = ("--endpoint-url", url, *target)
                done = self.run_it("run", *at, "--shard", missing, "--results", self.path("r"), "--junit", self.path("j.xml"),
                                   status=0)
                self.assertIn("nothing to judge: none of the", done.out.splitlines()[-1])
                self.assertEqual(set(self.verdicts(self.path("r")).values()), {"NOT_IMPLEMENTED"})
                self.assertIn("nothing to judge", self.run_it("report", self.path("r"), status=0).out)
                self.assertEqual(len(list(ET.parse(self.path("j.xml")).getroot().iter("error"))), 0)
                done = self.run_it("run", *at, "--shard", empty, status=0)
                self.assertIn("nothing to judge: this shard holds no case", done.out.splitlines()[-1])
                # All that there is: nothing was judged, in whatever parts.
                self.run_it("run", "--endpoint-url", url, "--filter", "*/Target/required/*", status=1)
                self.run_it("run", "--endpoint-url", url, "--filter", "GetConnectionStatus/Target/required/*", "--shard", missing, status=1)
        with http_server(NothingThere) as url:
            self.run_it("run", "--endpoint-url", url, *target, "--shard", missing, status=1)
        self.assertIn("no case is left", self.run_it("run", "--filter", FEW, "--exclude", "*", "--shard", "1/2", status=2).err)

    def test_two_that_update_one_baseline_at_once_lose_nothing(self):
        both = threading.Barrier(2, timeout=LIMIT)
        waits = threading.Semaphore(2)

        class Both(AcceptsAll):
            """The first request of each run is answered when the other has come, too: by then both have read the file."""
            def do_POST(self):
                if waits.acquire(blocking=False):
                    both.wait()
                super().do_POST()

        names = ("GetConnectionStatus/Target/required/*", "GetConnectionStatus/Target/type/*")
        with http_server(Both) as url, contextlib.ExitStack() as stack:
            runs = [stack.enter_context(subprocess.Popen(
                [PROGRAM, "run", "--endpoint-url", url, "--filter", name, "--baseline", "b.json",
                 "--update-baseline"], env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, cwd=self.folder)) for name in names]
            for run in runs:
                self.assertIn(b"written to b.json", run.communicate(timeout=LIMIT)[1])
                self.assertEqual(run.returncode, 0)
        entries = json.loads((self.folder / "b.json").read_text())["expected_failures"]
        for part in ("/required/", "/type/"):
            self.assertTrue([e for e in entries if part in e], f"the entries of one run are lost: {sorted(entries)}")
        self.assertEqual([p.name for p in self.folder.iterdir()], ["b.json"], "nothing else is left behind")


    def test_all_of_one_run_make_one_report(self):
        whole = self.path("whole.jsonl")
        of = ("--operation", "GetConnectionStatus", "--seed", "7")
        self.run_it("run", *of, "--results", whole, status=0)
        parts = [self.path(f"{i}.jsonl") for i in (1, 2, 3)]
        for i, part in enumerate(parts, 1):
            self.run_it("run", *of, "--shard", f"{i}/3", "--results", part, status=0)
        merged = self.path("merged.jsonl")
        self.run_it("report", *reversed(parts), "--results", merged, status=0)
        self.assertEqual(self.verdicts(merged), self.verdicts(whole))
        (*_, was), (head, *_, now) = self.lines(whole), self.lines(merged)
        for same in ("sites", "figure", "counts", "operations", "by_model_alone", "advice", "exit_status"):
            self.assertEqual(now[same], was[same], same)
        self.assertNotIn("shard", head["options"])
        self.assertEqual(self.run_it("report", *parts, status=0).out.splitlines()[-1],
                         self.run_it("report", whole, status=0).out.splitlines()[-1])
        self.assertIn("0 cases changed", self.run_it("compare", whole, merged, status=0).out)

        def changed(old, new):
            return self.path("changed.jsonl", pathlib.Path(parts[1]).read_text().replace(old, new, 1))
        for files, expected in (
            (lambda: (parts[0], parts[1]), "shard 3/3 is missing"),
            (lambda: (*parts, parts[0]), "are both shard 1/3"),
            (lambda: (parts[0], whole), "it is no shard"),
            (lambda: (parts[0], changed('"shard":"2/3"', '"shard":"2/4"')), "shards of 3 and of 4"),
            (lambda: (parts[0], changed('"endpoint":"', '"endpoint":"another ')), "the endpoints differ"),
            (lambda: (parts[0], changed('"tool_version":"', '"tool_version":"9')), "the tool's versions differ"),
            (lambda: (parts[0], changed('"level":"documented"', '"level":"aws"')), "the levels differ"),
            (lambda: (parts[0], changed('"operation":"GetConnectionStatus"', '"operation":"Get*"')), "the selections differ"),
        ):
            with self.subTest(expected):
                done = self.run_it("report", *files(), "--results", self.path("none.jsonl"), status=2)
                self.assertIn(expected, done.err)
                self.assertEqual((done.err.count("\n"), done.out), (1, ""))
                self.assertFalse((self.folder / "none.jsonl").exists())


class Board(CommandTest):
    """Endpoints side by side."""

    def setUp(self):
        super().setUp()
        of = ("run", "--operation", "GetConnectionStatus", "--operation", "DescribeDocumentPermission")
        self.run_it(*of, "--results", self.path("good.jsonl"), "--endpoint-version", "1.2", "--endpoint-commit", "abc", status=0)
        with self.serve("--fault", "status-capitalised") as (url, _):
            self.run_it(*of, "--endpoint-url", url, "--results", self.path("faulty.jsonl"), status=1)
        with http_server(NothingThere) as url:
            self.run_it(*of, "--endpoint-url", url, "--results", self.path("empty.jsonl"), status=1)
        self.files = ("good.jsonl", "bad=faulty.jsonl", "empty.jsonl")

    def test_the_matrix(self):
        self.run_it("board", *self.files, "--json", "board.json", "--markdown", "board.md", "--html", "board.html", status=0)
        board = json.loads((self.folder / "board.json").read_text())
        self.assertEqual([e["name"] for e in board["endpoints"]], ["good", "bad", "empty"])
        self.assertEqual([(e["version"], e["commit"]) for e in board["endpoints"]], [("1.2", "abc"), ("", ""), ("", "")])
        self.assertEqual(board["notes"], [])
        [status] = [o for o in board["operations"] if o["name"] == "GetConnectionStatus"]
        self.assertEqual([c["state"] for c in status["cells"]], ["judged", "judged", "not implemented"])
        self.assertEqual([c["failing"] > 0 for c in status["cells"]], [False, True, False])
        of_status = [r for r in board["requirements"] if r["operation"] == "GetConnectionStatus"]
        self.assertTrue(of_status)
        for requirement in of_status:
            self.assertEqual([c["state"] for c in requirement["cells"]], ["kept", "broken", "not there"])
        self.assertEqual([(c["kept"], c["broken"], c["coverage"]) for c in board["all"]][2], (0, 0, None))
        for name in ("board.md", "board.html"):
            text = (self.folder / name).read_text()
            for part in ("good", "bad", "empty", "1.2", "abc", "not implemented", "not there"):
                self.assertIn(part, text, name)

    def test_what_is_printed(self):
        out = self.run_it("board", *self.files, status=0).out
        self.assertIn("good 1.2 (abc): kept", out)
        self.assertNotIn("GetConnectionStatus", out)
        self.assertIn("GetConnectionStatus", self.run_it("board", *self.files, "-v", status=0).out)
        printed = self.run_it("board", *self.files, "--markdown", "-", status=0).out
        self.assertTrue(printed.startswith("# ssm-conformance: 3 endpoints side by side\n"))

    def test_a_name_is_given_by_the_file_or_before_it(self):
        os.rename(self.path("good.jsonl"), self.path("a=b.jsonl"))
        out = self.run_it("board", "./a=b.jsonl", "--json", "-", status=0).out
        self.assertEqual(json.loads(out)["endpoints"][0]["name"], "a=b")
        self.assertIn("two endpoints are named bad", self.run_it("board", "bad=faulty.jsonl", "bad=empty.jsonl", status=2).err)


class BoardScript(CommandTest):
    """scripts/board.sh, where nothing can be installed."""

    def test_what_cannot_be_installed_is_left_out(self):
        script = pathlib.Path(__file__).resolve().parent.parent.parent / "scripts/board.sh"
        tools = self.folder / "tools"
        tools.mkdir()
        for tool in ("bash", "cut", "dirname", "grep", "mkdir", "rm", "sed", "sh", "tail", "timeout"):
            (tools / tool).symlink_to(shutil.which(tool))
        few = self.path("few", f'#!/bin/sh\n[ "$1" != run ] || {{ shift; set -- run --filter "{FEW}" "$@"; }}\nexec {PROGRAM} "$@"\n')
        os.chmod(few, 0o755)
        done = subprocess.run([script, "out"], env=self.environment(PATH=str(tools), SSMC_PROGRAM=few), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT, cwd=self.folder)
        self.assertEqual(done.returncode, 1, done.stderr)
        for name in ("moto", "localstack", "localemu", "ministack"):
            self.assertRegex(done.stderr, rf"(?m)^board: {name} is left out: it needs Python 3\.\d+ or later$")
        board = json.loads((self.folder / "out/board.json").read_text())
        self.assertEqual([e["name"] for e in board["endpoints"]], ["reference"])
        for name in ("board.md", "board.html", "reference.jsonl"):
            self.assertTrue((self.folder / "out" / name).stat().st_size, name)


class Interrupted(CommandTest):
    def test_ctrl_c_leaves_no_document_and_a_readable_file(self):
        with self.serve("--dialect", "slow-30ms") as (url, _):
            with self.started("run", "--endpoint-url", url, "--filter", DOCUMENTS, "--repeat", "100000",
                              "--connections", "4") as (process, lines):
                text = [next(lines) for _ in range(30)]
                process.send_signal(signal.SIGINT)
                text += list(lines)
            self.assertEqual(process.returncode, 130, (self.folder / "err").read_text())
            head, *cases, summary = map(json.loads, text)
            self.assertEqual((head["kind"], summary["kind"]), ("run", "summary"))
            self.assertTrue(summary["interrupted"])
            self.assertEqual(summary["left_behind"], [])
            self.assertNotIn("FAIL", summary["counts"], "what was broken off is no defect")
            self.assertNotIn("ERROR", summary["counts"])

            names = {json.loads(c["request"].split("\n\n", 1)[1]).get("Name") for c in cases}
            names = {n for n in names if n and n.startswith(head["prefix"])}
            self.assertTrue(names, "the run created no document")
            for name in names:
                self.assertEqual(self.describe(url, name), (400, "InvalidDocument"))
        kept = self.path("kept.jsonl", "".join(text))
        self.run_it("report", kept, status=130)

    def test_what_a_killed_run_left_is_removed(self):
        with self.serve() as (url, _):
            with self.started("run", "--endpoint-url", url, "--filter", DOCUMENTS, "--repeat", "100000") as (process, lines):
                prefix = json.loads(next(lines))["prefix"]
                for _ in range(10):
                    next(lines)
                process.kill()
                list(lines)
            seen = self.run_it("clean", "--endpoint-url", url, "--dry-run", status=0).out.splitlines()
            self.assertTrue(seen, "the run left nothing")
            for line in seen:
                self.assertTrue(line.startswith(f"document {prefix}"), line)
            names = [line.split()[1] for line in seen]
            self.assertEqual(self.describe(url, names[0])[0], 200, "--dry-run removes nothing")
            removed = self.run_it("clean", "--endpoint-url", url, status=0).out.splitlines()
            self.assertEqual(removed, [f"removed      {line}" for line in seen])
            for name in names:
                self.assertEqual(self.describe(url, name), (400, "InvalidDocument"))
            self.assertIn("nothing at", self.run_it("clean", "--endpoint-url", url, status=0).out)
        self.assertIn("no endpoint is named", self.run_it("clean", status=2).err)
        self.assertIn("connect_failed", self.run_it("clean", "--endpoint-url", url, status=3).err)

    def test_a_second_signal_ends_it_at_once(self):
        with self.serve("--dialect", "slow-30ms") as (url, server):
            with self.started("run", "--endpoint-url", url, "--filter", DOCUMENTS, "--repeat", "100000",
                              "--timeout", "3000") as (process, lines):
                for _ in range(10):
                    next(lines)
                server.send_signal(signal.SIGSTOP)  # the clean-up now waits for an answer that does not come
                try:
                    process.send_signal(signal.SIGTERM)
                    # The first one has been seen when a handler has run; only then is the next a second one.
                    self.wait_for_pending(process.pid)
                    process.send_signal(signal.SIGTERM)
                    list(lines)
                    process.wait(timeout=LIMIT)
                finally:
                    server.send_signal(signal.SIGCONT)
            self.assertEqual(process.returncode, 128 + signal.SIGTERM)

    def wait_for_pending(self, pid):
        """Until no signal waits to be handled by this process; every look at it lets others run."""
        for _ in range(1_000_000):
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                fields = dict(line.split(":", 1) for line in status)
            if int(fields["ShdPnd"], 16) == 0 and int(fields["SigPnd"], 16) == 0:
                return
            os.sched_yield()
        self.fail("the signal was not handled")

    def describe(self, url, name):
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=LIMIT)
        with contextlib.closing(connection):
            connection.request("POST", "/", json.dumps({"Name": name, "PermissionType": "Share"}),
                               {"Content-Type": "application/x-amz-json-1.1",
                                "X-Amz-Target": "AmazonSSM.DescribeDocumentPermission"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read()).get("__type")


class Cases(CommandTest):
    def test_list_gives_the_cases_of_run(self):
        for selection in (["--filter", "*/required/*"], ["--operation", "GetConnectionStatus", "--shard", "2/9"],
                          ["--filter", "Protocol/methods/*", "--exclude", "*get*"],
                          ["--operation", "tags", "--operation", "GetParameter?", "--shard", "1/2"]):
            listed = self.run_it("list", *selection, status=0).out.split()
            self.run_it("run", *selection, "--results", self.path("r.jsonl"), status=0)
            self.assertEqual(sorted(listed), sorted(self.verdicts(self.path("r.jsonl"))))

    def test_operations_are_named_by_globs_and_families(self):
        def operations(*words):
            options = (option for word in words for option in ("--operation", word))
            return {case.split("/")[0] for case in self.run_it("list", *options, status=0).out.split()}

        tags = {"AddTagsToResource", "ListTagsForResource", "RemoveTagsFromResource"}
        self.assertEqual(operations("tags"), tags)
        self.assertEqual(operations("*TagsToResource", "LabelParameter*"), {"AddTagsToResource", "LabelParameterVersion"})
        self.assertEqual(operations("tags", "Protocol"), tags | {"Protocol"})
        self.assertIn("tags (3)", self.run_it("models", status=0).out)
        other = {"version": "2.0", "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "X", "serviceId": "X"},
                 "operations": {"AddTags": {"name": "AddTags"}}, "shapes": {}}
        pathlib.Path(self.path("x.json")).write_text(json.dumps(other), encoding="ascii")
        self.assertNotIn("famil", self.run_it("models", "--model", self.path("x.json"), status=0).out, "of another service")
        self.assertEqual(len(re.findall(r"(?m)^\w+: \d+ members", self.run_it("models", "--operation", "tags", status=0).out)), 3)
        for name, hint in (("tag", "the nearest is tags; families are parameters, documents, "), ("GetTag*", "the nearest is Get"),
                           ("GetParamter", "names no operation and no family; the nearest is GetParameter\n")):
            for command in ("list", "run", "models"):
                self.assertIn(hint, self.run_it(command, "--operation", name, status=2).err)

    def test_shards_partition_the_list(self):
        whole = self.run_it("list", status=0).out.split()
        self.assertGreaterEqual(len(whole), 300)
        parts = [self.run_it("list", "--shard", f"{i}/3", status=0).out.split() for i in (1, 2, 3)]
        self.assertEqual(sorted(whole), sorted(parts[0] + parts[1] + parts[2]))

    def test_explain(self):
        out = self.run_it("explain", "DescribeDocumentPermission/MaxResults/range/above-maximum", status=0).out
        for expected in ("clause ", "https://docs.aws.amazon.com", '"MaxResults":201', "less than or equal to 200",
                         "400 ValidationException", "control"):
            self.assertIn(expected, out)
        self.assertRegex(out, "planted faults that break it: .*max-results-above")
        self.assertIn("scenario", self.run_it("explain", "DescribeDocumentPermission/scenario/public", status=0).out)

    def test_models_counts_the_places_where_inputs_are_constrained(self):
        table = self.run_it("models", status=0).out
        self.assertRegex(table, r"(?m)^DescribeDocumentPermission +4 +5 +2 +0 +1 +1 +1$")
        self.assertRegex(table, r"(?m)^15\d operations of SSM \(2014-11-06\)")
        sites = self.run_it("models", "--operation", "Describe*", status=0).out
        self.assertRegex(sites, r"(?m)^  MaxResults +range 1 to 200$")
        self.assertRegex(sites, r"(?m)^  pages by NextToken, at most MaxResults, in Parameters$")
        self.assertIn("declares InvalidNextToken", sites)
        self.assertIn("the nearest is", self.run_it("models", "--operation", "DescribeDocuments", status=2).err)
        self.assertIn("--model", self.run_it("models", "--model", "nowhere.json", status=2).err)

    def test_explain_the_rule_of_a_finding(self):
        out = self.run_it("explain", "outcome/accepted", status=0).out
        self.assertIn("A request that must be refused was answered with success.", out)
        self.assertIn("the nearest is outcome/accepted", self.run_it("explain", "outcome/acepted", status=2).err)

    def test_every_case_can_be_explained(self):
        # A sample, one of each third part of the id, and of operations that are known by their model one each tenth: all of them
        # together are a unit test.
        seen = {}
        for case in self.run_it("list", status=0).out.split():
            operation = case.split("/")[0]
            deep = operation in ("Protocol", "GetConnectionStatus", "DescribeDocumentPermission")
            seen.setdefault("/".join(case.split("/")[:2]) if deep else operation, case)
        by_model = [case for operation, case in seen.items() if "/" not in operation]
        for case in [case for part, case in seen.items() if "/" in part] + by_model[::10]:
            with self.subTest(case):
                self.assertIn(case, self.run_it("explain", case, status=0).out)

    def test_version_and_help(self):
        self.assertRegex(self.run_it("--version", status=0).out, r"^ssm-conformance \d+\.\d+\.\d+\n$")
        for arguments in (["--help"], ["run", "--help"], ["replay", "--help"]):
            self.assertIn("Usage", self.run_it(*arguments, status=0).out)
        self.assertIn("Exit status", self.run_it("--help", status=0).out)


class Serve(CommandTest):
    def test_dialects_are_listed_and_can_be_served(self):
        names = [line.split()[0] for line in self.run_it("serve", "--list-dialects", status=0).out.splitlines()]
        self.assertIn("chunked", names)
        with self.serve("--dialect", "close-after-response") as (url, _):
            self.run_it("run", "--endpoint-url", url, "--filter", FEW, status=0)

    def test_signatures(self):
        keys = {"AWS_ACCESS_KEY_ID": "AKIDMARKER", **SECRETS}
        with self.serve("--auth") as (url, _):
            authentication = "Protocol/authentication/*"
            self.run_it("run", "--endpoint-url", url, "--filter", authentication, "--results", self.path("r"), status=0, **keys)
            self.assertEqual(set(self.verdicts(self.path("r")).values()), {"PASS"})
            wrong = self.run_it("run", "--endpoint-url", url, "--filter", FEW, status=3, AWS_ACCESS_KEY_ID="AKIDOTHER")
            self.assertIn("credentials", wrong.err)
            self.run_it("run", "--endpoint-url", url, "--filter", FEW, "--no-sign-request", status=3)

    def test_spawn(self):
        results = self.path("r.jsonl")
        self.run_it("run", "--spawn", f"exec {PROGRAM} serve --port {{port}}", "--filter", DOCUMENTS, "--results", results,
                    status=0)
        self.assertEqual(set(self.verdicts(results).values()), {"PASS"})

    def test_an_endpoint_under_a_path(self):
        keys = {"AWS_ACCESS_KEY_ID": "AKIDMARKER", **SECRETS}
        selection = ("--filter", FEW, "--filter", "Protocol/path/*", "--filter", "Protocol/framing/request-line/*")
        with self.serve("--auth", "--path", "/tenant-1/aws/", "--fault", "target-null-accepted") as (url, _):
            self.assertTrue(url.endswith("/tenant-1/aws"), url)
            for spelling in (url, url + "/"):
                done = self.run_it("run", "--endpoint-url", spelling, *selection, "--results", self.path("r"), status=1, **keys)
                self.assertEqual({i for i, v in self.verdicts(self.path("r")).items() if v != "PASS"},
                                 {"GetConnectionStatus/Target/required/null"})
            lines = [line for c in self.lines(self.path("r")) if c.get("verdict") == "FAIL" for line in c["reproduce"]]
            for line in lines:
                self.assertIn(f" {url}/", line)
                answer = subprocess.run(["bash", "-c", line], env=self.environment(**keys), capture_output=True, timeout=LIMIT)
                self.assertIn(b"200 OK", answer.stdout, line)
            self.assertIn(f"against {url}", done.out)
            # The SDKs take it from the environment, and so does this; elsewhere there is nothing.
            self.run_it("run", *selection, status=1, AWS_ENDPOINT_URL=url, **keys)
            self.run_it("run", "--endpoint-url", url.replace("/tenant-1/aws", ""), "--filter", FEW, status=1, **keys)

    def test_spawn_under_a_path(self):
        command = f"exec {PROGRAM} serve --port {{port}} --path /aws"
        for url in ("http://127.0.0.1:{port}/aws", "http://localhost:{port}/aws/"):
            self.run_it("run", "--spawn", command, "--endpoint-url", url, "--filter", FEW, status=0)
        self.run_it("run", "--spawn", command, "--filter", FEW, status=1)

    def test_ipv6_loopback(self):
        with contextlib.suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
            with self.serve("--host", "::1", "--tls", self.path("tls")) as (url, _):
                self.assertRegex(url, r"^https://\[::1\]:\d+$")
                self.run_it("run", "--endpoint-url", url, "--ca-bundle", self.path("tls/ca.pem"), "--filter", FEW, status=0)
                self.run_it("serve", "--host", "::1", "--port", url.rsplit(":", 1)[1], status=2)
            return
        self.skipTest("there is no IPv6 here")

    def test_ends_on_a_signal(self):
        with self.serve() as (_, process):
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(timeout=LIMIT), 0)


REPLAYED = """# MaxResults one above the documented maximum
POST / HTTP/1.1
X-Amz-Target: AmazonSSM.DescribeDocumentPermission
Content-Type: application/x-amz-json-1.1

{"Name":"{{document}}","PermissionType":"Share","MaxResults":201}
"""


class Replay(CommandTest):
    def test_a_file_and_a_folder(self):
        self.path("one.http", REPLAYED)
        (self.folder / "more" / "deep").mkdir(parents=True)
        self.path("more/deep/two.http", "# @raw\nGARBAGE\n\n")
        self.path("more/three.http", REPLAYED.replace("201", "200"))
        self.path("more/notes.txt", "not a request")
        self.run_it("replay", "one.http", "more", "--results", self.path("r.jsonl"), status=0)
        self.assertEqual(self.verdicts(self.path("r.jsonl")),
                         {"one.http": "PASS", "more/deep/two.http": "PASS", "more/three.http": "PASS"})

    def test_it_judges(self):
        self.path("one.http", REPLAYED.replace("{{document}}", "Example"))
        with http_server(AlwaysFine) as url:
            done = self.run_it("replay", "one.http", "--endpoint-url", url, "--document", "Example", "--results",
                               self.path("r.jsonl"))
        self.assertNotEqual(done.returncode, 0)
        self.assertNotEqual(self.verdicts(self.path("r.jsonl")), {"one.http": "PASS"})

    def test_a_request_that_changes_a_document_is_not_in_the_way_of_others(self):
        delete = "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DeleteDocument\nContent-Type: application/x-amz-json-1.1\n\n"
        describe = delete.replace("DeleteDocument", "DescribeDocumentPermission")
        (self.folder / "d").mkdir()
        for i in range(3):
            self.path(f"d/delete{i}.http", "# deletes\n" + delete + '{"Name":"{{document}}"}\n')
            self.path(f"d/describe{i}.http", "# reads\n" + describe + '{"Name":"{{document}}","PermissionType":"Share"}\n')
        for seed in "123":
            self.assertIn("kept: 6 cases judged (the embedded reference endpoint;", self.run_it("replay", "d", "--seed", seed, status=0).out)

    def test_a_page_token_may_be_older_than_the_run(self):
        self.path("next.http", REPLAYED.replace("DescribeDocumentPermission", "ListDocuments").split("{")[0] + '{"NextToken":"older"}\n')
        with self.serve("--fault", "any-token-is-the-first-page") as (url, _):
            self.run_it("replay", "next.http", "--endpoint-url", url, status=0)
            done = self.run_it("run", "--filter", "ListDocuments/NextToken/token/*", "--endpoint-url", url, status=1)
        self.assertIn("the NextToken was never issued", done.out)

    def test_what_cannot_be_replayed(self):
        self.path("broken.http", "POST / HTTP/1.1\nno colon here\n\n")
        self.assertIn("line 2", self.run_it("replay", "broken.http", status=2).err)
        (self.folder / "empty").mkdir()
        self.assertIn("no .http file", self.run_it("replay", "empty", status=2).err)


NOBODY = ("--endpoint-url", "http://127.0.0.1:1")  # a port of the system's that nobody listens at
SIGNATURE = "DescribeDocumentPermission|outcome/accepted|range:MaxResults|200"
FOUND = """# MaxResults 201 was accepted
# @signature SIGNATURE
# @rule outcome/accepted
# @operation DescribeDocumentPermission
# @state STATE
# @seen 3
""" + REPLAYED.split("\n", 1)[1]


class Findings(CommandTest):
    """A folder of findings, and an endpoint that has the defect or not."""

    def setUp(self):
        super().setUp()
        (self.folder / "f").mkdir()
        self.record("f")

    def record(self, folder, signature=SIGNATURE, state="open"):
        """What a fuzzer would have written. The name is asked of the program: it is made from the signature."""
        text = FOUND.replace("SIGNATURE", signature).replace("STATE", state)
        (self.folder / folder / "x.http").write_text(text, encoding="utf-8")
        error = self.run_it("findings", folder, *NOBODY).err
        name = [line for line in error.splitlines() if "the name of its finding" in line][0].split()[-1]
        (self.folder / folder / "x.http").rename(self.folder / folder / f"{name}.http")
        return name

    def states(self, folder="f"):
        index = json.loads((self.folder / folder / "index.json").read_text(encoding="ascii"))
        return {f["signature"]: f["state"] for f in index["findings"]}

    def faulty(self):
        return self.serve("--fault", "max-results-201-accepted")

    def test_what_still_happens_is_a_defect(self):
        with self.faulty() as (url, _):
            done = self.run_it("findings", "f", "--endpoint-url", url, "--markdown", "report.md", status=1)
        for part in ("open", "MaxResults 201 was accepted", SIGNATURE, "still happens", "1 finding: 1 open, 0 fixed"):
            self.assertIn(part, done.out)
        self.assertEqual(self.states(), {SIGNATURE: "open"})
        report = (self.folder / "report.md").read_text(encoding="utf-8")
        for part in ("| open | still happens |", "(<f/describe-document-permission-", "curl ", '"MaxResults":201', "200 OK"):
            self.assertIn(part, report)

    def test_what_is_expected_is_none(self):
        with self.faulty() as (url, _):
            at = ("--endpoint-url", url, "--baseline", "b.txt")
            self.run_it("findings", "f", *at, "--update-baseline", status=0)
            done = self.run_it("findings", "f", *at, status=0)
            self.assertIn("1 open (0 not in the baseline)", done.out)
            (self.folder / "b.txt").write_text("# nothing is expected\n")
            self.run_it("findings", "f", *at, status=1)
            # An index of findings is a baseline, too.
            self.run_it("findings", "f", "--endpoint-url", url, "--baseline", "f/index.json", status=0)

    def test_fixed_and_back(self):
        with self.serve() as (url, _):
            done = self.run_it("findings", "f", "--endpoint-url", url, status=0)
        self.assertIn("1 finding: 0 open, 1 fixed", done.out)
        self.assertEqual(self.states(), {SIGNATURE: "fixed"})
        with self.faulty() as (url, _):
            self.assertIn("back", self.run_it("findings", "f", "--endpoint-url", url, status=1).out)
        self.assertEqual(self.states(), {SIGNATURE: "open"})

    def test_nothing_is_fixed_by_an_endpoint_that_nobody_named(self):
        self.run_it("findings", "f", *NOBODY, status=3)
        self.assertIn("--markdown -", self.run_it("findings", "f", *NOBODY, "--markdown", "-", status=2).err)
        files = {path: path.read_bytes() for path in (self.folder / "f").iterdir()}
        for more in ({}, {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}):
            done = self.run_it("findings", "f", "--baseline", "b.txt", "--update-baseline", "--markdown", "m.md", status=2, **more)
            self.assertEqual((done.out, done.err.count("\n")), ("", 1), done.err)
            self.assertIn("no endpoint is named: give --endpoint-url", done.err)
        self.assertIn("--dialect", self.run_it("findings", "f", "--dialect", "chunked", status=2).err)
        self.assertEqual(files, {path: path.read_bytes() for path in (self.folder / "f").iterdir()})
        self.assertFalse((self.folder / "b.txt").exists() or (self.folder / "m.md").exists())
        with self.serve() as (url, _):  # one that the configuration names is named
            (self.folder / ".aws").mkdir()
            self.path(".aws/config", f"[default]\nendpoint_url = {url}\n")
            self.assertIn("1 fixed", self.run_it("findings", "f", status=0).out)

    def test_another_signature_is_not_this_one(self):
        (self.folder / "g").mkdir()
        other = SIGNATURE.replace("range:MaxResults", "pattern:Name")
        self.record("g", signature=other)
        with self.faulty() as (url, _):
            done = self.run_it("findings", "g", "--endpoint-url", url, status=0)
        self.assertIn("fixed, but the request now shows outcome/accepted", done.out)
        self.assertEqual(self.states("g"), {other: "fixed"})

    def test_the_kind_of_a_document_does_not_matter(self):
        (self.folder / "g").mkdir()
        other = SIGNATURE.replace("range:MaxResults", "range:MaxResults+document-unknown:Name")
        self.record("g", signature=other)
        with self.faulty() as (url, _):
            self.assertIn("still happens", self.run_it("findings", "g", "--endpoint-url", url, status=1).out)

    def test_what_changes_something_does_not_spoil_the_others(self):
        delete = SIGNATURE.replace("DescribeDocumentPermission", "DeleteDocument")
        name = self.record("f", signature=delete)
        path = self.folder / "f" / f"{name}.http"
        head = path.read_text(encoding="utf-8").split("POST ")[0]
        path.write_text(head + 'POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DeleteDocument\nContent-Type: application/x-amz-json-1.1\n\n{"Name":"{{document}}"}\n')
        with self.faulty() as (url, _):
            self.run_it("findings", "f", "--endpoint-url", url, status=1)
        self.assertEqual(self.states()[SIGNATURE], "open")

    def test_a_sequence_is_not_judged_by_its_last_request(self):
        path = next((self.folder / "f").glob("*.http"))
        path.write_text(path.read_text().replace("POST ", "# @step create a\nPOST ", 1))
        done = self.run_it("findings", "f", *NOBODY)
        self.assertIn("not judged: it takes a sequence of requests", done.out)
        self.assertEqual(self.states(), {SIGNATURE: "open"})

    def test_damaged_files_are_named_and_kept(self):
        (self.folder / "f" / "damaged.http").write_bytes(b"\xff\x00")
        (self.folder / "f" / "index.json").write_text("{")
        with self.serve() as (url, _):
            done = self.run_it("findings", "f", "--endpoint-url", url, status=0)
        self.assertEqual(len(done.err.splitlines()), 1, done.err)
        self.assertIn("f/damaged.http: ", done.err)
        self.assertEqual((self.folder / "f" / "damaged.http").read_bytes(), b"\xff\x00")
        self.assertEqual(self.states(), {SIGNATURE: "fixed"})

    def test_what_cannot_be_judged_stays_as_it_is(self):
        with http_server(NothingThere) as url:
            done = self.run_it("findings", "f", "--endpoint-url", url, status=1)
        self.assertIn("not judged", done.out)
        self.assertIn("none of the findings could be judged", done.err)
        self.assertEqual(self.states(), {SIGNATURE: "open"})

    def test_usage_and_an_endpoint_that_is_not_there(self):
        (self.folder / "empty").mkdir()
        for arguments, expected in (
            ([], "folder"),
            (["nowhere"], "nowhere: there is no such folder"),
            (["empty"], "empty: holds no findings"),
            (["f", "--baseline", "nowhere.txt"], "nowhere.txt"),
            (["f", "--update-baseline"], "--baseline"),
            (["f", "--markdown", "f"], "--markdown"),
            (["f", "--endpoint-url", "https://ssm.us-east-1.amazonaws.com"], "--allow-aws"),
        ):
            self.assertIn(expected, self.run_it("findings", *arguments, status=2).err, arguments)
        self.run_it("findings", "f", "--endpoint-url", f"http://127.0.0.1:{free_port()}", status=3)
        self.assertEqual(self.states(), {SIGNATURE: "open"})

    def test_the_folder_can_be_replayed(self):
        self.run_it("replay", "f", status=0)
        with self.faulty() as (url, _):
            self.assertIn("MaxResults 201 was accepted", self.run_it("replay", "f", "--endpoint-url", url, status=1).out)


class Files(CommandTest):
    def setUp(self):
        super().setUp()
        self.results = self.path("r.jsonl")

    def failing_run(self, *more, status=1):
        with http_server(AlwaysFine) as url:
            return self.run_it("run", "--endpoint-url", url, "--filter", "GetConnectionStatus/Target/*",
                               "--filter", "GetConnectionStatus/implemented", "--results", self.results, *more, status=status)

    def test_the_result_file(self):
        self.failing_run()
        head, *cases, summary = self.lines(self.results)
        self.assertEqual((head["kind"], summary["kind"]), ("run", "summary"))
        self.assertEqual(head["planned"], len(cases))
        self.assertEqual(sum(summary["counts"].values()), len(cases))
        self.assertEqual(summary["counts"]["FAIL"], sum(c["verdict"] == "FAIL" for c in cases))
        for case in cases:
            self.assertTrue(case["clause"], case["id"])
            if case["verdict"] == "FAIL":
                self.assertTrue(case["findings"] and case["expected"] and case["curl"].startswith(("curl ", "{ printf ")), case)

    def test_the_figure_of_each_family_is_in_every_report(self):
        options = ["--operation", "tags", "--operation", "commands"]
        reports = {name: self.path("figure." + name) for name in ("html", "markdown", "junit", "sarif")}
        results = self.path("figure.jsonl")
        files = [part for name, path in reports.items() for part in ("--" + name, path)]
        row = r"(?m)^Tags +3 +3 +3 +20 +20 +100\.0 % +0 +0\.0 %$"
        out = self.run_it("run", *options, *files, "--results", results, status=0).out
        self.assertRegex(out, row)
        self.assertRegex(out, r"(?m)^all +8 +8 +8 +73 ")
        self.assertRegex(self.run_it("report", results, status=0).out, row)
        for name, path in reports.items():
            written = pathlib.Path(path).read_bytes()
            self.run_it("report", results, "--" + name, path, status=0)
            self.assertIn(b"Run Command", written, name)
            self.assertEqual(written, pathlib.Path(path).read_bytes(), name)
        figure = json.loads(pathlib.Path(results).read_text(encoding="ascii").splitlines()[-1])["figure"]
        self.assertEqual([family["key"] for family in figure["families"]], ["commands", "tags"])
        self.assertEqual((figure["operations"], figure["all"]), (8, 73))
        one = self.run_it("run", "--operation", "tags", status=0).out
        self.assertRegex(one, row)
        self.assertNotRegex(one, r"(?m)^all ")
        some = self.run_it("run", "--operation", "tags", "--filter", "*/type/*", status=0).out
        self.assertNotIn("coverage", some, "of some cases only there is no figure")

    def test_an_operation_that_accepts_all_is_called_a_stub(self):
        with http_server(AlwaysFine) as url:
            out = self.run_it("run", "--operation", "ListCommands", "--endpoint-url", url, status=1).out
        self.assertIn("\nStubs, which accept whatever breaks a constraint: ListCommands\n", out)

    def test_report_and_its_renderings(self):
        self.failing_run("--junit", self.path("direct.xml"))
        outputs = {kind: self.path(f"out.{kind}") for kind in ("junit", "html", "sarif", "markdown")}
        options = [part for kind, path in outputs.items() for part in (f"--{kind}", path)]
        self.run_it("report", self.results, *options, status=1)
        self.assertIn("FAIL", self.run_it("report", self.results, status=1).out)
        for path in (outputs["junit"], self.path("direct.xml")):
            root = ET.parse(path).getroot()
            self.assertGreater(len(list(root.iter("failure"))), 0)
            self.valid_junit(path)
        sarif = json.loads(pathlib.Path(outputs["sarif"]).read_text())
        self.assertEqual(sarif["version"], "2.1.0")
        self.assertTrue(sarif["runs"][0]["results"])
        self.assertIn("</html>", pathlib.Path(outputs["html"]).read_text())
        self.assertIn("curl", pathlib.Path(outputs["markdown"]).read_text())

    def test_junit_of_a_run_without_failures(self):
        self.run_it("run", "--filter", FEW, "--junit", self.path("j.xml"), status=0)
        root = ET.parse(self.path("j.xml")).getroot()
        self.assertEqual(len(list(root.iter("failure"))), 0)
        self.assertEqual(len(list(root.iter("testcase"))), 2)
        self.valid_junit(self.path("j.xml"))

    def test_reports_show_a_repeated_case_once(self):
        self.run_it("run", "--filter", FEW, "--repeat", "5", "--junit", self.path("j.xml"), "--results", self.results, status=0)
        self.assertEqual(len(list(ET.parse(self.path("j.xml")).getroot().iter("testcase"))), 2)
        cases = [line for line in pathlib.Path(self.results).read_text().splitlines() if '"kind":"case"' in line]
        self.assertEqual(len(cases), 10)

    def valid_junit(self, path):
        schema = os.environ.get("SSMC_JUNIT_XSD")
        if not schema or not os.path.exists(schema) or not shutil.which("xmllint"):
            return
        done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schema, path], capture_output=True, timeout=LIMIT)
        self.assertEqual(done.returncode, 0, done.stderr.decode()[:2000])

    def test_a_report_on_standard_output(self):
        done = self.run_it("run", "--filter", FEW, "--markdown", "/dev/stdout", status=0)
        self.assertIn("GetConnectionStatus", done.out)

    def test_result_files_that_are_none(self):
        self.failing_run()
        whole = pathlib.Path(self.results).read_text()
        for name, text, expected in (
            ("cut.jsonl", whole[: len(whole) // 2], "cut.jsonl"),
            ("no-summary.jsonl", whole[: whole.rstrip().rindex("\n") + 1], "incomplete"),
            ("empty.jsonl", "", "empty.jsonl"),
            ("other.jsonl", '{"kind":"other"}\n', "other.jsonl"),
        ):
            self.path(name, text)
            with self.subTest(name):
                self.assertIn(expected, self.run_it("report", name, status=2).err)
                self.assertIn(name, self.run_it("compare", self.results, name, status=2).err)

    def test_compare(self):
        self.run_it("run", "--filter", FEW, "--results", self.results, status=0)
        self.assertIn("0 cases changed", self.run_it("compare", self.results, self.results, status=0).out)
        worse = pathlib.Path(self.results).read_text().replace('"verdict":"PASS"', '"verdict":"FAIL"', 1)
        self.path("worse.jsonl", worse)
        self.assertIn("1 now fail, 0 no longer", self.run_it("compare", self.results, "worse.jsonl", status=1).out)
        self.assertIn("0 now fail, 1 no longer", self.run_it("compare", "worse.jsonl", self.results, status=0).out)
        lost = pathlib.Path(self.results).read_text().replace('"verdict":"PASS"', '"verdict":"NOT_IMPLEMENTED"', 1)
        self.path("lost.jsonl", lost)
        self.assertIn("1 passed and are no longer judged", self.run_it("compare", self.results, "lost.jsonl", status=1).out)
        lines = pathlib.Path(self.results).read_text().splitlines(keepends=True)
        self.path("short.jsonl", "".join(lines[:1] + lines[2:]))
        self.assertIn("1 case changed: 0 now fail, 0 no longer fail, 1 passed and", self.run_it("compare", self.results, "short.jsonl", status=1).out)
        printed = self.run_it("compare", self.results, "worse.jsonl", "--markdown", "-", status=1).out
        self.assertTrue(printed.startswith("# ssm-conformance: 1 requirement newly broken, 0 fixed\n"), printed)
        out = self.run_it("compare", self.results, "worse.jsonl", "--markdown", "comment.md", status=1).out
        self.assertIn("1 requirement newly broken, 0 fixed, 0 no longer judged", out)
        self.assertEqual((self.folder / "comment.md").read_text(), printed)

    def test_compare_says_what_it_compares(self):
        self.run_it("run", "--filter", FEW, "--seed", "7", "--results", self.results, status=0)
        self.run_it("run", "--filter", FEW, "--filter", "*DocumentPermission/implemented", "--level", "rejects", "--seed", "8",
                    "--results", self.path("other.jsonl"), status=0)
        out = self.run_it("compare", self.results, "other.jsonl", status=0).out.splitlines()
        self.assertRegex(out[0], r"^before .*r\.jsonl: embedded reference endpoint, version .*, level documented, seed 7, --filter .* \(2 results\)$")
        self.assertRegex(out[1], r"^after  other\.jsonl: .*, level rejects, seed 8, --filter .* \(4 results\)$")
        self.assertIn("warning: the levels differ (documented and rejects)", out[2])
        self.assertIn("warning: the selections differ", out[3])
        changed = [line.split()[-1] for line in out[4:-2]]
        self.assertEqual(len(changed), 2)
        self.assertEqual(changed, sorted(changed))
        self.assertNotIn("warning", self.run_it("compare", self.results, self.results, status=0).out)

    def test_compare_shows_failures_of_another_kind(self):
        self.failing_run()
        was = pathlib.Path(self.results).read_text()
        self.assertIn('"rule":"shape/missing"', was)
        self.path("other.jsonl", was.replace('"rule":"shape/missing"', '"rule":"shape/type"', 1))
        done = self.run_it("compare", self.results, "other.jsonl", status=1)
        self.assertRegex(done.out, r"(?m)^FAIL +-> FAIL +\S+ \(.*shape/missing.* -> .*shape/type.*\)$")
        self.assertIn("1 case changed: 0 now fail, 0 no longer fail, 0 passed and are no longer judged, 1 fail otherwise", done.out)
        # One defect less is no new one.
        lines = [json.loads(line) for line in was.splitlines()]
        several = next(c for c in lines if c["kind"] == "case" and len({f["rule"] for f in c["findings"]}) > 1)
        several["findings"] = [f for f in several["findings"] if f["rule"] == several["findings"][0]["rule"]]
        self.path("less.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        self.assertIn("1 fail otherwise", self.run_it("compare", self.results, "less.jsonl", status=0).out)

    def test_the_badge(self):
        badge = self.path("badge.json")
        self.run_it("run", "--operation", "GetConnectionStatus", "--results", self.results, "--badge", badge, status=0)
        shown = json.loads(pathlib.Path(badge).read_text())
        self.assertEqual((shown["schemaVersion"], shown["label"], shown["color"]), (1, "ssm-conformance", "brightgreen"))
        self.assertRegex(shown["message"], r"^coverage \d+ %, divergence 0 %$")
        self.assertEqual(json.loads(self.run_it("report", self.results, "--badge", "-", status=0).out), shown)
        self.failing_run("--badge", badge)
        self.assertRegex(json.loads(pathlib.Path(badge).read_text())["message"], r"^\d+ requirements broken$")

    def test_the_baseline(self):
        baseline = self.path("baseline.json")
        self.failing_run("--baseline", baseline, "--update-baseline", status=0)
        expected = json.loads(pathlib.Path(baseline).read_text())["expected_failures"]
        self.assertTrue(expected)
        self.failing_run("--baseline", baseline, status=0)
        verdicts = self.verdicts(self.results)
        self.assertEqual({i for i, v in verdicts.items() if v == "XFAIL"}, set(expected))
        self.assertNotIn("FAIL", verdicts.values())
        # The endpoint is mended: the entries are stale, and say so.
        done = self.run_it("run", "--filter", "GetConnectionStatus/Target/*", "--filter", "GetConnectionStatus/implemented",
                           "--baseline", baseline, "--results", self.results, status=1)
        self.assertIn("XPASS", done.out)
        self.assertEqual({i for i, v in self.verdicts(self.results).items() if v == "XPASS"}, set(expected))
        # A new kind of defect in an expected failure is new.
        other = {i: ["availability/hang"] for i in expected}
        self.path("other.json", json.dumps({"tool": "ssm-conformance", "format": 1, "expected_failures": other}))
        self.failing_run("--baseline", "other.json", status=1)

    def accepting_run(self, *more, status=1):
        with http_server(AcceptsAll) as url:
            return self.run_it("run", "--endpoint-url", url, "--filter", "GetConnectionStatus/Target/*", "--results",
                               self.results, *more, status=status)

    def test_a_baseline_knows_where_it_comes_from(self):
        baseline = self.path("baseline.json")
        self.accepting_run("--baseline", baseline, "--update-baseline", status=0)
        written = json.loads(pathlib.Path(baseline).read_text())
        self.assertEqual(written["level"], "documented")
        self.assertRegex(written["tool_version"], r"^\d+\.\d+\.\d+$")
        self.assertEqual(written["selection"], ["--filter GetConnectionStatus/Target/*"])
        # At another level it would be called stale, entry by entry.
        done = self.accepting_run("--baseline", baseline, "--level", "rejects", status=2)
        self.assertIn("at level documented, and this run is at level rejects", done.err)
        self.assertEqual(done.out, "")
        self.accepting_run("--baseline", baseline, "--level", "rejects", "--exclude", "*/type/*", "--update-baseline", status=2)
        self.accepting_run("--baseline", baseline, "--level", "rejects", "--update-baseline", status=0)
        self.assertEqual(json.loads(pathlib.Path(baseline).read_text())["level"], "rejects")
        self.accepting_run("--baseline", baseline, "--level", "rejects", status=0)
        # A part of the cases says nothing of the others' entries, and a file of an older version has only entries.
        self.path("older.json", json.dumps({k: written[k] for k in ("tool", "format", "expected_failures")}))
        done = self.accepting_run("--baseline", "older.json", "--exclude", "*/type/*", status=0)
        self.assertNotIn("XPASS", done.out)
        # What was never judged is new, and is said to be.
        self.accepting_run("--baseline", self.path("part.json"), "--update-baseline", "--exclude", "*/type/*", status=0)
        self.assertIn("written from a part of the cases", self.accepting_run("--baseline", "part.json").out)

    def test_a_baseline_of_replayed_files(self):
        for name in ("one", "two"):
            self.path(f"{name}.http", "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.GetConnectionStatus\n"
                      f'Content-Type: application/x-amz-json-1.1\n\n{{"Target":"{name}"}}\n')
        wrong = lambda status, content, body: (status, b"{}") if b'"Target":"one"' in body or b'"Target":"two"' in body else (status, content)
        with self.serve() as (upstream, _), http_server(passing_on(upstream, answer=wrong)) as url:
            at = ("--endpoint-url", url, "--baseline", "b.json")
            for name in ("one", "two"):
                self.run_it("replay", f"{name}.http", *at, "--update-baseline", status=0)
            self.assertEqual(set(json.loads((self.folder / "b.json").read_text())["expected_failures"]), {"one.http", "two.http"})
            self.run_it("replay", "one.http", *at, status=0)
            self.run_it("replay", "one.http", "two.http", *at, status=0)

    def test_baselines_that_are_none(self):
        good = {"tool": "ssm-conformance", "format": 1, "expected_failures": {"GetConnectionStatus/implementd": ["a"]}}
        for name, content, expected in (
            ("other-tool.json", {**good, "tool": "another"}, "not a baseline"),
            ("list.json", [], "not a baseline"),
            ("no-entries.json", {"tool": "ssm-conformance"}, "not a baseline"),
            ("unknown-case.json", good, "nearest is GetConnectionStatus/implemented"),
            ("odd-rules.json", {**good, "expected_failures": {"GetConnectionStatus/implemented": 5}}, "array"),
        ):
            self.path(name, json.dumps(content))
            with self.subTest(name):
                done = self.run_it("run", "--filter", FEW, "--baseline", name, status=2)
                self.assertIn(expected, done.err)
                self.assertIn(name, done.err)
        self.path("cut.json", '{"tool": "ssm-')
        self.assertIn("not JSON", self.run_it("run", "--baseline", "cut.json", status=2).err)

    def test_profiles(self):
        (self.folder / ".aws").mkdir()
        self.path(".aws/credentials", "[mine]\naws_access_key_id = AKIDMINE\naws_secret_access_key = "
                  + SECRETS["AWS_SECRET_ACCESS_KEY"] + "\n")
        none = {name: None for name in ("AWS_ACCESS_KEY_ID", *SECRETS)}
        self.run_it("run", "--filter", FEW, "--profile", "mine", "--results", self.results, status=0, **none)
        (self.folder / ".aws/credentials").unlink()  # it holds the secret, of course


class EndpointConfiguration(CommandTest):
    """Where the endpoint's URL comes from, as the SDKs have it."""

    def setUp(self):
        super().setUp()
        (self.folder / ".aws").mkdir()

    def configured(self, ssm=None, plain=None, more=""):
        text = "[default]\n" + more
        if plain:
            text += f"endpoint_url = {plain}\n"
        if ssm:
            text += f"services = local\n[services local]\nsqs =\n  endpoint_url = http://127.0.0.1:2\nssm =\n  endpoint_url = {ssm}\n"
        self.path(".aws/config", text)

    def judged(self, *arguments, status=0, **more):
        """What the first line says was judged."""
        return self.run_it("run", "--filter", FEW, *arguments, status=status, **more).out.splitlines()[0].split(" against ")[1]

    def test_each_place_wins_over_the_next(self):
        nobody = "http://127.0.0.1:1"  # whoever is asked there gets exit status 3
        ignore = {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
        with self.serve() as (url, _):
            self.configured(plain=url)
            self.assertEqual(self.judged(), url)
            self.configured(ssm=url, plain=nobody)
            self.assertEqual(self.judged(), url)
            self.configured(ssm=nobody, plain=nobody)
            self.assertEqual(self.judged(AWS_ENDPOINT_URL=url), url)
            self.assertEqual(self.judged(AWS_ENDPOINT_URL_SSM=url, AWS_ENDPOINT_URL=nobody), url)
            others = {"AWS_ENDPOINT_URL_SSM": nobody, "AWS_ENDPOINT_URL": nobody}
            self.assertEqual(self.judged("--endpoint-url", url, **others), url)
            self.assertEqual(self.judged("--endpoint-url", url, **others, **ignore), url)
            self.assertEqual(self.judged(**others, **ignore), "embedded reference endpoint")
            self.configured(ssm=nobody, plain=nobody, more="ignore_configured_endpoint_urls = true\n")
            self.assertEqual(self.judged(**others), "embedded reference endpoint")
            env = {"AWS_ENDPOINT_URL_SSM": url, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "False"}
            self.assertEqual(self.judged(**env), url, "the environment wins over the profile")

    def test_what_nobody_answers_is_said_with_where_it_stands(self):
        self.configured(plain="http://127.0.0.1:1")
        done = self.run_it("run", "--filter", FEW, status=3)
        self.assertIn('.aws/config: profile "default": endpoint_url)', done.err)
        self.assertEqual(done.err.count("\n"), 1)
        self.assertIn("(named by AWS_ENDPOINT_URL)", self.run_it("run", "--filter", FEW, status=3, AWS_ENDPOINT_URL="http://127.0.0.1:1").err)
        self.assertNotIn("named by", self.run_it("run", "--filter", FEW, *NOBODY, status=3).err)

    def test_what_makes_no_sense_is_said_unless_an_option_has_the_say(self):
        for text, expected in (
            ("[default]\nservices = nobody\n", "there is no section [services nobody]"),
            ("[default]\nendpoint_url = 127.0.0.1:4566\n", 'endpoint_url: endpoint URL "127.0.0.1:4566": not a URL'),
            ("[default]\nignore_configured_endpoint_urls = yes\n", "must be true or false"),
            ("[default]\nservices = s\n[services s]\nssm =\nendpoint_url = http://127.0.0.1:1\n", "must stand further in"),
            ("[default]\nendpoint_url = https://ssm.us-east-1.amazonaws.com\n", "--allow-aws"),
        ):
            with self.subTest(text):
                self.path(".aws/config", text)
                done = self.run_it("run", "--filter", FEW, status=2)
                self.assertIn(expected, done.err)
                self.assertEqual((done.out, done.err.count("\n")), ("", 1), done.err)
                self.run_it("run", "--filter", FEW, "--dialect", "chunked", status=0)
                self.run_it("run", "--filter", FEW, "--spawn", f"exec {PROGRAM} serve --port {{port}}", status=0)
                self.run_it("serve", "--list-dialects", status=0)


class GoogleTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.program = os.path.join(os.path.dirname(PROGRAM), "ssm-conformance-gtest")
        if not os.path.exists(self.program):
            self.skipTest("ssm-conformance-gtest is not built")

    def lines(self, *arguments, **more):
        done = subprocess.run([self.program, *arguments], env=self.environment(**more), stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=LIMIT, cwd=self.folder)
        self.no_secrets(done.stdout + done.stderr, "the output of ssm-conformance-gtest")
        return done.stdout.decode().splitlines()

    def test_it_says_what_it_judged(self):
        few = "--gtest_filter=GetConnectionStatus.Target_required_*"
        out = self.lines(few, "--gtest_output=xml:" + self.path("x.xml"))
        self.assertEqual(out[0], "ssm-conformance-gtest: the endpoint is the embedded reference endpoint")
        self.assertEqual(out[-1], out[0])
        self.assertIn('"embedded reference endpoint"', (self.folder / "x.xml").read_text())
        with self.serve() as (url, _):
            out = self.lines(few, AWS_ENDPOINT_URL=url)
        self.assertEqual(out[-1], f"ssm-conformance-gtest: the endpoint is {url} (AWS_ENDPOINT_URL)")
        self.assertEqual(self.lines(few, "--gtest_list_tests")[0], "GetConnectionStatus.")


class Terminal(CommandTest):
    def on_a_terminal(self, **more):
        """What the program writes to a terminal."""
        leader, follower = pty.openpty()
        process = subprocess.Popen([PROGRAM, "run", "--filter", FEW], stdin=subprocess.DEVNULL, stdout=follower,
                                   stderr=subprocess.PIPE, env=self.environment(**more), cwd=self.folder)
        os.close(follower)
        output = b""
        with contextlib.suppress(OSError):  # EIO: the other side is closed
            while chunk := os.read(leader, 65536):
                output += chunk
        os.close(leader)
        process.communicate(timeout=LIMIT)
        self.assertEqual(process.returncode, 0)
        return output

    def test_plain_where_there_is_no_terminal(self):
        out = self.run_it("run", "--filter", FEW, "--verbose", status=0, TERM="xterm-256color").out
        self.assertNotIn("\x1b", out)
        self.assertNotIn("\r", out)
        self.assertIn("GetConnectionStatus/Target/required/missing", out, "--verbose names every case")

    def test_colour_on_a_terminal_unless_it_is_not_wanted(self):
        self.assertRegex(self.on_a_terminal(TERM="xterm-256color", NO_COLOR=None), rb"\x1b\[[0-9;]*m")
        self.assertNotRegex(self.on_a_terminal(TERM="xterm-256color", NO_COLOR="1"), rb"\x1b\[[0-9;]*m")
        self.assertNotRegex(self.on_a_terminal(TERM="dumb", NO_COLOR=None), rb"\x1b\[[0-9;]*m")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
