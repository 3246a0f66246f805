"""Mail: one connection for many messages; a digest is put together from what waited for it when it goes out."""

from smtplib import SMTPException

from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.digests import MOST_LINES, parts_of
from notifications.links import full_link_of
from notifications.models import Outbox
from notifications.second_person import address_of
from notifications.templates import Text, render

UNREACHABLE = (OSError, SMTPException)


class Mail:
    """The way of e-mail."""

    def __init__(self) -> None:
        self.connection = get_connection()

    def open(self) -> None:
        """Connect, unless the connection is there. Raises `OSError` or `SMTPException` when nobody answers."""
        self.connection.open()

    def send(self, message: Outbox, person: User) -> None:
        """Send one message under its Message-ID."""
        address = address_of(message, person)
        if not address:
            raise ValueError("no address")
        with translation.override(person.language):
            text = _digest(message) if message.is_digest else _single(message)
        headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
        EmailMessage(text.title, text.body, to=[address], headers=headers, connection=self.connection).send()

    def close(self) -> None:
        self.connection.close()


def _single(message: Outbox) -> Text:
    text = message.text()
    return Text(text.title, "\n\n".join([text.body, f"{_('Open it here:')} {full_link_of(message)}"]))


def _digest(message: Outbox) -> Text:
    parts = parts_of(message)
    text = render(message.template, {"number": str(len(parts))})
    lines = [f"- {part.text().title}\n  {full_link_of(part)}" for part in parts[:MOST_LINES]]
    if len(parts) > MOST_LINES:
        lines.append(f"- {_('The others are in your inbox.')} {full_link_of(message)}")
    return Text(text.title, "\n\n".join([text.body, "\n".join(lines)]))
