"""The words of messages. Only references, moments and codes go into them: nothing about people, nothing of a case.

A message keeps its template's code and its values; the words are put together when it is read or mailed, in the
language that is active then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Text:
    """Title and body of one message, ready to read."""

    title: str
    body: str


@dataclass(frozen=True)
class Template:
    """Title and body before the values are filled in."""

    title: str | Promise
    body: str | Promise


TEMPLATES: dict[str, Template] = {
    "deadline_reminder": Template(
        _("%(reference)s: %(obligation)s due on %(due_at)s"),
        _("The deadline for “%(obligation)s” of %(reference)s ends on %(due_at)s."),
    ),
    "deadline_passed": Template(
        _("%(reference)s: late since %(due_at)s"),
        _("The deadline for “%(obligation)s” of %(reference)s ended on %(due_at)s and it is not done."),
    ),
    "deadline_to_lead": Template(
        _("%(reference)s: late, reported to the lead"),
        _(
            "The deadline for “%(obligation)s” of %(reference)s ended on %(due_at)s and it is not done."
            " It is reported to the lead of the working group."
        ),
    ),
    "deadline_to_director": Template(
        _("%(reference)s: late, reported to the director"),
        _(
            "The deadline for “%(obligation)s” of %(reference)s ended on %(due_at)s and it is not done."
            " It is reported to the director of the department."
        ),
    ),
    "case_forwarded": Template(
        _("%(reference)s was forwarded to your facility"),
        _("The department forwarded %(reference)s to your facility. Open it to see what is asked and until when."),
    ),
    "case_returned": Template(
        _("%(reference)s came back: the answer needs more"),
        _("The department returned the answer to %(reference)s. Open it to see what is missing and until when."),
    ),
    "case_assigned": Template(
        _("%(reference)s was assigned to you or your division"),
        _("%(reference)s was assigned to you or your division. Open it to see what is asked and until when."),
    ),
    "case_answered": Template(
        _("%(reference)s was answered: check the answer"),
        _("The unit answered %(reference)s. The answer is to be checked."),
    ),
    "case_in_review": Template(
        _("%(reference)s is to be reviewed"),
        _("%(reference)s was opened again for a review by another officer, and the review is yours."),
    ),
    "case_checked": Template(
        _("%(reference)s waits to be confirmed"),
        _("The answer to %(reference)s was checked. A second person is to confirm it."),
    ),
    "case_confirmed": Template(
        _("%(reference)s was confirmed: reply to the reporter"),
        _("The answer to %(reference)s was confirmed. The reporter is to have a reply."),
    ),
    "case_word": Template(
        _("%(reference)s: the reporter wrote again"),
        _("The reporter added something to %(reference)s on the follow-up page."),
    ),
    "case_unsatisfied": Template(
        _("%(reference)s: the reporter is not satisfied"),
        _("The reporter of %(reference)s says that the answer does not satisfy. Another officer is to review it."),
    ),
    "case_reveal_asked": Template(
        _("%(reference)s: somebody asks to see who reported it"),
        _("A colleague asks to see the reporter of %(reference)s, which is confidential. You may agree or decline."),
    ),
    "case_reveal_decided": Template(
        _("%(reference)s: your request to see the reporter was answered"),
        _("A second person answered your request to see the reporter of %(reference)s. A consent lasts one hour."),
    ),
    "dead_letter": Template(
        _("A message could not be sent"),
        _("Message %(number)s was given up after %(attempts)s attempts (%(fault)s). See Messages to send."),
    ),
}
UNKNOWN = Template(_("News about %(reference)s"), _("There is news about %(reference)s. Open it to see what changed."))

_SAYINGS: dict[str, Callable[[str], str]] = {}


class _Values(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def name_values(param: str, names: Mapping[str, str | Promise]) -> None:
    """Let an app above say how the codes of one value are called (an obligation, a state)."""
    say_values(param, lambda code: str(names.get(code, code)))


def say_values(param: str, saying: Callable[[str], str]) -> None:
    """Let an app above say how one value is put in words; a `ValueError` leaves it as it is."""
    _SAYINGS[param] = saying


def render(code: str, params: Mapping[str, str]) -> Text:
    """Fill in the values: codes by their names, values called `…_at` as moments; an unknown template never fails."""
    template = TEMPLATES.get(code, UNKNOWN)
    values = _Values({name: _worded(name, value) for name, value in params.items()})
    return Text(title=str(template.title) % values, body=str(template.body) % values)


def _worded(name: str, value: str) -> str:
    saying = _SAYINGS.get(name) or (_moment if name.endswith("_at") else None)
    try:
        return saying(value) if saying else value
    except ValueError:
        return value


def _moment(value: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")
