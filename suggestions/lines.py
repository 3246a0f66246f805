"""What is suggested, as lines that people read and press: for which field, the value, how it is called, and why."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from feedback.models import Category
from suggestions.engine.words import readable
from suggestions.models import About
from suggestions.suggesting import Suggested


@dataclass(frozen=True)
class Line:
    """One suggestion. Without a value there is nothing to press."""

    field: str
    value: str
    label: str
    why: str


def lines_of(said: Suggested) -> list[Line]:
    """All suggestions of a text, the most pressing first. One query."""
    lines: list[Line] = []
    if said.is_emergency:
        label = _("Perhaps an emergency: a life at risk or somebody held")
        lines.append(Line(About.URGENCY, "S1", label, _why(said.danger_words)))
    if said.is_outside:
        lines.append(Line(About.SCOPE, "", _("Perhaps outside the health sector"), _why(())))
    if said.named is not None:
        facility = said.named.facility
        lines.append(Line(About.FACILITY, facility.code, facility.name, _why((readable(said.named.words),))))
    named = Category.objects.select_related("parent").in_bulk([one.code for one in said.categories], field_name="code")
    for guess in said.categories:
        if category := named.get(guess.code):
            label = f"{category.parent.label} › {category.label}" if category.parent else category.label
            lines.append(Line(About.CATEGORY, guess.code, label, _why(guess.words)))
    return lines


def _why(words: tuple[str, ...]) -> str:
    if not words:
        return _("by what such texts were classified as")
    return _("because of: %(words)s") % {"words": ", ".join(words)}
