"""What systems send, read strictly; and what answers about incidents hold, for the schema (PostgreSQL builds them:
`documents.py`)."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.inputs import Choice, Moment, StrictBoolean, StrictSerializer, Text, Whole
from incidents.choices import ReporterRole, Status, Subject, Told
from incidents.services import LONGEST
from incidents.taxonomy import lists

# --- what is sent: Annex III, field by field --------------------------------------------------------------------------


class PatientInput(StrictSerializer):
    """Whom it happened to. Kept under seal; the API never gives it back."""

    name = Text(required=False, max_length=200)
    record = Text(required=False, max_length=200, help_text=_("Number of the medical record."))
    born_on = Text(required=False, max_length=200)
    sex = Choice(choices=[("M", "M"), ("F", "F"), ("X", "X")], required=False)
    ward = Text(required=False, max_length=200)


class IncidentReporterInput(StrictSerializer):
    """Who reported, and who saw it. Kept under seal; a mandatory report (letters G, H, I) carries the name."""

    name = Text(required=False, max_length=120)
    phone = Text(required=False, max_length=30)
    email = Text(required=False, max_length=200)
    witness_1 = Text(required=False, max_length=200)
    witness_2 = Text(required=False, max_length=200)


def _told(words: object) -> Choice:
    return Choice(choices=Told.choices, required=False, allow_blank=True, help_text=words)


class ReportInput(StrictSerializer):
    """One incident. Kind of report, level, severity and the duty to report follow from the letter and are not asked."""

    facility = Text(required=False, max_length=32, help_text=_("Code; left out: the only one of this API client."))
    send = StrictBoolean(
        required=False,
        help_text=_(
            "true: the report goes to the department whole, and what is missing is refused. Otherwise it is a draft "
            "that the facility completes."
        ),
    )
    excluded = Choice(
        choices=[(code, code) for code in lists().exclusions],
        required=False,
        allow_blank=True,
        help_text=_("Vaccination, drug reaction or trial: refused with the address where it belongs."),
    )
    subject = Choice(choices=Subject.choices, required=False, allow_blank=True)
    ward = Text(required=False, max_length=200)
    spot = Text(required=False, max_length=200)
    occurred_at = Moment(required=False, allow_null=True)
    detected_at = Moment(required=False, allow_null=True)
    description = Text(required=False, max_length=LONGEST)
    proposal = Text(required=False, max_length=LONGEST)
    treatment = Text(required=False, max_length=LONGEST)
    told_physician = _told(_("Whether the physician in charge was told (Annex III)"))
    is_in_record = _told(_("Whether it stands in the medical record (Annex III)"))
    told_family = _told(_("Whether the relatives were told (Annex III)"))
    told_patient = _told(_("Whether the patient was told (Annex III)"))
    harm = Choice(choices=[(code, code) for code in lists().harms], required=False, allow_blank=True)
    deaths = Whole(required=False, min_value=0, max_value=1000)
    more_feared = StrictBoolean(required=False)
    serious_item = Whole(required=False, allow_null=True, min_value=1, max_value=28)
    exception = Text(required=False, max_length=1000)
    types = serializers.ListField(
        child=Choice(choices=sorted((code, code) for code in lists().type_codes())), required=False, max_length=48
    )
    causes = serializers.ListField(
        child=Choice(choices=sorted((code, code) for code in lists().cause_codes())), required=False, max_length=24
    )
    reporter_role = Choice(choices=ReporterRole.choices, required=False, allow_blank=True)
    reporter_other = Text(required=False, max_length=100)
    patient = PatientInput(required=False)
    reporter = IncidentReporterInput(required=False)


# --- what is answered ------------------------------------------------------------------------------------------------


class IncidentLinks(serializers.Serializer):
    incident = serializers.URLField()


class ReportReceipt(serializers.Serializer):
    """What the system is told; the same for every retry, whatever became of the incident since."""

    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=[Status.DRAFT, Status.SUBMITTED])
    level = serializers.CharField(help_text=_("Follows from the letter, like the duty to report."))
    is_mandatory = serializers.BooleanField()
    is_serious = serializers.BooleanField()
    received_at = serializers.DateTimeField()
    missing = serializers.ListField(
        child=serializers.CharField(), help_text=_("Fields that a draft lacks before it can be sent.")
    )
    maybe_same_as = serializers.ListField(
        child=serializers.CharField(), help_text=_("Reports that may be about the same event, for linking.")
    )
    links = IncidentLinks(required=False, help_text=_("Only for systems that may read the incident."))


class IncidentRow(serializers.Serializer):
    """An incident in a list. `facility` is told to people and to systems that are limited to facilities."""

    reference = serializers.CharField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Status.choices)
    edition = serializers.CharField()
    harm = serializers.ChoiceField(choices=[(code, code) for code in lists().harms], allow_blank=True)
    level = serializers.CharField(allow_blank=True)
    serious_item = serializers.IntegerField(allow_null=True)
    deaths = serializers.IntegerField()
    more_feared = serializers.BooleanField()
    subject = serializers.ChoiceField(choices=Subject.choices, allow_blank=True)
    types = serializers.ListField(child=serializers.CharField())
    causes = serializers.ListField(child=serializers.CharField())
    reporter_role = serializers.ChoiceField(choices=ReporterRole.choices, allow_blank=True)
    is_named = serializers.BooleanField()
    told_physician = serializers.ChoiceField(choices=Told.choices, allow_blank=True)
    is_in_record = serializers.ChoiceField(choices=Told.choices, allow_blank=True)
    told_family = serializers.ChoiceField(choices=Told.choices, allow_blank=True)
    told_patient = serializers.ChoiceField(choices=Told.choices, allow_blank=True)
    occurred_at = serializers.DateTimeField(allow_null=True)
    detected_at = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    mandatory_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()
    is_mandatory = serializers.BooleanField()
    is_late = serializers.BooleanField()
    facility = serializers.CharField(required=False)


class IncidentClaim(serializers.Serializer):
    """What a report says, or said, of its harm. Reasons stay in the house."""

    letter = serializers.CharField()
    item = serializers.IntegerField(allow_null=True)
    deaths = serializers.IntegerField()


class AdditionPart(serializers.Serializer):
    """When something was added to a sent report; what it says stays in the house."""

    at = serializers.DateTimeField()


class ReclassificationPart(serializers.Serializer):
    at = serializers.DateTimeField()
    before = IncidentClaim()
    after = IncidentClaim()
    is_lower = serializers.BooleanField()
    is_agreed = serializers.BooleanField(allow_null=True)


class IncidentDeadline(serializers.Serializer):
    obligation = serializers.CharField()
    state = serializers.CharField()
    starts_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    on_time = serializers.BooleanField(allow_null=True)
    is_late = serializers.BooleanField()


class IncidentDocument(IncidentRow):
    """An incident in full, as far as it leaves the house."""

    additions = AdditionPart(many=True)
    reclassifications = ReclassificationPart(many=True)
    deadlines = IncidentDeadline(many=True)


class AdverseEventDocument(serializers.Serializer):
    """An HL7 FHIR R5 AdverseEvent; the standard describes the rest."""

    resourceType = serializers.CharField()
    id = serializers.CharField()
    status = serializers.CharField()
    actuality = serializers.CharField()


class BundleDocument(serializers.Serializer):
    """An HL7 FHIR R5 Bundle of AdverseEvents; the standard describes the rest."""

    resourceType = serializers.CharField()
    type = serializers.CharField()
    link = serializers.ListField(child=serializers.DictField())
    entry = serializers.ListField(child=serializers.DictField(), required=False)
