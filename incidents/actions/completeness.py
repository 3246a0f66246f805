"""What an action lacks before it can be reported as done: each missing element by its field."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.models import Action, Evidence, Progress


def lacks(action: Action) -> dict[str, Promise]:
    """Everything that keeps the action from being reported as done, in the order of the form. Three queries at most."""
    found: dict[str, Promise] = {}
    if not action.details:
        found["details"] = _("How it was to be done, step by step")
    if not action.causes:
        found["causes"] = _("The causes that it removes (Annex IV)")
    if not action.measure:
        found["measure"] = _("How its effect will be measured")
    if action.check_on is None:
        found["check_on"] = _("The day on which its effect is checked")
    since = {"action": action, "at__gte": action.since}  # after a return or a reopening, what is new counts
    if not Progress.objects.filter(**since).exists():
        found["progress"] = _("What was done, said as progress since this began or came back")
    if not Evidence.objects.filter(action=action).exists():
        found["evidence"] = _("At least one file that shows it")
    return found
