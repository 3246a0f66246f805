"""Roles of people: giving one, agreeing as the second person, declining, ending. Each leaves an audit entry."""

from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import telling
from accounts.models import GrantState, RoleGrant, User
from accounts.roles import ROLE_BY_CODE
from audit.models import Act
from audit.services import record
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, SecondPersonNeeded
from common.reasons import REASON_LENGTH
from common.text import clean, has_unstorable

GRANT, APPROVE = "accounts.grant_role", "accounts.approve_role"
# What looks after the system and opens no case: one person gives it. Whatever is not named here takes two.
TECHNICAL = frozenset(
    {
        "accounts.view_user",
        "accounts.add_user",
        "accounts.change_user",
        "accounts.view_membership",
        "accounts.add_membership",
        "accounts.change_membership",
        "accounts.view_apiclient",
        "accounts.add_apiclient",
        "accounts.change_apiclient",
        "accounts.view_rolegrant",
        "accounts.view_accountchange",
        "accounts.grant_role",
        "auth.view_group",
        "deadlines.release_clock",
        "deadlines.view_clockhold",
        "deadlines.watch_operations",
        "facilities.view_division",
        "facilities.view_facility",
        "notifications.receive_dead_letters",
        "notifications.view_inboxitem",
    }
)


def takes_two(group: Group) -> bool:
    """Does this role hold more than looking after the system? One query."""
    held = group.permissions.values_list("content_type__app_label", "codename")
    return any(f"{app}.{codename}" not in TECHNICAL for app, codename in held)


def grant(
    user: User, group: Group, *, by: Any, reason: str, valid_from: date | None = None, valid_to: date | None = None
) -> RoleGrant:
    """Give a person a role, from today unless said otherwise; `valid_to` is the first day they no longer hold it.

    A role that opens more than the system's own pages waits until a second person agrees (`approve`). Raises
    `RightMissing`, `SecondPersonNeeded` for one's own account, `ReasonRequired`, `InvalidInput`."""
    _check_giver(user, by)
    begins = valid_from or timezone.localdate()
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        _check_days(user, group, begins, valid_to)
        is_for_two = takes_two(group)
        made = RoleGrant.objects.create(
            user=user,
            group=group,
            valid_from=begins,
            valid_to=valid_to,
            reason=checked_reason(reason),
            state=GrantState.PENDING if is_for_two else GrantState.GRANTED,
            takes_two=is_for_two,
            granted_by=by,
        )
        _record(made, by, "asked" if is_for_two else "granted")
        if is_for_two:
            telling.tell(telling.ASKED, made)
    return made


def _check_giver(user: User, by: Any) -> None:
    if not by.has_perm(GRANT):
        raise RightMissing
    if user.pk == by.pk:
        record(Act.REFUSED, by=by, about=user, reason="grant_role")
        raise SecondPersonNeeded(_("Nobody gives a role to themselves."))
    if user.is_engine or (user.is_superuser and not by.is_superuser):
        raise RightMissing(_("The roles of this account are not given here."))


def _check_days(user: User, group: Group, begins: date, ends: date | None) -> None:
    today = timezone.localdate()
    if begins < today:
        raise InvalidInput({"valid_from": [_("A role begins today or later.")]})
    if ends is not None and ends <= begins:
        raise InvalidInput({"valid_to": [_("The last day must come after the first.")]})
    held = RoleGrant.objects.filter(user=user, group=group).exclude(state=GrantState.DECLINED)
    for other in held:
        is_before = other.valid_to is not None and other.valid_to <= begins
        if not is_before and (ends is None or other.valid_from < ends):
            raise InvalidInput({"group": [_("This person holds this role in that time already.")]})


@transaction.atomic
def approve(asked: RoleGrant, *, by: Any) -> RoleGrant:
    """Agree as the second person; the role begins today at the earliest.

    Raises `RightMissing`, `SecondPersonNeeded`, `MoveRefused`, `Http404`."""
    waiting = _to_answer(asked, by)
    today = timezone.localdate()
    if waiting.valid_to is not None and waiting.valid_to <= today:
        raise MoveRefused(_("The time for which this role was asked is over. Decline it."))
    waiting.valid_from = max(waiting.valid_from, today)
    _answer(waiting, by, GrantState.GRANTED, "")
    _record(waiting, by, "approved")
    return waiting


