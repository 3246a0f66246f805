"""What the deadline engine must know about returns, and their one clock: due so long after the period ended."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse

from deadlines import services as deadlines
from deadlines.choices import Obligation
from deadlines.registry import Subject, content_type
from incidents.choices import ReturnKind
from incidents.models import Return
from incidents.returns.periods import Period
from incidents.subject import people_for

HAND_IN = str(Obligation.HAND_IN)


def references(ids: list[int]) -> dict[int, str]:
    """What people call these returns. One query."""
    rows = Return.objects.filter(pk__in=ids).values_list("pk", "kind", "year", "part")
    return {pk: f"SCYK {Period(kind, year, part)}" for pk, kind, year, part in rows}


def address(return_id: int) -> str:
    """The return's page in the console."""
    return reverse("admin:incidents_return_change", args=[return_id])


def recipients(role: str, ids: list[int]) -> dict[int, list[int]]:
    """Who is told on a step: the facility, and the division to which it hands in. Four queries a batch."""
    rows = Return.objects.filter(pk__in=ids).values_list("pk", "facility_id", "division_id")
    return people_for(role, [(pk, facility, division, True, None) for pk, facility, division in rows])


def on_moved(ids: list[int]) -> None:
    """Bring the due moment that lists show up to date. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE incidents_return SET due_at = (SELECT min(clock.due_at) FROM deadlines_deadline clock"
            " WHERE clock.about_type_id = %s AND clock.about_id = incidents_return.id) WHERE id = ANY(%s)",
            [content_type("incidents.return").pk, ids],
        )


def visible_ids(user: Any) -> Any:
    """The ids of the returns this person sees, as a subquery."""
    return Return.objects.visible_to(user).values("pk")


def start_clock(found: Return, period: Period, *, by: Any) -> None:
    """The first day that counts is the one after the period."""
    last = period.ends - timedelta(microseconds=1)
    clock = deadlines.open_deadline(found, HAND_IN, start=last, facts={"kind": str(found.kind)}, by=by, cycle=1)
    found.due_at = clock.due_at if clock else None


def end_clock(found: Return, *, at: datetime, by: Any) -> None:
    """The first signature is the one that counts."""
    deadlines.finish(found, [HAND_IN], at=at, by=by)


RETURN = Subject(
    references=references,
    address=address,
    recipients=recipients,
    on_moved=on_moved,
    visible_ids=visible_ids,
    choices={"kind": lambda: ReturnKind.choices},
)
