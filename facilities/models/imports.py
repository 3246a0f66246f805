"""Files of facilities that people uploaded."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FacilityImport(models.Model):
    """An uploaded file of facilities: what it would do, and whether somebody confirmed it."""

    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(_("content"))
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    outcomes = models.JSONField(_("outcome of each row"), default=list)  # facilities.imports.plan.RowOutcome
    notices = models.JSONField(_("notices about the file"), default=list)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    applied_at = models.DateTimeField(_("stored"), null=True, editable=False)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by")
    )

    class Meta:
        verbose_name = _("file of facilities")
        verbose_name_plural = _("files of facilities")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="facility_import_applied_by_somebody",
                condition=Q(applied_at=None, applied_by=None) | Q(applied_at__isnull=False, applied_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.file_name
