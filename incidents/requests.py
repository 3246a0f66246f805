"""The department asks a facility for an incident report: a draft of the facility with what is known, which its people
complete and send. From then on it is the facility's business, until it is sent."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput, RightMissing
from common.scope import as_system
from common.text import clean, has_unstorable
from facilities.models import Facility
from incidents import messages
from incidents.models import Incident
from incidents.services import LONGEST, next_reference
from incidents.taxonomy import lists


@transaction.atomic
def ask_for_report(facility: Facility, description: str, *, by: Any) -> Incident:
    """Open a draft at a facility and tell its people. Whoever asks had the right to ask on another ground; nobody of
    a facility asks another one. The asker does not see the draft.

    Raises `RightMissing`, `InvalidInput`."""
    if by.scope.facilities or facility.pk in by.recused_facilities:
        raise RightMissing
    told, at = clean(description), timezone.now()
    if not told:
        raise InvalidInput({"description": [_("Write something first.")]})
    if has_unstorable(description) or len(told) > LONGEST:
        raise InvalidInput({"description": [_("At most %(count)s characters.") % {"count": LONGEST}]})
    with as_system():
        incident = Incident(
            reference=next_reference(at), edition=lists().edition, facility=facility, description=told,
            opened_by=by, opened_at=at,
        )  # fmt: skip
        incident._history_user, incident._change_reason = by, ""  # type: ignore[attr-defined]
        incident.save()
        messages.tell_of_request(incident, by=by)
    return incident
