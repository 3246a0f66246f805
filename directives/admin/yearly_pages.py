"""The pages of the annual report pack: the frozen ones, a preview that can be frozen, and the files."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common.exceptions import InvalidInput, Refused
from common.papers.layout import digest_of
from common.refusals import tried
from directives.admin.shared import GET_POST, shown
from directives.choices import FileForm
from directives.models import ReportPack
from directives.visibility import EVERY
from directives.yearly import deeds
from directives.yearly.content import drawn_up
from directives.yearly.documents import laid_out
from facilities.imports.writing import XLSX

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {FileForm.XLSX: XLSX, FileForm.DOCX: DOCX}


class FreezeForm(forms.Form):
    """What somebody says to the figures they were shown."""

    as_of = forms.CharField(max_length=40, widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    findings = forms.CharField(
        label=gettext_lazy("General assessment and recommendations"),
        required=False,
        max_length=deeds.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is drawn up again"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True


def _reader(request: HttpRequest) -> Any:
    if not request.user.has_perm(EVERY.permission):
        raise PermissionDenied
    return request.user


@require_GET
def packs(request: HttpRequest) -> HttpResponse:
    """Every frozen pack, and the years that may be drawn up."""
    user = _reader(request)
    context = {
        "packs": ReportPack.objects.visible_to(user).select_related("by").defer("content"),
        "years": deeds.years(timezone.now()),
        "forms": FileForm.choices,
        "may_draw_up": user.has_perm(deeds.DRAW_UP),
    }
    return shown(request, "packs", _("Annual report pack"), context)


@require_http_methods(GET_POST)
def preview(request: HttpRequest, year: int) -> HttpResponse:
    """The year as it stands now; frozen when somebody says so."""
    user = _reader(request)
    if year not in deeds.years(timezone.now()):
        raise Http404
    may_draw_up = user.has_perm(deeds.DRAW_UP)
    if request.method == "POST" and not may_draw_up:
        raise PermissionDenied
    is_first = not ReportPack.objects.filter(year=year).exists()
    sent = FreezeForm(request.POST, is_first=is_first) if request.method == "POST" else None
    if sent is not None and (made := tried(sent, lambda given: _frozen(year, given, user))):
        messages.success(request, _("Frozen. The files can be fetched below."))
        return HttpResponseRedirect(reverse("admin:directives_assignment_pack", args=[made.year, made.number]))
    as_of = timezone.now()
    content = drawn_up(year, as_of, "")
    form = FreezeForm(initial={"as_of": content["as_of"], "digest": digest_of(content)}, is_first=is_first)
    refused: list[str] = []
    if sent is not None:
        refused = list(dict.fromkeys(str(words) for each in sent.errors.values() for words in each))
        form.initial.update({name: sent.data.get(name, "") for name in ("findings", "reason")})
    context = {
        "year": year,
        "document": laid_out(content, None),
        "form": form,
        "refused": refused,
        "may_draw_up": may_draw_up,
    }
    return shown(request, "pack", _("Annual report pack"), context)


def _frozen(year: int, given: dict[str, Any], user: Any) -> ReportPack:
    try:
        as_of = parse_datetime(given["as_of"])
    except ValueError:
        as_of = None
    if as_of is None or timezone.is_naive(as_of):
        raise InvalidInput({"as_of": [_("Look at the report again before you freeze it.")]})
    return deeds.freeze(
        year, as_of=as_of, digest=given["digest"], findings=given["findings"], reason=given.get("reason", ""), by=user
    )


def _seen(request: HttpRequest, year: int, number: int) -> ReportPack:
    rows = ReportPack.objects.visible_to(_reader(request)).select_related("by", "former")
    found = rows.filter(year=year, number=number).first()
    if found is None:
        raise Http404
    return found


@require_GET
def pack(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """One frozen pack from top to bottom."""
    found = _seen(request, year, number)
    context = {"year": year, "pack": found, "document": laid_out(found.content, None), "forms": FileForm.choices}
    return shown(request, "pack", _("Annual report pack"), context)


@require_GET
def file(request: HttpRequest, year: int, number: int, form: str) -> HttpResponse:
    """A file of a pack, if it is still what was frozen."""
    found = _seen(request, year, number)
    if form not in FileForm.values:
        raise Http404
    try:
        content = deeds.handed_out(found, form, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:directives_assignment_pack", args=[year, number]))
    answer = HttpResponse(content, content_type=TYPES[FileForm(form)])
    answer.headers["Content-Disposition"] = f'attachment; filename="bao-cao-nam-{year}-ban-{number}.{form}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
