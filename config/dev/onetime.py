"""Codes of an authenticator app (RFC 6238: SHA-1, 30 seconds, six digits), for the invented people of a demo."""

import base64
import hmac
import struct

PERIOD = 30


def code(secret: str, at: float) -> str:
    """The code of this secret (base32) at a moment (seconds since 1970)."""
    mark = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(at) // PERIOD), "sha1")
    offset = mark[-1] & 15
    return f"{(struct.unpack('>I', mark[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
