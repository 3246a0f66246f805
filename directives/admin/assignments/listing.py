"""The list of assignments: what waits, by queue."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.admin import EstimatingPaginator
from common.keyset import capped_counts
from common.text import number_in
from directives import transitions
from directives.admin.shared import shown
from directives.models import Assignment, Directive, Obligation
from directives.queues import QUEUES
from facilities.models import Facility

PER_PAGE = 50
FIRST = {True: ("late", "returned", "soon"), False: ("to-check", "late")}  # which queue opens, for who writes or not


def listed(request: HttpRequest) -> HttpResponse:
    """What waits, the nearest due first; narrowed by facility, directive and obligation."""
    if request.method != "GET":
        raise PermissionDenied
    user, now, words = request.user, timezone.now(), request.GET
    queue = words.get("queue", "")
    rows = Assignment.objects.visible_to(user)
    for name in ("facility", "directive", "obligation"):
        if words.get(name):
            rows = rows.filter(**{name: number_in(words[name]) or 0})
    lists = {name: rows.filter(one.which(now)) for name, one in QUEUES.items()}
    counts = capped_counts(lists)
    if queue not in QUEUES:
        first = FIRST[user.has_perm(transitions.WRITE)]
        queue = next((name for name in first if counts[name]), "all")
    found = lists[queue].select_related("obligation", "facility", "directive")
    page = EstimatingPaginator(found.order_by(F("due_at").asc(nulls_last=True), "id"), PER_PAGE)
    kept = "".join(
        f"&{name}={number_in(words[name]) or 0}" for name in ("facility", "directive", "obligation") if words.get(name)
    )
    context = {
        "tabs": [
            {
                "name": name,
                "label": one.label,
                "count": counts[name],
                "is_shown": name == queue,
                "url": f"?queue={name}{kept}",
            }
            for name, one in QUEUES.items()
        ],
        "page": _page_of(page, words.get("p", "")),
        "more": f"?queue={queue}{kept}",
        "now": now,
        "narrowed": _narrowed(request),
        "sees_all": user.has_perm("directives.view_every_directive"),
        "queue": queue,
    }
    return shown(request, "assignments", _("Duties"), context)


def _page_of(pages: Paginator, asked: str) -> Any:
    number = number_in(asked) or 1
    return pages.get_page(min(number, pages.num_pages))


def _narrowed(request: HttpRequest) -> list[str]:
    """What the list is narrowed to, in words."""
    found, user = [], request.user
    if pk := number_in(request.GET.get("facility", "")):
        found += list(Facility.objects.filter(pk=pk).values_list("name", flat=True))
    for model, name in ((Directive, "directive"), (Obligation, "obligation")):
        if pk := number_in(request.GET.get(name, "")):
            found += [str(row) for row in model.objects.visible_to(user).filter(pk=pk)]
    return found
