"""Starting clocks: which rule applies, until when, and the rows, in one statement however many they are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, Q
from django.utils import timezone
from psycopg.types.json import Jsonb

from common.statements import run
from deadlines import editions, registry
from deadlines.choices import LIVE
from deadlines.editions import Reference
from deadlines.models import Deadline
from deadlines.planning import Judgement, judge, schedule
from deadlines.services.asking import actor

# One statement, whatever is there already: the same round again, or one still running, changes nothing.
_OPEN = """
INSERT INTO deadlines_deadline (
    about_type_id, about_id, reference, obligation, cycle, state, starts_at, due_at, original_due_at, is_provisional,
    rule_id, ladder_id, calendar_version, derivation, moments, positions, planned_at, step, next_at, level, fault,
    by_id, reason)
SELECT %(about_type)s, about.id, about.reference, wanted.obligation,
       coalesce(%(cycle)s, 1 + coalesce((SELECT max(cycle) FROM deadlines_deadline known
                                         WHERE known.about_type_id = %(about_type)s
                                           AND known.about_id = about.id
                                           AND known.obligation = wanted.obligation), 0)),
       'running', %(start)s, wanted.due_at, wanted.due_at, wanted.is_provisional, wanted.rule, wanted.ladder,
       %(calendar)s, wanted.derivation, wanted.moments::timestamptz[], wanted.positions::smallint[], %(now)s, 0,
       wanted.next_at, 0, '', %(by)s, ''
FROM unnest(%(abouts)s::bigint[], %(references)s::text[]) AS about(id, reference)
CROSS JOIN unnest(%(obligations)s::text[], %(due)s::timestamptz[], %(provisional)s::bool[], %(rules)s::bigint[],
            %(ladders)s::bigint[], %(derivations)s::jsonb[], %(moments)s::text[], %(positions)s::text[],
            %(next)s::timestamptz[])
     AS wanted(obligation, due_at, is_provisional, rule, ladder, derivation, moments, positions, next_at)
