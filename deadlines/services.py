"""Starting, stopping and pausing clocks. Everything here runs inside the caller's transaction, best while the caller
holds the lock of the record; deadlines are locked here as well, so that a sweep and a deed never cross."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min, Model, Q
from django.utils import timezone
from psycopg.types.json import Jsonb

from accounts.services import engine
from common.exceptions import ReasonRequired
from common.statements import run
from deadlines import editions, registry, standing
from deadlines.choices import LIVE, State
from deadlines.editions import Reference
from deadlines.models import Deadline, DeadlineQuerySet, Pause
from deadlines.planning import Judgement, judge, schedule, term_of
from deadlines.replanning import PLANNED, pauses_of, replan, save, say_moved

# One statement, whatever is there already: the same round again, or one still running, changes nothing.
_OPEN = """
INSERT INTO deadlines_deadline (
    about_type_id, about_id, reference, obligation, cycle, state, starts_at, due_at, original_due_at, is_provisional,
    rule_id, ladder_id, calendar_version, derivation, moments, positions, planned_at, step, next_at, level, fault,
    by_id, reason)
SELECT %(about_type)s, %(about_id)s, %(reference)s, wanted.obligation,
       coalesce(%(cycle)s, 1 + coalesce((SELECT max(cycle) FROM deadlines_deadline known
                                         WHERE known.about_type_id = %(about_type)s
                                           AND known.about_id = %(about_id)s
                                           AND known.obligation = wanted.obligation), 0)),
       'running', %(start)s, wanted.due_at, wanted.due_at, wanted.is_provisional, wanted.rule, wanted.ladder,
       %(calendar)s, wanted.derivation, wanted.moments::timestamptz[], wanted.positions::smallint[], %(now)s, 0,
       wanted.next_at, 0, '', %(by)s, ''
FROM unnest(%(obligations)s::text[], %(due)s::timestamptz[], %(provisional)s::bool[], %(rules)s::bigint[],
            %(ladders)s::bigint[], %(derivations)s::jsonb[], %(moments)s::text[], %(positions)s::text[],
            %(next)s::timestamptz[])
     AS wanted(obligation, due_at, is_provisional, rule, ladder, derivation, moments, positions, next_at)
ON CONFLICT DO NOTHING
RETURNING id, about_type_id, about_id, reference, obligation, cycle, state, starts_at, due_at
"""
_PAUSED = ("paused_at", "paused_total", "stands_until")
# what callers ask of a deadline that was just opened; the rest is read when somebody does
_COLUMNS = ("id", "about_type_id", "about_id", "reference", "obligation", "cycle", "state", "starts_at", "due_at")


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
        found = run(_OPEN, _values(about, judged, reference, start, by, cycle))
        rows = [Deadline.from_db(connection.alias, _COLUMNS, row) for row in found]
        missing = set(judged) - {row.obligation for row in rows}
        if missing:
            wanted = Q(cycle=cycle) if cycle is not None else Q(state__in=LIVE)
            rows += Deadline.objects.about(about).filter(wanted, obligation__in=missing)
    return sorted(rows, key=lambda row: obligations.index(row.obligation))


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
        planned = schedule(reference, judgement.rule.term, judgement.rule.ladder_id, start)
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
                calendar_version=reference.calendar.version,
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
    about: Model,
    judged: Mapping[str, Judgement],
    reference: Reference,
    start: datetime,
    by: Any,
    cycle: int | None,
) -> dict[str, Any]:
    plans = [schedule(reference, judgement.rule.term, judgement.rule.ladder_id, start) for judgement in judged.values()]
    return {
        "about_type": registry.content_type(registry.label_of(about)).pk,
        "about_id": about.pk,
        "reference": _reference_of(about),
        "cycle": cycle,
        "start": start,
        "now": timezone.now(),
        "calendar": reference.calendar.version,
        "by": actor(by).pk,
        "obligations": list(judged),
        "due": [each.due_at for each in plans],
        "provisional": [each.is_provisional for each in plans],
        "rules": [judgement.rule.pk for judgement in judged.values()],
        "ladders": [judgement.rule.ladder_id for judgement in judged.values()],
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


def actor(by: Any) -> Any:
    """Who acts: the person, or the system's own account where nobody is signed in."""
    return by if getattr(by, "pk", None) else engine()


# --- stopping --------------------------------------------------------------------------------------------------------


