"""To which facilities an alert goes."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from facilities.models import Facility
from incidents.models import Alert


def chosen(alert: Alert, day: date) -> QuerySet[Facility]:
    """The facilities that exist on `day` and are of every chosen sort (kind, class, area), and those named singly."""
    narrowed = {"type__in": alert.types, "hospital_class__in": alert.classes, "area__in": alert.areas}
    wanted = {name: values for name, values in narrowed.items() if values}
    which = Q(pk__in=alert.facilities)
    if wanted:
        which |= Q(**wanted)
    return Facility.objects.open_on(day).filter(which)


def is_chosen(alert: Alert) -> bool:
    """Was anybody chosen at all? Nothing is never everybody."""
    return bool(alert.types or alert.classes or alert.areas or alert.facilities)


def by_code(codes: Iterable[str]) -> tuple[list[int], list[str]]:
    """Facilities by their codes: the keys, and the codes that nobody has. One query."""
    wanted = [code for code in dict.fromkeys(code.strip().upper() for code in codes) if code]
    found = dict(Facility.objects.filter(code__in=wanted).values_list("code", "pk"))
    return [found[code] for code in wanted if code in found], [code for code in wanted if code not in found]
