"""Recording a matter that stands in public: the department for any facility, a facility for itself, at once."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.exceptions import InvalidInput, Refused, RightMissing
from common.scope import as_system
from facilities.models import Facility
from feedback.choices import PRESS_CHANNEL, Status
from feedback.intake import Incoming, receive
from feedback.models import Appearance, Case, Submission
from feedback.press import appearances, reporting
from feedback.press.appearances import OF_FACILITY, RECORD, Raised
from feedback.press.reporting import Said
from feedback.transitions import MOVES, move
from feedback.visibility import sees_as_facility

SOURCE = "press"
FORWARD = MOVES[Status.RECEIVED, Status.FORWARDED]


@dataclass(frozen=True)
class Matter:
    """What a form says of the matter itself. `facility` is a code."""

    body: str
    facility: str = ""
    facility_said: str = ""
    category: str = ""
    urgency: str = ""


class AlreadyRecorded(Refused):
    """The same page is known already, in cases that the person sees; `cases` are these."""

    code = "already_recorded"
    status = 409
    message = _("This link is on record already.")

    def __init__(self, cases: list[Case]) -> None:
        super().__init__()
        self.cases = cases


def may_record(user: Any) -> bool:
    """May this person record what they read of any facility?"""
    return user.has_perm(RECORD) and not sees_as_facility(user)


def own_facilities(user: Any) -> list[Facility]:
    """The facilities of which this person may report themselves; none for the department. One query at most."""
    if not (user.has_perm(OF_FACILITY) and sees_as_facility(user)):
        return []
    mine = user.scope.facilities - user.recused_facilities
    open_ones = Facility.objects.open_on(timezone.localdate())
    return list(open_ones.filter(pk__in=mine).order_by("name")) if mine else []


def may_forward(user: Any) -> bool:
    """May this person give the case to its facility at once, so that its clock begins?"""
    return bool(user.has_perm(FORWARD.right))


@transaction.atomic
def record(
    raised: Raised, matter: Matter, *, key: str, by: Any, is_separate: bool = False, is_forwarded: bool = False
) -> Case:
    """Take a matter in that somebody of the department read or heard of, once for each `key`. With `is_forwarded` it
    goes to its facility in the same breath, which then owes its prompt report.

    Raises `RightMissing`, `InvalidInput`, `KeyReused`, and `AlreadyRecorded` where the page is known and this was not
    said to be another matter (`is_separate`)."""
    if not may_record(by):
        raise RightMissing
    found = _checked(raised, matter)
    with as_system(alone_with=_name_of(found)):
        case = _received(found, matter, key=key, by=by, is_separate=is_separate)
        if case.version == 1 and is_forwarded and case.facility and may_forward(by) and not case.is_confidential:
            reason = str(FORWARD.label)
            move(case, Status.FORWARDED, by=by, reason=reason, version=1, given={"facility": case.facility})
    return case


@transaction.atomic
def report_own(raised: Raised, matter: Matter, said: Said, *, key: str, by: Any, is_separate: bool = False) -> Case:
    """Take a matter in that a facility reports of itself, with its prompt report; both or neither.

    Raises as `record` does; `RightMissing` for a facility that is not the person's own."""
    if matter.facility not in {one.code for one in own_facilities(by)}:
        raise RightMissing
    found = _checked(raised, matter, reporting.faults_of(said))
    with as_system(alone_with=_name_of(found)):
        case = _received(found, matter, key=key, by=by, is_separate=is_separate, is_released=True)
        if not case.prompt_reports.exists():
            reporting.write(case, said, by=by, at=found.at, since=found.published_at)
    return case


def _checked(raised: Raised, matter: Matter, *more: dict[str, list[Any]]) -> Appearance:
    """Everything that is wrong with the form at once, not first one half and then the other."""
    wrong: dict[str, list[Any]] = {}
    for faults in more:
        wrong |= faults
    try:
        found = appearances.checked(raised, timezone.now())
    except InvalidInput as refusal:
        wrong |= {name: list(sentences) for name, sentences in refusal.fields.items()}
    if not matter.body.strip():
        wrong["body"] = [_("Tell in a few words what it says.")]
    if wrong:
        raise InvalidInput(wrong)
    return found


def _name_of(found: Appearance) -> str:
    """Whoever records the same page at the same time waits, and then finds it known."""
    return f"press {found.mark}" if found.mark else ""


def _received(
    found: Appearance, matter: Matter, *, key: str, by: Any, is_separate: bool, is_released: bool = False
) -> Case:
    source_id = f"{by.pk}-{key}"
    is_repeat = Submission.objects.filter(source=SOURCE, source_id=source_id).exists()
    if found.mark and not is_separate and not is_repeat and (known := appearances.known_cases([found.mark], by)):
        raise AlreadyRecorded(known)
    incoming = Incoming(
        source=SOURCE,
        source_id=source_id,
        channel=PRESS_CHANNEL,
        body=matter.body,
        title=found.title,
        category=matter.category,
        urgency=matter.urgency,
        facility=matter.facility,
        facility_said=matter.facility_said,
        is_released=is_released,
    )
    received = receive(incoming, by=by)
    if received.is_new:
        appearances.keep(found, received.case, by=by)
    return received.case
