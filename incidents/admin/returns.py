"""Periodic returns in the console: the list, one return from top to bottom, writing, signing, correcting, handing out,
and the department's page of who has handed in."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.changelist import KeysetAdmin
from common.exceptions import InvalidInput, Refused, StaleVersion
from common.keyset import Order, capped_counts
from common.papers.layout import digest_of
from common.refusals import tried
from deadlines.services import deadlines_of
from facilities.imports.writing import XLSX
from incidents.admin import returns_forms as forms
from incidents.admin.page import clock_of
from incidents.choices import FileForm, ReturnKind, ReturnStatus
from incidents.models import Return, ReturnEdition
from incidents.returns import deeds
from incidents.returns.content import drawn_up, period_of
from incidents.returns.documents import Document, laid_out
from incidents.visibility import DIVISION, EVERY

VIEW = "incidents.view_incident"
GET_POST = ["GET", "POST"]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_SHOWN = 500


@admin.register(Return)
class ReturnAdmin(KeysetAdmin):
    """Returns: read by those who may see them, written and signed by their unit, deleted by nobody."""

    list_display = ["kind"]
    list_filter = [forms.ReturnFilter]
    filter_words = frozenset(forms.ReturnFilterForm.base_fields)
    keyset = Order("ended_at", is_descending=True)
    change_list_template = "admin/incidents/return/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """The list and the pages of one return; the stock forms have no address."""

        def named(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"incidents_return_{name}")

        return [
            named("", self.changelist_view, "changelist"),
            named("lap/", begin, "begin"),
            named("tinh-hinh/", overview, "overview"),
            named("<int:return_id>/change/", page, "change"),
            named("<int:return_id>/viet/", write, "write"),
            named("<int:return_id>/ky/", sign, "sign"),
            named("<int:return_id>/dinh-chinh/", correct, "correct"),
            named("<int:return_id>/ban/<int:number>/<slug:form>/", file, "file"),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Return]:
        return Return.objects.visible_to(request.user).select_related("facility")

    def has_view_permission(self, request: HttpRequest, obj: Return | None = None) -> bool:
        return bool(request.user.has_perm(VIEW))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Return | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        response = super().changelist_view(request, {"title": _("Periodic returns"), **(extra_context or {})})
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            self._add_tabs(request, context)
        return response

    def _add_tabs(self, request: HttpRequest, context: dict[str, Any]) -> None:
        narrowing, user = context["cl"].filter_specs[0], cast(Any, request.user)
        rows = Return.objects.visible_to(user)
        lists = {name: rows.filter(which(narrowing.now)) for name, (_label, which) in forms.QUEUES.items()}
        counts = capped_counts(lists)
        context |= {
            "tabs": [
                {
                    "name": name,
                    "label": label,
                    "count": counts[name],
                    "url": f"?queue={name}",
                    "is_shown": name == narrowing.queue,
                }
                for name, (label, _which) in forms.QUEUES.items()
            ],
            "queue": narrowing.queue,
            "filters": narrowing.form,
            "has_filters": narrowing.is_narrowed,
            "now": narrowing.now,
            "rows": [(found, period_of(found)) for found in context["cl"].result_list],
            "may_begin": user.has_perm(deeds.WRITE_RETURN) or user.has_perm(deeds.WRITE_LETTER),
            "may_oversee": _may_oversee(user),
        }


def _may_oversee(user: Any) -> bool:
    return bool(user.has_perm(EVERY.permission) or user.has_perm(DIVISION.permission))


def _seen(request: HttpRequest, return_id: int) -> Return:
    """The return, as this person sees it. Raises `Http404` when it is absent or not theirs to see."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    found = Return.objects.visible_to(request.user).select_related("facility").filter(pk=return_id).first()
    if found is None:
        raise Http404
    return found


def address_of(found: Return) -> str:
    return reverse("admin:incidents_return_change", args=[found.pk])


