"""The models of this app; those of its rooms `signin` and `changes` stand there."""

from accounts.changes.models import AccountChange
from accounts.models.clients import ApiClient
from accounts.models.people import DateRange, GrantState, Membership, PersonManager, RoleGrant, SeededRight, User
from accounts.models.recusals import Ground, Recusal
from accounts.signin.models import Attempt, Session

__all__ = [
    "AccountChange",
    "ApiClient",
    "Attempt",
    "DateRange",
    "Ground",
    "GrantState",
    "Membership",
    "PersonManager",
    "Recusal",
    "RoleGrant",
    "SeededRight",
    "Session",
    "User",
]
