"""Knowing a caller again without seeing who it is: keyed marks of telephone numbers beside their seals.

The whole number, its last six and its last four digits have a mark each (`common.sealing.Keyring.marks`). Who holds the
database alone can neither read nor try out numbers. A case that was ever confidential has no marks: a number must not
lead to what somebody told in secret, and a reader learns of a call only where they see its case."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from audit.models import Act
from audit.services import record
from common.exceptions import InvalidInput
from common.sealing import keyring
from feedback.models import Case, Reporter
from feedback.models.identity import LAST_FOUR, LAST_SIX, NUMBER, digits_of

SHORTEST = 4
WHOLE = 9  # so many digits are a number and no part of one
LOOKED_AT = 200
SHOWN = 3
REVEAL = "feedback.reveal_reporter"
_PHONE = re.compile(r"^\+?[\d\s.()\-]{4,30}$")


@dataclass(frozen=True)
class Known:
    """How often somebody rang whose number is known, as far as the reader sees the cases, and the newest of them."""

    count: int
    newest: Sequence[Case]


def looks_like_number(text: str) -> bool:
    """Is what somebody typed a telephone number or the end of one?"""
    return _PHONE.match(text.strip()) is not None and len(digits_of(text)) >= SHORTEST


def known(phone: str, *, by: Any) -> Known | None:
    """Who rang with this whole number before: the ordinary cases that `by` sees, and of those only their own where they
    may not look at identities. None where there is none. Two queries."""
    if len(digits_of(phone)) < WHOLE:
        return None
    cases = _of_number(phone, by)
    if not by.has_perm(REVEAL):
        cases = cases.filter(recorded_by=by)
    cases = cases.select_related("facility")
    newest = list(cases.order_by("-received_at", "-id")[:LOOKED_AT])
    return Known(len(newest), newest[:SHOWN]) if newest else None


def found(typed: str, *, by: Any) -> list[Case]:
    """The ordinary cases of a number, or of numbers that end in four or more digits, newest first; it is written down
    that somebody looked. For those who may look at identities. Raises `InvalidInput`."""
    if not looks_like_number(typed):
        raise InvalidInput({"phone": []})
    record(Act.VIEW, by=by, reason="cases_of_a_number")
    rows = _of_number(typed, by).select_related("facility", "category", "assignee")
    return list(rows.order_by("-received_at", "-id")[:LOOKED_AT])


def forget(case: Case) -> None:
    """Take the marks of a case away, for good: what was confidential once takes a second person for ever. To be called
    as the system, in the transaction that makes the case confidential. One statement."""
    Reporter.objects.filter(submission__case=case).update(**Reporter.marks(""))


def _of_number(typed: str, by: Any) -> QuerySet[Case]:
    digits = digits_of(typed)
    if len(digits) >= WHOLE:
        column, part = NUMBER, digits
    elif len(digits) >= 6:
        column, part = LAST_SIX, digits[-6:]
    else:
        column, part = LAST_FOUR, digits[-4:]
    # equality only: it is what an index may answer before the policies have (other operators might tell of hidden rows)
    marks = keyring().marks(f"{column} {part}".encode())
    marked = Reporter.objects.filter(**{f"{column}__in": marks}).order_by("-submission_id")
    owners = list(marked.values_list("submission__case_id", flat=True)[: LOOKED_AT * 5])
    return Case.objects.visible_to(by).filter(pk__in=owners, is_confidential=False)
