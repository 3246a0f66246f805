"""Which clock a demand to correct has: what it is now says which should run, and `follow` makes it so."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from deadlines import services as deadlines
from deadlines.choices import LIVE, Event, Obligation
from inspections.choices import CorrectionStatus
from inspections.models import CorrectiveAction

_OF: dict[str, Obligation] = {
    CorrectionStatus.OPEN: Obligation.ACT,
    CorrectionStatus.RETURNED: Obligation.ACT,
    CorrectionStatus.ANSWERED: Obligation.VERIFY_ACTION,
    CorrectionStatus.REOPENED: Obligation.REVIEW_ACTION,
}


def follow(correction: CorrectiveAction, *, by: Any, at: datetime, reason: str, is_met: bool) -> None:
    """End what ran, start what should run, and keep the demand's own due moment true. `is_met`: what was owed is done,
    not dropped. As the system, the demand locked; the caller saves it."""
    for clock in deadlines.deadlines_of(correction).filter(state__in=LIVE):
        if is_met:
            deadlines.finish(correction, [clock.obligation], at=at, by=by)
        else:
            deadlines.cancel(correction, [clock.obligation], by=by, reason=reason)
    obligation = _OF.get(correction.status)
    if obligation is not None:
        moments = {str(Event.DAY_BEFORE): _eve(correction)} if obligation == Obligation.ACT else None
        facts = {"facility_type": correction.facility.type}
        deadlines.open_deadline(correction, str(obligation), start=at, facts=facts, by=by, moments=moments)
    correction.due_at = deadlines.next_due(correction)


def _eve(correction: CorrectiveAction) -> datetime:
    """The event that the day is counted from: noon of the day before, so that one day later ends with it."""
    midnight = datetime.combine(correction.due_on, datetime.min.time(), timezone.get_default_timezone())
    return midnight - timedelta(hours=12)
