"""By what the list of incidents is filtered. Each filter has its index (`Incident.Meta.indexes`)."""

import django_filters
from django.utils.translation import gettext_lazy as _

from common.api.filters import CodeFilter, MomentFilter, StrictFilters
from facilities.models import Facility
from incidents.choices import Status
from incidents.models import Incident
from incidents.taxonomy import lists


class IncidentFilters(StrictFilters):
    """For systems that are not told which facility reported."""

    reference = django_filters.CharFilter("reference", label=_("One incident by its reference."))
    status = django_filters.ChoiceFilter(choices=Status.choices, label=_("Where the report stands."))
    level = django_filters.ChoiceFilter(
        choices=[(code, code) for code in lists().levels], label=_("The level that follows from the harm letter.")
    )
    opened_from = MomentFilter("opened_at", label=_("Opened at or after this moment or day."))
    opened_to = MomentFilter(
        "opened_at", is_end=True, label=_("Opened at or before this moment, or on or before this day.")
    )

    class Meta:
        model = Incident
        fields: list[str] = []


class KnowingFilters(IncidentFilters):
    """For people, and for a facility's own systems."""

    facility = CodeFilter(queryset=Facility.objects.all(), label=_("Code of the facility."))
