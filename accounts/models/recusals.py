"""Who is kept from everything of a facility, from when until when, and why."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.access import In, Of, Own, Right, VisibleRows
from accounts.models.people import User
from common.keeping import APPEND_ONLY, KEPT
from common.models import Dated, valid_on


class Ground(models.TextChoices):
    """Why somebody is kept from something."""

    NAMED = "named", _("is named in it")
    WORKED = "worked", _("works or worked there")
    FAMILY = "family", _("family or close to somebody concerned")
    OTHER = "other", _("another ground (say it in the reason)")


class RecusalQuerySet(VisibleRows["Recusal"]):
    def holding(self, day: Any) -> "RecusalQuerySet":
        """Begun, not over, not lifted."""
        return self.filter(valid_on(day), lifted_at=None)


class Recusal(Dated):
    """A person is kept from everything of one facility: worked there, or is related to somebody who does.

    Ended by its last day or lifted by a third person, never deleted."""

    user = models.ForeignKey(User, models.PROTECT, related_name="recusals", verbose_name=_("person"))
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, related_name="+", verbose_name=_("kept from this facility")
    )
    reason = models.TextField(_("reason"))
    recorded_by = models.ForeignKey(
        User, models.PROTECT, editable=False, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    ground = models.CharField(_("ground"), max_length=8, choices=Ground, default=Ground.OTHER)
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("lifted by")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, editable=False)
    lift_reason = models.TextField(_("why it was lifted"), blank=True, editable=False)
    objects = RecusalQuerySet.as_manager()
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    # one's own, and everybody's for those who look after them; why somebody is kept from a facility is a matter of that
    # facility, of which whoever is kept from it as well reads nothing
    access = Own("user") | Right("accounts.view_recusal") & ~In("facility", "recused_facilities")

    class Meta(Dated.Meta):
        verbose_name = _("recusal from a facility")
        verbose_name_plural = _("recusals from facilities")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="facility_recusal_lifted_by_somebody_with_reason",
                condition=Q(lifted_by=None, lifted_at=None, lift_reason="")
                | (Q(lifted_by__isnull=False, lifted_at__isnull=False) & ~Q(lift_reason="")),
                violation_error_message=_("A lifted recusal says who lifted it, when and why."),
            ),
            models.CheckConstraint(
                name="facility_recusal_lifted_by_another",
                condition=Q(lifted_by=None) | (~Q(lifted_by=F("user")) & ~Q(lifted_by=F("recorded_by"))),
                violation_error_message=_("A third person lifts it: not who is kept from it, nor who recorded it."),
            ),
        ]
        indexes = [models.Index(fields=["-recorded_at", "-id"], name="recusals_newest")]
        triggers = KEPT

    def __str__(self) -> str:
        return f"{self.user_id} {self.facility_id}"


Recusal.history.model.access = Of("id", "accounts.Recusal")
pgtrigger.register(*APPEND_ONLY)(Recusal.history.model)
