"""What the ladder of one deadline did and will do, what it asks of this reader, and their answer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.exceptions import InvalidInput, Refused
from common.text import number_in
from deadlines import answering
from deadlines.choices import LIVE
from deadlines.ladder_words import story_of
from deadlines.models import Deadline
from feedback.admin.forms import text
from feedback.visibility import sees_as_facility


class DutyForm(forms.Form):
    """What was done about it."""

    outcome = forms.CharField(label=gettext_lazy("What was done"), widget=text(3))


def asks(found: Deadline, reader: Any) -> bool:
    """Does this deadline ask the reader for an acknowledgement, or has it theirs?"""
    return found.acknowledged_by_id == reader.pk or answering.may_acknowledge(found, reader)


def asked_of(found: Deadline, reader: Any) -> dict[str, Any]:
    """The steps in words, and the forms for what this person is asked. A facility is shown the tasks of its own people
    and what it is asked itself, none of the steps."""
    duties = list(found.duties.visible_to(reader).select_related("person", "done_by"))
    own = {
        "duties": [duty for duty in duties if duty.person_id == reader.pk and duty.done_at is None],
        "duty_form": DutyForm(),
        "may_acknowledge": answering.may_acknowledge(found, reader),
    }
    if sees_as_facility(reader):
        is_mine = found.acknowledged_by_id == reader.pk
        shown = {"tasks": duties, "may_acknowledge": own["may_acknowledge"], "has_acknowledged": is_mine}
        return {**own, **shown} if found.state in LIVE else shown
    return {**own, "happenings": story_of(found, {(duty.ladder_id, duty.step): duty for duty in duties})}


def is_answer(request: HttpRequest) -> bool:
    """Does this reader answer what a step asked of them?"""
    return "acknowledge" in request.POST or "finish" in request.POST


def answer(request: HttpRequest, found: Deadline) -> tuple[HttpResponse | None, DutyForm]:
    """Acknowledge, or finish a task; None and the form with its errors when that is refused."""
    form = DutyForm(request.POST)
    try:
        words = _acknowledged(request, found) if "acknowledge" in request.POST else _finished(request, found)
    except InvalidInput as refusal:
        for name, sentences in refusal.fields.items():
            form.add_error(name if name in form.fields else None, sentences)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, words)
        return HttpResponseRedirect(request.path), form
    found.refresh_from_db()
    return None, form


def _acknowledged(request: HttpRequest, found: Deadline) -> str:
    answering.acknowledge(found, by=request.user)
    return _("Acknowledged. The steps that wait for this are not taken.")


def _finished(request: HttpRequest, found: Deadline) -> str:
    number = number_in(request.POST["finish"])
    duty = None if number is None else found.duties.visible_to(request.user).filter(pk=number).first()
    if duty is None:
        raise Http404
    answering.finish_duty(duty, by=request.user, outcome=request.POST.get("outcome", ""))
    return _("The task is done.")
