"""A longer term: one person asks, another grants or refuses, and the due moment before is kept.

What may be asked ends where the rule ends: a law gives no more than it says (`DeadlineRule.longest`), a policy that
says nothing twice its term, and no policy ends after the law that limits it. What is late already stays late."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, SecondPersonNeeded
from common.scope import as_system
from common.text import clean, has_unstorable
from deadlines import calendar as dates
from deadlines import editions, registry
from deadlines.calendar import Term
from deadlines.choices import LIVE, Nature
from deadlines.models import Deadline, Extension
from deadlines.planning import term_of
from deadlines.rules import Rule, authority_of
from deadlines.services import actor, lengthen
from notifications.services import enqueue

ASK, GRANT = "deadlines.ask_extension", "deadlines.grant_extension"
REASON_MOST = 1000


def longest_of(deadline: Deadline) -> int:
    """The most that the whole term may be, in the unit of its rule; the term itself where it cannot be extended."""
    kept = deadline.derivation
    if kept.get("longest"):
        return int(kept["longest"])
    base = int(kept.get("base", kept["amount"]))
    return base if kept["nature"] == Nature.LEGAL or term_of(kept).is_fixed else base * 2


def can_be_asked(deadline: Deadline, at: datetime) -> bool:
    """Does the clock run, before its due moment, and does its rule leave room? No query."""
    is_open = deadline.state in LIVE and at < deadline.due_at
    return is_open and longest_of(deadline) > deadline.derivation["amount"]


@transaction.atomic
def ask(deadline: Deadline, *, amount: int, reason: str, by: Any) -> Extension:
    """Ask that the whole term be `amount`; while a request waits, nobody asks again.

    Raises `Http404`, `RightMissing`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    if not by.has_perm(ASK):
        raise RightMissing
    text, at = _reason(reason, "reason"), timezone.now()
    locked = _locked(deadline, by)
    _check(locked, amount, at)
    with as_system():
        if locked.extensions.waiting().exists():
            raise MoveRefused(_("Somebody asked already; a second person is to answer first."))
        asked = Extension.objects.create(
            deadline=locked, amount=amount, asked_by=by, asked_at=at, reason=text, due_before=locked.due_at
        )
        _tell(asked, locked, "asked", _who_may_grant(locked, by))
    return asked


@transaction.atomic
def grant(extension: Extension, *, reason: str, by: Any) -> Extension:
    """Give the longer term: the due moment and the steps still to come move, and what was due before stays written.

    Raises `Http404`, `RightMissing`, `SecondPersonNeeded`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    at = timezone.now()
    asked, locked = _to_decide(extension, by)
    _check(locked, asked.amount, at)
    with as_system():
        lengthen(locked, asked.amount, by=by, reason=asked.reason)
        return _decided(asked, locked, is_granted=True, answer=_reason(reason, "reason"), by=by, at=at)


@transaction.atomic
def refuse(extension: Extension, *, reason: str, by: Any) -> Extension:
    """Say no, and why. Raises what `grant` raises."""
    asked, locked = _to_decide(extension, by)
    with as_system():
        return _decided(asked, locked, is_granted=False, answer=_reason(reason, "reason"), by=by, at=timezone.now())


def _reason(text: str, name: str) -> str:
    if has_unstorable(text) or len(clean(text)) > REASON_MOST:
        raise InvalidInput({name: [_("At most %(count)s characters.") % {"count": REASON_MOST}]})
    if not clean(text):
        raise ReasonRequired
    return clean(text)


def _locked(deadline: Deadline, by: Any) -> Deadline:
    """The deadline as this person sees it, locked after its record, as every deed does."""
    seen = Deadline.objects.visible_to(by).filter(pk=deadline.pk).first()
    record: type[Model] | None = seen.about_type.model_class() if seen else None
    if seen is None or record is None:
        raise Http404
    with as_system():
        record._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=seen.about_id).first()
        return Deadline.objects.select_for_update(of=("self",)).get(pk=seen.pk)


def _check(deadline: Deadline, amount: int, at: datetime) -> None:
    if deadline.state not in LIVE:
        raise MoveRefused(_("This deadline does not run any more."))
    if deadline.due_at <= at:
        raise MoveRefused(_("This deadline has passed: a longer term cannot make it on time."))
    longest, now = longest_of(deadline), deadline.derivation["amount"]
    if longest <= now:
        raise MoveRefused(_("The rule of this deadline allows no longer term."))
    if not now < amount <= longest:
        words = _("More than %(now)d and at most %(longest)d.") % {"now": now, "longest": longest}
        raise InvalidInput({"amount": [words]})
    if law := _law_of(deadline):
        _check_law(deadline, replace(term_of(deadline.derivation), amount=amount), law)


def _law_of(deadline: Deadline) -> Rule | None:
    """The law that limits the policy of this deadline, as it stands now."""
    code = deadline.derivation.get("within")
    if not code:
        return None
    key = (registry.label_of_type(deadline.about_type_id), deadline.obligation)
    rules = editions.current().book.rules.get(key, ())
    return next((rule for rule in rules if rule.code == code), None)


def _check_law(deadline: Deadline, wanted: Term, law: Rule) -> None:
    calendars = editions.current().calendars
    own, laws = calendars.of(authority_of(deadline.derivation)), calendars.of(law.authority)
    pauses = [(each.starts_at, each.ends_at) for each in deadline.pauses.all() if each.ends_at]
    start = deadline.starts_at
    if dates.due(own, wanted, start, pauses) > dates.due(laws, law.term, start, pauses):
        raise InvalidInput({"amount": [_("The law ends earlier than this would.")]})


def _to_decide(extension: Extension, by: Any) -> tuple[Extension, Deadline]:
    if not by.has_perm(GRANT):
        raise RightMissing
    locked = _locked(extension.deadline, by)
    with as_system():
        asked = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
    if asked.decided_at is not None:
        raise MoveRefused(_("This request was answered already."))
    if asked.asked_by_id == by.pk:
        raise SecondPersonNeeded(_("This step needs a second person: whoever asks cannot answer."))
    return asked, locked


def _decided(asked: Extension, locked: Deadline, *, is_granted: bool, answer: str, by: Any, at: datetime) -> Extension:
    asked.decided_by, asked.decided_at, asked.is_granted, asked.answer = actor(by), at, is_granted, answer
    asked.due_after = locked.due_at if is_granted else None
    asked.save(update_fields=["decided_by", "decided_at", "is_granted", "answer", "due_after"])
    _tell(asked, locked, "granted" if is_granted else "refused", {asked.asked_by_id})
    return asked


def _who_may_grant(deadline: Deadline, asker: Any) -> set[int]:
    """Those who may answer and see the record; a few queries for each of these few."""
    people = User.objects.with_permission(GRANT).exclude(pk=asker.pk)
    return {person.pk for person in people if Deadline.objects.visible_to(person).filter(pk=deadline.pk).exists()}


def _tell(asked: Extension, deadline: Deadline, occasion: str, people: set[int]) -> None:
    params: Mapping[str, str] = {"reference": deadline.reference, "obligation": deadline.obligation}
    enqueue(
        f"extension:{asked.pk}:{occasion}",
        to=people,
        template=f"extension_{occasion}",
        about=registry.record_of(deadline.about_type_id, deadline.about_id),
        params=params,
    )
