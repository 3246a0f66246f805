"""What answers about facilities and areas hold, for the schema (PostgreSQL builds them: `documents.py`)."""

from rest_framework import serializers

from facilities import choices


class FacilityRow(serializers.Serializer):
    """A facility in a list."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=choices.FacilityType.choices)
    ownership = serializers.ChoiceField(choices=choices.Ownership.choices)
    managing_body = serializers.ChoiceField(choices=choices.ManagingBody.choices)
    supervisor = serializers.ChoiceField(choices=choices.Supervisor.choices)
    status = serializers.ChoiceField(choices=choices.FacilityStatus.choices)
    address = serializers.CharField(allow_blank=True)
    former_area = serializers.ChoiceField(choices=choices.FormerArea.choices, allow_blank=True)
    technical_level = serializers.ChoiceField(choices=choices.TechnicalLevel.choices, allow_blank=True)
    hospital_class = serializers.ChoiceField(choices=choices.HospitalClass.choices, allow_blank=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    is_demo = serializers.BooleanField()
    area = serializers.CharField(allow_null=True)
    area_name = serializers.CharField(allow_null=True)
    parent = serializers.CharField(allow_null=True)
    successor = serializers.CharField(allow_null=True)


class DatedName(serializers.Serializer):
    """What a facility is or was called."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=choices.NameKind.choices)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class PostedNumber(serializers.Serializer):
    """A number that a facility posts."""

    number = serializers.CharField()
    purpose = serializers.CharField(allow_blank=True)


class FacilityDocument(FacilityRow):
    """A facility in full."""

    licence_number = serializers.CharField(allow_blank=True)
    scope = serializers.CharField(allow_blank=True)
    takes_insurance = serializers.BooleanField(allow_null=True)
    founded = serializers.IntegerField(allow_null=True)
    beds = serializers.IntegerField(allow_null=True)
    visits_per_year = serializers.IntegerField(allow_null=True)
    opening_hours = serializers.CharField(allow_blank=True)
    names = DatedName(many=True)
    hotlines = PostedNumber(many=True)


class AreaName(serializers.Serializer):
    """What people still call an area."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=choices.AliasKind.choices)


class AreaRow(serializers.Serializer):
    """A province, ward, commune or special zone."""

    code = serializers.CharField()
    name = serializers.CharField()
    full_name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=choices.AreaKind.choices)
    former_area = serializers.ChoiceField(choices=choices.FormerArea.choices, allow_blank=True)
    parent = serializers.CharField(allow_null=True)
    aliases = AreaName(many=True)
