"""What the annual report says, as one document of plain values: the same moment and words always give the same.

As the system: it holds counts of all facilities and the name of none."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone, translation
from django.utils.text import capfirst

from common.scope import system
from directives.choices import MeritKind, MeritState, ValueKind
from directives.models import Directive, Indicator, IndicatorValue, MeritProposal, Obligation
from directives.tallies import Tally, tallied
from directives.yearly import wording as w
from facilities.choices import FacilityType, FormerArea

CENT = Decimal("0.01")
Row = list[Any]


@system
def drawn_up(year: int, as_of: datetime, findings: str) -> dict[str, Any]:
    """The report of a year as of a moment. Six queries. In Vietnamese, whoever asks."""
    starts, ends = date(year, 1, 1), date(year, 12, 31)
    tallies = tallied(starts, ends, as_of, ["obligation", "type", "former"])
    obligations = {
        row.pk: row
        for row in Obligation.objects.filter(pk__in={key[0] for key in tallies})
        .select_related("directive")
        .order_by("directive_id", "clause__position", "code")
    }
    with translation.override("vi"):
        return {
            "layout": 1,
            "authority": settings.AUTHORITY_NAME,
            "year": year,
            "as_of": timezone.localtime(as_of).isoformat(),
            "directives": _directives(as_of),
            "by_directive": _rows(tallies, lambda key: str(obligations[key[0]].directive)),
            "by_obligation": _rows(
                tallies, lambda key: f"{obligations[key[0]].code} – {obligations[key[0]].title}", list_of(obligations)
            ),
            "by_type": _rows(tallies, lambda key: _label(FacilityType, key[1])),
            "by_former": _rows(tallies, lambda key: _label(FormerArea, key[2])),
            "indicators": _indicators(year, as_of),
            "merits": _merits(starts, ends, as_of),
            "findings": findings,
        }


def list_of(obligations: Mapping[int, Obligation]) -> list[str]:
    """Obligations in the order of their directives."""
    return [f"{row.code} – {row.title}" for row in obligations.values()]


def _label(choices: Any, value: str) -> str:
    return capfirst(str(choices(value).label)) if value in choices.values else w.UNSAID


def _rows(tallies: Mapping[tuple[Any, ...], Tally], name: Any, order: Iterable[str] | None = None) -> list[Row]:
    """Counts by a name of the group, of those with something due; the last row is the total."""
    groups: dict[str, Tally] = {}
    for key, tally in tallies.items():
        groups[name(key)] = groups.get(name(key), Tally()) + tally
    names = [one for one in order if one in groups] if order is not None else sorted(groups)
    total = sum(groups.values(), Tally())
    return [[one, *_counts(groups[one])] for one in names if groups[one].due] + [[w.TOTAL, *_counts(total)]]


def _counts(tally: Tally) -> list[int]:
    return [tally.due, tally.on_time, tally.late, tally.missing, tally.returned, tally.accepted]


def _directives(as_of: datetime) -> dict[str, int]:
    """How many directives and obligations were known then, and how many obligations held. Two queries."""
    day = timezone.localdate(as_of)
    obligations = Obligation.objects.filter(directive__entered_at__lte=as_of)
    return {
        "directives": Directive.objects.filter(entered_at__lte=as_of).count(),
        **obligations.aggregate(
            obligations=Count("pk"), open=Count("pk", filter=Q(closed_on=None) | Q(closed_on__gt=day))
        ),
    }


# --- indicators ------------------------------------------------------------------------------------------------------


def _indicators(year: int, as_of: datetime) -> list[dict[str, Any]]:
    """The last value of each facility in the year, and in the one before, counted alike. Two queries."""
    found: dict[int, dict[tuple[int, str, str], dict[int, Decimal]]] = {}
    rows = (
        IndicatorValue.objects.filter(report__handed_in_at__lte=as_of)
        .filter(
            Q(report__assignment__due_on__isnull=False, report__assignment__period__year__in=(year - 1, year))
            | Q(report__assignment__due_on=None, report__handed_in_at__year__in=(year - 1, year))
        )
        .order_by("report__assignment__period", "report__number", "pk")
        .values_list(
            "indicator_id", "unit", "base", "report__facility_id", "report__assignment__period",
            "report__assignment__due_on", "report__handed_in_at", "value",
        )
    )  # fmt: skip
    for indicator, unit, base, facility, period, due_on, handed_in, value in rows.iterator(chunk_size=5000):
        of = period.year if due_on else timezone.localdate(handed_in).year
        found.setdefault(indicator, {}).setdefault((of, unit, base), {})[facility] = value
    known = Indicator.objects.filter(pk__in=found).order_by("obligation__directive_id", "code")
    return [_indicator(one, found[one.pk], year) for one in known]


def _indicator(one: Indicator, values: dict[tuple[int, str, str], dict[int, Decimal]], year: int) -> dict[str, Any]:
    now = sorted(values.get((year, one.unit, one.base), {}).values())
    before = sorted(values.get((year - 1, one.unit, one.base), {}).values())
    return {
        "name": one.name,
        "unit": one.unit,
        "base": one.base,
        "is_yes_no": one.kind == ValueKind.YES_NO,
        "count": len(now),
        "yes": now.count(Decimal(1)),
        "median": _said(median(now)) if now else None,
        "least": _said(now[0]) if now else None,
        "most": _said(now[-1]) if now else None,
        "before": _said(median(before)) if before else None,
        "before_count": len(before),
        "before_yes": before.count(Decimal(1)),
        "otherwise": [
            [len(facilities), of, f"{base}, {unit}" if unit else base]
            for (of, unit, base), facilities in sorted(values.items())
            if (unit, base) != (one.unit, one.base)
        ],
    }


def _said(value: Decimal) -> str:
    return f"{value.quantize(CENT):f}"


def _merits(starts: date, ends: date, as_of: datetime) -> list[Row]:
    """How many proposals of the year's rounds were decided how, by kind. One query."""
    rows = MeritProposal.objects.filter(round__ends_on__range=(starts, ends), proposed_at__lte=as_of)
    decided = Q(decided_at__lte=as_of)
    counts = {
        row["kind"]: row
        for row in rows.exclude(state=MeritState.TAKEN_BACK, decided_at__lte=as_of)
        .order_by()
        .values("kind")
        .annotate(
            agreed=Count("pk", filter=decided & Q(state=MeritState.AGREED)),
            refused=Count("pk", filter=decided & Q(state=MeritState.REFUSED)),
            waiting=Count("pk", filter=Q(decided_at=None) | Q(decided_at__gt=as_of)),
        )
    }
    return [
        [str(MeritKind(kind).label).capitalize(), row["agreed"], row["refused"], row["waiting"]]
        for kind, row in sorted(counts.items())
    ]
