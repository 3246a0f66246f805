"""The forms of periodic returns, and the filters of their list."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin import ListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Facility
from incidents.admin.forms import FacilityChooser, WithVersion, text
from incidents.choices import ReturnKind, ReturnStatus
from incidents.models import Return
from incidents.returns.deeds import LONGEST
from incidents.returns.periods import Period, ended
from incidents.transitions import REASON_LENGTH

QUEUES = {
    "all": (pgettext_lazy("return queue", "All"), lambda at: Q()),
    "open": (pgettext_lazy("return queue", "To be handed in"), lambda at: Q(status=ReturnStatus.OPEN)),
    "late": (pgettext_lazy("return queue", "Late"), lambda at: Q(status=ReturnStatus.OPEN, due_at__lte=at)),
    "signed": (pgettext_lazy("return queue", "Signed"), lambda at: ~Q(status=ReturnStatus.OPEN)),
}
LONG_AGO = 12  # so many periods back the list is asked for by name


def period_code(kind: str, period: Period) -> str:
    """A period as a word of an address."""
    return f"{kind}-{period.year}-{period.part}"


def period_choices(kinds: tuple[ReturnKind, ...] = tuple(ReturnKind)) -> list[tuple[str, str]]:
    now = timezone.now()
    return [(period_code(kind, each), str(each)) for kind in kinds for each in ended(kind, now, LONG_AGO)]


def read_period(code: str) -> Period:
    """The period of a code that one of the choices gave out."""
    kind, year, part = code.rsplit("-", 2)
    return Period(kind, int(year), int(part))


class ReturnFilterForm(forms.Form):
    """The words of the list's address, as fields; what cannot be read asks for nothing."""

    queue = forms.ChoiceField(required=False, choices=[(name, label) for name, (label, _which) in QUEUES.items()])
    period = forms.ChoiceField(label=_("Period"), required=False)
    facility = forms.ModelChoiceField(Facility.objects.all(), label=_("Facility"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["period"].choices = [("", _("any")), *period_choices()]
        fields["facility"].widget = FacilityChooser()
        fields["facility"].widget.choices = fields["facility"].choices

    def condition(self) -> Q:
        self.is_valid()
        found = Q()
        if code := self.cleaned_data.get("period"):
            period = read_period(code)
            found &= Q(kind=period.kind, year=period.year, part=period.part)
        if facility := self.cleaned_data.get("facility"):
            found &= Q(facility=facility)
        return found


class ReturnFilter(ListFilter):
    """The admin's way to `ReturnFilterForm`."""

    title = _("Periodic returns")
    template = "console/nothing.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: type[Return], model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        given = {name: params.pop(name)[-1] for name in self.expected_parameters() if name in params}
        self.form, self.used_parameters = ReturnFilterForm(given), given
        self.now: datetime = timezone.now()
        asked = given.get("queue", "")
        self.queue = asked if asked in QUEUES else "all"

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(ReturnFilterForm.base_fields)

    def choices(self, changelist: Any) -> Iterator[Any]:
        return iter(())

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.used_parameters.items() if name != "queue")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Return]) -> QuerySet[Return]:
        _label, which = QUEUES[self.queue]
        return queryset.filter(which(self.now)).filter(self.form.condition())


class BeginForm(forms.Form):
    """Which return is to be opened by hand."""

    which = forms.ChoiceField(label=_("Period"))

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["which"]
        field.choices = offered


class TextForm(WithVersion):
    """The words of a return."""

    findings = forms.CharField(
        label=_("Results of root-cause analyses, in words"), widget=text(8), max_length=LONGEST, required=False
    )
    solutions = forms.CharField(
        label=_("Solutions and recommendations, proposed and carried out"),
        widget=text(8),
        max_length=LONGEST,
        required=False,
    )


class SignForm(WithVersion):
    """Signing what is shown above the form."""

    as_of = forms.CharField(widget=forms.HiddenInput, max_length=40)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    has_read = forms.BooleanField(label=_("I have read the return and answer for it"))


class CorrectionForm(WithVersion):
    """Why a signed return is corrected."""

    reason = forms.CharField(
        label=_("Why it is corrected; the new edition says so"), widget=text(3), max_length=REASON_LENGTH
    )
