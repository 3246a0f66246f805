"""The incident report of Annex III and what hangs on it. Who is named in it stands apart, under seal."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY, KEPT
from common.models import Sealed
from incidents.choices import SENT, WRITABLE, Paper, ReporterRole, Status, Subject, Told
from incidents.classification import Claim, Judged, judge
from incidents.taxonomy import lists
from incidents.visibility import INCIDENT, OF_INCIDENT, PAST_OF_INCIDENT, SEALED

LETTERS = [(letter, str(letter)) for letter in lists().harms]
MANDATORY = [letter for letter, harm in lists().harms.items() if harm.is_mandatory]
NOT_SENT = [str(status) for status in Status if status not in SENT]  # a draft may contradict itself: it is never lost
ITEMS = [(item, str(item)) for item in lists().serious]
LEVEL = Case(
    *(When(harm__in=[code for code, harm in lists().harms.items() if harm.level == level], then=Value(level))
      for level in lists().levels),
    default=Value(""),
)  # fmt: skip


class IncidentQuerySet(VisibleRows["Incident"]):
    """Incidents, with the one answer to who sees which."""


class Incident(models.Model):
    """Something that went wrong, or nearly, in examining or treating a patient, as its facility reports it.

    Patient and reporter are named in `Named` only; this row and its history are read by the department."""

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    edition = models.CharField(_("lists of"), max_length=40, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, db_index=False, related_name="+", verbose_name=_("facility")
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

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("officer"),
    )

    subject = models.CharField(_("whom it happened to"), max_length=4, choices=Subject, blank=True)
    ward = models.CharField(_("department or place"), max_length=200, blank=True)
    spot = models.CharField(_("exact spot"), max_length=200, blank=True)
    occurred_at = models.DateTimeField(_("moment it happened"), null=True, blank=True)
    detected_at = models.DateTimeField(_("noticed"), null=True, blank=True)

    description = models.TextField(_("short description"), blank=True)
    proposal = models.TextField(_("first proposal"), blank=True)
    treatment = models.TextField(_("first treatment or handling"), blank=True)
    told_physician = models.CharField(
        _("physician or person in charge was told"), max_length=10, choices=Told, blank=True
    )
    is_in_record = models.CharField(_("written into the medical record"), max_length=10, choices=Told, blank=True)
    told_family = models.CharField(_("relatives or guardian were told"), max_length=10, choices=Told, blank=True)
    told_patient = models.CharField(_("patient was told"), max_length=10, choices=Told, blank=True)

    harm = models.CharField(_("harm letter"), max_length=1, choices=LETTERS, blank=True)
    level = models.GeneratedField(
        expression=LEVEL, output_field=models.CharField(_("level"), max_length=3), db_persist=True
    )
    deaths = models.PositiveSmallIntegerField(_("patients who died"), default=0)
    more_feared = models.BooleanField(_("more deaths are feared"), default=False)
    serious_item = models.PositiveSmallIntegerField(_("serious incident"), choices=ITEMS, null=True, blank=True)
    exception = models.TextField(_("why the exception of the list applies"), blank=True)
    types = ArrayField(models.CharField(max_length=8), verbose_name=_("types"), default=list, blank=True)
    causes = ArrayField(models.CharField(max_length=8), verbose_name=_("causes"), default=list, blank=True)

    reporter_role = models.CharField(_("reporter is"), max_length=4, choices=ReporterRole, blank=True)
    reporter_other = models.CharField(_("namely"), max_length=100, blank=True)
    is_named = models.BooleanField(_("reporter gave a name"), default=False, editable=False)

    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened"), editable=False)
    submitted_at = models.DateTimeField(_("sent"), null=True, editable=False)
    mandatory_at = models.DateTimeField(_("mandatory since"), null=True, editable=False)
    due_at = models.DateTimeField(_("due"), null=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)  # this row, or what hangs on it and goes out

    history = HistoricalRecords(
        excluded_fields=["level", "due_at", "updated_at"],
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["reference", "facility", "division", "assignee", "opened_by"],  # asked for by the incident only
    )
    access = INCIDENT
    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("medical incident")
        verbose_name_plural = _("medical incidents")
        ordering = ["-opened_at", "-id"]
        default_permissions = ("view",)
        permissions = [
            ("view_every_incident", _("See every incident that was sent to the department")),
            ("view_division_incident", _("See the incidents of one's division")),
            ("view_facility_incident", _("See the incidents of one's facility")),
            ("write_incident", _("Write and send incident reports of one's facility")),
            ("check_incident", _("Accept and return incident reports")),
            ("agree_lowering", _("Agree, as the second person, that an incident is lowered")),
            ("reveal_named", _("See who is named in an incident")),
            ("exchange_incident", _("Read incidents by the API (systems)")),
            ("report_incident", _("Report incidents by the API (systems)")),
            ("export_incident", _("Take incidents out as a file for other systems")),
        ]
        constraints = [
            models.CheckConstraint(
                name="incident_noticed_after_it_happened",
                condition=Q(status__in=NOT_SENT) | Q(detected_at__gte=F("occurred_at")),
                violation_error_message=_("It cannot be noticed before it happened."),
            ),
            models.CheckConstraint(
                name="incident_sent_is_classified",
                condition=Q(status__in=NOT_SENT) | (~Q(harm="") & Q(submitted_at__isnull=False)),
                violation_error_message=_("A report that was sent has a harm letter."),
            ),
            models.CheckConstraint(
                name="incident_mandatory_carries_a_name",
                condition=Q(status__in=NOT_SENT) | ~Q(harm__in=MANDATORY) | Q(is_named=True),
                violation_error_message=_("A mandatory report carries its reporter's name (Article 5)."),
            ),
            models.CheckConstraint(
                name="incident_serious_is_severe",
                condition=Q(status__in=NOT_SENT) | Q(serious_item=None) | Q(harm__in=MANDATORY),
                violation_error_message=_("The serious list holds for letters G, H and I."),
            ),
        ]
        indexes = [
            # every list is newest first and paged by key: one index for each filter
            models.Index(fields=["-opened_at", "-id"], name="incident_newest"),
            models.Index(fields=["status", "-opened_at", "-id"], name="incident_by_status"),
            models.Index(fields=["level", "-opened_at", "-id"], name="incident_by_level"),
            models.Index(fields=["facility", "-opened_at", "-id"], name="incident_by_facility"),
            models.Index(fields=["division", "-opened_at", "-id"], name="incident_by_division"),
            models.Index(
                fields=["assignee", "-opened_at", "-id"],
                name="incident_by_assignee",
                condition=Q(assignee__isnull=False),
            ),
            # returns gather what was sent in a period
            models.Index(fields=["submitted_at"], name="incident_by_sending", condition=Q(submitted_at__isnull=False)),
            models.Index(fields=["due_at", "id"], name="incident_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["updated_at", "id"], name="incident_changed"),  # whoever follows changes
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def claim(self) -> Claim:
        """What the report says of itself; the letter is there."""
        return Claim(self.harm, self.serious_item, self.exception, self.deaths)

    @property
    def judged(self) -> Judged | None:
        """What follows from it; nothing while there is no letter."""
        return judge(self.claim) if self.harm else None

    @property
    def is_writable(self) -> bool:
        return self.status in WRITABLE


class Named(Sealed):
    """Who is named in an incident: patient, reporter, witnesses; each only as given, and only under seal.

    `place` names the row before it is written: the incident's number and whom the document is about."""

    class Who(models.TextChoices):
        PATIENT = "patient", _("patient")
        REPORTER = "reporter", _("reporter and witnesses")

    named_by = "place"
    place = models.CharField(max_length=40, unique=True, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="named", verbose_name=_("incident"))
    who = models.CharField(_("who"), max_length=8, choices=Who)
    access = SEALED

    class Meta(Sealed.Meta):
        verbose_name = _("person named in an incident")
        verbose_name_plural = _("people named in incidents")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"


