"""The virus scanner: ClamAV's `clamd`, asked over its socket (INSTREAM). Without one in the settings nobody is."""

import socket
from enum import Enum
from struct import pack
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.files import File

CHUNK = 64 * 1024
SECONDS = 20  # a busy scanner; meanwhile the sender waits
log = structlog.get_logger("common.uploads")


class Verdict(Enum):
    """What the scanner says."""

    FINE = "fine"
    INFECTED = "infected"
    UNKNOWN = "unknown"  # it answers, but cannot tell about this file: larger than it takes, for example
    SILENT = "silent"


def is_configured() -> bool:
    """Is there a scanner to be asked?"""
    return bool(settings.CLAMD_URL)


def scan(content: File) -> Verdict:
    """Ask the scanner about a file; without a scanner every file is fine. Never raises for the scanner's sake."""
    if not is_configured():
        return Verdict.FINE
    try:
        answer = _asked(content)
    except (BrokenPipeError, ConnectionResetError):  # it hung up while it was told: that is how it says "too large"
        log.error("scanner_hung_up")
        return Verdict.UNKNOWN
    except OSError as fault:
        log.error("scanner_does_not_answer", fault=type(fault).__name__)
        return Verdict.SILENT
    # "stream: OK", "stream: NAME FOUND", "… ERROR"
    if answer.endswith(" FOUND"):
        log.warning("scanner_found", signature=answer.removeprefix("stream: ").removesuffix(" FOUND")[:100])
        return Verdict.INFECTED
    if answer == "stream: OK":
        return Verdict.FINE
    log.error("scanner_failed", answer=answer[:100])
    return Verdict.UNKNOWN if answer else Verdict.SILENT


def _asked(content: File) -> str:
    with _line() as line:
        line.sendall(b"zINSTREAM\0")
        for chunk in content.chunks(CHUNK):
            line.sendall(pack("!L", len(chunk)) + chunk)
        line.sendall(pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096 and (part := line.recv(1024)):
            answer += part
    return answer.rstrip(b"\0").decode("ascii", "replace").strip()


def _line() -> socket.socket:
    place = urlsplit(settings.CLAMD_URL)
    if place.scheme == "tcp":
        return socket.create_connection((place.hostname or "", place.port or 3310), timeout=SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(SECONDS)
    try:
        line.connect(place.path)
    except OSError:
        line.close()
        raise
    return line
