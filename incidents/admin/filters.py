"""The filters of the incident list: exactly these words of an address change what it shows, and each has an index."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.admin import ListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.days import DayField, midnight
from facilities.models import Facility
from incidents.admin.forms import FacilityChooser
from incidents.models import Incident
from incidents.queues import QUEUES, offered_to
from incidents.taxonomy import lists


class FilterForm(forms.Form):
    """The words of the address, as fields; what cannot be read asks for nothing."""

    queue = forms.ChoiceField(required=False, choices=[(name, queue.label) for name, queue in QUEUES.items()])
    level = forms.ChoiceField(label=_("Level"), required=False)
    facility = forms.ModelChoiceField(Facility.objects.all(), label=_("Facility"), required=False)
    since = DayField(label=_("Opened from"))
    until = DayField(label=pgettext_lazy("filter", "until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        levels = [(code, f"{code} – {entry}") for code, entry in lists().levels.items()]
        fields["level"].choices = [("", _("any")), *levels]
        fields["facility"].widget = FacilityChooser()
        fields["facility"].widget.choices = fields["facility"].choices

    def condition(self) -> Q:
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        found = Q()
        if "level" in given:
            found &= Q(level=given["level"])
        if "facility" in given:
            found &= Q(facility=given["facility"])
        if "since" in given:
            found &= Q(opened_at__gte=midnight(given["since"]))
        if "until" in given:
            found &= Q(opened_at__lt=midnight(given["until"] + timedelta(days=1)))
        return found


class IncidentFilter(ListFilter):
    """The admin's way to `FilterForm`: takes its words out of the address and narrows the list by them."""

    title = _("Medical incidents")
    template = "console/nothing.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: type[Incident], model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        given = {name: params.pop(name)[-1] for name in self.expected_parameters() if name in params}
        self.form, self.used_parameters = FilterForm(given), given
        self.now = timezone.now()
        asked = given.get("queue", "")
        self.queue = asked if asked in offered_to(request.user) else "all"

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(FilterForm.base_fields)

    def choices(self, changelist: Any) -> Iterator[Any]:
        return iter(())

    @property
    def is_narrowed(self) -> bool:
        """Does anything but the queue narrow the list?"""
        return any(value for name, value in self.used_parameters.items() if name != "queue")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Incident]) -> QuerySet[Incident]:
        return queryset.filter(QUEUES[self.queue].condition(request.user, self.now)).filter(self.form.condition())
