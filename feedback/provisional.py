"""Which due moments that lists show rest on days off that nobody has announced yet. They may still move."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from deadlines import registry
from deadlines.models import Deadline
from feedback.choices import ENDED
from feedback.models import Case

MEANING = _("Provisional: the days off up to then are not all announced yet, so the due moment may still move.")


def mark(cases: Iterable[Case]) -> bool:
    """Set `is_provisional` on those of these cases whose shown due moment is; is there one? One query, whatever their
    number, and none where nothing is due.

    Asked beside the page's rows, not joined to them: the list pages by key over its own columns only."""
    rows = [case for case in cases if case.due_at is not None and case.status not in ENDED]
    if not rows:
        return False
    clocks = Deadline.objects.running().filter(
        about_type=registry.content_type("feedback.case"),
        about_id__in=[case.pk for case in rows],
        is_provisional=True,
    )
    moments = set(clocks.values_list("about_id", "due_at"))
    for case in rows:
        case.is_provisional = (case.pk, case.due_at) in moments
    return bool(moments) and any(case.is_provisional for case in rows)
