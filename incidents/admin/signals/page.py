"""What the pages of signals show: figures of the rules for those facilities that the reader may see."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Division, Facility
from incidents.choices import DIVISION
from incidents.models import Signal
from incidents.signals import change, pictures
from incidents.signals.control import Control, chart_of
from incidents.signals.counting import BED_DAYS, EVERY, PER, Counts, Figures, figures
from incidents.signals.funnel import Funnel, funnel_of
from incidents.taxonomy import lists

MONTH = 4  # weeks of one window of a chart: a month of four weeks is long enough to count
LEAST_SHARED = 5  # reports in a year below which no share is said


def kinds() -> list[tuple[str, str]]:
    """The groups of Annex IV, and all of them together."""
    return [(EVERY, _("All types together")), *((group.entry.code, str(group.entry)) for group in lists().types)]


def kind_said(code: str) -> str:
    return dict(kinds()).get(code, code)


def unit_said(unit: str) -> str:
    return _("1,000 bed-days") if unit == BED_DAYS else _("10,000 visits")


def overview(reader: Any, kind: str, unit: str) -> dict[str, Any]:
    """Funnel, voluntary reporting and silence, of the last year. The reader is shown no facility that they are kept
    from; the rate in the middle stands on all of them. Who does not see every report is shown no figure of it."""
    if not sees_all(reader):
        return {"judged": 0, "per": unit_said(unit)}
    known = figures(timezone.now())
    watched = range(change.BASELINE_WEEKS, len(known.mondays))
    counted = {
        key: (_told(known, key, kind).total(watched), sum(place.exposures[week] for week in watched) / PER[unit])
        for key, place in known.places.items()
        if place.unit == unit
    }
    funnel, hidden = funnel_of(counted), reader.recused_facilities
    names = {key: place.name for key, place in known.places.items() if key not in hidden}
    standings = (
        sorted((one for one in funnel.standings if one.key in names), key=lambda one: names[one.key]) if funnel else []
    )
    drawn = Funnel(funnel.rate, funnel.dispersion, standings) if funnel and standings else None
    return {
        "funnel": drawn,
        "drawing": pictures.of_funnel(drawn, names) if drawn else None,
        "rows": [(names[one.key], one, one.observed / one.exposure) for one in standings],
        "silent": [(names[one.key], one) for one in standings if one.is_silent],
        "shares": _shares(known, names, watched),
        "judged": _judged(known),
        "false_alarms": settings.SIGNAL_FALSE_ALARMS_PERCENT,
        "has_known_delays": round(100 * change.FALSE_ALARMS) == settings.SIGNAL_FALSE_ALARMS_PERCENT,
        "per": unit_said(unit),
    }


def sees_all(reader: Any) -> bool:
    """Is it this person's business what all facilities report? Theirs who see every incident, and the division's."""
    division = Division.objects.filter(code=DIVISION).values_list("pk", flat=True).first()
    return bool(reader.has_perm("incidents.view_every_incident")) or division in reader.scope.divisions


def _told(known: Figures, key: int, kind: str) -> Counts:
    return known.counts.get((key, kind), Counts())


def _shares(known: Figures, names: dict[int, str], watched: range) -> list[tuple[str, int, int, float]]:
    """Voluntary reports of a year by facility, in the order of names: a virtue is not ranked."""
    found = []
    for key, name in sorted(names.items(), key=lambda pair: pair[1]):
        told = _told(known, key, EVERY)
        total = told.total(watched)
        if total >= LEAST_SHARED:
            found.append((name, told.voluntary, total, 100 * told.voluntary / total))
    return found


def _judged(known: Figures) -> int:
    """How many series of a facility and kind are known well enough to be judged."""
    baseline = range(change.BASELINE_WEEKS)
    return sum(
        told.total(baseline) >= change.LEAST_KNOWN
        for (key, kind), told in known.counts.items()
        if kind != EVERY and key in known.places
    )


def of_signal(signal: Signal) -> dict[str, Any]:
    """The control chart of a signal's series, in windows of four weeks."""
    known = figures(timezone.now())
    weekly, exposures, unit = _series_of(known, signal)
    starts = range(len(known.mondays) % MONTH, len(known.mondays), MONTH)
    counts = [sum(weekly[start : start + MONTH]) for start in starts]
    spent = [sum(exposures[start : start + MONTH]) / PER[unit] for start in starts]
    chart: Control | None = chart_of(counts, spent, _gaps(weekly, exposures, PER[unit]))
    labels = [known.mondays[start].strftime("%d/%m/%y") for start in starts]
    if chart is not None and chart.kind == "t":
        labels = [str(place) for place in range(1, len(chart.spots) + 1)]
    return {
        "chart": chart,
        "drawing": pictures.of_control(chart, labels) if chart else None,
        "rows": list(zip(labels, chart.spots, strict=True)) if chart else [],
        "ends": signal.week + timedelta(days=6),
        "per": unit_said(unit),
    }


def _series_of(known: Figures, signal: Signal) -> tuple[list[int], list[float], str]:
    weeks = range(len(known.mondays))
    if signal.facility_id:
        place, told = known.places.get(signal.facility_id), _told(known, signal.facility_id, signal.kind)
        if place is None:
            return [0] * len(weeks), [0.0] * len(weeks), BED_DAYS
        return [told.all.get(week, 0) for week in weeks], place.exposures, place.unit
    beds = {key: place for key, place in known.places.items() if place.unit == BED_DAYS}
    counts = [sum(_told(known, key, signal.kind).all.get(week, 0) for key in beds) for week in weeks]
    return counts, [sum(place.exposures[week] for place in beds.values()) for week in weeks], BED_DAYS


def _gaps(weekly: list[int], exposures: list[float], per: int) -> list[float]:
    """The exposure between one report and the next; those of one week share its exposure evenly."""
    gaps, waited = [], 0.0
    for count, exposure in zip(weekly, exposures, strict=True):
        share = exposure / (count + 1)
        for _report in range(count):
            gaps.append((waited + share) / per)
            waited = 0.0
        waited += share
    return gaps[1:]  # what lay before the first is not known


def place_said(signal: Signal) -> str:
    facility: Facility | None = signal.facility
    return str(facility) if facility else _("All facilities with beds together")
