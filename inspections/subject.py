"""What other floors must know about inspections: the deadline engine who is told of demands, links how both ends look,
messages from whom they are withheld."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Membership, User
from common.models import valid_on
from deadlines.registry import Subject, content_type
from facilities.choices import FacilityType
from inspections.choices import TO_DO
from inspections.messages import address, address_of_correction, team_of
from inspections.models import CorrectiveAction, Inspection
from inspections.people import RIGHTS, kept_pairs
from inspections.rules import EVERY

LABEL = "inspections.correctiveaction"


def references(ids: list[int]) -> dict[int, str]:
    """What people call these demands. One query."""
    return dict(CorrectiveAction.objects.filter(pk__in=ids).values_list("pk", "reference"))


def recipients(role: str, ids: list[int]) -> dict[int, list[int]]:
    """Who is told on a step, per demand: while it is the facility's turn its people, else the team; then lead and
    director. Four queries a batch."""
    columns = ("pk", "facility_id", "inspection_id", "status")
    rows = list(CorrectiveAction.objects.filter(pk__in=ids).values_list(*columns))
    kept = kept_pairs([row[1] for row in rows])
    heads = list(User.objects.with_permission(RIGHTS[role]).values_list("pk", flat=True)) if role in RIGHTS else []
    members, teams = _members([row[1] for row in rows]), team_of([row[2] for row in rows])
    found = {}
    for pk, facility, inspection, status in rows:
        if role in RIGHTS:
            people = heads
        elif status in TO_DO:
            people = [person for person, is_head in members.get(facility, []) if is_head or role != "unit_head"]
        else:
            people = sorted(teams.get(inspection, set()))
        found[pk] = [person for person in people if (person, facility) not in kept]
    return found


def _members(facilities: list[int]) -> dict[int, list[tuple[int, bool]]]:
    found: dict[int, list[tuple[int, bool]]] = {}
    rows = Membership.objects.filter(valid_on(timezone.localdate()), user__is_active=True, facility__in=facilities)
    for user, facility, is_head in rows.values_list("user_id", "facility_id", "is_head"):
        if facility is not None:
            found.setdefault(facility, []).append((user, is_head))
    return found


def on_moved(ids: list[int]) -> None:
    """Bring the due moment that lists show up to date. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inspections_correctiveaction SET due_at = ("
            "SELECT min(clock.due_at) FROM deadlines_deadline clock WHERE clock.about_type_id = %s"
            " AND clock.about_id = inspections_correctiveaction.id AND clock.state = 'running') WHERE id = ANY(%s)",
            [content_type(LABEL).pk, ids],
        )


def visible_ids(user: Any) -> Any:
    """The ids of the demands this person sees, as a subquery."""
    return CorrectiveAction.objects.visible_to(user).values("pk")


def shown_ends(ids: Iterable[int], reader: Any) -> dict[int, tuple[str, str]]:
    """Inspections at the end of a link: for the department only, so that no case tells a facility what led to a
    visit."""
    if not reader.has_perm(EVERY):
        return {}
    rows = Inspection.objects.visible_to(reader).filter(pk__in=list(ids)).order_by()
    return {pk: (name, address(pk)) for pk, name in rows.values_list("pk", "reference")}


def shown_corrections(ids: Iterable[int], reader: Any) -> dict[int, tuple[str, str]]:
    """Demands at the end of a link, for whoever sees them."""
    rows = CorrectiveAction.objects.visible_to(reader).filter(pk__in=list(ids)).order_by()
    return {pk: (name, address_of_correction(pk)) for pk, name in rows.values_list("pk", "reference")}


def kept_from(model: Any) -> Any:
    """For messages about records of a model with a facility: in which pairs the person is kept from it. Two queries."""

    def kept(pairs: Any) -> set[tuple[int, int]]:
        pairs = set(pairs)
        rows = model.objects.filter(pk__in={pk for _person, pk in pairs})
        facilities = dict(rows.values_list("pk", "facility_id"))
        holding = kept_pairs(list(facilities.values()))
        return {(person, pk) for person, pk in pairs if (person, facilities.get(pk)) in holding}

    return kept


CORRECTION = Subject(
    references=references, address=address_of_correction, recipients=recipients, on_moved=on_moved,
    visible_ids=visible_ids, choices={"facility_type": lambda: FacilityType.choices},
)  # fmt: skip