ON CONFLICT DO NOTHING
"""
# what callers ask of a deadline that was just opened; the rest is read when somebody does
_COLUMNS = ("id", "about_type_id", "about_id", "reference", "obligation", "cycle", "state", "starts_at", "due_at")
_OPEN_AND_TELL = f"{_OPEN} RETURNING {', '.join(_COLUMNS)}"


def open_deadline(
    about: Model,
    obligation: str,
    *,
    start: datetime,
    facts: Mapping[str, str],
    by: Any,
    cycle: int | None = None,
    moments: Mapping[str, datetime] | None = None,
) -> Deadline | None:
    """Start the clock of one obligation; see `open_deadlines`. None when no rule fits."""
    opened = open_deadlines(about, [obligation], start=start, facts=facts, by=by, cycle=cycle, moments=moments)
    return opened[0] if opened else None


def open_deadlines(
    about: Model,
    obligations: Sequence[str],
    *,
    start: datetime,
    facts: Mapping[str, str],
    by: Any,
    cycle: int | None = None,
    moments: Mapping[str, datetime] | None = None,
) -> list[Deadline]:
    """Start the clocks of some obligations by the rules that fit; those without a rule are left out. Two queries.

    While a clock of the same obligation runs or pauses, that one is returned and nothing changes. After it ended the
    next round begins; a caller that may run twice names the round as `cycle`, which then exists once.

    `moments` gives the events that happened, or will, by name: rules that count from one fit once it is given."""
    reference, label = editions.current(), registry.label_of(about)
    judged = _judged(reference, label, obligations, start, facts, moments)
    if not judged:
        return []
    with transaction.atomic(savepoint=False):
        abouts = {about.pk: _reference_of(about)}
        found = run(_OPEN_AND_TELL, _values(label, abouts, judged, reference, start, by, cycle))
        rows = [Deadline.from_db(connection.alias, _COLUMNS, row) for row in found]
        missing = set(judged) - {row.obligation for row in rows}
        if missing:
            wanted = Q(cycle=cycle) if cycle is not None else Q(state__in=LIVE)
            rows += Deadline.objects.about(about).filter(wanted, obligation__in=missing)
    return sorted(rows, key=lambda row: obligations.index(row.obligation))


def open_for_each(
    label: str,
    references: Mapping[int, str],
    obligations: Sequence[str],
    *,
    start: datetime,
    facts: Mapping[str, str],
    by: Any,
    moments: Mapping[str, datetime] | None = None,
) -> int:
    """The same for many records of one kind (`app_label.model`) at once, of which the same facts are true: their keys
    with what people call them. Judged and planned once; returns how many clocks were started. One statement, however
    many records."""
    reference = editions.current()
    judged = _judged(reference, label, obligations, start, facts, moments)
    if not judged or not references:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, _values(label, references, judged, reference, start, by, None))
        return int(cursor.rowcount)


def first_deadlines(
    about: Model,
    obligations: Sequence[str],
    *,
    start: datetime,
    facts: Mapping[str, str],
    by: Any,
    reference: Reference,
) -> list[Deadline]:
    """The first clocks of a record that is only now being made, for its maker to write together with it. No query.

    Only for a record that nobody else can know yet: it has its key, and no deadline."""
    label = registry.label_of(about)
    judged = _judged(reference, label, obligations, start, facts)
    about_type, person, name = registry.content_type(label), actor(by), _reference_of(about)
    found = []
    for obligation, judgement in judged.items():
        planned = schedule(
            reference, judgement.rule.term, judgement.rule.ladder_id, start, authority=judgement.rule.authority
        )
        found.append(
            Deadline(
                about_type=about_type,
                about_id=about.pk,
                reference=name,
                obligation=obligation,
                starts_at=start,
                due_at=planned.due_at,
                original_due_at=planned.due_at,
                is_provisional=planned.is_provisional,
                rule_id=judgement.rule.pk,
                ladder_id=judgement.rule.ladder_id,
                calendar_version=reference.version,
                derivation=judgement.derivation,
                moments=planned.moments,
                positions=planned.positions,
                planned_at=timezone.now(),
                next_at=planned.next_at,
                by=person,
            )
        )
    return found


def _judged(
    reference: Reference,
    label: str,
    obligations: Iterable[str],
    start: datetime,
    facts: Mapping[str, str],
    moments: Mapping[str, datetime] | None = None,
) -> dict[str, Judgement]:
    """The rules that fit, by obligation; an obligation without one is left out."""
    return {
        obligation: judgement
        for obligation in obligations
        if (judgement := judge(reference, label, obligation, start, facts, moments))
    }


def _values(
    label: str,
    references: Mapping[int, str],
    judged: Mapping[str, Judgement],
    reference: Reference,
    start: datetime,
    by: Any,
    cycle: int | None,
) -> dict[str, Any]:
    rules = [judgement.rule for judgement in judged.values()]
    plans = [schedule(reference, rule.term, rule.ladder_id, start, authority=rule.authority) for rule in rules]
    return {
        "about_type": registry.content_type(label).pk,
        "abouts": list(references),
        "references": [name[:60] for name in references.values()],
        "cycle": cycle,
        "start": start,
        "now": timezone.now(),
        "calendar": reference.version,
        "by": actor(by).pk,
        "obligations": list(judged),
        "due": [each.due_at for each in plans],
        "provisional": [each.is_provisional for each in plans],
        "rules": [rule.pk for rule in rules],
        "ladders": [rule.ladder_id for rule in rules],
        "derivations": [Jsonb(judgement.derivation) for judgement in judged.values()],
        "moments": [_array(moment.isoformat() for moment in each.moments) for each in plans],
        "positions": [_array(str(position) for position in each.positions) for each in plans],
        "next": [each.next_at for each in plans],
    }


def _array(values: Iterable[str]) -> str:
    return "{" + ",".join(f'"{value}"' for value in values) + "}"


def _reference_of(about: Model) -> str:
    """What people call the record: its own field where it has one, which saves asking its app."""
    own = getattr(about, "reference", None)
    if own is None:
        own = registry.subject_of(registry.label_of(about)).references([about.pk]).get(about.pk, "")
    return str(own)
