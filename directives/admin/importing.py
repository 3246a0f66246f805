"""The pages by which a letter is read in: paste or upload, decide clause by clause, confirm."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.exceptions import InvalidInput, Refused, StaleVersion
from common.refusals import tried
from common.text import number_in, version_in
from directives import importing
from directives.admin.forms import DayInput, FactsForm
from directives.admin.shared import address_of, shown
from directives.choices import ONCE, Party
from directives.files.reading import MAX_BYTES
from directives.importing import LEAVE, TAKE
from directives.models import ImportDraft
from directives.register import FACTS, MANAGE
from directives.words import parties_said, recurrence_said

OFTEN = (
    "", ONCE, "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=6", "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=10",
)  # fmt: skip


class LetterForm(forms.Form):
    """A file or a pasted text."""

    file = forms.FileField(
        label=gettext_lazy("File (TXT, DOCX or PDF with text)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".txt,.docx,.pdf"}),
    )
    text = forms.CharField(
        label=gettext_lazy("or the text itself"),
        required=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %d MB. Send the letter without its attachments.") % 20
            )
        return file


class ClauseForm(forms.Form):
    """What a person decides of one clause."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Is it a duty?"),
        choices=[(TAKE, gettext_lazy("Yes, take it over")), (LEAVE, gettext_lazy("No, leave it as text"))],
        widget=forms.RadioSelect,
        required=False,
    )
    title = forms.CharField(
        label=gettext_lazy("What is to be done"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    parties = forms.MultipleChoiceField(
        label=gettext_lazy("Who is obliged"),
        choices=Party.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    recurrence = forms.ChoiceField(label=gettext_lazy("How often"), required=False)
    due_on = forms.DateField(label=gettext_lazy("Due, when once"), required=False, widget=DayInput())
    evidence = forms.CharField(label=gettext_lazy("Evidence wanted"), max_length=300, required=False)
    needs_second = forms.BooleanField(label=gettext_lazy("Accepted by two people"), required=False)

    def __init__(self, *args: Any, row: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        rules = dict.fromkeys((*OFTEN, row["recurrence"]))
        recurrence: Any = self.fields["recurrence"]
        recurrence.choices = [(rule, recurrence_said(rule)) for rule in rules]
        self.initial = {name: row[name] for name in self.fields}

    @property
    def said(self) -> str:
        """What is proposed, in one line."""
        row = self.row
        parts = [parties_said(row["parties"]), recurrence_said(row["recurrence"]), row["due_on"], row["evidence"]]
        return " · ".join(part for part in parts if part)

    def decided(self) -> dict[str, Any]:
        """The row with what was decided; what cannot be read leaves what was there."""
        given = dict(self.row)
        for name in self.fields:
            if name in self.cleaned_data:
                value = self.cleaned_data[name]
                given[name] = (value.isoformat() if value else "") if name == "due_on" else value
        return given


class DraftForms:
    """All forms of one letter: what is known of it, and one for each clause."""

    def __init__(self, draft: ImportDraft, data: Any = None) -> None:
        self.draft = draft
        choices = draft.choices
        self.facts = FactsForm(data, prefix="facts", initial=choices["facts"])
        self.clauses = [ClauseForm(data, prefix=str(place), row=row) for place, row in enumerate(choices["clauses"])]

    @cached_property
    def is_valid(self) -> bool:
        return all([self.facts.is_valid(), *[form.is_valid() for form in self.clauses]])

    def choices(self) -> dict[str, Any]:
        """What was decided, as it is kept. What does not fit its field is kept as it was before."""
        self.is_valid  # noqa: B018
        facts = dict(self.draft.choices["facts"])
        for name in FACTS:
            if name in self.facts.cleaned_data:
                value = self.facts.cleaned_data[name]
                facts[name] = (value.isoformat() if value else "") if name.endswith("_on") else value
        return {"facts": facts, "clauses": [form.decided() for form in self.clauses]}

    def take(self, refusal: InvalidInput) -> list[str]:
        """Put each sentence at its field; returns those that belong to none."""
        apart = []
        for name, words in refusal.fields.items():
            place, _dash, field = name.partition("-")
            form: Any = self.facts if place == "facts" else None
            if place.isdigit() and int(place) < len(self.clauses):
                form = self.clauses[int(place)]
            if form is not None and field in form.fields:
                form.add_error(field, words)
            else:
                apart += words
        return apart


def _draft(request: HttpRequest, draft_id: int) -> ImportDraft:
    if not request.user.has_perm(MANAGE):
        raise PermissionDenied
    found = ImportDraft.objects.visible_to(request.user).filter(pk=draft_id).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Paste or upload a letter; letters that somebody began to read in stand below."""
    if not request.user.has_perm(MANAGE):
        raise PermissionDenied
    form = LetterForm(request.POST or None, request.FILES or None)

    def deed(given: dict[str, Any]) -> ImportDraft:
        file = given["file"]
        content, name = (file.read(), file.name) if file else (b"", "")
        kind = (file.content_type or "") if file else ""
        return importing.read_in(by=request.user, text=given["text"], name=name, content=content, kind=kind)

    if request.method == "POST" and (draft := tried(form, deed)):
        return HttpResponseRedirect(reverse("admin:directives_directive_reading", args=[draft.pk]))
    waiting = ImportDraft.objects.visible_to(request.user).filter(directive=None, dropped_at=None)
    rows = waiting.select_related("by").defer("content", "text")[:50]
    return shown(request, "begin", _("Read a letter in"), {"form": form, "waiting": rows})


@require_http_methods(["GET", "POST"])
def reading(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What was read of a letter, to be decided clause by clause; saved as often as one likes, then confirmed."""
    draft = _draft(request, draft_id)
    if draft.directive_id:
        return HttpResponseRedirect(reverse("admin:directives_directive_change", args=[draft.directive_id]))
    if draft.dropped_at:
        messages.info(request, _("This letter was put aside."))
        return HttpResponseRedirect(reverse("admin:directives_directive_begin"))
    if request.method == "GET":
        return _page(request, draft, DraftForms(draft))
    number = version_in(request.POST.get("version", ""))
    sent = DraftForms(draft, request.POST)
    try:
        return _done(request, draft, sent, number)
    except StaleVersion as refusal:
        draft.version = int(str(refusal.extra["current_version"]))
        return _page(request, draft, sent, [str(refusal)], status=409)
    except InvalidInput as refusal:
        return _page(request, _draft(request, draft_id), sent, [str(refusal), *sent.take(refusal)])
    except Refused as refusal:
        return _page(request, _draft(request, draft_id), sent, [str(refusal)])


def _done(request: HttpRequest, draft: ImportDraft, sent: DraftForms, version: int) -> HttpResponse:
    """What the button asks for; what was typed is kept before anything else."""
    if "drop" in request.POST:
        importing.drop(draft, by=request.user, version=version)
        messages.success(request, _("The letter was put aside."))
        return HttpResponseRedirect(reverse("admin:directives_directive_begin"))
    draft = importing.decide(draft, sent.choices(), by=request.user, version=version)
    here = reverse("admin:directives_directive_reading", args=[draft.pk])
    line = number_in(request.POST.get("line", ""), 6)
    if line is not None:
        importing.add_line(draft, line, by=request.user, version=draft.version)
        return HttpResponseRedirect(f"{here}#c{len(draft.choices['clauses'])}")
    if not sent.is_valid:
        return _page(request, draft, sent)
    if "confirm" not in request.POST:
        messages.success(request, _("The draft was saved."))
        return HttpResponseRedirect(here)
    made = importing.confirm(draft, by=request.user, version=draft.version)
    messages.success(request, _("The directive is in the register, with its obligations."))
    return HttpResponseRedirect(address_of(made))


def _page(
    request: HttpRequest, draft: ImportDraft, sent: DraftForms, faults: list[str] | None = None, status: int = 200
) -> HttpResponse:
    proposal = draft.proposal
    quiet = ("head", "rule")
    context = {
        "draft": draft,
        "forms": sent,
        "faults": faults or [],
        "doubts": importing.doubts(draft),
        "unread": proposal.get("unread", []),
        "passages": [one for one in proposal.get("passages", []) if one["kind"] not in quiet and one["lines"]],
        "frame": [one for one in proposal.get("passages", []) if one["kind"] in quiet],
        "cites": list(dict.fromkeys([*proposal.get("bases", []), *proposal.get("cites", [])])),
        "undecided": sum(not row["decision"] for row in draft.choices["clauses"]),
    }
    title = draft.choices["facts"].get("number") or draft.name or _("Letter without a number")
    return shown(request, "reading", str(title), context, status)
