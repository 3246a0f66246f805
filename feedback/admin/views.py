"""The addresses under one case: its page, its steps, its correction, its notes and its files.

Each of them starts from `visible_to`: a case that somebody may not see is answered like one that is not there."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.models import Act
from audit.services import record_first
from common.editing import CONFLICT, CONFLICT_PAGE
from common.exceptions import InvalidInput, MoveRefused, Refused, StaleVersion
from common.merging import MINE, PICK, WISHED, Section
from common.text import number_in, version_in
from common.uploads import served
from feedback import services, timeline, transitions
from feedback.admin import page
from feedback.admin.forms import EditForm, MoveForm, NoteForm
from feedback.choices import Status
from feedback.models import Attachment, Case
from feedback.transitions import MOVES, Move, allowed_moves


def seen(request: HttpRequest, case_id: int) -> Case:
    """The case, as this person sees it; looking at a confidential one, through whichever page, leaves an audit entry.

    Raises `Http404` when it is absent or not theirs to see."""
    if not request.user.has_perm("feedback.view_case"):
        raise PermissionDenied
    case = (
        Case.objects.visible_to(request.user)
        .select_related("channel", "category__parent", "facility", "area", "division", "assignee", "merged_into")
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        raise Http404
    if case.is_confidential:  # by whatever method: a refused form comes back with the case around it
        record_first(Act.VIEW, by=request.user, about=case)
    return case


def address_of(case: Case) -> str:
    """The case's page."""
    return reverse("admin:feedback_case_change", args=[case.pk])


def shown(
    request: HttpRequest, template: str, case: Case, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page about a case within the console."""
    return TemplateResponse(
        request,
        f"console/case/{template}.html",
        {
            **admin.site.each_context(request),
            "title": case.reference,
            "case": case,
            "case_url": address_of(case),
            "is_fullwidth": "1",
            "has_own_heading": True,
            **context,
        },
        status=status,
    )


@require_GET
def case_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """Everything about one case, from top to bottom."""
    case = seen(request, case_id)
    return shown(request, "page", case, page.context_of(case, request.user))


# --- steps ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, case_id: int, status: str) -> HttpResponse:
    """The form of one step, and making it. What was typed survives every refusal."""
    case = seen(request, case_id)
    if request.method == "POST":
        return _made(request, case, status)
    offered = allowed_moves(case, request.user)
    if status not in offered:
        if (case.status, status) in MOVES and MOVES[Status(case.status), Status(status)].fits(case):
            raise PermissionDenied
        messages.error(request, MoveRefused.message)
        return HttpResponseRedirect(address_of(case))
    form = MoveForm(case=case, move=offered[Status(status)], initial=_prefilled(request, case))
    return _step_page(request, case, status, form)


def _prefilled(request: HttpRequest, case: Case) -> dict[str, Any]:
    """What a suggestion's link fills in, and which version of the other case an undone merge was decided on."""
    facility = request.GET.get("facility", "")
    filled = {} if number_in(facility) is None else {"facility": facility}
    return filled | ({"target_version": case.merged_into.version} if case.merged_into else {})


def _made(request: HttpRequest, case: Case, status: str) -> HttpResponse:
    move = _move_to(case, status)
    form = MoveForm(request.POST, request.FILES, case=case, move=move)
    if not form.is_valid():
        return _step_page(request, case, status, form)
    asked = form.cleaned_data
    try:
        transitions.move(
            case, status, by=request.user, reason=asked["reason"], version=asked["version"], given=form.given()
        )
    except StaleVersion:
        return _stale_step(request, case.pk, status)
    except InvalidInput as refusal:
        form.take(refusal)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, _("%(reference)s: %(step)s – done.") % {"reference": case, "step": move.label})
        return HttpResponseRedirect(_onward(request, case))
    return _step_page(request, case, status, form)


def _move_to(case: Case, status: str) -> Move:
    """The step from here; or, when the case went on meanwhile, any step with that end, to keep what was typed."""
    if (case.status, status) in MOVES:
        return MOVES[Status(case.status), Status(status)]
    for (_source, target), move in MOVES.items():
        if target == status:
            return move
    raise Http404


def _onward(request: HttpRequest, case: Case) -> str:
    """Back to the case while one may see it, else to the list: a step can take it out of one's sight."""
    is_seen = Case.objects.visible_to(request.user).filter(pk=case.pk).exists()
    return address_of(case) if is_seen else reverse("admin:feedback_case_changelist")


def _step_page(request: HttpRequest, case: Case, status: str, form: MoveForm) -> HttpResponse:
    context = {
        "form": form,
        "move": _move_to(case, status),
        "status": status,
        **page.step_context(case, request.user, form),
    }
    return shown(request, "step", case, context, status=422 if form.errors else 200)


