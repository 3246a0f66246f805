"""The public register of ways to be heard: the department's channels, and the numbers that facilities post."""

import re
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from common.text import clean, number_in
from facilities.choices import CallResult
from facilities.models import Facility, Hotline
from feedback.models import Channel
from feedback.public.hotlines import Line, line_of

PAGE = 40
FACILITIES = 40
LAST_PAGE = 500


@dataclass(frozen=True)
class Way:
    """One channel: what it is for, who answers for it, and its number, address and branches."""

    line: Line
    owner: str
    email: str
    branches: list[str]


@dataclass(frozen=True)
class Posted:
    """A page of posted numbers, and the number of the page after it (0 where there is none)."""

    rows: list[Hotline]
    page: int
    following: int


def ways() -> list[Way]:
    """The channels that people can use themselves, in their order, but where to ring in an emergency before all; none
    that says no more than its name. One query."""
    channels = Channel.objects.valid_on(timezone.localdate()).filter(is_published=True)
    found = [
        Way(
            line_of(channel),
            channel.owner,
            channel.email,
            [row for row in channel.branches.splitlines() if row.strip()],
        )
        for channel in channels
        if channel.contact or channel.email or channel.scope
    ]
    return sorted(found, key=lambda way: not way.line.is_emergency)


def posted(words: str, page: str) -> Posted:
    """The numbers that open facilities post, by facility: all, or those of facilities that answer to `words` by any of
    their names, or of this number. Two queries at most."""
    words = clean(words)
    at = min(number_in(page) or 0, LAST_PAGE)
    rows = Hotline.objects.in_use().with_calls().select_related("facility__area")
    digits = re.sub(r"\D", "", words)
    if words and len(digits) > 3 and not re.search(r"[^\W\d]", words):
        rows = rows.filter(number__contains=digits)
    elif words:
        rows = rows.filter(facility__in=[row.pk for row in Facility.objects.matching(words, FACILITIES)])
    found = list(rows.order_by("facility__folded", "facility_id", F("posted_since").asc(nulls_last=True), "id")[
        at * PAGE : (at + 1) * PAGE + 1
    ])  # fmt: skip
    for hotline in found:
        hotline.is_answered = hotline.recent[:1] == [CallResult.ANSWERED]  # type: ignore[attr-defined]
    return Posted(found[:PAGE], at, at + 1 if len(found) > PAGE else 0)
