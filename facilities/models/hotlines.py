"""The numbers that facilities post, and what the department found when it rang them."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from facilities.choices import CallResult, FacilityStatus
from facilities.models.facilities import Facility
from facilities.models.values import NUMBER

TRIES = 3  # so often the ministry rang in 2015 before it said that nobody answers
RING_AGAIN = timedelta(days=180)


class HotlineQuerySet(models.QuerySet["Hotline"]):
    def in_use(self) -> "HotlineQuerySet":
        """Posted numbers of facilities that have not ended."""
        return self.filter(is_active=True).exclude(facility__status=FacilityStatus.ENDED)

    def with_calls(self) -> "HotlineQuerySet":
        """With what the last calls found: `last_called_at` and `recent`, the newest results first."""
        calls = HotlineCall.objects.filter(hotline=OuterRef("pk")).order_by("-at", "-id")
        return self.annotate(
            last_called_at=Subquery(calls.values("at")[:1]),
            newest=Coalesce(Subquery(calls.values("result")[:1]), Value("")),  # what is not known must not be null
            recent=ArraySubquery(calls.values("result")[:TRIES]),
        )

    def failing(self) -> "HotlineQuerySet":
        """Of `with_calls`: unanswered three times running, or another's number."""
        return self.filter(_FAILING)

    def to_verify(self, at: datetime) -> "HotlineQuerySet":
        """Of `with_calls`: never rung, not for half a year, or unanswered and not yet three times. The longest unrung
        first."""
        due = Q(last_called_at=None) | Q(last_called_at__lte=at - RING_AGAIN) | Q(newest=CallResult.UNANSWERED)
        return self.filter(due).exclude(_FAILING).order_by(F("last_called_at").asc(nulls_first=True), "id")


class Hotline(models.Model):
    """A telephone number that a facility posts. Never invented: empty is better than wrong."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="hotlines", verbose_name=_("facility"))
    number = models.CharField(_("number"), max_length=16, validators=[NUMBER])
    purpose = models.CharField(_("what for"), max_length=120, blank=True)
    posted_since = models.DateField(_("posted since"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    source = models.CharField(
        _("source"),
        max_length=250,
        blank=True,
        help_text=_("Where the number was read: a page, a letter, a visit."),
    )
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    objects = HotlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("hotline of a facility")
        verbose_name_plural = _("hotlines of facilities")
        permissions = [("verify_hotline", _("Ring posted numbers and note what they do"))]
        ordering = ["-is_active", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "number"],
                name="hotline_said_once",
                violation_error_message=_("This facility already has this number."),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_failing(self) -> bool:
        """Of a row that came `with_calls`: does the number not lead to anybody?"""
        recent: list[str] = getattr(self, "recent", None) or []
        return recent[:1] == [CallResult.WRONG] or recent == [CallResult.UNANSWERED] * TRIES

    @property
    def last_result(self) -> str:
        """Of a row that came `with_calls`: what the last call found, in words."""
        recent: list[str] = getattr(self, "recent", None) or []
        return str(CallResult(recent[0]).label) if recent else ""


class HotlineCall(models.Model):
    """One call to a posted number: who rang when, and what came of it. Written once."""

    hotline = models.ForeignKey(
        Hotline, models.PROTECT, db_index=False, related_name="calls", verbose_name=_("hotline")
    )
    at = models.DateTimeField(_("rung"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    result = models.CharField(_("result"), max_length=10, choices=CallResult)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("call to a hotline")
        verbose_name_plural = _("calls to hotlines")
        default_permissions = ("view",)
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["hotline", "-at", "-id"], name="calls_of_a_hotline")]

    def __str__(self) -> str:
        return f"#{self.pk}"


_FAILING: Any = Q(newest=CallResult.WRONG) | Q(recent=[str(CallResult.UNANSWERED)] * TRIES)
