"""What a member of a facility's staff reported on the public page, how they follow it, and the conversation with them.

Who they are is never here: a name, where one was given, lies under seal in `Named` like any other."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY, KEPT
from common.receipts import Receipted
from incidents.choices import Side, Utterance
from incidents.models.report import Incident
from incidents.visibility import OF_INCIDENT, SEALED, TALK


class StaffReport(models.Model):
    """That an incident came from the page for staff. `source_id` is drawn from the form's one-time key, so the same
    form is the same report for ever; `fingerprint` is a keyed mark of what it said."""

    incident = models.OneToOneField(Incident, models.PROTECT, related_name="staff_report", verbose_name=_("incident"))
    source_id = models.CharField(_("number of the form"), max_length=64, unique=True)
    fingerprint = models.CharField(_("mark of the content"), max_length=64)
    received_at = models.DateTimeField(_("received"))
    looked_at = models.DateTimeField(_("first looked at"), null=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("looked at by")
    )
    fed_back_at = models.DateTimeField(_("first feedback to the reporter"), null=True)
    access = OF_INCIDENT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("report from staff")
        verbose_name_plural = _("reports from staff")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="staff_report_looked_at_by_somebody",
                condition=Q(looked_at=None, looked_by=None) | Q(looked_at__isnull=False, looked_by__isnull=False),
                violation_error_message=_("Whoever looked at it is written down with the moment."),
            ),
            models.CheckConstraint(
                name="staff_report_looked_at_after_receipt",
                condition=Q(looked_at=None) | Q(looked_at__gte=F("received_at")),
                violation_error_message=_("It cannot be looked at before it arrived."),
            ),
        ]
        indexes = [
            models.Index(fields=["incident"], name="staff_report_unseen", condition=Q(looked_at=None)),
            models.Index(fields=["incident"], name="staff_report_owed", condition=Q(fed_back_at=None)),
            models.Index(fields=["received_at"], name="staff_report_by_moment"),  # how many came within the hour
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class StaffReceipt(Receipted):
    """What lets the reporter follow the report."""

    report = models.OneToOneField(
        StaffReport, models.PROTECT, related_name="receipt", verbose_name=_("report from staff")
    )
    access = SEALED

    class Meta:
        verbose_name = _("receipt of a report from staff")
        verbose_name_plural = _("receipts of reports from staff")
        default_permissions = ()


class Talk(models.Model):
    """One utterance between the reporter and one side: the facility's conversation is the facility's, the department's
    is the department's. `by` is blank for the reporter, of whom nothing is known here. Written once."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="talk", verbose_name=_("incident"))
    side = models.CharField(_("conversation with"), max_length=10, choices=Side)
    what = models.CharField(_("what it is"), max_length=8, choices=Utterance)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    text = models.TextField(_("text"))
    access = TALK
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("message with a reporter")
        verbose_name_plural = _("messages with reporters")
        ordering = ["at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="talk_reporter_is_nobody_known",
                condition=Q(what=Utterance.ANSWER, by=None) | (~Q(what=Utterance.ANSWER) & Q(by__isnull=False)),
                violation_error_message=_("The reporter is not named here; everybody else is."),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


pgtrigger.register(*APPEND_ONLY)(Talk)
for stays in (StaffReport, StaffReceipt):
    pgtrigger.register(*KEPT)(stays)
