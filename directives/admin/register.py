"""The register: its list, the page of a directive, and what may be done to it.

Each address starts from `visible_to`: a directive that somebody may not see is answered like one that is not there."""

from typing import Any
from urllib.parse import quote

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.admin import ConsoleAdmin
from common.exceptions import StaleVersion
from common.history import changes_of, occasions_of
from common.refusals import tried
from common.text import fold
from directives import lineage, register
from directives.admin import closing_pages, importing
from directives.admin.forms import CorrectionForm, LineForm, SupersedeForm
from directives.admin.shared import GET_POST, address_of, deed_page, managed, seen, shown, stale, tried_or_stale
from directives.choices import DirectiveState, ObligationState
from directives.models import Clause, Directive, DocumentVersion, Obligation

LIST = "admin:directives_directive_changelist"


def _list(request: HttpRequest) -> HttpResponse:
    """The register, the newest first, in a few queries however long it is."""
    if request.method != "GET":
        raise PermissionDenied
    rows = Directive.objects.visible_to(request.user)
    words, state = fold(request.GET.get("q", "")[:200]), request.GET.get("state", "")
    if state in DirectiveState.values:
        rows = rows.filter(state=state)
    found = [row for row in rows if not words or words in fold(f"{row.code} {row.number} {row.issuer} {row.subject}")]
    counts = dict(
        Obligation.objects.visible_to(request.user)
        .filter(state=ObligationState.OPEN)
        .values_list("directive")
        .annotate(Count("pk"))
        .order_by()
    )
    for row in found:
        row.open_count = counts.get(row.pk, 0)  # type: ignore[attr-defined]
    context = {"rows": found, "q": request.GET.get("q", "")[:200], "state": state, "states": DirectiveState.choices}
    return shown(request, "list", _("Directives"), context)


@require_GET
def directive_page(request: HttpRequest, directive_id: int) -> HttpResponse:
    """Everything about one directive, from top to bottom."""
    directive, user = seen(request, directive_id), request.user
    obligations = list(
        Obligation.objects.visible_to(user)
        .filter(Q(directive=directive) | Q(carried_by=directive))
        .select_related("clause", "directive", "carried_by")
        .prefetch_related("indicators")
        .order_by("directive_id", "clause__position", "code")
    )
    clauses = list(Clause.objects.visible_parts(user, directive=directive))
    with_duty = {each.clause_id for each in obligations}
    lines = register.line_of(directive, user)
    context = {
        "directive": directive,
        "lines": lines,
        "obligations": obligations,
        "clauses": [clause for clause in clauses if clause.pk not in with_duty],
        "documents": DocumentVersion.objects.visible_parts(user, directive=directive).defer("content"),
        "drawing": lineage.drawn(directive, lines),
        "entries": occasions_of(changes_of(directive, hidden=("id", "version"), reader=user))
        if user.has_perm("directives.view_every_directive")
        else [],
        "sees_all": user.has_perm("directives.view_every_directive"),
    }
    return shown(request, "page", str(directive), context)


@require_GET
def document(request: HttpRequest, directive_id: int, position: int) -> HttpResponse:
    """The file as it was entered, or its text where there was none; never shown as a page of ours."""
    directive = seen(request, directive_id)
    rows = DocumentVersion.objects.visible_parts(request.user, directive=directive)
    found = rows.filter(position=position).first()
    if found is None:
        raise Http404
    content = bytes(found.content) if found.content else found.text.encode()
    kind = found.content_type if found.content else "text/plain; charset=utf-8"
    name = found.name if found.content else f"{directive.code}-{position}.txt"
    answer = HttpResponse(content, content_type=kind or "application/octet-stream")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return answer


