"""What the operator's screen asks while somebody types. The text is posted, since addresses are logged; nothing of it
is kept, logged or learnt."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.text import clean
from facilities import offers
from feedback.models import Category
from suggestions.duplicates import Twin, twins_of
from suggestions.suggesting import Suggested, suggest

RIGHT = "feedback.record_case"
LONGEST = 8000


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The addresses of this page, for the console's list."""
    return [path("goi-y/cuoc-goi.json", site.admin_view(for_call), name="suggestions_for_call")]


@never_cache
@require_POST
def for_call(request: HttpRequest) -> JsonResponse:
    """What the text typed so far suggests, in words with reasons. Some five queries beside the sign-in's own."""
    if not settings.SUGGESTIONS_ARE_ON:
        raise Http404
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    body = clean(request.POST.get("body", "")[:LONGEST])
    said = suggest(body)
    if said is None:
        return JsonResponse({"lines": [], "twins": []})
    chosen = offers.open_facility(request.POST.get("facility", ""))
    twins = twins_of(body, chosen or said.facility, timezone.now(), reader=request.user)
    return JsonResponse({"lines": _lines(said), "twins": [_twin(one) for one in twins]})


def _lines(said: Suggested) -> list[dict[str, str]]:
    """One line per suggestion: which field it is for, the value, how it is called, and why."""
    lines: list[dict[str, str]] = []
    if said.is_emergency:
        words = ", ".join(said.danger_words)
        lines.append(_line("urgency", "S1", _("Perhaps an emergency: a life at risk or somebody held"), words))
    if said.is_outside:
        lines.append(_line("scope", "", _("Perhaps outside the health sector"), ""))
    if said.named is not None:
        lines.append(_line("facility", said.named.facility.code, said.named.facility.name, said.named.words))
    named = Category.objects.select_related("parent").in_bulk([one.code for one in said.categories], field_name="code")
    for guess in said.categories:
        if category := named.get(guess.code):
            label = f"{category.parent.label} › {category.label}" if category.parent else category.label
            lines.append(_line("category", guess.code, label, ", ".join(guess.words)))
    return lines


def _line(field: str, value: str, label: str, words: str) -> dict[str, str]:
    why = _("because of: %(words)s") % {"words": words} if words else _("by what such texts were classified as")
    return {"field": field, "value": value, "label": label, "why": why}


def _twin(twin: Twin) -> dict[str, Any]:
    day = timezone.localtime(twin.case.received_at).strftime("%d/%m/%Y %H:%M")
    return {
        "reference": twin.case.reference,
        "address": reverse("admin:feedback_case_change", args=[twin.case.pk]),
        "told": f"{day} · {twin.case.get_status_display()}",
    }
