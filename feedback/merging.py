"""Two cases about one matter: when one may go on in the other, and taking that back.

Nothing moves from case to case: texts, files, words, reporters and receipts stay with the case that they came with, so
that a merge can be undone without remembering anything. The page of the case that goes on shows what was merged into it
to those who see both; reporters of both are answered; of two clocks the one that is due first counts."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.exceptions import InvalidInput, RightMissing, StaleVersion
from common.scope import as_system
from common.text import clean
from feedback import obligations
from feedback.choices import ENDED, Status
from feedback.models import Case, Reply
from links.models import Relation
from links.services import link

LEAD = "feedback.lead_working_group"
FROM = (Status.RECEIVED, Status.TRIAGED)  # later somebody outside works on it already
ANSWERED = (Status.REPLIED, Status.PUBLISHED)
MOST_MERGES = 5
NO_OTHER = gettext_lazy("There is no other open case with this reference.")


def fault_of(case: Case, into: Case) -> Promise | str | None:
    """Why this case cannot be merged into that one, in words; None when it can. One query at most."""
    if into.pk == case.pk or into.status in ENDED:
        return NO_OTHER
    if case.status not in FROM:
        return _("%(case)s is past triage: only a case that nobody works on yet goes into another.") % {"case": case}
    if into.status in ANSWERED:
        return _("The reporter of %(into)s has the reply already: this one is answered by itself.") % {"into": into}
    if case.kind != into.kind or case.kind in obligations.TAKEN_UP:
        return _("Complaints, denunciations and cases of different kinds are each decided by themselves.")
    if case.is_confidential != into.is_confidential:
        return _("A confidential case is merged only with a confidential one.")
    if case.is_confidential and (case.assignee_id, case.division_id) != (into.assignee_id, into.division_id):
        return _("Confidential cases are merged only while the same people handle both.")
    if case.facility_id and into.facility_id and case.facility_id != into.facility_id:
        return _("The two cases are about different facilities.")
    if has_joined(case):
        return _("%(case)s has taken in others: merge the other way round, or undo theirs first.") % {"case": case}
    return None


def has_joined(case: Case) -> bool:
    """Was another case merged into this one, whoever sees it? One query."""
    with as_system():
        return case.pk is not None and Case.objects.filter(merged_into=case.pk).exists()


def lock_both(case: Case, reference: Any, *, by: Any) -> None:
    """Lock both cases in one order, so that two people who merge them towards each other wait instead of failing."""
    both = Q(pk=case.pk) | Q(reference=clean(str(reference or "")).upper())
    list(Case.objects.visible_to(by).filter(both).order_by("pk").select_for_update(of=("self",)))


def join(case: Case, into: Case, *, version: int | None, by: Any, at: datetime, reason: str) -> None:
    """Let a case go on in another one; both histories say so. The caller has checked, and saves `case`.

    `version` is that of the other case as the person saw it. Raises `StaleVersion`."""
    other = _locked(into.pk, version)
    link(case, Relation.MERGED_INTO, other, by=by, reason=str(gettext_lazy("Same matter")))
    obligations.go_over(case, other, by=by, at=at, reason=reason)
    other.escalation_level = max(other.escalation_level, case.escalation_level)
    case.merged_into = other
    _save(other, by, reason)


def part(case: Case, *, version: int | None, by: Any, at: datetime, reason: str) -> None:
    """Take a merge back. Raises `StaleVersion`, `RightMissing` once the other case was answered or ended."""
    other = _locked(case.merged_into_id, version)
    if is_late(other) and not by.has_perm(LEAD):
        raise RightMissing(
            _("%(into)s was answered or has ended: only a lead takes the merge back now.") % {"into": other}
        )
    obligations.come_back(case, other, by=by, at=at, reason=reason)
    case.merged_into, case.satisfaction = None, ""  # it gets an answer of its own now, and is asked about that one
    _save(other, by, reason)


def goes_on_in(case: Case) -> Case:
    """The case in which this one goes on: itself, or the one that it was merged into. One query for each merge."""
    for _hop in range(MOST_MERGES):
        if case.merged_into is None:
            break
        case = case.merged_into
    return case


def is_late(into: Case) -> bool:
    """Is it too late for officers to take a merge into this case back?"""
    return into.status in ENDED or into.status in ANSWERED


def status_before(case: Case) -> str:
    """Where a merged case stood before: there it goes back. One query."""
    history = case.history.exclude(status=Status.MERGED).order_by("-history_id")  # type: ignore[attr-defined]
    return history.values_list("status", flat=True).first() or Status.RECEIVED


@transaction.atomic
def reply_to_joined(case: Case, text: str, *, by: Any, at: datetime) -> None:
    """Answer those whose cases were merged into this one, on their own follow-up pages, in words written for them."""
    joined = list(Case.objects.filter(merged_into=case))
    if joined and not text:
        raise InvalidInput({"reply_joined": [_("Others reported the same matter: write what they are told.")]})
    Reply.objects.bulk_create(Reply(case=one, at=at, by=by, text=text, way=Reply.Way.PAGE) for one in joined)


def _locked(pk: Any, version: int | None) -> Case:
    other = Case.objects.select_for_update(of=("self",)).get(pk=pk)
    if version is not None and other.version != version:
        raise StaleVersion(current_version=other.version)
    return other


def _save(case: Case, by: Any, reason: str) -> None:
    case.version += 1
    case._history_user, case._change_reason = by, reason  # type: ignore[attr-defined]
    case.save()
