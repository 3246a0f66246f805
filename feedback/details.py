"""What the moves ask for: reading it, refusing it in words, and writing the rows that go with it."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.exceptions import InvalidInput
from common.text import clean, number_in
from facilities.models import Division, Facility
from feedback import files, merging, messages
from feedback.choices import Audience, Measure, Outcome, Status
from feedback.models import Answer, Case, Note, Reply

REQUIRED = _("This is needed.")
UNKNOWN = _("Not found, or no longer in use.")
TEXT_LENGTH = 20_000


class Wrong(Exception):
    """One detail that cannot be taken, with its sentence."""

    def __init__(self, sentence: Promise | str) -> None:
        self.sentence = sentence


def read(asks: tuple[str, ...], given: Mapping[str, Any], *, case: Case, by: Any) -> dict[str, Any]:
    """What the move asks for, as objects and clean text; every wrong or missing detail is named in one refusal."""
    values: dict[str, Any] = {}
    wrong: dict[str, list[Any]] = {}
    for ask in asks:
        name = ask.removesuffix("*")
        raw = given.get(name)
        if raw in (None, "", [], ()):
            if ask.endswith("*"):
                wrong[name] = [REQUIRED]
            continue
        try:
            values[name] = READERS[name](raw, case, by)
        except Wrong as refusal:
            wrong[name] = [refusal.sentence]
    if wrong:
        raise InvalidInput(wrong)
    return values


def _text(raw: Any, case: Case, by: Any) -> str:
    if not isinstance(raw, str):
        raise Wrong(_("Write text here."))
    text = clean(unicodedata.normalize("NFC", raw))
    if not text:
        raise Wrong(REQUIRED)
    if len(text) > TEXT_LENGTH:
        raise Wrong(_("At most %(count)s characters.") % {"count": TEXT_LENGTH})
    return text


def _line(raw: Any, case: Case, by: Any) -> str:
    text = _text(raw, case, by)
    if len(text) > 200:
        raise Wrong(_("At most %(count)s characters.") % {"count": 200})
    return text


def _facility(raw: Any, case: Case, by: Any) -> Facility:
    today = timezone.localdate()
    found = raw if isinstance(raw, Facility) else Facility.objects.open_on(today).filter(**_key(raw)).first()
    if found is None:
        raise Wrong(_("This facility does not exist or has ended."))
    if case.is_confidential:
        raise Wrong(_("A confidential case is not forwarded to a facility; assign it to a division."))
    return found


def _division(raw: Any, case: Case, by: Any) -> Division:
    found = raw if isinstance(raw, Division) else Division.objects.filter(is_active=True, **_key(raw)).first()
    if found is None:
        raise Wrong(UNKNOWN)
    return found


def _assignee(raw: Any, case: Case, by: Any) -> User:
    key = {"pk": raw.pk} if isinstance(raw, User) else _key(raw, word="username")
    found = User.objects.can_be_given_work().filter(**key).first()
    if found is None:
        raise Wrong(UNKNOWN)
    if found.pk in (case.assignee_id, case.checked_by_id) and case.status == Status.CLOSED:
        raise Wrong(_("A review needs another officer than the one who handled the case."))
    return found


def _key(raw: Any, word: str = "code") -> dict[str, Any]:
    """Look a row up by its number when it is one, else by its word."""
    text = clean(str(raw))
    number = number_in(text)
    return {word: text} if number is None else {"pk": number}


def _choice(choices: Any) -> Callable[[Any, Case, Any], str]:
    def reader(raw: Any, case: Case, by: Any) -> str:
        if raw not in choices.values:
            raise Wrong(_("Choose one of the offered values."))
        return str(raw)

    return reader


def _measures(raw: Any, case: Case, by: Any) -> list[str]:
    codes = raw if isinstance(raw, (list, tuple)) else [raw]
    if any(code not in Measure.values for code in codes):
        raise Wrong(_("Choose one of the offered values."))
    return [str(code) for code in codes]


def _target(raw: Any, case: Case, by: Any) -> Case:
    reference = clean(str(raw)).upper()
    found = Case.objects.visible_to(by).filter(reference=reference).first()
    fault = merging.NO_OTHER if found is None else merging.fault_of(case, found)
    if found is None or fault:
        raise Wrong(fault or merging.NO_OTHER)
    return found


def _version(raw: Any, case: Case, by: Any) -> int:
    found = number_in(str(raw))
    if found is None:
        raise Wrong(_("Write a number here."))
    return found


def _files(raw: Any, case: Case, by: Any) -> list[files.Checked]:
    try:
        return files.checked_all(raw)
    except files.FileRefused as refusal:
        raise Wrong(refusal.sentence) from None


READERS: dict[str, Callable[[Any, Case, Any], Any]] = {
    "facility": _facility,
    "division": _division,
    "assignee": _assignee,
    "findings": _text,
    "measures_text": _text,
    "measures": _measures,
    "proposed_outcome": _choice(Outcome),
    "outcome": _choice(Outcome),
    "files": _files,
    "reply": _text,
    "reply_joined": _text,
    "way": _choice(Reply.Way),
    "public_summary": _text,
    "transferred_to": _line,
    "target": _target,
    "target_version": _version,
    "question": _text,
}


def write_answer(case: Case, given: Mapping[str, Any], *, by: Any, at: datetime) -> Answer:
    """Keep the unit's answer and its files: a facility's own where the case is with it, else a division's."""
    answer = Answer.objects.create(
        case=case,
        at=at,
        by=by,
        facility=case.facility if case.status in (Status.FORWARDED, Status.RETURNED) else None,
        findings=given["findings"],
        measures_text=given.get("measures_text", ""),
        measures=given.get("measures", []),
        proposed_outcome=given["proposed_outcome"],
    )
    files.keep(given.get("files", []), case=case, answer=answer, audience=Audience.FACILITY, by=by, at=at)
    return answer


def write_reply(case: Case, given: Mapping[str, Any], *, by: Any, at: datetime) -> Reply:
    """Keep what the reporter was told."""
    return Reply.objects.create(case=case, at=at, by=by, text=given["reply"], way=given["way"])


def write_question(case: Case, question: str, *, by: Any, at: datetime) -> Note:
    """Keep a question to the reporter; the follow-up page shows it."""
    return Note.objects.create(case=case, at=at, by=by, text=question, audience=Audience.CITIZEN)


def tell(case: Case, to: Status, *, by: Any) -> None:
    """Tell those whose turn it is now."""
    messages.tell_of_move(case, to, by=by)
