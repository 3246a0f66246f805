"""What another system reported: under which number of its own, and what it was answered."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY
from incidents.models.report import Incident
from incidents.visibility import OF_INCIDENT


class SystemReport(models.Model):
    """That an incident came by the API. `source` and `source_id` name it for good: the same pair is the same report;
    `fingerprint` is a keyed mark of what it said, `answer` what the system was told, which a retry is told again.

    Written once. What was said stands in the incident, and who is named under its seal."""

    incident = models.OneToOneField(Incident, models.PROTECT, related_name="system_report", verbose_name=_("incident"))
    source = models.CharField(_("system"), max_length=40)
    source_id = models.CharField(_("number at the system"), max_length=100)
    fingerprint = models.CharField(_("mark of the content"), max_length=64)
    received_at = models.DateTimeField(_("received"))
    answer = models.JSONField(_("what it was answered"))
    access = OF_INCIDENT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("report from a system")
        verbose_name_plural = _("reports from systems")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="system_report_once")]

    def __str__(self) -> str:
        return f"#{self.pk}"


pgtrigger.register(*APPEND_ONLY)(SystemReport)
