"""The filters of the case list: exactly these words of an address change what the list shows, and each has an index.

They are one form, so that what is odd in an address is ignored instead of failing, and so that the bar above the list
and the addresses that other pages build agree."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
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
from feedback.admin.forms import Chooser
from feedback.choices import Status, Urgency
from feedback.models import Case, Category, Channel
from feedback.queues import QUEUES, offered_to

ANY = ("", _("any"))


class FilterForm(forms.Form):
    """The words of the address, as fields."""

    queue = forms.ChoiceField(required=False, choices=[(name, queue.label) for name, queue in QUEUES.items()])
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[ANY, *Status.choices])
    urgency = forms.ChoiceField(label=_("Urgency"), required=False, choices=[ANY, *Urgency.choices])
    category = forms.ChoiceField(label=_("Field"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    facility = forms.ModelChoiceField(Facility.objects.all(), label=_("Facility"), required=False)
    since = DayField(label=_("Received from"))
    until = DayField(label=pgettext_lazy("filter", "until"))
    late = forms.BooleanField(label=_("late only"), required=False)
    confidential = forms.BooleanField(label=_("confidential only"), required=False)

    def __init__(self, *args: Any, reader: Any, like: "FilterForm | None" = None, **kwargs: Any) -> None:
        """`like` is a form that looked up the names already."""
        super().__init__(*args, **kwargs)
        if like is not None:
            self.categories, self.channels = like.categories, like.channels
        if not reader.has_perm("feedback.view_confidential_case"):
            del self.fields["confidential"]
        fields: dict[str, Any] = self.fields
        fields["category"].choices = [ANY, *((root.code, root.label) for root in self.roots)]
        fields["channel"].choices = [ANY, *((one.code, one.label) for one in self.channels)]
        self.offer_facilities()

    def offer_facilities(self) -> None:
        """Any of the registry, by any of its names."""
        fields: dict[str, Any] = self.fields
        fields["facility"].widget = Chooser("facility")
        fields["facility"].widget.choices = fields["facility"].choices

    @cached_property
    def categories(self) -> list[Category]:
        return list(Category.objects.all())

    @cached_property
    def roots(self) -> list[Category]:
        return [category for category in self.categories if category.parent_id is None]

    @cached_property
    def channels(self) -> list[Channel]:
        return list(Channel.objects.all())

    def condition(self, at: datetime) -> Q:
        """What the filled-in fields ask for; a field that cannot be read asks for nothing."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value and name != "queue"}
        condition = Q()
        for name, value in given.items():
            condition &= getattr(self, f"_by_{name}")(value, at)
        return condition

    def _by_status(self, code: str, at: datetime) -> Q:
        return Q(status=code)

    def _by_urgency(self, code: str, at: datetime) -> Q:
        return Q(urgency=code)

    def _by_category(self, code: str, at: datetime) -> Q:
        root = next(root for root in self.roots if root.code == code)
        return Q(category__in=[one.pk for one in self.categories if root.pk in (one.pk, one.parent_id)])

    def _by_channel(self, code: str, at: datetime) -> Q:
        return Q(channel=next(one.pk for one in self.channels if one.code == code))

    def _by_facility(self, facility: Facility, at: datetime) -> Q:
        return Q(facility=facility)

    def _by_since(self, day: Any, at: datetime) -> Q:
        return Q(received_at__gte=midnight(day))

    def _by_until(self, day: Any, at: datetime) -> Q:
        return Q(received_at__lt=midnight(day + timedelta(days=1)))

    def _by_late(self, _yes: bool, at: datetime) -> Q:
        return Q(is_open=True, due_at__lte=at)

    def _by_confidential(self, _yes: bool, at: datetime) -> Q:
        return Q(is_confidential=True)


def as_people_write(day: str) -> str:
    """Addresses carry 2026-11-25; the field shows 25/11/2026."""
    try:
        return date.fromisoformat(day).strftime("%d/%m/%Y")
    except ValueError:
        return day


class CaseFilter(ListFilter):
    """The admin's way to `FilterForm`: takes its words out of the address and narrows the list by them."""

    title = _("Cases")
    template = "console/nothing.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: type[Case], model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        given = {name: params.pop(name)[-1] for name in self.expected_parameters() if name in params}
        given |= {name: as_people_write(given[name]) for name in ("since", "until") if name in given}
        self.form = FilterForm(given, reader=request.user)
        self.used_parameters = given
        self.user = request.user
        self.now = timezone.now()
        self.is_searching = bool(request.GET.get("q", "").strip())

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(FilterForm.base_fields)

    def choices(self, changelist: Any) -> Iterator[Any]:
        return iter(())

    @property
    def queue(self) -> str:
        """The queue shown: the one asked for; else what is open, and everything when somebody looks for something."""
        asked = self.used_parameters.get("queue", "")
        if asked in offered_to(self.user):
            return asked
        return "all" if self.is_searching or self.used_parameters.get("status") else "open"

    @property
    def is_narrowed(self) -> bool:
        """Does anything but the queue narrow the list?"""
        offered = set(self.form.fields) - {"queue"}
        return any(value for name, value in self.used_parameters.items() if name in offered)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        return queryset.filter(QUEUES[self.queue].which(self.user, self.now)).filter(self.form.condition(self.now))
