"""Drawing up scores and publishing them. Scores are drawn up by a person, for days that are over; what was drawn up
stays as it is, and whoever thinks otherwise draws up another round."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, MoveRefused, RightMissing, SecondPersonNeeded, StaleVersion
from common.models import valid_on
from common.scope import as_system
from common.text import clean, has_unstorable
from directives import messages
from directives.choices import ScorePart
from directives.emulation.parts import Weight, scored
from directives.models import ScoreRound, ScoreWeight, UnitScore
from directives.tallies import tallied

PROPOSE, DECIDE = "directives.propose_merit", "directives.decide_merit"
NOTE_LENGTH = 2000


def weights_on(day: date) -> list[Weight]:
    """The weights that hold on a day, in the order of the parts: of each part the one that began last. One query."""
    rows = ScoreWeight.objects.filter(valid_on(day)).order_by(F("valid_from").asc(nulls_first=True), "id")
    newest = {row.part: Weight(row.part, row.points, row.source) for row in rows}
    return [newest[part] for part in ScorePart.values if part in newest]


@transaction.atomic
def draw_up(starts_on: date, ends_on: date, *, by: Any, note: str = "", at: datetime | None = None) -> ScoreRound:
    """Score every facility that had something due in these days. Three statements and one for the rows.

    Raises `RightMissing`, `InvalidInput`."""
    if not by.has_perm(PROPOSE):
        raise RightMissing
    now = at or timezone.now()
    wrong: dict[str, list[Any]] = {}
    if ends_on < starts_on:
        wrong["ends_on"] = [_("The last day must not come before the first.")]
    elif ends_on > timezone.localdate(now):
        wrong["ends_on"] = [_("Score days that are over.")]
    if has_unstorable(note) or len(clean(note)) > NOTE_LENGTH:
        wrong["note"] = [_("At most %(count)s characters.") % {"count": NOTE_LENGTH}]
    weights = weights_on(ends_on)
    if not weights:
        wrong["starts_on"] = [_("No weights hold on the last day: enter them first.")]
    if wrong:
        raise InvalidInput(wrong)
    with as_system():
        made = ScoreRound.objects.create(
            starts_on=starts_on, ends_on=ends_on, as_of=now, note=clean(note), drawn_by=by,
            weights=[weight.as_row() for weight in weights],
        )  # fmt: skip
        UnitScore.objects.bulk_create(
            UnitScore(round=made, facility_id=facility, points=found.points, parts=list(found.parts))
            for (facility,), tally in tallied(starts_on, ends_on, now, ["facility"]).items()
            if tally.due
            for found in [scored(tally, weights)]
        )
        messages.tell_of_round(made, by=by)
    return made


def locked(found: ScoreRound, by: Any, version: int) -> ScoreRound:
    """The round as it stands, nobody else writing it. Raises `Http404`, `StaleVersion`."""
    rows = ScoreRound.objects.visible_to(by).select_for_update(no_key=True, of=("self",))
    row: ScoreRound | None = rows.filter(pk=found.pk).first()
    if row is None:
        raise Http404
    if row.version != version:
        raise StaleVersion(current_version=row.version)
    return row


@transaction.atomic
def publish(found: ScoreRound, *, by: Any, version: int) -> ScoreRound:
    """Let each facility read its own score. A second person publishes what one drew up.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `SecondPersonNeeded`."""
    row = locked(found, by, version)
    if not by.has_perm(DECIDE):
        raise RightMissing
    if row.published_at is not None:
        raise MoveRefused(_("These scores are published already."))
    if row.drawn_by_id == by.pk:
        raise SecondPersonNeeded(_("This step needs a second person: whoever drew the scores up cannot publish them."))
    with as_system():
        row.published_at, row.published_by, row.version = timezone.now(), by, row.version + 1
        row.save()
    return row
