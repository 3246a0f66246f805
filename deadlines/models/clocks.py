"""Deadlines, their pauses, the ledger of escalations, and the beat of the sweep."""

from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import VisibleRows, condition
from common.keeping import APPEND_ONLY, KEPT
from deadlines.choices import (
    LIVE,
    Action,
    Level,
    Obligation,
    State,
)
from deadlines.models.rules import DeadlineRule, Ladder
from deadlines.registry import content_type
from deadlines.visibility import DEADLINE, PART_OF_DEADLINE


class DeadlineQuerySet(VisibleRows["Deadline"]):
    def running(self) -> "DeadlineQuerySet":
        return self.filter(state=State.RUNNING)

    def live(self) -> "DeadlineQuerySet":
        return self.filter(state__in=LIVE)

    def late(self, at: datetime) -> "DeadlineQuerySet":
        """Running and past their due moment at `at`."""
        return self.running().filter(due_at__lte=at)

    def due_before(self, at: datetime) -> "DeadlineQuerySet":
        return self.running().filter(due_at__lt=at)

    def about(self, record: models.Model) -> "DeadlineQuerySet":
        return self.filter(about_type=ContentType.objects.get_for_model(record), about_id=record.pk)

    def of_shown(self, label: str, key: Any, reader: Any) -> "DeadlineQuerySet":
        """What this reader may read of those of a record that they were shown already: whether the record is theirs is
        not asked again. `key` may be an expression."""
        rows = self.filter(condition(DEADLINE, reader, known=frozenset({"about"})))
        return rows.filter(about_type=content_type(label), about_id=key)


