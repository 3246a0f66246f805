"""What a transaction is told about the person or system on whose behalf it works (`common.scope`)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from accounts.access.policies import declared
from accounts.access.relations import rights_in
from accounts.access.who import FLAGS, LISTS, Who
from common import scope
from common.scope import Scope

NOBODY = Scope()


def scope_of_reader(user: Any) -> Scope:
    """Who it is, which of the declared rights they hold, their units and what they are kept from. Nobody's for
    anonymous visitors and accounts that are switched off."""
    who = Who(user)
    if not who.is_active:
        return NOBODY
    declared_ones = _declared_rights()  # asked of all that the reader holds: once each is many calls for one answer
    rights = set(declared_ones if user.is_superuser else declared_ones & user.get_all_permissions())
    rights |= {flag for flag in FLAGS if who.flag(flag)}
    return Scope(
        {
            "person": str(who.id),
            **{units: _array(who.ids(units)) for units in LISTS},
        },
        frozenset(rights),
    )


@lru_cache
def _declared_rights() -> frozenset[str]:
    return frozenset(rights_in(declared().values()) - set(FLAGS))


def _array(values: Iterable[Any]) -> str:
    """As PostgreSQL reads it; nothing for an empty one, as if it had never been set."""
    listed = ",".join(sorted(map(str, values)))
    return f"{{{listed}}}" if listed else ""


def become(user: Any) -> None:
    """From here on the open transaction works on behalf of this reader, who has just been recognised."""
    scope.become(scope_of_reader(user))


@contextmanager
def on_behalf_of(user: Any) -> Iterator[None]:
    """A transaction in which policies show what this reader may see, and nothing for nobody."""
    with scope.entered(scope_of_reader(user)):
        yield
