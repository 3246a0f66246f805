"""Looking for signals and judging them. A second look at the same reports finds nothing new."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, RightMissing, StaleVersion
from common.scope import as_system
from facilities.models import Division
from incidents.choices import DIVISION, Verdict
from incidents.messages import members_of
from incidents.models import Signal
from incidents.signals.change import BASELINE_WEEKS, WATCHED_WEEKS, Alarm, alarm_in, expected_counts
from incidents.signals.counting import BED_DAYS, EVERY, Counts, Figures, figures
from incidents.transitions import checked_reason
from notifications.services import enqueue

REST_WEEKS = 12  # after a signal: people look into it; what goes on is told again after that
JUDGE = "incidents.judge_signal"
Series = tuple[int | None, str, list[int], list[float], Counts]


def find(at: datetime, *, by: Any) -> int:
    """Look at every series that is known well enough; returns how many new signals there are."""
    known = figures(at)
    with as_system(), transaction.atomic():
        last: dict[tuple[int | None, str], Any] = {}
        for row in Signal.objects.order_by("week"):
            last[row.facility_id, row.kind] = row.week
        division = Division.objects.filter(code=DIVISION).first()
        new: list[Signal] = []
        for series in _series(known):
            while (signal := _signal(known, series, last, division, at)) is not None:
                last[series[0], series[1]] = signal.week
                new.append(signal)
        for signal in new:
            signal._history_user, signal._change_reason = by, ""  # type: ignore[attr-defined]
            signal.save()
            _tell(signal)
    return len(new)


def _series(known: Figures) -> Iterator[Series]:
    """Each facility and kind; and each kind at all facilities with beds together."""
    together: dict[str, tuple[list[int], Counts]] = {}
    beds = [place for place in known.places.values() if place.unit == BED_DAYS]
    exposure = [sum(place.exposures[week] for place in beds) for week in range(len(known.mondays))]
    for (key, kind), told in known.counts.items():
        if kind == EVERY or key not in known.places:
            continue
        weekly = [told.all.get(week, 0) for week in range(len(known.mondays))]
        yield key, kind, weekly, known.places[key].exposures, told
        if known.places[key].unit == BED_DAYS:
            sums, total = together.setdefault(kind, ([0] * len(weekly), Counts()))
            together[kind] = [one + other for one, other in zip(sums, weekly, strict=True)], total
            total.voluntary += told.voluntary
            total.harmful += told.harmful
    for kind, (weekly, total) in together.items():
        yield None, kind, weekly, exposure, total


def _signal(
    known: Figures, series: Series, last: dict[tuple[int | None, str], Any], division: Any, at: datetime
) -> Signal | None:
    """The signal of one series, if its last weeks give one. After one the rule rests, then begins anew."""
    key, kind, weekly, exposures, told = series
    before, spent = sum(weekly[:BASELINE_WEEKS]), sum(exposures[:BASELINE_WEEKS])
    expected = expected_counts(before, spent, exposures[BASELINE_WEEKS:])
    if expected is None:
        return None
    after = last.get((key, kind))
    rested = after + timedelta(weeks=REST_WEEKS) if after is not None else known.mondays[0]
    start = next((n for n in range(WATCHED_WEEKS) if known.mondays[BASELINE_WEEKS + n] > rested), None)
    if start is None:
        return None
    wanted = settings.SIGNAL_FALSE_ALARMS_PERCENT
    alarm: Alarm | None = alarm_in(weekly[BASELINE_WEEKS + start :], expected[start:], wanted / 100)
    if alarm is None:
        return None
    first = BASELINE_WEEKS + start
    return Signal(
        facility_id=key, division=division, kind=kind, week=known.mondays[first + alarm.week],
        since=known.mondays[first + alarm.since], observed=alarm.observed, expected=round(alarm.expected, 3),
        statistic=round(alarm.statistic, 3), threshold=round(alarm.threshold, 3), found_at=at,
        figures={
            "baseline": before, "baseline_weeks": BASELINE_WEEKS, "year": sum(weekly[BASELINE_WEEKS:]),
            "unit": known.places[key].unit if key else BED_DAYS, "voluntary": told.voluntary, "harmful": told.harmful,
            "false_alarms": wanted,
        },
    )  # fmt: skip


def _tell(signal: Signal) -> None:
    people = members_of(division_id=signal.division_id) if signal.division_id else set()
    week = (signal.week + timedelta(days=6)).strftime("%d/%m/%Y")
    enqueue(
        f"signal:{signal.pk}",
        to=people,
        template="signal_found",
        about=signal,
        params={"reference": f"{signal.kind} · {week}"},
        url=reverse("admin:incidents_incident_signal", args=[signal.pk]),
    )


@transaction.atomic
def judge(signal: Signal, verdict: str, *, reason: str, by: Any, version: int) -> Signal:
    """Say what it means, and why; it may be said anew, and what was said stays in the history.

    Raises `Http404`, `RightMissing`, `StaleVersion`, `ReasonRequired`, `InvalidInput`."""
    found: Signal | None = Signal.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=signal.pk).first()
    if found is None:
        raise Http404
    if not by.has_perm(JUDGE):
        raise RightMissing
    if found.version != version:
        raise StaleVersion(current_version=found.version)
    if verdict not in Verdict.values or verdict == Verdict.OPEN:
        raise InvalidInput({"verdict": [_("Choose one of the offered values.")]})
    why = checked_reason(reason)
    with as_system():
        found.verdict, found.version = verdict, version + 1
        found._history_user, found._change_reason = by, why  # type: ignore[attr-defined]
        found.save()
    return found


def look(by: Any) -> int:
    """The same as of now."""
    return find(timezone.now(), by=by)
