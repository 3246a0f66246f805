"""Prompt reports that are owed, for the home page of whoever owes them and of whoever waits for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from feedback.models import PressEvent
from feedback.press import listing
from feedback.press.appearances import OF_FACILITY
from feedback.visibility import sees_as_facility

FOLLOW = ("feedback.lead_working_group", "feedback.triage_case")


@dataclass(frozen=True)
class Waiting:
    """Something that waits: its name, which rows, and where they stand."""

    label: Promise
    rows: Callable[[datetime], QuerySet[PressEvent]]
    url: str


def waiting_for(user: Any) -> dict[str, Waiting]:
    """What waits for this person; nothing for those who neither report nor follow. No query beyond the rights."""
    url = f"{reverse('admin:feedback_case_press')}?state=waiting"
    if user.is_superuser or not user.has_perm("feedback.view_case"):
        return {}
    if sees_as_facility(user):
        label = pgettext_lazy("home", "Prompt reports to send")
        is_for = user.has_perm(OF_FACILITY)
    else:
        label = pgettext_lazy("home", "Press: prompt reports awaited")
        is_for = any(user.has_perm(right) for right in FOLLOW)
    return {"press": Waiting(label, lambda at: listing.waiting(user), url)} if is_for else {}
