"""Who is kept from which facilities, for whoever tells several people of several records at once."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import Recusal


def kept_pairs(facilities: Iterable[int]) -> set[tuple[int, int]]:
    """Pairs of people and those of these facilities that they are kept from today. One query."""
    holding = Recusal.objects.holding(timezone.localdate()).filter(facility__in=list(facilities))
    return set(holding.values_list("user_id", "facility_id"))
