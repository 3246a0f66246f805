"""The registry: areas, divisions of the department, facilities and what they are called."""

from datetime import date

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.models import Dated, valid_on
from common.text import clean, fold
from facilities.choices import (
    AliasKind,
    AreaKind,
    FacilityStatus,
    FacilityType,
    FormerArea,
    HospitalClass,
    LicenceAct,
    ManagingBody,
    NameKind,
    Ownership,
    Supervisor,
    TechnicalLevel,
    UnitKind,
)
from facilities.words import core_of, key_of

CODE = RegexValidator(r"^[\w.\-/]+$", _("Letters, digits, dots, dashes, slashes and underscores only."))
NUMBER = RegexValidator(
    r"^\+?\d{3,15}$", _("Digits only, 3 to 15 of them, for example 02838123456 or 19009095.")
)


class Area(models.Model):
    """A province or a commune-level unit of the two-level government since 1 July 2025."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=80)
    full_name = models.CharField(_("full name"), max_length=100)
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
                violation_error_message=_(
                    "A province is part of nothing; every other area is part of a province."
                ),
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
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True), excluded_fields=["folded"]
    )
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


class FacilityQuerySet(models.QuerySet["Facility"]):
    def open_on(self, day: date) -> "FacilityQuerySet":
        """Facilities that exist on `day`, licensed or not."""
        return self.filter(valid_on(day))

    def real(self) -> "FacilityQuerySet":
        return self.filter(is_demo=False)


class Facility(models.Model):
    """A hospital, clinic, station or other place that people complain about, licensed or not."""

    code = models.CharField(_("code"), max_length=32, unique=True, validators=[CODE])
    name = models.CharField(_("name"), max_length=200)
    type = models.CharField(_("kind of facility"), max_length=14, choices=FacilityType)
    ownership = models.CharField(_("ownership"), max_length=8, choices=Ownership, default=Ownership.PUBLIC)
    managing_body = models.CharField(
        _("managing body"), max_length=12, choices=ManagingBody, default=ManagingBody.DOH
    )
    supervisor = models.CharField(
        _("professional supervisor"),
        max_length=12,
        choices=Supervisor,
        default=Supervisor.DOH,
        help_text=_("Who guides and checks its professional work; not always who manages it."),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("branch of")
    )

    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="facilities",
        verbose_name=_("ward or commune"),
    )
    address = models.CharField(_("address"), max_length=250, blank=True)
    former_area = models.CharField(_("former province"), max_length=16, choices=FormerArea, blank=True)

    licence_number = models.CharField(_("licence number"), max_length=60, blank=True)
    technical_level = models.CharField(
        _("technical level"), max_length=12, choices=TechnicalLevel, blank=True
    )
    hospital_class = models.CharField(_("hospital class"), max_length=8, choices=HospitalClass, blank=True)
    scope = models.TextField(_("licensed scope"), blank=True)
    responsible_person = models.CharField(_("professionally responsible"), max_length=120, blank=True)
    takes_insurance = models.BooleanField(_("treats under health insurance"), null=True, blank=True)

    founded = models.PositiveSmallIntegerField(
        _("year founded"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1800), MaxValueValidator(2100)],
    )
    beds = models.PositiveIntegerField(
        _("licensed beds"), null=True, blank=True, validators=[MaxValueValidator(20_000)]
    )
    visits_per_year = models.PositiveIntegerField(
        _("visits per year"), null=True, blank=True, validators=[MaxValueValidator(50_000_000)]
    )
    opening_hours = models.CharField(_("opening hours"), max_length=200, blank=True)

    status = models.CharField(
        _("status"), max_length=12, choices=FacilityStatus, default=FacilityStatus.ACTIVE, editable=False
    )
    valid_from = models.DateField(_("in existence from"), null=True, blank=True)
    valid_to = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="predecessors",
        verbose_name=_("taken over by"),
    )
    is_demo = models.BooleanField(_("invented for demonstration"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # what a form must send back

    folded = models.CharField(_("name without accents"), max_length=200, editable=False)  # the order of lists
    words = models.TextField(
        _("words it is found by"), editable=False
    )  # all names, kind, place: services.refresh_words
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True), excluded_fields=["folded", "words"]
    )
    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["folded", "id"]
        indexes = [
            GinIndex(SearchVector("words", config="simple"), name="facility_by_words"),
            models.Index(fields=["folded", "id"], name="facility_by_folded_name"),
            models.Index(fields=["type", "folded"], name="facility_by_type"),
        ]
        constraints = [
            models.CheckConstraint(
                name="facility_ended_iff_end_day",
                condition=Q(status=FacilityStatus.ENDED, valid_to__isnull=False)
                | (~Q(status=FacilityStatus.ENDED) & Q(valid_to=None)),
                violation_error_message=_("An ended facility has the day it ended; another one has none."),
            ),
            models.CheckConstraint(
                name="facility_days_in_order",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
                violation_error_message=_("A facility cannot end before it began."),
            ),
            models.CheckConstraint(
                name="facility_successor_only_when_ended",
                condition=Q(successor=None) | Q(status=FacilityStatus.ENDED),
                violation_error_message=_("Only an ended facility is taken over by another."),
            ),
            models.CheckConstraint(
                name="facility_not_its_own_successor",
                condition=Q(successor=None) | ~Q(successor=F("id")),
                violation_error_message=_("A facility cannot be taken over by itself."),
            ),
            models.CheckConstraint(
                name="facility_not_its_own_branch",
                condition=Q(parent=None) | ~Q(parent=F("id")),
                violation_error_message=_("A facility cannot be its own branch."),
            ),
            models.CheckConstraint(
                name="facility_has_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the facility a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.status != FacilityStatus.ENDED

    def fold_names(self) -> None:
        """Refresh what is derived from the name. Every door that writes a name calls this before it saves."""
        self.code, self.name, self.address = clean(self.code), clean(self.name), clean(self.address)
        self.folded = fold(self.name)


class FacilityNameQuerySet(models.QuerySet["FacilityName"]):
    def valid_on(self, day: date) -> "FacilityNameQuerySet":
        return self.filter(valid_on(day))


class FacilityName(Dated):
    """What a facility is or was called, officially or by the people."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="names", verbose_name=_("facility"))
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=8, choices=NameKind, default=NameKind.ALIAS)
    note = models.CharField(_("note"), max_length=250, blank=True)
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
            GinIndex(OpClass("core", "gin_trgm_ops"), name="facility_name_by_core"),
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
                condition=~Q(kind=NameKind.OFFICIAL),
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

    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="managements", verbose_name=_("facility")
    )
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

    facility = models.ForeignKey(
        Facility, models.PROTECT, related_name="licence_events", verbose_name=_("facility")
    )
    act = models.CharField(_("what happened"), max_length=10, choices=LicenceAct)
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
        indexes = [
            models.Index(fields=["facility", "-happened_on", "-id"], name="licence_events_of_facility")
        ]
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


class Hotline(models.Model):
    """A telephone number that a facility posts. Never invented: empty is better than wrong."""

    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="hotlines", verbose_name=_("facility")
    )
    number = models.CharField(_("number"), max_length=16, validators=[NUMBER])
    purpose = models.CharField(_("what for"), max_length=120, blank=True)
    posted_since = models.DateField(_("posted since"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    source = models.CharField(
        _("source"),
        max_length=250,
        blank=True,
        help_text=_("Where the number was read: a page, a letter, a visit."),
    )
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        verbose_name = _("hotline of a facility")
        verbose_name_plural = _("hotlines of facilities")
        ordering = ["-is_active", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "number"],
                name="hotline_said_once",
                violation_error_message=_("This facility already has this number."),
            )
        ]

    def __str__(self) -> str:
        return self.number


for _model in (Division, Facility, FacilityName, LicenceEvent, Hotline):
    # what was done stays done: the registry's history can be added to, never changed or deleted
    pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))(
        _model.history.model
    )
