"""The whole workflow of an action: one table of moves, and one function that makes them.

The facility does and reports, somebody else verifies: the department where the incident was mandatory, elsewhere a
second person of the facility as well. Whoever answers for the action never verifies it."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from common.exceptions import InvalidInput, MoveRefused, RightMissing, SecondPersonNeeded, StaleVersion
from common.scope import as_system
from common.text import clean, has_unstorable
from incidents import messages
from incidents.actions.completeness import lacks
from incidents.actions.saving import save, stamp
from incidents.choices import ActionStatus, Effect
from incidents.models import Action, EffectCheck
from incidents.transitions import WRITE, Move, checked_reason

VERIFY = "incidents.verify_action"
ENGINE = ""  # no person makes this move: the same cause came back
S = ActionStatus
_report = Move(
    WRITE, pgettext_lazy("move", "Report as done"), "primary", is_gate=True, reason=gettext_lazy("It is done")
)
MOVES: dict[tuple[ActionStatus, ActionStatus], Move] = {
    (S.OPEN, S.DONE): _report,
    (S.DONE, S.VERIFIED): Move(
        VERIFY, pgettext_lazy("move", "Verify"), "primary", reason=gettext_lazy("Seen and confirmed")
    ),
    (S.DONE, S.OPEN): Move(VERIFY, pgettext_lazy("move", "Return with remarks"), "warning"),
    (S.REOPENED, S.DONE): replace(_report, label=pgettext_lazy("move", "Report as done again")),
    (S.REOPENED, S.EFFECTIVE): Move(VERIFY, pgettext_lazy("move", "End the review: it still holds"), "plain"),
    # by a check of the effect (`check_effect`), an agreed withdrawal (`services.answer`), the engine (`recurrence`)
    (S.VERIFIED, S.EFFECTIVE): Move(VERIFY, pgettext_lazy("move", "Effective")),
    (S.VERIFIED, S.REOPENED): Move(VERIFY, pgettext_lazy("move", "Not effective")),
    (S.OPEN, S.WITHDRAWN): Move(VERIFY, pgettext_lazy("move", "Withdraw")),
    (S.REOPENED, S.WITHDRAWN): Move(VERIFY, pgettext_lazy("move", "Withdraw")),
    (S.EFFECTIVE, S.REOPENED): Move(ENGINE, pgettext_lazy("move", "The same cause came back")),
}
BY_DEEDS = {(S.VERIFIED, S.EFFECTIVE), (S.VERIFIED, S.REOPENED), (S.EFFECTIVE, S.REOPENED)} | {
    (state, S.WITHDRAWN) for state in (S.OPEN, S.REOPENED)
}
LONGEST = 4000


def is_own(action: Action, user: Any) -> bool:
    """Does this person write for the action's facility?"""
    return user.has_perm(WRITE) and action.facility_id in user.scope.facilities


def may_verify(action: Action, user: Any) -> bool:
    """The department verifies; of what was not mandatory, a second person of the facility may too."""
    if not user.has_perm(VERIFY):
        return False
    if action.facility_id not in user.scope.facilities:
        return not user.scope.facilities
    judged = action.incident.judged if action.incident else None
    return judged is None or not judged.is_mandatory


def answers_for(action: Action, user: Any) -> bool:
    """Is it this person's own action: its owner, or who reported it as done?"""
    return user.pk in (action.owner_id, action.done_by_id)


def may(action: Action, right: str, user: Any) -> bool:
    return is_own(action, user) if right == WRITE else right == VERIFY and may_verify(action, user)


def allowed_moves(action: Action, user: Any) -> dict[ActionStatus, Move]:
    """The moves that this person may make now with a reason alone, in the table's order."""
    return {
        target: step
        for (source, target), step in MOVES.items()
        if source == action.status
        and (source, target) not in BY_DEEDS
        and may(action, step.right, user)
        and not (step.right == VERIFY and answers_for(action, user))
    }


def locked(action: Action, by: Any, version: int | None = None) -> Action:
    """The action as it stands, nobody else writing it. Raises `Http404`, `StaleVersion`."""
    rows = Action.objects.visible_to(by).select_for_update(of=("self",)).select_related("facility", "incident")
    found: Action | None = rows.filter(pk=action.pk).first()
    if found is None:
        raise Http404
    if version is not None and found.version != version:
        raise StaleVersion(current_version=found.version)
    return found


