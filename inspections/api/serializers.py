"""What answers about inspections and demands to correct hold, for the schema (PostgreSQL builds them:
`documents.py`)."""

from rest_framework import serializers

from inspections.choices import AmendmentKind, AmendmentState, CorrectionStatus, FindingKind, Kind, Severity, Status


class InspectionRow(serializers.Serializer):
    """An inspection in a list."""

    reference = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    facility = serializers.CharField()
    topic = serializers.CharField()
    legal_basis = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    version = serializers.IntegerField()
    planned_at = serializers.DateTimeField()
    opened_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    recorded_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class InspectionFinding(serializers.Serializer):
    """What a finished record found, by its kind; what it says stays in the house."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=FindingKind.choices)
    severity = serializers.ChoiceField(choices=Severity.choices)
    is_repeated = serializers.BooleanField()


class InspectionCorrection(serializers.Serializer):
    """A demand after a finding."""

    reference = serializers.CharField()
    finding = serializers.IntegerField()
    status = serializers.ChoiceField(choices=CorrectionStatus.choices)
    version = serializers.IntegerField()
    due_on = serializers.DateField()
    due_at = serializers.DateTimeField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)
    is_late = serializers.BooleanField()


class InspectionAmendment(serializers.Serializer):
    """That the finished record was put right or completed; without a finding it is about the record as a whole."""

    kind = serializers.ChoiceField(choices=AmendmentKind.choices)
    finding = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(choices=AmendmentState.choices)
    decided_at = serializers.DateTimeField(allow_null=True)


class InspectionDocument(InspectionRow):
    """An inspection with what it found and demands."""

    findings = InspectionFinding(many=True)
    corrections = InspectionCorrection(many=True)
    amendments = InspectionAmendment(many=True)


class CorrectionRow(InspectionCorrection):
    """A demand to correct in a list."""

    inspection = serializers.CharField()
    facility = serializers.CharField()
    kind = serializers.ChoiceField(choices=FindingKind.choices)
    severity = serializers.ChoiceField(choices=Severity.choices)


class CorrectionAnswer(serializers.Serializer):
    """When the facility answered; what it says stays in the house."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()


class CorrectionEvidence(serializers.Serializer):
    """A file of an answer by its mark; the file stays in the house."""

    answer = serializers.IntegerField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    type = serializers.CharField()


class CorrectionDeadline(serializers.Serializer):
    obligation = serializers.CharField()
    state = serializers.CharField()
    starts_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    on_time = serializers.BooleanField(allow_null=True)
    is_late = serializers.BooleanField()


class CorrectionDocument(CorrectionRow):
    """A demand to correct with its answers and deadlines."""

    answers = CorrectionAnswer(many=True)
    evidence = CorrectionEvidence(many=True)
    deadlines = CorrectionDeadline(many=True)
