"""How good suggestions are: how often they were taken over, what was chosen instead, and which model makes them."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common.exceptions import Refused
from common.text import number_in
from feedback.models import Category
from suggestions import versions
from suggestions.models import CHOOSE_MODEL, VIEW_QUALITY, About, Fit, LearntModel, SuggestionChoice

MONTHS = 12
SHOWN = 12  # of the confusions, and of the models


@dataclass
class Month:
    """What became of the suggestions of one kind in one month."""

    month: date
    about: About
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def suggested(self) -> int:
        return sum(count for fit, count in self.counts.items() if fit != Fit.MISSED)

    @property
    def taken_share(self) -> int | None:
        """Of those that were suggested, how many of a hundred were taken over as the first."""
        return round(100 * self.counts[Fit.TAKEN] / self.suggested) if self.suggested else None

    @property
    def cells(self) -> list[tuple[str, int]]:
        return [(str(fit.label), self.counts[fit]) for fit in Fit]


@dataclass(frozen=True)
class Confusion:
    """One field was suggested and another one chosen, so often."""

    suggested: str
    chosen: str
    count: int


@never_cache
@require_GET
def quality(request: HttpRequest) -> HttpResponse:
    """The page: by month and kind, confusions of categories, the models. Some ten queries."""
    if not request.user.has_perm(VIEW_QUALITY):
        raise PermissionDenied
    return _page(request)


@require_POST
def choose_model(request: HttpRequest) -> HttpResponse:
    """Let another model suggest: a learnt one by its number, or the one that comes with the program."""
    if not request.user.has_perm(VIEW_QUALITY) or not request.user.has_perm(CHOOSE_MODEL):
        raise PermissionDenied
    given = request.POST.get("model", "")
    key = None if given == "0" else number_in(given) or -1
    try:
        versions.choose(key, by=request.user, knows_it_is_worse="knows" in request.POST)
    except Refused as refusal:
        return _page(request, str(refusal), refusal.status)
    messages.success(request, _("This model suggests from now on. The former one is one press away."))
    return HttpResponseRedirect(reverse("admin:suggestions_quality"))


def _page(request: HttpRequest, fault: str = "", status: int = 200) -> HttpResponse:
    since = _first_day(timezone.localdate())
    rows = SuggestionChoice.objects.visible_to(request.user).filter(on__gte=since)
    former, has_former = versions.former()
    context = {
        **admin.site.each_context(request),
        "title": _("How good suggestions are"),
        "has_own_heading": True,
        "fits": [fit.label for fit in Fit],
        "months": months_of(rows),
        "confusions": confusions_of(rows),
        "models": LearntModel.objects.defer("stored")[:SHOWN],
        "in_use": versions.in_use().version,
        "shipped": versions.shipped_version(),
        "former": former or 0,
        "has_former": has_former,
        "may_choose": request.user.has_perm(CHOOSE_MODEL),
        "is_on": settings.SUGGESTIONS_ARE_ON,
        "fault": fault,
    }
    return TemplateResponse(request, "console/suggestion_quality.html", context, status=status)


def _first_day(today: date) -> date:
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def months_of(rows: QuerySet[SuggestionChoice]) -> list[Month]:
    """By month and kind, the newest first. One query."""
    found: dict[tuple[date, str], Month] = {}
    counted = rows.order_by().values_list(TruncMonth("on"), "about", "fit").annotate(Count("pk"))
    for month, about, fit, count in counted:
        found.setdefault((month, about), Month(month, About(about))).counts[fit] += count
    order = list(About)
    return sorted(found.values(), key=lambda one: (-one.month.toordinal(), order.index(one.about)))


def confusions_of(rows: QuerySet[SuggestionChoice]) -> list[Confusion]:
    """Which fields of the category tree were chosen where another one was suggested, the most frequent first."""
    chosen = rows.filter(about=About.CATEGORY).exclude(suggested="").exclude(chosen="")
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    for suggested, taken, count in chosen.order_by().values_list("suggested", "chosen").annotate(Count("pk")):
        pair = suggested.partition(".")[0], taken.partition(".")[0]
        if pair[0] != pair[1]:
            counts[pair] += count
    named: dict[str, Any] = {one.code: one.label for one in Category.objects.filter(parent=None)}
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
    return [Confusion(named.get(one, one), named.get(two, two), count) for (one, two), count in most]