def _shown(
    request: HttpRequest, template: str, found: Return | None, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    about = {"found": found, "period": period_of(found), "back": address_of(found)} if found else {}
    title = f"{_('Periodic returns')} – {about['period']}" if found else _("Periodic returns")
    return TemplateResponse(
        request,
        f"console/incident/returns/{template}.html",
        {
            **admin.site.each_context(request),
            "title": title,
            "is_fullwidth": "1",
            "has_own_heading": True,
            **about,
            **context,
        },
        status=status,
    )


def _bars(document: Document) -> list[tuple[Any, list[tuple[Any, list[tuple[Any, ...]]]]]]:
    """Each table with the length of a bar for each row, in per cent of its greatest."""
    parts = []
    for part in document.parts:
        sheets = []
        for sheet in part.sheets:
            counts = [int(row[1] or 0) for row in sheet.rows[:-1]]
            greatest = max((abs(count) for count in counts), default=0) or 1
            bars = [round(100 * max(count, 0) / greatest) for count in counts]
            sheets.append((sheet, [(*row, bar) for row, bar in zip(sheet.rows[:-1], bars, strict=True)]))
        parts.append((part, sheets))
    return parts


def _document(found: Return, reader: Any, edition: ReturnEdition | None) -> tuple[Document, dict[str, Any]]:
    """What a return says: as it was signed, or as it stands now."""
    content = edition.content if edition else drawn_up(found, timezone.now(), deeds.texts_of(found, reader))
    return laid_out(content, None), content


@require_GET
def page(request: HttpRequest, return_id: int) -> HttpResponse:
    """One return from top to bottom: as it was signed, or, for its own unit, as it stands now."""
    found, reader = _seen(request, return_id), cast(Any, request.user)
    rows = ReturnEdition.objects.visible_to(reader).filter(about=found).select_related("former", "signed_by")
    editions = list(rows.order_by("-number"))
    is_signed = found.status == ReturnStatus.SIGNED
    is_shown = is_signed or deeds.is_own(found, reader)
    edition = editions[0] if editions and (is_signed or not is_shown) else None
    parts = None
    if edition or is_shown:
        document, content = _document(found, reader, edition)
        parts = _bars(document)
    now = timezone.now()
    clock = deadlines_of(found).first()
    context = {
        "now": now,
        "parts": parts,
        "as_of": parse_datetime(content["as_of"]) if parts else None,
        "edition": edition,
        "editions": editions,
        "forms": FileForm.choices,
        "clock": clock_of(clock, now) if clock else None,
        "may_write": found.is_writable and deeds.may_write(found, reader),
        "may_sign": found.is_writable and deeds.may_sign(found, reader),
        "may_correct": is_signed and (deeds.may_write(found, reader) or deeds.may_sign(found, reader)),
    }
    return _shown(request, "page", found, context)


@require_http_methods(GET_POST)
def begin(request: HttpRequest) -> HttpResponse:
    """Open a return by hand: of a period that ended, and that nobody opened."""
    user = cast(Any, request.user)
    if not (user.has_perm(deeds.WRITE_RETURN) or user.has_perm(deeds.WRITE_LETTER)):
        raise PermissionDenied
    offered = {
        f"{unit.pk if unit else 0}-{forms.period_code(each.kind, each)}": (unit, each)
        for unit, each in deeds.to_begin(user, timezone.now())
    }
    labels = [(code, f"{each} – {unit or _('Department')}") for code, (unit, each) in offered.items()]
    form = forms.BeginForm(request.POST if request.method == "POST" else None, offered=labels)
    if request.method == "POST":
        made = tried(form, lambda given: deeds.begin(*offered[given["which"]], by=user))
        if made:
            return HttpResponseRedirect(address_of(made))
    heading = _("Open a return of an earlier period")
    return _shown(request, "deed", None, {"form": form, "heading": heading, "submit": heading, "none": not offered})


@require_http_methods(GET_POST)
def write(request: HttpRequest, return_id: int) -> HttpResponse:
    """Write the words of a return. Whoever comes second is shown what the other wrote, and keeps what they typed."""
    found, user = _seen(request, return_id), cast(Any, request.user)
    if not deeds.may_write(found, user):
        raise PermissionDenied
    if not found.is_writable:
        messages.error(request, _("This return was signed and is closed: correct it by another edition."))
        return HttpResponseRedirect(address_of(found))
    stands = {**deeds.texts_of(found, user), "version": found.version}
    form = forms.TextForm(request.POST if request.method == "POST" else None, initial=stands)
    context: dict[str, Any] = {"form": form, "heading": _("Write the return"), "submit": _("Save")}
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            deeds.write(found, given, by=user, version=given.pop("version"))
        except StaleVersion as refusal:
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = str(refusal.extra["current_version"])  # type: ignore[index]
            form.add_error(None, str(refusal))
            return _shown(request, "deed", found, {**context, "theirs": stands}, 409)
        except InvalidInput as refusal:
            form.take(refusal)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The return was saved."))
            return HttpResponseRedirect(address_of(found))
    return _shown(request, "deed", found, context)


@require_http_methods(GET_POST)
def sign(request: HttpRequest, return_id: int) -> HttpResponse:
    """Read the whole return once more and sign it."""
    found, user = _seen(request, return_id), cast(Any, request.user)
    if not deeds.may_sign(found, user):
        raise PermissionDenied
    if not found.is_writable:
        messages.error(request, _("This return was signed already."))
        return HttpResponseRedirect(address_of(found))
    refused: list[str] = []
    if request.method == "POST":
        sent = forms.SignForm(request.POST)
        if tried(sent, lambda given: _signed(found, given, user)):
            messages.success(request, _("Signed and closed. The files can be fetched below."))
            return HttpResponseRedirect(address_of(found))
        refused = list(dict.fromkeys(str(words) for each in sent.errors.values() for words in each))
        found = _seen(request, return_id)
    document, content = _document(found, user, None)
    stands = {"version": found.version, "as_of": content["as_of"], "digest": digest_of(content)}
    context = {
        "form": forms.SignForm(initial=stands),
        "refused": refused,
        "parts": _bars(document),
        "as_of": parse_datetime(content["as_of"]),
        "lacks": [name for name in ("findings", "solutions") if not content[name]],
    }
    return _shown(request, "sign", found, context)


def _signed(found: Return, given: dict[str, Any], user: Any) -> ReturnEdition:
    try:
        as_of = parse_datetime(given["as_of"])
    except ValueError:
        as_of = None
    if as_of is None or timezone.is_naive(as_of):
        raise InvalidInput({"as_of": [_("Look at the return again before you sign it.")]})
    return deeds.sign(found, as_of=as_of, digest=given["digest"], by=user, version=given["version"])


@require_http_methods(GET_POST)
def correct(request: HttpRequest, return_id: int) -> HttpResponse:
    """Open a signed return for another edition."""
    found, user = _seen(request, return_id), cast(Any, request.user)
    if not (deeds.may_write(found, user) or deeds.may_sign(found, user)):
        raise PermissionDenied
    if found.status != ReturnStatus.SIGNED:
        messages.error(request, _("Only what was signed can be corrected."))
        return HttpResponseRedirect(address_of(found))
    given = request.POST if request.method == "POST" else None
    form = forms.CorrectionForm(given, initial={"version": found.version})
    if request.method == "POST" and tried(form, lambda told: deeds.correct(found, by=user, **told)):
        messages.success(request, _("What was signed stays until the new edition is signed."))
        return HttpResponseRedirect(address_of(found))
    heading = _("Correct the return by a new edition")
    return _shown(request, "deed", found, {"form": form, "heading": heading, "submit": heading})


@require_GET
def file(request: HttpRequest, return_id: int, number: int, form: str) -> HttpResponse:
    """A file of a signed return, if it is still what was signed."""
    found = _seen(request, return_id)
    edition = ReturnEdition.objects.visible_to(request.user).filter(about=found, number=number).first()
    if edition is None or form not in FileForm.values:
        raise Http404
    try:
        content = deeds.handed_out(edition, form, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(address_of(found))
    answer = HttpResponse(content, content_type=XLSX if form == FileForm.XLSX else DOCX)
    unit = "so-y-te" if found.facility_id is None else found.facility.code.lower()  # type: ignore[union-attr]
    name = f"su-co-{unit}-{found.year}-{found.part}-ban-{number}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Who has handed in for one half-year: counts, and the facilities, the late ones first."""
    user = cast(Any, request.user)
    if not (user.has_perm(VIEW) and _may_oversee(user)):
        raise PermissionDenied
    choices = forms.period_choices((ReturnKind.SYNTHESIS,))
    asked = request.GET.get("period", "")
    code = asked if asked in dict(choices) else choices[0][0]
    period, now = forms.read_period(code), timezone.now()
    rows = Return.objects.visible_to(user).filter(kind=period.kind, year=period.year, part=period.part)
    late = Q(status=ReturnStatus.OPEN, due_at__lte=now)
    counts = rows.order_by().aggregate(
        every=Count("pk"),
        on_time=Count("pk", filter=Q(signed_at__lte=F("due_at"))),
        signed_late=Count("pk", filter=Q(signed_at__gt=F("due_at"))),
        late=Count("pk", filter=late),
        waiting=Count("pk", filter=Q(status=ReturnStatus.OPEN) & ~late),
    )
    listed = rows.select_related("facility").order_by(F("signed_at").desc(nulls_first=True), "facility__name")
    context = {
        "rows": listed[:MOST_SHOWN],
        "counts": counts,
        "periods": choices,
        "code": code,
        "period": period,
        "now": now,
    }
    return _shown(request, "overview", None, context)
