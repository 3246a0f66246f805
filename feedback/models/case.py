"""The case and what arrived for it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.access import VisibleRows
from common.identifiers import check_letter
from feedback.choices import ENDED, IN_PUBLIC, CallEnd, Complexity, Kind, Outcome, Satisfaction, Status, Urgency
from feedback.visibility import CASE, SHORTCUTS_TO_CASES, SUBMISSION


class CaseQuerySet(VisibleRows["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.exclude(status__in=ENDED)

    def published(self) -> "CaseQuerySet":
        """Those whose result stands in public."""
        return self.filter(published_at__isnull=False, status__in=IN_PUBLIC)

    def overdue(self, at: datetime) -> "CaseQuerySet":
        """Open cases with a deadline that has passed."""
        return self.filter(due_at__lte=at, is_open=True)


class Case(models.Model):
    """One matter that somebody told the department about, followed until it is closed.

    Who told it stands apart (`Reporter`), and never here: this row, its history and its search entry are read by
    facilities."""

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.RECEIVED, editable=False)
    is_open = models.GeneratedField(
        expression=~Q(status__in=[str(status) for status in ENDED]),  # type: ignore[arg-type]
        output_field=models.BooleanField(_("open")),
        db_persist=True,
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.FEEDBACK)
    channel = models.ForeignKey(
        "feedback.Channel", models.PROTECT, db_index=False, related_name="+", verbose_name=_("channel")
    )
    category = models.ForeignKey(
        "feedback.Category",
        models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    urgency = models.CharField(_("urgency"), max_length=2, choices=Urgency, default=Urgency.MEDIUM)
    complexity = models.CharField(_("complexity"), max_length=1, choices=Complexity, blank=True, default="")
    is_confidential = models.BooleanField(_("confidential"), default=False)

    title = models.CharField(_("in one line"), max_length=200)
    body = models.TextField(_("what happened"))
    occurred_on = models.DateField(_("day it happened"), null=True, blank=True)
    facility = models.ForeignKey(
        "facilities.Facility",
        models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("facility"),
    )
    facility_said = models.CharField(_("facility, in the reporter's words"), max_length=200, blank=True)
    area = models.ForeignKey(
        "facilities.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
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
        verbose_name=_("responsible officer"),
    )
    is_released = models.BooleanField(_("shown to the facility"), default=False, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("checked by"),
    )

    outcome = models.CharField(_("outcome"), max_length=4, choices=Outcome, blank=True, default="", editable=False)
    public_summary = models.TextField(_("published result"), blank=True, editable=False)
    transferred_to = models.CharField(_("transferred to"), max_length=200, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="merged_cases",
        verbose_name=_("merged into"),
    )
    satisfaction = models.CharField(
        _("satisfaction"), max_length=6, choices=Satisfaction, blank=True, default="", editable=False
    )

    received_at = models.DateTimeField(_("received"), editable=False)
    due_at = models.DateTimeField(_("due"), null=True, editable=False)
    is_provisional = False  # no column: `feedback.provisional.mark` says so of the rows of one page
    escalation_level = models.PositiveSmallIntegerField(_("escalation"), default=0, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    history = HistoricalRecords(
        excluded_fields=["is_open", "updated_at"],
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        # Asked for by the case and by time only; each index more is paid with every move of every case.
        no_db_index=[
            *("reference", "channel", "category", "facility", "area", "division", "assignee", "recorded_by"),
            *("checked_by", "merged_into"),
        ],
    )
    access = CASE
    shortcuts = SHORTCUTS_TO_CASES
    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-received_at", "-id"]
        default_permissions = ("view", "change")
        permissions = [
            ("view_every_case", _("See every ordinary case")),
            ("view_confidential_case", _("See confidential cases")),
            ("view_division_case", _("See the cases of one's division")),
            ("view_facility_case", _("See the cases sent to one's facility")),
            ("view_recorded_case", _("See the cases one recorded")),
            ("record_case", _("Record a case")),
            ("screen_case", _("Set a case aside as out of scope")),
            ("triage_case", _("Classify, assign, forward, merge and transfer cases")),
            ("handle_case", _("Examine a case for one's division")),
            ("answer_case", _("Answer for one's facility")),
            ("check_case", _("Check answers and return them")),
            ("confirm_case", _("Confirm a checked answer")),
            ("reply_case", _("Reply to the reporter")),
            ("publish_case", _("Publish a result")),
            ("close_case", _("Close a case")),
            ("reopen_case", _("Send a closed case to review")),
            ("note_case", _("Write notes")),
            ("reveal_reporter", _("See the reporter's contact data")),
            ("lead_working_group", _("Lead of the working group: receives escalations")),
            ("direct_department", _("Directs the department: receives the last escalation")),
            ("oversee_department", _("Speaks for the higher authority: is told of what even the directors left late")),
            ("send_intake", _("Send feedback through the API")),
            ("export_case", _("Take the list of cases out as a file")),
            ("read_api", _("Read cases through the API")),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_ended_at_iff_ended",
                condition=Q(status__in=[str(status) for status in ENDED]) ^ Q(ended_at=None),
                violation_error_message=_("An ended case has a moment of ending; an open one has none."),
            ),
            models.CheckConstraint(
                name="case_merged_iff_target",
                condition=Q(status=Status.MERGED) ^ Q(merged_into=None),
                violation_error_message=_("A merged case names the case it was merged into."),
            ),
            models.CheckConstraint(
                name="case_with_facility_has_one",
                condition=~Q(status__in=[str(Status.FORWARDED), str(Status.RETURNED)]) | Q(facility__isnull=False),
                violation_error_message=_("A forwarded case names its facility."),
            ),
        ]
        indexes = [
            # every list is newest first and paged by key: one index for the plain list, one per filter; those that
            # begin with a foreign key serve in its own index's place
            models.Index(fields=["-received_at", "-id"], name="case_newest"),
            models.Index(fields=["status", "-received_at", "-id"], name="case_by_status"),
            models.Index(fields=["channel", "-received_at", "-id"], name="case_by_channel"),
            models.Index(fields=["category", "-received_at", "-id"], name="case_by_category"),
            models.Index(fields=["facility", "-received_at", "-id"], name="case_by_facility"),
            models.Index(fields=["urgency", "-received_at", "-id"], name="case_by_urgency"),
            models.Index(fields=["kind", "-received_at", "-id"], name="case_by_kind"),
            models.Index(
                fields=["division", "-received_at", "-id"],
                name="case_by_division",
                condition=Q(division__isnull=False),
            ),
            models.Index(
                fields=["assignee", "-received_at", "-id"],
                name="case_by_assignee",
                condition=Q(assignee__isnull=False),
            ),
            models.Index(
                fields=["recorded_by", "-received_at", "-id"],
                name="case_by_recorder",
                condition=Q(recorded_by__isnull=False),
            ),
            # the work: open cases by what is due first; small, since most cases are closed
            # with what a policy asks of a row, so that counting needs the index alone
            models.Index(
                fields=["due_at", "id"],
                name="case_open_due",
                condition=Q(is_open=True),
                include=[
                    "is_confidential",
                    "is_released",
                    "division",
                    "facility",
                    "assignee",
                    "recorded_by",
                ],
            ),
            models.Index(
                fields=["facility", "due_at"],
                name="case_open_due_facility",
                condition=Q(is_open=True),
                include=["id", "is_confidential", "is_released", "division", "assignee", "recorded_by"],
            ),
            models.Index(fields=["status", "due_at"], name="case_open_due_status", condition=Q(is_open=True)),
            # of a division or a person: what is late, due today and due first of theirs, without others' cases
            models.Index(fields=["division", "due_at", "id"], name="case_open_due_division", condition=Q(is_open=True)),
            models.Index(fields=["assignee", "due_at", "id"], name="case_open_due_assignee", condition=Q(is_open=True)),
            models.Index(
                fields=["recorded_by", "due_at", "id"], name="case_open_due_recorder", condition=Q(is_open=True)
            ),
            models.Index(
                fields=["-published_at", "-id"],
                name="case_published",
                condition=Q(published_at__isnull=False),
            ),
            # what changed since the last look: API consumers and the day counts
            models.Index(fields=["updated_at", "id"], name="case_changed"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def check_letter(self) -> str:
        """What is dictated after the reference: with it, one digit heard wrongly finds no other case."""
        return check_letter("".join(filter(str.isdigit, self.reference)))

    def is_late(self, at: datetime) -> bool:
        """Open, with a deadline that has passed."""
        return self.status not in ENDED and self.due_at is not None and self.due_at <= at


class Submission(models.Model):
    """What arrived, as it arrived; several may belong to one case. Written once."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="submissions", verbose_name=_("case"))
    channel = models.ForeignKey("feedback.Channel", models.PROTECT, related_name="+", verbose_name=_("channel"))
    source = models.CharField(
        _("source system"),
        max_length=40,
        help_text=_("The door: console, public, or the API client's account."),
    )
    source_id = models.CharField(_("number at the source"), max_length=100)
    fingerprint = models.CharField(_("fingerprint of the content"), max_length=64, editable=False)
    body = models.TextField(_("text"))
    received_at = models.DateTimeField(_("received"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )
    ended_as = models.CharField(_("ended at once as"), max_length=12, choices=CallEnd, blank=True, default="")
    access = SUBMISSION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="submission_arrives_once"),
        ]
        # the counts per day ask how the calls of some cases ended
        indexes = [models.Index(fields=["case"], name="submission_ended_at_once", condition=~Q(ended_as=""))]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"
