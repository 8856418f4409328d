"""A server that misbehaves on purpose, on 127.0.0.1, for hostile_test.py.

An Endpoint stands in front of a good one, the upstream. What matches its marker (or, without one, everything) is
answered by a behaviour, a function of a Link; the rest is passed on, one request a connection.
"""

import contextlib
import re
import select
import socket
import ssl
import struct
import threading

WAIT = 120  # seconds for one step of a socket: far beyond what any takes, so that a hang ends
MOST_READ = 1 << 20  # of one request
MOST_SENT = 256 << 20  # of one answer: "endless", as far as any client of ours may read
MOST_CONNECTIONS = 5000  # of one endpoint


def is_whole(data):
    """Whether a request has arrived, by its Content-Length."""
    head, blank, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    return len(data) >= MOST_READ or bool(blank) and len(body) >= int(length.group(1) if length else 0)


def read_message(sock):
    """A request; what there is of it, if the peer ends before."""
    data = b""
    while not is_whole(data) and (piece := sock.recv(65536)):
        data += piece
    return data


class Link:
    """One connection that was accepted, as the behaviours see it. What a peer that is gone makes of a socket
    (OSError) ends a behaviour, and is nothing to report."""

    def __init__(self, sock, endpoint):
        sock.settimeout(WAIT)
        self.socket = sock
        self.upstream = endpoint.upstream
        self.stopped = endpoint.stopped
        self._request = None

    def request(self):
        """The request, read when first asked for."""
        if self._request is None:
            self._request = read_message(self.socket)
        return self._request

    def peek(self):
        """The request, without taking it from the socket: whoever closes then leaves bytes unread."""
        data = b""
        while not is_whole(data):
            # Wakes when there is more than that, or the end.
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, len(data) + 1)
            before, data = data, self.socket.recv(MOST_READ, socket.MSG_PEEK)
            if len(data) == len(before):
                break
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        return data

    def good_answer(self):
        """What the good endpoint answers to this request; it ends with the end of the connection."""
        line, _, rest = self.request().partition(b"\r\n")
        answer = b""
        with socket.create_connection(self.upstream, timeout=WAIT) as sock:
            sock.sendall(line + b"\r\nConnection: close\r\n" + rest)
            while piece := sock.recv(65536):
                answer += piece
        return answer

    def send(self, data):
        self.socket.sendall(data)

    def flood(self, piece):
        """The piece again and again, until the peer has had enough."""
        for _ in range(MOST_SENT // len(piece)):
            self.send(piece)

    def drip(self, data):
        """One byte a second, until the peer has had enough."""
        for i in range(len(data)):
            self.send(data[i : i + 1])
            if select.select([self.socket], [], [], 1.0)[0] and not self.socket.recv(65536):
                return
            if self.stopped.is_set():
                return

    def hang(self):
        """Says no more; ends when the peer has."""
        for _ in range(MOST_SENT // 65536):
            if not self.socket.recv(65536):
                return

    def close(self):
        """A clean end (of TLS without a word, as many servers do). What the peer still says is read, for unread bytes
        would make it a reset."""
        self.socket.shutdown(socket.SHUT_WR)
        self.hang()

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def speak_plainly(self, data):
        """Bytes past the TLS of this connection."""
        with socket.socket(fileno=self.socket.detach()) as sock:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65536):
                pass


class Endpoint:
    """Listens while it is entered. `behave` gets the links whose request matches `marker` (a regular expression, looked
    for in the whole request); without a marker it gets each at once, before anything is read. `tls`: an SSLContext;
    those in `tls_next` are taken first, each by one connection."""

    def __init__(self, behave, upstream, marker=None, tls=None):
        self.behave = behave
        self.upstream = upstream
        self.marker = marker and re.compile(marker)
        self.tls = tls
        self.tls_next = []
        self.stopped = threading.Event()
        self.hits = 0  # links that the behaviour got
        self.accepted = 0
        self._lock = threading.Lock()
        self._open = set()
        self._threads = []

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        self._threads.append(threading.Thread(target=self._accept))
        self._threads[0].start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes up accept()
        self._threads[0].join()
        self._listener.close()
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join()

    def url(self, scheme="http", host="127.0.0.1"):
        return f"{scheme}://{host}:{self.port}"

    def _accept(self):
        for _ in range(MOST_CONNECTIONS):
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            with self._lock:
                self._open.add(sock)
            thread = threading.Thread(target=self._serve, args=(sock,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock):
        raw = sock
        try:
            with contextlib.suppress(OSError):
                if context := self._next_context():
                    sock.settimeout(WAIT)
                    # The raw one stays open until this thread ends, so that __exit__ can wake it.
                    sock = context.wrap_socket(sock.dup(), server_side=True)
                with contextlib.closing(sock):
                    self._answer(Link(sock, self))
        finally:
            with self._lock:
                self._open.discard(raw)
            raw.close()

    def _next_context(self):
        with self._lock:
            return self.tls_next.pop(0) if self.tls_next else self.tls

    def _answer(self, link):
        if self.marker:
            seen = link.request() if isinstance(link.socket, ssl.SSLSocket) else link.peek()
            if not self.marker.search(seen):
                link.send(link.good_answer())
                return link.close()
        with self._lock:
            self.hits += 1
        return self.behave(link)
