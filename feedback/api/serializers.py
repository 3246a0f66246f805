"""What callers send, read strictly; and what answers hold, for the schema (PostgreSQL builds them: `documents.py`)."""

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.inputs import Choice, StrictBoolean, StrictSerializer, Text
from common.text import has_unstorable
from facilities.models import Area, Facility
from feedback.choices import Audience, Complexity, Kind, Outcome, Satisfaction, Status, Urgency
from feedback.models import Category, Reply
from feedback.services import NOTE_LENGTH
from feedback.transitions import REASON_LENGTH

# --- what is sent -----------------------------------------------------------------------------------------------


class Code(serializers.SlugRelatedField):
    """The code of a row; an unknown one is refused in words."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "does_not_exist": _("Not found, or no longer in use."),
        "invalid": _("Write text here."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="code", **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        if has_unstorable(data):
            self.fail("does_not_exist")
        return super().to_internal_value(data)


class CategoryCode(Code):
    def get_queryset(self) -> Any:
        return Category.objects.valid_on(timezone.localdate())


class FacilityCode(Code):
    def get_queryset(self) -> Any:
        return Facility.objects.open_on(timezone.localdate())


class Day(serializers.DateField):
    """A day as 2026-11-25."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Give a day (2026-11-25)."),
        "datetime": _("Give a day (2026-11-25)."),
    }

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class ReporterInput(StrictSerializer):
    """Who reported, for reaching them. Kept apart; the API never gives it back."""

    name = Text(required=False, max_length=120)
    phone = Text(required=False, max_length=20)
    email = Text(required=False, max_length=200)
    address = Text(required=False, max_length=300)


class IntakeInput(StrictSerializer):
    """One submission. Codes are those of `/channels/`, `/categories/`, `/facilities/` and `/areas/`."""

    body = Text(help_text=_("What happened, in the reporter's words; at most 20,000 characters."))
    title = Text(required=False, help_text=_("In one line; made from the text when it is left out."))
    channel = Text(required=False, help_text=_("Left out: the channel of this API client."))
    kind = Choice(choices=Kind.choices, required=False)
    category = Text(required=False, help_text=_("A category, or a whole field when more is not known."))
    urgency = Choice(choices=Urgency.choices, required=False, help_text=_("Left out: the category's usual urgency."))
    facility = Text(required=False)
    facility_said = Text(required=False, help_text=_("The facility in the reporter's words, if its code is unknown."))
    area = Text(required=False)
    occurred_on = Day(required=False, allow_null=True)
    is_confidential = StrictBoolean(required=False)
    reporter = ReporterInput(required=False)


class CorrectionInput(StrictSerializer):
    """What a case is filed under. Only what is sent changes; null takes a facility, category, area or day away."""

    reason = Text(max_length=REASON_LENGTH, help_text=_("Why; it stays in the history."))
    kind = Choice(choices=Kind.choices, required=False)
    category = CategoryCode(queryset=Category.objects.all(), required=False, allow_null=True)
    urgency = Choice(choices=Urgency.choices, required=False)
    complexity = Choice(choices=Complexity.choices, required=False, allow_blank=True)
    is_confidential = StrictBoolean(required=False)
    title = Text(required=False, allow_blank=False, max_length=200)
    occurred_on = Day(required=False, allow_null=True)
    facility = FacilityCode(queryset=Facility.objects.all(), required=False, allow_null=True)
    facility_said = Text(required=False, max_length=200)
    area = Code(queryset=Area.objects.all(), required=False, allow_null=True)


class DetailsInput(StrictSerializer):
    """What a step asks for: see `moves[].asks` of the case. Files are attached in the console."""

    facility = Text(required=False)
    division = Text(required=False)
    assignee = Text(required=False, help_text=_("Account of the officer."))
    findings = Text(required=False)
    measures = serializers.ListField(child=Text(), required=False, max_length=20)
    measures_text = Text(required=False)
    proposed_outcome = Choice(choices=Outcome.choices, required=False)
    outcome = Choice(choices=Outcome.choices, required=False)
    reply = Text(required=False)
    reply_joined = Text(
        required=False, help_text=_("What the reporters of the merged cases are told; needed where there are any.")
    )
    way = Choice(choices=Reply.Way.choices, required=False)
    public_summary = Text(required=False)
    transferred_to = Text(required=False)
    target = Text(required=False, help_text=_("Reference of the case that goes on."))
    target_version = serializers.IntegerField(
        required=False, min_value=1, help_text=_("Version of the other case as it was read; refused when it went on.")
    )
    question = Text(required=False)


