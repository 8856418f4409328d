"""What the hostile endpoint does: functions of a Link, by name. No judgement here: that is hostile_test.py's."""

import functools
import gzip

JSON = b"Content-Type: application/x-amz-json-1.1\r\nx-amzn-RequestId: 0\r\n"
OK = b"HTTP/1.1 200 OK\r\n"
EMPTY = OK + JSON + b"Content-Length: 2\r\n\r\n{}"
PAGE = b'{"AccountIds":[],"AccountSharingInfoList":[]}'
DEEP = 200_000
MIB = 1 << 20

BEHAVIOURS = {}


def behaviour(function):
    BEHAVIOURS[function.__name__] = function
    return function


def answers(name, *pieces, then="close"):
    """A behaviour that reads the request, sends fixed bytes, and closes, resets or hangs."""

    def act(link):
        link.request()
        for piece in pieces:
            link.send(piece() if callable(piece) else piece)
        getattr(link, then)()

    BEHAVIOURS[name] = act


def answers_body(name, body, head=b""):
    """A behaviour that answers 200 with this body, or with what this function gives."""

    def whole():
        content = body() if callable(body) else body
        return OK + JSON + head + b"Content-Length: %d\r\n\r\n" % len(content) + content

    answers(name, whole)


# ---- Too slow.
answers("never_answers", then="hang")
answers("hangs_in_the_head", OK + JSON, then="hang")
answers("hangs_in_the_body", OK + JSON + b"Content-Length: 100\r\n\r\n{", then="hang")
answers("hangs_in_a_chunk", OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n64\r\n{", then="hang")
answers("huge_content_length", OK + JSON + b"Content-Length: 9223372036854775807\r\n\r\n{}", then="hang")


@behaviour
def one_byte_a_second(link):
    link.request()
    link.drip(EMPTY)


# ---- Too much.
@behaviour
def endless_headers(link):
    link.request()
    link.send(OK)
    link.flood(b"X-More: and more\r\n" * 1000)


@behaviour
def endless_header(link):
    link.request()
    link.send(OK + b"X-Long: ")
    link.flood(b"a" * 65536)


@behaviour
def endless_status_line(link):
    link.request()
    link.send(b"HTTP/1.1 200 ")
    link.flood(b"a" * 65536)


@behaviour
def endless_body(link):
    link.request()
    link.send(OK + JSON + b"\r\n")
    link.flood(b" " * 65536)


@behaviour
def endless_chunks(link):
    link.request()
    link.send(OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n")
    link.flood(b"1\r\n \r\n" * 10_000)


@behaviour
def endless_chunk_extension(link):
    link.request()
    link.send(OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n2;x=")
    link.flood(b"a" * 65536)


@behaviour
def endless_trailer(link):
    link.request()
    link.send(OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n")
    link.flood(b"X-More: and more\r\n" * 1000)


@behaviour
def endless_interim(link):
    link.request()
    link.flood(b"HTTP/1.1 102 Processing\r\n\r\n" * 1000)


answers("header_of_1_mib", lambda: OK + b"X-Long: " + b"a" * MIB + b"\r\nContent-Length: 2\r\n\r\n{}")
answers("headers_100000", lambda: OK + b"X: y\r\n" * 100_000 + b"Content-Length: 2\r\n\r\n{}")
answers_body("body_of_5_mib", lambda: b'{"AccountIds":["' + b"a" * (5 * MIB) + b'"]}')
answers_body("body_of_1_mib", lambda: b'{"AccountIds":["' + b"a" * MIB + b'"]}')
# Small values cost most: each is wrong, and each takes memory when it is read.
answers_body("many_numbers", lambda: b'{"AccountIds":[' + b"1," * 100_000 + b"1]}")
answers_body("many_lists", lambda: b'{"AccountIds":[' + b"[]," * 100_000 + b"[]]}")
answers_body("many_members", lambda: b'{"AccountIds":{' + b'"":1,' * 100_000 + b'"":1}}')

# ---- Lengths that are none.
answers("negative_content_length", OK + JSON + b"Content-Length: -1\r\n\r\n{}")
answers("overflowing_content_length", OK + JSON + b"Content-Length: 18446744073709551618\r\n\r\n{}")
answers("two_content_lengths", OK + JSON + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}")
answers("length_and_chunked", OK + JSON + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
answers("overflowing_chunk", OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n")
answers("negative_chunk", OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n")
answers("largest_chunk", OK + JSON + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}")

# ---- Content that is none.
answers_body("not_utf_8", b'{"AccountIds":["\xff\xfe\xc0\x80\xed\xa0\x80"],"AccountSharingInfoList":[]}')
answers_body("invalid_and_deep", b"[" * DEEP)
answers_body("valid_and_deep", b"[" * DEEP + b"]" * DEEP)
answers_body("valid_objects_deep", b'{"a":' * DEEP + b"1" + b"}" * DEEP)
answers_body("gzip_bomb", functools.cache(lambda: gzip.compress(bytes(128 * MIB), 9)), b"Content-Encoding: gzip\r\n")
answers_body("nul_bytes", bytes(1000))

# ---- Other protocols.
answers("http_0_9", PAGE)
answers("http_2_preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0")
answers("http_2_settings", b"\0\0\x12\4\0\0\0\0\0\0\3\0\0\0\x80\0\4\0\1\0\0\0\5\0\xff\xff\xff")
answers("tls_alert", b"\x15\x03\x01\x00\x02\x02\x46")
answers("ssh_banner", b"SSH-2.0-OpenSSH_9.2\r\n", then="hang")
answers("html_without_http", b"<html><body>It works!</body></html>\n")
answers("switching_protocols", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n")
answers("http_1_7", b"HTTP/1.7 200 OK\r\nContent-Length: 2\r\n\r\n{}")

# ---- Breaking off, at each phase.
BEFORE_BODY = OK + JSON + b"Content-Length: 45\r\n\r\n"
for phase, sent in (
    ("in_the_head", OK + b"Content-Ty"),
    ("before_the_body", BEFORE_BODY),
    ("in_the_body", BEFORE_BODY + b"{"),
):
    answers(f"close_{phase}", sent)
    answers(f"reset_{phase}", sent, then="reset")
answers("close_after_the_request")
answers("reset_after_the_request", then="reset")
answers("close_in_a_chunk", OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n2d\r\n{")
answers("close_before_the_last_chunk", OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n2d\r\n" + PAGE + b"\r\n")


@behaviour
def long_error_name(link):
    """An error whose name is a mebibyte, and commands terminals."""
    body = b'{"__type":"\\u001b[31m\xc2\x9b31m' + b"a" * MIB + b'"}'
    link.request()
    link.send(b"HTTP/1.1 400 Bad Request\r\n" + JSON + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    link.close()


@behaviour
def close_after_accept(link):
    link.close()


@behaviour
def reset_after_accept(link):
    link.reset()


@behaviour
def answers_unasked(link):
    """Before it has taken a byte of the request."""
    link.send(EMPTY)
    link.close()


# ---- What HTTP allows, around the right answer.
@behaviour
def answers_twice(link):
    answer = link.good_answer()
    keep_open = answer.replace(b"Connection: close", b"X-Was: close", 1)
    link.send(keep_open + answer)
    link.close()


@behaviour
def interim_first(link):
    answer = link.good_answer()
    link.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer)
    link.close()


@behaviour
def lone_line_feeds(link):
    head, _, body = link.good_answer().partition(b"\r\n\r\n")
    link.send(head.replace(b"\r\n", b"\n") + b"\n\n" + body)
    link.close()


@behaviour
def byte_by_byte(link):
    for byte in link.good_answer():
        link.send(bytes([byte]))
    link.close()


@behaviour
def unknown_coding(link):
    link.send(link.good_answer().replace(b"\r\n", b"\r\nContent-Encoding: x-nonsense\r\n", 1))
    link.close()


# ---- Redirects: to itself, and to another address of this machine, where nobody listens.
for status in (301, 302, 303, 307, 308):

    def redirect(link, status=status):
        host = b"127.0.0.%d:%d" % (1 if status == 301 else 2, link.socket.getsockname()[1])
        head = b"HTTP/1.1 %d Elsewhere\r\nLocation: http://%s/redirected\r\nContent-Length: 0\r\n\r\n"
        link.request()
        link.send(head % (status, host))
        link.close()

    BEHAVIOURS[f"redirect_{status}"] = redirect

# ---- Status lines and headers.
for status in (b"000", b"099", b"199", b"204", b"304", b"418", b"600", b"999", b"20", b"2000", b"-20", b"abc"):
    answers(f"status_{status.decode()}", b"HTTP/1.1 " + status + b" Odd\r\n" + JSON + b"Content-Length: 2\r\n\r\n{}")
answers("no_reason", b"HTTP/1.1 200\r\n" + JSON + b"Content-Length: 2\r\n\r\n{}")
answers("nul_in_a_header", OK + b"X-Nul: a\0b\r\nContent-Length: 2\r\n\r\n{}")
answers("nul_in_a_name", OK + b"X-\0: a\r\nContent-Length: 2\r\n\r\n{}")
answers("nul_in_the_status_line", b"HTTP/1.1 200 O\0K\r\nContent-Length: 2\r\n\r\n{}")
answers("lone_carriage_return", OK + b"X-A: a\rX-B: b\r\nContent-Length: 2\r\n\r\n{}")
answers("header_without_colon", OK + b"nonsense\r\nContent-Length: 2\r\n\r\n{}")
answers("folded_header", OK + b"X-A: a\r\n b\r\nContent-Length: 2\r\n\r\n{}")
answers("escape_sequences", b"HTTP/1.1 200 \x1b[2J\x07\r\nX: \x1b[31m\r\nContent-Length: 8\r\n\r\n\x1b[31mred")
