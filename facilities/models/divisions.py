"""Who in the department."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.text import clean, fold
from facilities.choices import UnitKind
from facilities.models.values import CODE


class DivisionQuerySet(models.QuerySet["Division"]):
    def active(self) -> "DivisionQuerySet":
        return self.filter(is_active=True)


class Division(models.Model):
    """A division of the department, its working group for feedback, or a sub-department."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[CODE])
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=14, choices=UnitKind, default=UnitKind.DIVISION)
    duties = models.TextField(_("what it looks after"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    is_confirmed = models.BooleanField(
        _("confirmed"),
        default=False,
        help_text=_("The name was checked against a document of the department."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    folded = models.CharField(_("name without accents"), max_length=120, editable=False)
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True), excluded_fields=["folded"])
    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        ordering = ["folded", "code"]

    def __str__(self) -> str:
        return self.name

    def fold_names(self) -> None:
        """Refresh what is derived from the name. Every door that writes a name calls this before it saves."""
        self.name, self.short_name = clean(self.name), clean(self.short_name)
        self.folded = fold(self.name)
