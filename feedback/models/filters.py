"""Filters of the case list that somebody keeps: their own, or offered to the whole department."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import Is, Own, VisibleRows
from feedback.visibility import A_CLIENT, AS_DEPARTMENT


class SavedFilterQuerySet(VisibleRows["SavedFilter"]):
    def kept(self) -> "SavedFilterQuerySet":
        """Those that were not put away."""
        return self.filter(is_kept=True)


class SavedFilter(models.Model):
    """The words of an address under a name. Which cases they lead to is asked anew by each reader, as that reader."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"), editable=False
    )
    name = models.CharField(_("name"), max_length=60)
    words = models.JSONField(_("filters"), editable=False)  # as in the address: `feedback.admin.filters.FilterForm`
    is_shared = models.BooleanField(_("for the whole department"), default=False, editable=False)
    is_kept = models.BooleanField(_("in use"), default=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    access = Own("owner") | Is("is_shared", True) & AS_DEPARTMENT & ~A_CLIENT
    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        default_permissions = ()
        ordering = ["name", "id"]
        indexes = [
            # what everybody's list asks for: the shared ones
            models.Index(fields=["id"], name="saved_filter_shared", condition=models.Q(is_shared=True, is_kept=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                condition=models.Q(is_kept=True),
                name="saved_filter_named_once",
                violation_error_message=_("You have a filter of this name already."),
            ),
            models.CheckConstraint(
                name="saved_filter_has_name",
                condition=~models.Q(name=""),
                violation_error_message=_("Give a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
