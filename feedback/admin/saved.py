"""Saved filters beside the case list: keeping the ones that are set, putting one away, and how many cases each has."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common.exceptions import InvalidInput, Refused
from common.keyset import ASIDE_CAP, capped_counts
from common.text import number_in
from feedback import saved_filters
from feedback.admin.filters import FilterForm, as_people_write
from feedback.models import Case, SavedFilter
from feedback.queues import QUEUES, offered_to
from feedback.templatetags.cases import capped
from feedback.visibility import sees_as_facility

LIST = "admin:feedback_case_changelist"


class SavedForm(FilterForm):
    """The words of a saved filter, read without a look at the registry."""

    facility = forms.IntegerField(required=False)  # type: ignore[assignment]

    def offer_facilities(self) -> None:
        """There is nothing to choose from."""

    def _by_facility(self, facility: Any, at: Any) -> Q:
        return Q(facility=facility)


def chips(request: HttpRequest) -> list[dict[str, Any]]:
    """The reader's saved filters, without their counts. One query."""
    leads = request.user.has_perm(saved_filters.LEAD)
    return [
        {
            "id": row.pk,
            "name": row.name,
            "is_shared": row.is_shared,
            "url": f"?{urlencode(row.words)}",
            "may_put_away": row.owner_id == request.user.pk or leads,
        }
        for row in saved_filters.offered(request.user)
    ]


@never_cache
@require_GET
def counts(request: HttpRequest) -> JsonResponse:
    """How many cases each saved filter has for this reader now, none counted far. Four queries for all filters."""
    _allow(request)
    rows = saved_filters.offered(request.user)
    now, first = timezone.now(), None
    lists: dict[str, Any] = {}
    for row in rows:
        first, lists[str(row.pk)] = _cases_of(row, request.user, now, first)
    found = capped_counts(lists, cap=ASIDE_CAP)
    return JsonResponse({"counts": {name: capped(count) for name, count in found.items()}})


def _cases_of(row: SavedFilter, user: Any, now: Any, first: FilterForm | None) -> tuple[FilterForm, Any]:
    words = {name: str(value) for name, value in row.words.items()}
    given = words | {name: as_people_write(words[name]) for name in ("since", "until") if name in words}
    form = SavedForm(given, reader=user, like=first)
    queue = words.get("queue", "")
    if queue not in offered_to(user):
        queue = "all" if words.get("status") else "open"
    cases = Case.objects.visible_to(user).filter(QUEUES[queue].which(user, now)).filter(form.condition(now))
    return first or form, cases


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters of this address under the name that came along."""
    _allow(request)
    words = _words_of(request)
    try:
        is_shared = request.POST.get("is_shared") == "on"
        row = saved_filters.keep(request.POST.get("name", ""), words, is_shared=is_shared, by=request.user)
    except InvalidInput as refusal:
        messages.error(request, " ".join(str(text) for texts in refusal.fields.values() for text in texts))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(name)s” is kept above the list.") % {"name": row.name})
    return HttpResponseRedirect(f"{reverse(LIST)}?{urlencode(words)}")


@require_POST
def put_away(request: HttpRequest) -> HttpResponse:
    """Take a saved filter out of the list."""
    _allow(request)
    pk = number_in(request.POST.get("filter", ""))
    try:
        row = saved_filters.put_away(pk or 0, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(name)s” was put away.") % {"name": row.name})
    return HttpResponseRedirect(reverse(LIST))


def _words_of(request: HttpRequest) -> dict[str, str]:
    """The filters of the address that mean something; none where only the queue is chosen."""
    given = {name: request.GET[name] for name in FilterForm.base_fields if request.GET.get(name)}
    form = SavedForm(
        given | {name: as_people_write(given[name]) for name in ("since", "until") if name in given},
        reader=request.user,
    )
    form.is_valid()
    words = {name: given[name] for name, value in form.cleaned_data.items() if value and name in given}
    return words if set(words) - {"queue"} else {}


def may_share(user: Any) -> bool:
    """Is there somebody to share a filter with?"""
    return not sees_as_facility(user)


def _allow(request: HttpRequest) -> None:
    if not request.user.has_perm("feedback.view_case"):
        raise PermissionDenied
