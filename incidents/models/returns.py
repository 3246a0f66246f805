"""The periodic returns: a facility's synthesis of half a year, the department's letter of a quarter. What was signed is
frozen as an edition with its files; a correction is another edition that names the former."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY, KEPT
from incidents.choices import Capacity, FileForm, ReturnKind, ReturnStatus
from incidents.visibility import OF_RETURN, PAST_OF_RETURN, RETURN, RETURN_FILE, UNSIGNED

NOT_SIGNED = [str(ReturnStatus.OPEN)]


class Return(models.Model):
    """What one facility, or the department, is to hand in for one period that has ended."""

    kind = models.CharField(_("kind"), max_length=10, choices=ReturnKind, editable=False)
    facility = models.ForeignKey(
        "facilities.Facility",
        models.PROTECT,
        db_index=False,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("facility"),
    )
    division = models.ForeignKey(
        "facilities.Division",
        models.PROTECT,
        db_index=False,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("division"),
    )
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    part = models.PositiveSmallIntegerField(_("half-year or quarter"), editable=False)
    ended_at = models.DateTimeField(_("end of the period"), editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=ReturnStatus, default=ReturnStatus.OPEN, editable=False
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    why = models.TextField(_("why it is corrected"), blank=True, editable=False)
    opened_at = models.DateTimeField(_("opened"), editable=False)
    signed_at = models.DateTimeField(_("first signed"), null=True, editable=False)
    due_at = models.DateTimeField(_("due"), null=True, editable=False)

    history = HistoricalRecords(
        excluded_fields=["due_at"],
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["facility", "division"],
    )
    access = RETURN
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("incident return")
        verbose_name_plural = _("incident returns")
        ordering = ["-ended_at", "-id"]
        default_permissions = ()
        permissions = [
            ("write_return", _("Write the half-yearly synthesis of one's facility")),
            ("sign_return", _("Sign the half-yearly synthesis of one's facility")),
            ("write_letter", _("Write the department's quarterly letter")),
            ("sign_letter", _("Sign the department's quarterly letter")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "facility", "year", "part"], nulls_distinct=False, name="return_once_a_period"
            ),
            models.CheckConstraint(
                name="return_of_a_facility_or_of_the_department",
                condition=Q(kind=ReturnKind.SYNTHESIS, facility__isnull=False, part__in=[1, 2])
                | Q(kind=ReturnKind.LETTER, facility__isnull=True, part__in=[1, 2, 3, 4]),
                violation_error_message=_("A synthesis belongs to a facility, the letter to the department."),
            ),
            models.CheckConstraint(
                name="return_signed_says_since_when",
                condition=Q(status__in=NOT_SIGNED) ^ Q(signed_at__isnull=False),
                violation_error_message=_("What was signed says when; what was not says nothing."),
            ),
        ]
        indexes = [
            # the list is newest period first and paged by key; a facility reads its own
            models.Index(fields=["-ended_at", "-id"], name="return_newest"),
            models.Index(fields=["facility", "-ended_at", "-id"], name="return_by_facility"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}/{self.part}"

    @property
    def is_writable(self) -> bool:
        return self.status != ReturnStatus.SIGNED


class ReturnText(models.Model):
    """What is written into a return before it is signed: its author's business until then."""

    about = models.OneToOneField(Return, models.PROTECT, related_name="text", verbose_name=_("return"))
    findings = models.TextField(_("results of root-cause analyses, in words"), blank=True)
    solutions = models.TextField(_("solutions and recommendations, proposed and carried out"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    access = UNSIGNED
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("text of a return")
        verbose_name_plural = _("texts of returns")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"


class ReturnEdition(models.Model):
    """A signed return: its figures and words as of a moment, who signed, and a digest of all that. Written once."""

    about = models.ForeignKey(Return, models.PROTECT, related_name="editions", verbose_name=_("return"))
    number = models.PositiveSmallIntegerField(_("edition"))
    as_of = models.DateTimeField(_("as of"))
    content = models.JSONField(_("figures and words"))
    digest = models.CharField(_("digest"), max_length=64)
    reason = models.TextField(_("why it was corrected"), blank=True)
    former = models.OneToOneField("self", models.PROTECT, null=True, related_name="next", verbose_name=_("replaces"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("signed by")
    )
    signer = models.CharField(_("name of the signer"), max_length=200)
    capacity = models.CharField(_("signed as"), max_length=10, choices=Capacity)
    signed_at = models.DateTimeField(_("signed"))
    access = OF_RETURN
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("signed return")
        verbose_name_plural = _("signed returns")
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["about", "number"], name="return_edition_numbers"),
            models.CheckConstraint(
                name="return_edition_names_the_former",
                condition=Q(number=1, former=None, reason="") | Q(number__gt=1, former__isnull=False) & ~Q(reason=""),
                violation_error_message=_("A correction says what it replaces and why."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ReturnFile(models.Model):
    """One file of a signed return, byte for byte as it was signed. Written once."""

    edition = models.ForeignKey(ReturnEdition, models.PROTECT, related_name="files", verbose_name=_("signed return"))
    form = models.CharField(_("form"), max_length=4, choices=FileForm)
    content = models.BinaryField(_("content"), editable=False)
    digest = models.CharField(_("digest"), max_length=64)
    access = RETURN_FILE
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("file of a signed return")
        verbose_name_plural = _("files of signed returns")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["edition", "form"], name="return_file_of_each_form")]

    def __str__(self) -> str:
        return f"#{self.pk}"


ReturnPast: Any = Return.history.model  # type: ignore[attr-defined]
ReturnPast.access = PAST_OF_RETURN
for written_once in (ReturnPast, ReturnEdition, ReturnFile):
    pgtrigger.register(*APPEND_ONLY)(written_once)
for stays in (Return, ReturnText):
    pgtrigger.register(*KEPT)(stays)
