"""What a finished record is corrected or completed by: a second paper beside it, never another text in its place."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import VisibleRows
from common.keeping import KEPT
from inspections.choices import AmendmentKind, AmendmentState
from inspections.models.findings import Finding
from inspections.models.plans import person
from inspections.models.visits import Inspection
from inspections.visibility import AMENDMENT

WORDS = ("inspection", "finding", "kind", "text", "reason", "proposed_by", "proposed_at")
SAME_WORDS = pgtrigger.Protect(name="same_words", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*WORDS))
DECIDED_ONCE = pgtrigger.Protect(
    name="decided_once", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__state="proposed")
)


class Amendment(models.Model):
    """A correction of a finished record, or something added to it: proposed by one person, agreed by another."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="amendments", verbose_name=_("inspection"))
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, db_index=False, related_name="amendments", verbose_name=_("finding")
    )
    kind = models.CharField(pgettext_lazy("amendment of a record", "kind"), max_length=8, choices=AmendmentKind)
    text = models.TextField(pgettext_lazy("amendment of a record", "how it reads now"))
    reason = models.TextField(_("reason"))
    state = models.CharField(
        pgettext_lazy("amendment of a record", "state"), max_length=10, choices=AmendmentState,
        default=AmendmentState.PROPOSED, editable=False,
    )  # fmt: skip
    proposed_by = person(_("proposed by"), editable=False)
    proposed_at = models.DateTimeField(_("proposed"), editable=False)
    decided_by = person(_("decided by"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decision = models.TextField(_("why it was decided so"), blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    access = AMENDMENT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("amendment of a record")
        verbose_name_plural = _("amendments of records")
        ordering = ["inspection", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="amendment_decided_by_a_second_person",
                condition=Q(state=AmendmentState.PROPOSED, decided_by=None, decided_at=None)
                | Q(state__in=[AmendmentState.AGREED, AmendmentState.REFUSED], decided_at__isnull=False)
                & ~Q(decided_by=F("proposed_by"))
                & Q(decided_by__isnull=False)
                | Q(state=AmendmentState.TAKEN_BACK, decided_at__isnull=False, decided_by=F("proposed_by")),
                violation_error_message=_("A second person decides; whoever proposed it can only take it back."),
            ),
            models.CheckConstraint(
                name="amendment_says_what_and_why",
                condition=~Q(text="") & ~Q(reason=""),
                violation_error_message=_("Say how it reads now, and why."),
            ),
        ]
        triggers = [*KEPT, SAME_WORDS, DECIDED_ONCE]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.state == AmendmentState.PROPOSED
