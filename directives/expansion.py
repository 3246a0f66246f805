"""From obligations to assignments: one row for every facility of the class and every period, made in few statements.

What should be there follows from the obligations, the classes of parties, the facilities and the calendar as they
stand; `expand` makes it so and a second run changes nothing. Only what is missing is written, so no number is burnt.
An assignment is withdrawn when its facility ends or leaves the class, never once a report was handed in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.services import engine
from common.scope import as_system
from deadlines import editions
from directives import periods
from directives.choices import OF_FACILITIES, ONCE, ObligationState, Status
from directives.clocks import follow
from directives.models import Assignment, ExpansionRun, Obligation

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('directives_expansion'))"
# Everything that the assignments hang on: a run is needed when one of these moved, and once a day.
_MARK = """
SELECT concat_ws(' ', %s::text, (SELECT max(history_id) FROM facilities_historicalfacility),
       (SELECT max(history_id) FROM directives_historicalobligation),
       (SELECT max(history_id) FROM directives_historicalpartyrule),
       (SELECT max(id) FROM deadlines_edition WHERE kind = 'calendar'))
"""
# Does the class of the obligation hold the facility on that day?
_COVERS = """
EXISTS (SELECT FROM directives_partyrule rule
        WHERE rule.party = ANY(obligation.parties) AND rule.type = facility.type
          AND (rule.managing_body = '' OR rule.managing_body = facility.managing_body)
          AND (NOT rule.with_beds OR facility.beds > 0)
          AND (rule.valid_from IS NULL OR rule.valid_from <= {day})
          AND (rule.valid_to IS NULL OR rule.valid_to > {day}))
"""
_INSERT = f"""
INSERT INTO directives_assignment (obligation_id, directive_id, facility_id, period, due_on, due_at, status, version,
                                   made_at)
SELECT obligation.id, obligation.directive_id, facility.id, wanted.period, wanted.due_on, wanted.due_at, 'open', 1,
       %(now)s
FROM unnest(%(obligations)s::bigint[], %(periods)s::date[], %(due_on)s::date[], %(due_at)s::timestamptz[])
     AS wanted(obligation, period, due_on, due_at)
JOIN directives_obligation obligation ON obligation.id = wanted.obligation
JOIN facilities_facility facility ON facility.status <> 'ended'
     AND (facility.valid_from IS NULL OR facility.valid_from <= coalesce(wanted.due_on, %(today)s))
WHERE {_COVERS.format(day="coalesce(wanted.due_on, %(today)s)")}
  AND NOT EXISTS (SELECT FROM directives_assignment known WHERE known.obligation_id = obligation.id
                    AND known.facility_id = facility.id AND known.period = wanted.period)
ORDER BY wanted.period, obligation.id, facility.id
RETURNING id
"""
# Withdrawn ones of a facility that came back, or came back into the class; not those that another took over.
_REOPEN = f"""
UPDATE directives_assignment known SET status = 'open', version = known.version + 1
FROM directives_obligation obligation, facilities_facility facility,
     unnest(%(obligations)s::bigint[], %(periods)s::date[]) AS wanted(obligation, period)
WHERE wanted.obligation = known.obligation_id AND wanted.period = known.period
  AND known.status = 'withdrawn' AND known.taken_over_by_id IS NULL AND obligation.id = known.obligation_id
  AND facility.id = known.facility_id AND obligation.state = 'open' AND facility.status <> 'ended'
  AND coalesce(known.due_on, %(today)s) >= %(today)s
  AND {_COVERS.format(day="coalesce(known.due_on, %(today)s)")}
RETURNING known.id
"""
# A facility that left the class owes what was due before, and so does a closed obligation where that was chosen
# (`closing`); a facility that ended owes nothing.
_WITHDRAW = f"""
UPDATE directives_assignment known SET status = 'withdrawn', version = known.version + 1
FROM directives_obligation obligation, facilities_facility facility
WHERE known.status = 'open' AND known.handed_in_at IS NULL AND obligation.id = known.obligation_id
  AND facility.id = known.facility_id
  AND (facility.status = 'ended'
       OR obligation.state = 'closed' AND (known.due_on IS NULL OR known.due_on > obligation.closed_on)
       OR coalesce(known.due_on, %(today)s) >= %(today)s
          AND NOT {_COVERS.format(day="coalesce(known.due_on, %(today)s)")})
RETURNING known.id
"""
# What an obligation no longer asks for: its rule was changed, and nobody reported on these days.
_OUTDATED = """
UPDATE directives_assignment known SET status = 'withdrawn', version = known.version + 1
WHERE known.status = 'open' AND known.handed_in_at IS NULL AND known.obligation_id = ANY(%(all)s)
  AND coalesce(known.due_on, %(until)s) >= %(today)s AND known.period <= %(until)s
  AND (known.due_on IS NOT NULL OR known.obligation_id = ANY(%(dated)s))
  AND NOT EXISTS (SELECT FROM unnest(%(obligations)s::bigint[], %(periods)s::date[]) AS wanted(obligation, period)
                  WHERE wanted.obligation = known.obligation_id AND wanted.period = known.period)
