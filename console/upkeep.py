"""What waits for whoever looks after the system: counted on their home page, each number over the list it leads to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from accounts.changes.models import AccountChange
from accounts.models import ApiClient, GrantState, RoleGrant, User
from common.scope import as_system
from console.operations import WATCH, Verdict, findings, worst_of
from notifications.dead_letters import RECEIVES_DEAD_LETTERS
from notifications.models import Outbox


@dataclass(frozen=True)
class Chore:
    """Rows that wait, the right to see them, and their list with the filter that leaves them."""

    label: Promise
    right: str
    rows: Callable[[datetime], QuerySet[Any]]
    page: str
    words: str

    @property
    def url(self) -> str:
        return f"{reverse(self.page)}?{self.words}"


CHORES = {
    "roles": Chore(
        pgettext_lazy("home", "Roles that wait"),
        "accounts.view_rolegrant",
        lambda at: RoleGrant.objects.pending(),
        "admin:accounts_rolegrant_changelist",
        "standing=pending",
    ),
    "changes": Chore(
        pgettext_lazy("home", "Changes of accounts that wait"),
        "accounts.view_accountchange",
        lambda at: AccountChange.objects.filter(state=GrantState.PENDING),
        "admin:accounts_accountchange_changelist",
        "state__exact=pending",
    ),
    "dead-letters": Chore(
        pgettext_lazy("home", "Messages that were given up"),
        RECEIVES_DEAD_LETTERS,
        lambda at: Outbox.objects.dead(),
        "admin:notifications_outbox_changelist",
        "state__exact=dead",
    ),
    "systems": Chore(
        pgettext_lazy("home", "Systems that end within a month"),
        "accounts.view_apiclient",
        lambda at: ApiClient.objects.ending(at),
        "admin:accounts_apiclient_changelist",
        "ending=soon",
    ),
    "second-step": Chore(
        pgettext_lazy("home", "People without a second step"),
        "accounts.view_user",
        lambda at: User.objects.without_second_step(),
        "admin:accounts_user_changelist",
        "second_step=none",
    ),
}


def chores_of(user: Any) -> Iterator[tuple[str, Chore]]:
    """What this person may look after. No query beyond the permissions."""
    return ((name, chore) for name, chore in CHORES.items() if user.has_perm(chore.right))


def verdict_for(user: Any, at: datetime) -> Verdict | None:
    """How the machinery does, for whoever watches it. As many queries as `findings`."""
    if not user.has_perm(WATCH):
        return None
    with as_system():
        return worst_of(findings(at))
