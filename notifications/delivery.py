"""Delivering the outbox: the inbox by one statement for many, mail one at a time outside any transaction.

A mail is leased before it is sent, and the attempt is counted with the lease in a commit of its own: so a sender that
dies, or a message that kills its sender, shows in the count. Delivery is at least once; the Message-ID stays the same.
While the mail server does not answer at all nothing is leased: the messages are not at fault and wait."""

from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException
from time import monotonic
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models.functions import Now
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.choices import Channel, State
from notifications.models import Message, Outbox
from notifications.services import Wanted, enqueue_many

BATCH = 1000
MAX_ATTEMPTS = 5
BACK_OFF = timedelta(minutes=1)
LEASE = timedelta(minutes=2)  # longer than a mail server may keep us waiting (EMAIL_TIMEOUT for each of a few steps)
RECEIVES_DEAD_LETTERS = "notifications.receive_dead_letters"
logger = structlog.get_logger(__name__)

_TO_INBOX = """
WITH taken AS (
    SELECT id FROM notifications_outbox
    WHERE state = 'waiting' AND channel = 'inbox' AND next_try_at <= statement_timestamp()
    ORDER BY next_try_at LIMIT %s FOR UPDATE SKIP LOCKED
), put AS (
    INSERT INTO notifications_inboxitem (key, recipient_id, template, params, about_type_id, about_id, url, is_urgent,
                                         at)
    SELECT o.key, o.recipient_id, o.template, o.params, o.about_type_id, o.about_id, o.url, o.is_urgent, o.created_at
    FROM notifications_outbox o JOIN taken USING (id)
    ON CONFLICT DO NOTHING
)
UPDATE notifications_outbox o SET state = 'sent', sent_at = statement_timestamp(), attempts = o.attempts + 1
FROM taken WHERE o.id = taken.id
"""

_LEASE = """
UPDATE notifications_outbox SET attempts = attempts + 1, locked_until = statement_timestamp() + %s,
       next_try_at = statement_timestamp() + %s
WHERE id = (
    SELECT id FROM notifications_outbox
    WHERE state = 'waiting' AND channel = 'email' AND next_try_at <= statement_timestamp() AND attempts < %s
    ORDER BY is_urgent DESC, next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING *
"""

_BURY = """
UPDATE notifications_outbox SET state = 'dead', locked_until = NULL,
       last_error = CASE WHEN last_error = '' THEN 'sender died' ELSE last_error END
WHERE state = 'waiting' AND channel = 'email' AND next_try_at <= statement_timestamp() AND attempts >= %s
RETURNING id, attempts, last_error
"""


@dataclass
class Delivered:
    """What one delivery did."""

    inbox: int = 0
    mails: int = 0
    failed: int = 0
    dead: int = 0
    is_server_down: bool = False


def deliver(*, seconds: float | None = None) -> Delivered:
    """Deliver everything that waits: first all inboxes, then mail until `seconds` are spent."""
    done, until = Delivered(), monotonic() + seconds if seconds is not None else None
    while count := _to_inboxes():
        done.inbox += count
    if Outbox.objects.waiting().filter(channel=Channel.EMAIL, next_try_at__lte=Now()).exists():
        _deliver_mail(done, until)
    done.dead = _bury()
    if done.dead:
        done.inbox += _to_inboxes()  # the notice about it
    return done


@transaction.atomic
def _to_inboxes() -> int:
    """Put up to `BATCH` messages into inboxes; exactly once, since the outbox row is marked in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_INBOX, [BATCH])
        return int(cursor.rowcount)


# --- mail ------------------------------------------------------------------------------------------------------------


def _deliver_mail(done: Delivered, until: float | None) -> None:
    mail = get_connection()
    try:
        while (until is None or monotonic() < until) and _answers(mail, done):
            message = _lease()
            if message is None:
                break
            _attempt(message, mail, done)
    finally:
        mail.close()


def _answers(mail: BaseEmailBackend, done: Delivered) -> bool:
    """Is there a connection to the mail server, or does it take a new one?"""
    try:
        mail.open()
    except (OSError, SMTPException) as error:
        done.is_server_down = True
        logger.error("mail server does not answer", fault=_named(error))
        return False
    return True


def _lease() -> Outbox | None:
    """The next mail to try, with this attempt counted and the row held; committed before anything is sent."""
    rows = list(Outbox.objects.raw(_LEASE, [LEASE, LEASE, MAX_ATTEMPTS]))
    return rows[0] if rows else None


def _attempt(message: Outbox, mail: BaseEmailBackend, done: Delivered) -> None:
    try:
        _send(message, mail)
    except Exception as error:
        # refused, broken off, an address that is none, a text that fails: tried again later, given up in the end, and
        # the next message goes its way. The fault's words may hold an address, so only its kind is kept.
        done.failed += 1
        mail.close()
        is_last = message.attempts >= MAX_ATTEMPTS
        wait = timedelta() if is_last else BACK_OFF * 2 ** (message.attempts - 1)
        _mark(message, next_try_at=Now() + wait, last_error=_named(error))
        logger.warning("mail not sent", outbox=message.pk, attempts=message.attempts, fault=_named(error))
    else:
        done.mails += 1
        _mark(message, state=State.SENT, sent_at=Now(), last_error="")


def _mark(message: Outbox, **changes: Any) -> None:
    """Only while the attempt is still ours: whoever took the message over since will mark it."""
    ours = Outbox.objects.filter(pk=message.pk, state=State.WAITING, attempts=message.attempts)
    ours.update(locked_until=None, **changes)


def _send(message: Outbox, mail: BaseEmailBackend) -> None:
    person = User.objects.get(pk=message.recipient_id)
    if not person.email:
        raise ValueError("no address")
    with translation.override(person.language):
        text = message.text()
        body = "\n\n".join([text.body, f"{_('Open it here:')} {settings.BASE_URL}{link_of(message)}"])
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    email = EmailMessage(text.title, body, to=[person.email], headers=headers, connection=mail)
    email.send()


def _named(error: Exception) -> str:
    """The kind of fault and the server's code; never its words, which may hold an address."""
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


@transaction.atomic
def _bury() -> int:
    """Give up what failed too often, and tell the people who look after the system, in their inbox."""
    with connection.cursor() as cursor:
        cursor.execute(_BURY, [MAX_ATTEMPTS])
        dead = cursor.fetchall()
    if dead:
        people = list(User.objects.with_permission(RECEIVES_DEAD_LETTERS).values_list("pk", flat=True))
        people = people or list(User.objects.filter(is_superuser=True, is_active=True).values_list("pk", flat=True))
        notices = [
            Wanted(
                key=f"dead:{pk}",
                recipient=person,
                template="dead_letter",
                params={"number": str(pk), "attempts": str(attempts), "fault": fault},
                url=_address_of_outbox(),
            )
            for pk, attempts, fault in dead
            for person in people
        ]
        enqueue_many(notices, channels=[Channel.INBOX])
    return len(dead)


def _address_of_outbox() -> str:
    return reverse("admin:notifications_outbox_changelist")


def link_of(message: Message) -> str:
    """The path of what a message is about: its own, else the console page of its record, else the inbox."""
    if message.url:
        return message.url
    about = message.about_type
    if about is not None and message.about_id:
        try:
            return reverse(f"admin:{about.app_label}_{about.model}_change", args=[message.about_id])
        except NoReverseMatch:
            pass
    return reverse("admin:notifications_inboxitem_changelist")