RETURNING known.id
"""
# The calendar moved, or the rule of how many working days later.
_MOVED = """
UPDATE directives_assignment known SET due_on = wanted.due_on, due_at = wanted.due_at
FROM unnest(%(obligations)s::bigint[], %(periods)s::date[], %(due_on)s::date[], %(due_at)s::timestamptz[])
     AS wanted(obligation, period, due_on, due_at)
WHERE known.obligation_id = wanted.obligation AND known.period = wanted.period AND known.status IN ('open', 'returned')
  AND known.due_on IS DISTINCT FROM wanted.due_on
RETURNING known.id
"""


@dataclass
class Wanted:
    """The periods of all open obligations, column by column, as the statements take them."""

    obligations: list[int] = field(default_factory=list)
    periods: list[date] = field(default_factory=list)
    due_on: list[date | None] = field(default_factory=list)
    due_at: list[Any] = field(default_factory=list)
    all: list[int] = field(default_factory=list)  # every obligation that was asked
    dated: list[int] = field(default_factory=list)  # those of them that are due on days

    def add(self, obligation: int, period: date, due_on: date | None) -> None:
        self.obligations.append(obligation)
        self.periods.append(period)
        self.due_on.append(due_on)
        self.due_at.append(periods.due_moment(due_on) if due_on else None)


def expand(*, by: Any = None, today: date | None = None, is_forced: bool = False) -> ExpansionRun | None:
    """Make the assignments be as they should; None when nothing moved that they hang on.

    Some ten statements, whatever the number of facilities. Two runs at a time take turns."""
    by, day = by or engine(), today or timezone.localdate()
    with transaction.atomic(), as_system():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
            cursor.execute(_MARK, [str(day)])
            mark = cursor.fetchone()[0]
        newest = ExpansionRun.objects.order_by("-id").values_list("mark", flat=True).first()
        if newest == mark and not is_forced:
            return None
        made, withdrawn = _apply(wanted(day), day, by)
        return ExpansionRun.objects.create(
            at=timezone.now(), until=day + timedelta(days=periods.HORIZON), mark=mark, made=made, withdrawn=withdrawn,
            by=by,
        )  # fmt: skip


def wanted(today: date) -> Wanted:
    """What each open obligation asks for, from now on as far as assignments are made ahead. One query."""
    calendar, found = editions.current().calendar, Wanted()
    rows = Obligation.objects.filter(state=ObligationState.OPEN, parties__overlap=list(map(str, OF_FACILITIES)))
    for row in rows.order_by("pk"):
        found.all.append(row.pk)
        if not row.recurrence or (row.recurrence == ONCE and row.due_on is None):
            if row.starts_on <= today + timedelta(days=periods.HORIZON):
                found.add(row.pk, row.starts_on, None)
            continue
        found.dated.append(row.pk)
        until = today + timedelta(days=periods.horizon_of(row.recurrence))
        for period in periods.due_days(row.recurrence, row.starts_on, until, once_on=row.due_on):
            found.add(row.pk, period, periods.moved(calendar, period, row.days_after))
    return found


def _apply(found: Wanted, today: date, by: Any) -> tuple[int, int]:
    """Write what is missing, move what moved, take back what is owed no more; returns how many of first and last."""
    values = {**vars(found), "today": today, "now": timezone.now(), "until": today + timedelta(days=periods.HORIZON)}
    with connection.cursor() as cursor:
        moved = _run(cursor, _MOVED, values)
        outdated = _run(cursor, _OUTDATED, values)
        withdrawn = _run(cursor, _WITHDRAW, values)
        reopened = _run(cursor, _REOPEN, values)
        made = _run(cursor, _INSERT, values)
    told(outdated + withdrawn, by, "Không còn thuộc diện thực hiện")
    told(reopened, by, "Lại thuộc diện thực hiện")
    follow(made + reopened, moved, outdated + withdrawn, by)
    return len(made) + len(reopened), len(outdated) + len(withdrawn)


def _run(cursor: Any, statement: str, values: dict[str, Any]) -> list[int]:
    cursor.execute(statement, values)
    return [row[0] for row in cursor.fetchall()]


def told(ids: Sequence[int], by: Any, reason: str) -> None:
    """Write into the history what a statement changed in many rows, in one statement."""
    if not ids:
        return
    past: Any = Assignment.history.model  # type: ignore[attr-defined]
    columns = ", ".join(f'"{about.column}"' for about in past.tracked_fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {past._meta.db_table} ({columns}, history_date, history_type, history_change_reason,"
            f" history_user_id) SELECT {columns}, %s, '~', %s, %s FROM directives_assignment WHERE id = ANY(%s)",
            [timezone.now(), reason, by.pk, list(ids)],
        )


def withdraw_of(obligation: Obligation, *, by: Any, reason: str) -> int:
    """The obligation was closed: take back what nobody reported on. As the system, in the caller's transaction."""
    rows = Assignment.objects.filter(obligation=obligation, status=Status.OPEN, handed_in_at=None)
    ids = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    withdraw(ids, by, reason)
    return len(ids)


def withdraw(ids: Sequence[int], by: Any, reason: str) -> None:
    """Take these assignments back, with their clocks. Three statements; as the system."""
    if not ids:
        return
    ids = list(ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE directives_assignment SET status = 'withdrawn', version = version + 1 WHERE id = ANY(%s)", [ids]
        )
    told(ids, by, reason)
    follow([], [], ids, by)
