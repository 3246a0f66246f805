"""Deeds over an action that are no move: planning and writing it, progress with its files, and what a second person has
to agree to: a weaker or later action, or none."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from common.exceptions import InvalidInput, MoveRefused, RightMissing
from common.models import valid_on
from common.scope import as_system
from common.text import clean, has_unstorable
from common.uploads import Checked, described
from facilities.models import Division, Facility
from incidents import messages
from incidents.actions import obligations
from incidents.actions.saving import save, stamp
from incidents.actions.transitions import as_second_person, is_own, locked
from incidents.choices import DIVISION, SENT, STRENGTHS, ActionStatus, Concession, Strength
from incidents.classification import unknown_boxes
from incidents.models import Action, Analysis, ConcessionAsked, Evidence, Incident, Progress
from incidents.transitions import WRITE, checked_reason

FIELDS = ("title", "kind", "details", "causes", "types", "owner", "due_on", "measure", "check_on")
LONGEST = 10_000
_RANK = {Strength.WEAK: 0, Strength.INTERMEDIATE: 1, Strength.STRONG: 2}


def people_of(facility_id: int) -> Any:
    """Who may own an action: the people who belong to the facility today."""
    members = Membership.objects.filter(valid_on(timezone.localdate()), facility=facility_id).values("user")
    return User.objects.filter(is_active=True, pk__in=members).order_by("display_name", "username")


def causes_of(incident: Incident, by: Any) -> list[str]:
    """The boxes that the analysis names, or the report while there is none."""
    analysis = Analysis.objects.visible_to(by).filter(incident=incident).first()
    return list(analysis.causes if analysis and analysis.causes else incident.causes)


@transaction.atomic
def plan(facility: Facility, given: Mapping[str, Any], *, by: Any, incident: Incident | None = None) -> Action:
    """Plan an action, after an incident that was sent or on its own.

    Raises `RightMissing`, `MoveRefused`, `InvalidInput`."""
    place = incident.facility_id if incident else facility.pk
    if not by.has_perm(WRITE) or place not in by.scope.facilities - by.recused_facilities:
        raise RightMissing
    if incident and incident.status not in SENT:
        raise MoveRefused(_("The report comes first: send it, then plan what is done."))
    at = timezone.now()
    action = Action(facility_id=place, incident=incident, opened_by=by, opened_at=at, since=at)
    action.facility = incident.facility if incident else facility
    _take(action, given)
    with as_system():
        division = incident.division if incident else None
        action.division = division or Division.objects.filter(code=DIVISION).first()
        action.reference = _next_reference()
        action._history_user, action._change_reason = by, ""  # type: ignore[attr-defined]
        action.save()
        obligations.follow(action, by=by, at=at, reason="", is_met=False)
        Action.objects.filter(pk=action.pk).update(due_at=action.due_at)
        messages.tell_of_action(action, "planned", by=by)
    return action


def _next_reference() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('incidents_action_reference')")
        return f"HD-{timezone.localdate().year}-{cursor.fetchone()[0]:06d}"


def _take(action: Action, given: Mapping[str, Any]) -> None:
    """Put what was given on the action. Raises `InvalidInput`."""
    if unknown := [name for name in given if name not in FIELDS]:
        raise InvalidInput({name: [_("This cannot be changed here.")] for name in unknown})
    was_due, was_check = action.due_on, action.check_on
    for name, value in given.items():
        setattr(action, name, value)
    wrong: dict[str, list[Any]] = {}
    try:
        action.clean_fields(exclude=["strength", "reference", "facility", "incident", "opened_by", "division"])
    except ValidationError as refusal:
        wrong = {name: list(words) for name, words in refusal.message_dict.items()}
    for name in ("title", "details", "measure"):
        text = getattr(action, name)
        if has_unstorable(text) or len(text) > LONGEST:
            wrong[name] = [_("At most %(count)s characters.") % {"count": LONGEST}]
    if unknown_boxes(action.types, action.causes):
        wrong["causes"] = [_("Choose one of the offered values.")]
    wrong |= _of_days(action, was_due, was_check)
    if action.owner_id and not people_of(action.facility_id).filter(pk=action.owner_id).exists():
        wrong["owner"] = [_("Choose somebody of the facility.")]
    if wrong:
        raise InvalidInput(wrong)


def _of_days(action: Action, was_due: date | None, was_check: date | None) -> dict[str, list[Any]]:
    """Days that were chosen now lie ahead, and the check comes after the deed."""
    today, wrong = timezone.localdate(), {}
    for name, day, before in (("due_on", action.due_on, was_due), ("check_on", action.check_on, was_check)):
        if day is not None and day != before and not today <= day <= today.replace(year=today.year + 5, day=1):
            wrong[name] = [_("Choose a day from today on, within five years.")]
    if action.check_on and action.due_on and action.check_on < action.due_on and "check_on" not in wrong:
        wrong["check_on"] = [_("The effect is checked after the action is done.")]
    return wrong


@transaction.atomic
def write(action: Action, changes: Mapping[str, Any], *, by: Any, version: int) -> Action:
    """Write an action that is to be done. What is weaker or later than planned waits for a second person (`ask`).

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found = locked(action, by, version)
    if not is_own(found, by):
        raise RightMissing
    if not found.is_writable:
        raise MoveRefused(_("This action is not to be written now: only one that is to be done, or that came back."))
    if is_less(found, changes):
        words = _("Weaker, or later than planned: a second person has to agree. Ask for it with a reason.")
        name = "due_on" if "due_on" in changes and changes["due_on"] > found.due_on else "kind"
        raise InvalidInput({name if name in changes else "causes": [words]})
    _take(found, changes)
    with as_system():
        save(found, by=by, at=timezone.now(), reason="")
    return found


