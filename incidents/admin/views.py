"""The page of an incident, and writing its report.

Each address starts from `visible_to`: an incident that somebody may not see is answered like one that is not there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.editing import CONFLICT, CONFLICT_PAGE
from common.exceptions import InvalidInput, Refused, StaleVersion
from common.history import changes_of, occasions_of
from common.merging import MINE, PICK, WISHED, Difference, Section
from facilities.models import Facility
from incidents import services
from incidents.admin import page, staff_card
from incidents.admin.forms import SECTIONS, ReportForm, StartForm
from incidents.completeness import NEEDED, contradictions
from incidents.models import Incident, Past
from incidents.transitions import WRITE, is_own


def seen(request: HttpRequest, incident_id: int) -> Incident:
    """The incident, as this person sees it. Raises `Http404` when it is absent or not theirs to see."""
    if not request.user.has_perm("incidents.view_incident"):
        raise PermissionDenied
    rows = Incident.objects.visible_to(request.user).select_related("facility", "division", "assignee")
    incident = rows.filter(pk=incident_id).first()
    if incident is None:
        raise Http404
    return incident


def address_of(incident: Incident) -> str:
    """The incident's page."""
    return reverse("admin:incidents_incident_change", args=[incident.pk])


def shown(
    request: HttpRequest, template: str, incident: Incident | None, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page about an incident within the console."""
    about = {} if incident is None else {"incident": incident, "incident_url": address_of(incident)}
    return TemplateResponse(
        request,
        f"console/incident/{template}.html",
        {
            **admin.site.each_context(request),
            "title": incident.reference if incident else _("Report an incident"),
            **about,
            "is_fullwidth": "1",
            "has_own_heading": True,
            **context,
        },
        status=status,
    )


@require_GET
def incident_page(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Everything about one incident, from top to bottom."""
    incident = seen(request, incident_id)
    return shown(
        request,
        "page",
        incident,
        page.context_of(incident, request.user) | staff_card.context_of(incident, request.user),
    )


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Open a draft, or say where an event goes that is none of the circular's."""
    user: Any = request.user
    if not user.has_perm(WRITE):
        raise PermissionDenied
    own = user.scope.facilities - user.recused_facilities
    facilities = list(Facility.objects.filter(pk__in=own).order_by("name"))
    form = StartForm(request.POST or None, facilities=facilities)
    if request.method == "POST" and form.is_valid():
        chosen = next(each for each in facilities if str(each.pk) == form.cleaned_data["facility"])
        try:
            incident = services.start(chosen, by=request.user, excluded=form.cleaned_data["excluded"])
        except InvalidInput as refusal:
            for name, sentences in refusal.fields.items():
                form.add_error(name, sentences)
        else:
            return HttpResponseRedirect(reverse("admin:incidents_incident_edit", args=[incident.pk]))
    return shown(request, "start", None, {"form": form, "facilities": facilities})


# --- writing the report ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Write a draft or a returned report; several people may, and nobody's words are lost."""
    incident = seen(request, incident_id)
    if not is_own(incident, request.user):
        raise PermissionDenied
    if not incident.is_writable:
        messages.error(request, _("This report was sent: add to it, or ask for another classification."))
        return HttpResponseRedirect(address_of(incident))
    form = ReportForm(request.POST if request.method == "POST" else None, incident=incident)
    if request.method == "POST" and form.is_valid():
        answer = _written(request, incident, form)
        if answer is not None:
            return answer
    return shown(request, "form", incident, {"form": form, "needed": NEEDED, "later": SECTIONS[-1][0]})


def _written(request: HttpRequest, incident: Incident, form: ReportForm) -> HttpResponse | None:
    """Write it; None when the form has to be shown again with its faults."""
    read = form.cleaned_data["version"]
    base = incident if read == incident.version else _as_of(incident, read) or incident
    wishes = picked(form.wishes(base), request.POST)
    try:
        written = services.edit(incident, wishes, form.people(), by=request.user, version=read)
    except StaleVersion:
        return _conflict(request, incident.pk, base, wishes)
    except InvalidInput as refusal:
        form.take(refusal)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, _("%(reference)s was saved.") % {"reference": incident})
        for words in contradictions(written, timezone.now()).values():
            messages.warning(request, str(words))
        return HttpResponseRedirect(address_of(incident))
    return None


def _as_of(incident: Incident, version: int) -> Any:
    """The report as it was in a version."""
    return Past.objects.filter(id=incident.pk, version=version).order_by("history_id").first()


def picked(wishes: dict[str, Any], data: QueryDict) -> dict[str, Any]:
    """After a conflict: only what was wished then and chosen since."""
    if WISHED not in data:
        return wishes
    wished = data.getlist(WISHED)
    return {name: value for name, value in wishes.items() if name in wished and data.get(f"{PICK}{name}") == MINE}


def _conflict(request: HttpRequest, incident_id: int, base: Any, wishes: dict[str, Any]) -> HttpResponse:
    incident = seen(request, incident_id)
    data = request.POST.copy()
    data["version"] = str(incident.version)
    return conflict(
        request,
        incident,
        heading=_("Two people wrote this report"),
        back=address_of(incident),
        form=ReportForm(data, incident=incident),
        states=(base, incident),
        wishes=wishes,
        words=(page.labelled, page.said),
    )


def conflict(
    request: HttpRequest,
    record: Any,
    *,
    heading: str,
    back: str,
    form: Any,
    states: tuple[Any, Any],
    wishes: dict[str, Any],
    words: tuple[Callable[[str], str], Callable[[str, Any], str]],
) -> HttpResponse:
    """Somebody was quicker: show theirs and mine, field by field, and let the person choose.

    `states` are what the writer saw and what is stored now, `words` how a field and its value are said."""
    base, now = states
    newer = type(now).history.filter(id=now.pk, version__gt=getattr(base, "version", 0)).count()
    context = {
        **admin.site.each_context(request),
        "title": record.reference,
        "heading": heading,
        "back": back,
        "back_label": record.reference,
        "action": request.path,
        "sections": [Section("", list(_differences(states, wishes, form.names, words)))],
        "wished": list(wishes),
        "hidden": [(name, value) for name in form.data if name in form.fields for value in form.data.getlist(name)],
        "asked": [],
        "media": form.media,
        "happened": occasions_of(changes_of(now, reader=request.user))[:newer][::-1],
        "happened_template": "admin/occasion.html",
        "is_fullwidth": "1",
        "has_own_heading": True,
    }
    return TemplateResponse(request, CONFLICT_PAGE, context, status=CONFLICT)


def _differences(
    states: tuple[Any, Any],
    wishes: dict[str, Any],
    names: Iterable[str],
    words: tuple[Callable[[str], str], Callable[[str, Any], str]],
) -> Iterator[Difference]:
    (base, stored), (labelled, said) = states, words
    for name in names:
        was, now = getattr(base, name), getattr(stored, name)
        if name in wishes or was != now:
            is_wished = name in wishes
            told = (labelled(name), said(name, was), said(name, now), said(name, wishes.get(name, was)))
            yield Difference(name, *told, is_wished, is_wished and was != now)
