"""What is said within a case: answers of the unit, replies to the reporter, notes, and the files beside them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import VisibleRows
from feedback.choices import Audience, Outcome
from feedback.visibility import ANSWER, ATTACHMENT, NOTE, REPLY


class Answer(models.Model):
    """What the unit says it found and did. Each submission of an answer is a row of its own."""

    case = models.ForeignKey("feedback.Case", models.PROTECT, related_name="answers", verbose_name=_("case"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, null=True, related_name="+", verbose_name=_("facility")
    )
    findings = models.TextField(_("what was found"))
    measures_text = models.TextField(_("what was done"), blank=True)
    measures = models.JSONField(_("measures"), default=list, blank=True)
    proposed_outcome = models.CharField(_("proposed outcome"), max_length=4, choices=Outcome, blank=True)
    access = ANSWER
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["at", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%d/%m/%Y}"


class Reply(models.Model):
    """What the department told the reporter, and by which way."""

    class Way(models.TextChoices):
        PHONE = "phone", _("by phone")
        LETTER = "letter", _("by letter")
        EMAIL = "email", _("by e-mail")
        PAGE = "page", _("on the follow-up page")
        SOURCE = "source", _("through the system it came from")

    case = models.ForeignKey("feedback.Case", models.PROTECT, related_name="replies", verbose_name=_("case"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    text = models.TextField(_("text"))
    way = models.CharField(_("way"), max_length=6, choices=Way, default=Way.PAGE)
    access = REPLY
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["at", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%d/%m/%Y}"


class Note(models.Model):
    """A remark, with its audience."""

    case = models.ForeignKey("feedback.Case", models.PROTECT, related_name="notes", verbose_name=_("case"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Empty: written by the reporter on the follow-up page."),
    )
    text = models.TextField(_("text"))
    audience = models.CharField(_("who may read it"), max_length=10, choices=Audience, default=Audience.DEPARTMENT)
    access = NOTE
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["at", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%d/%m/%Y}"


def attachment_path(attachment: "Attachment", _filename: str) -> str:
    """A random name: what a person called the file may name a person."""
    return f"phan-anh/{attachment.token[:2]}/{attachment.token}{attachment.extension}"


class Attachment(models.Model):
    """A file that came with a submission, an answer or a note; a view that asks who may see it serves it."""

    case = models.ForeignKey("feedback.Case", models.PROTECT, related_name="attachments", verbose_name=_("case"))
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="attachments", verbose_name=_("answer"))
    token = models.CharField(max_length=32, unique=True, editable=False)
    file = models.FileField(_("file"), upload_to=attachment_path, max_length=200)
    name = models.CharField(_("name"), max_length=120)
    extension = models.CharField(max_length=6)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    audience = models.CharField(_("who may read it"), max_length=10, choices=Audience, default=Audience.DEPARTMENT)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    access = ATTACHMENT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["at", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
