"""The register: directives, their documents, what they go back to, their clauses, and the obligations that follow."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY, KEPT
from common.models import Dated
from common.text import fold
from directives.choices import DirectiveState, ObligationState, Party, Relation, ValueKind
from directives.visibility import DIRECTIVE, LINEAGE, MANAGE, OBLIGATION, OF_DIRECTIVE, OF_OBLIGATION, PAST
from facilities.choices import FacilityType, ManagingBody

NO_CIRCLE = pgtrigger.Trigger(
    name="no_circle",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("is_circle", "boolean")],
    # one writer at a time: two lines that close a circle only together would not see each other
    func="""
        PERFORM pg_advisory_xact_lock(hashtext('directives_lineage'));
        WITH RECURSIVE above(id) AS (
            SELECT NEW.other_id
            UNION SELECT line.other_id FROM directives_lineage line JOIN above ON line.directive_id = above.id)
        SELECT EXISTS (SELECT FROM above WHERE id = NEW.directive_id) INTO is_circle;
        IF is_circle THEN
            RAISE EXCEPTION 'lineage_circle' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
)


class Directive(models.Model):
    """A directive, plan or official letter that obliges somebody, with what is known of it."""

    code = models.CharField(_("short name"), max_length=40, unique=True)
    number = models.CharField(_("number"), max_length=60, blank=True)
    number_key = models.CharField(max_length=60, blank=True, editable=False)  # the number without spaces and accents
    issuer = models.CharField(_("issuer"), max_length=200)
    signer = models.CharField(_("signer"), max_length=120, blank=True)
    subject = models.TextField(pgettext_lazy("of a letter", "subject"))
    issued_on = models.DateField(_("issued"), null=True, blank=True)
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    ends_on = models.DateField(_("in force until"), null=True, blank=True)
    scope = models.TextField(_("whom and what it covers"), blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("For example what is not confirmed about it."))
    state = models.CharField(
        _("state"), max_length=10, choices=DirectiveState, default=DirectiveState.IN_FORCE, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), editable=False)
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        excluded_fields=["number_key"],
        no_db_index=["code", "entered_by"],
    )
    access = DIRECTIVE
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("directive")
        verbose_name_plural = _("directives")
        ordering = [F("issued_on").desc(nulls_last=True), "-id"]
        default_permissions = ("view",)
        permissions = [
            ("view_every_directive", _("See the whole register, all assignments and what was handed in")),
            ("view_facility_duty", _("See the duties of one's facility")),
            ("manage_directive", _("Enter directives, confirm and close obligations")),
            ("write_report", _("Report on the duties of one's facility")),
            ("check_report", _("Check reports: return or accept them")),
            ("agree_report", _("Accept a checked report as the second person")),
            ("draw_up_pack", _("Draw up and freeze the annual report pack")),
            ("propose_merit", _("Score units; propose commendations and sanctions")),
            ("exchange_duty", _("Read directives, obligations and assignments by the API (systems)")),
            ("decide_merit", _("Publish scores; decide on proposals as the second person")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number_key", "issuer", "issued_on"],
                condition=~Q(number_key=""),
                nulls_distinct=False,
                name="directive_number_said_once",
                violation_error_message=_("This number of this issuer is in the register already."),
            ),
            models.CheckConstraint(
                name="directive_days_in_order",
                condition=(Q(effective_on=None) | Q(ends_on=None) | Q(effective_on__lte=F("ends_on")))
                & (Q(issued_on=None) | Q(ends_on=None) | Q(issued_on__lte=F("ends_on"))),
                violation_error_message=_("It cannot end before it was issued or came into force."),
            ),
            models.CheckConstraint(
                name="directive_has_subject",
                condition=~Q(subject=""),
                violation_error_message=_("Say what it is about."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.code

    def fold_number(self) -> None:
        """Refresh what is derived from the number. Every door that writes a number calls this before it saves."""
        self.number_key = fold(self.number).replace(" ", "")[:60]


class DocumentVersion(models.Model):
    """A text of a directive as it was entered, with its file where there was one. Written once."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="documents", verbose_name=_("directive"))
    position = models.PositiveSmallIntegerField(_("version"))
    name = models.CharField(_("file"), max_length=120, blank=True)
    content = models.BinaryField(null=True, editable=False)  # a letter is small, and goes with the backup of its row
    content_type = models.CharField(max_length=80, blank=True)
    text = models.TextField(_("text"))
    sha256 = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    access = OF_DIRECTIVE
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("text of a directive")
        verbose_name_plural = _("texts of directives")
        ordering = ["directive", "-position"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["directive", "position"], name="document_version_once")]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.position}"


class Lineage(models.Model):
    """A directive goes back to an older one. Followed upwards, the lines never come back to where they began."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="above", verbose_name=_("directive"))
    relation = models.CharField(_("relation"), max_length=10, choices=Relation)
    other = models.ForeignKey(Directive, models.PROTECT, related_name="below", verbose_name=_("older directive"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    access = LINEAGE
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("lineage of a directive")
        verbose_name_plural = _("lineages of directives")
        ordering = ["relation", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["directive", "relation", "other"], name="lineage_said_once"),
            models.CheckConstraint(
                name="lineage_of_two",
                condition=~Q(directive=F("other")),
                violation_error_message=_("A directive does not go back to itself."),
            ),
        ]
        triggers = [*KEPT, NO_CIRCLE]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Clause(models.Model):
    """A numbered part of a directive that says who must do what."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="clauses", verbose_name=_("directive"))
    part = models.CharField(_("part"), max_length=60)
    position = models.PositiveSmallIntegerField(_("order"))
    party = models.CharField(_("whom it names"), max_length=300, blank=True)
    text = models.TextField(_("text"))
    access = OF_DIRECTIVE
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["directive", "position"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["directive", "position"], name="clause_in_its_place")]
        triggers = KEPT

    def __str__(self) -> str:
        return self.part


class Obligation(models.Model):
    """What a clause asks of a class of parties: which evidence, how often, until when."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    directive = models.ForeignKey(
        Directive, models.PROTECT, editable=False, related_name="obligations", verbose_name=_("directive")
    )
    clause = models.ForeignKey(
        Clause, models.PROTECT, editable=False, related_name="obligations", verbose_name=_("clause")
    )
    title = models.CharField(_("what is to be done"), max_length=500)
    parties = ArrayField(models.CharField(max_length=5, choices=Party), verbose_name=_("who is obliged"))
    evidence = models.CharField(_("evidence wanted"), max_length=300, blank=True)
    recurrence = models.CharField(
        _("recurrence"),
        max_length=200,
        blank=True,
        help_text=_("Empty: standing. “once”, or a rule of RFC 5545 such as FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=10."),
    )
    due_on = models.DateField(_("due, when once"), null=True, blank=True)
    days_after = models.PositiveSmallIntegerField(
        _("working days after that day"), default=0, validators=[MaxValueValidator(60)]
    )
    starts_on = models.DateField(_("reports are asked for from"))
    needs_second = models.BooleanField(_("accepted by two people"), default=False)
    source = models.CharField(_("source of what the text leaves open"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=6, choices=ObligationState, default=ObligationState.OPEN, editable=False
    )
    closed_on = models.DateField(_("closed"), null=True, editable=False)
    carried_by = models.ForeignKey(
        Directive, models.PROTECT, null=True, editable=False, related_name="carried", verbose_name=_("carried on by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        cascade_delete_history=False,
        no_db_index=["code", "directive", "clause", "carried_by"],
    )
    access = OBLIGATION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = ["code"]
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                name="obligation_closed_says_when",
                condition=Q(state=ObligationState.CLOSED, closed_on__isnull=False)
                | Q(state=ObligationState.OPEN, closed_on=None),
                violation_error_message=_("A closed obligation says since when."),
            ),
            models.CheckConstraint(
                name="obligation_has_parties",
                condition=Q(parties__len__gt=0),
                violation_error_message=_("Say who is obliged."),
            ),
        ]
        triggers = KEPT

    def __str__(self) -> str:
        return self.code


class Indicator(models.Model):
    """What an obligation is measured by: its unit, what it is counted over, and where the figure comes from."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="indicators", verbose_name=_("obligation"))
    name = models.CharField(_("indicator"), max_length=200)
    kind = models.CharField(_("kind of value"), max_length=8, choices=ValueKind, default=ValueKind.NUMBER)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    base = models.CharField(
        _("base"), max_length=200, help_text=_("What it is counted over. Values of different bases are not compared.")
    )
    source = models.CharField(_("where the figure comes from"), max_length=200, blank=True)
    least = models.DecimalField(_("at least"), max_digits=16, decimal_places=3, null=True, blank=True)
    most = models.DecimalField(_("at most"), max_digits=16, decimal_places=3, null=True, blank=True)
    jump = models.PositiveSmallIntegerField(
        _("asks why beyond, per cent"),
        default=50,
        help_text=_("A change against the last period beyond this has to be explained."),
    )
    is_asked = models.BooleanField(_("is asked for"), default=True)
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True), no_db_index=["code", "obligation"]
    )
    access = OF_OBLIGATION
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.CheckConstraint(
                name="indicator_limits_in_order",
                condition=Q(least=None) | Q(most=None) | Q(least__lte=F("most")),
                violation_error_message=_("The lower limit comes before the upper one."),
            )
        ]
        triggers = KEPT

    def __str__(self) -> str:
        return self.name


class PartyRule(Dated):
    """Which facilities a class of parties holds, and in which days: so a letter to the medical centres reaches the
    commune stations that took their work over in 2026."""

    party = models.CharField(_("class"), max_length=5, choices=Party)
    type = models.CharField(_("kind of facility"), max_length=14, choices=FacilityType)
    managing_body = models.CharField(_("only managed by"), max_length=12, choices=ManagingBody, blank=True)
    with_beds = models.BooleanField(_("only with beds"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(Dated.Meta):
        verbose_name = _("rule of a party class")
        verbose_name_plural = _("rules of party classes")
        ordering = ["party", "type", "id"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["party", "type", "managing_body", "valid_from"],
                nulls_distinct=False,
                name="party_rule_said_once",
                violation_error_message=_("This class already holds this kind of facility."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_party_display()}: {self.get_type_display()}"


class ImportDraft(models.Model):
    """A letter that somebody read into the system, with what they decided of it so far.

    `proposal` is what the reader proposed (`directives.importing.as_rows`), `choices` what the person said to it."""

    name = models.CharField(_("file"), max_length=120, blank=True)
    content = models.BinaryField(null=True, editable=False)
    content_type = models.CharField(max_length=80, blank=True)
    text = models.TextField(_("text"), blank=True)
    fault = models.TextField(_("why it could not be read"), blank=True)
    proposal = models.JSONField(_("what was read"), default=dict)
    choices = models.JSONField(_("what was decided"), default=dict)
    version = models.PositiveIntegerField(default=1, editable=False)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    directive = models.ForeignKey(
        Directive, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("directive")
    )
    dropped_at = models.DateTimeField(_("put aside"), null=True, editable=False)
    access = MANAGE
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("letter being read in")
        verbose_name_plural = _("letters being read in")
        ordering = ["-at", "-id"]
        default_permissions = ()
        triggers = KEPT

    def __str__(self) -> str:
        return f"#{self.pk}"


DirectivePast: Any = Directive.history.model  # type: ignore[attr-defined]
ObligationPast: Any = Obligation.history.model  # type: ignore[attr-defined]
IndicatorPast: Any = Indicator.history.model  # type: ignore[attr-defined]
PartyRulePast: Any = PartyRule.history.model  # type: ignore[attr-defined]
DirectivePast.access = ObligationPast.access = IndicatorPast.access = PAST
for written_once in (DirectivePast, ObligationPast, IndicatorPast, PartyRulePast):
    pgtrigger.register(*APPEND_ONLY)(written_once)
for stays in (Directive, PartyRule):
    pgtrigger.register(*KEPT)(stays)
