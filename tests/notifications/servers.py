"""A gateway on a real socket, which answers as it is told to: what our code does with it is what is tested."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Behaviour:
    """What the gateway does with the next requests: the status, headers, a wait before it, or hanging up."""

    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    drip: float = 0.0  # seconds between the single bytes of an answer that never ends
    hangs_up: bool = False


class FakeGateway:
    """Keeps what it was sent, each with its headers."""

    def __init__(self, port: int = 0) -> None:
        self.behaviour = Behaviour()
        self.received: list[tuple[dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = Thread(target=self.server.serve_forever, args=[0.01], daemon=True)
        self.thread.start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.received.append(({name.lower(): value for name, value in handler.headers.items()}, body))
        told = self.behaviour
        time.sleep(told.seconds)
        if told.hangs_up:
            handler.close_connection = True
            return
        while told.drip:
            handler.wfile.write(b"H")
            handler.wfile.flush()
            time.sleep(told.drip)
        handler.send_response(told.status)
        for name, value in told.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.received]

    def die(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@contextmanager
def gateway(port: int = 0) -> Iterator[FakeGateway]:
    server = FakeGateway(port)
    try:
        yield server
    finally:
        server.die()
