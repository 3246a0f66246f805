"""What a facility does so that it does not happen again, and what came of it."""

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
from incidents.choices import STRENGTHS, ActionKind, ActionStatus, Concession, Effect, Strength
from incidents.models.report import Incident
from incidents.visibility import ACTION, OF_ACTION, PAST_OF_ACTION

_STRENGTH = Case(
    *(When(kind__startswith=letter, then=Value(str(strength))) for letter, strength in STRENGTHS.items()),
    default=Value(""),
)
UNDONE = [str(ActionStatus.OPEN), str(ActionStatus.WITHDRAWN)]


def _person(label: Any, **more: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=label, **more
    )


class ActionQuerySet(VisibleRows["Action"]):
    """Actions, with the one answer to who sees which."""


class Action(models.Model):
    """One corrective action of a facility: after an incident, or on its own.

    `causes` are the boxes of Annex IV that it is to remove: when one of them comes back after the action was found
    effective, its review opens again. `types` narrows that to incidents of these types; none means any."""

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, db_index=False, related_name="+", verbose_name=_("facility")
    )
    division = models.ForeignKey(
        "facilities.Division", models.PROTECT, db_index=False, null=True, editable=False, related_name="+",
        verbose_name=_("division"),
    )  # fmt: skip
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, editable=False, related_name="actions", verbose_name=_("incident")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ActionStatus, default=ActionStatus.OPEN, editable=False
    )
    since = models.DateTimeField(_("in this state since"), editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    title = models.CharField(_("what is to be done"), max_length=200)
    kind = models.CharField(_("kind of action"), max_length=2, choices=ActionKind)
    strength = models.GeneratedField(
        expression=_STRENGTH,
        output_field=models.CharField(_("strength"), max_length=12, choices=Strength),
        db_persist=True,
    )
    details = models.TextField(_("how, step by step"), blank=True)
    causes = ArrayField(models.CharField(max_length=8), verbose_name=_("causes it removes"), default=list, blank=True)
    types = ArrayField(models.CharField(max_length=8), verbose_name=_("only in incidents of"), default=list, blank=True)
    owner = _person(_("owner"))
    due_on = models.DateField(_("to be done by"))
    measure = models.TextField(_("how its effect will be measured"), blank=True)
    check_on = models.DateField(_("check of the effect on"), null=True, blank=True)

    opened_by = _person(_("opened by"), editable=False)
    opened_at = models.DateTimeField(_("opened"), editable=False)
    done_by = _person(_("reported by"), null=True, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    due_at = models.DateTimeField(_("due"), null=True, editable=False)

    history = HistoricalRecords(
        excluded_fields=["strength", "due_at"],
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["reference", "facility", "division", "incident", "owner", "opened_by", "done_by"],
    )
    access = ACTION
    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions of facilities")
        ordering = ["-opened_at", "-id"]
        default_permissions = ()
        permissions = [("verify_action", _("Verify actions and check their effect"))]
        constraints = [
            models.CheckConstraint(
                name="action_done_says_when_and_by_whom",
                condition=Q(status__in=UNDONE) | Q(done_at__isnull=False, done_by__isnull=False),
                violation_error_message=_("An action that was done says when and by whom."),
            ),
            models.CheckConstraint(
                name="action_removes_a_cause",
                condition=Q(status__in=UNDONE) | Q(causes__len__gt=0),
                violation_error_message=_("An action names the causes that it removes."),
            ),
        ]
        indexes = [
            # lists are newest first and paged by key: one index for each filter, and for whom they are narrowed
            models.Index(fields=["-opened_at", "-id"], name="action_newest"),
            models.Index(fields=["status", "-opened_at", "-id"], name="action_by_status"),
            models.Index(fields=["facility", "-opened_at", "-id"], name="action_by_facility"),
            models.Index(fields=["division", "-opened_at", "-id"], name="action_by_division"),
            models.Index(fields=["due_at", "id"], name="action_due", condition=Q(due_at__isnull=False)),
            # what a new incident of a facility may reopen
            models.Index(fields=["facility"], name="action_effective", condition=Q(status="effective")),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_writable(self) -> bool:
        return self.status in (ActionStatus.OPEN, ActionStatus.REOPENED)


class Progress(models.Model):
    """What the facility says of an action on its way. Written once."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="progress", verbose_name=_("action"))
    at = models.DateTimeField(_("at"))
    by = _person(_("by"))
    text = models.TextField(_("text"))
    access = OF_ACTION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("progress of an action")
        verbose_name_plural = _("progress of actions")
        ordering = ["at", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"


def evidence_path(evidence: "Evidence", _filename: str) -> str:
    """A random name: what a person called the file may name a person."""
    return f"hanh-dong/{evidence.token[:2]}/{evidence.token}{evidence.extension}"


class Evidence(models.Model):
    """A file that shows what was done, beside what was said of it; a view that asks who may see it serves it."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="evidence", verbose_name=_("action"))
    progress = models.ForeignKey(Progress, models.PROTECT, related_name="files", verbose_name=_("progress"))
    token = models.CharField(max_length=32, unique=True, editable=False)
    file = models.FileField(_("file"), upload_to=evidence_path, max_length=200)
    name = models.CharField(_("name"), max_length=120)
    extension = models.CharField(max_length=6)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))
    by = _person(_("by"))
    access = OF_ACTION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("evidence of an action")
        verbose_name_plural = _("evidence of actions")
        ordering = ["at", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"


class EffectCheck(models.Model):
    """One look at whether an action worked: what was measured, and what it says. Written once."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="checks", verbose_name=_("action"))
    checked_on = models.DateField(_("checked on"))
    found = models.TextField(_("what was measured"))
    result = models.CharField(_("result"), max_length=14, choices=Effect)
    next_on = models.DateField(_("next check on"), null=True)
    at = models.DateTimeField(_("recorded"))
    by = _person(_("by"))
    access = OF_ACTION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("check of an effect")
        verbose_name_plural = _("checks of effects")
        ordering = ["at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="effect_too_early_says_when_next",
                condition=Q(result="too_early", next_on__isnull=False) | (~Q(result="too_early") & Q(next_on=None)),
                violation_error_message=_("Too early to say: name the day of the next check."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ConcessionAsked(models.Model):
    """A facility asks to do less, later or nothing; a second person answers. What was planned stays readable.

    `before` and `after` hold what changes, by field, as JSON."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="concessions", verbose_name=_("action"))
    what = models.CharField(_("what"), max_length=10, choices=Concession)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    reason = models.TextField(_("reason"))
    asked_by = _person(_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    decided_by = _person(_("second person"), null=True)
    decided_at = models.DateTimeField(_("answered"), null=True)
    is_agreed = models.BooleanField(_("agreed"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    access = OF_ACTION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("concession for an action")
        verbose_name_plural = _("concessions for actions")
        ordering = ["asked_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="concession_has_second_person",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                violation_error_message=_("Whoever asks cannot answer."),
            ),
            models.CheckConstraint(
                name="concession_answered_by_somebody",
                condition=Q(decided_by=None, decided_at=None, is_agreed=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_agreed__isnull=False),
                violation_error_message=_("An answer says who, when and what."),
            ),
            models.UniqueConstraint(
                fields=["action"], condition=Q(is_agreed=None), name="one_concession_waits_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


ActionPast: Any = Action.history.model  # type: ignore[attr-defined]
ActionPast.access = PAST_OF_ACTION
for written_once in (ActionPast, Progress, Evidence, EffectCheck):
    pgtrigger.register(*APPEND_ONLY)(written_once)
for stays in (Action, ConcessionAsked):
    pgtrigger.register(*KEPT)(stays)
