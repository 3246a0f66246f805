"""Closing one obligation, or a whole directive, for a reason; and taking that back.

What becomes of reports that are under way is chosen, not guessed: either what is due already, or was handed in, goes on
and only later days are withdrawn, or all of it is withdrawn. Clocks end with their assignments. Opening again brings
back what the closing withdrew, as it stood, and nothing else."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, MoveRefused, StaleVersion
from common.scope import as_system
from directives import clocks, expansion, messages
from directives.choices import UNDER_WAY, WAITING, DirectiveState, ObligationState, Status
from directives.models import Assignment, Directive, DirectivePast, Obligation, ObligationPast
from directives.register import locked, require_manager, save
from directives.transitions import checked_reason

GO_ON, WITHDRAW = "go_on", "withdraw"
WAYS = (GO_ON, WITHDRAW)

# What an assignment was before the closing withdrew it; a facility that ended since, or was followed by another, not.
_REOPEN = """
UPDATE directives_assignment known SET status = coalesce(was.status, 'open'), version = known.version + 1
FROM directives_assignment same
LEFT JOIN LATERAL (
    SELECT past.status FROM directives_historicalassignment past
    WHERE past.id = same.id AND past.history_date < %(at)s ORDER BY past.history_id DESC LIMIT 1) was ON true
WHERE same.id = known.id AND known.obligation_id = ANY(%(obligations)s) AND known.status = 'withdrawn'
  AND known.taken_over_by_id IS NULL AND coalesce(was.status, 'open') <> 'withdrawn'
  AND EXISTS (SELECT FROM directives_historicalassignment past
              WHERE past.id = known.id AND past.status = 'withdrawn' AND past.history_date >= %(at)s)
  AND NOT EXISTS (SELECT FROM facilities_facility gone WHERE gone.id = known.facility_id AND gone.status = 'ended')
RETURNING known.id
"""


def under_way(obligations: Iterable[int], today: date) -> dict[str, int]:
    """How many reports are under way: handed in, due already, and due later or standing. One query."""
    is_in = Q(status__in=WAITING) | Q(handed_in_at__isnull=False)
    is_due = Q(due_on__lte=today)
    rows = Assignment.objects.filter(obligation__in=list(obligations), status__in=UNDER_WAY)
    counts: dict[str, int] = rows.aggregate(
        handed_in=Count("pk", filter=is_in),
        due=Count("pk", filter=~is_in & is_due),
        later=Count("pk", filter=~is_in & (Q(due_on=None) | Q(due_on__gt=today))),
    )
    return counts


def _checked_way(way: str) -> None:
    if way not in WAYS:
        raise InvalidInput({"way": [_("Say what becomes of the reports that are under way.")]})


@transaction.atomic
def close(obligation: Obligation, way: str, *, by: Any, reason: str, version: int) -> Obligation:
    """Close one obligation from today on.

    Raises `Http404`, `RightMissing`, `StaleVersion`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    found = _locked(obligation, by, version)
    if found.state != ObligationState.OPEN:
        raise MoveRefused(_("It is closed already."))
    _checked_way(way)
    why = checked_reason(reason)
    with as_system():
        _close([found], way, by=by, reason=why)
        messages.tell_of_closing(found, by=by)
    return found


@transaction.atomic
def reopen(obligation: Obligation, *, by: Any, reason: str, version: int) -> Obligation:
    """Take the closing back. Raises as `close`."""
    found = _locked(obligation, by, version)
    if found.state != ObligationState.CLOSED:
        raise MoveRefused(_("It is open."))
    if (found.carried_by or found.directive).state != DirectiveState.IN_FORCE:
        raise MoveRefused(_("Its directive is not in force any more."))
    why = checked_reason(reason)
    with as_system():
        _reopen([found], by=by, reason=why)
        messages.tell_of_closing(found, by=by)
    return found


