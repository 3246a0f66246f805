"""Keeping people from cases and facilities that concern them: declaring it, declaring it for others, lifting it.

From the moment of the deed nothing of it is seen any more, what waits to be delivered is withheld and what was
delivered is hidden; a case that the person had goes back to the queue. The reason stays with the recusal, which only
those read who may recuse others; the case's own story says no more than that it went back."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ApiClient, Ground, Recusal, User
from audit.models import Act
from audit.services import record
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, SecondPersonNeeded
from common.scope import as_system
from common.text import clean, has_unstorable
from facilities.models import Facility
from feedback import messages
from feedback.models import Case, CaseRecusal
from notifications.services import hide, unhide

SELF, OTHERS, FROM_FACILITY = "feedback.recuse_self", "feedback.recuse_others", "accounts.add_recusal"
LIFT_FROM_FACILITY = "accounts.change_recusal"
REASON_LEAST, REASON_MOST = 10, 1000
_NOT_ONESELF = gettext_lazy("A third person lifts it: not who is kept from it, nor who recorded it.")


@transaction.atomic
def recuse_from_case(case: Case, person: User, *, by: Any, ground: str, reason: str) -> CaseRecusal:
    """Keep a person from one case that `by` sees; oneself, or with the right another.

    Raises `Http404`, `RightMissing`, `ReasonRequired`, `InvalidInput`."""
    text = _reason(reason, ground)
    _check(person, by, OTHERS)
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise Http404
    with as_system():
        locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        try:
            with transaction.atomic():
                made = CaseRecusal.objects.create(
                    case=locked, user=person, ground=ground, reason=text, by=by, at=timezone.now()
                )
        except IntegrityError:
            raise InvalidInput({"person": [_("This person is kept from this case already.")]}) from None
        record(Act.RECUSED, by=by, about=locked, reason=_told(made))
        give_back([locked], person, by=by)
        hide(person.pk, Case.objects.filter(pk=locked.pk))
    return made


@transaction.atomic
def recuse_from_facility(
    facility: Facility, person: User, *, by: Any, ground: str, reason: str, valid_to: date | None = None
) -> Recusal:
    """Keep a person from everything of one facility from today, until `valid_to` when that is known.

    Raises `RightMissing`, `ReasonRequired`, `InvalidInput`."""
    text, today = _reason(reason, ground), timezone.localdate()
    _check(person, by, FROM_FACILITY)
    if valid_to is not None and valid_to <= today:
        raise InvalidInput({"valid_to": [_("The last day must come after the first.")]})
    with as_system():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        if person.recusals.holding(today).filter(facility=facility).exists():
            raise InvalidInput({"facility": [_("This person is kept from this facility already.")]})
        made = Recusal(
            user=person,
            facility=facility,
            ground=ground,
            reason=text,
            recorded_by=by,
            valid_from=today,
            valid_to=valid_to,
        )
        made._history_user = by  # type: ignore[attr-defined]
        made.save()
        record(Act.RECUSED, by=by, about=facility, reason=_told(made))
        held = Case.objects.filter(facility=facility, assignee=person, is_open=True).order_by("pk")
        give_back(list(held.select_for_update(of=("self",))), person, by=by)
        hide(person.pk, Case.objects.filter(facility=facility))
    return made


@transaction.atomic
def lift_from_case(recusal: CaseRecusal, *, by: Any, reason: str) -> CaseRecusal:
    """Let a person see a case again: a third person says why.

    Raises `Http404`, `RightMissing`, `SecondPersonNeeded`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    text = _reason(reason)
    if not by.has_perm(OTHERS):
        raise RightMissing
    if not CaseRecusal.objects.visible_to(by).filter(pk=recusal.pk).exists():
        raise Http404
    with as_system():
        found = CaseRecusal.objects.select_for_update(of=("self",)).select_related("case").get(pk=recusal.pk)
        _check_third(by, found.user_id, found.by_id, is_lifted=found.lifted_at is not None)
        found.lifted_by, found.lifted_at, found.lift_reason = by, timezone.now(), text
        found._history_user = by  # type: ignore[attr-defined]
        found.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
        record(Act.LIFTED, by=by, about=found.case, reason=_told(found))
        _show_again(found.user_id, Case.objects.filter(pk=found.case_id))
    return found


