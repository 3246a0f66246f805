"""What a system may do: every widening waits for a second person (`accounts.changes`), a narrowing counts at once."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.admin.models import CHANGE
from django.utils.translation import gettext, ngettext

from accounts.changes.models import AccountChange
from accounts.models import ApiClient
from accounts.services import give_roles
from audit.models import Act
from audit.services import record
from common import deeds
from common.values import plain


@dataclass(frozen=True)
class Limits:
    """What a system may do, for which facilities (none named: every one), and the first day it may no longer."""

    may_read: bool
    may_send: bool
    facilities: frozenset[int]
    expires_on: date | None

    def widens(self, held: "Limits") -> bool:
        """Would somebody be able to do with these what they cannot do with those that are `held`?"""
        if not (self.may_read or self.may_send):
            return False
        reads_more = held.facilities and not (self.facilities and self.facilities <= held.facilities)
        lasts_longer = held.expires_on and not (self.expires_on and self.expires_on <= held.expires_on)
        return bool(
            self.may_read > held.may_read
            or self.may_send > held.may_send
            or (self.may_read and reads_more)
            or lasts_longer
        )

    def __str__(self) -> str:
        """In words, the facilities counted."""
        does = [gettext("reads")] * self.may_read + [gettext("sends feedback")] * self.may_send
        if not does:
            return gettext("may do nothing")
        parts = [", ".join(does)]
        if self.may_read:
            count = len(self.facilities)
            said = ngettext("%(count)s facility only", "%(count)s facilities only", count) % {"count": count}
            parts.append(said if count else gettext("every facility"))
        if self.expires_on:
            parts.append(gettext("no longer on %(day)s") % {"day": f"{self.expires_on:%d/%m/%Y}"})
        return " · ".join(parts)


def limits_of(client: ApiClient) -> Limits:
    """One query, unless the facilities are there already."""
    chosen = frozenset(facility.pk for facility in client.facilities.all())
    return Limits(client.may_read, client.may_send, chosen, client.expires_on)


def mark_of(limits: Limits) -> str:
    """What a form sends back, so that nobody's change is undone unseen."""
    return json.dumps(columns_of(limits), default=str)


def limits_asked(asked: AccountChange) -> Limits:
    return Limits(asked.may_read, asked.may_send, frozenset(asked.facility_ids), asked.valid_to)


def columns_of(limits: Limits) -> dict[str, Any]:
    """As a change of an account keeps them."""
    return {
        "may_read": limits.may_read,
        "may_send": limits.may_send,
        "facility_ids": sorted(limits.facilities),
        "valid_to": limits.expires_on,
    }


def agreed(asked: AccountChange, by: Any) -> None:
    """A second person agreed: the system may do exactly what was asked for, and has the roles that go with it."""
    client, limits = ApiClient.objects.select_for_update().get(user=asked.user_id), limits_asked(asked)
    give_roles(asked.user, may_read=limits.may_read, may_send=limits.may_send, reason=f"#{asked.pk}")
    _put(client, limits, by=by, reason=asked.reason)


def narrow(client: ApiClient, limits: Limits, *, by: Any, reason: str) -> None:
    """Take something away from a locked client. Written down."""
    _put(client, limits, by=by, reason=reason)
    record(Act.ROLE, by=by, about=client.user, reason=f"narrowed_client: {reason}")


def _put(client: ApiClient, limits: Limits, *, by: Any, reason: str) -> None:
    """Write them and what was there before into the client's history. A few queries."""
    before = _said(client)
    client.may_read, client.may_send, client.expires_on = limits.may_read, limits.may_send, limits.expires_on
    client.save(update_fields=["may_read", "may_send", "expires_on"])
    client.facilities.set(limits.facilities)
    after = _said(client)
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    deeds.log(by, client, CHANGE, [{"kind": "~", "fields": changed, "reason": reason}])


def _said(client: ApiClient) -> dict[str, Any]:
    """The columns as the history keeps them."""
    kept = {name: plain(getattr(client, name)) for name in ("may_read", "may_send", "expires_on")}
    return kept | {"facilities": plain(list(client.facilities.order_by("name")))}