@transaction.atomic
def decline(asked: RoleGrant, *, by: Any, reason: str) -> RoleGrant:
    """Say no, and why. Raises what `approve` raises, and `ReasonRequired`, `InvalidInput`."""
    waiting = _to_answer(asked, by)
    _answer(waiting, by, GrantState.DECLINED, checked_reason(reason))
    _record(waiting, by, "declined")
    return waiting


def _to_answer(asked: RoleGrant, by: Any) -> RoleGrant:
    if not by.has_perm(APPROVE):
        raise RightMissing
    waiting = RoleGrant.objects.select_for_update(of=("self",)).select_related("group").filter(pk=asked.pk).first()
    if waiting is None:
        raise Http404
    if waiting.state != GrantState.PENDING:
        raise MoveRefused(_("This role waits no longer: it was answered already."))
    if by.pk in (waiting.granted_by_id, waiting.user_id):
        raise SecondPersonNeeded(_("A second person answers: not who gives the role, nor who gets it."))
    return waiting


def _answer(waiting: RoleGrant, by: Any, state: str, answer: str) -> None:
    waiting.state, waiting.answer = state, answer
    waiting.decided_by, waiting.decided_at = by, timezone.now()
    waiting.save(update_fields=["state", "answer", "decided_by", "decided_at", "valid_from"])
    telling.tell(telling.ANSWERED, waiting)


@transaction.atomic
def end(held: RoleGrant, *, by: Any, reason: str) -> RoleGrant:
    """Take a role away at once: it is gone with the person's next request. One that has not begun never begins.

    Raises `RightMissing`, `MoveRefused`, `ReasonRequired`, `InvalidInput`, `Http404`."""
    if not (by.has_perm(GRANT) or by.has_perm(APPROVE)):
        raise RightMissing
    found = RoleGrant.objects.select_for_update(of=("self",)).select_related("group", "user").filter(pk=held.pk).first()
    if found is None:
        raise Http404
    if found.user.is_superuser and not by.is_superuser:
        raise RightMissing(_("The roles of this account are not given here."))
    close(found, by=by, reason=checked_reason(reason))
    return found


def close(found: RoleGrant, *, by: Any, reason: str) -> None:
    """End a locked grant whose rights were checked. Raises `MoveRefused` for one that is over."""
    today = timezone.localdate()
    if found.state == GrantState.DECLINED or (found.valid_to is not None and found.valid_to <= today):
        raise MoveRefused(_("This role is over already."))
    found.valid_to = max(found.valid_from, today)
    found.ended_by, found.end_reason = by, reason
    found.save(update_fields=["valid_to", "ended_by", "end_reason"])
    _record(found, by, "ended")


def give(user: User, code: str, *, reason: str) -> RoleGrant:
    """Let an account hold a seeded role from today on, in the name of the system itself: at an installation, for an API
    client, for invented people. Holding it already changes nothing."""
    group = Group.objects.get(name=ROLE_BY_CODE[code].name_vi)
    today = timezone.localdate()
    held = RoleGrant.objects.valid_on(today).filter(user=user, group=group).first()
    if held is not None:
        return held
    made = RoleGrant.objects.create(user=user, group=group, valid_from=today, state=GrantState.GRANTED, reason=reason)
    _record(made, None, "granted")
    return made


def checked_reason(reason: str) -> str:
    """The reason, cleaned. Raises `ReasonRequired`, `InvalidInput`."""
    if has_unstorable(reason):
        raise InvalidInput({"reason": [_("This text holds characters that cannot be stored. Type it again.")]})
    text = clean(reason)
    if not text:
        raise ReasonRequired
    if len(text) > REASON_LENGTH:
        raise InvalidInput({"reason": [_("At most %(count)s characters.") % {"count": REASON_LENGTH}]})
    return text


def _record(made: RoleGrant, by: Any, what: str) -> None:
    """The audit entry: the person by number, the role by its name, the grant that holds the reason by number."""
    record(Act.ROLE, by=by, about=made.user, reason=f"{what}: {made.group.name} (#{made.pk})")
