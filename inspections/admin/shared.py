"""What the pages of inspections share: finding what its reader sees, forms that are tried, and small pages.

Each address starts from `visible_to`: what somebody may not see is answered like what is not there."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from common.exceptions import StaleVersion
from common.refusals import tried
from inspections.models import CorrectiveAction, Inspection, Plan
from inspections.rules import CONDUCT, EVERY, MANAGE

GET_POST = ["GET", "POST"]
VIEW = "inspections.view_inspection"


def seen(request: HttpRequest, inspection_id: int) -> Inspection:
    """The inspection, as this person sees it. Raises `Http404` when it is absent or not theirs to see."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    rows = Inspection.objects.visible_to(request.user).select_related("facility", "line__plan")
    found = rows.filter(pk=inspection_id).first()
    if found is None:
        raise Http404
    return found


def conducted(request: HttpRequest, inspection_id: int) -> Inspection:
    """The same for whoever conducts inspections. Raises `PermissionDenied` for others."""
    found = seen(request, inspection_id)
    if not request.user.has_perm(CONDUCT):
        raise PermissionDenied
    return found


def seen_correction(request: HttpRequest, correction_id: int) -> CorrectiveAction:
    """The demand to correct, as this person sees it. Raises as `seen`."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    rows = CorrectiveAction.objects.visible_to(request.user).select_related("facility", "finding", "inspection")
    found = rows.filter(pk=correction_id).first()
    if found is None:
        raise Http404
    return found


def seen_plan(request: HttpRequest, plan_id: int) -> Plan:
    """The plan, for the department. Raises as `seen`."""
    if not request.user.has_perm(EVERY):
        raise PermissionDenied
    found = Plan.objects.visible_to(request.user).filter(pk=plan_id).first()
    if found is None:
        raise Http404
    return found


def managed_plan(request: HttpRequest, plan_id: int) -> Plan:
    """The same for whoever writes plans. Raises `PermissionDenied` for others."""
    found = seen_plan(request, plan_id)
    if not request.user.has_perm(MANAGE):
        raise PermissionDenied
    return found


def address_of(inspection: Inspection, anchor: str = "") -> str:
    return reverse("admin:inspections_inspection_change", args=[inspection.pk]) + anchor


def address_of_correction(correction: CorrectiveAction) -> str:
    return reverse("admin:inspections_correctiveaction_change", args=[correction.pk])


def address_of_plan(plan: Plan) -> str:
    return reverse("admin:inspections_plan_change", args=[plan.pk])


def shown(
    request: HttpRequest, template: str, title: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page about inspections within the console."""
    whole = {
        **admin.site.each_context(request),
        "title": title,
        "is_fullwidth": "1",
        "has_own_heading": True,
        **context,
    }
    return TemplateResponse(request, f"console/inspection/{template}.html", whole, status=status)


def deed_page(
    request: HttpRequest, form: forms.Form, heading: str, back: tuple[str, str], *, status: int = 200, **more: Any
) -> HttpResponse:
    """A small form with its heading and the way back (address and words)."""
    context = {"form": form, "heading": heading, "submit": heading, "back": back[0], "back_label": back[1], **more}
    return shown(request, "deed", heading, context, status)


def asked(request: HttpRequest, form: forms.Form, deed: Callable[[dict[str, Any]], Any]) -> tuple[Any, int]:
    """What came of a form that was sent, and the status of its page where it is shown again. Where somebody was
    quicker, what was typed stays and the next try is against the new state."""
    if request.method != "POST":
        return None, 200
    quicker: list[StaleVersion] = []

    def watched(given: dict[str, Any]) -> Any:
        try:
            return deed(given)
        except StaleVersion as refusal:
            quicker.append(refusal)
            raise

    done = tried(form, watched)
    if not quicker:
        return done, 200
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["version"] = str(quicker[0].extra["current_version"])  # type: ignore[index]
    return None, 409


def done(request: HttpRequest, words: str, to: str) -> HttpResponse:
    """Say that it was done and go on."""
    messages.success(request, words)
    return HttpResponseRedirect(to)


def away(request: HttpRequest, words: Any, to: str) -> HttpResponse:
    """Say why this is not to be done now and go back."""
    messages.error(request, words)
    return HttpResponseRedirect(to)
