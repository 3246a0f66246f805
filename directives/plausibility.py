"""Can an indicator's value be right, beside what the same facility reported last? Pure."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from common.exceptions import Refused
from directives.choices import ValueKind


class DifferentBases(Refused):
    """Two values that count different things."""

    code = "different_bases"
    status = 409


@dataclass(frozen=True)
class Figure:
    """A value with what it means."""

    value: Decimal
    unit: str
    base: str
    source: str = ""


@dataclass(frozen=True)
class Limits:
    """What an indicator allows, and beyond which change it asks why."""

    kind: str
    least: Decimal | None = None
    most: Decimal | None = None
    jump: int = 50


def difference(now: Figure, before: Figure) -> Decimal:
    """How much more than before. Raises `DifferentBases`: values of different units or bases say nothing together."""
    if (now.unit, now.base) != (before.unit, before.base):
        said = {"one": f"{before.base} ({before.unit})", "other": f"{now.base} ({now.unit})"}
        raise DifferentBases(_("These values are counted differently: %(one)s, and %(other)s.") % said)
    return now.value - before.value


def impossible(value: Decimal, limits: Limits) -> str:
    """Why a value cannot be; empty when it can."""
    if limits.kind == ValueKind.YES_NO and value not in (0, 1):
        return _("Choose yes or no.")
    if limits.least is not None and value < limits.least:
        return _("At least %(number)s.") % {"number": plain(limits.least)}
    if limits.most is not None and value > limits.most:
        return _("At most %(number)s.") % {"number": plain(limits.most)}
    return ""


def surprising(now: Figure, before: Figure | None, limits: Limits) -> str:
    """What has to be explained about a value that can be; empty when nothing has."""
    if before is None or limits.kind == ValueKind.YES_NO:
        return ""
    try:
        change = difference(now, before)
    except DifferentBases as refusal:
        return str(refusal)
    allowed = abs(before.value) * limits.jump / 100
    if abs(change) <= allowed or (before.value == 0 and limits.kind != ValueKind.PERCENT and abs(change) <= 1):
        return ""
    said = {"before": plain(before.value), "now": plain(now.value)}
    return _("Last time it was %(before)s, now %(now)s: say why.") % said


def plain(number: Decimal) -> str:
    """A number without needless noughts, as it is written in Vietnam."""
    whole = f"{number:f}"
    return (whole.rstrip("0").rstrip(".") if "." in whole else whole).replace(".", ",")
