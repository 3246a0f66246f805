"""The conversation with whoever reported on the page for staff: questions, answers, and the feedback that Article 9
owes them. Nobody learns who it is: the reporter holds a receipt, and each side reads its own conversation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.exceptions import InvalidInput, MoveRefused, RightMissing
from common.scope import as_system, system
from common.text import clean, has_unstorable
from incidents import messages
from incidents.choices import SENT, AnalysisStatus, Side, Status, Utterance
from incidents.models import Analysis, Incident, StaffReceipt, StaffReport, Talk
from incidents.transitions import CHECK, is_own, locked

LONGEST, MOST = 5000, 50
SAME_WITHIN = timedelta(hours=1)
SAYS = (Utterance.FEEDBACK, Utterance.QUESTION)  # what the two sides say


def side_of(incident: Incident, user: Any) -> Side | None:
    """For which side this person talks to the reporter: who writes for the facility, who checks for the department."""
    if is_own(incident, user):
        return Side.FACILITY
    return Side.DEPARTMENT if user.has_perm(CHECK) and incident.status in SENT else None


def report_of(incident: Incident, user: Any) -> StaffReport | None:
    """The report from staff behind an incident, as this person may see it. One query."""
    rows = StaffReport.objects.visible_to(user).select_related("looked_by")
    found: StaffReport | None = rows.filter(incident=incident).first()
    return found


@transaction.atomic
def say(incident: Incident, what: str, text: str, *, by: Any) -> Talk:
    """Ask the reporter something, or give them feedback.

    Raises `Http404`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found, at = locked(incident, by), timezone.now()
    side = side_of(found, by)
    if side is None or what not in SAYS:
        raise RightMissing
    told = _checked(text)
    with as_system():
        report = StaffReport.objects.select_for_update().filter(incident=found).first()
        if report is None:
            raise MoveRefused(_("This incident was not reported on the page for staff: nobody follows it there."))
        if found.talk.filter(side=side).count() >= MOST:
            raise MoveRefused(_("This conversation has very many messages already."))
        said = Talk.objects.create(incident=found, side=side, what=what, at=at, by=by, text=told)
        if side == Side.FACILITY:
            _mark_looked_at(report, by=by, at=at)
        if what == Utterance.FEEDBACK and report.fed_back_at is None:
            report.fed_back_at = at
        report.save(update_fields=["looked_at", "looked_by", "fed_back_at"])
    return said


@transaction.atomic
def look(incident: Incident, *, by: Any) -> StaffReport:
    """Say that somebody of the facility looked at the report. Again changes nothing.

    Raises `Http404`, `RightMissing`, `MoveRefused`."""
    found = locked(incident, by)
    if not is_own(found, by):
        raise RightMissing
    with as_system():
        report: StaffReport | None = StaffReport.objects.select_for_update().filter(incident=found).first()
        if report is None:
            raise MoveRefused(_("This incident was not reported on the page for staff: nobody follows it there."))
        _mark_looked_at(report, by=by, at=timezone.now())
        report.save(update_fields=["looked_at", "looked_by"])
    return report


def _mark_looked_at(report: StaffReport, *, by: Any, at: datetime) -> None:
    if report.looked_at is None:
        report.looked_at, report.looked_by = at, by


def _checked(text: str) -> str:
    """What somebody says, as it will be stored. Raises `InvalidInput`."""
    if has_unstorable(text):
        raise InvalidInput({"text": [_("This text holds characters that cannot be stored. Type it again.")]})
    told = clean(text)
    if not told:
        raise InvalidInput({"text": [_("Write something first.")]})
    if len(told) > LONGEST:
        raise InvalidInput({"text": [_("At most %(count)s characters.") % {"count": LONGEST}]})
    return told


# --- the reporter's page ---------------------------------------------------------------------------------------------

SENTENCES: dict[str, Promise] = {
    "new": _("Your facility has your report. It has not been looked at yet."),
    "looked": _("The incident unit of your facility is working on your report."),
    Status.SUBMITTED: _("Your facility completed the report and sent it to the department of health."),
    Status.RETURNED: _("The department read the report and asked your facility to complete it."),
    Status.ACCEPTED: _("The department accepted the report. The facility looks for the causes."),
    Status.DROPPED: _("Your facility closed this report without sending it on."),
    "analysed": _("The causes have been analysed, and the department accepted the analysis."),
}


@dataclass(frozen=True)
class Thread:
    """The conversation with one side, and whether it waits for the reporter."""

    side: Side
    talk: list[Talk]

    @property
    def is_waiting(self) -> bool:
        return bool(self.talk) and self.talk[-1].what == Utterance.QUESTION


@dataclass(frozen=True)
class Standing:
    """What the reporter's page shows: where it stands in a sentence, feedback first, then the conversations."""

    report: StaffReport
    sentence: Promise
    feedback: list[Talk]
    threads: list[Thread]

    @property
    def is_waiting(self) -> bool:
        return any(thread.is_waiting for thread in self.threads)


def report_behind(code: str) -> StaffReport | None:
    """The report behind the receipt that somebody typed, or None. Costs the same for an unknown one."""
    receipt = StaffReceipt.recognised(code, "report__incident__facility")
    return receipt.report if receipt else None


@system
def standing_of(report: StaffReport) -> Standing:
    """Read what the reporter may know: never who works on it, nothing of the department's remarks. Two queries."""
    talk = list(Talk.objects.filter(incident=report.incident_id))
    threads = [
        Thread(side, [one for one in talk if one.side == side and one.what != Utterance.FEEDBACK]) for side in Side
    ]
    with_department = any(one.side == Side.DEPARTMENT for one in talk)
    return Standing(
        report,
        _sentence(report),
        [one for one in talk if one.what == Utterance.FEEDBACK],
        threads if with_department else threads[:1],
    )


def _sentence(report: StaffReport) -> Promise:
    status = report.incident.status
    if status == Status.DRAFT:
        return SENTENCES["looked" if report.looked_at else "new"]
    if (
        status == Status.ACCEPTED
        and Analysis.objects.filter(incident=report.incident_id, status=AnalysisStatus.ACCEPTED).exists()
    ):
        return SENTENCES["analysed"]
    return SENTENCES[status]


@transaction.atomic
@system
def answer(report: StaffReport, text: str, side: str) -> Talk:
    """Keep what the reporter says, once: the page is posted without a session, so a reload posts again.

    Raises `InvalidInput`."""
    told, at = _checked(text), timezone.now()
    StaffReport.objects.select_for_update().get(pk=report.pk)
    mine = Talk.objects.filter(incident=report.incident_id, side=side, what=Utterance.ANSWER)
    if side not in Side.values or (side == Side.DEPARTMENT and not _has_begun(report)):
        raise InvalidInput({"text": [_("Choose one of the offered values.")]})
    known: Talk | None = mine.filter(text=told, at__gte=at - SAME_WITHIN).first()
    if known is not None:
        return known
    if mine.count() >= MOST:
        raise InvalidInput({"text": [_("This conversation has very many messages already.")]})
    said = Talk.objects.create(incident=report.incident, side=side, what=Utterance.ANSWER, at=at, text=told)
    messages.tell_of_answer(report.incident, Side(side), number=mine.count())
    return said


def _has_begun(report: StaffReport) -> bool:
    """The department begins its conversation; a reporter cannot."""
    return bool(Talk.objects.filter(incident=report.incident_id, side=Side.DEPARTMENT).exists())
