"""What was suggested beside what people chose, and the models that learnt from confirmed cases.

Codes only: no text, no case and no person stands beside a choice: nothing leads from it to who reported what."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import Right, VisibleRows
from common.keeping import APPEND_ONLY
from feedback.visibility import A_CLIENT

ONLY_GROWS = "SELECT, INSERT"  # what the application may do with these tables
VIEW_QUALITY = "suggestions.view_quality"
CHOOSE_MODEL = "suggestions.choose_model"


class Door(models.TextChoices):
    """Where somebody chose."""

    CALL = "call", _("while a call was taken")
    CASE = "case", _("on the page of a case")


class About(models.TextChoices):
    """Which part of a case a suggestion was about."""

    FACILITY = "facility", pgettext_lazy("suggestion", "Facility")
    CATEGORY = "category", pgettext_lazy("suggestion", "Category")
    URGENCY = "urgency", pgettext_lazy("suggestion", "Emergency")
    SCOPE = "scope", pgettext_lazy("suggestion", "Outside the health sector")


class Fit(models.TextChoices):
    """What became of a suggestion."""

    TAKEN = "taken", pgettext_lazy("suggestion", "taken over")
    AMONG = "among", pgettext_lazy("suggestion", "the second or third was taken")
    OTHER = "other", pgettext_lazy("suggestion", "something else was chosen")
    LEFT = "left", pgettext_lazy("suggestion", "nothing was chosen")
    MISSED = "missed", pgettext_lazy("suggestion", "nothing had been suggested")


class SuggestionChoiceQuerySet(VisibleRows["SuggestionChoice"]):
    pass


class SuggestionChoice(models.Model):
    """One suggestion and what a person chose, by codes. Of confidential cases there is none."""

    on = models.DateField(_("day"))
    door = models.CharField(_("where"), max_length=4, choices=Door)
    about = models.CharField(_("about"), max_length=8, choices=About)
    suggested = models.CharField(_("suggested"), max_length=40, blank=True)
    others = models.JSONField(_("also suggested"), default=list)
    score = models.FloatField(_("score"), null=True)
    version = models.CharField(_("version of the model"), max_length=20)
    chosen = models.CharField(_("chosen"), max_length=40, blank=True)
    fit = models.CharField(_("what became of it"), max_length=6, choices=Fit)
    access = Right(VIEW_QUALITY) & ~A_CLIENT
    application_may = ONLY_GROWS
    objects = SuggestionChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice beside a suggestion")
        verbose_name_plural = _("choices beside suggestions")
        default_permissions = ()
        permissions = [("view_quality", _("See how good suggestions are"))]
        ordering = ["-id"]
        triggers = APPEND_ONLY
        indexes = [models.Index(fields=["on"], name="suggestion_choice_day")]  # the page asks for some months
        constraints = [
            models.CheckConstraint(
                name="suggestion_choice_is_about_something",
                condition=~models.Q(suggested="") | ~models.Q(chosen=""),
                violation_error_message=_("Neither suggested nor chosen: there is nothing to keep."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.suggested or '–'} / {self.chosen or '–'}"


class LearntModel(models.Model):
    """A model that learnt from confirmed cases, as it was learnt: numbers and names of words, read without unpickling.

    Words that only a few cases hold, and everything with a digit, are not among them (`engine.learning`)."""

    made_at = models.DateTimeField(_("learnt at"), auto_now_add=True)
    learnt_from = models.PositiveIntegerField(_("confirmed cases"))
    learnt_until = models.DateTimeField(_("the newest of them ended at"))
    figures = models.JSONField(_("cross-validated"))
    compared = models.JSONField(_("beside the model in use, on cases that neither had read"), default=dict)
    stored = models.BinaryField(_("the model"))
    application_may = ONLY_GROWS

    class Meta:
        verbose_name = _("learnt model")
        verbose_name_plural = _("learnt models")
        default_permissions = ()
        permissions = [("choose_model", _("Choose the model that suggests"))]
        ordering = ["-id"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.version

    @property
    def version(self) -> str:
        """How the model is called on pages and beside choices."""
        return f"L{self.pk}"

    @property
    def is_worse(self) -> bool:
        """Was it worse than the model in use, in one of the two figures that count?"""
        names = ("category_first_level_top1", "category_second_level_top3")
        return bool(self.compared) and any(
            (self.compared["candidate"][name] or 0) < (self.compared["in_use"][name] or 0) for name in names
        )


class ModelSwitch(models.Model):
    """Which model suggests from when on, and who chose it; without a model, the one that comes with the program."""

    model: Any = models.ForeignKey(
        LearntModel, models.PROTECT, null=True, related_name="+", verbose_name=_("learnt model"), editable=False
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"), editable=False
    )
    application_may = ONLY_GROWS

    class Meta:
        verbose_name = _("change of the model in use")
        verbose_name_plural = _("changes of the model in use")
        default_permissions = ()
        ordering = ["-id"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return str(self.model_id or "0")
