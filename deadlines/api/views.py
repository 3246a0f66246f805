"""Deadlines for other systems and programs: what runs out when, over all records that the caller sees."""

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.permissions import MayRead
from common.api.filters import MomentFilter, StrictFilters, TruthFilter
from common.api.operations import Operation
from common.api.paging import Order, Page
from common.api.rows import JsonText, truth
from common.api.views import ListView
from common.exceptions import InvalidInput
from deadlines import registry
from deadlines.choices import Level, Nature, Obligation, State
from deadlines.models import Deadline


class DeadlineFilters(StrictFilters):
    reference = django_filters.CharFilter(method="of_record", label=_("Reference of the case."))
    case = django_filters.CharFilter(method="of_record", label=_("The same as `reference`."))
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("Left out: running, or all of one case."))
    obligation = django_filters.ChoiceFilter(choices=Obligation.choices, label=_("What must be done."))
    late = TruthFilter(method="past_due", label=_("Running and past its due moment."))
    due_from = MomentFilter("due_at", label=_("Due at or after this moment or day."))
    due_to = MomentFilter("due_at", is_end=True, label=_("Due at or before this moment, or on or before this day."))

    class Meta:
        model = Deadline
        fields: list[str] = []

    def of_record(self, rows: QuerySet[Any], name: str, reference: str) -> QuerySet[Any]:
        """Found by the record, whose reference has an index; records that are called by something else have none."""
        found = Q(pk__in=[])
        for label, subject in registry.subjects():
            if not registry.has_reference(label):
                continue
            ids = subject.visible_ids(self.request.user).filter(reference=reference)
            found |= Q(about_type=registry.content_type(label), about_id__in=ids)
        return rows.filter(found)

    def past_due(self, rows: QuerySet[Any], name: str, is_late: bool) -> QuerySet[Any]:
        late = Q(state=State.RUNNING, due_at__lte=Now())
        return rows.filter(late) if is_late else rows.exclude(late)


class DeadlineRow(serializers.Serializer):
    """Until when one obligation of one record is to be met, and by which rule."""

    reference = serializers.CharField()
    obligation = serializers.ChoiceField(choices=Obligation.choices)
    cycle = serializers.IntegerField()
    state = serializers.ChoiceField(choices=State.choices)
    starts_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    original_due_at = serializers.DateTimeField()
    is_provisional = serializers.BooleanField()
    is_late = serializers.BooleanField()
    finished_at = serializers.DateTimeField(allow_null=True)
    on_time = serializers.BooleanField(allow_null=True)
    level = serializers.ChoiceField(choices=Level.choices)
    rule = serializers.CharField()
    nature = serializers.ChoiceField(choices=Nature.choices)
    source = serializers.CharField()


EXAMPLE = {
    "reference": "PA-2026-000123",
    "obligation": "answer",
    "cycle": 1,
    "state": "running",
    "starts_at": "2026-11-21T03:40:51+00:00",
    "due_at": "2026-11-28T10:00:00+00:00",
    "original_due_at": "2026-11-28T10:00:00+00:00",
    "is_provisional": False,
    "is_late": False,
    "finished_at": None,
    "on_time": None,
    "level": 0,
    "rule": "phan-anh-tra-loi",
    "nature": "policy",
    "source": "Quy chế của Sở Y tế",
}


def _names_a_record(request: Request) -> bool:
    return "reference" in request.GET or "case" in request.GET


class DeadlineList(ListView):
    """Running deadlines, the nearest first, or all deadlines of one case (`reference`)."""

    permission_classes: ClassVar[list[Any]] = [MayRead]
    right = "deadlines.view_deadline"
    serializer_class = DeadlineRow
    operations: ClassVar[Mapping[str, Operation]] = {
        "get": Operation(_("List running deadlines, or those of one case"), example=EXAMPLE)
    }
    filterset_class = DeadlineFilters
    order = Order("due", "due_at")

    def page(self, request: Request, cursor: str, size: int) -> Page:
        is_other = request.GET.get("state") in set(State.values) - {State.RUNNING}  # an unknown one is told below
        if is_other and not _names_a_record(request):
            sentence = _("Name the case too (reference): over all cases only running deadlines are listed.")
            raise InvalidInput({"state": [sentence]})
        return super().page(request, cursor, size)

    def rows(self, request: Request) -> QuerySet[Deadline]:
        rows = Deadline.objects.visible_to(request.user)
        return rows if _names_a_record(request) else rows.running()

    def document(self, request: Request) -> JsonText:
        names = ("reference", "obligation", "cycle", "state", "starts_at", "due_at", "original_due_at")
        more = ("is_provisional", "finished_at", "on_time", "level")
        return JsonText(
            **{name: F(name) for name in (*names, *more)},
            is_late=truth(Q(state=State.RUNNING, due_at__lte=Now())),
            rule=F("rule__code"),
            nature=F("rule__nature"),
            source=F("rule__source"),
        )
