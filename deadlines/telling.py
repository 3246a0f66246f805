"""Who is told of a step, when, and in how many messages: everybody whom the steps address, each once for a record,
never nobody; at night only what is urgent; and one digest instead of a flood."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from accounts.models import User
from accounts.services import engine
from deadlines.choices import Action, Role, Side
from deadlines.ladders import Rung
from deadlines.registry import Subject
from notifications.choices import Channel
from notifications.choices import State as MessageState
from notifications.models import Outbox
from notifications.services import Wanted
from notifications.templates import PROVISIONAL

DIGEST = "deadline_digest"
NOBODY = "nobody to tell"
Roles = tuple[str, ...]

# What one person was told of in the last hour, and what waits for the end of the quiet hours: all, and what is urgent.
_TOLD = """
SELECT person, count(*)::int, (count(*) FILTER (WHERE is_urgent))::int FROM (
    SELECT item.recipient_id, EXISTS (
        SELECT 1 FROM notifications_outbox sent WHERE sent.key = item.key AND sent.recipient_id = item.recipient_id
        AND sent.channel = 'inbox' AND sent.is_urgent)
    FROM notifications_inboxitem item
    WHERE item.recipient_id = ANY(%(people)s) AND item.at > now() - interval '1 hour' AND item.key LIKE 'deadline:%%'
    UNION ALL
    SELECT recipient_id, is_urgent FROM notifications_outbox
    WHERE state = 'waiting' AND channel = 'inbox' AND recipient_id = ANY(%(people)s) AND key LIKE 'deadline:%%'
) AS told(person, is_urgent) GROUP BY 1
"""

# A message that waited for the morning says nothing any more when its deadline ended in the night.
_RECALL = """
UPDATE notifications_outbox message SET state = 'withheld', locked_until = NULL
FROM deadlines_deadline deadline
WHERE message.state = 'waiting' AND message.channel IN ('inbox', 'email', 'sms', 'zalo', 'webhook')
  AND message.next_try_at > now() AND message.attempts = 0 AND message.key LIKE 'deadline:%'
  AND deadline.id = split_part(message.key, ':', 2)::bigint
  AND deadline.state IN ('done', 'cancelled')
"""


class Due(NamedTuple):
    """A claimed deadline, as the sweep reads it; `passed` are the positions of the steps whose moment has come."""

    id: int
    about_type_id: int
    about_id: int
    reference: str
    obligation: str
    cycle: int
    due_at: str
    is_provisional: bool
    ladder_id: int
    step: int
    upto: int
    passed: list[int]

    @property
    def key(self) -> str:
        """Of the messages about its highest step."""
        return f"deadline:{self.id}:{self.cycle}:{self.ladder_id}:{self.passed[-1]}"

    @property
    def params(self) -> dict[str, str]:
        """What the messages about it say."""
        said = {"reference": self.reference, "obligation": self.obligation, "due_at": self.due_at}
        return {**said, PROVISIONAL: "due_at"} if self.is_provisional else said


@dataclass(frozen=True)
class Steps:
    """The steps that a deadline takes now; shared by all deadlines that take the same ones."""

    rungs: tuple[Rung, ...]
    level: int
    held_until: datetime | None

    @property
    def highest(self) -> Rung:
        return self.rungs[-1]

    @property
    def may_wait(self) -> bool:
        """May what they say wait for the end of the quiet hours, which it is now?"""
        return self.held_until is not None and self.highest.keeps_quiet and not self.highest.is_urgent


Taken = list[tuple[Due, Steps]]


def recall() -> None:
    """Withhold what waits for the morning about deadlines that ended meanwhile. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_RECALL)


def people_of(register: "Register", taken: Taken) -> dict[int, set[int]]:
    """Who is told about each deadline: everybody whom one of its steps addresses, each once. Never nobody, while the
    system has anybody at all.

    One question per role to the case's app, and one more for each role above that had to stand in."""
    wanted: dict[Roles, set[int]] = {}
    for row, steps in taken:
        for rung in steps.rungs:
            wanted.setdefault(rung.roles, set()).add(row.about_id)
    found = {roles: register.ask(roles, records) for roles, records in wanted.items()}
    return {row.id: set().union(*(found[rung.roles][row.about_id] for rung in steps.rungs)) for row, steps in taken}


def once_per_record(taken: Taken, told: dict[int, set[int]]) -> dict[int, set[int]]:
    """Several deadlines of one record came together: whoever hears of the highest does not hear of the others."""
    if len({row.about_id for row, _steps in taken}) == len(taken):
        return told
    heard: dict[int, set[int]] = {}
    for row, _steps in sorted(taken, key=lambda pair: (-pair[1].level, -len(pair[1].rungs), pair[0].id)):
        before = heard.setdefault(row.about_id, set())
        told[row.id] = told[row.id] - before
        before |= told[row.id]
    return told


def urgent_records(subject: Subject, taken: Taken) -> set[int]:
    """Of the records whose message might wait, those that may not. One question, none by day."""
    waiting = [row.about_id for row, steps in taken if steps.may_wait]
    return subject.urgent(waiting) if waiting and subject.urgent else set()


