#!/usr/bin/env python3
"""Compares this project's SigV4 signatures with botocore's, byte for byte, on random requests.

    scripts/check_sigv4.py --tool build/harness/wire/sigv4_tool [--count 400] [--seed N]

The tool is the CMake target `sigv4_tool`. Half of the requests carry the headers that the AWS CLI signs and are signed by
the project's Signer; the other half carry any headers, all signed, as botocore does. Exit status: 0 all equal,
1 a difference, 2 usage (also: no botocore, or a tool that does not run).
"""

import argparse
import json
import random
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

TOKEN_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+="
# No white space beyond ASCII: there the two may differ, and no client can send it in a header.
TEXT = "abcXYZ019-._~!$&'()*+,;=:@/?%\"<>[]{}|\\^`éß日本😀"
BLANKS = ["", "", "", " ", "  ", "\t", " \t "]


def usage(message):
    print(f"check_sigv4: {message}", file=sys.stderr)
    sys.exit(2)


def text(rng, longest, alphabet=TEXT):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(0, longest)))


def header_value(rng):
    words = [text(rng, 8) for _ in range(rng.randint(0, 4))]
    inner = rng.choice(["  ", " ", "\t", " \t  "])
    return rng.choice(BLANKS) + inner.join(words) + rng.choice(BLANKS)


def random_case(rng, name):
    return "".join(c.upper() if rng.random() < 0.5 else c.lower() for c in name)


def path(rng):
    if rng.random() < 0.4:
        return "/"
    segments = [rng.choice(["", ".", "..", "a", "%20", "%2F", "ünï", "日本", "a b", text(rng, 6, "az~!$&'()*+,;=:@%é")])
                for _ in range(rng.randint(1, 6))]
    return "/" + "/".join(segments)


def parameters(rng):
    return [(text(rng, 6), text(rng, 8)) for _ in range(rng.choice([0, 0, 1, 2, 5]))]


def body(rng):
    kind = rng.randrange(4)
    if kind == 0:
        return b""
    if kind == 1:
        return json.dumps({"Name": text(rng, 20), "PermissionType": "Share"}).encode()
    if kind == 2:
        return rng.randbytes(rng.randint(1, 200))
    return rng.randbytes(1) * rng.randint(1, 100_000)


def headers(rng, any_header):
    lines = [("Host", f"127.0.0.1:{rng.randint(1, 65535)}")]
    for name in ("Content-Type", "X-Amz-Target"):
        for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
            lines.append((random_case(rng, name), header_value(rng)))
    # botocore never signs these, and neither does the Signer.
    for name in ("User-Agent", "Connection", "Expect"):
        if rng.random() < 0.3:
            lines.append((name, header_value(rng)))
    if any_header:
        for _ in range(rng.randint(0, 5)):
            name = rng.choice(["X-Amz-Meta", "Accept", "X-B", "My-Header1", "X_Y", "Content-Length", "Range"])
            lines.append((random_case(rng, name), header_value(rng)))
    rng.shuffle(lines)
    return lines


def make_case(rng, any_header):
    return {
        "access_key_id": "AK" + text(rng, 18, "ABCDEF0123456789"),
        "secret_access_key": text(rng, 40, TOKEN_CHARACTERS),
        "session_token": text(rng, 300, TOKEN_CHARACTERS) if rng.random() < 0.4 else "",
        "region": rng.choice(["us-east-1", "eu-central-1", "cn-north-1", "local", ""]),
        "service": rng.choice(["ssm", "service", "iam"]),
        "time": (datetime(1971, 1, 1, tzinfo=timezone.utc) +
                 timedelta(seconds=rng.randint(0, 100 * 365 * 86400))).strftime("%Y%m%dT%H%M%SZ"),
        "method": rng.choice(["POST", "GET", "PUT", "DELETE", "OPTIONS"]),
        "path": path(rng),
        "parameters": parameters(rng),
        "headers": headers(rng, any_header),
        "body": body(rng),
        "any_header": any_header,
    }


def sign_with_botocore(case):
    """The Authorization header, and the request as the tool is to read it."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
    from urllib.parse import urlsplit

    request = AWSRequest(method=case["method"], url="http://localhost" + case["path"], data=case["body"],
                         params=case["parameters"])
    for name, value in case["headers"]:
        request.headers.add_header(name, value)
    credentials = Credentials(case["access_key_id"], case["secret_access_key"], case["session_token"] or None)
    auth = SigV4Auth(credentials, case["service"], case["region"])
    # add_auth() would take the time of day, so its steps are taken here.
    request.context["timestamp"] = case["time"]
    auth._modify_request_before_signing(request)
    canonical = auth.canonical_request(request)
    signed_headers = sorted(set(auth.headers_to_sign(request)))
    auth._inject_signature_to_request(request, auth.signature(auth.string_to_sign(request, canonical), request))

    url = urlsplit(request.prepare().url)
    line = {key: case[key] for key in ("access_key_id", "secret_access_key", "session_token", "region", "service",
                                       "time", "method")}
    line["target"] = url.path + ("?" + url.query if url.query else "")
    line["body"] = case["body"].hex()
    line["headers"] = case["headers"]
    if case["any_header"]:
        line["headers"] = [[k, v] for k, v in request.headers.items() if k != "Authorization"]
        line["signed_headers"] = signed_headers
    return request.headers["Authorization"], canonical, line


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", required=True, type=Path, help="the program sigv4_tool")
    parser.add_argument("--count", type=int, default=400, help="number of requests, at least 1 (default: 400)")
    parser.add_argument("--seed", type=int, help="repeats a run; without it, a new one is taken and printed")
    options = parser.parse_args()
    if options.count < 1:
        usage("--count must be at least 1")
    try:
        import botocore
    except ImportError:
        usage(f"{sys.executable} has no botocore; run this with a Python that has (aws-cli needs it, too)")

    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}, botocore {botocore.__version__}")
    rng = random.Random(seed)
    cases = [make_case(rng, any_header=i % 2 == 1) for i in range(options.count)]
    expected = [sign_with_botocore(case) for case in cases]

    lines = "".join(json.dumps(line) + "\n" for _, _, line in expected)
    try:
        run = subprocess.run([options.tool.resolve()], input=lines.encode(), stdout=subprocess.PIPE, timeout=300,
                             check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        usage(f"cannot run the tool: {error}")
    actual = run.stdout.decode(errors="replace").splitlines()
    if run.returncode != 0 or len(actual) != len(cases):
        print(f"the tool ended with {run.returncode} after {len(actual)} of {len(cases)} requests", file=sys.stderr)
        return 1

    different = 0
    for number, ((header, canonical, line), ours) in enumerate(zip(expected, actual)):
        if header == ours:
            continue
        different += 1
        if different <= 3:
            print(f"request {number} differs:\n  botocore {header}\n  ours     {ours}\n  {json.dumps(line)[:2000]}\n"
                  f"botocore's canonical request:\n{canonical}\n", file=sys.stderr)
    as_cli = sum(not case["any_header"] for case in cases)
    print(f"{len(cases)} requests ({as_cli} with the CLI's headers, {len(cases) - as_cli} with any), "
          f"{sum(bool(case['session_token']) for case in cases)} with a session token, "
          f"{sum(bool(case['parameters']) for case in cases)} with a query: {different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
