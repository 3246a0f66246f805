"""By what the lists of inspections and of demands to correct are filtered. Each filter has its index."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.api.filters import CodeFilter, MomentFilter, StrictFilters, TruthFilter
from facilities.models import Facility
from inspections.api.documents import LATE
from inspections.choices import CorrectionStatus, Kind, Status
from inspections.models import CorrectiveAction, Inspection


class InspectionFilters(StrictFilters):
    facility = CodeFilter(queryset=Facility.objects.all(), label=_("Code of the facility."))
    status = django_filters.ChoiceFilter(choices=Status.choices, label=_("Where the inspection stands."))
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=_("By the plan, or unannounced."))
    planned_from = MomentFilter("planned_at", label=_("Planned for this day or moment, or later."))
    planned_to = MomentFilter("planned_at", is_end=True, label=_("Planned for this day or moment, or earlier."))

    class Meta:
        model = Inspection
        fields: list[str] = []


class CorrectionFilters(StrictFilters):
    inspection = django_filters.CharFilter("inspection__reference", label=_("Reference of the inspection."))
    facility = CodeFilter(queryset=Facility.objects.all(), label=_("Code of the facility."))
    status = django_filters.ChoiceFilter(choices=CorrectionStatus.choices, label=_("Where the demand stands."))
    late = TruthFilter(method="past_due", label=_("To be corrected, and past its due moment."))

    class Meta:
        model = CorrectiveAction
        fields: list[str] = []

    def past_due(self, rows: QuerySet[Any], name: str, is_late: bool) -> QuerySet[Any]:
        return rows.filter(LATE) if is_late else rows.exclude(LATE)
