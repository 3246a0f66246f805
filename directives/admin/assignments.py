"""Assignments: the list of what waits, the page of one, writing and handing in, checking, and their documents.

Each address starts from `visible_to`: what somebody may not see is answered like what is not there."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common.admin import ConsoleAdmin, EstimatingPaginator
from common.exceptions import InvalidInput, MoveRefused, Refused, StaleVersion
from common.history import changes_of, occasions_of
from common.keyset import capped_counts
from common.reasons import ReasonField
from common.uploads import ACCEPT, FileRefused, checked, served
from deadlines.services import deadlines_of
from directives import reporting, takeover, transitions
from directives.admin import heatmap_page
from directives.admin.forms import DayInput
from directives.admin.shared import GET_POST, deed_page, shown, stale, tried_or_stale
from directives.choices import Status, ValueKind
from directives.clocks import name_of
from directives.models import Assignment, ComplianceReport, Directive, EvidenceFile, Indicator, Obligation
from directives.plausibility import plain
from directives.queues import QUEUES
from directives.transitions import MOVES, allowed_moves, is_own, locked
from facilities.models import Facility

LIST = "admin:directives_assignment_changelist"
PER_PAGE = 50
FIRST = {True: ("late", "returned", "soon"), False: ("to-check", "late")}  # which queue opens, for who writes or not


def seen(request: HttpRequest, assignment_id: int) -> Assignment:
    """The assignment, as this person sees it. Raises `Http404` when it is absent or not theirs to see."""
    if not request.user.has_perm("directives.view_assignment"):
        raise PermissionDenied
    rows = Assignment.objects.visible_to(request.user).select_related(
        "obligation__clause", "directive", "facility__successor", "taken_over_by__facility", "checked_by"
    )
    found = rows.filter(pk=assignment_id).first()
    if found is None:
        raise Http404
    return found


def address_of(assignment: Assignment) -> str:
    return reverse("admin:directives_assignment_change", args=[assignment.pk])


def back_of(assignment: Assignment) -> tuple[str, str]:
    return address_of(assignment), name_of(assignment.obligation.code, assignment.due_on)


# --- the list --------------------------------------------------------------------------------------------------------


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _list(request: HttpRequest) -> HttpResponse:
    """What waits, the nearest due first; narrowed by facility, directive and obligation."""
    if request.method != "GET":
        raise PermissionDenied
    user, now, words = request.user, timezone.now(), request.GET
    queue = words.get("queue", "")
    rows = Assignment.objects.visible_to(user)
    for name in ("facility", "directive", "obligation"):
        if words.get(name):
            rows = rows.filter(**{name: _key(words[name]) or 0})
    lists = {name: rows.filter(one.which(now)) for name, one in QUEUES.items()}
    counts = capped_counts(lists)
    if queue not in QUEUES:
        first = FIRST[user.has_perm(transitions.WRITE)]
        queue = next((name for name in first if counts[name]), "all")
    found = lists[queue].select_related("obligation", "facility", "directive")
    page = EstimatingPaginator(found.order_by(F("due_at").asc(nulls_last=True), "id"), PER_PAGE)
    kept = "".join(
        f"&{name}={_key(words[name]) or 0}" for name in ("facility", "directive", "obligation") if words.get(name)
    )
    context = {
        "tabs": [
            {
                "name": name,
                "label": one.label,
                "count": counts[name],
                "is_shown": name == queue,
                "url": f"?queue={name}{kept}",
            }
            for name, one in QUEUES.items()
        ],
        "page": _page_of(page, words.get("p", "")),
        "more": f"?queue={queue}{kept}",
        "now": now,
        "narrowed": _narrowed(request),
        "sees_all": user.has_perm("directives.view_every_directive"),
        "queue": queue,
    }
    return shown(request, "assignments", _("Duties"), context)


def _page_of(pages: Paginator, asked: str) -> Any:
    number = _key(asked) or 1
    return pages.get_page(min(number, pages.num_pages))


def _narrowed(request: HttpRequest) -> list[str]:
    """What the list is narrowed to, in words."""
    found, user = [], request.user
    if pk := _key(request.GET.get("facility", "")):
        found += list(Facility.objects.filter(pk=pk).values_list("name", flat=True))
    for model, name in ((Directive, "directive"), (Obligation, "obligation")):
        if pk := _key(request.GET.get(name, "")):
            found += [str(row) for row in model.objects.visible_to(user).filter(pk=pk)]
    return found


# --- the page --------------------------------------------------------------------------------------------------------


@require_GET
def assignment_page(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Everything about one assignment, from top to bottom: what is asked, what was reported, what happened."""
    assignment, user = seen(request, assignment_id), request.user
    own = is_own(assignment, user)
    reports = (
        ComplianceReport.objects.visible_parts(user, assignment=assignment)
        .select_related("written_by")
        .prefetch_related("values__indicator", "proofs__file__evidence")
        .order_by("-number")
    )
    is_writable = assignment.status in (Status.OPEN, Status.RETURNED)
    name = name_of(assignment.obligation.code, assignment.due_on)
    context = {
        "assignment": assignment,
        "obligation": assignment.obligation,
        "name": name,
        "now": timezone.now(),
        "reports": reports,
        "indicators": Indicator.objects.filter(obligation=assignment.obligation_id, is_asked=True),
        "may_write": own and is_writable,
        "lacks": list(reporting.missing(assignment, by=user).values()) if own and is_writable else [],
        "steps": [
            {
                "status": str(to),
                "move": one,
                "url": reverse("admin:directives_assignment_step", args=[assignment.pk, to]),
            }
            for to, one in allowed_moves(assignment, user).items()
        ],
        "may_take_over": takeover.may_take_over(assignment, user),
        "clocks": list(deadlines_of(assignment)),
        "entries": occasions_of(changes_of(assignment, hidden=("id", "version", "facility", "period"), reader=user)),
        "today": timezone.localdate(),
    }
    return shown(request, "assignment", name, context)


