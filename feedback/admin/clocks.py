"""One deadline of a case: why then, day by day; taking the matter up; a longer term, which a second person answers."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods

from common.exceptions import InvalidInput, Refused
from deadlines import calendar as dates
from deadlines import editions, extensions, registry
from deadlines.calendar import Term
from deadlines.choices import IN_DAYS, LIVE, Event, Obligation
from deadlines.models import Deadline, Duty, Extension
from deadlines.moments import term_in_words
from deadlines.planning import term_of, waits_for
from deadlines.reasons import Why
from deadlines.services import deadlines_of
from deadlines.strip import Cell, weeks_of
from deadlines.words import Explanation, due_in_words, explain, length_in_words, stretches_of
from feedback import services
from feedback.admin import ladder
from feedback.admin.forms import text
from feedback.admin.page import OF_THE_FACILITY, clock_of
from feedback.admin.views import seen, shown
from feedback.models import Case
from feedback.obligations import facts_of
from feedback.visibility import sees_as_facility

LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Day:
    """A cell of the strip with its words."""

    cell: Cell
    said: str
    is_today: bool


def deadlines_shown(case: Case, reader: Any) -> Any:
    """The deadlines of a case that this reader is shown: a facility those that bind it, gave its people a task, or ask
    this reader for an acknowledgement. A few queries for each of the latter."""
    found = deadlines_of(case).visible_to(reader).prefetch_related("pauses")
    if not sees_as_facility(reader):
        return found
    given = Duty.objects.visible_to(reader).filter(deadline__in=deadlines_of(case)).values("deadline")
    asked = [row.pk for row in found if ladder.asks(row, reader)]
    return found.filter(Q(obligation__in=OF_THE_FACILITY) | Q(pk__in=given) | Q(pk__in=asked))


class AskForm(forms.Form):
    """How long the whole term is to be, and why."""

    amount = forms.IntegerField(label=gettext_lazy("Whole term"), min_value=1, max_value=10_000)
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=text(3))


class AnswerForm(forms.Form):
    """Why the longer term is granted or refused."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=text(3))


class AcceptForm(forms.Form):
    """The decision or notice by which the matter was taken up."""

    reason = forms.CharField(label=gettext_lazy("Reason, with the notice and its date"), widget=text(3))
    version = forms.IntegerField(widget=forms.HiddenInput)


class PostForm(forms.Form):
    """When and where the conclusion was posted."""

    on = forms.DateField(
        label=gettext_lazy("Posted on"), widget=forms.DateInput({"placeholder": "25/11/2026", "inputmode": "numeric"})
    )
    reason = forms.CharField(label=gettext_lazy("Where, with the notice and its date"), widget=text(3))
    version = forms.IntegerField(widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def deadline(request: HttpRequest, case_id: int, deadline_id: int) -> HttpResponse:
    """Every counted and skipped stretch of one deadline, in both languages, and as a calendar."""
    case = seen(request, case_id)
    found = deadlines_shown(case, request.user).filter(pk=deadline_id).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        return _done(request, case, found)
    return _page(request, case, found)


def _page(request: HttpRequest, case: Case, found: Deadline, **bound: forms.Form) -> HttpResponse:
    own = {**_context(found), **_extensions(found, request.user), **_acceptance(case, found, request.user)}
    own |= _posting(case, found, request.user) | ladder.asked_of(found, request.user)
    return shown(request, "deadline", case, {**own, **bound})


DEEDS: dict[str, tuple[str, type[forms.Form]]] = {  # the form on the page, the right it takes, what it asks
    "ask_form": (extensions.ASK, AskForm),
    "answer_form": (extensions.GRANT, AnswerForm),
    "accept_form": ("feedback.triage_case", AcceptForm),
    "post_form": ("feedback.publish_case", PostForm),
}


def _done(request: HttpRequest, case: Case, found: Deadline) -> HttpResponse:
    """Ask, grant or refuse a longer term, take the matter up, or answer a step. What was typed survives a refusal."""
    if ladder.is_answer(request):
        done, duty_form = ladder.answer(request, found)
        return done or _page(request, case, found, duty_form=duty_form)
    name = next((form for form in DEEDS if form.removesuffix("_form") in request.POST), "answer_form")
    right, asks = DEEDS[name]
    if sees_as_facility(request.user) or not request.user.has_perm(right):
        raise PermissionDenied
    form = asks(request.POST)
    if form.is_valid():
        try:
            words = _did(request, case, found, name, form)
        except InvalidInput as refusal:
            for field, sentences in refusal.fields.items():
                form.add_error(field if field in form.fields else None, sentences)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, words)
            return HttpResponseRedirect(request.path)
    found.refresh_from_db()
    return _page(request, case, found, **{name: form})


def _did(request: HttpRequest, case: Case, found: Deadline, name: str, form: forms.Form) -> str:
    if name == "ask_form":
        return _asked(found, form, request.user)
    if name == "answer_form":
        return _answered(request, found, form)
    if name == "post_form":
        services.post(case, **form.cleaned_data, by=request.user)
        return _("Kept; the publication counts from that day.")
    services.accept(case, **form.cleaned_data, by=request.user)
    return _("The matter is taken up; from now on the whole matter counts.")


