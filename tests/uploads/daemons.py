"""The other ends of two protocols, small but real: ClamAV's `clamd` and an S3 store, each in a thread on loopback."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from struct import unpack
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

VIRUS = b"X5O!P%@AP[4" + rb"\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.BaseRequestHandler):
    """`zINSTREAM`: chunks with their lengths in front, an empty one at the end, one answer ending in NUL."""

    def handle(self) -> None:
        if self._exactly(10) != b"zINSTREAM\0":
            self.request.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := unpack("!L", self._exactly(4))[0]:
            content += self._exactly(length)
            if len(content) > self.server.most:  # type: ignore[attr-defined]
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        is_found = VIRUS in content
        self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0" if is_found else b"stream: OK\0")

    def _exactly(self, count: int) -> bytes:
        read = b""
        while len(read) < count and (part := self.request.recv(count - len(read))):
            read += part
        return read


@contextmanager
def clamd(place: str, most: int = 25_000_000) -> Iterator[str]:
    """A scanner on a Unix socket; gives its address for the settings."""
    with socketserver.ThreadingUnixStreamServer(place, Clamd) as server:
        server.most = most  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"unix://{place}"
        server.shutdown()


class Store(BaseHTTPRequestHandler):
    """PUT, GET, HEAD, DELETE of an object and the list of a folder, which is what Django asks of S3."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            body = _unchunked(body)
        self._objects()[self._key()] = body
        self._answer(200)

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        if "list-type" in asked or "prefix" in asked:
            prefix = asked.get("prefix", [""])[0]
            rows = "".join(
                f"<Contents><Key>{escape(key)}</Key><Size>{len(body)}</Size></Contents>"
                for key, body in self._objects().items()
                if key.startswith(prefix)
            )
            self._answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode())
            return
        found = self._objects().get(self._key())
        self._answer(404 if found is None else 200, found or b"")

    do_HEAD = do_GET

    def do_DELETE(self) -> None:
        self._objects().pop(self._key(), None)
        self._answer(204)

    def _objects(self) -> dict[str, bytes]:
        return self.server.objects  # type: ignore[attr-defined,no-any-return]

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).split("/", 2)[2]

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"0"')
        self.send_header("Last-Modified", "Mon, 30 Nov 2026 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Not into the output of the tests."""


def _unchunked(body: bytes) -> bytes:
    """The content of a body that was signed in pieces: each with its length in front."""
    content = b""
    while body:
        head, _line, rest = body.partition(b"\r\n")
        length = int(head.split(b";")[0], 16)
        if not length:
            break
        content, body = content + rest[:length], rest[length + 2 :]
    return content


@contextmanager
def store() -> Iterator[tuple[str, dict[str, bytes]]]:
    """An S3-compatible store; gives its address and what lies in it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    server.objects = {}  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.objects  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
