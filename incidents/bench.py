"""What incidents cost at many rows, beside raw SQL on the same rows: the list, one incident, and drawing up returns.

The rows are written with COPY in a transaction that is taken back: nothing stays, whatever happens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.services import engine
from common.keyset import Order, cut
from facilities.models import Facility
from incidents.choices import ReturnKind
from incidents.models import Incident, Past, Return
from incidents.returns.content import drawn_up
from incidents.returns.periods import last_ended
from incidents.taxonomy import lists

YEARS = 4  # over which the rows are spread
NEWEST = Order("opened_at", is_descending=True)
COLUMNS = (
    "reference", "edition", "status", "version", "facility_id", "subject", "ward", "spot", "occurred_at", "detected_at",
    "description", "proposal", "treatment", "told_physician", "is_in_record", "told_family", "told_patient", "harm",
    "deaths", "more_feared", "exception", "types", "causes", "reporter_role", "reporter_other", "is_named",
    "opened_by_id", "opened_at", "submitted_at", "updated_at",
)  # fmt: skip
_COUNTED = """
SELECT harm, count(*) FROM incidents_incident
WHERE submitted_at >= %s AND submitted_at < %s AND (%s::bigint IS NULL OR facility_id = %s) GROUP BY harm
"""


@dataclass(frozen=True)
class Measured:
    """One work: how long ours takes and how long raw SQL does, in seconds; the median of some repetitions."""

    work: str
    ours: float
    raw: float


def bench_incidents(rows: int, repeat: int = 5) -> list[Measured]:
    """Measure at so many incidents; there must be facilities. Takes its rows back."""
    with transaction.atomic():
        facilities = list(Facility.objects.order_by("pk")[:64])
        _fill(rows, [facility.pk for facility in facilities])
        measured = [
            Measured(work, _median(ours, repeat), _median(raw, repeat))
            for work, ours, raw in _works(facilities[0], rows)
        ]
        transaction.set_rollback(True)
    return measured


def _fill(rows: int, facilities: list[int]) -> None:
    dice, by, now = Random(1), engine().pk, timezone.now()
    letters = list(lists().harms)
    boxes = sorted(lists().type_codes())
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY incidents_incident ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for number in range(rows):
                copy.write_row(_row(number, dice, facilities, by, now, letters, boxes))
        kept = [
            field.column
            for field in Past._meta.concrete_fields
            if not field.name.startswith("history_") and field.name not in ("level", "due_at", "updated_at")
        ]
        names = ", ".join(f'"{column}"' for column in kept)
        cursor.execute(
            f"INSERT INTO incidents_historicalincident ({names}, history_date, history_type)"
            f" SELECT {names}, submitted_at, '+' FROM incidents_incident WHERE edition = 'bench'"
        )
        cursor.execute("ANALYZE incidents_incident, incidents_historicalincident")


def _row(
    number: int, dice: Random, facilities: list[int], by: int, now: datetime, letters: list[str], boxes: list[str]
) -> list[Any]:
    at = now - timedelta(minutes=dice.randrange(YEARS * 365 * 24 * 60))
    harm = letters[min(int(dice.expovariate(0.6)), len(letters) - 1)]
    return [
        f"SC-M-{number:07d}", "bench", "accepted", 3, dice.choice(facilities), "SUB1", f"Khoa {number % 30}", "",
        at, at,
        "Phát nhầm thuốc, phát hiện trước khi dùng.", "", "Theo dõi.", "yes", "yes", "yes", "yes", harm, 0, False, "",
        dice.sample(boxes, dice.randrange(3)), ["CA1.2"], "REP1", "", True, by, at, at, at,
    ]  # fmt: skip


Work = tuple[str, Callable[[], Any], Callable[[], Any]]


def _works(facility: Facility, rows: int) -> list[Work]:
    now = timezone.now()
    half, quarter = last_ended(ReturnKind.SYNTHESIS, now), last_ended(ReturnKind.LETTER, now)
    synthesis = Return(kind=half.kind, facility=facility, year=half.year, part=half.part)
    letter = Return(kind=quarter.kind, facility=None, year=quarter.year, part=quarter.part)
    one = Incident.objects.filter(edition="bench").order_by("-pk").values_list("pk", flat=True)[rows // 2]
    return [
        (
            "list page of 50, newest",
            lambda: cut(Incident.objects.select_related("facility"), NEWEST, size=50),
            lambda: _sql("SELECT * FROM incidents_incident ORDER BY opened_at DESC, id DESC LIMIT 51"),
        ),
        (
            "one incident",
            lambda: Incident.objects.select_related("facility", "division").get(pk=one),
            lambda: _sql("SELECT * FROM incidents_incident WHERE id = %s", one),
        ),
        (
            "half-yearly synthesis of one facility",
            lambda: drawn_up(synthesis, now, {}),
            lambda: _sql(_COUNTED, half.former.starts, half.ends, facility.pk, facility.pk),
        ),
        (
            "quarterly letter over all facilities",
            lambda: drawn_up(letter, now, {}),
            lambda: _sql(_COUNTED, quarter.former.starts, quarter.ends, None, None),
        ),
    ]


def _sql(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _median(work: Callable[[], Any], repeat: int) -> float:
    took = []
    work()
    for _nth in range(repeat):
        began = perf_counter()
        work()
        took.append(perf_counter() - began)
    return median(took)
