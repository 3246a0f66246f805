"""Files of cases and reconciliations in the console: hand one in, look on while a worker goes through it, fetch the
outcome, follow up."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common.changelist import KeysetAdmin
from common.days import DayField
from common.exceptions import Refused, StaleVersion
from common.keyset import Order
from common.refusals import tried
from common.text import number_in
from facilities.imports.reading import MAX_BYTES
from facilities.imports.writing import XLSX, workbook
from feedback.admin.forms import NOTHING
from feedback.imports import work
from feedback.imports.columns import COLUMNS
from feedback.models import Case, CaseImport, Channel, Difference, ImportedRow, Reconciliation, Submission
from feedback.models.runs import DifferenceKind, RowOutcome
from feedback.reconciling import comparing, stating
from feedback.runs import sources

PER_PAGE = 100
TONES = {RowOutcome.STORED: "good", RowOutcome.NEW: "wait", RowOutcome.REFUSED: "bad"}


class FileForm(forms.Form):
    """A file, and from which source it speaks."""

    source = forms.ChoiceField(label=gettext_lazy("Source system"))
    file = forms.FileField(
        label=gettext_lazy("Excel workbook (.xlsx) or CSV file"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("The first row holds the headings, as in the template. At most 5 MB and 20,000 rows."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = list(sources().items())  # type: ignore[attr-defined]


class ImportForm(FileForm):
    """The channel by which what stands in the file reached the department."""

    channel = forms.ModelChoiceField(Channel.objects.none(), label=gettext_lazy("Channel"), empty_label=NOTHING[1])
    field_order = ("source", "channel", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].queryset = Channel.objects.valid_on(timezone.localdate())  # type: ignore[attr-defined]


class ListForm(FileForm):
    """The days that the list of the source is about."""

    since = DayField(label=gettext_lazy("Sent from day"))
    until = DayField(label=gettext_lazy("until day"))
    field_order = ("source", "since", "until", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.fields[name].required = True


class SettleForm(forms.Form):
    """What became of a difference."""

    note = forms.CharField(label=gettext_lazy("What became of it"), max_length=comparing.LONGEST)
    version = forms.IntegerField(widget=forms.HiddenInput)


class RunAdmin(KeysetAdmin):
    """The list of runs, newest first, and the addresses below it."""

    list_display = ["source"]
    keyset = Order("at", is_descending=True)
    change_list_template = "admin/feedback/run_list.html"
    right = ""
    hint: Any = ""

    def get_urls(self) -> list[URLPattern]:
        """The list, handing in, one run and its outcome; the stock forms have no address."""

        def named(route: str, view: Any, name: str) -> URLPattern:
            return path(
                route, self.admin_site.admin_view(view), name=f"{self.opts.app_label}_{self.opts.model_name}_{name}"
            )

        return [
            named("", self.changelist_view, "changelist"),
            named("add/", require_http_methods(["GET", "POST"])(self.hand_in), "add"),
            named("mau.xlsx", require_GET(self.template_file), "template"),
            named("<int:run_id>/change/", require_http_methods(["GET", "POST"])(self.page), "change"),
            named("<int:run_id>/ket-qua.xlsx", require_GET(self.outcome_file), "outcome"),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.model.objects.visible_to(request.user).select_related("by")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(self.right))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        own = {
            "title": self.opts.verbose_name_plural,
            "hint": self.hint,
            "add_url": self.address("add"),
            "template_url": self.address("template"),
        }
        return super().changelist_view(request, own | (extra_context or {}))

    def address(self, name: str, *args: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    def found(self, request: HttpRequest, run_id: int) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = self.get_queryset(request).filter(pk=run_id).first()
        if run is None:
            raise Http404
        return run

    def shown(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        own = {"is_fullwidth": "1", "has_own_heading": True, "list_url": self.address("changelist"), "opts": self.opts}
        whole = {**self.admin_site.each_context(request), **own, **context}
        return TemplateResponse(request, f"console/runs/{template}.html", whole)

    def handed_in(self, request: HttpRequest, form: Any, deed: Any, **context: Any) -> HttpResponse:
        """The form for handing a file in, and keeping it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST" and (run := tried(form, deed)):
            return HttpResponseRedirect(self.address("change", run.pk))
        return self.shown(request, "upload", form=form, template_url=self.address("template"), **context)

    def hand_in(self, request: HttpRequest) -> HttpResponse:
        raise NotImplementedError

    def template_file(self, request: HttpRequest) -> HttpResponse:
        raise NotImplementedError

    def page(self, request: HttpRequest, run_id: int) -> HttpResponse:
        raise NotImplementedError

    def outcome_file(self, request: HttpRequest, run_id: int) -> HttpResponse:
        raise NotImplementedError


