"""By what facilities and areas are filtered."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common.api.filters import CodeFilter, MomentFilter, StrictFilters, TruthFilter
from common.text import fold
from facilities.choices import AreaKind, FacilityStatus, FacilityType, FormerArea, ManagingBody, Ownership
from facilities.models import Area, AreaAlias, Facility


class FacilityFilters(StrictFilters):
    type = django_filters.ChoiceFilter(choices=FacilityType.choices, label=_("Kind of facility."))
    ownership = django_filters.ChoiceFilter(choices=Ownership.choices, label=_("Public, private or other."))
    managing_body = django_filters.ChoiceFilter(choices=ManagingBody.choices, label=_("Who manages it."))
    status = django_filters.ChoiceFilter(choices=FacilityStatus.choices, label=_("Where it stands."))
    former_area = django_filters.ChoiceFilter(choices=FormerArea.choices, label=_("Province before 1 July 2025."))
    area = CodeFilter(
        queryset=Area.objects.all(),
        method="in_area",
        label=_("Code of an area, or of a whole province."),
    )
    is_open = TruthFilter(method="which_is_open", label=_("Has not ended."))
    changed_since = MomentFilter(method="which_changed", label=_("Changed at or after this moment or day."))

    class Meta:
        model = Facility
        fields: list[str] = []

    def in_area(self, rows: QuerySet[Any], name: str, area: Area) -> QuerySet[Any]:
        return rows.filter(Q(area=area) | Q(area__parent=area))

    def which_is_open(self, rows: QuerySet[Any], name: str, is_open: bool) -> QuerySet[Any]:
        ended = Q(status=FacilityStatus.ENDED)
        return rows.exclude(ended) if is_open else rows.filter(ended)

    def which_changed(self, rows: QuerySet[Any], name: str, moment: Any) -> QuerySet[Any]:
        history = Facility.history.filter(id=OuterRef("pk"), history_date__gte=moment)  # type: ignore[attr-defined]
        return rows.filter(Exists(history))


class AreaFilters(StrictFilters):
    kind = django_filters.ChoiceFilter(choices=AreaKind.choices, label=_("Kind of area."))
    parent = CodeFilter(queryset=Area.objects.all(), label=_("Code of the province."))
    q = django_filters.CharFilter(method="called", label=_("Part of a name or of an old name, accents or not."))

    class Meta:
        model = Area
        fields: list[str] = []

    def called(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        folded = fold(text[:80])
        if not folded:
            return rows.none()
        aliases = AreaAlias.objects.filter(area=OuterRef("pk"), folded__contains=folded)
        return rows.filter(Q(folded__contains=folded) | Exists(aliases))