class Deadline(models.Model):
    """Until when one obligation of one record is to be met, why then, and whether it was.

    Its foreign keys have no index of their own: each would be written anew at every step of every ladder, and nobody
    looks for deadlines by rule, ladder or actor."""

    about_type = models.ForeignKey(
        ContentType,
        models.PROTECT,
        related_name="+",
        verbose_name=_("kind of record"),
        editable=False,
        db_index=False,
    )
    about_id = models.BigIntegerField(_("record"), editable=False)
    reference = models.CharField(_("record"), max_length=60, blank=True, editable=False)
    obligation = models.CharField(_("obligation"), max_length=16, choices=Obligation, editable=False)
    cycle = models.PositiveSmallIntegerField(_("round"), default=1, editable=False)
    state = models.CharField(
        pgettext_lazy("of a deadline", "state"), max_length=10, choices=State, default=State.RUNNING, editable=False
    )
    starts_at = models.DateTimeField(_("counted from"), editable=False)
    due_at = models.DateTimeField(_("due"), editable=False)
    original_due_at = models.DateTimeField(_("first due moment"), editable=False)
    is_provisional = models.BooleanField(
        _("provisional"),
        default=False,
        editable=False,
        help_text=_("The calendar is not known that far yet; the due moment may still move."),
    )
    finished_at = models.DateTimeField(_("done"), null=True, editable=False)
    on_time = models.BooleanField(_("on time"), null=True, editable=False)
    paused_at = models.DateTimeField(_("paused since"), null=True, editable=False)
    stands_until = models.DateTimeField(
        _("stands until at most"), null=True, editable=False, help_text=_("Then the pause ends by itself.")
    )
    paused_total = models.DurationField(_("paused in all"), null=True, editable=False)
    rule = models.ForeignKey(
        DeadlineRule, models.PROTECT, related_name="+", verbose_name=_("rule"), editable=False, db_index=False
    )
    ladder = models.ForeignKey(
        Ladder, models.PROTECT, related_name="+", verbose_name=_("ladder"), editable=False, db_index=False
    )
    calendar_version = models.BigIntegerField(_("calendar edition"), editable=False)
    derivation = models.JSONField(_("how it was computed"), default=dict, editable=False)
    # the plan of the ladder for this due moment: what is still to happen, in the order of its moments
    planned_at = models.DateTimeField(_("steps planned"), db_default=Now(), editable=False)
    moments = ArrayField(models.DateTimeField(), default=list, editable=False)
    positions = ArrayField(models.PositiveSmallIntegerField(), default=list, editable=False)
    step = models.PositiveSmallIntegerField(_("steps taken"), default=0, editable=False)
    next_at = models.DateTimeField(_("next step"), null=True, editable=False)
    level = models.PositiveSmallIntegerField(_("escalation level"), choices=Level, default=Level.NONE, editable=False)
    fault = models.CharField(_("last fault of the sweep"), max_length=120, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("started by"),
        editable=False,
        db_index=False,
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("ended by"),
        editable=False,
        db_index=False,
    )
    reason = models.TextField(_("reason"), blank=True, editable=False)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, editable=False)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("acknowledged by"),
        editable=False,
        db_index=False,
    )
    access = DEADLINE
    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [
            models.UniqueConstraint(
                fields=["about_type", "about_id", "obligation", "cycle"], name="one_deadline_per_cycle"
            ),
            models.UniqueConstraint(
                fields=["about_type", "about_id", "obligation"], condition=Q(state__in=LIVE), name="one_live_deadline"
            ),
            models.CheckConstraint(
                name="deadline_verdict_iff_done",
                condition=Q(state=State.DONE, finished_at__isnull=False, on_time__isnull=False)
                | (~Q(state=State.DONE) & Q(finished_at=None, on_time=None)),
            ),
            models.CheckConstraint(
                name="deadline_paused_at_iff_paused", condition=Q(state=State.PAUSED) ^ Q(paused_at=None)
            ),
            models.CheckConstraint(
                name="deadline_stands_until_only_while_paused",
                condition=Q(state=State.PAUSED) | Q(stands_until=None),
            ),
            models.CheckConstraint(
                name="deadline_steps_only_while_running", condition=Q(state=State.RUNNING) | Q(next_at=None)
            ),
            models.CheckConstraint(
                name="deadline_acknowledged_by_somebody",
                condition=Q(acknowledged_at=None) ^ Q(acknowledged_by__isnull=False),
            ),
            models.CheckConstraint(name="deadline_plan_of_equal_length", condition=Q(moments__len=F("positions__len"))),
        ]
        indexes = [
            # what `deadlines.sweep` claims, oldest first; holds only running deadlines with steps ahead
            models.Index(fields=["next_at"], condition=Q(state=State.RUNNING), name="deadline_sweep"),
            # pauses that end by themselves, which `deadlines.standing` looks for; holds only what stands
            models.Index(fields=["stands_until"], condition=Q(state=State.PAUSED), name="deadline_standing"),
            # lists, late first, and the nearest due moment of many records
            models.Index(fields=["due_at"], condition=Q(state=State.RUNNING), name="deadline_running_by_due"),
            # who still owes the prompt report on an event that the press or the public raised: few rows, late first
            models.Index(
                fields=["due_at", "about_id"],
                condition=Q(obligation=Obligation.PROMPT_REPORT, state=State.RUNNING),
                name="deadline_prompt_running",
            ),
            # the few that the sweep put aside, for the operations page
            models.Index(
                fields=["next_at"], condition=Q(state=State.RUNNING) & ~Q(fault=""), name="deadline_put_aside"
            ),
        ]
        triggers = [
            *KEPT,
            pgtrigger.Protect(
                name="verdict_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.on_time IS NOT NULL AND"
                    " (OLD.on_time, OLD.finished_at) IS DISTINCT FROM (NEW.on_time, NEW.finished_at)"
                ),
            ),
            pgtrigger.Protect(
                name="acknowledgement_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.acknowledged_at IS NOT NULL AND (OLD.acknowledged_at, OLD.acknowledged_by_id)"
                    " IS DISTINCT FROM (NEW.acknowledged_at, NEW.acknowledged_by_id)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.get_obligation_display()}"

    def is_late(self, at: datetime) -> bool:
        """Was or is it past its due moment: by the verdict when there is one, else by the clock."""
        if self.state == State.DONE:
            return self.on_time is False
        return self.state == State.RUNNING and self.due_at <= at


class Pause(models.Model):
    """A time that does not count, from its first moment up to but not including its last."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="pauses", verbose_name=_("deadline"))
    starts_at = models.DateTimeField(_("from"), editable=False)
    ends_at = models.DateTimeField(_("until"), null=True, editable=False)
    reason = models.TextField(_("reason"), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("paused by"), editable=False
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("resumed by"),
        editable=False,
    )
    access = PART_OF_DEADLINE

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="pause_ends_after_it_starts", condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at"))
            ),
            ExclusionConstraint(
                name="pauses_do_not_overlap",
                expressions=[
                    ("deadline", RangeOperators.EQUAL),
                    (Func("starts_at", "ends_at", function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = KEPT

    def __str__(self) -> str:
        return f"{self.starts_at} – {self.ends_at or '…'}"


class Escalation(models.Model):
    """The ledger: one step of a deadline's ladder was taken. Unique, so it cannot happen twice; never changed or
    removed."""

    deadline = models.ForeignKey(
        Deadline, models.PROTECT, related_name="escalations", verbose_name=_("deadline"), db_index=False
    )  # the unique constraint begins with it
    cycle = models.PositiveSmallIntegerField(_("round"))
    # a clock that a correction gave another ladder takes the steps of that one, whatever their numbers were before
    ladder = models.ForeignKey(
        Ladder, models.PROTECT, related_name="+", verbose_name=_("ladder"), editable=False, db_index=False
    )
    step = models.PositiveSmallIntegerField(_("step"))
    level = models.PositiveSmallIntegerField(_("escalation level"), choices=Level)
    due_at = models.DateTimeField(_("was to happen"))
    fired_at = models.DateTimeField(_("happened"))
    action = models.CharField(_("action"), max_length=12, choices=Action, default=Action.NOTIFY)
    recipients = models.PositiveIntegerField(
        _("people told"), help_text=_("0: they were told by a higher step at the same moment.")
    )
    told_at = models.DateTimeField(
        _("told at"),
        null=True,
        help_text=_("From when the message might reach them: at once, or at the end of the quiet hours."),
    )
    access = PART_OF_DEADLINE

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["fired_at", "step"]
        constraints = [
            models.UniqueConstraint(fields=["deadline", "cycle", "ladder", "step"], name="escalation_once"),
            models.CheckConstraint(name="escalation_never_early", condition=Q(fired_at__gte=F("due_at"))),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.fired_at}"


class Heartbeat(models.Model):
    """When a piece of background work last ran; `/health/ready` and the operations page read it."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        default_permissions = ()
        permissions = [("watch_operations", _("Look at how the machinery does"))]

    def __str__(self) -> str:
        return self.name
