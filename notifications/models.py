"""What is to be sent, what people found in their inbox, and how they want to be told."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import Absent, Own, Right, VisibleRows
from common.models import Sealed
from notifications.choices import Channel, Kind, State
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
    digest = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="parts",
        verbose_name=_("in the digest"),
        editable=False,
        db_index=False,
    )
    DIGEST = "digest"  # the text of a mail that is made of others
    access = Right("notifications.receive_dead_letters") | Right("notifications.view_outbox")
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
            models.Index(fields=["digest"], condition=Q(digest__isnull=False), name="outbox_parts_of_a_digest"),
            # how long the oldest message has waited to go out, for the operations page
            models.Index(
                fields=["channel", "created_at"],
                condition=Q(state=State.WAITING) & ~Q(channel__in=[Channel.INBOX, Channel.DIGEST]),
                name="outbox_age",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.template}"

    @property
    def is_digest(self) -> bool:
        return self.template == self.DIGEST

    @property
    def stable_id(self) -> str:
        """The same at every attempt, so that whoever receives it can drop the second copy."""
        return hashlib.sha256(f"{self.key}|{self.recipient_id}|{self.channel}".encode()).hexdigest()[:40]

    @property
    def message_id(self) -> str:
        """The Message-ID of this mail."""
        return f"<{self.stable_id}@lang-nghe>"


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
    hidden_at = models.DateTimeField(_("hidden"), null=True, editable=False)  # while the owner is kept from its record
    access = Own("recipient") & Absent("hidden_at")  # an inbox is its owner's and nobody else's
    objects = InboxItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("inbox item")
        verbose_name_plural = _("inbox")
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="inbox_item_once")]
        indexes = [
            models.Index(fields=["recipient", "-at"], name="inbox_of_one_person"),
            # the badge in the sidebar, asked on every page
            models.Index(fields=["recipient"], condition=Q(read_at=None, hidden_at=None), name="inbox_unread"),
        ]

    def __str__(self) -> str:
        return self.text().title


class Preference(models.Model):
    """How one person wants to be told; without a row: inbox and e-mail. What is `ALWAYS_MAILED` comes anyway.

    Of each kind: by e-mail at once, else in the daily digest (`digested`), else not at all (`muted`)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preference", verbose_name=_("person")
    )
    email_enabled = models.BooleanField(_("send me e-mail"), default=True)
    muted = ArrayField(
        models.CharField(max_length=10, choices=Kind), verbose_name=_("not by e-mail"), default=list, blank=True
    )
    digested = ArrayField(
        models.CharField(max_length=10, choices=Kind), verbose_name=_("in the daily digest"), default=list, blank=True
    )
    digest_hour = models.PositiveSmallIntegerField(_("hour of the daily digest"), default=7)
    also = ArrayField(models.CharField(max_length=20), verbose_name=_("also by"), default=list, blank=True)  # sms:late

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = [
            models.CheckConstraint(name="digest_at_an_hour_of_the_day", condition=Q(digest_hour__lte=23)),
        ]

    def __str__(self) -> str:
        return str(self.user_id)


class Phone(Sealed):
    """The number to which somebody wants messages; under seal, and opened for its owner and for sending only."""

    named_by = "user_id"
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"), editable=False
    )

    class Meta(Sealed.Meta):
        verbose_name = _("telephone number for messages")
        verbose_name_plural = _("telephone numbers for messages")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"

    @classmethod
    def keep(cls, person: int, number: str) -> None:
        """Keep this number as the person's only one; an empty one is forgotten. One or two statements."""
        if number:
            cls.objects.update_or_create(user_id=person, defaults=cls.under_seal(person, {"number": number}))
        else:
            cls.objects.filter(user_id=person).delete()

    @classmethod
    def of(cls, person: int) -> str:
        """The person's number, or nothing. One query."""
        row = cls.objects.filter(user_id=person).first()
        return row.opened()["number"] if row else ""