def as_second_person(action: Action, by: Any) -> None:
    """Raises `RightMissing`, `SecondPersonNeeded`."""
    if not may_verify(action, by):
        raise RightMissing
    if answers_for(action, by):
        raise SecondPersonNeeded(_("This step needs a second person: whoever did the action cannot verify it."))


def told(step: Move, why: str) -> str:
    """A step with its reason, for the history: in the language of the department, whoever makes it."""
    with override(settings.LANGUAGE_CODE):
        return f"{step.label}: {why}"


@transaction.atomic
def move(action: Action, to: str, *, by: Any, reason: str, version: int) -> Action:
    """Move an action on, keeping who and why.

    Raises `Http404`, `StaleVersion`, `MoveRefused`, `RightMissing`, `SecondPersonNeeded`, `ReasonRequired`, and
    `InvalidInput` with every missing element named."""
    found = locked(action, by, version)
    pair = (S(found.status), S(to)) if to in S.values else None
    step = MOVES.get(pair) if pair and pair not in BY_DEEDS else None
    if step is None:
        raise MoveRefused(allowed=[str(target) for target in allowed_moves(found, by)])
    if step.right == WRITE and not is_own(found, by):
        raise RightMissing
    if step.right == VERIFY:
        as_second_person(found, by)
    why, at = checked_reason(reason), timezone.now()
    if found.concessions.filter(is_agreed=None).exists():
        raise MoveRefused(_("A request about this action waits for its second person."))
    if step.is_gate and (missing := lacks(found)):
        raise InvalidInput({name: [words] for name, words in missing.items()}, _("The action is not complete yet."))
    with as_system():
        stamp(found, S(to), by=by, at=at)
        save(found, by=by, at=at, reason=told(step, why), is_met=True)
        messages.tell_of_action(found, str(to), by=by)
    return found


@transaction.atomic
def check_effect(
    action: Action, *, result: str, found: str, checked_on: date, next_on: date | None, by: Any, version: int
) -> EffectCheck:
    """Record what was measured and what it says: effective ends the matter, not effective opens its review, too early
    sets the next day.

    Raises `Http404`, `StaleVersion`, `MoveRefused`, `RightMissing`, `SecondPersonNeeded`, `InvalidInput`."""
    held, at = locked(action, by, version), timezone.now()
    as_second_person(held, by)
    if held.status != S.VERIFIED:
        raise MoveRefused(_("The effect is checked after the action was verified."))
    if wrong := _wrong(held, result, found, checked_on, next_on, timezone.localdate(at)):
        raise InvalidInput(wrong)
    is_early = result == Effect.TOO_EARLY
    with as_system():
        check = EffectCheck.objects.create(
            action=held, checked_on=checked_on, found=clean(found), result=result,
            next_on=next_on if is_early else None, at=at, by=by,
        )  # fmt: skip
        if is_early:
            held.check_on, held.since = next_on, at
        else:
            stamp(held, S.EFFECTIVE if result == Effect.EFFECTIVE else S.REOPENED, by=by, at=at)
        with override(settings.LANGUAGE_CODE):
            reason = f"{capfirst(str(Effect(result).label))}: {clean(found)}"
        save(held, by=by, at=at, reason=reason, is_met=True)
        messages.tell_of_action(held, str(result), by=by)
    return check


def _wrong(
    action: Action, result: str, found: str, checked_on: date, next_on: date | None, today: date
) -> dict[str, list[Any]]:
    wrong: dict[str, list[Any]] = {}
    if result not in Effect.values:
        wrong["result"] = [_("Choose one of the offered values.")]
    if not clean(found) or has_unstorable(found) or len(clean(found)) > LONGEST:
        wrong["found"] = [_("Say what was measured, in at most %(count)s characters.") % {"count": LONGEST}]
    if checked_on > today:
        wrong["checked_on"] = [_("This day lies in the future.")]
    elif action.done_at and checked_on < timezone.localdate(action.done_at):
        wrong["checked_on"] = [_("This lies before the action was done.")]
    if result == Effect.TOO_EARLY and (next_on is None or next_on <= today):
        wrong["next_on"] = [_("Too early to say: name the day of the next check.")]
    return wrong
