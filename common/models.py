"""What several models share. Nothing here has a table."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Dated(models.Model):
    """Reference data that is true from one day to another; the end day is the first on which it is not."""

    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until (exclusive)"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_valid_days_in_order",
                condition=models.Q(valid_from=None)
                | models.Q(valid_to=None)
                | models.Q(valid_from__lt=models.F("valid_to")),
                violation_error_message=_("The last day must come after the first."),
            )
        ]


def valid_on(day: Any, prefix: str = "") -> models.Q:
    """Rows that are true on `day`."""
    return (models.Q(**{f"{prefix}valid_from": None}) | models.Q(**{f"{prefix}valid_from__lte": day})) & (
        models.Q(**{f"{prefix}valid_to": None}) | models.Q(**{f"{prefix}valid_to__gt": day})
    )
