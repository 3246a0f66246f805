"""The pages of an action. A row that one may not see is answered like one that is not there."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.exceptions import InvalidInput, MoveRefused, Refused, StaleVersion
from common.file_fields import taken
from common.refusals import tried
from common.text import number_in
from common.uploads import served
from facilities.models import Facility
from incidents.actions import services, transitions
from incidents.actions.transitions import MOVES, allowed_moves, answers_for, is_own, may_verify
from incidents.admin.actions import page
from incidents.admin.actions.forms import ActionForm, ConcessionForm, EffectForm, ProgressForm, StepForm
from incidents.admin.forms import AnswerForm
from incidents.admin.views import conflict, picked
from incidents.admin.views import seen as incident_seen
from incidents.choices import SENT, ActionStatus, Concession
from incidents.models import Action, ActionPast, ConcessionAsked, Evidence, Incident
from incidents.transitions import WRITE

GET_POST = ["GET", "POST"]


def seen(request: HttpRequest, action_id: int) -> Action:
    """The action, as this person sees it. Raises `Http404` when it is absent or not theirs to see."""
    if not request.user.has_perm("incidents.view_incident"):
        raise PermissionDenied
    rows = Action.objects.visible_to(request.user)
    action = rows.select_related("facility", "division", "owner", "incident").filter(pk=action_id).first()
    if action is None:
        raise Http404
    return action


def address_of(action: Action) -> str:
    """The action's page."""
    return reverse("admin:incidents_action_change", args=[action.pk])