def _stale_step(request: HttpRequest, case_id: int, status: str) -> HttpResponse:
    """Somebody was quicker: say what they did, and keep what was typed for a second decision."""
    case = seen(request, case_id)
    offered = allowed_moves(case, request.user)
    data = request.POST.copy()
    read = version_in(data.get("version", ""))
    data["version"] = str(case.version)
    if case.merged_into:
        data["target_version"] = str(case.merged_into.version)
    form = MoveForm(data, case=case, move=_move_to(case, status))
    context = {
        "form": form,
        "move": _move_to(case, status),
        "status": status,
        "is_possible": status in offered,
        "is_stale": True,
        "happened": timeline.since(case, read, request.user),
        "lost_files": bool(request.FILES),
        **page.step_context(case, request.user, form),
    }
    return shown(request, "step", case, context, status=CONFLICT)


# --- corrections ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, case_id: int) -> HttpResponse:
    """Correct what a case is filed under."""
    case = seen(request, case_id)
    if not request.user.has_perm("feedback.triage_case"):
        raise PermissionDenied
    if request.method == "GET":
        return shown(request, "correction", case, {"form": EditForm(case=case)})
    form = EditForm(request.POST, case=case)
    if form.is_valid():
        answer = _corrected(request, case, form)
        if answer is not None:
            return answer
    return shown(request, "correction", case, {"form": form}, status=422)


def _corrected(request: HttpRequest, case: Case, form: EditForm) -> HttpResponse | None:
    """Write the correction; None when the form has to be shown again with its faults."""
    read = form.cleaned_data["version"]
    base = case if read == case.version else timeline.as_of(case, read) or case
    wishes = _picked(form.wishes(base), request.POST)
    if not wishes:
        form.add_error(None, _("Nothing was changed."))
        return None
    try:
        services.edit(case, wishes, by=request.user, reason=form.cleaned_data["reason"], version=read)
    except StaleVersion:
        return _stale_correction(request, case.pk, base, wishes)
    except InvalidInput as refusal:
        form.take(refusal)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, _("%(reference)s was corrected.") % {"reference": case})
        return HttpResponseRedirect(_onward(request, case))
    return None


def _picked(wishes: dict[str, Any], data: QueryDict) -> dict[str, Any]:
    """After a conflict: only what was wished then and chosen since, without what the person gave up for the other's."""
    if WISHED not in data:
        return wishes
    wished = data.getlist(WISHED)
    return {name: value for name, value in wishes.items() if name in wished and data.get(f"{PICK}{name}") == MINE}


def _stale_correction(request: HttpRequest, case_id: int, base: Any, wishes: dict[str, Any]) -> HttpResponse:
    """Somebody was quicker: show theirs and mine, field by field, and let the person choose."""
    case = seen(request, case_id)
    data = request.POST.copy()
    read = version_in(data.get("version", ""))
    data["version"] = str(case.version)
    form = EditForm(data, case=case)
    context = {
        **admin.site.each_context(request),
        "title": case.reference,
        "heading": _("Two people changed this case"),
        "back": address_of(case),
        "back_label": case.reference,
        "action": request.path,
        "sections": [Section("", page.conflicts(case, base, wishes))],
        "wished": list(wishes),
        "hidden": [(name, data[name]) for name in form.fields if name in data and name != "reason"],
        "asked": [form["reason"]],
        "media": form.media,
        "happened": timeline.since(case, read, request.user),
        "happened_template": "console/case/entry.html",
        "is_fullwidth": "1",
        "has_own_heading": True,
    }
    return TemplateResponse(request, CONFLICT_PAGE, context, status=CONFLICT)


# --- notes, files -----------------------------------------------------------------------------------------------


@require_POST
def note(request: HttpRequest, case_id: int) -> HttpResponse:
    """Write a remark."""
    case = seen(request, case_id)
    form = NoteForm(request.POST, case=case, writer=request.user)
    if form.is_valid():
        try:
            services.add_note(case, form.cleaned_data["text"], audience=form.cleaned_data["audience"], by=request.user)
        except InvalidInput as refusal:
            for name, sentences in refusal.fields.items():
                form.add_error(name, sentences)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The note was written."))
            return HttpResponseRedirect(f"{address_of(case)}#dien-bien")
    return shown(request, "page", case, page.context_of(case, request.user) | {"note_form": form})


@require_GET
def attachment(request: HttpRequest, case_id: int, token: str) -> HttpResponseBase:
    """One file, always as a download: nothing that somebody sent is opened inside the console."""
    seen(request, case_id)
    found = Attachment.objects.visible_to(request.user).filter(case=case_id, token=token).first()
    if found is None:
        raise Http404
    return served(found)