def _given(request: HttpRequest, form: type[FileForm]) -> FileForm:
    return form(request.POST, request.FILES) if request.method == "POST" else form()


def _read(upload: Any) -> bytes:
    return bytes(upload.read(MAX_BYTES + 1))


def _download(name: str, sheets: Any) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(workbook(sheets), content_type=XLSX, headers=headers)


def _tabs(request: HttpRequest, rows: QuerySet[Any], by: str, names: Any) -> tuple[QuerySet[Any], list[Any]]:
    """The rows that are asked for, and how many there are of each kind. One query."""
    shown = request.GET.get("xem", "")
    counts = dict(rows.order_by().values_list(by).annotate(count=Count("pk")))
    tabs = [(code, label, counts[code], shown == code) for code, label in names if code and counts.get(code)]
    everything = ("", _("all"), sum(counts.values()), not shown)
    return (rows.filter(**{by: shown}) if shown in dict(names) and shown else rows), [everything, *tabs]


def _cut(request: HttpRequest, rows: QuerySet[Any], key: str) -> tuple[list[Any], str]:
    """A page of rows after a number, and the address of the next one. One query."""
    after = number_in(request.GET.get("sau", "")) or 0
    found = list(rows.filter(**{f"{key}__gt": after}).order_by(key)[: PER_PAGE + 1])
    if len(found) <= PER_PAGE:
        return found, ""
    query = request.GET.copy()
    query["sau"] = str(getattr(found[PER_PAGE - 1], key))
    return found[:PER_PAGE], f"?{query.urlencode()}"


def _cases_of(request: HttpRequest, source: str, numbers: list[str]) -> dict[str, Case]:
    """The cases behind numbers at the source, as far as this person sees them. One query."""
    visible = Submission.objects.visible_to(request.user).filter(source=source, source_id__in=numbers)
    return {one.source_id: one.case for one in visible.select_related("case")}


