"""Open sessions: kept in the database with the person they belong to, so that they can be listed and ended.

`SESSION_ENGINE` names this module. A session that was ended is gone with the next request; a request that is just
running cannot bring it back, because Django only updates a session's row where it still exists."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone

from accounts.models import Session, User
from accounts.signin.middleware import ACTIVE_AT, PASSED_AT
from audit.models import Act
from audit.services import record
from common.statements import Slot, statement

BROWSER = "browser"
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "coc_coc": "Cốc Cốc",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


class SessionStore(DatabaseStore):
    """Django's own, whose rows know their person."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row

    def _get_session_from_db(self) -> Session | None:
        """As Django's, by a statement that is written and planned once: every page of the console asks it."""
        kept = statement(SessionStore, _live_session)
        for row in kept.rows(key=self.session_key, now=timezone.now()):
            return Session.from_db(DEFAULT_DB_ALIAS, [field.attname for field in Session._meta.concrete_fields], row)
        self._session_key = None
        return None


def _live_session() -> QuerySet[Session]:
    return Session.objects.filter(session_key=Slot("key", CharField()), expire_date__gt=Slot("now", DateTimeField()))


@dataclass(frozen=True)
class Open:
    """What a person is told about one of their sessions."""

    began_at: datetime
    active_at: datetime
    browser: str
    is_this: bool


def browser_of(agent: str) -> str:
    """The browser and system that a User-Agent header names, in two words; the header itself is not kept."""
    names = (next((name for mark, name in known.items() if mark in agent), "") for known in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, names))


def open_of(user: User, this_key: str | None) -> list[Open]:
    """A person's open sessions, the latest first."""
    found = []
    for row in Session.objects.filter(user=user, expire_date__gt=timezone.now()):
        held = SessionStore().decode(row.session_data)
        began, zone = held.get(PASSED_AT, 0), timezone.get_current_timezone()
        began_at, active_at = (datetime.fromtimestamp(at, zone) for at in (began, held.get(ACTIVE_AT, began)))
        found.append(Open(began_at, active_at, held.get(BROWSER, ""), row.session_key == this_key))
    return sorted(found, key=lambda each: each.began_at, reverse=True)


@transaction.atomic
def end(user: User, *, by: Any, reason: str, except_key: str | None = None) -> int:
    """End a person's sessions at once, all or all but one; returns how many there were. Written down."""
    count, _by_model = Session.objects.filter(user=user).exclude(session_key=except_key or "").delete()
    record(Act.SESSIONS, by=by, about=user, reason=reason)
    return count