def shown(
    request: HttpRequest, template: str, action: Action | None, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page about an action within the console."""
    about = {} if action is None else {"action": action, "action_url": address_of(action)}
    return TemplateResponse(
        request,
        f"console/action/{template}.html",
        {
            **admin.site.each_context(request),
            "title": action.reference if action else _("Plan an action"),
            **about,
            "is_fullwidth": "1",
            "has_own_heading": True,
            **context,
        },
        status=status,
    )


def _deed(request: HttpRequest, action: Action, form: Any, heading: str, **more: Any) -> HttpResponse:
    status = 409 if more.pop("is_stale", False) else 200
    return shown(request, "deed", action, {"form": form, "heading": heading, "submit": heading, **more}, status)


def _done(request: HttpRequest, action: Action, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(address_of(action))


@require_GET
def action_page(request: HttpRequest, action_id: int) -> HttpResponse:
    """Everything about one action, from the plan to its effect."""
    action = seen(request, action_id)
    return shown(request, "page", action, page.context_of(action, request.user))


# --- planning --------------------------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def begin(request: HttpRequest) -> HttpResponse:
    """Plan an action on its own, for one's facility: the first of them where one has several."""
    user: Any = request.user
    if not user.has_perm(WRITE):
        raise PermissionDenied
    own = Facility.objects.filter(pk__in=user.scope.facilities - user.recused_facilities).order_by("name")
    wished = number_in(request.GET.get("co-so", ""))
    chosen = (own.filter(pk=wished).first() if wished else None) or own.first()
    if chosen is None:
        raise PermissionDenied
    return _planned(request, Action(facility=chosen, owner=user), others=[one for one in own if one != chosen])


@require_http_methods(GET_POST)
def begin_after(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Plan an action after an incident, with the causes that were found."""
    user: Any = request.user
    incident = incident_seen(request, incident_id)
    action = Action(facility=incident.facility, incident=incident, owner=user)
    if not is_own(action, user):
        raise PermissionDenied
    if incident.status not in SENT:
        messages.error(request, _("The report comes first: send it, then plan what is done."))
        return HttpResponseRedirect(reverse("admin:incidents_incident_change", args=[incident.pk]))
    action.causes = services.causes_of(incident, user)
    return _planned(request, action, incident=incident)


def _planned(request: HttpRequest, action: Action, incident: Incident | None = None, **more: Any) -> HttpResponse:
    form = ActionForm(request.POST if request.method == "POST" else None, action=action)
    form.fields["version"].required = False

    def deed(given: dict[str, Any]) -> Action:
        wishes = {name: given[name] for name in services.FIELDS}
        return services.plan(action.facility, wishes, by=request.user, incident=incident)

    if request.method == "POST" and (made := tried(form, deed)):
        return _done(request, made, _("%(reference)s was planned.") % {"reference": made.reference})
    back = reverse("admin:incidents_incident_change", args=[incident.pk]) if incident else ""
    context = {"form": form, "facility": action.facility, "incident": incident, "is_new": True, **more}
    return shown(request, "form", None, context | {"back": back or reverse("admin:incidents_action_changelist")})


# --- writing ---------------------------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def edit(request: HttpRequest, action_id: int) -> HttpResponse:
    """Write an action that is to be done; several people may, and nobody's words are lost."""
    action = seen(request, action_id)
    if not is_own(action, request.user):
        raise PermissionDenied
    if not action.is_writable:
        messages.error(
            request, _("This action is not to be written now: only one that is to be done, or that came back.")
        )
        return HttpResponseRedirect(address_of(action))
    form = ActionForm(request.POST if request.method == "POST" else None, action=action)
    if request.method == "POST" and form.is_valid():
        answer = _written(request, action, form)
        if answer is not None:
            return answer
    return shown(request, "form", action, {"form": form, "facility": action.facility, "back": address_of(action)})


def _written(request: HttpRequest, action: Action, form: ActionForm) -> HttpResponse | None:
    """Write it; None when the form has to be shown again with its faults."""
    read = form.cleaned_data["version"]
    base = action if read == action.version else _as_of(action, read) or action
    wishes = picked(form.wishes(base), request.POST)
    try:
        services.write(action, wishes, by=request.user, version=read)
    except StaleVersion:
        return _conflict(request, action.pk, base, wishes)
    except InvalidInput as refusal:
        form.take(refusal)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        return _done(request, action, _("The action was saved."))
    return None


def _as_of(action: Action, version: int) -> Any:
    return ActionPast.objects.filter(id=action.pk, version=version).order_by("history_id").first()


def _conflict(request: HttpRequest, action_id: int, base: Any, wishes: dict[str, Any]) -> HttpResponse:
    action = seen(request, action_id)
    data = request.POST.copy()
    data["version"] = str(action.version)
    return conflict(
        request,
        action,
        heading=_("Two people wrote this action"),
        back=address_of(action),
        form=ActionForm(data, action=action),
        states=(base, action),
        wishes=wishes,
        words=(page.labelled, page.said),
    )


@require_http_methods(GET_POST)
def progress(request: HttpRequest, action_id: int) -> HttpResponse:
    """Say how far it is, with files that show it."""
    action = seen(request, action_id)
    if not is_own(action, request.user):
        raise PermissionDenied
    if action.status in (ActionStatus.EFFECTIVE, ActionStatus.WITHDRAWN):
        messages.error(request, MoveRefused.message)
        return HttpResponseRedirect(address_of(action))
    is_post = request.method == "POST"
    form = ProgressForm(request.POST if is_post else None, request.FILES if is_post else None)

    def deed(given: dict[str, Any]) -> Any:
        return services.report_progress(action, given["text"], taken(given["files"]), by=request.user)

    if is_post and tried(form, deed):
        return _done(request, action, _("The progress was written."))
    return _deed(request, action, form, _("Report progress"), has_files=True)


@require_GET
def evidence(request: HttpRequest, action_id: int, token: str) -> HttpResponseBase:
    """One file of an action, as a download."""
    seen(request, action_id)
    found = Evidence.objects.visible_to(request.user).filter(action=action_id, token=token).first()
    if found is None:
        raise Http404
    return served(found)


# --- steps -----------------------------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def step(request: HttpRequest, action_id: int, status: str) -> HttpResponse:
    """The form of one step, and making it."""
    action = seen(request, action_id)
    move = allowed_moves(action, request.user).get(status)  # type: ignore[call-overload]
    if move is None:
        if (action.status, status) in MOVES:
            raise PermissionDenied
        messages.error(request, MoveRefused.message)
        return HttpResponseRedirect(address_of(action))
    form = StepForm(request.POST if request.method == "POST" else None, action=action, move=move)
    is_stale = False
    if request.method == "POST" and form.is_valid():
        try:
            transitions.move(action, status, by=request.user, **form.cleaned_data)
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
            words = {"reference": action.reference, "step": str(move.label)}
            return _done(request, action, _("%(reference)s: %(step)s – done.") % words)
    return _deed(request, action, form, str(move.label), tone=move.tone, is_stale=is_stale)


@require_http_methods(GET_POST)
def effect(request: HttpRequest, action_id: int) -> HttpResponse:
    """Record a check of the effect."""
    action = seen(request, action_id)
    if not may_verify(action, request.user) or answers_for(action, request.user):
        raise PermissionDenied
    if action.status != ActionStatus.VERIFIED:
        messages.error(request, _("The effect is checked after the action was verified."))
        return HttpResponseRedirect(address_of(action))
    form = EffectForm(request.POST if request.method == "POST" else None, action=action)
    if request.method == "POST" and tried(
        form, lambda given: transitions.check_effect(action, by=request.user, **given)
    ):
        return _done(request, action, _("The check of the effect was recorded."))
    return _deed(request, action, form, _("Check the effect"), measure=action.measure)


@require_http_methods(GET_POST)
def ask(request: HttpRequest, action_id: int, what: str) -> HttpResponse:
    """Ask to do less, later or nothing."""
    action = seen(request, action_id)
    if what not in Concession.values:
        raise Http404
    if not is_own(action, request.user):
        raise PermissionDenied
    if not action.is_writable:
        messages.error(request, MoveRefused.message)
        return HttpResponseRedirect(address_of(action))
    is_weaker = what == Concession.WEAKER
    form = ConcessionForm(request.POST if request.method == "POST" else None, action=action, is_weaker=is_weaker)

    def deed(given: dict[str, Any]) -> ConcessionAsked:
        said = {"reason": given["reason"], "version": given["version"]}
        return services.ask(action, what, by=request.user, wishes=form.wishes(), **said)

    if request.method == "POST" and tried(form, deed):
        return _done(request, action, _("A second person is to agree. What was planned stays until then."))
    return _deed(request, action, form, page.heading_of(what), submit=_("Ask for it"), tone="warning")


@require_http_methods(GET_POST)
def answer(request: HttpRequest, action_id: int, asked_id: int) -> HttpResponse:
    """The second person reads what is asked and why, and agrees or not."""
    action = seen(request, action_id)
    if not may_verify(action, request.user) or answers_for(action, request.user):
        raise PermissionDenied
    rows = ConcessionAsked.objects.visible_to(request.user).select_related("asked_by", "action")
    asked = rows.filter(action=action, pk=asked_id).first()
    if asked is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    agrees = "agree" in request.POST
    if request.method == "POST" and tried(
        form, lambda given: services.answer(asked, agrees=agrees, by=request.user, **given)
    ):
        return _done(request, action, _("You agreed.") if agrees else _("You declined."))
    is_answerable = asked.is_agreed is None and asked.asked_by_id != request.user.pk
    context = {"form": form, "asked": page.asked_of(asked), "is_answerable": is_answerable}
    return shown(request, "answer", action, context)