class MoveInput(StrictSerializer):
    """One step of the workflow."""

    to = Choice(choices=Status.choices)
    reason = Text(max_length=REASON_LENGTH, help_text=_("Why; it stays in the history."))
    given = DetailsInput(required=False)


class NoteInput(StrictSerializer):
    text = Text(max_length=NOTE_LENGTH)
    audience = Choice(choices=Audience.choices, required=False)


# --- what is answered -------------------------------------------------------------------------------------------


class CaseRow(serializers.Serializer):
    """A case in a list. Facilities do not get `complexity`, `is_confidential`, `division` and `escalation_level`."""

    reference = serializers.CharField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Status.choices)
    is_open = serializers.BooleanField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    channel = serializers.CharField()
    category = serializers.CharField(allow_null=True)
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    title = serializers.CharField()
    occurred_on = serializers.DateField(allow_null=True)
    facility = serializers.CharField(allow_null=True)
    facility_name = serializers.CharField(allow_null=True)
    area = serializers.CharField(allow_null=True)
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_blank=True)
    satisfaction = serializers.ChoiceField(choices=Satisfaction.choices, allow_blank=True)
    received_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()
    is_late = serializers.BooleanField()
    complexity = serializers.ChoiceField(choices=Complexity.choices, allow_blank=True, required=False)
    is_confidential = serializers.BooleanField(required=False)
    division = serializers.CharField(allow_null=True, required=False)
    escalation_level = serializers.IntegerField(required=False)
    merged_into = serializers.CharField(
        allow_null=True,
        required=False,
        help_text=_("The case in which a merged one goes on, where the caller may see that one."),
    )


class AnswerPart(serializers.Serializer):
    """What the unit found and did. Systems get it once the department stands behind it (confirmed and later)."""

    at = serializers.DateTimeField()
    facility = serializers.CharField(allow_null=True)
    findings = serializers.CharField()
    measures = serializers.ListField(child=serializers.CharField())
    measures_text = serializers.CharField(allow_blank=True)
    proposed_outcome = serializers.ChoiceField(choices=Outcome.choices, allow_blank=True)


class ReplyPart(serializers.Serializer):
    """What the reporter was told. Systems get it for what they sent themselves."""

    at = serializers.DateTimeField()
    way = serializers.ChoiceField(choices=Reply.Way.choices)
    text = serializers.CharField()


class NotePart(serializers.Serializer):
    """A remark, for those of its audience; `by` is null for what the reporter added, and is not told to systems."""

    at = serializers.DateTimeField()
    audience = serializers.ChoiceField(choices=Audience.choices)
    text = serializers.CharField()
    by = serializers.CharField(allow_null=True, required=False)


class CaseDeadline(serializers.Serializer):
    """Until when one obligation is to be met. Facilities get those that bind them."""

    obligation = serializers.CharField()
    cycle = serializers.IntegerField()
    state = serializers.CharField()
    starts_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    is_provisional = serializers.BooleanField()
    finished_at = serializers.DateTimeField(allow_null=True)
    on_time = serializers.BooleanField(allow_null=True)
    is_late = serializers.BooleanField()


class Ask(serializers.Serializer):
    name = serializers.CharField()
    is_required = serializers.BooleanField()


class OfferedMove(serializers.Serializer):
    """A step that this caller may make now."""

    to = serializers.ChoiceField(choices=Status.choices)
    label = serializers.CharField()
    asks = Ask(many=True)


class CaseDocument(CaseRow):
    """A case in full, as far as this caller may read it."""

    body = serializers.CharField()
    facility_said = serializers.CharField(allow_blank=True)
    public_summary = serializers.CharField(allow_blank=True)
    transferred_to = serializers.CharField(allow_blank=True, required=False)
    assignee = serializers.CharField(allow_null=True, required=False)
    recorded_by = serializers.CharField(allow_null=True, required=False)
    checked_by = serializers.CharField(allow_null=True, required=False)
    answers = AnswerPart(many=True)
    replies = ReplyPart(many=True)
    notes = NotePart(many=True)
    deadlines = CaseDeadline(many=True)
    moves = OfferedMove(many=True)


class Links(serializers.Serializer):
    case = serializers.URLField()


class IntakeReceipt(serializers.Serializer):
    """What the sender is told; the same for every retry, whatever became of the case since."""

    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=[Status.RECEIVED])
    received_at = serializers.DateTimeField()
    links = Links(required=False, help_text=_("Only for systems that may read the case; so is the Location header."))


class NoteReceipt(serializers.Serializer):
    at = serializers.DateTimeField()
    audience = serializers.ChoiceField(choices=Audience.choices)
    text = serializers.CharField()