# --- writing ---------------------------------------------------------------------------------------------------------


class NumberField(forms.CharField):
    """A figure as people write it: a comma or a point before the decimals, points or spaces between thousands."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip().replace("\u00a0", "").replace(" ", "")
        if not text:
            return None
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        elif text.count(".") > 1 or (text.count(".") == 1 and len(text.rpartition(".")[2]) == 3 and len(text) > 4):
            text = text.replace(".", "")
        try:
            number = Decimal(text)
        except InvalidOperation as fault:
            raise forms.ValidationError(_("Write a number, for example 12,5.")) from fault
        if not number.is_finite() or abs(number) >= Decimal("1e12"):
            raise forms.ValidationError(_("Write a number, for example 12,5."))
        return round(number, 3)


class ReportForm(forms.Form):
    """What was done, the figures with last time's beside them, and the documents that prove it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    narrative = forms.CharField(
        label=pgettext_lazy("report on a duty", "What was done"),
        required=False,
        max_length=reporting.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("A few sentences: what, when, with whom, what came of it."),
    )

    def __init__(self, *args: Any, assignment: Assignment, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        draft = reporting.draft_of(assignment, by=by)
        newest = ComplianceReport.objects.visible_to(by).filter(assignment=assignment).order_by("-number").first()
        self.indicators, before = reporting.asked_of(assignment), reporting.last_time(assignment)
        self.initial = {"version": draft.version, "narrative": newest.narrative if newest else ""}
        for each in self.indicators:
            self._add_indicator(each, draft.values.get(each.pk), before.get(each.pk))
        offered = list(reporting.newest_files(assignment.facility_id, by=by))
        offered += [file for file in draft.files if file not in offered]
        self.documents = {str(file.pk): file for file in offered}
        if offered:
            self.fields["files"] = forms.MultipleChoiceField(
                label=_("Documents of this facility"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(str(file.pk), _said_file(file)) for file in offered],
                initial=[str(file.pk) for file in draft.files],
                help_text=_("One document may serve several duties."),
            )
        self.fields["upload"] = forms.FileField(
            label=_("New document"),
            required=False,
            widget=forms.FileInput(attrs={"accept": ACCEPT}),
            help_text=_("Wanted: %(what)s.") % {"what": assignment.obligation.evidence}
            if assignment.obligation.evidence
            else "",
        )
        self.fields["title"] = forms.CharField(label=_("What it is"), required=False, max_length=200)
        self.fields["expires_on"] = forms.DateField(label=_("Holds until"), required=False, widget=DayInput())

    def _add_indicator(self, each: Indicator, value: Any, before: Any) -> None:
        label = f"{each.name}{f' ({each.unit})' if each.unit else ''}"
        told = [_("Base: %(base)s.") % {"base": each.base}]
        if before is not None:
            told.append(_("Last time: %(value)s.") % {"value": plain(before.value)})
        field: forms.Field
        if each.kind == ValueKind.YES_NO:
            field = forms.TypedChoiceField(
                label=label,
                required=False,
                coerce=Decimal,
                empty_value=None,
                help_text=" ".join(told),
                choices=[("", _("– choose –")), ("1", _("Yes")), ("0", _("No"))],
                initial="" if value is None else str(int(value.value)),
            )
        else:
            field = NumberField(
                label=label,
                required=False,
                help_text=" ".join(told),
                initial="" if value is None else plain(value.value),
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
        self.fields[f"value-{each.pk}"] = field
        if before is not None and each.kind != ValueKind.YES_NO:
            self.fields[f"why-{each.pk}"] = forms.CharField(
                label=_("Why it differs from last time"),
                required=False,
                max_length=2000,
                initial=value.explained if value else "",
            )

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload is None:
            return None
        try:
            return checked(upload)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from refusal

    def values(self) -> dict[int, tuple[Decimal | None, str]]:
        given = self.cleaned_data
        return {each.pk: (given.get(f"value-{each.pk}"), given.get(f"why-{each.pk}", "")) for each in self.indicators}


def _said_file(file: EvidenceFile) -> str:
    said = f"{file.evidence.title} – {file.name}"
    if file.expires_on:
        said = _("%(file)s (holds until %(day)s)") % {"file": said, "day": f"{file.expires_on:%d/%m/%Y}"}
    return said


@require_http_methods(GET_POST)
def write(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Write the report; saved as often as one likes, handed in when nothing is missing."""
    assignment = seen(request, assignment_id)
    if not is_own(assignment, request.user):
        raise PermissionDenied
    if assignment.status not in (Status.OPEN, Status.RETURNED):
        messages.error(request, _("This report was handed in: wait for the answer."))
        return HttpResponseRedirect(address_of(assignment))
    is_sent = request.method == "POST"
    form = ReportForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, assignment=assignment, by=request.user
    )
    status = 200
    if is_sent and form.is_valid():
        try:
            return _written(request, assignment, form)
        except StaleVersion as refusal:
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = str(refusal.extra["current_version"])  # type: ignore[index]
            form.add_error(None, str(refusal))
            status = 409
        except InvalidInput as refusal:
            for name, words in refusal.fields.items():
                form.add_error(name if name in form.fields else None, words)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    url, name = back_of(assignment)
    context = {"form": form, "assignment": assignment, "obligation": assignment.obligation, "back": url, "name": name}
    return shown(request, "write", name, context, status)


def _written(request: HttpRequest, assignment: Assignment, form: ReportForm) -> HttpResponse:
    """Keep it, with a document that came along; then go on to hand it in where that was asked for."""
    given, user = form.cleaned_data, request.user
    with transaction.atomic():
        held = locked(assignment, user)
        files = [form.documents[pk] for pk in given.get("files", [])]
        if given["upload"] is not None:
            files.append(
                reporting.keep_file(
                    held.facility_id, given["upload"], title=given["title"], by=user, expires_on=given["expires_on"]
                )
            )
        reporting.write(held, given["narrative"], form.values(), files, by=user, version=given["version"])
    if "hand_in" in request.POST:
        return HttpResponseRedirect(reverse("admin:directives_assignment_step", args=[assignment.pk, Status.SUBMITTED]))
    messages.success(request, _("The report was saved. It is not handed in yet."))
    return HttpResponseRedirect(address_of(assignment))


# --- steps -----------------------------------------------------------------------------------------------------------


class StepForm(forms.Form):
    """A step says why; where nobody has to think about it, the words stand there already."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = ReasonField()


@require_http_methods(GET_POST)
def step(request: HttpRequest, assignment_id: int, status: str) -> HttpResponse:
    """The form of one step, and making it."""
    assignment = seen(request, assignment_id)
    move = allowed_moves(assignment, request.user).get(status)  # type: ignore[call-overload]
    if move is None:
        if (assignment.status, status) in MOVES:
            raise PermissionDenied
        messages.error(request, MoveRefused.message)
        return HttpResponseRedirect(address_of(assignment))
    first = {"version": assignment.version, "reason": str(move.reason)}
    form = StepForm(request.POST if request.method == "POST" else None, initial=first)
    back, heading = back_of(assignment), str(move.label)

    def deed(given: dict[str, Any]) -> Assignment:
        return transitions.move(assignment, status, by=request.user, **given)

    try:
        if request.method == "POST" and tried_or_stale(form, deed):
            messages.success(request, _("%(reference)s: %(step)s – done.") % {"reference": back[1], "step": heading})
            return HttpResponseRedirect(back[0])
    except StaleVersion as refusal:
        return stale(request, form, refusal, heading, back)
    return deed_page(request, form, heading, back, tone=move.tone, lead=assignment.obligation.title)


@require_http_methods(GET_POST)
def take_over(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Let the successor owe what a facility that ended owed."""
    assignment = seen(request, assignment_id)
    if not takeover.may_take_over(assignment, request.user):
        raise PermissionDenied
    form = StepForm(request.POST if request.method == "POST" else None, initial={"version": assignment.version})
    back, heading = back_of(assignment), _("The successor takes it over")
    lead = str(takeover.heir_of(assignment))

    def deed(given: dict[str, Any]) -> Assignment:
        return takeover.take_over(assignment, by=request.user, **given)

    try:
        if request.method == "POST" and (taken := tried_or_stale(form, deed)):
            messages.success(request, _("The successor has it now."))
            return HttpResponseRedirect(address_of(taken))
    except StaleVersion as refusal:
        return stale(request, form, refusal, heading, back)
    return deed_page(request, form, heading, back, lead=lead)


@require_GET
def evidence(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file of evidence, always as a download."""
    if not request.user.has_perm("directives.view_assignment"):
        raise PermissionDenied
    found = EvidenceFile.objects.visible_to(request.user).filter(token=token[:32]).first()
    if found is None:
        raise Http404
    return served(found)


@admin.register(Assignment)
class AssignmentAdmin(ConsoleAdmin):
    """Assignments: made by `directives.expansion`, moved by `directives.transitions`, deleted by nobody."""

    def get_urls(self) -> list[URLPattern]:
        """The list and the pages of one assignment; the stock forms have no address."""

        def named(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"directives_assignment_{name}")

        return [
            named("", self.changelist_view, "changelist"),
            named("ban-do/", heatmap_page.heat_map, "heat_map"),
            named("minh-chung/<slug:token>/", evidence, "evidence"),
            named("<int:assignment_id>/change/", assignment_page, "change"),
            named("<int:assignment_id>/bao-cao/", write, "write"),
            named("<int:assignment_id>/buoc/<slug:status>/", step, "step"),
            named("<int:assignment_id>/tiep-nhan/", take_over, "take_over"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not request.user.has_perm("directives.view_assignment"):
            raise PermissionDenied
        return _list(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Assignment | None = None) -> bool:
        return False
