"""The quick search (Ctrl+K): pages of the console by their names, and cases by reference or words."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.dataclasses import SearchResult

from common.text import fold, has_unstorable
from console.navigation import sidebar
from feedback.models import Case
from feedback.search import matching

CASES = 8
LONGEST = 200


def answers(request: HttpRequest) -> list[SearchResult]:
    """What the reader may open that fits the words: at most four queries."""
    words = request.GET.get("s", "")[:LONGEST]
    if has_unstorable(words) or not fold(words):
        return []
    return [*_pages(request, fold(words)), *_cases(request, words)]


def _pages(request: HttpRequest, words: str) -> Iterable[SearchResult]:
    for group in sidebar(request):
        for item in group["items"]:
            if words in fold(item["title"]):
                yield SearchResult(item["title"], str(group["title"]), item["link"], item["icon"])


def _cases(request: HttpRequest, words: str) -> Iterable[SearchResult]:
    if not request.user.has_perm("feedback.view_case"):
        return
    found = matching(Case.objects.visible_to(request.user), words, reader=request.user).only("reference", "title")
    for case in found.order_by("-received_at", "-id")[:CASES]:
        address = reverse("admin:feedback_case_change", args=[case.pk])
        yield SearchResult(f"{case.reference} · {case.title}", _("Cases"), address, "inbox")
