"""The pages of an analysis: reading it, writing it, and the steps between facility and department."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.exceptions import InvalidInput, MoveRefused, Refused, StaleVersion
from incidents import analysing
from incidents.admin import analysis_page
from incidents.admin.analysis_form import AnalysisForm, AnalysisStepForm
from incidents.admin.views import conflict, picked, seen, shown
from incidents.analysing import MOVES, allowed_moves
from incidents.choices import AnalysisStatus
from incidents.models import Analysis, AnalysisPast, Incident
from incidents.transitions import is_own


def address_of(incident: Incident) -> str:
    """The page of an incident's analysis."""
    return reverse("admin:incidents_incident_analysis", args=[incident.pk])


def _seen(request: HttpRequest, incident_id: int) -> tuple[Incident, Analysis]:
    """Incident and analysis as this person sees them. Raises `Http404` when either is absent or not theirs to see."""
    incident = seen(request, incident_id)
    analysis = analysing.analysis_of(incident, request.user)
    if analysis is None:
        raise Http404
    analysis.incident = incident
    return incident, analysis


@require_GET
def analysis_view(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The whole analysis from top to bottom, with the fishbone drawn; printable."""
    incident, analysis = _seen(request, incident_id)
    context = analysis_page.context_of(analysis, incident, request.user)
    return shown(request, "analysis", incident, context)


@require_POST
def begin(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Begin the analysis, with what the report says already."""
    incident = seen(request, incident_id)
    if not is_own(incident, request.user):
        raise PermissionDenied
    try:
        analysing.open_analysis(incident, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:incidents_incident_change", args=[incident.pk]))
    return HttpResponseRedirect(reverse("admin:incidents_incident_analysis_edit", args=[incident.pk]))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Write an analysis; several people may, and nobody's words are lost."""
    incident, analysis = _seen(request, incident_id)
    if not is_own(incident, request.user):
        raise PermissionDenied
    if not analysis.is_writable:
        messages.error(request, _("This analysis was sent: the department has it."))
        return HttpResponseRedirect(address_of(incident))
    remarks = analysis_page.remarks_of(analysis, request.user)
    form = AnalysisForm(request.POST if request.method == "POST" else None, analysis=analysis, remarks=remarks)
    if request.method == "POST" and form.is_valid():
        answer = _written(request, analysis, form)
        if answer is not None:
            return answer
    return shown(request, "analysis_form", incident, {"form": form, "back": address_of(incident)})


def _written(request: HttpRequest, analysis: Analysis, form: AnalysisForm) -> HttpResponse | None:
    """Write it; None when the form has to be shown again with its faults."""
    read = form.cleaned_data["version"]
    base = analysis if read == analysis.version else _as_of(analysis, read) or analysis
    wishes = picked(form.wishes(base), request.POST)
    try:
        analysing.write(analysis, wishes, by=request.user, version=read)
    except StaleVersion:
        return _conflict(request, analysis, base, wishes)
    except InvalidInput as refusal:
        form.take(refusal)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, _("The analysis was saved."))
        name = "analysis_edit" if "more" in request.POST else "analysis"
        return HttpResponseRedirect(reverse(f"admin:incidents_incident_{name}", args=[analysis.incident_id]))
    return None


def _as_of(analysis: Analysis, version: int) -> Any:
    """The analysis as it was in a version."""
    return AnalysisPast.objects.filter(id=analysis.pk, version=version).order_by("history_id").first()


def _conflict(request: HttpRequest, analysis: Analysis, base: Any, wishes: dict[str, Any]) -> HttpResponse:
    incident, now = _seen(request, analysis.incident_id)
    data = request.POST.copy()
    data["version"] = str(now.version)
    return conflict(
        request,
        incident,
        heading=_("Two people wrote this analysis"),
        back=address_of(incident),
        form=AnalysisForm(data, analysis=now),
        states=(base, now),
        wishes=wishes,
        words=(analysis_page.labelled, analysis_page.said),
    )


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, incident_id: int, status: str) -> HttpResponse:
    """The form of one step of an analysis, and making it."""
    incident, analysis = _seen(request, incident_id)
    move = allowed_moves(analysis, incident, request.user).get(status)  # type: ignore[call-overload]
    if move is None:
        if (analysis.status, status) in MOVES:
            raise PermissionDenied
        messages.error(request, MoveRefused.message)
        return HttpResponseRedirect(address_of(incident))
    form = AnalysisStepForm(
        request.POST if request.method == "POST" else None,
        analysis=analysis,
        move=move,
        with_remarks=status == AnalysisStatus.RETURNED,
    )
    is_stale = False
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("reason", "version")}
        try:
            analysing.move(analysis, status, by=request.user, remarks=form.remarks(), **given)
        except StaleVersion as refusal:
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = str(refusal.extra["current_version"])  # type: ignore[index]
            form.add_error(None, str(refusal))
            is_stale = True
        except InvalidInput as refusal:
            form.add_error(None, [str(refusal), *(words for each in refusal.fields.values() for words in each)])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = {"reference": incident.reference, "step": str(move.label)}
            messages.success(request, _("%(reference)s: %(step)s – done.") % words)
            return HttpResponseRedirect(address_of(incident))
    context = {"form": form, "heading": str(move.label), "submit": str(move.label), "tone": move.tone}
    return shown(request, "deed", incident, context | {"incident_url": address_of(incident)}, 409 if is_stale else 200)
