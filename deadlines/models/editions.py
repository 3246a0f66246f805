"""Every state that the calendar and the rules ever had: written by triggers, never changed."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.keeping import APPEND_ONLY
from deadlines.choices import (
    EditionKind,
)

_CHANGE = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
_ONE_AT_A_TIME = "PERFORM pg_advisory_xact_lock(hashtext('deadlines_edition'));"
NEW_CALENDAR = f"""
    {_ONE_AT_A_TIME}
    INSERT INTO deadlines_edition (kind, at, content) VALUES ('calendar', clock_timestamp(), jsonb_build_object(
        'days', (SELECT coalesce(jsonb_agg(jsonb_build_array(authority, date, kind, note, is_announced)
                                          ORDER BY authority, date),
                                 '[]'::jsonb) FROM deadlines_calendarday),
        'periods', (SELECT coalesce(jsonb_agg(jsonb_build_array(authority, weekday, starts, ends)
                                              ORDER BY authority, weekday, starts),
                                    '[]'::jsonb) FROM deadlines_workingperiod)));
    RETURN NULL;
"""
NEW_RULES = f"""
    {_ONE_AT_A_TIME}
    INSERT INTO deadlines_edition (kind, at, content) VALUES ('rules', clock_timestamp(), NULL);
    RETURN NULL;
"""


def counted_by(func: str) -> pgtrigger.Trigger:
    """A trigger that makes a new edition after every statement that changes the table, whatever the door."""
    return pgtrigger.Trigger(
        name="new_edition", level=pgtrigger.Statement, when=pgtrigger.After, operation=_CHANGE, func=func
    )


class Edition(models.Model):
    """One state of the calendar (kept whole) or of the rules (counted only). Written by triggers, never changed.

    Numbers come from a sequence, so a number once seen always means the same content, and a process may keep what it
    read under that number. A deadline keeps the number of the calendar it was computed with."""

    kind = models.CharField(_("of"), max_length=8, choices=EditionKind, editable=False)
    at = models.DateTimeField(_("at"), editable=False)
    content = models.JSONField(_("content"), null=True, editable=False)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        indexes = [models.Index(fields=["kind", "-id"], name="newest_edition")]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
