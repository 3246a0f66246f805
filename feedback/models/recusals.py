"""Who is kept from a single case because the case is about them or about somebody close to them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.access import VisibleRows
from accounts.models import Ground
from feedback.visibility import CASE_RECUSAL


class CaseRecusalQuerySet(VisibleRows["CaseRecusal"]):
    def holding(self) -> "CaseRecusalQuerySet":
        """Not lifted."""
        return self.filter(lifted_at=None)


class CaseRecusal(models.Model):
    """A person is named in a case or close to it, and sees nothing of it until somebody else lifts this."""

    case = models.ForeignKey("feedback.Case", models.PROTECT, related_name="recusals", verbose_name=_("case"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="case_recusals", verbose_name=_("person")
    )
    ground = models.CharField(_("ground"), max_length=8, choices=Ground, default=Ground.OTHER)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    at = models.DateTimeField(_("recorded"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("lifted by")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lift_reason = models.TextField(_("why it was lifted"), blank=True)
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    access = CASE_RECUSAL
    objects = CaseRecusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("recusal from a case")
        verbose_name_plural = _("recusals from cases")
        default_permissions = ()
        permissions = [
            ("recuse_self", _("Declare to be involved in a case")),
            ("recuse_others", _("Keep others from a case, and lift it")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "case"],
                condition=Q(lifted_at=None),
                name="recused_once_from_a_case",
                violation_error_message=_("This person is kept from this case already."),
            ),
            models.CheckConstraint(
                name="recusal_lifted_by_somebody_with_reason",
                condition=Q(lifted_by=None, lifted_at=None, lift_reason="")
                | (Q(lifted_by__isnull=False, lifted_at__isnull=False) & ~Q(lift_reason="")),
                violation_error_message=_("A lifted recusal says who lifted it, when and why."),
            ),
            models.CheckConstraint(
                name="recusal_lifted_by_another",
                condition=Q(lifted_by=None) | (~Q(lifted_by=F("user")) & ~Q(lifted_by=F("by"))),
                violation_error_message=_(
                    "Another person lifts it: not the one kept from the case, nor who recorded it."
                ),
            ),
        ]

        indexes = [models.Index(fields=["-at", "-id"], name="case_recusals_newest")]

    def __str__(self) -> str:
        return f"#{self.pk}"
