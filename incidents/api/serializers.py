"""What answers about incidents hold, for the schema (PostgreSQL builds them: `documents.py`)."""

from rest_framework import serializers

from incidents.choices import ReporterRole, Status, Subject, Told
from incidents.taxonomy import lists


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
