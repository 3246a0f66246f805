"""Delivering the outbox: the inbox by one statement for many, what goes out one at a time outside any transaction.

A message that goes out is leased before it is sent, and the attempt is counted with the lease in a commit of its own:
so a sender that dies, or a message that kills its sender, shows in the count. Delivery is at least once under one id.
While a server does not answer at all nothing is leased: the messages are not at fault and wait."""

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException
from time import monotonic
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from accounts.models import User
from notifications.choices import Channel, State
from notifications.dead_letters import MAX_ATTEMPTS, bury
from notifications.digests import gather, parts_of
from notifications.gateway import Gateway, GatewayBusy, GatewaySilent
from notifications.mail import Mail
from notifications.models import Outbox
from notifications.withholding import withheld

BATCH = 1000
BACK_OFF = timedelta(minutes=1)
LEASE = timedelta(minutes=2)  # longer than a server may keep us waiting (EMAIL_TIMEOUT for each of a few steps)
logger = structlog.get_logger(__name__)

_TAKE = """
SELECT id, recipient_id, about_type_id, about_id FROM notifications_outbox
WHERE state = 'waiting' AND channel = 'inbox' AND next_try_at <= statement_timestamp()
ORDER BY next_try_at LIMIT %s FOR UPDATE SKIP LOCKED
"""

_TO_INBOX = """
WITH taken AS (SELECT unnest(%s::bigint[]) AS id), put AS (
    INSERT INTO notifications_inboxitem (key, recipient_id, template, params, about_type_id, about_id, url, is_urgent,
                                         at)
    SELECT o.key, o.recipient_id, o.template, o.params, o.about_type_id, o.about_id, o.url, o.is_urgent, o.created_at
    FROM notifications_outbox o JOIN taken USING (id)
    ON CONFLICT DO NOTHING
)
UPDATE notifications_outbox o SET state = 'sent', sent_at = statement_timestamp(), attempts = o.attempts + 1
FROM taken WHERE o.id = taken.id
"""

# What was tried least goes first: while a server is sick, its faults are spread over all that waits.
_LEASE = """
UPDATE notifications_outbox SET attempts = attempts + 1, locked_until = statement_timestamp() + %s,
       next_try_at = statement_timestamp() + %s
WHERE id = (
    SELECT id FROM notifications_outbox
    WHERE state = 'waiting' AND channel = %s AND next_try_at <= statement_timestamp() AND attempts < %s
    ORDER BY is_urgent DESC, attempts, next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING *
"""


class Carrier(Protocol):
    """A way out. `open` raises `OSError` or `SMTPException` when nobody is there, `send` anything when it did not."""

    def open(self) -> None: ...
    def send(self, message: Outbox, person: User) -> None: ...
    def close(self) -> None: ...


@dataclass
class Delivered:
    """What one delivery did; `is_server_down` when a way out did not answer at all."""

    inbox: int = 0
    mails: int = 0
    posted: int = 0
    failed: int = 0
    dead: int = 0
    is_server_down: bool = False


def deliver(*, seconds: float | None = None) -> Delivered:
    """Deliver everything that waits: first all inboxes, then what goes out until `seconds` are spent."""
    done = Delivered()
    deliver_inboxes(done)
    send_out(done, seconds)
    return done


def deliver_inboxes(done: Delivered) -> None:
    """Everything for inboxes; about twenty microseconds a message."""
    while (count := _to_inboxes()) is not None:
        done.inbox += count


@transaction.atomic
def _to_inboxes() -> int | None:
    """Put up to `BATCH` messages into inboxes; exactly once, since the outbox row is marked in the same transaction.
    Returns how many, None when nothing waits. What its recipient is kept from reaches nobody."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [BATCH])
        rows = cursor.fetchall()
        if not rows:
            return None
        kept = withheld(rows)
        if kept:
            Outbox.objects.filter(pk__in=kept).update(state=State.WITHHELD)
        cursor.execute(_TO_INBOX, [sorted({row[0] for row in rows} - set(kept))])
        return int(cursor.rowcount)


# --- what goes out ---------------------------------------------------------------------------------------------------


def ways_out() -> list[str]:
    """The channels that leave this system, as far as the installation has an address for them."""
    return [Channel.EMAIL, *settings.GATEWAYS]


def send_out(done: Delivered, seconds: float | None = None) -> None:
    """Send what goes out, channel by channel, each within its share of the time: a sick one takes nobody else's."""
    gather()
    ways = ways_out()
    for channel in ways:
        if Outbox.objects.waiting().filter(channel=channel, next_try_at__lte=Now()).exists():
            until = monotonic() + seconds / len(ways) if seconds is not None else None
            _Channel(channel, done).run(until)
    done.dead += bury()
    if done.dead:
        deliver_inboxes(done)  # the notice about it


