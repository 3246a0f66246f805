"""Puts messages in words; the texts stand in `notifications.texts`. Only references, moments and codes go into them:
nothing about people, nothing of a case.

A message keeps its template's code and its values; the words are put together when it is read or mailed, in the
language that is active then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.choices import Kind
from notifications.texts import TEMPLATES, Template


@dataclass(frozen=True)
class Text:
    """Title and body of one message, ready to read."""

    title: str
    body: str


UNKNOWN = Template(_("News about %(reference)s"), _("There is news about %(reference)s. Open it to see what changed."))
PROVISIONAL = "provisional"  # a value that names another one, which may still move: days off are not all announced
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


def kind_of(code: str) -> Kind:
    """What a message is about; what nobody sorted is work."""
    return TEMPLATES.get(code, UNKNOWN).kind


def render(code: str, params: Mapping[str, str]) -> Text:
    """Fill in the values: codes by their names, values called `…_at` as moments; an unknown template never fails."""
    template = TEMPLATES.get(code, UNKNOWN)
    values = _Values({name: _worded(name, value) for name, value in params.items()})
    if (doubtful := values.get(PROVISIONAL, "")) in values:
        values[doubtful] = str(_("%(due)s (provisional)")) % {"due": values[doubtful]}
    return Text(title=str(template.title) % values, body=str(template.body) % values)


def _worded(name: str, value: str) -> str:
    saying = _SAYINGS.get(name) or (_moment if name.endswith("_at") else None)
    try:
        return saying(value) if saying else value
    except ValueError:
        return value


def _moment(value: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")
