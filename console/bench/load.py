"""Asking a web server many times: a few threads, each on its own connection, with as little work as can be."""

import itertools
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Thread

HOST = "127.0.0.1"
Ask = Callable[[int], bytes]  # the nth request


class Refused(Exception):
    """The server answered with something that is no success."""


def get(path: str, **headers: str) -> bytes:
    """A request as bytes."""
    return _request("GET", path, b"", headers)


def post(path: str, body: bytes, **headers: str) -> bytes:
    """A JSON request as bytes."""
    return _request("POST", path, body, {"Content-Type": "application/json", **headers})


def _request(method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Line:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def ask(self, request: bytes) -> bytes:
        """The body of the answer. Raises `Refused` when it is not 2xx or has no length."""
        if self.socket is None:
            self.socket = socket.create_connection((HOST, self.port), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        head, _blank, body = self._until_blank_line().partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines[1:])}
        missing = int(fields.get("content-length", -1)) - len(body)
        parts = [body]
        while missing > 0:
            parts.append(self.socket.recv(min(missing, 1 << 18)))
            if not parts[-1]:
                raise Refused("cut off")
            missing -= len(parts[-1])
        if fields.get("connection", "").lower() == "close":
            self.close()
        if missing or lines[0].split()[1][:1] != "2":
            raise Refused(f"{lines[0]} for {request[:120]!r}: {b''.join(parts)[:300]!r}")
        return b"".join(parts)

    def _until_blank_line(self) -> bytes:
        assert self.socket is not None
        found = b""
        while b"\r\n\r\n" not in found:
            part = self.socket.recv(1 << 16)
            if not part:
                raise Refused("no answer")
            found += part
        return found

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


@dataclass
class Outcome:
    """What some clients saw: how many answers in how many seconds, and how long each took."""

    seconds: float = 0.0
    took: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.took) / self.seconds


def hammer(port: int, ask: Ask, *, clients: int, seconds: float, first: int = 0) -> Outcome:
    """Ask with `clients` threads for `seconds`; the nth request is `ask(n)`, counted from `first`."""
    outcome, numbers = Outcome(), itertools.count(first)
    faults: list[Exception] = []
    end = time.perf_counter() + seconds

    def work() -> None:
        line = Line(port)
        try:
            while (began := time.perf_counter()) < end and not faults:
                line.ask(ask(next(numbers)))
                outcome.took.append(time.perf_counter() - began)
        except Exception as fault:
            faults.append(fault)
        finally:
            line.close()

    began = time.perf_counter()
    threads = [Thread(target=work, daemon=True) for _nth in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    outcome.seconds = time.perf_counter() - began
    return outcome


def one_by_one(port: int, requests: Sequence[bytes], *, repeat: int, warm: int = 1) -> list[list[float]]:
    """Each request `repeat` times, all in turn so that a slow moment hits all alike; times by request."""
    line = Line(port)
    took: list[list[float]] = [[] for _request in requests]
    for round_ in range(-warm, repeat):
        for nth, request in enumerate(requests):
            began = time.perf_counter()
            line.ask(request)
            if round_ >= 0:
                took[nth].append(time.perf_counter() - began)
    line.close()
    return took
