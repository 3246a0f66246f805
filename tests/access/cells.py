"""Cells of the matrix: one reader asks one address in one way; what must come back, and what must not be in it."""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection, transaction

from accounts.signin.middleware import ACTIVE_AT, WRITTEN_EVERY
from tests.access import policy
from tests.access.world import CANARY, PHONE, REFERENCE, Reader, World

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SAFE = frozenset(METHODS) - WRITES
# what may come back: the status, and whether something may have been written
OK, DONE, REFUSED, AWAY, HARMLESS = "shown", "done", "refused", "sent elsewhere", "harmless"
LOGIN, GONE, NO, UNKNOWN, WRONG_METHOD = "sent to sign in", "404", "403", "401", "405"
DENIALS = frozenset({LOGIN, GONE, NO, UNKNOWN, WRONG_METHOD, REFUSED})
# written by looking, not by deeds: sessions, the log of looks, counters of tries, what one has read
TRACES = frozenset(
    {
        "accounts_session",
        "django_session",
        "audit_entry",
        "audit_refusals",
        "accounts_attempt",
        "notifications_inboxitem",
    }
)


@dataclass(frozen=True, eq=False)
class Target:
    """What an address is about: the arguments in it, the case behind it, and what it asks besides."""

    args: dict[str, Any] = field(default_factory=dict)
    case: str = ""
    query: str = ""
    is_absent: bool = False
    note: str = ""
    path: str = ""
    shows: frozenset[tuple[str, str]] = frozenset()  # (case, field) that this very page may show besides


@dataclass(frozen=True)
class Route:
    """One row of the table: what to ask, and what each reader must get."""

    targets: Callable[[World], Iterable[Target]]
    expect: Callable[["Cell"], str]
    body: Callable[["Cell", World], Any] = lambda cell, world: {}
    shows: Callable[["Cell"], Iterable[tuple[str, str]]] = lambda cell: ()
    is_json: bool = False
    as_alike: bool = True  # absent and forbidden answer alike


@dataclass(frozen=True, eq=False)
class Cell:
    """One question."""

    reader: str
    route: str
    pattern: str
    method: str
    target: Target

    @property
    def path(self) -> str:
        if self.target.path:
            return self.target.path + self.target.query
        names = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: quote(str(self.target.args[found[1]])), self.pattern)
        return f"/{names}{self.target.query}"

    def __str__(self) -> str:
        about = self.target.case or self.target.note
        return f"{self.reader} {self.method} {self.path} ({self.route}, {about or 'no case'})"


@dataclass
class Tally:
    """What came of the cells: counted, and every one that was wrong, in words."""

    allowed: int = 0
    denied: int = 0
    wrong: list[str] = field(default_factory=list)
    relations: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        related = ", ".join(f"{name} {self.relations[name]}" for name in policy.RELATIONS)
        total = self.allowed + self.denied
        return f"{total} cells: {self.allowed} allow, {self.denied} deny, {len(self.wrong)} wrong; {related}"


