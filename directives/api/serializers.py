"""What answers about directives, obligations and assignments hold, for the schema (PostgreSQL builds them:
`documents.py`)."""

from rest_framework import serializers

from directives.choices import DirectiveState, ObligationState, Party, Relation, Status, ValueKind


class DirectiveRow(serializers.Serializer):
    """A directive in a list."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    issuer = serializers.CharField()
    subject = serializers.CharField()
    issued_on = serializers.DateField(allow_null=True)
    effective_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(choices=DirectiveState.choices)
    version = serializers.IntegerField()


class DirectiveLine(serializers.Serializer):
    relation = serializers.ChoiceField(choices=Relation.choices)
    code = serializers.CharField()


class DirectiveDocument(DirectiveRow):
    """A directive with what it goes back to."""

    goes_back_to = DirectiveLine(many=True)


class ObligationRow(serializers.Serializer):
    """An obligation in a list."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    directive = serializers.CharField()
    carried_by = serializers.CharField(allow_null=True)
    clause = serializers.CharField()
    title = serializers.CharField()
    parties = serializers.ListField(child=serializers.ChoiceField(choices=Party.choices))
    evidence = serializers.CharField(allow_blank=True)
    recurrence = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField(allow_null=True)
    days_after = serializers.IntegerField()
    starts_on = serializers.DateField()
    needs_second = serializers.BooleanField()
    source = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=ObligationState.choices)
    closed_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()


class ObligationIndicator(serializers.Serializer):
    """By what an obligation is measured. Values of another unit or base are not comparable."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=ValueKind.choices)
    unit = serializers.CharField(allow_blank=True)
    base = serializers.CharField()
    source = serializers.CharField(allow_blank=True)
    is_asked = serializers.BooleanField()


class ObligationDocument(ObligationRow):
    """An obligation with the indicators it is measured by."""

    indicators = ObligationIndicator(many=True)


class AssignmentRow(serializers.Serializer):
    """An assignment in a list: one obligation of one facility for one period."""

    id = serializers.IntegerField()
    obligation = serializers.CharField()
    directive = serializers.CharField()
    facility = serializers.CharField()
    period = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    status = serializers.ChoiceField(choices=Status.choices)
    version = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    handed_in_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    is_late = serializers.BooleanField()


class ReportPart(serializers.Serializer):
    """When a version of the report was handed in; what it says stays in the house."""

    number = serializers.IntegerField()
    handed_in_at = serializers.DateTimeField()


class ReportedValue(serializers.Serializer):
    """A figure with the unit, base and source as they were defined when it was written."""

    report = serializers.IntegerField()
    indicator = serializers.CharField()
    value = serializers.FloatField()
    unit = serializers.CharField(allow_blank=True)
    base = serializers.CharField()
    source = serializers.CharField(allow_blank=True)


class ReportedEvidence(serializers.Serializer):
    """A version of a document that a report stands on, by its mark; the file stays in the house."""

    report = serializers.IntegerField()
    document = serializers.IntegerField()
    version = serializers.IntegerField()
    sha256 = serializers.CharField()
    expires_on = serializers.DateField(allow_null=True)


class AssignmentDeadline(serializers.Serializer):
    obligation = serializers.CharField()
    state = serializers.CharField()
    starts_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    on_time = serializers.BooleanField(allow_null=True)
    is_late = serializers.BooleanField()


class AssignmentDocument(AssignmentRow):
    """An assignment with what was handed in on it."""

    reports = ReportPart(many=True)
    values = ReportedValue(many=True)
    evidence = ReportedEvidence(many=True)
    deadlines = AssignmentDeadline(many=True)