@transaction.atomic
def lift_from_facility(recusal: Recusal, *, by: Any, reason: str) -> Recusal:
    """Let a person see a facility's matters again: a third person says why. Raises what `lift_from_case` raises."""
    text = _reason(reason)
    if not by.has_perm(LIFT_FROM_FACILITY):
        raise RightMissing
    if not Recusal.objects.visible_to(by).filter(pk=recusal.pk).exists():
        raise Http404
    with as_system():
        found = Recusal.objects.select_for_update(of=("self",)).select_related("facility").get(pk=recusal.pk)
        _check_third(by, found.user_id, found.recorded_by_id, is_lifted=found.lifted_at is not None)
        found.lifted_by, found.lifted_at, found.lift_reason = by, timezone.now(), text
        found._history_user = by  # type: ignore[attr-defined]
        found.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
        record(Act.LIFTED, by=by, about=found.facility, reason=_told(found))
        _show_again(found.user_id, Case.objects.filter(facility=found.facility))
    return found


def give_back(cases: Iterable[Case], person: User, *, by: Any) -> None:
    """Put locked cases that this person has back into the queue of their division, or of the leads; told in the case's
    story without a reason of anybody's own."""
    for case in cases:
        if case.assignee_id != person.pk or not case.is_open:
            continue
        case.assignee = None
        case.version += 1
        case._history_user = by  # type: ignore[attr-defined]
        case._change_reason = ""  # type: ignore[attr-defined]
        case.save()
        messages.tell_of_return(case, but=person.pk)


def kept_from_cases(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of (person, case) pairs those in which the person is kept from the case today. At most three queries, for the
    delivery of messages, which knows nothing of cases."""
    wanted, today = set(pairs), timezone.localdate()
    people, cases = {person for person, _case in wanted}, {case for _person, case in wanted}
    with as_system():
        named = CaseRecusal.objects.holding().filter(user__in=people, case__in=cases)
        found = set(named.values_list("user_id", "case_id"))
        by_facility: dict[int, set[int]] = {}
        places = Recusal.objects.holding(today).filter(user__in=people).values_list("user_id", "facility_id")
        for person, facility in places:
            by_facility.setdefault(facility, set()).add(person)
        if by_facility:
            rows = Case.objects.filter(pk__in=cases, facility__in=by_facility).values_list("pk", "facility_id")
            found |= {(person, case) for case, facility in rows for person in by_facility[facility]}
    return found & wanted


def of_cases(reader: Any) -> Any:
    """The recusals from cases that this reader may know of, newest first, ready for a list."""
    rows = CaseRecusal.objects.visible_to(reader).select_related("case", "user", "by", "lifted_by")
    return rows.order_by("-at", "-id")


def _show_again(person: int, cases: Any) -> None:
    """What was hidden of these cases, unless another recusal still holds."""
    today = timezone.localdate()
    places = Recusal.objects.holding(today).filter(user=person).values("facility")
    named = CaseRecusal.objects.holding().filter(user=person).values("case")
    unhide(person, cases.exclude(pk__in=named).exclude(facility__isnull=False, facility__in=places))


def _check(person: User, by: Any, right: str) -> None:
    if not by.has_perm(SELF if person.pk == by.pk else right):
        raise RightMissing
    if person.is_engine or ApiClient.objects.filter(user=person).exists():
        raise InvalidInput(
            {"person": [_("This is the account of a system. Only people are recused: a system knows nobody.")]}
        )


def _check_third(by: Any, kept: int, recorder: int, *, is_lifted: bool) -> None:
    if is_lifted:
        raise MoveRefused(_("This recusal was lifted already."))
    if by.pk in (kept, recorder):
        raise SecondPersonNeeded(_NOT_ONESELF)


def _reason(reason: str, ground: str = Ground.OTHER) -> str:
    if ground not in Ground.values:
        raise InvalidInput({"ground": [_("Choose one of the offered values.")]})
    if has_unstorable(reason):
        raise InvalidInput({"reason": [_("This text holds characters that cannot be stored. Type it again.")]})
    text = clean(reason)
    if not text:
        raise ReasonRequired
    if not REASON_LEAST <= len(text) <= REASON_MOST:
        sentence = _("Say it in %(least)s to %(most)s characters: whoever checks the log must understand it.")
        raise InvalidInput({"reason": [sentence % {"least": REASON_LEAST, "most": REASON_MOST}]})
    return text


def _told(recusal: CaseRecusal | Recusal) -> str:
    """For the audit log: numbers only; the reason stays with the recusal."""
    return f"person {recusal.user_id} (#{recusal.pk})"
