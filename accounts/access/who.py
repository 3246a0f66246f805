"""Who reads: everything about a person or a system that a declaration may ask for, looked up when it is asked."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from accounts.access.terms import Term

FLAGS = ("is_client", "is_limited")
LISTS = ("divisions", "facilities", "client_facilities", "recused_facilities", "recused_cases")
NOBODY = Q(pk__in=[])


class Who:
    """One reader. Costs a query for the memberships and one for the recusals, each once per user object and only when
    a declaration gets as far as asking for them."""

    def __init__(self, user: Any, known: frozenset[str] = frozenset()) -> None:
        self.user = user
        self.known = known  # foreign keys whose rows this reader has been shown already
        self.is_active = bool(getattr(user, "is_active", False))
        self.id: int | None = user.pk if self.is_active else None

    def has(self, permission: str) -> bool:
        return self.is_active and bool(self.user.has_perm(permission))

    def flag(self, name: str) -> bool:
        """`is_client`: a system with a token; `is_limited`: one that may look at some facilities only."""
        if name == "is_client":
            return self.user.client is not None
        return not self.user.is_superuser and bool(self.user.client_facilities)

    def ids(self, units: str) -> frozenset[int]:
        if not self.is_active:
            return frozenset()
        if units in ("divisions", "facilities"):
            found: frozenset[int] = getattr(self.user.scope, units)
            return found
        kept: frozenset[int] = getattr(self.user, units)
        return kept


def condition(term: "Term", user: Any, prefix: str = "", known: frozenset[str] = frozenset()) -> Q:
    """What a declaration says about this reader, as a condition for a query; the same for anonymous visitors and
    switched-off accounts: nothing."""
    who = Who(user, known)
    answer = term.q(who, prefix) if who.is_active else False
    if isinstance(answer, Q):
        return answer
    return Q() if answer else NOBODY
