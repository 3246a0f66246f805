"""Mail servers that misbehave, as Django mail backends: what our code does with them is what is tested."""

import os
import time
from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as Remembering


class Refusing(BaseEmailBackend):
    """Takes the connection, refuses every message."""

    def send_messages(self, email_messages):
        raise SMTPRecipientsRefused({"somebody@example.invalid": (550, b"no such user")})


class Down(BaseEmailBackend):
    """Does not answer."""

    def open(self):
        raise ConnectionRefusedError(111, "Connection refused")


class Deadly(BaseEmailBackend):
    """Sends, and the process dies before it can say so."""

    def send_messages(self, email_messages):
        for message in email_messages:
            with open(os.environ["MAIL_SINK"], "a", encoding="utf-8") as sink:
                sink.write(message.extra_headers["Message-ID"] + "\n")
        os._exit(9)


class Slow(Remembering):
    """Takes its time."""

    seconds = 1.0

    def send_messages(self, messages):
        time.sleep(self.seconds)
        return super().send_messages(messages)
