"""The week of a facility's incidents, told to its head: counted when the week is over, seen off with what is directed.

Circular 43/2018/TT-BYT, Article 8, item 1 a. A week without incidents is not told: there is nothing to see."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from common.exceptions import InvalidInput, MoveRefused, RightMissing
from common.models import valid_on
from common.scope import as_system, system
from common.text import clean, has_unstorable
from deadlines import services as deadlines
from deadlines.choices import Obligation
from facilities.models import Facility
from incidents.choices import Status
from incidents.classification import Claim, judge
from incidents.models import Incident, WeeklySummary

WEEK = timedelta(days=7)
SUMMARY = Obligation.WEEKLY_SUMMARY
LONGEST = 2000


def monday_before(now: datetime) -> date:
    """The Monday of the last week that is over, as people count days here."""
    today = timezone.localdate(now)
    return today - timedelta(days=today.weekday()) - WEEK


def bounds(monday: date) -> tuple[datetime, datetime]:
    """A week from its first moment to the first one after it."""
    starts = timezone.make_aware(datetime.combine(monday, time.min))
    return starts, timezone.make_aware(datetime.combine(monday + WEEK, time.min))


def noted_in(monday: date) -> QuerySet[Incident]:
    """What was noted down in a week, dropped drafts apart; unscoped."""
    starts, ends = bounds(monday)
    return Incident.objects.filter(opened_at__gte=starts, opened_at__lt=ends).exclude(status=Status.DROPPED)


@system
def open_week(now: datetime | None = None) -> int:
    """Count the last whole week of every facility that noted something down, and let its head's clock run from the
    week's end. Returns how many are new: again, or by two at once, it makes nothing twice."""
    now = now or timezone.now()
    monday = monday_before(now)
    counted = _counted(noted_in(monday))
    known = set(WeeklySummary.objects.filter(monday=monday).values_list("facility_id", flat=True))
    facilities = Facility.objects.in_bulk(counted.keys() - known)
    return sum(_open(facility, monday, counted[pk], now) for pk, facility in facilities.items())


def _open(facility: Facility, monday: date, figures: dict[str, Any], now: datetime) -> bool:
    year, week, _day = monday.isocalendar()
    with transaction.atomic():
        summary, is_new = WeeklySummary.objects.get_or_create(
            facility=facility,
            monday=monday,
            defaults={"reference": f"BCT-{year}-{week:02d}-{facility.code}", "figures": figures, "made_at": now},
        )
        if is_new:
            facts = {"facility_type": facility.type}
            deadlines.open_deadline(summary, SUMMARY, start=bounds(monday)[1], facts=facts, by=None, cycle=1)
    return is_new


def _counted(rows: QuerySet[Incident]) -> dict[int, dict[str, Any]]:
    """The figures of each facility. One query."""
    found: dict[int, list[tuple[str, Any, list[str]]]] = defaultdict(list)
    for facility, letter, sent, types in rows.values_list("facility_id", "harm", "submitted_at", "types"):
        found[facility].append((letter, sent, types))
    return {facility: figures_of(incidents) for facility, incidents in found.items()}


def figures_of(incidents: Iterable[tuple[str, Any, list[str]]]) -> dict[str, Any]:
    """Letter, moment of sending and ticked types of each → what the summary says. Groups of types, not boxes: a week
    is short."""
    rows = list(incidents)
    judged = [judge(Claim(letter)) for letter, _sent, _types in rows if letter]
    groups = Counter(group for _letter, _sent, types in rows for group in {code.partition(".")[0] for code in types})
    return {
        "noted": len(rows),
        "sent": sum(sent is not None for _letter, sent, _types in rows),
        "mandatory": sum(one.is_mandatory for one in judged),
        "levels": dict(sorted(Counter(one.level for one in judged).items())),
        "types": dict(sorted(groups.items(), key=lambda pair: (-pair[1], pair[0]))),
    }


# --- seen by the head ------------------------------------------------------------------------------------------------


def heads_of(facility_id: int) -> set[int]:
    """Who heads a facility today; everybody of it where nobody does."""
    people = Membership.objects.filter(valid_on(timezone.localdate()), user__is_active=True, facility=facility_id)
    rows = list(people.values_list("user_id", "is_head"))
    return {person for person, is_head in rows if is_head} or {person for person, _is_head in rows}


def may_see_off(summary: WeeklySummary, user: Any) -> bool:
    """The head of the facility, while nobody has seen it yet. One query."""
    is_there = summary.facility_id in user.scope.facilities - user.recused_facilities
    return summary.seen_at is None and is_there and user.pk in heads_of(summary.facility_id)


@transaction.atomic
def see_off(summary: WeeklySummary, *, by: Any, direction: str = "") -> WeeklySummary:
    """The head has seen the week, and says what is to be done where something is; the clock ends.

    Raises `Http404`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found = WeeklySummary.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=summary.pk).first()
    if found is None:
        raise Http404
    if found.seen_at is not None:
        raise MoveRefused(_("This week was seen already."))
    if not may_see_off(found, by):
        raise RightMissing
    if has_unstorable(direction) or len(clean(direction)) > LONGEST:
        raise InvalidInput({"direction": [_("At most %(count)s characters.") % {"count": LONGEST}]})
    found.seen_at, found.seen_by, found.direction = timezone.now(), by, clean(direction)
    with as_system():
        found.save(update_fields=["seen_at", "seen_by", "direction"])
        deadlines.finish(found, [SUMMARY], at=found.seen_at, by=by)
    return found
