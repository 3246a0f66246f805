"""Where: the two-level government since 1 July 2025, and what people still call its units."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.text import clean, fold
from facilities.choices import AliasKind, AreaKind, FormerArea


class Area(models.Model):
    """A province or a commune-level unit of the two-level government since 1 July 2025."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=80)
    full_name = models.CharField(pgettext_lazy("area", "full name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=AreaKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    former_area = models.CharField(_("former province"), max_length=16, choices=FormerArea, blank=True)
    folded = models.CharField(_("name without accents"), max_length=100, editable=False)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["folded", "code"]
        indexes = [
            GinIndex(OpClass("folded", "gin_trgm_ops"), name="area_by_folded_name"),
        ]
        constraints = [
            models.CheckConstraint(
                name="area_province_iff_no_parent",
                condition=Q(kind=AreaKind.PROVINCE, parent=None)
                | (~Q(kind=AreaKind.PROVINCE) & Q(parent__isnull=False)),
                violation_error_message=_("A province is part of nothing; every other area is part of a province."),
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    def fold_names(self) -> None:
        """Refresh what is derived from the name. Every door that writes a name calls this before it saves."""
        self.name, self.full_name = clean(self.name), clean(self.full_name)
        self.folded = fold(self.full_name)


class AreaAlias(models.Model):
    """What people still call an area: old districts and provinces, short forms."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="aliases", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=16, choices=AliasKind, default=AliasKind.OTHER)
    note = models.CharField(_("note"), max_length=200, blank=True)
    folded = models.CharField(_("name without accents"), max_length=80, editable=False)

    class Meta:
        verbose_name = _("other name of an area")
        verbose_name_plural = _("other names of areas")
        ordering = ["folded", "id"]
        indexes = [models.Index(fields=["folded"], name="area_alias_by_folded_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name"],
                name="area_alias_said_once",
                violation_error_message=_("This area already has this other name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def fold_names(self) -> None:
        """Refresh what is derived from the name. Every door that writes a name calls this before it saves."""
        self.name = clean(self.name)
        self.folded = fold(self.name)
