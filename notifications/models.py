"""What is to be sent, what people found in their inbox, and how they want to be told."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import Own, VisibleRows
from notifications.choices import Channel, State
from notifications.templates import Text, render


class Message(models.Model):
    """What an outbox row and an inbox item have in common. `params` hold references and moments, nothing personal."""

    key = models.CharField(_("key"), max_length=120, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("to"),
        editable=False,
        db_index=False,
    )
    template = models.CharField(_("text"), max_length=60, editable=False)
    params = models.JSONField(_("values"), default=dict, blank=True, editable=False)
    about_type = models.ForeignKey(
        ContentType,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("kind of record"),
        editable=False,
        db_index=False,
    )
    about_id = models.BigIntegerField(_("record"), null=True, editable=False)
    url = models.CharField(
        _("address"),
        max_length=200,
        blank=True,
        editable=False,
        help_text=_("A path of this system; empty: the console page of the record."),
    )
    is_urgent = models.BooleanField(_("urgent"), default=False, editable=False)

    class Meta:
        abstract = True

    def text(self) -> Text:
        """Title and body in the language that is active now; no query."""
        return render(self.template, self.params)


class OutboxQuerySet(models.QuerySet["Outbox"]):
    def waiting(self) -> "OutboxQuerySet":
        return self.filter(state=State.WAITING)

    def dead(self) -> "OutboxQuerySet":
        return self.filter(state=State.DEAD)


class Outbox(Message):
    """One message to one person by one channel, written in the transaction that gave rise to it."""

    channel = models.CharField(_("channel"), max_length=8, choices=Channel, editable=False)
    state = models.CharField(
        pgettext_lazy("of a message", "state"), max_length=8, choices=State, default=State.WAITING, editable=False
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    locked_until = models.DateTimeField(_("held by a sender until"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    last_error = models.CharField(_("last fault"), max_length=120, blank=True, editable=False)
    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to send")
        verbose_name_plural = _("messages to send")
        permissions = [("receive_dead_letters", _("Is told of messages that could not be sent"))]
        constraints = [
            models.UniqueConstraint(fields=["key", "recipient", "channel"], name="message_sent_once"),
            models.CheckConstraint(name="message_sent_at_iff_sent", condition=Q(state=State.SENT) ^ Q(sent_at=None)),
        ]
        indexes = [
            # what `notifications.delivery` takes next; holds only what waits, so it stays small for ever
            models.Index(fields=["channel", "next_try_at"], condition=Q(state=State.WAITING), name="outbox_waiting"),
            models.Index(fields=["-created_at"], condition=Q(state=State.DEAD), name="outbox_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.template}"

    @property
    def message_id(self) -> str:
        """The Message-ID of this mail: the same at every attempt, so that a mail server drops the second copy."""
        digest = hashlib.sha256(f"{self.key}|{self.recipient_id}|{self.channel}".encode()).hexdigest()
        return f"<{digest[:40]}@lang-nghe>"


class InboxItemQuerySet(VisibleRows["InboxItem"]):
    def unread(self) -> "InboxItemQuerySet":
        return self.filter(read_at=None)

    def mark_read(self, at: Any) -> int:
        """Mark what is unread as read; returns how many."""
        return self.unread().update(read_at=at)


class InboxItem(Message):
    """A message in somebody's inbox; its words are put together when it is read, in the reader's language."""

    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, editable=False)
    access = Own("recipient")  # an inbox is its owner's and nobody else's
    objects = InboxItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("inbox item")
        verbose_name_plural = _("inbox")
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="inbox_item_once")]
        indexes = [
            models.Index(fields=["recipient", "-at"], name="inbox_of_one_person"),
            # the badge in the sidebar, asked on every page
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="inbox_unread"),
        ]

    def __str__(self) -> str:
        return self.text().title


class Preference(models.Model):
    """How one person wants to be told; without a row: inbox and e-mail."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preference", verbose_name=_("person")
    )
    email_enabled = models.BooleanField(_("send me e-mail"), default=True)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")

    def __str__(self) -> str:
        return str(self.user_id)
