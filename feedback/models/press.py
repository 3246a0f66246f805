"""What the press, social networks or the public raised: the event, where it stands in public, and what its facility
reported at once."""

from datetime import datetime, timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY, KEPT
from feedback.choices import PressKind
from feedback.visibility import APPEARANCE, PRESS_EVENT, PROMPT_REPORT


@pgtrigger.register(*KEPT)
class PressEvent(models.Model):
    """A case whose matter stands in public. `facility` is that of the case, which a trigger keeps (see `models`): lists
    are narrowed by it without walking over all cases of a hospital."""

    case = models.OneToOneField("feedback.Case", models.PROTECT, related_name="press", verbose_name=_("case"))
    kind = models.CharField(_("raised by"), max_length=8, choices=PressKind)
    at = models.DateTimeField(_("recorded"))
    published_at = models.DateTimeField(_("first in public"))
    facility = models.ForeignKey(
        "facilities.Facility",
        models.PROTECT,
        db_index=False,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("facility"),
    )
    access = PRESS_EVENT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("event raised in public")
        verbose_name_plural = _("events raised in public")
        ordering = ["-at", "-id"]
        default_permissions = ()
        indexes = [
            # the list is newest first and paged by key: one index for the plain list, one per filter
            models.Index(fields=["-at", "-id"], name="press_newest"),
            models.Index(fields=["kind", "-at", "-id"], name="press_by_kind"),
            models.Index(
                fields=["facility", "-at", "-id"], name="press_by_facility", condition=Q(facility__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


@pgtrigger.register(*APPEND_ONLY)
class Appearance(models.Model):
    """One place where a matter stands in public. `mark` knows the same address again however it was copied; nothing
    ever fetches it. Written once."""

    case = models.ForeignKey(
        "feedback.Case", models.PROTECT, related_name="appearances", verbose_name=_("case"), db_index=False
    )
    kind = models.CharField(_("raised by"), max_length=8, choices=PressKind)
    outlet = models.CharField(_("newspaper, page or place"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    link = models.CharField(_("link"), max_length=2000, blank=True)
    mark = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"))
    seen_at = models.DateTimeField(_("seen"))
    at = models.DateTimeField(_("recorded"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    access = APPEARANCE
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("appearance in public")
        verbose_name_plural = _("appearances in public")
        ordering = ["published_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="appearance_says_where",
                condition=~Q(outlet="") | ~Q(link=""),
                violation_error_message=_("Say where it stands: a link, or the newspaper, page or place."),
            ),
            models.UniqueConstraint(fields=["case", "mark"], condition=~Q(mark=""), name="appearance_once_in_a_case"),
        ]
        indexes = [
            models.Index(fields=["case", "published_at", "id"], name="appearance_of_case"),
            # the same link again: asked at every recording
            models.Index(fields=["mark"], condition=~Q(mark=""), name="appearance_by_mark"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


@pgtrigger.register(*APPEND_ONLY)
class PromptReport(models.Model):
    """What the facility says at once of a matter that was raised in public; a later one adds to it. Written once, so
    that all of them stay as they were sent."""

    case = models.ForeignKey(
        "feedback.Case", models.PROTECT, related_name="prompt_reports", verbose_name=_("case"), db_index=False
    )
    number = models.PositiveSmallIntegerField(_("number"))
    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="+", verbose_name=_("facility"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    happened = models.TextField(_("what happened"))
    doing = models.TextField(_("what is being done"))
    statement = models.TextField(_("statement proposed for the press"), blank=True)
    access = PROMPT_REPORT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("prompt report")
        verbose_name_plural = _("prompt reports")
        ordering = ["case", "number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="prompt_reports_are_numbered")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def took(self, since: datetime) -> timedelta:
        """How long after the matter stood in public this was reported; nothing where it was reported before."""
        return max(self.at - since, timedelta())