def messages(subject: Subject, row: Due, steps: Steps, people: Iterable[int], held: datetime | None) -> list[Wanted]:
    """One message to each of these people, by the highest step."""
    rung = steps.highest
    asks = any(each.action != Action.NOTIFY for each in steps.rungs)  # to be answered on the deadline's own page
    url = subject.page_of(row.about_id, row.id) if asks else subject.address(row.about_id)
    key = row.key
    until = held.isoformat() if held else None
    about = (row.about_type_id, row.about_id, url, rung.is_urgent, until)
    return [Wanted(key, person, rung.template, row.params, *about) for person in people]


def tell_nobody(rows: Iterable[Due]) -> None:
    """There is not one person in any role and no superuser: leave a dead letter, which the operations page counts."""
    letters = [
        Outbox(
            key=row.key,
            recipient=engine(),
            template="deadline_passed",
            params=row.params,
            about_type_id=row.about_type_id,
            about_id=row.about_id,
            channel=Channel.INBOX,
            state=MessageState.DEAD,
            last_error=NOBODY,
        )
        for row in rows
    ]
    if letters:
        Outbox.objects.bulk_create(letters, ignore_conflicts=True)


# --- floods ----------------------------------------------------------------------------------------------------------


@dataclass
class Flood:
    """Counts what each person is told in a sweep and in the hour before it; what is too much becomes one digest an
    hour. What is urgent is counted apart: a flood of reminders must not swallow it. Memory for two numbers a person."""

    hour: str
    most: int = field(default_factory=lambda: settings.MESSAGES_BEFORE_DIGEST)
    told: Counter[int] = field(default_factory=Counter)
    pressed: Counter[int] = field(default_factory=Counter)
    known: set[int] = field(default_factory=set)

    def fold(self, subject: Subject, wanted: list[Wanted], late: Collection[str]) -> list[Wanted]:
        """The same messages, with a digest instead of those that would be too many; `late` are the keys of messages
        about what is late already. A query when somebody is told for the first time in this sweep."""
        self._look_up({message.recipient for message in wanted} - self.known)
        passing: list[Wanted] = []
        folded: dict[tuple[int, str], Wanted] = {}
        for message in sorted(wanted, key=lambda each: not each.is_urgent):
            if (self.pressed if message.is_urgent else self.told)[message.recipient] < self.most:
                passing.append(message)
            else:
                self._add(folded, subject, message, message.key in late)
            self.told[message.recipient] += 1
            self.pressed[message.recipient] += message.is_urgent
        return passing + list(folded.values())

    def _look_up(self, people: set[int]) -> None:
        if people:
            with connection.cursor() as cursor:
                cursor.execute(_TOLD, {"people": list(people)})
                for person, told, pressed in cursor.fetchall():
                    self.told[person], self.pressed[person] = told, pressed
            self.known |= people

    def _add(self, folded: dict[tuple[int, str], Wanted], subject: Subject, message: Wanted, is_late: bool) -> None:
        until = message.not_before or ""
        key = f"deadlines:{until or self.hour}:{'late' if is_late else 'soon'}"
        url = subject.overview(is_late) if subject.overview else ""
        digest = Wanted(key, message.recipient, DIGEST, {}, None, None, url, message.is_urgent, message.not_before)
        folded.setdefault((message.recipient, key), digest)


def is_about_late(steps: Steps) -> bool:
    """Is the highest of these steps one after the due moment?"""
    return steps.highest.side == Side.AFTER


# --- who is in which role --------------------------------------------------------------------------------------------


class Register:
    """The people of a batch by role and record, asked for once each."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.known: dict[str, dict[int, set[int]]] = {}
        self.active: dict[int, bool] = {}

    def ask(self, roles: Roles, records: set[int]) -> dict[int, set[int]]:
        """The people in these roles for each record; where there is nobody, those of the next role above, and for the
        highest those of the one below it; last the superusers."""
        found = self._in(roles, records)
        for role in stand_ins(roles):
            empty = {record for record, people in found.items() if not people}
            if not empty:
                return found
            found.update(self._in((role,), empty))
        return {record: people or self.last_resort for record, people in found.items()}

    def _in(self, roles: Roles, records: set[int]) -> dict[int, set[int]]:
        for role in roles:
            self._fetch(role, records)
        known: list[Mapping[int, set[int]]] = [self.known[role] for role in roles]
        return {record: set().union(*(people[record] for people in known)) for record in records}

    def _fetch(self, role: str, records: set[int]) -> None:
        known = self.known.setdefault(role, {})
        if missing := records - known.keys():
            answer = self.subject.recipients(role, list(missing))
            self._look_up({person for people in answer.values() for person in people})
            for record in missing:
                known[record] = {person for person in answer.get(record, ()) if self.active[person]}

    def _look_up(self, people: set[int]) -> None:
        """Who has left gets no messages, and does not count as somebody."""
        if unknown := people - self.active.keys():
            active = set(User.objects.filter(pk__in=unknown, is_active=True).values_list("pk", flat=True))
            self.active.update((person, person in active) for person in unknown)

    @cached_property
    def last_resort(self) -> set[int]:
        """When no role has anybody: the people who administer the system."""
        return set(User.objects.filter(is_active=True, is_superuser=True).values_list("pk", flat=True))


def stand_ins(roles: Roles) -> list[str]:
    """The roles that stand in, one after the other, where these have nobody."""
    order = [str(role) for role in Role]
    highest = max(order.index(role) for role in roles)
    return order[highest + 1 :] or order[-2:-1]
