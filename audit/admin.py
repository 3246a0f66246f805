"""The auditor's pages: the log as a list of sentences, and one entry."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display

from audit import overview, subjects, words
from audit.models import Act, Entry, Verification
from common.admin import ReadOnlyAdmin
from common.changelist import KeysetAdmin, KeysetChangeList
from common.days import DayField, midnight
from common.keyset import Order

ANY = ("", _("any"))
NOBODY = Q(pk__in=[])
SHORT = 120


class FilterForm(forms.Form):
    """The words of the address, as fields. Each has an index; what cannot be read asks for nothing."""

    act = forms.ChoiceField(label=pgettext_lazy("audit", "Kind"), required=False, choices=[ANY, *Act.choices])
    person = forms.CharField(label=_("Account or full name"), required=False, max_length=150)
    case = forms.CharField(label=_("Case reference"), required=False, max_length=20)
    since = DayField(label=pgettext_lazy("filter", "from day"))
    until = DayField(label=pgettext_lazy("filter", "until"))

    def condition(self) -> Q:
        """What the filled-in fields ask for. A person and a case cost one query each."""
        self.is_valid()
        condition = Q()
        for name, value in self.cleaned_data.items():
            if value:
                condition &= getattr(self, f"_by_{name}")(value)
        return condition

    def _by_act(self, act: str) -> Q:
        return Q(act=act)

    def _by_person(self, name: str) -> Q:
        number = subjects.SUBJECTS["accounts.user"].find(name)
        return Q(by=number) if number else NOBODY

    def _by_case(self, reference: str) -> Q:
        number = subjects.SUBJECTS["feedback.case"].find(reference)
        return Q(about_type="feedback.case", about_id=number) if number else NOBODY

    def _by_since(self, day: Any) -> Q:
        return Q(at__gte=midnight(day))

    def _by_until(self, day: Any) -> Q:
        return Q(at__lt=midnight(day + timedelta(days=1)))


class EntryFilter(ListFilter):
    """The admin's way to `FilterForm`."""

    title = _("Audit")
    template = "console/nothing.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: type[Entry], model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        given = {name: params.pop(name)[-1] for name in self.expected_parameters() if name in params}
        self.form = FilterForm({name: text.replace("\x00", "") for name, text in given.items()})
        self.used_parameters = given

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(FilterForm.base_fields)

    def choices(self, changelist: Any) -> Iterator[Any]:
        return iter(())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        return queryset.filter(self.form.condition())


class EntryList(KeysetChangeList):
    """A page of entries with the names of what they are about: one query per kind of record on the page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        names = subjects.names_of((row.about_type, row.about_id) for row in self.result_list)
        for row in self.result_list:
            row.record_name = names.get((row.about_type, row.about_id), "")


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin, KeysetAdmin):
    """The log, newest first; readable by auditors, writable by nobody."""

    list_display = ["moment", "person", "what", "why"]
    list_display_links = ["moment"]
    list_filter = [EntryFilter]
    list_filter_submit = False
    list_select_related = ["by"]
    filter_words = frozenset(FilterForm.base_fields)
    keyset = Order("at", is_descending=True)
    change_list_template = "admin/audit/entry/change_list.html"
    fields = readonly_fields = [
        "what",
        "moment",
        "person",
        "act",
        "record",
        "purpose",
        "said",
        "technical",
        "chained",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        rows: QuerySet[Entry] = super().get_queryset(request)
        return rows.filter(subjects.readable_by(request.user))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        return EntryList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        response = super().changelist_view(request, {"title": _("Audit log"), **(extra_context or {})})
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            narrowing = context["cl"].filter_specs[0]
            context |= {
                "filters": narrowing.form,
                "is_narrowed": any(narrowing.used_parameters.values()),
                "verification": Verification.objects.order_by("-pk").first(),
                "only_counted": overview.only_counted(timezone.now()),
                "kinds": overview.kinds_per_day(timezone.now()),
                "days": overview.DAYS,
                "rows": [self._shown(row) for row in context["cl"].result_list],
            }
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        # an entry has no history: nobody can change it
        return super().change_view(request, object_id, form_url, {"show_history": False, **(extra_context or {})})

    def _shown(self, row: Entry) -> dict[str, str]:
        url = reverse("admin:audit_entry_change", args=[row.pk])
        told = {name: getattr(self, name)(row) for name in ("moment", "person", "what", "why")}
        return {"url": url, "act": row.act, **told}

    @display(description=_("at"))
    def moment(self, row: Entry) -> str:
        return timezone.localtime(row.at).strftime("%d/%m/%Y %H:%M:%S")

    @display(description=_("who"))
    def person(self, row: Entry) -> str:
        return str(row.by) if row.by else "—"

    @display(description=_("what"))
    def what(self, row: Entry) -> str:
        return capfirst(words.sentence(row, _name_of(row)))

    @display(description=_("what for and why"))
    def why(self, row: Entry) -> str:
        told = ": ".join(filter(None, [row.get_purpose_display(), words.reason_said(row)]))
        return told if len(told) <= SHORT else f"{told[:SHORT]}…"

    @display(description=_("record"))
    def record(self, row: Entry) -> str:
        address, name = subjects.address_of(row.about_type, row.about_id), _name_of(row)
        if not name:
            return "—"
        classes = "font-medium text-primary-600 dark:text-primary-500"
        return format_html('<a class="{}" href="{}">{}</a>', classes, address, name)

    @display(description=_("reason"))
    def said(self, row: Entry) -> str:
        return words.reason_said(row) or "—"

    @display(description=_("for technicians"))
    def technical(self, row: Entry) -> str:
        code = row.reason if words.reason_said(row) != row.reason else ""
        return " · ".join(filter(None, [code, row.request_id])) or "—"

    @display(description=_("place in the chain"))
    def chained(self, row: Entry) -> str:
        link = getattr(row, "link", None)
        if link is None:
            return str(_("not yet: entries are linked once a minute"))
        return f"{link.number} · {link.digest[:16]}"


def _name_of(row: Entry) -> str:
    """What the record is called; asked for by the list for the whole page."""
    if not hasattr(row, "record_name"):
        names = subjects.names_of([(row.about_type, row.about_id)])
        row.record_name = names.get((row.about_type, row.about_id or 0), "")  # type: ignore[attr-defined]
    return str(row.record_name)  # type: ignore[attr-defined]