class Addendum(models.Model):
    """What is added to a report after it was sent. Written once, like the report itself."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="addenda", verbose_name=_("incident"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    text = models.TextField(_("text"))
    access = OF_INCIDENT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        ordering = ["at", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"


class PaperGiven(models.Model):
    """A call, report or analysis that was given outside this system: when, and to whom or under which number."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="papers", verbose_name=_("incident"))
    what = models.CharField(_("what was given"), max_length=16, choices=Paper)
    given_at = models.DateTimeField(_("given"))
    said = models.CharField(_("to whom, or number of the document"), max_length=200)
    at = models.DateTimeField(_("recorded"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    access = OF_INCIDENT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("report given elsewhere")
        verbose_name_plural = _("reports given elsewhere")
        ordering = ["given_at", "id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["incident", "what"], name="paper_given_once")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Reclassification(models.Model):
    """A change of what a sent report says of its harm. Raising holds at once; lowering waits for a second person.

    `before` and `after` are claims as JSON: the original stays, whatever is answered."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="reclassifications", verbose_name=_("incident"))
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    is_lower = models.BooleanField(_("lowers"))
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("second person")
    )
    decided_at = models.DateTimeField(_("answered"), null=True)
    is_agreed = models.BooleanField(_("agreed"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    access = OF_INCIDENT
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("change of classification")
        verbose_name_plural = _("changes of classification")
        ordering = ["asked_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="lowering_has_second_person",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                violation_error_message=_("Whoever asks cannot answer."),
            ),
            models.CheckConstraint(
                name="lowering_agreed_by_somebody",
                condition=Q(is_lower=False, decided_by=None, is_agreed=True)
                | Q(is_lower=True, decided_by=None, decided_at=None, is_agreed=None)
                | Q(is_lower=True, decided_by__isnull=False, decided_at__isnull=False, is_agreed__isnull=False),
                violation_error_message=_("Raising holds at once; lowering waits until somebody answers."),
            ),
            models.UniqueConstraint(
                fields=["incident"], condition=Q(is_agreed=None), name="one_lowering_waits_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def claims(self) -> tuple[Claim, Claim]:
        return Claim(**self.before), Claim(**self.after)


Past: Any = Incident.history.model  # type: ignore[attr-defined]
Past.access = PAST_OF_INCIDENT
for written_once in (Past, Addendum, PaperGiven):
    pgtrigger.register(*APPEND_ONLY)(written_once)
for stays in (Incident, Named, Reclassification):
    pgtrigger.register(*KEPT)(stays)