class Asker:
    """Asks cells of one world, each in a savepoint that is taken back."""

    def __init__(self, world: World, routes: dict[str, Route]) -> None:
        self.world, self.routes = world, routes
        self.tables = _tables()
        self.as_planted = {table: _content(table) for table in self.tables.values()}
        self.absences: dict[tuple[str, str, str], bytes] = {}
        self.asked, self.writes = 0, _writes(self.tables)
        self.awake_since = 0.0

    def ask(self, cell: Cell, tally: Tally) -> None:
        """Ask one and write down what was wrong with the answer."""
        self._keep_awake()
        route = self.routes[cell.route]
        expected = route.expect(cell)
        body = route.body(cell, self.world) if cell.method in WRITES else {}
        sent = f"{cell.path} {body}"
        answer, faults = self._answer(cell, route, expected, body)
        faults += self._misfit(cell, expected, answer)
        faults += self._shown(cell, route, sent, answer)
        if expected in (GONE, NO, AWAY) and _is_hidden(cell) and route.as_alike:
            faults += self._told_apart(cell, route, answer)
        tally.wrong += [f"{cell}: {fault}" for fault in faults]
        if expected in DENIALS:
            tally.denied += 1
        else:
            tally.allowed += 1
        if cell.target.case:
            tally.relations[policy.relation(cell.reader, cell.target.case)] += 1

    def plain(self, cell: Cell) -> "Answer":
        """Only the answer, of a question that writes nothing."""
        self._keep_awake()
        with transaction.atomic():
            answer = self._asked(cell, self.routes[cell.route], {})
            transaction.set_rollback(True)
        return answer

    def _keep_awake(self) -> None:
        """What a cell wrote is taken back, its reader's activity too: without this each session would be written anew
        for every cell after a minute, and have ended after a quarter of an hour."""
        if time.time() - self.awake_since < WRITTEN_EVERY / 2:
            return
        self.awake_since = time.time()
        for reader in self.world.readers.values():
            if settings.SESSION_COOKIE_NAME in reader.client.cookies:
                session = reader.client.session
                session[ACTIVE_AT] = self.awake_since
                session.save()

    def _answer(self, cell: Cell, route: Route, expected: str, body: Any) -> tuple["Answer", list[str]]:
        with transaction.atomic():
            answer = self._asked(cell, route, body)
            before, self.writes = self.writes, _writes(self.tables)
            touched = {table for table, count in self.writes.items() if count != before.get(table)} - TRACES
            changed = [table for table in touched if _content(table) != self.as_planted.get(table)]
            transaction.set_rollback(True)
        if expected == DONE:
            return answer, [] if changed else [f"nothing was written ({answer.status})"]
        return answer, [f"wrote {', '.join(sorted(changed))}"] if changed else []

    def _asked(self, cell: Cell, route: Route, body: Any) -> "Answer":
        reader: Reader = self.world.readers[cell.reader]
        self.asked += 1
        headers = dict(reader.headers)
        extra: dict[str, Any] = {"REMOTE_ADDR": f"10.{self.asked >> 16}.{(self.asked >> 8) & 255}.{self.asked & 255}"}
        if route.is_json:
            extra["content_type"] = "application/json"
            if cell.target.case in self.world.cases and not cell.target.is_absent:
                headers["if-match"] = f'"{self.world.cases[cell.target.case].version}"'
            headers["idempotency-key"] = f"k-{self.asked}"
        if cell.method in WRITES and not route.is_json and cell.method != "POST":
            body = ""
        send = getattr(reader.client, cell.method.lower())
        return Answer.of(send(cell.path, body, headers=headers, **extra))

    def _misfit(self, cell: Cell, expected: str, answer: "Answer") -> list[str]:
        return [] if fits(expected, answer, cell) else [f"{expected} expected, {answer.status} {answer.to} came"]

    def _shown(self, cell: Cell, route: Route, sent: str, answer: "Answer") -> list[str]:
        """Every canary that this reader may not read; what the question itself said may come back."""
        text = BY_CHANCE.sub("", answer.text)
        found = _canaries(text) - _canaries(sent)
        found |= {(number, "rp") for number in set(PHONE.findall(text)) - set(PHONE.findall(sent))}
        allowed = {*route.shows(cell), *cell.target.shows}
        named = [(self.world.names[int(number)], what) for number, what in found if int(number) in self.world.names]
        leaks = sorted(
            f"{case}.{what}"
            for case, what in named
            if not policy.reads(cell.reader, case, what) and (case, what) not in allowed
        )
        known = set(REFERENCE.findall(answer.text)) - set(REFERENCE.findall(sent))
        told = sorted(self.world.references[one] for one in known & set(self.world.references))
        leaks += [
            f"reference of {case}"
            for case in told
            if not policy.sees(cell.reader, case) and (case, "reference") not in allowed
        ]
        return [f"shows {', '.join(leaks)}"] if leaks else []

    def _told_apart(self, cell: Cell, route: Route, answer: "Answer") -> list[str]:
        """A forbidden record and an absent one must be answered in the same words."""
        key = (cell.reader, cell.route, cell.method)
        mine = answer.without(*_names_in(cell))
        if cell.target.is_absent:
            self.absences[key] = mine
            return []
        if key not in self.absences:
            absent = next(target for target in route.targets(self.world) if target.is_absent)
            other = Cell(cell.reader, cell.route, cell.pattern, cell.method, absent)
            body = route.body(other, self.world) if cell.method in WRITES else {}
            self.absences[key] = self._answer(other, route, REFUSED, body)[0].without(*_names_in(other))
        return [] if self.absences[key] == mine else ["is answered otherwise than an absent one"]


