"""What the schema says of an operation beyond what it reads from the code: words, headers, answers, examples.

`common.api.schema` puts it together; a test holds every example and real answer against the schema."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READ = (400, 401, 403)
READ_ONE = (*READ, 404)
WRITE = (*READ_ONE, 413, 415)


@dataclass(frozen=True)
class Header:
    """A request header that the operation reads."""

    name: str
    words: Promise | str
    example: str
    is_required: bool = True


@dataclass(frozen=True)
class Operation:
    """One method at one address. `answers` maps statuses to serializers (None: no body); `problems` are the statuses
    of its problem documents; `example` and `sent_example` are bodies."""

    summary: Promise | str
    description: Promise | str = ""
    sent: Any = None
    answers: Mapping[int, Any] = field(default_factory=dict)
    problems: tuple[int, ...] = READ
    headers: tuple[Header, ...] = ()
    answer_headers: tuple[Header, ...] = ()
    example: Any = None
    sent_example: Any = None


IF_MATCH = Header("If-Match", _("The ETag that was read: the version being changed."), '"3-5f2c8e1b9a04"')
IF_NONE_MATCH = Header(
    "If-None-Match",
    _("An ETag that the caller holds; 304 when nothing changed since."),
    '"3-5f2c8e1b9a04"',
    is_required=False,
)
KEY = Header(
    "Idempotency-Key", _("The submission's own number at the sender: 1 to 100 printable characters."), "PA1022-88412"
)
REPLAYED = Header("Idempotent-Replayed", _("true when the submission had arrived before."), "true")
