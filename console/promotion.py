"""From a feedback case to an incident report without retyping: an officer asks the case's facility for one.

It stands here because cases and incidents do not know each other; a typed link joins the two. The facility gets no more
than it may read of the case anyway: the text where the case was shown to it, else only what the officer writes. It
never learns who reported, and of a confidential case it must not learn at all."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.exceptions import MoveRefused, RightMissing
from common.scope import as_system
from feedback.choices import Audience
from feedback.models import Case
from feedback.services import add_note
from incidents.models import Incident
from incidents.requests import ask_for_report
from links.models import Relation
from links.services import link, links_of

RIGHT = "feedback.triage_case"


def may_ask(case: Case, user: Any) -> bool:
    """May this person ask for a report now? Whether it was asked for before is asked by `asked_already`."""
    return user.has_perm(RIGHT) and case.facility_id is not None and not case.is_confidential


def asked_already(case: Case) -> bool:
    """One query."""
    return any(row.relation == Relation.ASKED_FOR for row in links_of(case))


def known(case: Case) -> str:
    """What the facility reads of the case anyway; nothing where it was not shown the case."""
    if not case.is_released or case.is_confidential:
        return ""
    day = _("It happened on %(day)s.") % {"day": date_format(case.occurred_on)} if case.occurred_on else ""
    return "\n\n".join(part for part in (case.title, case.body, day) if part)


@transaction.atomic
def promote(case: Case, description: str, *, by: Any) -> Incident:
    """Ask the case's facility for an incident report, once.

    Raises `Http404`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if found is None:
        raise Http404
    if not by.has_perm(RIGHT):
        raise RightMissing
    if not may_ask(found, by) or found.facility is None:
        raise MoveRefused(_("Only of a case that has a facility and is not confidential."))
    if asked_already(found):
        raise MoveRefused(_("The facility was asked for a report already."))
    incident = ask_for_report(found.facility, description, by=by)
    with as_system():
        link(found, Relation.ASKED_FOR, incident, by=by, reason="")
    if by.has_perm("feedback.note_case"):
        with override(settings.LANGUAGE_CODE):
            words = _("The facility was asked for an incident report.")
        add_note(found, words, audience=Audience.DEPARTMENT, by=by)
    return incident
