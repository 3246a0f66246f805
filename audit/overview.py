"""What the log holds at a glance: how often each kind happened on each of the last days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Sum
from django.utils import timezone

from audit.models import Act, Refusals
from audit.refusals import PER_HOUR

DAYS = 30
# the index audit_of_one_kind holds both columns
_PER_DAY = """
SELECT act, (at AT TIME ZONE %s)::date, count(*) FROM audit_entry WHERE at >= %s GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Day:
    """One column: what to say about it, and where it stands in a box of 100 by 100."""

    label: str
    count: int
    x: str
    y: str
    height: str


@dataclass(frozen=True)
class Kind:
    """One kind of act with its days."""

    act: str
    label: str
    total: int
    days: list[Day]


def kinds_per_day(now: datetime) -> list[Kind]:
    """The kinds that happened in the last `DAYS` days, the most frequent first, each to its own scale. One query."""
    today = timezone.localdate(now)
    first = today - timedelta(days=DAYS - 1)
    since = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    with connection.cursor() as cursor:
        cursor.execute(_PER_DAY, [str(timezone.get_current_timezone()), since])
        counts = {(act, day): count for act, day, count in cursor.fetchall()}
    dates = [first + timedelta(days=place) for place in range(DAYS)]
    found = []
    for act in Act:
        row = [counts.get((act.value, date), 0) for date in dates]
        if any(row):
            days = [_day(f"{dates[place]:%d/%m}", place, count, max(row)) for place, count in enumerate(row)]
            found.append(Kind(act.value, str(act.label), sum(row), days))
    return sorted(found, key=lambda kind: -kind.total)


def _day(label: str, place: int, count: int, most: int) -> Day:
    height = 100 * count / most
    return Day(label, count, f"{place * 100 / DAYS:.2f}", f"{100 - height:.2f}", f"{height:.2f}")


def only_counted(now: datetime) -> int:
    """How many refusals of the last 24 hours have no entry of their own, because one person had too many."""
    rows = Refusals.objects.filter(hour__gte=now - timedelta(hours=24), count__gt=PER_HOUR)
    return int(rows.aggregate(over=Sum(F("count") - PER_HOUR))["over"] or 0)
