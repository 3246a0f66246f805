"""A leaver's hand-over: everything open moves to colleagues in one transaction, then what the leaver could do ends.

Each app that gives people work registers its kinds of open work here (`register`), so that none is forgotten. The
preview does the whole deed and takes it back: it shows what would happen because it happened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import grants
from accounts.models import ApiClient, GrantState, RoleGrant, User
from accounts.signin import sessions
from audit.models import Act
from audit.services import record
from common.exceptions import InvalidInput, RightMissing, SecondPersonNeeded
from common.scope import as_system

RIGHT = "accounts.hand_over"
SHOWN = 200  # references that the outcome names; the counts are whole


@dataclass(frozen=True)
class Moved:
    """What became of one kind of open work: what each receiver got, what went back to its queue, by reference."""

    label: str
    to: dict[User, list[str]] = field(default_factory=dict)
    returned: list[str] = field(default_factory=list)
    hidden: int = 0  # went back to the queue too, and whoever hands over does not see it

    @property
    def count(self) -> int:
        return sum(map(len, self.to.values())) + len(self.returned) + self.hidden


@dataclass(frozen=True)
class OpenWork:
    """One kind of open work. `move(leaver, receivers, by)` moves all of it in the caller's transaction and says what
    became of it; it raises `InvalidInput` on `receivers` naming those who cannot see it. `is_last`: after the records
    that it hangs on."""

    label: Promise
    move: Callable[[User, Sequence[User], Any], Moved]
    is_last: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a hand-over did, or would do."""

    leaver: User
    work: list[Moved]
    roles: list[str]
    memberships: int
    sessions: int

    @property
    def count(self) -> int:
        return sum(moved.count for moved in self.work)


_KINDS: dict[str, OpenWork] = {}


def register(name: str, work: OpenWork) -> None:
    """Add a kind of open work, moved after those registered before."""
    _KINDS[name] = work


class _TakenBack(Exception):
    """Ends a preview's transaction."""


def preview(leaver: User, receivers: Sequence[User], *, by: Any, reason: str) -> Outcome:
    """What `hand_over` would do just now; nothing is changed. Costs what doing it costs. Raises what it raises."""
    outcome: Outcome | None = None
    try:
        with transaction.atomic():
            outcome = hand_over(leaver, receivers, by=by, reason=reason)
            raise _TakenBack
    except _TakenBack:
        assert outcome is not None
        return outcome


def hand_over(leaver: User, receivers: Sequence[User], *, by: Any, reason: str) -> Outcome:
    """Move everything that a leaver has open to the receivers in turn, and end their roles, memberships, sessions and
    account. Without receivers, and where `by` does not see it, the work goes back to its queue.

    Raises `RightMissing`, `SecondPersonNeeded`, `ReasonRequired`, `InvalidInput`."""
    text = grants.checked_reason(reason)
    _check(leaver, receivers, by)
    with transaction.atomic(), as_system():
        leaver = User.objects.select_for_update(no_key=True).get(pk=leaver.pk)
        kinds = sorted(_KINDS.values(), key=lambda kind: kind.is_last)
        work = [kind.move(leaver, receivers, by) for kind in kinds]
        roles = _end_roles(leaver, by, text)
        memberships = _end_memberships(leaver)
        leaver.is_active = False
        leaver.save(update_fields=["is_active"])
        ended = sessions.end(leaver, by=by, reason="handed_over")
        outcome = Outcome(leaver, work, roles, memberships, ended)
        record(Act.HAND_OVER, by=by, about=leaver, reason=f"moved: {outcome.count}, roles: {len(roles)}")
    return outcome


def _check(leaver: User, receivers: Sequence[User], by: Any) -> None:
    if not by.has_perm(RIGHT):
        raise RightMissing
    if leaver.pk == by.pk:
        raise SecondPersonNeeded(_("Somebody else hands your work over, so that it does not go unseen."))
    if leaver.is_engine or leaver.is_superuser or ApiClient.objects.filter(user=leaver).exists():
        raise InvalidInput({"leaver": [_("This account's work is not handed over here.")]})
    able = set(User.objects.can_be_given_work().exclude(pk=leaver.pk).filter(pk__in=[one.pk for one in receivers]))
    if unfit := [one for one in receivers if one not in able]:
        sentence = _(
            "These people cannot be given work, because they have left, leave today or are in no division: %(people)s."
        )
        raise InvalidInput({"receivers": [sentence % {"people": ", ".join(map(str, unfit))}]})


def cannot_see(people: Sequence[User]) -> str:
    """The refusal of receivers, by name."""
    sentence = _("These people cannot take the work over, because they may not see all of it: %(people)s.")
    return str(sentence) % {"people": ", ".join(map(str, people))}


def _end_roles(leaver: User, by: Any, reason: str) -> list[str]:
    rows = RoleGrant.objects.select_for_update(of=("self",)).select_related("group", "user").filter(user=leaver)
    living = rows.exclude(state=GrantState.DECLINED).exclude(valid_to__lte=timezone.localdate()).order_by("pk")
    ended = list(living)
    for held in ended:
        grants.close(held, by=by, reason=reason)
    return [held.group.name for held in ended]


def _end_memberships(leaver: User) -> int:
    today = timezone.localdate()
    living = leaver.memberships.exclude(valid_to__lte=today)
    ended = living.filter(valid_from=None).update(valid_to=today)
    ended += living.filter(valid_from__lt=today).update(valid_to=today)
    late = living.filter(valid_from__gte=today)  # begun today or not yet: it never counted for a whole day
    count, _by_model = late.delete()
    return ended + count
