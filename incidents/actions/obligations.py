"""Which clock an action has: what it is now says which should run, and `follow` makes it so."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from deadlines import services as deadlines
from deadlines.choices import LIVE, Event, Obligation
from incidents.choices import ActionStatus
from incidents.models import Action

_OF: dict[str, Obligation] = {
    ActionStatus.OPEN: Obligation.ACT,
    ActionStatus.DONE: Obligation.VERIFY_ACTION,
    ActionStatus.VERIFIED: Obligation.CHECK_EFFECT,
    ActionStatus.REOPENED: Obligation.REVIEW_ACTION,
}
_DAY = {Obligation.ACT: "due_on", Obligation.CHECK_EFFECT: "check_on"}  # clocks that end with a day that was planned


def eve(day: date) -> datetime:
    """The event that a planned day is counted from: noon of the day before, so that one day later ends with it."""
    return datetime.combine(day, datetime.min.time(), timezone.get_default_timezone()) - timedelta(hours=12)


def wanted(action: Action) -> tuple[Obligation, datetime | None] | None:
    """The clock that should be running, with the event that it is counted from; none where nobody owes anything."""
    obligation = _OF.get(action.status)
    if obligation is None:
        return None
    day = getattr(action, _DAY[obligation]) if obligation in _DAY else None
    if obligation in _DAY and day is None:
        return None
    return obligation, eve(day) if day else None


def follow(action: Action, *, by: Any, at: datetime, reason: str, is_met: bool) -> None:
    """Start, end and drop clocks as the action stands now, and keep its own due moment true. `is_met`: what was owed is
    done, not dropped. The action is locked; the caller saves it."""
    aim = wanted(action)
    for clock in deadlines.deadlines_of(action).filter(state__in=LIVE):
        if aim and clock.obligation == aim[0] and _counts(clock, action, aim[1]):
            continue
        if is_met:
            deadlines.finish(action, [clock.obligation], at=at, by=by)
        else:
            deadlines.cancel(action, [clock.obligation], by=by, reason=reason)
    if aim:
        moments = {str(Event.DAY_BEFORE): aim[1]} if aim[1] else None
        deadlines.open_deadline(action, str(aim[0]), start=action.since, facts=facts_of(action), by=by, moments=moments)
    action.due_at = deadlines.next_due(action)


def _counts(clock: Any, action: Action, event_at: datetime | None) -> bool:
    """Does this clock count from where it should?"""
    kept = clock.derivation.get("event_at")
    return bool(clock.starts_at == action.since and (datetime.fromisoformat(kept) if kept else None) == event_at)


def facts_of(action: Action) -> dict[str, str]:
    """What a deadline rule may ask about an action."""
    return {"kind": action.incident.level if action.incident else "", "facility_type": action.facility.type}
