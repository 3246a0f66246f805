"""Whom it is about."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.models import valid_on
from common.text import clean, fold
from facilities.choices import (
    FacilityStatus,
    FacilityType,
    FormerArea,
    HospitalClass,
    ManagingBody,
    Ownership,
    Supervisor,
    TechnicalLevel,
)
from facilities.models.areas import Area
from facilities.models.values import CODE
from facilities.search import AMPLE, rank


class FacilityQuerySet(models.QuerySet["Facility"]):
    def open_on(self, day: date) -> "FacilityQuerySet":
        """Facilities that exist on `day`, licensed or not."""
        return self.filter(valid_on(day))

    def real(self) -> "FacilityQuerySet":
        return self.filter(is_demo=False)

    def matching(self, text: str, limit: int | None = 20) -> "FacilityQuerySet":
        """Facilities that answer to `text`, best first, by any name, kind and place, accents or not; one query.

        Each carries `matched_name`, `match_tier` (facilities.search) and `similarity`; `limit` None takes all."""
        found: FacilityQuerySet = rank(self, text, enough=None if limit is None else AMPLE * limit)
        return found if limit is None else found[:limit]


class Facility(models.Model):
    """A hospital, clinic, station or other place that people complain about, licensed or not."""

    code = models.CharField(_("code"), max_length=32, unique=True, validators=[CODE])
    name = models.CharField(_("name"), max_length=200)
    type = models.CharField(_("kind of facility"), max_length=14, choices=FacilityType)
    ownership = models.CharField(_("ownership"), max_length=8, choices=Ownership, default=Ownership.PUBLIC)
    managing_body = models.CharField(_("managing body"), max_length=12, choices=ManagingBody, default=ManagingBody.DOH)
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
    technical_level = models.CharField(_("technical level"), max_length=12, choices=TechnicalLevel, blank=True)
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
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True), excluded_fields=["folded"])
    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["folded", "id"]
        indexes = [
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


class FacilityWords(models.Model):
    """All words a facility is found by: its names, kind and place. Derived; `services.refresh_words` writes it.

    A table of its own, so that lists which only name facilities do not carry it."""

    facility = models.OneToOneField(
        Facility, models.CASCADE, primary_key=True, related_name="found_by", verbose_name=_("facility")
    )
    words = models.TextField(_("words"))
    vector = models.GeneratedField(
        expression=SearchVector("words", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        verbose_name = _("words of a facility")
        verbose_name_plural = _("words of facilities")
        indexes = [GinIndex(fields=["vector"], name="facility_by_words")]

    def __str__(self) -> str:
        return self.words
