"""Messages over HTTP: to the gateways for SMS and Zalo, and to the department's own messaging system.

Each is one POST to the one address that the installation names, signed as Standard Webhooks say (docs/gateways.md). No
redirect is followed and no proxy is asked: nothing that anybody enters or answers decides where a message goes."""

import base64
import hmac
import json
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from accounts.models import User
from notifications.choices import TO_PHONES
from notifications.links import full_link_of
from notifications.models import Outbox, Phone

LONGEST_WAIT = timedelta(hours=1)  # whatever a gateway asks for


class GatewayRefused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class GatewayBusy(GatewayRefused):
    """Asks to come back later: no fault of this message."""

    def __init__(self, status: int, wait: timedelta) -> None:
        super().__init__(status)
        self.wait = wait


class GatewaySilent(Exception):
    """Took the message and did not answer in time, or hung up: nobody knows whether it went out."""


class Gateway:
    """The way of one channel: a new connection for each message, so that none is found closed by the other side."""

    def __init__(self, channel: str) -> None:
        self.address = urlsplit(settings.GATEWAYS[channel]["url"])
        self.secrets = settings.GATEWAYS[channel]["secrets"]
        self.line: HTTPConnection | None = None

    def open(self) -> None:
        """Connect. Raises `OSError` when nobody is there."""
        self.close()
        kind = HTTPSConnection if self.address.scheme == "https" else HTTPConnection
        line = kind(self.address.hostname or "", self.address.port, timeout=settings.GATEWAY_TIMEOUT)
        line.connect()
        self.line = line

    def send(self, message: Outbox, person: User) -> None:
        """Post one message. Raises `GatewayRefused`, `GatewayBusy`, `GatewaySilent`, `ValueError` without a number."""
        body = _document(message, person)
        headers = {"Content-Type": "application/json", **signed(f"msg_{message.stable_id}", body, self.secrets)}
        answer = self._posted(body, headers)
        if answer.status in (429, 503) and answer.headers.get("Retry-After"):
            raise GatewayBusy(answer.status, _asked_wait(answer.headers["Retry-After"]))
        if not 200 <= answer.status < 300:
            raise GatewayRefused(answer.status)

    def _posted(self, body: bytes, headers: dict[str, str]) -> HTTPResponse:
        assert self.line is not None
        path = self.address._replace(scheme="", netloc="").geturl() or "/"
        try:
            with _hanging_up_after(self.line, settings.GATEWAY_TIMEOUT):
                self.line.request("POST", path, body, headers)
                return self.line.getresponse()
        except (OSError, HTTPException) as error:
            raise GatewaySilent from error

    def close(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None


@contextmanager
def _hanging_up_after(line: HTTPConnection, seconds: float) -> Iterator[None]:
    """The time-out of a socket counts anew with every byte; this one holds for the whole answer."""

    def hang_up() -> None:
        with suppress(OSError, AttributeError):  # closed meanwhile
            line.sock.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def signed(message_id: str, body: bytes, secrets: Sequence[bytes], *, at: int | None = None) -> dict[str, str]:
    """The headers by which the receiver knows who sent this and drops what it had already."""
    moment = int(time.time()) if at is None else at
    content = f"{message_id}.{moment}.".encode() + body
    marks = (base64.b64encode(hmac.digest(secret, content, "sha256")).decode() for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
        "Idempotency-Key": message_id,
    }


def _document(message: Outbox, person: User) -> bytes:
    """What leaves: the title, which names a reference only, and the link. The messaging system knows accounts."""
    is_to_phone = message.channel in TO_PHONES
    to = Phone.of(person.pk) if is_to_phone else str(person.pk)
    if not to:
        raise ValueError("no number")
    with translation.override(person.language):
        title = message.text().title
    link = full_link_of(message)
    told = {"to": to, "text": f"{title}\n{link}", "link": link, "is_urgent": message.is_urgent}
    document = {"type": f"message.{message.channel}", "timestamp": message.created_at.isoformat(), "data": told}
    return json.dumps(document, ensure_ascii=False).encode()


def _asked_wait(words: str) -> timedelta:
    """What `Retry-After` asks for, in seconds or as a date; a minute when it cannot be read, an hour at most."""
    try:
        wait = timedelta(seconds=int(words)) if words.isdigit() else parsedate_to_datetime(words) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        wait = timedelta(minutes=1)
    return min(max(wait, timedelta(seconds=1)), LONGEST_WAIT)
