"""Computing due moments and steps anew from what each deadline froze, for deeds and for a new calendar."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from deadlines import registry
from deadlines.choices import State
from deadlines.editions import Reference
from deadlines.ladders import Said
from deadlines.models import Deadline, Escalation, Pause
from deadlines.planning import schedule, term_of
from deadlines.rules import authority_of

PLANNED = ("due_at", "is_provisional", "calendar_version", "moments", "positions", "planned_at", "step", "next_at")


def replan(found: Sequence[Deadline], reference: Reference, pauses: Mapping[int, Sequence[Pause]]) -> None:
    """Compute due moments and steps anew from what each deadline froze. One query; nothing is saved here."""
    ledger: dict[int, list[Escalation]] = {row.pk: [] for row in found}
    if found:
        for each in Escalation.objects.filter(deadline__in=found):
            ledger[each.deadline_id].append(each)
    for row in found:
        ended = [(each.starts_at, each.ends_at) for each in pauses[row.pk] if each.ends_at]
        planned = schedule(
            reference,
            term_of(row.derivation),
            row.ladder_id,
            row.starts_at,
            authority=authority_of(row.derivation),
            pauses=ended,
            taken={each.step for each in ledger[row.pk] if each.ladder_id == row.ladder_id},
            is_acknowledged=row.acknowledged_at is not None,
            said=_said(row, ledger[row.pk]),
        )
        row.due_at, row.is_provisional = planned.due_at, planned.is_provisional
        row.calendar_version, row.step = reference.version, 0
        row.moments, row.positions, row.planned_at = planned.moments, planned.positions, timezone.now()
        row.next_at = planned.next_at if row.state == State.RUNNING else None


def _said(row: Deadline, ledger: Sequence[Escalation]) -> Said | None:
    """What the ladders that this clock had before took, where a correction gave it another one."""
    since = row.derivation.get("ladder_since")
    earlier = [each for each in ledger if each.ladder_id != row.ladder_id]
    if not since or not earlier:
        return None
    levels: dict[str, int] = {}
    for each in earlier:
        levels[each.action] = max(each.level, levels.get(each.action, -1))
    return Said(datetime.fromisoformat(since), levels)


def pauses_of(found: Sequence[Deadline]) -> dict[int, list[Pause]]:
    """The pauses of each of these deadlines. One query."""
    pauses: dict[int, list[Pause]] = {row.pk: [] for row in found}
    for each in Pause.objects.filter(deadline__in=found):
        pauses[each.deadline_id].append(each)
    return pauses


def say_moved(found: Sequence[Deadline]) -> None:
    """Let the apps of these records bring up to date what they derive from due moments."""
    records: dict[int, set[int]] = {}
    for row in found:
        records.setdefault(row.about_type_id, set()).add(row.about_id)
    for type_id, ids in records.items():
        subject = registry.subject_of(registry.label_of_type(type_id))
        if subject.on_moved:
            subject.on_moved(sorted(ids))


def save(found: Sequence[Deadline], *fields: str) -> None:
    """Write these fields, in one statement where there are several deadlines."""
    if len(found) == 1:
        found[0].save(update_fields=fields)
    elif found:
        Deadline.objects.bulk_update(found, fields)
