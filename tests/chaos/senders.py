"""Clients of the crash run of intake: each sends one submission after the other, and each again until it is answered.

Some give up waiting early, so that a retry meets its own first try; some send again what was answered already."""

import http.client
import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from config.dev.runner import DIRECT
from tests.files import PNG, upload

PATIENCE = 120.0  # seconds after the last kill until a client says that nobody answers; before, it never gives up
WAITS = (0.05, 0.2, 15.0, 15.0)  # seconds that a client waits for one answer
PAUSE = (0.02, 0.3)  # seconds between two tries
AGAIN = 0.15  # how many send once more what was answered
FILES = 0.1  # how many forms carry a picture
MATTER = "QUYTRINH.01"


@dataclass
class Told:
    """One submission of one client, and every answer that acknowledged it: all of them have to say the same."""

    door: str
    text: str
    body: bytes
    headers: dict[str, str]
    has_file: bool = False
    answers: list[str] = field(default_factory=list)


@dataclass
class Client:
    """One sender at one door. `counts` is shared by all, and so is the fault list."""

    name: str
    address: str
    token: str
    random: Random
    counts: Counter[str]
    faults: list[str]
    ends: threading.Event
    told: list[Told] = field(default_factory=list)

    door = ""
    path = ""

    def send_for_ever(self) -> None:
        """Until the run ends; what was begun then is still sent until it is answered."""
        try:
            while not self.ends.is_set():
                one = self.new(f"Phản ánh thử của {self.name}, thứ {len(self.told) + 1}.")
                self.told.append(one)
                self.send(one)
                while self.random.random() < AGAIN:
                    self.send(one)
        except Exception as fault:
            self.faults.append(f"{self.name} ended: {fault!r}")

    def new(self, text: str) -> Told:
        raise NotImplementedError

    def receipt_in(self, content: bytes) -> str:
        """What the client keeps as its receipt; empty when the answer holds none."""
        raise NotImplementedError

    def send(self, one: Told) -> None:
        """Send it until it is answered, and keep the answer."""
        content = self.until_answered(self.path, one.body, one.headers)
        if not content:  # why is among the faults already
            return
        self.counts[f"answered at {self.door}"] += 1
        if receipt := self.receipt_in(content):
            one.answers.append(receipt)
        else:
            self.faults.append(f"{self.name}: an answer without a receipt: {content[:300]!r}")

    def until_answered(self, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        """Ask until the server took it; whatever else happens in between is counted."""
        until = float("inf")
        while time.monotonic() < until:
            if self.ends.is_set():
                until = min(until, time.monotonic() + PATIENCE)
            try:
                status, content = self._ask(urllib.request.Request(f"{self.address}{path}", data=body, headers=headers))
            except TimeoutError:
                self.counts["gave up waiting"] += 1
            except (OSError, http.client.HTTPException) as fault:
                is_late = isinstance(getattr(fault, "reason", None), TimeoutError)
                self.counts["gave up waiting" if is_late else "cut off"] += 1
            else:
                self.counts[f"HTTP {status}"] += 1
                if status < 300:
                    return content
                if status < 500:
                    self.faults.append(f"{self.name}: refused with {status}: {content[:300]!r}")
                    return b""
            time.sleep(self.random.uniform(*PAUSE))
        self.faults.append(f"{self.name}: no answer for {PATIENCE:.0f} s")
        return b""

    def _ask(self, request: urllib.request.Request) -> tuple[int, bytes]:
        """The whole answer, whatever its status: any part of it may be cut off."""
        try:
            answer = DIRECT.open(request, timeout=self.random.choice(WAITS))
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            return answer.status, answer.read()

    def number(self) -> str:
        return f"{self.random.getrandbits(128):032x}"


class System(Client):
    """A system at the API, which names each submission by a key."""

    door, path = "/api/v1/intake/", "/api/v1/intake/"

    def new(self, text: str) -> Told:
        body = {"body": text, "category": MATTER, "reporter": {"name": "An", "phone": "0900000001"}}
        headers = {"Authorization": f"Token {self.token}", "Idempotency-Key": self.number()}
        return Told(self.door, text, json.dumps(body).encode(), headers | {"Content-Type": "application/json"})

    def receipt_in(self, content: bytes) -> str:
        return str(json.loads(content)["reference"])


class CivicApp(Client):
    """An app at Open311, half of whose submissions carry no key: the same content is the same submission."""

    door, path = "/open311/v2/", "/open311/v2/requests.json"

    def new(self, text: str) -> Told:
        body = {"api_key": self.token, "service_code": MATTER, "description": text, "address_string": "Quận 3"}
        headers = {"Idempotency-Key": self.number()} if self.random.random() < 0.5 else {}
        kind = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return Told(self.door, text, urlencode(body).encode(), headers | kind)

    def receipt_in(self, content: bytes) -> str:
        return str(json.loads(content)[0]["service_request_id"])


class Citizen(Client):
    """Somebody at the public form: opens it, fills it in, and presses the button until there is a receipt."""

    door, path = "/phan-anh/", "/phan-anh/"

    def new(self, text: str) -> Told:
        # another network each time, or the throttle of one household would answer for the door
        headers = {"X-Forwarded-For": ".".join(str(self.random.randrange(1, 255)) for _part in range(4))}
        page = self.until_answered(self.path, None, headers).decode()
        found = re.search(r'name="key" value="([^"]+)"', page)
        body: dict[str, object] = {"key": found[1] if found else "", "body": text, "name": "An"}
        has_file = self.random.random() < FILES
        if has_file:
            body["files"] = upload("anh.png", PNG)
        headers["Content-Type"] = MULTIPART_CONTENT
        return Told(self.door, text, encode_multipart(BOUNDARY, body), headers, has_file)

    def receipt_in(self, content: bytes) -> str:
        found = re.search(r'data-code="([^"]+)"', content.decode())
        return found[1] if found else ""


DOORS: tuple[type[Client], ...] = (System, CivicApp, Citizen)