def _canaries(text: str) -> set[tuple[str, str]]:
    return set(CANARY.findall(text))


def _names_in(cell: Cell) -> list[str]:
    """What an answer may repeat of the address."""
    return [cell.path.partition("?")[0], *(str(value) for value in cell.target.args.values() if len(str(value)) > 3)]


def _is_hidden(cell: Cell) -> bool:
    return bool(cell.target.case) and (cell.target.is_absent or not policy.sees(cell.reader, cell.target.case))


@dataclass(frozen=True)
class Answer:
    """What came back, all of it as one text: the body, the headers and the cookies."""

    status: int
    to: str
    text: str

    @classmethod
    def of(cls, response: Any) -> "Answer":
        content = b"".join(response.streaming_content) if response.streaming else response.content
        headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        text = f"{content.decode('utf-8', 'replace')}\n{headers}\n{response.cookies.output()}"
        return cls(response.status_code, response.headers.get("Location", ""), text)

    def without(self, *differing: str) -> bytes:
        """A mark of the text without what differs from one question to the next: what was asked, signs against
        forgery, moments."""
        text = self.text
        for own in sorted(differing, key=len, reverse=True):
            text = text.replace(own, "…").replace(quote(own, safe=""), "…")
        for changing in CHANGING:
            text = changing.sub("", text)
        return hashlib.sha256(text.encode()).digest()


# letters drawn by chance spell a canary now and then: signs against forgery, nonces, sessions
BY_CHANCE = re.compile(
    r"(?i)(csrfmiddlewaretoken\W+(?:type\W+hidden\W+)?value\W+|csrf-?token\W{1,5}|data-csrf\W+|nonce[-=\W]{1,3}|sessionid=)[\w\-+/=]+"
)
CHANGING = (
    re.compile(r"(csrfmiddlewaretoken\" value=\"|csrftoken=|nonce[-=]\"?|sessionid=|instance\":\s*\")[^\"; ]*"),
    re.compile(r"(?i)(x-request-id|content-length|date|expires|set-cookie):[^\n]*|expires=[^;]*|“[^”]*”"),
)


def fits(expected: str, answer: Answer, cell: Cell) -> bool:
    """Is this the kind of answer that was expected?"""
    status, is_login = answer.status, "/console/login/" in answer.to
    return {
        OK: status in (200, 204),
        DONE: status in (200, 201, 204) or (status == 302 and not is_login),
        REFUSED: status in (200, 204, 400, 403, 404, 405, 409, 412, 415, 422, 428) or (status == 302 and not is_login),
        HARMLESS: status < 500,
        "ready or not": status in (200, 503),
        AWAY: status in (301, 302) and not is_login,
        LOGIN: status == 302 and is_login,
        GONE: status == 404,
        NO: status == 403,
        UNKNOWN: status == 401,
        WRONG_METHOD: status == 405,
    }[expected]


def cells_of(world: World, routes: dict[str, Route], patterns: dict[str, str]) -> Iterator[Cell]:
    """Every cell: each reader, route, target and method."""
    for name, route in routes.items():
        targets = list(route.targets(world))
        for reader in world.readers:
            for target in targets:
                for method in METHODS:
                    yield Cell(reader, name, patterns[name], method, target)


# --- what was written ------------------------------------------------------------------------------------------------


def _tables() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relid, relname FROM pg_stat_user_tables WHERE schemaname = 'public'")
        return dict(cursor.fetchall())


def _writes(tables: dict[int, str]) -> dict[str, int]:
    """How often each of these tables was written in this transaction, taken-back writes included: cheap, and only a
    hint. The view that says the same, `pg_stat_xact_user_tables`, costs as much as a refused page."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid, ins + upd + del FROM unnest(%s::oid[]) oid, pg_stat_get_xact_tuples_inserted(oid) ins,"
            " pg_stat_get_xact_tuples_updated(oid) upd, pg_stat_get_xact_tuples_deleted(oid) del"
            " WHERE ins + upd + del > 0",
            ["{" + ",".join(map(str, tables)) + "}"],  # as PostgreSQL reads it: the driver looks at each number twice
        )
        return {tables[oid]: count for oid, count in cursor.fetchall()}


def _content(table: str) -> Any:
    """A mark of everything that stands in a table."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*), sum(hashtextextended(t::text, 0)) FROM "{table}" t')
        return cursor.fetchone()
