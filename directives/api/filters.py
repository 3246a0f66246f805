"""By what the lists of directives, obligations and assignments are filtered. Each filter has its index."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.api.filters import CodeFilter, StrictFilters, TruthFilter
from directives.choices import WRITABLE, DirectiveState, ObligationState, Status
from directives.models import Assignment, Directive, Obligation
from facilities.models import Facility


class DirectiveFilters(StrictFilters):
    code = django_filters.CharFilter("code", label=_("One directive by its short name."))
    state = django_filters.ChoiceFilter(choices=DirectiveState.choices, label=_("Is it in force?"))

    class Meta:
        model = Directive
        fields: list[str] = []


class ObligationFilters(StrictFilters):
    code = django_filters.CharFilter("code", label=_("One obligation by its code."))
    directive = django_filters.CharFilter("directive__code", label=_("Short name of the directive."))
    state = django_filters.ChoiceFilter(choices=ObligationState.choices, label=_("Does it still hold?"))

    class Meta:
        model = Obligation
        fields: list[str] = []


class AssignmentFilters(StrictFilters):
    obligation = django_filters.CharFilter("obligation__code", label=_("Code of the obligation."))
    directive = django_filters.CharFilter("directive__code", label=_("Short name of the directive."))
    facility = CodeFilter(queryset=Facility.objects.all(), label=_("Code of the facility."))
    status = django_filters.ChoiceFilter(choices=Status.choices, label=_("Where the report stands."))
    late = TruthFilter(method="past_due", label=_("To report, and past its due moment."))

    class Meta:
        model = Assignment
        fields: list[str] = []

    def past_due(self, rows: QuerySet[Any], name: str, is_late: bool) -> QuerySet[Any]:
        late = Q(status__in=[str(one) for one in WRITABLE], due_at__lte=Now())
        return rows.filter(late) if is_late else rows.exclude(late)
