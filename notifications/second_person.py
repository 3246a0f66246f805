"""Who is told that a role or a change of an account waits for a second person, and what came of it.

Messages say that something waits and lead to it; who and what stands on the page only."""

from typing import Any

from django.urls import reverse

from accounts.grants import APPROVE
from accounts.models import AccountChange, RoleGrant, User
from accounts.telling import ASKED
from common.scope import as_system
from notifications.choices import Channel
from notifications.models import Message
from notifications.services import enqueue

LEFT = "account_email_left"


def tell(occasion: str, row: Any) -> None:
    """A row was asked for, or answered. Two statements."""
    kind = "role" if isinstance(row, RoleGrant) else "change"
    giver = row.granted_by_id if kind == "role" else row.asked_by_id
    page = f"admin:{row._meta.app_label}_{row._meta.model_name}"
    with as_system():
        if occasion == ASKED:
            second = User.objects.with_permission(APPROVE).exclude(pk__in=[row.user_id, giver])
            people, address = set(second.values_list("pk", flat=True)), reverse(f"{page}_answer_page", args=[row.pk])
        else:
            people, address = {giver}, reverse(f"{page}_change", args=[row.pk])
        _enqueue(f"{kind}:{row.pk}:{occasion}", people, f"{kind}_{occasion}", address)
        is_made = occasion != ASKED and kind == "change" and row.state == "granted"
        if is_made and row.what not in ("token", "client"):  # a system reads no mail
            _enqueue(f"{kind}:{row.pk}:made", {row.user_id}, f"account_{row.what}", reverse("own_sessions"))
        if is_made and row.former_email:
            key, page = f"{kind}:{row.pk}:left", reverse("own_sessions")
            enqueue(key, to={row.user_id}, template=LEFT, about=row, url=page, channels=[Channel.EMAIL])


def address_of(message: Message, person: User) -> str:
    """Where a mail goes: to the person, or to the address that was theirs until it was changed."""
    if message.template == LEFT and message.about_id:
        return AccountChange.objects.get(pk=message.about_id).former_email
    return person.email


def _enqueue(key: str, people: set[int], template: str, url: str) -> None:
    if people:
        enqueue(key, to=people, template=template, url=url)
