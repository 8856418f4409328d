#!/usr/bin/env python3
"""Whether what the reports of a folder of findings say to paste really shows what they say it shows.

    scripts/check_findings.py DIR (--endpoint-url URL | --spawn CMD)

Runs the shell lines of every <id>.md with bash, at this endpoint in place of the one that the report names, and compares the last
answer with the one in the report: status, error, and, where the finding is about it, the form of the body (members, lengths of lists,
account numbers). Where the report says that nothing was answered, nothing may be answered. --spawn starts the endpoint at the port
{port}, and again whenever a finding ended it. Findings that are marked as fixed are left out.

Prints a line for each that differs, and a count. Exit status: 0 all reproduce; 1 not all; 2 wrong usage, or there is none.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time

COMMAND_SECONDS = 30  # for all lines of a report; an answer that takes longer is none
START_SECONDS = 60
MARK = "---- the last answer ----"
BLOCK = r"\n\n(`{3,}|~{3,})%s\n(.*?)\n\1\n"


def refuse(text: str) -> None:
    print(f"check_findings: {text}", file=sys.stderr)
    raise SystemExit(2)


def block(text: str, title: str, language: str) -> str:
    found = re.search(re.escape(f"**{title}:**") + BLOCK % language, text, re.S)
    return found.group(2) if found else ""


def form(value, name=""):
    """What stays of a body from one time to the next: no tokens, dates and random names."""
    if isinstance(value, dict):
        return {k: form(v, k) for k, v in sorted(value.items())}
    if isinstance(value, list):
        return [form(v, name) for v in value]
    if isinstance(value, str):
        return value if name in ("AccountIds", "AccountId", "Status") else "a string"
    return type(value).__name__


def last_answer(text: str):
    """(status, error, form of the body) of the last response in it; None if there is none."""
    # Not at the beginning of a line: the body before it need not end with one.
    heads = list(re.finditer(r"HTTP/1\.[01] (\d{3})[^\n]*\n(.*?)(?:^\s*$|\Z)", text, re.M | re.S))
    if not heads:
        return None
    status, headers, body = int(heads[-1].group(1)), heads[-1].group(2), text[heads[-1].end() :].strip()
    error = re.search(r"^x-amzn-errortype: *([^\r\n]*)", headers, re.I | re.M)
    error = error.group(1) if error else ""
    try:
        body = json.loads(body)
    except ValueError:
        return status, error, None
    if isinstance(body, dict):
        error = error or str(body.get("__type") or body.get("code") or "")
        # Messages name documents, and differ as these do.
        body = {k: v for k, v in body.items() if status < 300 or k.lower() != "message"}
    return status, re.sub(r"^.*#|:.*$", "", error), form(body)


def differs(reported, answered, of_body: bool) -> str:
    if reported is None or answered is None:
        return "" if reported == answered else f"the report shows {'an' if reported else 'no'} answer, now there is {'one' if answered else 'none'}"
    for what, a, b in zip(("status", "error"), reported, answered):
        if a != b:
            return f"{what} {a!r} in the report, now {b!r}"
    if of_body and reported[2] is not None and reported[2] != answered[2]:
        return f"body {json.dumps(reported[2])[:200]} in the report, now {json.dumps(answered[2])[:200]}"
    return ""


class Endpoint:
    """One that somebody else runs, or one that is started here and again when it has ended."""

    def __init__(self, url: str, command: str) -> None:
        self.url, self.command, self.process = url, command, None

    def address(self) -> str:
        if not self.command:
            return self.url
        if self.process is None or self.process.poll() is not None:
            self.start()
        return self.url

    def start(self) -> None:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        command = ["bash", "-c", self.command.replace("{port}", str(port))]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.url = f"http://127.0.0.1:{port}"
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)  # between two tries; nothing tells when a port begins to listen
        self.stop()
        refuse(f"`{self.command}` does not listen at port {port}")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None


def run_lines(before: str, last: str) -> str:
    """What the last line prints. Variables that those before it set are known to it."""
    lines = f"{before}\nprintf '%s' '{MARK}'\n{last}"
    process = subprocess.Popen(["bash", "-c", lines], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=COMMAND_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
    return output.decode("utf-8", "replace").replace("\r\n", "\n").rpartition(MARK)[2]


def at_address(lines: str, endpoint: str, url: str) -> str:
    """The lines for the endpoint that was fuzzed, for another: its address, and host and port apart, as lines for raw bytes have them."""
    here = endpoint.rstrip("/")
    lines = lines.replace(here, url)
    old, new = (re.match(r"https?://([^:/]+):(\d+)", u) for u in (here, url))
    if old and new:
        for between in ":", " ", "/":
            lines = lines.replace(f"{old[1]}{between}{old[2]}", f"{new[1]}{between}{new[2]}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="check_findings.py", description=__doc__.splitlines()[0])
    parser.add_argument("folder", metavar="DIR", type=pathlib.Path)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--endpoint-url", metavar="URL", default="")
    where.add_argument("--spawn", metavar="CMD", default="")
    options = parser.parse_args()
    try:
        index = json.loads((options.folder / "index.json").read_text(encoding="utf-8"))["findings"]
    except (OSError, ValueError, KeyError) as problem:
        refuse(f"{options.folder}/index.json: {problem}")
    open_findings = [f for f in index if f["state"] == "open"]
    if not open_findings:
        refuse(f"{options.folder}/index.json: no open finding in it")

    endpoint, failed = Endpoint(options.endpoint_url.rstrip("/"), options.spawn), 0
    try:
        for finding in open_findings:
            text = (options.folder / finding["markdown"]).read_text(encoding="utf-8")
            lines = block(text, "Reproduce", "sh")
            reported = last_answer(block(text, "Answered", "http"))
            # That a request was accepted, or failed, is seen without the body: a list also holds what else is there.
            of_body = not finding["rule"].startswith(("outcome/", "availability/"))

            def try_it() -> str:
                here = at_address(lines, finding["endpoint"], endpoint.address())
                # The last command by itself: where it is not answered, the answers to those before it are not its own.
                last = here.rfind("\n", 0, max(here.rfind("\ncurl "), here.rfind("\nprintf ")) + 1) + 1
                return differs(reported, last_answer(run_lines(here[:last], here[last:])), of_body)

            why = try_it() if lines else "no lines to paste"
            if why and lines and endpoint.command:
                # What other findings' lines made may be in the way: two that create a document of one name.
                endpoint.stop()
                why = try_it()
            if reported is None:
                endpoint.stop()  # whoever did not answer may never do so again
            if why:
                failed += 1
                print(f"{finding['id']}: {why}")
    finally:
        endpoint.stop()
    print(f"{len(open_findings) - failed} of {len(open_findings)} findings reproduce by the lines in their reports")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
