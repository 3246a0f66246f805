"""Who did what by when, as one picture: facilities down, obligations across, each cell the most pressing of the
assignments of that pair. Three queries, whatever the size."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from directives.choices import WAITING, WRITABLE, ObligationState, Status
from directives.models import Assignment, Obligation
from facilities.models import Facility

MOST_ROWS = 500
BACK, AHEAD, SOON = timedelta(days=400), timedelta(days=366), timedelta(days=30)


@dataclass(frozen=True)
class Standing:
    """How a cell stands: its code, its sign where colours do not show, and its words."""

    code: str
    sign: str
    label: Promise


STANDINGS = (  # the most pressing first; a cell shows the first that one of its assignments has
    Standing("late", "!", pgettext_lazy("heat map", "late")),
    Standing("returned", "↩", pgettext_lazy("heat map", "returned")),
    Standing("waiting", "…", pgettext_lazy("heat map", "handed in, to be checked")),
    Standing("soon", "•", pgettext_lazy("heat map", "due within 30 days")),
    Standing("done", "✓", pgettext_lazy("heat map", "accepted")),
    Standing("later", "·", pgettext_lazy("heat map", "later, or standing")),
)


@dataclass(frozen=True)
class HeatMap:
    """Rows, columns, and of each pair that has one the place of its standing and the assignment behind it."""

    facilities: Sequence[Facility]
    obligations: Sequence[Obligation]
    cells: Mapping[tuple[int, int], tuple[int, int]]

    def counts(self) -> dict[int, Counter[int]]:
        """How many facilities stand how, by obligation."""
        found: dict[int, Counter[int]] = {row.pk: Counter() for row in self.obligations}
        for (_facility, obligation), (place, _assignment) in self.cells.items():
            found[obligation][place] += 1
        return found

    def rolled_up(self, group: Callable[[Facility], str]) -> dict[str, Counter[int]]:
        """How many cells stand how, by a group of facilities."""
        names = {row.pk: group(row) for row in self.facilities}
        found: dict[str, Counter[int]] = {name: Counter() for name in sorted(set(names.values()))}
        for (facility, _obligation), (place, _assignment) in self.cells.items():
            found[names[facility]][place] += 1
        return found


def heat_map(user: Any, facilities: Any, obligations: Any, at: datetime) -> HeatMap:
    """The picture that this reader sees of these facilities (cut to a page) and obligations (a queryset)."""
    shown = list(obligations.filter(state=ObligationState.OPEN).order_by("directive_id", "clause__position", "code"))
    rows = list(facilities)
    cells = (
        Assignment.objects.visible_to(user)
        .filter(
            facility__in=[row.pk for row in rows],
            obligation__in=[row.pk for row in shown],
            period__range=((at - BACK).date(), (at + AHEAD).date()),
        )
        .exclude(status=Status.WITHDRAWN)
        .annotate(place=_place(at))
        .order_by("facility_id", "obligation_id", "place", "due_at", "id")
        .distinct("facility_id", "obligation_id")
        .values_list("facility_id", "obligation_id", "place", "id")
    )
    found = {(facility, obligation): (place, pk) for facility, obligation, place, pk in cells}
    return HeatMap(rows, shown, found)


def _place(at: datetime) -> Case:
    """The place among `STANDINGS`."""
    conditions = (
        Q(status__in=WRITABLE, due_at__lte=at),
        Q(status=Status.RETURNED),
        Q(status__in=WAITING),
        Q(status=Status.OPEN, due_at__lte=at + SOON),
        Q(status=Status.ACCEPTED),
    )
    whens = [When(condition, then=Value(place)) for place, condition in enumerate(conditions)]
    return Case(*whens, default=Value(len(conditions)), output_field=IntegerField())