@admin.register(CaseImport)
class CaseImportAdmin(RunAdmin):
    """Files of cases."""

    right = work.RIGHT
    hint = gettext_lazy(
        "A file is looked through first, row by row; cases are made only when somebody confirms. The same number at the"
        " source is the same case, however often it comes."
    )

    def hand_in(self, request: HttpRequest) -> HttpResponse:
        """Hand in a file: it is read and kept, nothing becomes a case."""

        def deed(said: dict[str, Any]) -> CaseImport:
            upload = said["file"]
            return work.keep(
                _read(upload), upload.name, source=said["source"], channel=said["channel"], by=request.user
            )

        return self.handed_in(
            request, _given(request, ImportForm), deed, title=_("Record cases from a file"), hint=self.hint
        )

    def template_file(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        headings, example = [one.heading for one in COLUMNS], [one.example for one in COLUMNS]
        return _download("mau-phan-anh.xlsx", {_("Cases"): (headings, [example])})

    def page(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """How far the file is, the outcome of each row, and confirming. Six queries."""
        run = self.found(request, run_id)
        if request.method == "POST":
            try:
                work.confirm(run, by=request.user)
            except Refused as refusal:
                messages.error(request, str(refusal))
            return HttpResponseRedirect(request.path)
        every = ImportedRow.objects.visible_to(request.user).filter(about=run)
        rows, tabs = _tabs(request, every, "outcome", RowOutcome.choices)
        shown, next_url = _cut(request, rows.only("number", "source_id", "outcome", "remarks"), "number")
        cases = _cases_of(request, run.source, [row.source_id for row in shown if row.outcome == RowOutcome.STORED])
        for row in shown:
            row.case, row.tone = cases.get(row.source_id), TONES.get(RowOutcome(row.outcome), "")  # type: ignore[attr-defined]
        new = next((count for code, _label, count, _is_shown in tabs if code == RowOutcome.NEW), 0)
        return self.shown(
            request,
            "import",
            title=run.file_name,
            run=run,
            rows=shown,
            tabs=tabs,
            next_url=next_url,
            new=new,
            outcome_url=self.address("outcome", run.pk),
        )

    def outcome_file(self, request: HttpRequest, run_id: int) -> HttpResponse:
        run = self.found(request, run_id)
        rows = ImportedRow.objects.visible_to(request.user).filter(about=run).order_by("number")
        told = [
            [row.number, row.source_id, row.get_outcome_display(), " ".join(row.remarks)]
            for row in rows.only("number", "source_id", "outcome", "remarks")
        ]
        headings = [_("Row"), _("Number at the source"), _("Outcome"), _("Remarks")]
        return _download(f"ket-qua-{run.pk}.xlsx", {_("Outcome"): (headings, told)})


@admin.register(Reconciliation)
class ReconciliationAdmin(RunAdmin):
    """What sources say they sent, against what is held."""

    right = stating.RIGHT
    hint = gettext_lazy(
        "Compares the list of a source system with what is held: what did not arrive, what is not in its list, and what"
        " differs. Only numbers, days and our references are read; names in the file are left out."
    )

    def get_urls(self) -> list[URLPattern]:
        settled = path(
            "<int:run_id>/<int:difference_id>/ket-luan/",
            self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.settle)),
            name="feedback_reconciliation_settle",
        )
        return [*super().get_urls(), settled]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return (
            super()
            .get_queryset(request)
            .defer("stated")
            .annotate(open_count=Count("differences", filter=Q(differences__settled_at=None)))
        )

    def hand_in(self, request: HttpRequest) -> HttpResponse:
        """Hand in the list of a source."""

        def deed(said: dict[str, Any]) -> Reconciliation:
            upload, days = said["file"], {"since": said["since"], "until": said["until"]}
            return stating.by_file(_read(upload), upload.name, source=said["source"], by=request.user, **days)

        return self.handed_in(
            request, _given(request, ListForm), deed, title=_("Compare with a source system"), hint=self.hint
        )

    def template_file(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        example = ["1022-88412", f"{timezone.localdate():%d/%m/%Y}", ""]
        headings = ["Mã tại nguồn", "Ngày gửi", "Mã của Sở"]
        return _download("mau-doi-soat.xlsx", {_("Sent"): (headings, [example])})

    def page(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """How far it is, and every difference with what became of it. Five queries."""
        run = self.found(request, run_id)
        if request.method == "POST":
            raise PermissionDenied
        every = Difference.objects.visible_to(request.user).filter(about=run)
        rows, tabs = _tabs(request, every, "kind", DifferenceKind.choices)
        shown, next_url = _cut(request, rows.select_related("settled_by"), "id")
        cases = _cases_of(request, run.source, [row.number for row in shown])
        for row in shown:
            row.case = cases.get(row.number)  # type: ignore[attr-defined]
        return self.shown(
            request,
            "reconciliation",
            title=_("Reconciliation with %(source)s") % {"source": run.source},
            run=run,
            rows=shown,
            tabs=tabs,
            next_url=next_url,
            outcome_url=self.address("outcome", run.pk),
        )

    def settle(self, request: HttpRequest, run_id: int, difference_id: int) -> HttpResponse:
        """Say what became of one difference."""
        run = self.found(request, run_id)
        rows = Difference.objects.visible_to(request.user).select_related("settled_by")
        difference = rows.filter(about=run, pk=difference_id).first()
        if difference is None:
            raise Http404
        given = request.POST if request.method == "POST" else None
        form = SettleForm(given, initial={"version": difference.version})
        if given is not None and tried(form, lambda said: comparing.settle(difference, by=request.user, **said)):
            messages.success(request, _("%(number)s is settled.") % {"number": difference.number})
            return HttpResponseRedirect(self.address("change", run.pk))
        case = _cases_of(request, run.source, [difference.number]).get(difference.number)
        return self.shown(
            request,
            "settle",
            title=difference.number,
            run=run,
            row=difference,
            case=case,
            form=form,
            stale=StaleVersion.message,
            page_url=self.address("change", run.pk),
        )

    def outcome_file(self, request: HttpRequest, run_id: int) -> HttpResponse:
        run = self.found(request, run_id)
        rows = Difference.objects.visible_to(request.user).filter(about=run).select_related("settled_by").order_by("id")
        told = [
            [
                *(row.number, row.get_kind_display(), row.stated, row.held, row.note),
                str(row.settled_by or ""),
                f"{timezone.localtime(row.settled_at):%d/%m/%Y %H:%M}" if row.settled_at else "",
            ]
            for row in rows
        ]
        headings = [
            *(_("Number at the source"), _("Difference"), _("Their side"), _("Our side"), _("What became of it")),
            *(_("By"), _("When")),
        ]
        return _download(f"doi-soat-{run.pk}.xlsx", {_("Differences"): (headings, told)})