class _Channel:
    """One pass over what waits for one way out."""

    def __init__(self, channel: str, done: Delivered) -> None:
        self.channel = channel
        self.done = done
        self.carrier: Carrier = Mail() if channel == Channel.EMAIL else Gateway(channel)

    def run(self, until: float | None) -> None:
        with closing(self.carrier):
            while (until is None or monotonic() < until) and self._answers():
                message = self._lease()
                if message is None or not self._attempt(message):
                    break

    def _answers(self) -> bool:
        """Is there a connection, or is a new one taken?"""
        try:
            self.carrier.open()
        except (OSError, SMTPException) as error:
            self.done.is_server_down = True
            logger.error("server does not answer", channel=self.channel, fault=_named(error))
            return False
        return True

    def _lease(self) -> Outbox | None:
        """The next message to try, with this attempt counted and the row held; committed before anything is sent."""
        rows = list(Outbox.objects.raw(_LEASE, [LEASE, LEASE, self.channel, MAX_ATTEMPTS]))
        return rows[0] if rows else None

    def _attempt(self, message: Outbox) -> bool:
        """Try one message; False when the other side is to be left alone for a while."""
        if _is_withheld(message):
            _mark(message, state=State.WITHHELD)
            return True
        try:
            self.carrier.send(message, User.objects.get(pk=message.recipient_id))
        except GatewayBusy as busy:  # not this message's fault: its attempt does not count
            _mark(message, attempts=message.attempts - 1, next_try_at=Now() + busy.wait, last_error=_named(busy))
            self._leave_alone(busy.wait, busy)
            return False
        except Exception as error:
            # refused, broken off, an address that is none, a text that fails: tried again later, given up in the end,
            # and the next message goes its way. The fault's words may hold an address, so only its kind is kept.
            wait = BACK_OFF * 2 ** (message.attempts - 1)
            self._failed(message, error, wait)
            if isinstance(error, GatewaySilent):
                self._leave_alone(wait, error)
                return False
        else:
            self.done.mails += self.channel == Channel.EMAIL
            self.done.posted += self.channel != Channel.EMAIL
            _mark(message, state=State.SENT, sent_at=Now(), last_error="")
        return True

    def _failed(self, message: Outbox, error: Exception, wait: timedelta) -> None:
        self.done.failed += 1
        self.carrier.close()
        is_last = message.attempts >= MAX_ATTEMPTS
        _mark(message, next_try_at=Now() + (timedelta() if is_last else wait), last_error=_named(error))
        logger.warning(
            "not sent", channel=self.channel, outbox=message.pk, attempts=message.attempts, fault=_named(error)
        )

    def _leave_alone(self, wait: timedelta, fault: Exception) -> None:
        """Everything for this way out waits. The database keeps it, so that it holds for every sender."""
        moment = Now() + wait
        due = Outbox.objects.waiting().filter(channel=self.channel, next_try_at__lt=moment, attempts__lt=MAX_ATTEMPTS)
        due.update(next_try_at=moment)
        logger.warning("left alone", channel=self.channel, seconds=wait.total_seconds(), fault=_named(fault))


def _is_withheld(message: Outbox) -> bool:
    """Is there nothing in it that its recipient may be told?"""
    if message.is_digest:
        return not parts_of(message)
    return bool(withheld([(message.pk, message.recipient_id, message.about_type_id, message.about_id)]))


def _mark(message: Outbox, **changes: Any) -> None:
    """Only while the attempt is still ours: whoever took the message over since will mark it."""
    ours = Outbox.objects.filter(pk=message.pk, state=State.WAITING, attempts=message.attempts)
    ours.update(locked_until=None, **changes)


def _named(error: Exception) -> str:
    """The kind of fault and the server's code; never its words, which may hold an address."""
    code = next((found for name in ("smtp_code", "status", "errno") if (found := getattr(error, name, None))), None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
