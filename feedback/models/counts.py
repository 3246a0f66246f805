"""Counts per day, kept beside the cases: no page counts a million rows (`feedback.daycounts` keeps them)."""

from django.db import models

from accounts.access import VisibleRows
from feedback.visibility import COUNTS


class DayCountQuerySet(VisibleRows["DayCount"]):
    """Counts, with the one answer to who sees which."""


class DayCount(models.Model):
    """How many cases were received on a day, within one scope, by one dimension's value.

    `scope` is `all`, `ordinary` (not confidential), `facility:<id>` or `division:<id>`; `dimension` is `total`,
    `channel`, `category`, `urgency` or `call` (those that ended at once, by how); `key` is the value's id or code.
    `ended`, `on_time` and `late` follow those same cases to their end."""

    day = models.DateField()
    scope = models.CharField(max_length=30)
    dimension = models.CharField(max_length=10)
    key = models.CharField(max_length=20)
    received = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    access = COUNTS
    objects = DayCountQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["scope", "dimension", "day", "key"], name="one_count_per_day_and_key"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.scope} {self.dimension} {self.key}"
