"""What the pages of directives share: finding what its reader sees, and showing pages and small forms."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from common.exceptions import StaleVersion
from common.refusals import tried
from directives.models import Directive
from directives.register import MANAGE

GET_POST = ["GET", "POST"]


def seen(request: HttpRequest, directive_id: int) -> Directive:
    """The directive, as this person sees it. Raises `Http404` when it is absent or not theirs to see."""
    if not request.user.has_perm("directives.view_directive"):
        raise PermissionDenied
    found = Directive.objects.visible_to(request.user).filter(pk=directive_id).first()
    if found is None:
        raise Http404
    return found


def managed(request: HttpRequest, directive_id: int) -> Directive:
    """The same for whoever takes care of the register. Raises `PermissionDenied` for others."""
    found = seen(request, directive_id)
    if not request.user.has_perm(MANAGE):
        raise PermissionDenied
    return found


def address_of(directive: Directive) -> str:
    return reverse("admin:directives_directive_change", args=[directive.pk])


def shown(
    request: HttpRequest, template: str, title: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page about directives within the console."""
    whole = {
        **admin.site.each_context(request),
        "title": title,
        "is_fullwidth": "1",
        "has_own_heading": True,
        "may_manage": request.user.has_perm(MANAGE),
        **context,
    }
    return TemplateResponse(request, f"console/directive/{template}.html", whole, status=status)


def deed_page(
    request: HttpRequest, form: forms.Form, heading: str, back: tuple[str, str], *, status: int = 200, **more: Any
) -> HttpResponse:
    """A small form with its heading and the way back (address and words)."""
    context = {"form": form, "heading": heading, "submit": heading, "back": back[0], "back_label": back[1], **more}
    return shown(request, "deed", heading, context, status)


def tried_or_stale(form: forms.Form, deed: Any) -> Any:
    """As `tried`, but somebody else's newer version is the page's business."""
    stale_one: list[StaleVersion] = []

    def watched(given: dict[str, Any]) -> Any:
        try:
            return deed(given)
        except StaleVersion as refusal:
            stale_one.append(refusal)
            return None

    done = tried(form, watched)
    if stale_one:
        raise stale_one[0]
    return done


def stale(
    request: HttpRequest, form: Any, refusal: StaleVersion, heading: str, back: tuple[str, str], **more: Any
) -> HttpResponse:
    """Somebody was quicker: what was typed stays, and the next try is against the new state."""
    form.data = form.data.copy()
    form.data["version"] = str(refusal.extra["current_version"])
    form.add_error(None, str(refusal))
    return deed_page(request, form, heading, back, status=409, **more)
