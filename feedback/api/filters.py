"""By what the list of cases is filtered. Each filter has its index (`Case.Meta.indexes`) or looks at few rows."""

import django_filters
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.api.filters import CodeFilter, MomentFilter, StrictFilters, TruthFilter
from facilities.models import Division, Facility
from feedback import search
from feedback.api.documents import Side
from feedback.choices import Kind, Status, Urgency
from feedback.models import Case, Category, Channel

LONGEST_QUESTION = 200


class CaseFilters(StrictFilters):
    """For facilities: nothing that they cannot read."""

    reference = django_filters.CharFilter("reference", label=_("One case by its reference."))
    status = django_filters.ChoiceFilter(choices=Status.choices, label=_("Where the case stands."))
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=_("What kind of paper it is, legally."))
    urgency = django_filters.ChoiceFilter(choices=Urgency.choices, label=_("How soon somebody must act."))
    channel = CodeFilter(queryset=Channel.objects.all(), label=_("Code of the channel."))
    category = CodeFilter(
        queryset=Category.objects.all(), method="in_category", label=_("Code of a category, or of a whole field.")
    )
    facility = CodeFilter(queryset=Facility.objects.all(), label=_("Code of the facility."))
    is_open = TruthFilter("is_open", label=_("Not ended yet."))
    late = TruthFilter(method="past_due", label=_("Open and past its due moment."))
    received_from = MomentFilter("received_at", label=_("Received at or after this moment or day."))
    received_to = MomentFilter(
        "received_at", is_end=True, label=_("Received at or before this moment, or on or before this day.")
    )
    q = django_filters.CharFilter(
        method="with_words",
        label=_("Words of the case, accents or not; at most %(count)s characters.") % {"count": LONGEST_QUESTION},
    )

    never_kept = ("q", "category")

    class Meta:
        model = Case
        fields: list[str] = []

    def in_category(self, rows: QuerySet[Case], name: str, category: Category) -> QuerySet[Case]:
        if category.parent_id is not None:
            return rows.filter(category=category)
        # the ids themselves: with a subselect PostgreSQL gathers and sorts the whole field
        return rows.filter(category__in=[category.pk, *category.children.values_list("pk", flat=True)])

    def past_due(self, rows: QuerySet[Case], name: str, is_late: bool) -> QuerySet[Case]:
        late = Q(is_open=True, due_at__lte=Now())
        return rows.filter(late) if is_late else rows.exclude(late)

    def with_words(self, rows: QuerySet[Case], name: str, text: str) -> QuerySet[Case]:
        return search.matching(rows, text[:LONGEST_QUESTION], reader=self.request.user)


class DepartmentCaseFilters(CaseFilters):
    """For the department and for systems."""

    division = CodeFilter(queryset=Division.objects.all(), label=_("Code of the division."))


def filters_for(side: Side) -> type[CaseFilters]:
    """A field that one does not read is no filter either."""
    return CaseFilters if side == Side.FACILITY else DepartmentCaseFilters