@transaction.atomic
def end(directive: Directive, way: str, *, by: Any, reason: str, version: int) -> Directive:
    """A directive is withdrawn, with every obligation of it that is open or that it carries on. Raises as `close`."""
    found = locked(directive, by, version)
    if found.state != DirectiveState.IN_FORCE:
        raise MoveRefused(_("It is not in force any more."))
    _checked_way(way)
    why = checked_reason(reason)
    with as_system():
        found.state, found.version = DirectiveState.ENDED, found.version + 1
        save(found, by=by, reason=why)  # before its obligations: by its moment they are found again
        _close(list(open_of(found).select_for_update(of=("self",))), way, by=by, reason=why)
        messages.tell_of_closing(found, by=by)
    return found


@transaction.atomic
def resume(directive: Directive, *, by: Any, reason: str, version: int) -> Directive:
    """Take the ending of a directive back, with the obligations that it closed. Raises as `close`."""
    found = locked(directive, by, version)
    if found.state != DirectiveState.ENDED:
        raise MoveRefused(_("Only what was withdrawn can be put in force again."))
    why = checked_reason(reason)
    with as_system():
        ended_at = _moment_of(DirectivePast, found.pk, DirectiveState.ENDED)
        closed = Obligation.objects.select_for_update(of=("self",)).filter(
            Q(directive=found, carried_by=None) | Q(carried_by=found), state=ObligationState.CLOSED
        )
        found.state, found.version = DirectiveState.IN_FORCE, found.version + 1
        save(found, by=by, reason=why)
        again = [row for row in closed if _moment_of(ObligationPast, row.pk, ObligationState.CLOSED) >= ended_at]
        _reopen(again, by=by, reason=why)
        messages.tell_of_closing(found, by=by)
    return found


def open_of(directive: Directive) -> Any:
    """The open obligations that end with a directive: its own, but for those that another carries on, and those it
    carries on."""
    rows = Obligation.objects.filter(Q(directive=directive, carried_by=None) | Q(carried_by=directive))
    return rows.filter(state=ObligationState.OPEN).order_by("pk")


def _locked(obligation: Obligation, by: Any, version: int) -> Obligation:
    rows = Obligation.objects.visible_to(by).select_for_update(no_key=True, of=("self",))
    found: Obligation | None = rows.select_related("directive", "carried_by").filter(pk=obligation.pk).first()
    if found is None:
        raise Http404
    require_manager(by)
    if found.version != version:
        raise StaleVersion(current_version=found.version)
    return found


def _close(obligations: Sequence[Obligation], way: str, *, by: Any, reason: str) -> None:
    """As the system, in the caller's transaction."""
    today = timezone.localdate()
    for each in obligations:
        each.state, each.closed_on, each.version = ObligationState.CLOSED, today, each.version + 1
        save(each, by=by, reason=reason)
    rows = Assignment.objects.filter(obligation__in=[each.pk for each in obligations], status__in=UNDER_WAY)
    if way == GO_ON:
        rows = rows.filter(Q(due_on__gt=today) | Q(due_on=None), status=Status.OPEN, handed_in_at=None)
    expansion.withdraw(list(rows.select_for_update(of=("self",)).values_list("pk", flat=True)), by, reason)


def _reopen(obligations: Sequence[Obligation], *, by: Any, reason: str) -> None:
    """As the system, in the caller's transaction. What was not assigned meanwhile is assigned by the expansion."""
    for each in obligations:
        closed_at = _moment_of(ObligationPast, each.pk, ObligationState.CLOSED)
        each.state, each.closed_on, each.version = ObligationState.OPEN, None, each.version + 1
        save(each, by=by, reason=reason)
        with connection.cursor() as cursor:
            cursor.execute(_REOPEN, {"at": closed_at, "obligations": [each.pk]})
            ids = [row[0] for row in cursor.fetchall()]
        expansion.told(ids, by, reason)
        clocks.run_again(ids, by)


def _moment_of(past: Any, pk: int, state: str) -> datetime:
    """When a row came to the state that it has, from its history. One query."""
    rows = past.objects.filter(id=pk).order_by("-history_id").values_list("state", "history_date")
    moment: datetime | None = None
    for was, at in rows:
        if was != state:
            break
        moment = at
    return moment or timezone.now()
