#!/usr/bin/env python3
"""Options, outputs and environment variables that are wrong: each is refused in one line, and nothing is touched.

    bad_input_test.py PROGRAM [unittest options]

Files with wrong content are in bad_files_test.py. What people most often get wrong is in command_test.py already.
"""

import os
import pathlib
import socket

from bad_input_support import FEW, NOBODY, SECRET, BadInputTest, main

LONG = "x" * 100_000  # as long as one argument may be on Linux, about


def run(*more):
    return ["run", *more, *FEW]


class Options(BadInputTest):
    def test_empty_values(self):
        for option in ("--endpoint-url", "--spawn", "--region", "--profile", "--ca-bundle", "--results", "--junit", "--html",
                       "--sarif", "--markdown", "--badge", "--endpoint-version", "--endpoint-commit", "--baseline", "--model", "--document", "--connected-node", "--filter",
                       "--exclude", "--operation", "--operations-from", "--target", "--dialect", "--shard", "--level", "--seed", "--timeout", "--connections"):
            self.refuses(["run", option, ""], option)
        for arguments in (["explain", ""], ["replay", ""], ["report", ""], ["compare", "", ""], ["board", ""], ["report", "x", "--html", ""],
                          ["serve", "--port", ""], ["serve", "--tls", ""], ["serve", "--document", ""], ["serve", "--region", ""],
                          ["serve", "--connected-node", ""], ["serve", "--dialect", ""], ["list", "--model", ""]):
            self.refuses(arguments, "--help")

    def test_numbers(self):
        for option, values in (
            ("--connections", ("-1", "1.5", "1025", "0x10", "1e2", " 1", "+1", "8 ", "99999999999999999999", LONG)),
            ("--seed", ("-1", "18446744073709551616", "1x", "nan", "0x10", "1.0", "1e3", "'1")),
            ("--repeat", ("0", "-5", "100000001", "1,000", "inf")),
            ("--timeout", ("nan", "-nan", "inf", "-1", "0", "3601", "1x", "1s", "1e999", "1e-999", "0x1p3", "1,5", "--")),
            ("--connect-timeout", ("nan", "0", "soon")),
            ("--spawn-timeout", ("nan", "0", "3600.1")),
        ):
            for value in values:
                self.refuses(run(f"{option}={value}"), option, "is not a number from")
        for value in ("-1", "65536", "0x50", "80x", "http"):
            self.refuses(["serve", "--port", value], "--port", "from 0 to 65535")

    def test_shards(self):
        for value in ("/", "1/", "/2", "-1/2", "1/-2", "1/2x", " 1/2", "1 /2", "+1/2", "1/0", "0/0", "1/10001", "1/2/3", "0x1/2",
                      "1/99999999999999999999", "1\n/2"):
            self.refuses(run("--shard", value), "--shard", "I/N", "for example 2/5")
        self.refuses(["list", "--shard", "1/0"], "--shard")

    def test_options_that_contradict_each_other(self):
        self.table([
            (run("--spawn", "x {port}", "--endpoint-url", NOBODY), "--endpoint-url", "--spawn"),
            (run("--spawn", "x {port}", "--dialect", "chunked"), "--dialect", "--spawn"),
            (run("--region", "a", "--region", "b"), "--region"),
            (run("--level", "aws", "--level", "rejects"), "--level"),
            (["list", "--endpoint-url", NOBODY], "--endpoint-url"),
            (["report", "x", "y"], "x: "),
            (["compare", "x", "y", "z"], "two result files", "board"),
            (["board"], "files"),
            (["board", "=x"], "NAME=FILE"), (["board", "x="], "NAME=FILE"), (["board", "a/x.jsonl", "b/x.jsonl"], "two endpoints are named x"),
            (["compare", "x"], "after"),
            (["run", "list"], "list"),
            (run("--operation"), "--help"),
        ])

    def test_names_that_do_not_exist(self):
        control = "\x1b[2J\x1b]0;x\x07\u202e"
        self.table([
            (run("--dialect", "chuncked"), "nearest is chunked"),
            (run("--target", "mottto"), "nearest is moto"),
            (["list", "--format", "xml"], "--format"),
            (["list", "--operations-from", "missing"], "--operations-from", "cannot be read"),
            (["export", "/dev/null/x"], "is not a folder"),
            (["serve", "--dialect", "chuncked"], "nearest is chunked"),
            (["list", "--operation", "DescribeDocumentPermissions"], "nearest is DescribeDocumentPermission"),
            (["list", "--exclude", "Protocol/methods/gett"], "nearest is Protocol/methods/get"),
            (["explain", "getconnectionstatus/implemented"], "nearest is GetConnectionStatus/implemented"),
            (["explain", "a\nb"], r"a\nb", "nearest is"),
            (["explain", control], r"\x1b[2J"),
            (["explain", LONG], "nearest is"),
            (["list", "--filter", "a\nb"], r"a\nb"),
            (["list", "--filter", LONG], "--filter", "nearest is"),
            (["list", "--operation", control], r"\x1b"),
            (["run", "--" + LONG], "xxx"),
            (run("--document", "a\nb"), "--document"),
            (run("--connected-node", "i-1\n"), "--connected-node"),
        ])
        self.refuses(["explain", b"\xff\xfe".decode("utf-8", "surrogateescape")], r"\xff")


