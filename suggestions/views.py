"""What the operator's screen asks while somebody types. The text is posted, since addresses are logged; nothing of it
is kept, logged or learnt."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.text import clean
from facilities import offers
from suggestions import for_case, quality
from suggestions.choices import seal
from suggestions.duplicates import Twin, twins_of
from suggestions.lines import lines_of
from suggestions.suggesting import suggest
from suggestions.versions import in_use

RIGHT = "feedback.record_case"
LONGEST = 8000


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The addresses of suggestions, for the console's list."""
    return [
        path("goi-y/cuoc-goi.json", site.admin_view(for_call), name="suggestions_for_call"),
        path("goi-y/vu-viec/<int:case_id>/", site.admin_view(for_case.for_case), name="suggestions_for_case"),
        path("goi-y/chat-luong/", site.admin_view(quality.quality), name="suggestions_quality"),
        path("goi-y/mo-hinh/", site.admin_view(quality.choose_model), name="suggestions_choose_model"),
    ]


@never_cache
@require_POST
def for_call(request: HttpRequest) -> JsonResponse:
    """What the text typed so far suggests, in words with reasons. Some eight queries beside the sign-in's own."""
    if not settings.SUGGESTIONS_ARE_ON:
        raise Http404
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    body = clean(request.POST.get("body", "")[:LONGEST])
    used = in_use()
    said = suggest(body, used.model)
    if said is None:
        return JsonResponse({"lines": [], "twins": [], "seal": ""})
    chosen = offers.open_facility(request.POST.get("facility", ""))
    twins = twins_of(body, chosen or said.facility, timezone.now(), reader=request.user)
    return JsonResponse(
        {
            "lines": [asdict(line) for line in lines_of(said)],
            "twins": [_twin(one) for one in twins],
            "seal": seal(said, used.version),
        }
    )


def _twin(twin: Twin) -> dict[str, Any]:
    return {
        "reference": twin.case.reference,
        "address": reverse("admin:feedback_case_change", args=[twin.case.pk]),
        "told": told_of(twin),
    }


def told_of(twin: Twin) -> str:
    """Of a case that may be the same matter: when it came, where it stands, and the words that both share."""
    day = timezone.localtime(twin.case.received_at).strftime("%d/%m/%Y %H:%M")
    return " · ".join(filter(None, (day, str(twin.case.get_status_display()), ", ".join(twin.words))))