def _asked(found: Deadline, form: forms.Form, by: Any) -> str:
    extensions.ask(found, **form.cleaned_data, by=by)
    return _("You asked for a longer term; a second person is to answer.")


def _answered(request: HttpRequest, found: Deadline, form: forms.Form) -> str:
    waiting = found.extensions.visible_to(request.user).waiting().first()
    if waiting is None:
        raise Http404
    if "grant" in request.POST:
        extensions.grant(waiting, **form.cleaned_data, by=request.user)
        return _("The longer term is granted.")
    extensions.refuse(waiting, **form.cleaned_data, by=request.user)
    return _("The longer term is refused.")


@dataclass(frozen=True)
class Asked:
    """One request for a longer term, in words."""

    row: Extension
    term: str
    due_before: str
    due_after: str


def _extensions(found: Deadline, reader: Any) -> dict[str, Any]:
    """What was asked so far, and the form for what this person may do now. A facility is shown neither."""
    if sees_as_facility(reader):
        return {}
    term = term_of(found.derivation)
    rows = list(found.extensions.visible_to(reader).select_related("asked_by", "decided_by"))
    waiting = next((row for row in rows if row.decided_at is None), None)
    may_ask = reader.has_perm(extensions.ASK) and waiting is None and extensions.can_be_asked(found, timezone.now())
    may_answer = waiting is not None and reader.has_perm(extensions.GRANT) and waiting.asked_by_id != reader.pk
    return {
        "extensions": [
            Asked(
                row,
                term_in_words(replace(term, amount=row.amount)),
                due_in_words(row.due_before),
                due_in_words(row.due_after) if row.due_after else "",
            )
            for row in rows
        ],
        "ask_form": AskForm(initial={"amount": extensions.longest_of(found)}) if may_ask else None,
        "longest": term_in_words(replace(term, amount=extensions.longest_of(found))),
        "term": term_in_words(term),
        "answer_form": AnswerForm() if may_answer else None,
    }


def _acceptance(case: Case, found: Deadline, reader: Any) -> dict[str, Any]:
    """The form for taking the matter up, on the page of the clock that waits for it."""
    waits = found.obligation == Obligation.ACCEPT and found.state in LIVE and not sees_as_facility(reader)
    if not waits or not reader.has_perm("feedback.triage_case"):
        return {}
    return {"accept_form": AcceptForm(initial={"version": case.version})}


def _posting(case: Case, found: Deadline, reader: Any) -> dict[str, Any]:
    """The form that says when the conclusion was posted, where a rule of this kind of case counts from that."""
    if found.obligation != Obligation.PUBLISH or found.state not in LIVE or found.derivation.get("event"):
        return {}
    if sees_as_facility(reader) or not reader.has_perm("feedback.publish_case"):
        return {}
    if not waits_for(editions.current(), registry.label_of(case), found, Event.POSTED, facts_of(case)):
        return {}
    return {"post_form": PostForm(initial={"version": case.version, "on": dates.local(timezone.now()).date()})}


def _context(found: Deadline) -> dict[str, Any]:
    stretches = stretches_of(found)
    today = dates.local(timezone.now()).date()
    term = term_of(found.derivation)
    weeks = weeks_of(stretches, found.starts_at, found.due_at)
    here = translation.get_language() or LANGUAGES[0]
    return {
        "clock": clock_of(found, timezone.now()),
        "explained": explain(found, stretches),
        "weeks": [[Day(cell, _said(cell, term), cell.day == today) for cell in week] for week in weeks],
        "weekdays": weekdays(),
        "legend": legend(weeks),
        "other": _other_language(found, stretches, here),
        "first_due": due_in_words(found.original_due_at) if found.original_due_at != found.due_at else "",
    }


def _other_language(found: Deadline, stretches: Any, here: str) -> tuple[str, str, Explanation] | None:
    """The same in the other language, for whoever has to show it to somebody else."""
    other = next(code for code in LANGUAGES if not here.startswith(code))
    names = {"vi": "Tiếng Việt", "en": "English"}
    with translation.override(other):
        return other, names[other], explain(found, stretches)


def weekdays() -> list[str]:
    """The heads of the columns, Monday first."""
    return [
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    ]


def legend(weeks: list[list[Cell]]) -> list[tuple[Why, str]]:
    """What the colours of this strip mean, those that occur only."""
    names = {
        Why.COUNTS: pgettext("strip", "counts"),
        Why.FIRST_DAY: pgettext("strip", "first day"),
        Why.REST_DAY: pgettext("strip", "weekend"),
        Why.DAY_OFF: pgettext("strip", "day off"),
        Why.CLOSED: pgettext("strip", "outside working hours"),
        Why.PAUSED: pgettext("strip", "clock stopped"),
        Why.MOVED: pgettext("strip", "moved on"),
    }
    there = {cell.why for week in weeks for cell in week}
    return [(why, name) for why, name in names.items() if why in there]


def _said(cell: Cell, term: Term) -> str:
    """The short text under the number of a day."""
    if cell.counts:
        return "✓" if term.clock in IN_DAYS else _short(cell.counted)
    return "" if cell.why is None else "–"


def _short(length: timedelta) -> str:
    minutes = round(length / timedelta(minutes=1))
    if minutes % 60 == 0:
        return _("%(hours)d h") % {"hours": minutes // 60}
    return length_in_words(length)