def is_less(action: Action, changes: Mapping[str, Any]) -> bool:
    """Would the change make less of what was planned: a weaker kind, a later day, fewer causes? A review that was
    opened again sets a new day: nothing was planned for it yet."""
    kind, due_on = changes.get("kind") or action.kind, changes.get("due_on") or action.due_on
    weaker = _RANK[STRENGTHS[kind[:1]]] < _RANK[Strength(action.strength)] if kind[:1] in STRENGTHS else False
    later = action.status == ActionStatus.OPEN and due_on > action.due_on
    narrower = bool(set(action.causes) - set(changes.get("causes", action.causes)))
    return weaker or later or narrower


@transaction.atomic
def report_progress(action: Action, text: str, uploads: Iterable[Checked] = (), *, by: Any) -> Progress:
    """Say how far it is, with files that show it; both stay. Raises `Http404`, `RightMissing`, `MoveRefused`,
    `InvalidInput`."""
    found, at = locked(action, by), timezone.now()
    if not is_own(found, by):
        raise RightMissing
    if found.status in (ActionStatus.EFFECTIVE, ActionStatus.WITHDRAWN):
        raise MoveRefused
    if not clean(text) or has_unstorable(text) or len(clean(text)) > LONGEST:
        raise InvalidInput({"text": [_("Say what was done, in at most %(count)s characters.") % {"count": LONGEST}]})
    with as_system():
        said = Progress.objects.create(action=found, at=at, by=by, text=clean(text))
        for upload in uploads:
            evidence = Evidence(action=found, progress=said, at=at, by=by, **described(upload))
            evidence.file.save(upload.name, upload.upload, save=False)
            evidence.save()
    return said


# --- less than was planned -------------------------------------------------------------------------------------------


@transaction.atomic
def ask(
    action: Action, what: str, *, reason: str, by: Any, version: int, wishes: Mapping[str, Any] | None = None
) -> ConcessionAsked:
    """Ask to do less, later or nothing; it holds once a second person agrees.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    found = locked(action, by, version)
    if not is_own(found, by):
        raise RightMissing
    if not found.is_writable:
        raise MoveRefused
    if found.concessions.filter(is_agreed=None).exists():
        raise MoveRefused(_("Another request waits for its second person."))
    why, changes = checked_reason(reason), dict(wishes or {})
    if what not in Concession.values:
        raise InvalidInput({"what": [_("Choose one of the offered values.")]})
    if what == Concession.WEAKER and (set(changes) - {"kind", "due_on"} or not is_less(found, changes)):
        raise InvalidInput({"kind": [_("This is not less than planned: write it into the action.")]})
    before = {name: _plain(getattr(found, name)) for name in changes}
    if what == Concession.WEAKER:
        _take(copy(found), changes)  # what cannot be is refused now, not when it is agreed to
    with as_system():
        return ConcessionAsked.objects.create(
            action=found, what=what, before=before, after={name: _plain(value) for name, value in changes.items()},
            reason=why, asked_by=by, asked_at=timezone.now(),
        )  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def answer(asked: ConcessionAsked, *, agrees: bool, answer: str, by: Any) -> ConcessionAsked:
    """The second person agrees that less is done, or not; what was planned stays readable either way.

    Raises `Http404`, `RightMissing`, `SecondPersonNeeded`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    found, why, at = locked(asked.action, by), checked_reason(answer), timezone.now()
    as_second_person(found, by)
    waiting = found.concessions.select_for_update().filter(pk=asked.pk, is_agreed=None).first()
    if waiting is None:
        raise MoveRefused(_("This waits no longer: it was answered."))
    if waiting.asked_by_id == by.pk:
        from_asker = _("This step needs a second person: whoever asks cannot answer.")
        raise InvalidInput({"answer": [from_asker]})
    waiting.decided_by, waiting.decided_at, waiting.is_agreed, waiting.answer = by, at, agrees, why
    with as_system():
        waiting.save(update_fields=["decided_by", "decided_at", "is_agreed", "answer"])
        if agrees and waiting.what == Concession.WITHDRAWAL:
            stamp(found, ActionStatus.WITHDRAWN, by=by, at=at)
            save(found, by=by, at=at, reason=why)
        elif agrees:
            for name, value in waiting.after.items():
                setattr(found, name, date.fromisoformat(value) if name == "due_on" else value)
            save(found, by=by, at=at, reason=why)
        messages.tell_of_action(found, "agreed" if agrees else "declined", by=by)
    return waiting
