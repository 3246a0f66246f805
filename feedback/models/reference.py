"""What a case is filed under: the channel it came by and its category."""

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.models import Dated, valid_on
from feedback.choices import IntakeMethod, Urgency


class Named(Dated):
    """A coded row with a name in both languages and the source that says it exists."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta(Dated.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class NamedQuerySet(models.QuerySet[Any]):
    def valid_on(self, day: Any) -> "NamedQuerySet":
        return self.filter(valid_on(day))


class Channel(Named):
    """A way by which feedback reaches the department."""

    contact = models.CharField(_("number or address"), max_length=100, blank=True)
    method = models.CharField(_("how it arrives"), max_length=10, choices=IntakeMethod, default=IntakeMethod.OPERATOR)
    is_confidential = models.BooleanField(
        _("keeps identity secret"), default=False, help_text=_("Cases of this channel begin as confidential.")
    )
    scope = models.CharField(_("what it is for"), max_length=300, blank=True)
    hours = models.CharField(_("hours of reception"), max_length=100, blank=True)
    owner = models.CharField(_("who answers for it"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    branches = models.TextField(
        _("branch numbers"),
        blank=True,
        max_length=1000,
        help_text=_("One per line: the number to press, and what for. Empty is better than wrong."),
    )
    is_published = models.BooleanField(
        _("in the public register"), default=True, help_text=_("Ways that people can use themselves.")
    )
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True), cascade_delete_history=False)
    objects = NamedQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["position", "code"]


class CategoryQuerySet(NamedQuerySet):
    def leaves(self) -> "CategoryQuerySet":
        """Those a case is filed under."""
        return self.exclude(parent=None)

    def roots(self) -> "CategoryQuerySet":
        """The fields of the published statistics."""
        return self.filter(parent=None)


class Category(Named):
    """What a case is about, on two levels: the published field, and the matter within it."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("field")
    )
    urgency = models.CharField(_("usual urgency"), max_length=2, choices=Urgency, default=Urgency.MEDIUM)
    lead_unit = models.CharField(_("usual lead unit"), max_length=200, blank=True)
    folded = models.CharField(max_length=400, editable=False, blank=True)
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        excluded_fields=["folded"],
    )
    objects = CategoryQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "code"]
