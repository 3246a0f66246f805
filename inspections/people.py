"""Who may go: people of the department whom nothing ties to the facility."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Recusal, User
from common.models import valid_on
from common.scope import as_system
from inspections.rules import CONDUCT

RIGHTS = {
    "lead": "feedback.lead_working_group",
    "director": "feedback.direct_department",
    "higher": "feedback.oversee_department",
}


def inspectors() -> Any:
    """Everybody who may conduct inspections, as a queryset for a list of choices."""
    return User.objects.with_permission(CONDUCT).order_by("display_name", "username")


def conflict_of(person: Any, facility_id: int, day: date) -> Promise | None:
    """What ties a person to a facility on a day: a recusal, or belonging to it. Two queries, as the system: who is kept
    from what is not for everybody to read, so the sentence does not say which of the two it is."""
    with as_system():
        is_kept = Recusal.objects.holding(day).filter(user=person, facility=facility_id).exists()
        belongs = Membership.objects.filter(valid_on(day), user=person, facility=facility_id).exists()
    if is_kept or belongs:
        return _("This person cannot inspect this facility: they are kept from it, or belong to it.")
    return None


def kept_pairs(facilities: list[int]) -> set[tuple[int, int]]:
    """Pairs of people and the facilities that they are kept from today. One query."""
    holding = Recusal.objects.holding(timezone.localdate()).filter(facility__in=facilities)
    return set(holding.values_list("user_id", "facility_id"))


def members_of(facility_id: int) -> set[int]:
    """The active people who belong to a facility today."""
    rows = Membership.objects.filter(valid_on(timezone.localdate()), user__is_active=True, facility=facility_id)
    return set(rows.values_list("user_id", flat=True))


def holding(right: str) -> set[int]:
    """The people who hold a right today."""
    return set(User.objects.with_permission(right).values_list("pk", flat=True))
