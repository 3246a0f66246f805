"""Asking to see who reported a confidential case: one person asks, another one answers."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import VisibleRows
from audit.models import Purpose
from feedback.visibility import REVEAL_REQUEST

LONGEST_LOOK = timedelta(minutes=60)


class RevealRequestQuerySet(VisibleRows["RevealRequest"]):
    def waiting(self, at: datetime) -> "RevealRequestQuerySet":
        """Not answered yet, and not lapsed."""
        return self.filter(decided_by=None, expires_at__gt=at)

    def approved(self, at: datetime) -> "RevealRequestQuerySet":
        """Those under which one may look now."""
        return self.filter(approved_at__isnull=False, expires_at__gt=at)

    def live(self, at: datetime) -> "RevealRequestQuerySet":
        """Waiting or approved."""
        return self.filter(refused_at=None, expires_at__gt=at)


class RevealRequest(models.Model):
    """Somebody asks to see who reported a confidential case, and a second person says yes or no.

    Nothing has to end it: unanswered it lapses, and an approved one runs out, both when `expires_at` is over."""

    case = models.ForeignKey("feedback.Case", models.PROTECT, related_name="reveal_requests", verbose_name=_("case"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True)
    refused_at = models.DateTimeField(_("declined"), null=True)
    answer = models.TextField(_("why it was declined"), blank=True)
    expires_at = models.DateTimeField(_("ends"))
    access = REVEAL_REQUEST
    objects = RevealRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to see a reporter")
        verbose_name_plural = _("requests to see reporters")
        default_permissions = ()
        permissions = [("approve_reveal", _("Approve or decline a look at the reporter of a confidential case"))]
        constraints = [
            models.CheckConstraint(
                name="reveal_has_second_person",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                violation_error_message=_("Whoever asks cannot answer."),
            ),
            models.CheckConstraint(
                name="reveal_decided_one_way",
                condition=Q(decided_by=None, approved_at=None, refused_at=None)
                | Q(decided_by__isnull=False, approved_at__isnull=False, refused_at=None)
                | Q(decided_by__isnull=False, approved_at=None, refused_at__isnull=False),
                violation_error_message=_("A request is open, or one person approved or declined it."),
            ),
            models.CheckConstraint(
                name="reveal_ends_within_the_hour",
                condition=Q(approved_at=None) | Q(expires_at__lte=F("approved_at") + LONGEST_LOOK),
                violation_error_message=_("An approval lasts an hour at most."),
            ),
        ]
        indexes = [models.Index(fields=["case", "asked_by", "-id"], name="reveal_request_latest")]

    def __str__(self) -> str:
        return f"#{self.pk}"
