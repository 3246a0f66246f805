"""Systems that send: under which name their submissions are kept, and the key that names one of them for good."""

import re
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.services import DOORS
from common.exceptions import InvalidInput

KEY = "Idempotency-Key"
_PRINTABLE = re.compile(r"[\x20-\x7e]{1,100}")


def source_of(user: Any) -> str:
    """The account's name; a stand-in for one that would not fit or would pass for a door of our own."""
    name = str(user.username)
    return name if len(name) <= 40 and name not in DOORS else f"api-client-{user.client.id}"


def key_from(request: HttpRequest) -> str:
    """The key of a submission. Raises `InvalidInput`."""
    key = request.headers.get(KEY, "").strip()
    if not _PRINTABLE.fullmatch(key):
        raise InvalidInput({KEY: [_("Send this header with every submission: 1 to 100 printable ASCII characters.")]})
    return key