class Endpoints(BadInputTest):
    def test_urls(self):
        for url, expected in (
            ("//127.0.0.1", "not a URL"), ("http:", "no host"), ("http://", "host"), ("http:///", "host"),
            ("http://u:p@127.0.0.1:1", "user"), ("http://127.0.0.1:1/x?y", "query"), ("http://127.0.0.1:1?x", "query"),
            ("http://127.0.0.1:1#x", "fragment"), ("http://127.0.0.1:0", "port"), ("http://127.0.0.1:65536", "port"),
            ("http://127.0.0.1:-1", "port"), ("http://127.0.0.1:1a", "port"), ("http://127.0.0.1:18446744073709551617", "port"),
            (" http://127.0.0.1:1", "not a URL"), ("http://127.0.0.1:1 ", "not a URL"), ("http://a b", "not a URL"),
            ("http://::1:80", "port"), ("http://[::1", "not a URL"), ("http://[::1]x", "port"), ("http://[]", "not a URL"),
            ("http://[::g]", "not a URL"), ("http://[fe80::1%25lo]:1", "not a URL"), ("http://%31:1", "host"),
            ("http://h\u00e4:1", "not a URL"), ("http://a\nb", r"a\nb"), ("http://a\r\nHost: x", r"\r\n"),
            ("http://\x1b[31m", r"\x1b"),
            ("unix:///tmp/x", "http or https"), ("ws://127.0.0.1", "http or https"), ("file:///etc/passwd", "http or https"),
            ("http://" + LONG, "host"), ("http://127.0.0.1:1/" + LONG, "path"),
        ):
            status = 3 if url == "http://" + LONG else 2  # a name like any other, but no resolver takes it
            self.refuses(run("--endpoint-url", url), expected, *([] if status == 3 else ["--endpoint-url"]), status=status)
        self.refuses(run(), "AWS_ENDPOINT_URL:", "port", AWS_ENDPOINT_URL="http://127.0.0.1:0")
        self.refuses(run(), "AWS_ENDPOINT_URL_SSM:", "a b", AWS_ENDPOINT_URL_SSM="a b", AWS_ENDPOINT_URL=NOBODY)

    def test_nobody_is_there(self):
        self.refuses(run("--endpoint-url", "http://" + "a" * 64 + ":1"), "cannot resolve", status=3)
        for url in (NOBODY, "http://[::1]:1", "HTTP://127.0.0.1:1/", "https://127.0.0.1:1"):
            self.refuses(run("--endpoint-url", url), "127.0.0.1:1" if "127" in url else "::1", status=3)
        self.refuses(["replay", self.path("x.http", "GET / HTTP/1.1\n\n"), "--endpoint-url", NOBODY], "nothing answers", status=3)

    def test_commands_that_do_not_become_an_endpoint(self):
        self.refuses(run("--spawn", "exec sleep 600"), "--spawn", "{port}")
        for url in ("http://127.0.0.1:1/aws", "http://127.0.0.1:{port", "{port}"):
            self.refuses(run("--spawn", "exec sleep 600 # {port}", "--endpoint-url", url), "--endpoint-url", "http")
        for command, *expected in (
            ("/no/such/program {port}", "exit status 127", "not found"),
            ("true {port}", "exit status 0", "wrote nothing"),
            ("printf 'one\\n\\ntwo\\033[2J\\n'; exit 3 # {port}", "exit status 3", r"one | two\x1b[2J"),
            ("kill -9 $$ # {port}", "signal 9"),
            ("unbalanced ' {port}", "--spawn"),
        ):
            self.refuses(run("--spawn", command), *expected, status=3)
        self.refuses(run("--spawn", "exec sleep 600 # {port}", "--spawn-timeout", "0.2"), "still runs", "200 ms", status=3)

    def test_a_port_that_is_taken_leaves_no_certificates_changed(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            self.refuses(["serve", "--port", port], "--port " + port)
            self.refuses(["serve", "--port", port, "--tls", self.path("tls")], "--port " + port)
            self.refuses(["serve", "--host", "127.0.0.1", "--port", port], "--port " + port)
        for host in ("0.0.0.0", "::", "192.0.2.1", "localhost", "[::1]", "127.0.0.1:80", "fe80::1%lo"):
            self.refuses(["serve", "--host", host, "--tls", self.path("tls")], "--host " + host, "::1")
        for path in ("aws", "/a b", "/a?b", "/a#b", "http://x/aws", "/\u00e9", "/" + LONG, "/%zz", "\n"):
            self.refuses(["serve", "--path", path, "--tls", self.path("tls")], "--path", "/aws")
        self.refuses(["serve", "--tls", self.path("file", "x")], "--tls", "file", "folder")
        self.refuses(["serve", "--tls", self.path("file") + "/x"], "--tls", "folder")


class Environment(BadInputTest):
    def test_regions(self):
        for value in ("a b", "us\nX: y", "\u00e9", "a/b", LONG[:5000], "us-east-1 ", "\x1b"):
            for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
                self.refuses(run("--endpoint-url", NOBODY), name, "us-east-1", **{name: value})
            self.refuses(run("--region", value), "--region", "us-east-1")
            self.refuses(["serve", "--region", value], "--region")

    def test_keys(self):
        good = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": SECRET}
        for name in good:
            for value in (SECRET + "\nX: y", SECRET + "\n", " " + SECRET, SECRET + "\u00e9", f'"{SECRET}"', SECRET + "\x7f"):
                self.refuses(run("--endpoint-url", NOBODY), name, "character", **{**good, name: value})
        self.refuses(run("--endpoint-url", NOBODY), "AWS_ACCESS_KEY_ID", "character 2", **{**good, "AWS_ACCESS_KEY_ID": "a/b"})
        for missing in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            for value in (None, ""):
                self.refuses(["serve", "--auth"], f"{missing} is not", **{**good, missing: value})

    def test_profiles_and_homes(self):
        self.refuses(run(), "AWS_PROFILE", r"a\nb", AWS_PROFILE="a\nb")
        self.refuses(run("--profile", LONG), "--profile", "no profile")
        self.refuses(["serve", "--profile", "nobody"], "--profile", "nobody")
        self.refuses(run(), "too long", HOME="/" + LONG[:5000])


class Outputs(BadInputTest):
    def setUp(self):
        super().setUp()
        self.path("kept", "precious")
        os.symlink("kept", self.path("link"))
        os.link(self.path("kept"), self.path("hard"))

    def test_one_file_for_two_outputs(self):
        for first, second in (("kept", "./kept"), ("kept", "link"), ("link", "hard"), ("new", "./new")):
            self.refuses(run("--results", first, "--junit", second), "--results and --junit", second)
            self.refuses(run("--sarif", first, "--markdown", second), "--sarif and --markdown", second)
        self.path("b.json", '{"tool": "ssm-conformance", "format": 1, "expected_failures": {}}')
        self.refuses(run("--baseline", "b.json", "--update-baseline", "--html", "./b.json"), "--html and --baseline")

    def test_an_output_that_is_an_input(self):
        baseline = self.path("b.json", '{"tool": "ssm-conformance", "format": 1, "expected_failures": {}}')
        request = self.path("x.http", "GET / HTTP/1.1\n\n")
        model = self.path("m.json", (pathlib.Path(__file__).parent.parent / "ssm/model/ssm.json").read_text(encoding="utf-8"))
        self.assertEqual(self.run_it(*run("--results", self.path("r.jsonl"))).returncode, 0)
        self.table([
            (run("--baseline", baseline, "--results", "./b.json"), "--results", "--baseline", "another"),
            (run("--model", model, "--junit", "m.json"), "--junit", "--model"),
            (["replay", request, "--results", "x.http"], "--results", "replay"),
            (["replay", ".", "--html", "x.http"], "--html", "replay"),
            (["report", "r.jsonl", "--html", "./r.jsonl"], "--html", "result file"),
            (["report", "r.jsonl", "--results", "./r.jsonl"], "--results", "result file"),
            (["board", "x=r.jsonl", "--json", "./r.jsonl"], "--json", "result file"),
            (["compare", "r.jsonl", "r.jsonl", "--markdown", "./r.jsonl"], "--markdown", "result file"),
            (["report", "r.jsonl", "--markdown", "kept", "--sarif", "hard"], "same file"),
        ])

    def test_places_where_nothing_can_be_written(self):
        os.symlink("nowhere/x", self.path("dangling"))
        for option in ("--results", "--junit"):  # one is opened before the run, the other after it
            for place in ("nowhere/x", "kept/x", ".", "dangling", "/proc/nowhere", "x" * 300, "x" * 250, LONG[:5000]):
                self.refuses(run(option, place), option)
        for option in ("--html", "--sarif", "--markdown"):
            self.refuses(run(option, "nowhere/x"), option)
        self.refuses(run("--baseline", "nowhere/b.json", "--update-baseline"), "--baseline", "nowhere")
        self.refuses(run("--update-baseline"), "--baseline")

    def test_what_is_there_is_kept(self):
        outputs = ["--results", "kept", "--junit", "new"]
        for wrong in (["--timeout", "nan"], ["--region", "a b"], ["--endpoint-url", "x"], ["--baseline", "nowhere"],
                      ["--model", "nowhere"], ["--ca-bundle", "nowhere"], ["--profile", "nobody"], ["--spawn", "true"]):
            self.refuses(run(*outputs, *wrong), wrong[0])
        self.refuses(run(*outputs, "--spawn", "exit 3 # {port}"), "exit status 3", status=3)

    def test_a_pipe_that_nobody_reads(self):
        os.mkfifo(self.path("pipe"))
        self.refuses(run("--results", "pipe"), "--results", "pipe", "nobody")

    def test_a_full_disk(self):
        self.assertEqual(self.run_it(*run("--results", self.path("r.jsonl"))).returncode, 0)
        self.refuses(["report", "r.jsonl", "--html", "/dev/full"], "/dev/full", "No space", status=4)
        with open("/dev/full", "wb") as full:
            for arguments in (["list"], ["report", "r.jsonl"], ["explain", "GetConnectionStatus/implemented"], run()):
                self.refuses(arguments, "standard output", status=4, stdout=full)

    def test_a_reader_that_goes_away(self):
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "wb") as closed:
            done = self.run_it(*run("--repeat", "1000"), stdout=closed)
        self.assertEqual((done.returncode, done.err), (130, ""), "it is no fault of the endpoint, and none of ours")


if __name__ == "__main__":
    main()
