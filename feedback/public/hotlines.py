"""The numbers to ring, as published: from the channels that have one."""

import re
from dataclasses import dataclass

from django.utils import timezone

from feedback.models import Channel

EMERGENCY = "C115"
_TAIL = re.compile(r"[\s:]+([\d][\d.\- ]{2,})$")


@dataclass(frozen=True)
class Line:
    """One number: what it is for, how it is written, and what a telephone dials."""

    name: str
    shown: str
    address: str
    scope: str
    hours: str
    keeps_secret: bool
    is_emergency: bool


def lines() -> list[Line]:
    """The channels one can ring or write to today, without the emergency number. One query."""
    channels = Channel.objects.valid_on(timezone.localdate()).exclude(contact="").exclude(code=EMERGENCY)
    return [line_of(channel) for channel in channels]


def line_of(channel: Channel) -> Line:
    """A channel as people read it."""
    digits = "".join(char for char in channel.contact if char.isdigit() or char == "+")
    tail = _TAIL.search(channel.name)
    is_same = tail is not None and re.sub(r"\D", "", tail[1]) == digits
    return Line(
        name=_TAIL.sub("", channel.label) if is_same else channel.label,
        # people know a number by the groups in which it is published: 096.777.1010
        shown=tail[1] if is_same and tail else channel.contact,
        address=f"mailto:{channel.contact}" if "@" in channel.contact else f"tel:{digits}" if digits else "",
        scope=channel.scope,
        hours=channel.hours,
        keeps_secret=channel.is_confidential,
        is_emergency=channel.code == EMERGENCY,
    )
