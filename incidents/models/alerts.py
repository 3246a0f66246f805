"""What the department says to facilities about incidents: alerts and recommendations, and each facility's receipt."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY, KEPT
from facilities.choices import FacilityType, HospitalClass
from incidents.choices import AlertKind, AlertStatus, ReceiptState
from incidents.models.stored import Stored
from incidents.visibility import ALERT, OF_ALERT, OF_RECEIPT, PAST_OF_ALERT, PAST_OF_RECEIPT, RECEIPT

ANSWERED = [str(ReceiptState.APPLIED), str(ReceiptState.NOT_APPLICABLE)]


class Alert(models.Model):
    """An alert or recommendation as it is being written; what facilities read is the newest `AlertEdition`.

    It names no patient, no reporter and no facility that an incident happened at: it goes to others."""

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=AlertKind, default=AlertKind.ADVICE)
    status = models.CharField(
        _("status"), max_length=10, choices=AlertStatus, default=AlertStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    edition = models.PositiveSmallIntegerField(_("edition"), default=0, editable=False)  # the newest published; 0: none
    division = models.ForeignKey(
        "facilities.Division", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("division")
    )

    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.TextField(_("what happened, without names"), blank=True)
    advice = models.TextField(_("what facilities are to do"), blank=True)

    types = ArrayField(
        models.CharField(max_length=14, choices=FacilityType), verbose_name=_("kinds of facility"), default=list,
        blank=True,
    )  # fmt: skip
    classes = ArrayField(
        models.CharField(max_length=8, choices=HospitalClass), verbose_name=_("hospital classes"), default=list,
        blank=True,
    )  # fmt: skip
    areas = ArrayField(models.BigIntegerField(), verbose_name=_("wards and communes"), default=list, blank=True)
    facilities = ArrayField(models.BigIntegerField(), verbose_name=_("single facilities"), default=list, blank=True)

    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened"), editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("handed over by"),
    )  # fmt: skip
    published_at = models.DateTimeField(_("first published"), null=True, editable=False)

    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["reference", "division", "opened_by", "asked_by"],
    )
    access = ALERT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("alert or recommendation")
        verbose_name_plural = _("alerts and recommendations")
        ordering = ["-opened_at", "-id"]
        default_permissions = ("view",)
        permissions = [
            ("write_alert", _("Write alerts and recommendations")),
            ("publish_alert", _("Publish and withdraw, as the second person, alerts and recommendations")),
        ]
        constraints = [
            models.CheckConstraint(
                name="alert_published_has_an_edition",
                condition=~Q(status=str(AlertStatus.PUBLISHED)) | Q(edition__gt=0, published_at__isnull=False),
                violation_error_message=_("What is published has an edition."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_out(self) -> bool:
        """Do facilities have it, whatever is being written since?"""
        return self.edition > 0 and self.status != AlertStatus.WITHDRAWN


class AlertEdition(models.Model):
    """An alert as it was published: its words, who wrote and who published them. Written once."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="editions", verbose_name=_("alert"))
    number = models.PositiveSmallIntegerField(_("edition"))
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("what happened, without names"))
    advice = models.TextField(_("what facilities are to do"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handed over by")
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published"))
    reason = models.TextField(_("reason"))
    access = OF_ALERT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("edition of an alert")
        verbose_name_plural = _("editions of alerts")
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["alert", "number"], name="alert_edition_once"),
            models.CheckConstraint(
                name="alert_published_by_a_second_person",
                condition=~Q(published_by=models.F("asked_by")),
                violation_error_message=_("Whoever wrote it cannot publish it."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class AlertReceipt(models.Model):
    """What one facility did with one alert: read, applied, or why it does not apply there."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="receipts", verbose_name=_("alert"))
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, db_index=False, related_name="+", verbose_name=_("facility")
    )
    state = models.CharField(
        _("status"), max_length=14, choices=ReceiptState, default=ReceiptState.UNREAD, editable=False
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    edition_read = models.PositiveSmallIntegerField(_("edition that was read"), default=0, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, editable=False)
    answer = models.TextField(_("what was done, or why it does not apply"), blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("answered by"),
    )  # fmt: skip
    due_at = models.DateTimeField(_("due"), null=True, editable=False)

    history = HistoricalRecords(
        excluded_fields=["due_at"],
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["alert", "facility", "answered_by"],
    )
    access = RECEIPT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("receipt of an alert")
        verbose_name_plural = _("receipts of alerts")
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["alert", "facility"], name="one_receipt_for_each_facility"),
            models.CheckConstraint(
                name="receipt_answer_says_what_and_who",
                condition=~Q(state__in=ANSWERED)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                violation_error_message=_("Say what was done, or why it does not apply."),
            ),
        ]
        indexes = [models.Index(fields=["facility", "-id"], name="receipt_by_facility")]

    def __str__(self) -> str:
        return f"#{self.pk}"


def receipt_file_path(file: "ReceiptFile", _filename: str) -> str:
    return f"thong-bao/{file.token[:2]}/{file.token}{file.extension}"


class ReceiptFile(Stored):
    """A file that shows what a facility did with an alert. What was shown once stays, whatever is answered later."""

    receipt = models.ForeignKey(AlertReceipt, models.PROTECT, related_name="files", verbose_name=_("receipt"))
    file = models.FileField(_("file"), upload_to=receipt_file_path, max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by")
    )
    access = OF_RECEIPT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("evidence of what was done about an alert")
        verbose_name_plural = _("evidence of what was done about alerts")
        ordering = ["at", "id"]
        default_permissions = ()


AlertPast: Any = Alert.history.model  # type: ignore[attr-defined]
AlertPast.access = PAST_OF_ALERT
AlertReceiptPast: Any = AlertReceipt.history.model  # type: ignore[attr-defined]
AlertReceiptPast.access = PAST_OF_RECEIPT
for written_once in (AlertPast, AlertReceiptPast, AlertEdition, ReceiptFile):
    pgtrigger.register(*APPEND_ONLY)(written_once)
for stays in (Alert, AlertReceipt):
    pgtrigger.register(*KEPT)(stays)
