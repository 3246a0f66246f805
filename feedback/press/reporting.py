"""The prompt report of a facility: what happened, what is being done, and what the press might be told."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.exceptions import InvalidInput, MoveRefused, RightMissing, StaleVersion
from common.scope import as_system
from common.text import clean, has_unstorable
from feedback import messages, obligations
from feedback.choices import ENDED, PRESS_CHANNEL
from feedback.models import Case, PromptReport
from feedback.press.appearances import DAMAGED, OF_FACILITY

LENGTH = 5000
NEEDED = ("happened", "doing")


@dataclass(frozen=True)
class Said:
    """What the facility writes."""

    happened: str
    doing: str
    statement: str = ""


def faults_of(said: Said) -> dict[str, list[Any]]:
    """What is wrong with a report, field by field."""
    wrong: dict[str, list[Any]] = {}
    for name, raw in asdict(said).items():
        if has_unstorable(raw):
            wrong[name] = [DAMAGED]
        elif not clean(raw) and name in NEEDED:
            wrong[name] = [_("This is needed.")]
        elif len(clean(raw)) > LENGTH:
            wrong[name] = [_("At most %(count)s characters.") % {"count": LENGTH}]
    return wrong


def may_report(case: Case, user: Any) -> bool:
    """May this person report for the case's facility now? Superusers help out where a facility cannot sign in."""
    if case.channel.code != PRESS_CHANNEL or case.status in ENDED or not (case.is_released and case.facility_id):
        return False
    return bool(user.has_perm(OF_FACILITY)) and (user.is_superuser or case.facility_id in user.scope.facilities)


@transaction.atomic
def report(case: Case, said: Said, *, after: int, by: Any) -> PromptReport:
    """Send the facility's prompt report, or one that adds to it. `after` is the number of the newest report that the
    writer had before them, 0 for none. The first one meets the clock.

    Raises `Http404`, `RightMissing`, `MoveRefused`, `StaleVersion` where a colleague reported meanwhile, and
    `InvalidInput`."""
    locked = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if locked is None:
        raise Http404
    if not by.has_perm(OF_FACILITY):
        raise RightMissing
    if not may_report(locked, by):
        raise MoveRefused(_("Of this case no prompt report is taken now."))
    with as_system():
        if newest_number(locked) != after:
            raise StaleVersion
        if wrong := faults_of(said):
            raise InvalidInput(wrong)
        return write(locked, said, by=by, at=timezone.now())


def newest_number(case: Case) -> int:
    """The number of the newest report of a case; 0 for none. One query."""
    newest = case.prompt_reports.order_by("-number").values_list("number", flat=True).first()
    return int(newest or 0)


def write(case: Case, said: Said, *, by: Any, at: datetime, since: datetime | None = None) -> PromptReport:
    """Keep a report that was checked, end the clock, and tell the department. The caller holds the case, as the
    system. The case's own row changes only in what is derived, so no version of it goes."""
    assert case.facility is not None  # who may report was asked
    text: Mapping[str, str] = {name: clean(raw) for name, raw in asdict(said).items()}
    made = PromptReport.objects.create(
        case=case, number=newest_number(case) + 1, facility=case.facility, at=at, by=by, **text
    )
    obligations.report_promptly(case, by=by, at=at, since=since)
    Case.objects.filter(pk=case.pk).update(due_at=case.due_at, updated_at=at)
    messages.tell_of_prompt_report(made)
    return made
