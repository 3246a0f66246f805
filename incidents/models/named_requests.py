"""Asking to see who reported voluntarily: one person of the facility asks, another one answers."""

from datetime import datetime, timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import VisibleRows
from audit.models import Purpose
from common.keeping import KEPT
from incidents.models.report import Incident
from incidents.visibility import NAMED_REQUEST

LONGEST_LOOK = timedelta(minutes=60)


class NamedRequestQuerySet(VisibleRows["NamedRequest"]):
    """Requests by what they allow at a moment."""

    def waiting(self, at: datetime) -> "NamedRequestQuerySet":
        """Not answered yet, and not lapsed."""
        return self.filter(decided_by=None, expires_at__gt=at)

    def approved(self, at: datetime) -> "NamedRequestQuerySet":
        """Those under which one may look now."""
        return self.filter(is_agreed=True, expires_at__gt=at)

    def live(self, at: datetime) -> "NamedRequestQuerySet":
        """Waiting or approved."""
        return self.exclude(is_agreed=False).filter(expires_at__gt=at)


class NamedRequest(models.Model):
    """Somebody of the facility asks to see who reported voluntarily, and a second person says yes or no.

    Nothing has to end it: unanswered it lapses, and an approved one runs out, both when `expires_at` is over."""

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="named_requests", db_index=False, verbose_name=_("incident")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False,
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("answered"), null=True)
    is_agreed = models.BooleanField(_("agreed"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    expires_at = models.DateTimeField(_("ends"))
    access = NAMED_REQUEST
    objects = NamedRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to see who reported an incident")
        verbose_name_plural = _("requests to see who reported incidents")
        default_permissions = ()
        permissions = [("approve_named", _("Agree, as the second person, to a look at who reported voluntarily"))]
        constraints = [
            models.CheckConstraint(
                name="named_request_has_second_person",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                violation_error_message=_("Whoever asks cannot answer."),
            ),
            models.CheckConstraint(
                name="named_request_answered_by_somebody",
                condition=Q(decided_by=None, decided_at=None, is_agreed=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_agreed__isnull=False),
                violation_error_message=_("An answer says who, when and what."),
            ),
            models.CheckConstraint(
                name="named_request_ends_within_the_hour",
                condition=~Q(is_agreed=True) | Q(expires_at__lte=F("decided_at") + LONGEST_LOOK),
                violation_error_message=_("An approval lasts an hour at most."),
            ),
        ]
        indexes = [models.Index(fields=["incident", "asked_by", "-id"], name="named_request_latest")]

    def __str__(self) -> str:
        return f"#{self.pk}"


pgtrigger.register(*KEPT)(NamedRequest)
