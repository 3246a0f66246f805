"""Rules and ladders to keep."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from common.admin import ConsoleAdmin, Part
from deadlines.admin.rule_words import RuleForm, asked_in_words, record_name
from deadlines.choices import Role, Wording
from deadlines.editions import as_rule, as_rung
from deadlines.ladder_words import lines_of
from deadlines.models import (
    DeadlineRule,
    Ladder,
    LadderStep,
)
from deadlines.moments import term_in_words
from deadlines.rules import WEIGHTS
from deadlines.vocabulary import Vocabulary


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(ConsoleAdmin):
    """How long what may take, for which cases, by which law or policy."""

    form = RuleForm
    readonly_fields = ["records", "conditions"]
    list_filter = ["obligation", "nature", "is_in_use", "confidence"]
    search_fields = ["code", "name", "name_en", "source"]
    autocomplete_fields = ["ladder"]
    fieldsets = [
        (None, {"fields": ["code", "name", "name_en", "subject", "obligation", "is_in_use"]}),
        (
            _("Term"),
            {
                "fields": [
                    ("clock", "amount"),
                    ("day", "month"),
                    ("event", "is_back"),
                    "authority",
                    "ends_at",
                    "longest",
                    "ladder",
                ]
            },
        ),
        (_("Standing"), {"fields": ["pause_days", "pause_times", "pause_nature", "pause_source"]}),
        (
            _("Only for"),
            {
                "fields": [
                    "kind",
                    "urgency",
                    "complexity",
                    "category",
                    "category_root",
                    "facility_type",
                    "channel",
                ],
                "description": _(
                    "Empty: any. The most specific rule wins, in this order of weight. A policy never ends later than"
                    " a law that fits as well."
                ),
            },
        ),
        (
            _("Source"),
            {"fields": ["nature", "source", "confidence", "origin_code", "note", "valid_from", "valid_to"]},
        ),
    ]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The columns; what the rules of the page ask for is looked up once."""
        vocabulary = Vocabulary()

        @display(description=_("only for"))
        def conditions(row: DeadlineRule) -> str:
            return asked_in_words(row, vocabulary)

        return ["name", "records", "obligation", "term", conditions, "nature", "source", "is_in_use"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Choices to change, words to read."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        words: dict[str, str | None] = {"subject": "records", **dict.fromkeys(WEIGHTS), "kind": "conditions"}
        fieldsets: Any = self.fieldsets
        return [
            (title, {**parts, "fields": [told for name in parts["fields"] if (told := words.get(str(name), name))]})
            for title, parts in fieldsets
        ]

    @display(description=_("kind of record"))
    def records(self, row: DeadlineRule) -> str:
        return record_name(row.subject)

    @display(description=_("term"))
    def term(self, row: DeadlineRule) -> str:
        return term_in_words(as_rule(row).term)

    @display(description=_("only for"))
    def conditions(self, row: DeadlineRule) -> str:
        return asked_in_words(row, Vocabulary())


class LadderStepForm(forms.ModelForm):
    """Roles are ticked, not typed, and texts chosen."""

    template = forms.ChoiceField(label=_("text"), choices=Wording, widget=UnfoldAdminSelectWidget)
    roles = forms.MultipleChoiceField(
        label=_("who is told"), choices=Role, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = LadderStep
        fields = [
            *("position", "side", "amount", "unit", "roles", "level", "template", "action", "given_to"),
            *("is_urgent", "keeps_quiet", "stops_when_acknowledged"),
        ]


class LadderStepPart(Part):
    """The steps, for whoever may see the ladder."""

    model = LadderStep
    form = LadderStepForm
    hide_title = True
    readonly_fields = ["told", "wording"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Codes to change, words to read."""
        if self.has_change_permission(request, obj):
            return LadderStepForm.Meta.fields
        words = {"roles": "told", "template": "wording"}
        return [words.get(name, name) for name in LadderStepForm.Meta.fields]

    @display(description=_("who is told"))
    def told(self, row: LadderStep) -> str:
        return ", ".join(str(Role(role).label) for role in row.roles)

    @display(description=_("text"))
    def wording(self, row: LadderStep) -> str:
        return str(dict(Wording.choices).get(row.template, row.template))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("deadlines.view_ladder")


@admin.register(Ladder)
class LadderAdmin(ConsoleAdmin):
    """Who is told, and when: first as a picture of its steps, then the steps to change."""

    list_display = ["name", "code", "quiet_from", "quiet_until"]
    search_fields = ["code", "name"]
    fields = ["code", "name", "name_en", "quiet_from", "quiet_until", "is_quiet_on_rest_days"]
    change_form_outer_before_template = "admin/deadlines/before_ladder.html"
    inlines = [LadderStepPart]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        ladder = self.get_object(request, object_id)
        lines = lines_of(map(as_rung, ladder.steps.all())) if isinstance(ladder, Ladder) else []
        picture = {"ladder_lines": lines}
        return super().change_view(request, object_id, form_url, {**picture, **(extra_context or {})})
