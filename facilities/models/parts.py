"""What belongs to one facility: names, management, licence events, hotlines."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from common.models import Dated, valid_on
from common.text import clean, fold
from facilities.choices import LicenceAct, ManagingBody, NameKind, Supervisor
from facilities.models.facilities import Facility
from facilities.words import core_of, key_of


class FacilityNameQuerySet(models.QuerySet["FacilityName"]):
    def valid_on(self, day: date) -> "FacilityNameQuerySet":
        return self.filter(valid_on(day))


class FacilityName(Dated):
    """What a facility is or was called, officially or by the people."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="names", verbose_name=_("facility"))
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=8, choices=NameKind, default=NameKind.ALIAS)
    note = models.CharField(_("note"), max_length=250, blank=True)
    inherited_from = models.ForeignKey(
        Facility,
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("taken over from"),
    )  # a copy of a predecessor's name, so that one search finds who answers for it today
    folded = models.CharField(_("name without accents"), max_length=200, editable=False)
    key = models.CharField(_("name spelt out"), max_length=600, editable=False)  # words.key_of
    core = models.CharField(_("telling words"), max_length=600, editable=False)  # words.core_of
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True), excluded_fields=["folded", "key", "core"]
    )
    objects = FacilityNameQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("name of a facility")
        verbose_name_plural = _("names of facilities")
        ordering = ["kind", "-valid_from", "id"]
        indexes = [
            # misspelt names are found by their telling words: "benh vien" is similar to every hospital
            GistIndex(OpClass("core", "gist_trgm_ops(siglen=64)"), name="facility_name_by_core"),
            GinIndex(OpClass("folded", "gin_trgm_ops"), name="facility_name_by_folded"),
        ]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["facility"],
                condition=Q(kind=NameKind.OFFICIAL, valid_to=None),
                name="one_current_official_name",
                violation_error_message=_("A facility has one official name at a time: use “Rename”."),
            ),
            models.UniqueConstraint(
                fields=["facility", "kind", "name"],
                condition=Q(kind__in=[NameKind.ALIAS, NameKind.SHORT]),  # a former name may come back
                name="facility_name_said_once",
                violation_error_message=_("This facility already has this name."),
            ),
            models.CheckConstraint(
                name="facility_name_not_empty",
                condition=~Q(name=""),
                violation_error_message=_("Give a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def fold_names(self) -> None:
        """Refresh what is derived from the name. Every door that writes a name calls this before it saves."""
        self.name = clean(self.name)
        self.folded = fold(self.name)
        self.key = key_of(self.name)
        self.core = core_of(self.key)


class Management(Dated):
    """Who managed and who supervised a facility, from one day until another."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="managements", verbose_name=_("facility"))
    managing_body = models.CharField(_("managing body"), max_length=12, choices=ManagingBody)
    supervisor = models.CharField(_("professional supervisor"), max_length=12, choices=Supervisor)
    parent = models.ForeignKey(
        Facility, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch of")
    )
    reason = models.CharField(_("reason"), max_length=250, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("management of a facility")
        verbose_name_plural = _("management of facilities")
        ordering = [F("valid_from").desc(nulls_last=True), "-id"]
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="managed_by_one_body_at_a_time",
                expressions=[
                    (F("facility"), RangeOperators.EQUAL),
                    (
                        Func(F("valid_from"), F("valid_to"), Value("[)"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another body manages the facility on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_managing_body_display()


class LicenceEvent(models.Model):
    """Something that happened to a facility's operating licence."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="licence_events", verbose_name=_("facility"))
    act = models.CharField(pgettext_lazy("licence", "what happened"), max_length=10, choices=LicenceAct)
    number = models.CharField(_("licence or decision number"), max_length=60, blank=True)
    happened_on = models.DateField(_("on"))
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("For a suspension: the last day, when known.")
    )
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    source = models.CharField(_("source"), max_length=250, blank=True)
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        verbose_name = _("licence event")
        verbose_name_plural = _("licence events")
        ordering = ["-happened_on", "-id"]
        indexes = [models.Index(fields=["facility", "-happened_on", "-id"], name="licence_events_of_facility")]
        constraints = [
            models.CheckConstraint(
                name="licence_granted_with_number",
                condition=~Q(act=LicenceAct.GRANTED) | ~Q(number=""),
                violation_error_message=_("A granted licence has a number."),
            ),
            models.CheckConstraint(
                name="licence_taken_with_reason",
                condition=~Q(act__in=[LicenceAct.SUSPENDED, LicenceAct.REVOKED]) | ~Q(reason=""),
                violation_error_message=_("Say why the licence was suspended or revoked."),
            ),
            models.CheckConstraint(
                name="licence_days_in_order",
                condition=Q(until=None) | Q(until__gte=F("happened_on")),
                violation_error_message=_("The last day cannot come before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.number}".strip()