@require_http_methods(GET_POST)
def correct(request: HttpRequest, directive_id: int) -> HttpResponse:
    """Correct what is known of a directive."""
    directive = managed(request, directive_id)
    form = CorrectionForm(request.POST if request.method == "POST" else None, directive=directive)
    back = (address_of(directive), str(directive))

    def deed(given: dict[str, Any]) -> Directive:
        return register.change(
            directive, form.facts(), by=request.user, reason=given["reason"], version=given["version"]
        )

    try:
        if request.method == "POST" and tried_or_stale(form, deed):
            messages.success(request, _("The directive was corrected."))
            return HttpResponseRedirect(back[0])
    except StaleVersion as refusal:
        return stale(request, form, refusal, _("Correct what is known"), back)
    return deed_page(request, form, _("Correct what is known"), back)


@require_http_methods(GET_POST)
def relate(request: HttpRequest, directive_id: int) -> HttpResponse:
    """Say what a directive goes back to."""
    directive = managed(request, directive_id)
    offered = Directive.objects.visible_to(request.user).exclude(pk=directive.pk)
    form = LineForm(request.POST if request.method == "POST" else None, offered=offered)
    if request.method == "POST" and tried(
        form, lambda given: register.relate(directive, given["relation"], given["other"], by=request.user)
    ):
        messages.success(request, _("The lineage was recorded."))
        return HttpResponseRedirect(address_of(directive))
    return deed_page(request, form, _("Say what it goes back to"), (address_of(directive), str(directive)))


@require_http_methods(GET_POST)
def supersede(request: HttpRequest, directive_id: int) -> HttpResponse:
    """A newer directive takes its place; of each open obligation somebody says whether it goes on."""
    directive = managed(request, directive_id)
    back = (address_of(directive), str(directive))
    if directive.state != DirectiveState.IN_FORCE:
        messages.error(request, _("It is not in force any more."))
        return HttpResponseRedirect(back[0])
    offered = Directive.objects.visible_to(request.user).exclude(pk=directive.pk)
    rows = Obligation.objects.visible_to(request.user).filter(directive=directive, state=ObligationState.OPEN)
    form = SupersedeForm(
        request.POST if request.method == "POST" else None,
        offered=offered.filter(state=DirectiveState.IN_FORCE),
        obligations=list(rows),
        initial={"version": directive.version},
    )

    def deed(given: dict[str, Any]) -> Directive:
        return register.supersede(
            directive, given["newer"], form.choices(), by=request.user, reason=given["reason"],
            version=given["version"],
        )  # fmt: skip

    heading = _("A newer directive takes its place")
    try:
        if request.method == "POST" and tried_or_stale(form, deed):
            messages.success(
                request, _("The directive was superseded; each obligation goes on or is closed as you said.")
            )
            return HttpResponseRedirect(back[0])
    except StaleVersion as refusal:
        return stale(request, form, refusal, heading, back)
    return deed_page(request, form, heading, back, tone="warning")


@admin.register(Directive)
class DirectiveAdmin(ConsoleAdmin):
    """Directives: read by those who may see them, changed by `directives.register`, deleted by nobody."""

    def get_urls(self) -> list[URLPattern]:
        """The list and the pages of one directive; the stock forms have no address."""

        def named(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"directives_directive_{name}")

        return [
            named("", self.changelist_view, "changelist"),
            named("nhap/", importing.begin, "begin"),
            named("nhap/<int:draft_id>/", importing.reading, "reading"),
            named("<int:directive_id>/change/", directive_page, "change"),
            named("<int:directive_id>/sua/", correct, "correct"),
            named("<int:directive_id>/nguon-goc/", relate, "relate"),
            named("<int:directive_id>/thay-the/", supersede, "supersede"),
            named("<int:directive_id>/thu-hoi/", closing_pages.end, "end"),
            named("<int:directive_id>/khoi-phuc/", closing_pages.resume, "resume"),
            named("nhiem-vu/<int:obligation_id>/dong/", closing_pages.close, "close_obligation"),
            named("nhiem-vu/<int:obligation_id>/mo-lai/", closing_pages.reopen, "reopen_obligation"),
            named("<int:directive_id>/van-ban/<int:position>/", document, "document"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not request.user.has_perm("directives.view_directive"):
            raise PermissionDenied
        return _list(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Directive | None = None) -> bool:
        return False