@transaction.atomic
def finish(about: Model, obligations: Iterable[str], *, at: datetime, by: Any) -> list[Deadline]:
    """These obligations were met at `at`: fix the on-time verdict for good. Those not running are left alone."""
    found = _locked(about, obligations)
    moved = _end_pauses(found, at=at, by=by)
    for row in found:
        row.state, row.finished_at, row.on_time = State.DONE, at, at <= row.due_at
        row.next_at, row.ended_by = None, actor(by)
    save(found, "state", "finished_at", "on_time", "next_at", "ended_by", *moved)
    return found


@transaction.atomic
def cancel(about: Model, obligations: Iterable[str] | None = None, *, by: Any, reason: str) -> list[Deadline]:
    """These obligations (None: all) no longer exist, without a verdict: merged, transferred, another legal kind."""
    if not reason.strip():
        raise ReasonRequired
    found = _locked(about, obligations)
    moved = _end_pauses(found, at=timezone.now(), by=by)
    for row in found:
        row.state, row.next_at, row.ended_by, row.reason = State.CANCELLED, None, actor(by), reason
    save(found, "state", "next_at", "ended_by", "reason", *moved)
    return found


# --- pausing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def pause(
    about: Model, *, reason: str, by: Any, at: datetime, obligations: Iterable[str] | None = None
) -> list[Deadline]:
    """Stop the clocks that run until `resume`; their steps stop as well. Those paused already stay as they are, those
    whose rule never lets them stand run on.

    A pause begins no earlier than the term or the end of the pause before. Raises `MoveRefused` when a clock stood as
    often or as long as its rule allows."""
    if not reason.strip():
        raise ReasonRequired
    running = [row for row in _locked(about, obligations) if row.state == State.RUNNING]
    found = [row for row in running if not standing.never_stands(row.derivation)]
    if not found:
        return []
    before, pauses = pauses_of(found), []
    for row in found:
        standing.check(row, before[row.pk])
        begins = max([at, row.starts_at, *(ended.ends_at for ended in before[row.pk] if ended.ends_at)])
        row.state, row.paused_at, row.next_at = State.PAUSED, begins, None
        row.stands_until = standing.latest_end(row.derivation, begins, row.paused_total)
        pauses.append(Pause(deadline=row, starts_at=begins, reason=reason, by=actor(by)))
    Pause.objects.bulk_create(pauses)
    save(found, "state", "paused_at", "stands_until", "next_at")
    return found


@transaction.atomic
def resume(about: Model, *, by: Any, at: datetime, obligations: Iterable[str] | None = None) -> list[Deadline]:
    """Let paused clocks run on: what was left of the term is left now, and the steps still to come move with it."""
    found = [row for row in _locked(about, obligations) if row.state == State.PAUSED]
    run_on(found, at=at, by=by)
    return found


def run_on(paused: Sequence[Deadline], *, at: datetime, by: Any) -> None:
    """The same for deadlines that the caller has locked."""
    save(paused, "state", *_end_pauses(paused, at=at, by=by))


def _end_pauses(found: Sequence[Deadline], *, at: datetime, by: Any) -> tuple[str, ...]:
    """Close the pauses that are open at `at` and compute those due moments anew: the deadlines run again. A pause that
    had to end before ended then, whenever somebody notices.

    They are not saved here; returns the fields that may have changed besides the state."""
    paused = [row for row in found if row.state == State.PAUSED]
    if not paused:
        return ()
    pauses = pauses_of(paused)
    for row in paused:
        opened = next(each for each in pauses[row.pk] if each.ends_at is None)
        opened.ends_at = max(min(at, row.stands_until or at), opened.starts_at)
        opened.ended_by = actor(by)
        opened.save(update_fields=["ends_at", "ended_by"])
        row.state, row.paused_at, row.stands_until = State.RUNNING, None, None
        row.paused_total = (row.paused_total or timedelta()) + (opened.ends_at - opened.starts_at)
    replan(paused, editions.current(), pauses)
    return (*_PAUSED, *PLANNED)


# --- judging anew ----------------------------------------------------------------------------------------------------


@transaction.atomic
def reconsider(
    about: Model,
    *,
    facts: Mapping[str, str],
    by: Any,
    reason: str,
    moments: Mapping[str, datetime] | None = None,
) -> list[Deadline]:
    """After a correction of the record: live clocks follow the rules that fit now, from the same start, and the
    events that they count from where `moments` gives another than they knew.

    The rule and due moment before stay in the derivation, the first due moment on the row. Returns those that
    changed; a clock that no rule fits any more keeps its old rule."""
    found = _locked(about, None)
    if not found:
        return []
    reference, label = editions.current(), registry.label_of(about)
    changed = []
    for row in found:
        known = {**_moments_of(row), **(moments or {})}
        judgement = judge(reference, label, row.obligation, row.starts_at, facts, known)
        if judgement and _differs(row, judgement):
            _follow(row, judgement, by=by, reason=reason)
            changed.append(row)
    replan(changed, reference, pauses_of(changed) if changed else {})
    save(changed, "rule", "ladder", "derivation", "stands_until", *PLANNED)
    return changed


