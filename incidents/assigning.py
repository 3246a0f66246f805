"""Giving a sent report to one officer of its division: who answers for it in the department, beside the whole unit."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Recusal, User
from common.exceptions import InvalidInput, MoveRefused, RightMissing
from common.models import valid_on
from common.scope import as_system
from incidents import messages
from incidents.choices import SENT
from incidents.models import Incident
from incidents.transitions import CHECK, locked, save


def officers_for(incident: Incident) -> Any:
    """The people of its division today, but for those who are kept from its facility."""
    today = timezone.localdate()
    members = Membership.objects.filter(valid_on(today), division=incident.division_id).values("user")
    with as_system():  # who is kept from what is not for everybody to read
        kept = list(Recusal.objects.holding(today).filter(facility=incident.facility_id).values_list("user", flat=True))
    people = User.objects.filter(is_active=True, pk__in=members).exclude(pk__in=kept)
    return people.order_by("display_name", "username")


def may_assign(incident: Incident, user: Any) -> bool:
    return bool(user.has_perm(CHECK)) and incident.status in SENT and incident.division_id is not None


@transaction.atomic
def assign(incident: Incident, person: User | None, *, by: Any, version: int) -> Incident:
    """Give it to somebody of its division, or to the whole unit again.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found = locked(incident, by, version)
    if not by.has_perm(CHECK):
        raise RightMissing
    if not may_assign(found, by):
        raise MoveRefused(_("Only a report that was sent is given to an officer."))
    if person is not None and not officers_for(found).filter(pk=person.pk).exists():
        raise InvalidInput({"person": [_("Choose somebody of the division.")]})
    if found.assignee_id == (person.pk if person else None):
        raise InvalidInput({"person": [_("Nothing was changed.")]})
    with as_system():
        found.assignee = person
        save(found, by=by, at=timezone.now(), reason="")
        messages.tell_of_assignment(found, by=by)
    return found
