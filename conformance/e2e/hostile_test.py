#!/usr/bin/env python3
"""The program against endpoints that misbehave on purpose: it must not crash, hang, or grow, and must say what happened.

    hostile_test.py PROGRAM [unittest options]

Each behaviour is tried twice: as all that the endpoint ever does, and as the answer to two requests of an endpoint
that is good otherwise. Then those two cases must be judged by themselves, and every other must pass.
SSMC_HOSTILE may hold a part of the names of those behaviours that are to be tried.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest

from hostile_behaviours import BEHAVIOURS
from hostile_endpoint import Endpoint

PROGRAM = ""
LIMIT = 300  # seconds for any one run: far beyond what it takes, so that a hang ends
MEMORY = 64 << 10  # KiB that a run may take beyond an ordinary one
FULL = 256 << 10  # where answers are full of small values
FILTER = "DescribeDocumentPermission/MaxResults/range/*"
ONLY = os.environ.get("SSMC_HOSTILE", "")  # a part of the names of those behaviours that are to be tried
VALID, INVALID = "below-maximum", "above-maximum"
MARKER = rb'"MaxResults":(199|201)[,}]'  # what these two send

SLOW = {"never_answers", "one_byte_a_second", "hangs_in_the_head", "hangs_in_the_body", "hangs_in_a_chunk"}

# What becomes of a behaviour: the exit status and a text that must be said if that is all that the endpoint does; the
# rules of the findings if a valid and an invalid request are answered so, None where that is no defect.
HANG = (3, "raise --timeout", "availability/hang", "availability/hang")
LARGE = (3, "more than any answer may hold", "availability/too-large", "availability/too-large")
BROKEN = (3, "answers in broken HTTP", "availability/not-http", "availability/not-http")
FOREIGN = (3, "If it speaks TLS, write https://", "availability/not-http", "availability/not-http")
CLOSED = (3, "breaks off instead of answering", "availability/closed", "availability/closed")
CUT = (3, "in the middle of the response", "availability/truncated", "availability/truncated")
RESET = (3, "reset by peer", "availability/reset", "availability/reset")
FINE = (0, "", None, None)
REDIRECT = (3, "name the endpoint itself", "outcome/redirect", "outcome/redirect")
NO_PAGE = (1, "the answer has no AccountIds", "shape/missing", "outcome/accepted")
FOREIGN_SERVICE = "speaks AWS JSON"  # whatever it is asked, nothing comes that a client could read
NOT_JSON = (3, FOREIGN_SERVICE, "shape/not-json", "outcome/accepted")
MISTYPED = (1, "AccountIds", "shape/type", "outcome/accepted")
NO_ERROR = (3, FOREIGN_SERVICE, "envelope/no-type", "envelope/no-type")
SERVER_ERROR = (3, FOREIGN_SERVICE, "availability/server-error", "availability/server-error")

EXPECTED = {
    **dict.fromkeys(SLOW, HANG),
    **{name: LARGE for name in BEHAVIOURS if name.startswith("endless_")},
    **dict.fromkeys(("huge_content_length", "largest_chunk", "header_of_1_mib", "headers_100000", "body_of_5_mib"), LARGE),
    "endless_interim": BROKEN,
    "body_of_1_mib": (1, "the answer has no AccountSharingInfoList", "shape/missing", "outcome/accepted"),
    **dict.fromkeys(("many_numbers", "many_lists", "many_members"), MISTYPED),
    **{name: BROKEN for name in BEHAVIOURS if re.search("content_length$|content_lengths$|chunk$|length_and", name)
       and not name.startswith(("hangs", "endless", "close", "huge", "largest"))},
    "not_utf_8": (1, "the answer's JSON is not UTF-8", "shape/not-json", "outcome/accepted"),
    **dict.fromkeys(("invalid_and_deep", "valid_and_deep", "valid_objects_deep"),
                    (3, FOREIGN_SERVICE, "shape/not-json", "outcome/accepted")),
    "nul_bytes": NOT_JSON,
    "gzip_bomb": (3, FOREIGN_SERVICE, "shape/not-json", "outcome/accepted"),
    **dict.fromkeys(("http_0_9", "http_2_preface", "http_2_settings", "tls_alert", "ssh_banner", "html_without_http",
                     "http_1_7"), FOREIGN),
    "switching_protocols": BROKEN,
    **{name: CUT for name in BEHAVIOURS if name.startswith("close_")},
    **dict.fromkeys(("close_after_accept", "close_after_the_request"), CLOSED),
    **{name: RESET for name in BEHAVIOURS if name.startswith("reset_")},
    "answers_unasked": NO_PAGE,
    "folded_header": NO_PAGE,
    **dict.fromkeys(("answers_twice", "interim_first", "byte_by_byte", "unknown_coding"), FINE),
    "lone_line_feeds": FOREIGN,
    **{name: REDIRECT for name in BEHAVIOURS if name.startswith("redirect_")},
    **{name: FOREIGN for name in BEHAVIOURS if name.startswith("status_")},
    "status_099": BROKEN,
    "status_199": FOREIGN,  # interim, and what follows is no status line
    "status_204": (3, FOREIGN_SERVICE, "outcome/wrong-status", "outcome/accepted"),
    "status_304": REDIRECT,
    "status_418": NO_ERROR,
    "status_600": SERVER_ERROR,
    "status_999": SERVER_ERROR,
    "long_error_name": (1, "not implemented", "outcome/rejected", "outcome/wrong-code"),
    **dict.fromkeys(("nul_in_a_header", "nul_in_a_name", "lone_carriage_return", "header_without_colon"), BROKEN),
    **dict.fromkeys(("nul_in_the_status_line", "escape_sequences", "no_reason"), FOREIGN),
}


# Runs a command, and writes how it ended and how much memory (KiB) it took at most. A process of its own, for a new process
# counts as large as the one that starts it; this one stays small.
MEASURE = """
import os, signal, sys
child = os.posix_spawn(sys.argv[3], sys.argv[3:], os.environ)
signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
signal.alarm(int(sys.argv[2]))
_, status, used = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    print(os.waitstatus_to_exitcode(status), used.ru_maxrss, file=file)
"""


class Run:
    """A run that has ended."""

    allowance = MEMORY

    def __init__(self, url, *options, filter=FILTER, **more):
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "SSMC_"))}
        environment.update(more)
        with tempfile.TemporaryDirectory(prefix="ssmc-hostile-") as folder:
            results = pathlib.Path(folder, "r.jsonl")
            with open(folder + "/out", "w+b") as out, open(folder + "/err", "w+b") as err:
                subprocess.run(
                    [sys.executable, "-IS", "-c", MEASURE, folder + "/measured", str(LIMIT), PROGRAM, "run",
                     "--endpoint-url", url, "--filter", filter, "--results", str(results), *options],
                    stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment, cwd=folder, check=True)
                self.status, self.peak = map(int, pathlib.Path(folder, "measured").read_text().split())
                out.seek(0)
                err.seek(0)
                self.raw = out.read() + err.read()
                err.seek(0)
                self.error = err.read().decode()
            self.cases = {}
            self.written = results.stat().st_size
            with open(results, encoding="ascii") as lines:
                for line in map(json.loads, lines):
                    if line["kind"] == "case":
                        rules = {f["rule"] for f in line["findings"] if f["severity"] == "defect"}
                        self.cases[line["id"].rsplit("/", 1)[1]] = line["verdict"], rules
            self.text = self.raw.decode()


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="ssmc-hostile-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        server = subprocess.Popen([PROGRAM, "serve", "--tls", cls.folder + "/reference"], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.end, server)
        server.stdout.read(1)
        port = re.search(rb"127.0.0.1:(\d+)", server.stdout.readline()).group(1)
        cls.secure_reference = f"https://127.0.0.1:{int(port)}"
        server = subprocess.Popen([PROGRAM, "serve"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.end, server)
        port = re.search(rb"127.0.0.1:(\d+)", server.stdout.readline()).group(1)
        cls.upstream = "127.0.0.1", int(port)
        plain = Run(f"http://127.0.0.1:{int(port)}")
        assert plain.status == 0, plain.text
        cls.usual = plain.peak
        cls.names = set(plain.cases)
        # Sanitizers take memory of their own, and keep for a while what was freed.
        cls.generosity = 1 if plain.peak < 45 << 10 else 16

    @staticmethod
    def end(server):
        server.terminate()
        server.communicate(timeout=LIMIT)

    def endpoint(self, behave, *arguments, **more):
        return Endpoint(behave, self.upstream, *arguments, **more)

    def sound(self, run):
        """What holds for every run."""
        self.assertIn(run.status, (0, 1, 3), run.text[-3000:])
        self.assertLess(run.peak, self.usual + run.allowance * self.generosity)
        self.assertLess(run.written, 16 << 20, "the result file")
        self.assertLess(len(run.raw), 1 << 20, "the output")
        self.assertNotRegex(run.text, "[\0-\x08\x0b-\x1f\x7f-\x9f]", "the endpoint must not command a terminal")

    def ends(self, run, status, text):
        """A run against an endpoint that is never good."""
        self.sound(run)
        self.assertEqual(run.status, status, run.text[-3000:])
        if status == 3:
            self.assertIn(text, run.error)
            self.assertEqual(run.error.count("\n"), 1, "one line says it")
            self.assertEqual(run.cases, {})
        else:
            self.assertIn(text, run.text)
            self.assertEqual(set(run.cases), self.names)

    def goes_on(self, run, valid, invalid):
        """A run against an endpoint that is good but for two requests."""
        self.sound(run)
        self.assertEqual(run.status, 1 if valid or invalid else 0, run.text[-3000:])
        self.assertEqual(set(run.cases), self.names)
        for name, (verdict, rules) in run.cases.items():
            rule = {VALID: valid, INVALID: invalid}.get(name)
            self.assertEqual(verdict, "FAIL" if rule else "PASS", f"{name}: {rules}")
            if rule:
                self.assertIn(rule, rules, name)

    def test_every_behaviour_is_expected(self):
        self.assertEqual(set(EXPECTED), set(BEHAVIOURS))

    def each(self, start):
        """The behaviours one by one, each with what `start` gives for it; some at a time, for they mostly wait."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            started = {name: pool.submit(start, name) for name in BEHAVIOURS if ONLY in name}
            for name, future in started.items():
                endpoint, run = future.result()
                run.allowance = FULL if name.startswith("many") else MEMORY
                yield name, endpoint, run

    def always(self, name):
        with self.endpoint(BEHAVIOURS[name]) as endpoint:
            return endpoint, Run(endpoint.url(), "--timeout", "0.3" if name in SLOW else "60")

    def test_always(self):
        for name, endpoint, run in self.each(self.always):
            with self.subTest(name):
                self.ends(run, *EXPECTED[name][:2])
                if name.startswith("redirect"):
                    self.assertEqual(endpoint.accepted, 3, "a redirect was followed")

    def once(self, name):
        with self.endpoint(BEHAVIOURS[name], MARKER) as endpoint:
            return endpoint, Run(endpoint.url(), "--timeout", "1.5" if name in SLOW else "60")

    def test_once(self):
        for name, endpoint, run in self.each(self.once):
            with self.subTest(name):
                self.goes_on(run, *EXPECTED[name][2:])
                self.assertGreaterEqual(endpoint.hits, 2, "the requests did not come")

    def test_a_bomb_that_was_asked_for(self):
        with self.endpoint(BEHAVIOURS["gzip_bomb"], rb"(?i)accept-encoding: gzip\r\n") as endpoint:
            run = Run(endpoint.url(), "--timeout", "60", filter="Protocol/headers/accept-encoding/*")
        self.sound(run)
        self.assertEqual(run.status, 1, run.text[-3000:])
        asked = {"gzip", "gzip-and-not-json", "gzip-and-unknown-operation"}
        self.assertLess(asked, set(run.cases))
        for name, (verdict, rules) in run.cases.items():
            expected = ("FAIL", {"availability/too-large"}) if name in asked else ("PASS", set())
            self.assertEqual((verdict, rules), expected, name)

    # ---- TLS
    def certificate(self, name, subject, days=1):
        """A server's context with a certificate for this subject, by the authority ca.pem, which is made when needed."""
        if not shutil.which("openssl"):
            self.skipTest("there is no openssl to make certificates with")

        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=self.folder)

        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        if not os.path.exists(self.authority):
            openssl("req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA")
        openssl("req", *new_key, "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name,
                "-addext", "subjectAltName=" + subject)
        openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", str(days),
                "-copy_extensions", "copy", "-out", name + ".pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.folder}/{name}.pem", f"{self.folder}/{name}.key")
        return context

    @property
    def authority(self):
        return self.folder + "/ca.pem"

    def test_certificates_always(self):
        good = self.certificate("good", "IP:127.0.0.1")
        expired = self.certificate("expired", "IP:127.0.0.1", days=-1)
        other = self.certificate("other", "DNS:other.example,IP:127.0.0.2")
        trusted = "--ca-bundle", self.authority
        for name, context, options, hint in (
            ("expired", expired, trusted, "needs a new certificate"),
            ("other", other, trusted, "as its certificate names it"),
            ("unknown authority", good, (), "with --ca-bundle"),
            ("unknown authority, and expired", expired, (), "with --ca-bundle"),
        ):
            with self.subTest(name), self.endpoint(good_answers, tls=context) as endpoint:
                self.ends(Run(endpoint.url("https"), *options), 3, hint)

    def test_certificates_that_nobody_checks(self):
        with self.endpoint(good_answers, tls=self.certificate("expired", "DNS:other.example", days=-1)) as endpoint:
            self.goes_on(Run(endpoint.url("https"), "--no-verify-ssl"), None, None)

    def test_certificate_that_expires_in_between(self):
        # The valid request finds its connection closed, and tried again, such a certificate.
        good = self.certificate("good", "IP:127.0.0.1")
        expired = self.certificate("expired", "IP:127.0.0.1", days=-1)

        def behave(link):
            link.request()
            endpoint.tls_next.append(expired)
            link.close()

        with self.endpoint(behave, MARKER.replace(b"|201", b""), tls=good) as endpoint:
            run = Run(endpoint.url("https"), "--ca-bundle", self.authority, "--connections", "1")
        self.goes_on(run, "availability/tls", None)
        self.assertEqual(endpoint.tls_next, [], "nobody saw it")

    def test_no_tls_inside_tls(self):
        def behave(link):
            link.request()
            link.speak_plainly(b"HTTP/1.1 200 OK\r\n\r\n{}")

        context = self.certificate("good", "IP:127.0.0.1")
        trusted = "--ca-bundle", self.authority
        with self.endpoint(behave, tls=context) as endpoint:
            self.ends(Run(endpoint.url("https"), *trusted), 3, "TLS")
        with self.endpoint(behave, MARKER, tls=context) as endpoint:
            self.goes_on(Run(endpoint.url("https"), *trusted), "availability/tls", "availability/tls")

    def test_no_tls_where_it_is_asked_for(self):
        def answers(link):
            link.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            link.close()

        def garbage(link):
            link.send(bytes(range(256)) * 100)
            link.close()

        for behave in (answers, garbage, BEHAVIOURS["close_after_accept"], BEHAVIOURS["reset_after_accept"],
                       BEHAVIOURS["never_answers"]):
            with self.subTest(behave), self.endpoint(behave) as endpoint:
                run = Run(endpoint.url("https"), "--no-verify-ssl", "--connect-timeout", "0.5")
                self.ends(run, 3, "If it does not speak TLS, write http://")

    def test_tls_where_it_is_not_asked_for(self):
        with self.endpoint(good_answers, tls=self.certificate("good", "IP:127.0.0.1")) as endpoint:
            self.ends(Run(endpoint.url()), 3, "If it speaks TLS, write https://")
        self.ends(Run(self.secure_reference.replace("https", "http")), 3, "If it speaks TLS, write https://")


def good_answers(link):
    link.send(link.good_answer())
    link.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