@transaction.atomic
def convert(
    about: Model,
    *,
    facts: Mapping[str, str],
    by: Any,
    at: datetime,
    reason: str,
    instead: Mapping[str, str] | None = None,
) -> list[Deadline]:
    """The record became another kind before the law: each clock that another rule governs now ends as it stands,
    without a verdict, and a new round begins at `at`; the old one is kept. A clock that stood stands on.

    `instead` names obligations that others take the place of. Returns the new clocks. Clocks that no other rule
    governs are left alone."""
    reference, label = editions.current(), registry.label_of(about)
    ended: list[str] = []
    begun: dict[str, bool] = {}
    for row in _locked(about, None):
        obligation = (instead or {}).get(row.obligation, row.obligation)
        judgement = judge(reference, label, obligation, at, facts)
        if judgement and judgement.rule.pk != row.rule_id:
            ended.append(row.obligation)
            begun[obligation] = row.state == State.PAUSED
    if not begun:
        return []
    cancel(about, ended, by=by, reason=reason)
    opened = open_deadlines(about, list(begun), start=at, facts=facts, by=by)
    if stood := [obligation for obligation, is_paused in begun.items() if is_paused]:
        pause(about, reason=reason, by=by, at=at, obligations=stood)
    return opened


def _moments_of(row: Deadline) -> dict[str, datetime]:
    """The event that a deadline counts from, by name."""
    at = term_of(row.derivation).at
    return {row.derivation["event"]: at} if at else {}


def _differs(row: Deadline, judgement: Judgement) -> bool:
    """A granted extension of the same rule stays; another rule begins with its own term."""
    before = term_of({**row.derivation, "amount": row.derivation.get("base", row.derivation["amount"])})
    return row.rule_id != judgement.rule.pk or before != judgement.rule.term


def _follow(row: Deadline, judgement: Judgement, *, by: Any, reason: str) -> None:
    row.derivation = {**judgement.derivation, "earlier": _earlier(row, by=by, reason=reason)}
    row.rule_id, row.ladder_id = judgement.rule.pk, judgement.rule.ladder_id
    if row.paused_at:
        row.stands_until = standing.latest_end(row.derivation, row.paused_at, row.paused_total)


def _earlier(row: Deadline, *, by: Any, reason: str, **more: Any) -> list[dict[str, Any]]:
    """What a deadline remembers of the due moments it had, with the present one."""
    before = {
        "rule": row.derivation["rule"],
        "due_at": row.due_at.isoformat(),
        "reason": reason,
        "by": actor(by).pk,
        "at": timezone.now().isoformat(),
        **more,
    }
    return [*row.derivation.get("earlier", []), before]


@transaction.atomic
def lengthen(deadline: Deadline, amount: int, *, by: Any, reason: str) -> None:
    """Let the whole term be `amount`: due moment and steps still to come are computed anew from the same start.

    The deadline is locked and live; whoever calls has checked that it may be (`deadlines.extensions`)."""
    kept = deadline.derivation
    earlier = _earlier(deadline, by=by, reason=reason, extended_from=kept["amount"])
    deadline.derivation = {**kept, "base": kept.get("base", kept["amount"]), "amount": amount, "earlier": earlier}
    replan([deadline], editions.current(), pauses_of([deadline]))
    save([deadline], "derivation", *PLANNED)
    say_moved([deadline])


# --- asking ----------------------------------------------------------------------------------------------------------


def next_due(about: Model) -> datetime | None:
    """The nearest due moment of what runs; None when nothing does. One query."""
    nearest: datetime | None = Deadline.objects.about(about).running().aggregate(at=Min("due_at"))["at"]
    return nearest


def deadlines_of(about: Model) -> DeadlineQuerySet:
    """All deadlines of a record, the nearest first."""
    return Deadline.objects.about(about).order_by("due_at", "pk")


def _locked(about: Model, obligations: Iterable[str] | None) -> list[Deadline]:
    """Live deadlines of a record, locked until the transaction ends. One query, none for an empty list."""
    rows = Deadline.objects.about(about).live()
    if obligations is not None:
        wanted = tuple(obligations)
        if not wanted:
            return []
        rows = rows.filter(obligation__in=wanted)
    return list(rows.order_by("pk").select_for_update())
