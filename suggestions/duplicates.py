"""Cases that may be about the matter of a text: among those that the reader sees, and never a confidential one.

The newest of the facility's cases in a window are asked for by index, then compared; no other row is looked at."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from facilities.models import Facility
from feedback.models import Case
from suggestions.engine.model import shipped
from suggestions.engine.pairs import Told, shipped_judge

WINDOW = timedelta(days=30)
COMPARED = 60
SHOWN = 3


@dataclass(frozen=True)
class Twin:
    """A case that may be about the same matter, and how likely it is."""

    case: Case
    probability: float


def twins_of(body: str, facility: Facility | None, at: datetime, *, reader: Any, but: int | None = None) -> list[Twin]:
    """The likeliest cases of one matter, at most three; none without a facility. One query."""
    if facility is None:
        return []
    cases = Case.objects.visible_to(reader).filter(
        facility=facility, is_confidential=False, received_at__gte=at - WINDOW, received_at__lte=at
    )
    others = cases if but is None else cases.exclude(pk=but)
    newest = others.order_by("-received_at", "-id").only("reference", "body", "received_at", "status")
    judge, rarity, told = shipped_judge(), shipped().idf, Told.of(body, facility.code, at)
    twins = [
        Twin(case, judge.probability(told, Told.of(case.body, facility.code, case.received_at), rarity))
        for case in newest[:COMPARED]
    ]
    likely = [twin for twin in twins if twin.probability >= judge.offered_from]
    return sorted(likely, key=lambda twin: -twin.probability)[:SHOWN]
