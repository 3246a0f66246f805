"""What the deadline engine must know about receipts: their names and who is told."""

from typing import Any

from django.db import connection
from django.urls import reverse

from accounts.models import User
from accounts.recusals import kept_pairs
from deadlines.registry import Subject, content_type
from incidents.choices import AlertKind
from incidents.models import AlertReceipt
from incidents.subject import RIGHTS, members_of_units

LABEL = "incidents.alertreceipt"


def references(ids: list[int]) -> dict[int, str]:
    """What people call them: by the alert. One query."""
    return dict(AlertReceipt.objects.filter(pk__in=ids).values_list("pk", "alert__reference"))


def address(receipt_id: int) -> str:
    """The facility's page of an alert."""
    return reverse("admin:incidents_incident_receipt", args=[receipt_id])


def address_of_alert(alert_id: int) -> str:
    """The department's page of an alert."""
    return reverse("admin:incidents_incident_alert", args=[alert_id])


def recipients(role: str, ids: list[int]) -> dict[int, list[int]]:
    """Who is told on a step, per receipt: the facility, its heads, then those who lead the department. Four queries."""
    rows = list(AlertReceipt.objects.filter(pk__in=ids).values_list("pk", "facility_id", "alert__division_id"))
    heads = list(User.objects.with_permission(RIGHTS[role]).values_list("pk", flat=True)) if role in RIGHTS else []
    members, kept = members_of_units([row[1] for row in rows], []), kept_pairs([row[1] for row in rows])
    found: dict[int, list[int]] = {}
    for pk, facility, _division in rows:
        people = [person for person, head in members.get(("facility", facility), []) if head or role != "unit_head"]
        chosen = heads if role in RIGHTS else people
        found[pk] = [person for person in chosen if (person, facility) not in kept]
    return found


def refresh_due(ids: list[int]) -> None:
    """Bring the due moment that lists show up to date. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE incidents_alertreceipt SET due_at = ("
            "SELECT min(clock.due_at) FROM deadlines_deadline clock WHERE clock.about_type_id = %s"
            " AND clock.about_id = incidents_alertreceipt.id AND clock.state = 'running') WHERE id = ANY(%s)",
            [content_type(LABEL).pk, ids],
        )


def visible_ids(user: Any) -> Any:
    """The ids of the receipts this person sees, as a subquery."""
    return AlertReceipt.objects.visible_to(user).values("pk")


def kept_from_receipts(pairs: Any) -> set[tuple[int, int]]:
    """Of these pairs of person and receipt, those where the person is kept from its facility today. Two queries."""
    pairs = set(pairs)
    places = dict(AlertReceipt.objects.filter(pk__in={pk for _person, pk in pairs}).values_list("pk", "facility_id"))
    kept = kept_pairs(list(places.values()))
    return {(person, pk) for person, pk in pairs if (person, places.get(pk)) in kept}


RECEIPT = Subject(
    references=references,
    address=address,
    recipients=recipients,
    on_moved=refresh_due,
    visible_ids=visible_ids,
    choices={"kind": lambda: AlertKind.choices},
)
