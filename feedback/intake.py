"""The one entrance: whatever the door, a submission becomes a case here, once, and is never lost.

In one transaction: the case, what arrived, who sent it (apart), its files, its receipt, its search entry, its history,
its clocks. What came before under the same number at the source gives the case that it gave then."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, DateField, TextField
from django.db.models.functions import Cast, JSONArray
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.exceptions import InvalidInput, KeyReused
from common.scope import as_system
from common.sealing import keyring
from common.statements import Part, Slot, Statement, insert, statement
from common.text import clean, has_unstorable, short
from deadlines import editions
from deadlines.editions import Reference
from facilities.models import Area, Facility
from feedback import files, obligations, receipts, search
from feedback.choices import CONFIDENTIAL_KINDS, Audience, Kind, Urgency
from feedback.happening import fault_of_day
from feedback.models import Case, Category, Channel, Reporter, Submission

BODY_LENGTH = 20_000


@dataclass(frozen=True)
class Incoming:
    """What a door hands over. `source` and `source_id` name it for good: the same pair is the same submission.

    `reporter` may hold name, phone, email, address. `receipt_secret` is the form's one-time secret where the sender
    follows the case by receipt. Codes that are unknown are refused by `receive`."""

    source: str
    source_id: str
    channel: str
    body: str
    title: str = ""
    kind: str = Kind.FEEDBACK
    category: str = ""
    urgency: str = ""
    facility: str = ""
    facility_said: str = ""
    area: str = ""
    occurred_on: date | None = None
    is_confidential: bool = False
    reporter: Mapping[str, str] = field(default_factory=dict, repr=False)
    uploads: Sequence[Any] = ()
    receipt_secret: str = ""
    ended_as: str = ""  # a call that ended at once: how
    is_released: bool = False  # a facility that reports on itself sees the case from the start


@dataclass(frozen=True)
class Received:
    """What the sender is told. `is_new` is false when the same submission had arrived before."""

    case: Case
    is_new: bool
    receipt: str = ""


def receive(incoming: Incoming, *, by: Any) -> Received:
    """Take a submission in. Raises `InvalidInput` with a sentence per field, `KeyReused` when the number at the source
    came before with another content. Two statements, of which the second one writes everything.

    Where the same submission arrives twice at once, the second one waits for the first and finds what it wrote."""
    with as_system(alone_with=f"submission {incoming.source} {incoming.source_id}"):
        return _received(incoming, by)


def examine(incoming: Incoming) -> bool:
    """Would this become a case? False when it is one already. Raises what `receive` would; writes nothing."""
    with as_system():
        known = _looked_up(incoming)
        if known.submission:
            _arrived_before(incoming, _content_of(incoming))
            return False
        _checked(incoming, known.rows)
        return True


def _received(incoming: Incoming, by: Any) -> Received:
    content = _content_of(incoming)
    known = _looked_up(incoming)
    if known.submission:
        return _arrived_before(incoming, content)
    checked = _checked(incoming, known.rows)
    assert known.start is not None  # there is one where all codes are known, which `_checked` made sure of
    case = _written(incoming, checked, known.start, keyring().fingerprint(content), by)
    return Received(case, True, receipts.code_from(incoming.receipt_secret) if incoming.receipt_secret else "")


def _content_of(incoming: Incoming) -> bytes:
    """Everything that was sent but its number: its fingerprint tells a retry from a reused key. The fingerprint is
    keyed: a plain hash would let anyone who holds the text guess the telephone number that was hashed with it."""
    content = {
        name: str(value) if not isinstance(value, Mapping) else dict(sorted(value.items()))
        for name, value in vars(incoming).items()
        if name not in ("source", "source_id", "uploads", "receipt_secret") and (value or name not in _LATER)
    }
    return json.dumps(content, sort_keys=True).encode("utf-8", "surrogatepass")


_LATER = ("ended_as", "is_released")  # came after the first fingerprints: not in them where they say nothing


def _arrived_before(incoming: Incoming, content: bytes) -> Received:
    submission = Submission.objects.select_related("case").get(source=incoming.source, source_id=incoming.source_id)
    if not keyring().is_fingerprint_of(content, submission.fingerprint):
        raise KeyReused
    code = receipts.code_from(incoming.receipt_secret) if incoming.receipt_secret else ""
    return Received(submission.case, False, code)


# what the codes of a submission stand for, with the columns that its case needs; the others are read when asked for
_KNOWN: dict[str, tuple[Any, tuple[str, ...]]] = {
    "channel": (lambda day: Channel.objects.valid_on(day), ("id", "code", "is_confidential")),
    "category": (lambda day: Category.objects.valid_on(day), ("id", "code", "urgency")),
    "facility": (lambda day: Facility.objects.open_on(day), ("id", "code", "type", "area_id")),
    "area": (lambda day: Area.objects.all(), ("id", "code")),
}


@dataclass(frozen=True)
class _Start:
    """What a new case begins with: a reference that no other case has (from a sequence: gaps are possible, doubles are
    not), the keys of its rows, and the calendar and rules its clocks follow."""

    number: int
    case_id: int
    submission_id: int
    rules: Reference

    def reference(self, day: date) -> str:
        return f"PA-{day.year}-{self.number:06d}"


@dataclass(frozen=True)
class _Known:
    """The rows behind the codes; the submission (its id) when it arrived before; else what its case begins with,
    unless one of the codes is unknown."""

    rows: dict[str, Any]
    submission: int | None
    start: _Start | None


def _looked_up(incoming: Incoming) -> _Known:
    """One statement."""
    codes = {name: getattr(incoming, name) for name in _KNOWN}
    asked = {name: "" if has_unstorable(code) else code for name, code in codes.items()}
    source_id = "" if has_unstorable(incoming.source_id) else incoming.source_id
    given = {"today": timezone.localdate(), "source": incoming.source, "source_id": source_id}
    found = statement("intake", _questions).rows(**asked, **given)[0]
    rows: dict[str, Any] = {}
    for (name, (_rows, columns)), values in zip(_KNOWN.items(), found, strict=False):
        model: Any = Case._meta.get_field(name).related_model
        rows[name] = model.from_db(connection.alias, columns, json.loads(values)) if values else None
    submission, numbers, *newest = found[len(_KNOWN) :]
    if not numbers:
        return _Known(rows, submission, None)
    number, case_id, submission_id = numbers
    rules = editions.current((newest[0], newest[1]))
    return _Known(rows, submission, _Start(number, case_id, submission_id, rules))


def _questions() -> Statement:
    """Everything that has to be known before a case can be written. Numbers are drawn only for what will be one."""
    asks = [*(_by_code(name) for name in _KNOWN), _by_number()]
    known = Statement.side_by_side(*asks)
    names = [*_KNOWN, "submission"]
    is_fine = [f"(known.{name} IS NOT NULL OR %s = '')" for name in _KNOWN]
    sql = (
        f"WITH known ({', '.join(names)}) AS MATERIALIZED ({known.sql})"
        f" SELECT known.*, CASE WHEN known.submission IS NULL AND {' AND '.join(is_fine)} THEN {_NUMBERS} END, newest.*"
        f" FROM known, ({editions.NEWEST}) AS newest"
    )
    return Statement(sql, (*known.params, *(Slot(name, CharField()) for name in _KNOWN)), known.at)


# by their names: to look for the sequence of a column costs more than to draw from it
_NUMBERS = (
    "ARRAY[nextval('feedback_case_reference'), nextval('feedback_case_id_seq'), nextval('feedback_submission_id_seq')]"
)


def _by_code(name: str) -> Any:
    rows, columns = _KNOWN[name]
    found = rows(Slot("today", DateField())).filter(code=Slot(name, CharField())).order_by()
    return found.values_list(Cast(JSONArray(*columns), TextField()))


def _by_number() -> Any:
    source, source_id = Slot("source", CharField()), Slot("source_id", CharField())
    return Submission.objects.filter(source=source, source_id=source_id).values_list("pk")


@dataclass
class _Checked:
    channel: Channel
    body: str
    title: str
    category: Category | None
    facility: Facility | None
    area: Area | None
    facility_said: str
    reporter: dict[str, str] = field(repr=False)
    uploads: list[files.Checked]


def _checked(incoming: Incoming, known: Mapping[str, Any]) -> _Checked:
    """Gather what is wrong, field by field, before anything is written."""
    wrong: dict[str, list[Any]] = {}
    body = _text(incoming.body, "body", BODY_LENGTH, wrong)
    if not body and "body" not in wrong:
        wrong["body"] = [_("Tell what happened.")]
    if not incoming.source_id or len(incoming.source_id) > 100 or has_unstorable(incoming.source_id):
        wrong["source_id"] = [_("The submission's own number is missing or longer than 100 characters.")]
    for name, choices in (("kind", Kind), ("urgency", Urgency)):
        if getattr(incoming, name) not in ("", *choices.values):
            wrong[name] = [_("Choose one of the offered values.")]
    if incoming.occurred_on and (fault := fault_of_day(incoming.occurred_on)):
        wrong["occurred_on"] = [fault]
    for name in _KNOWN:
        if getattr(incoming, name) and known[name] is None:
            wrong[name] = [_("Not found, or no longer in use.")]
    if not incoming.channel:
        wrong["channel"] = [_("This is needed.")]
    checked = _Checked(
        channel=known["channel"],
        body=body,
        title=_text(incoming.title, "title", 200, wrong) or short(body, 120),
        category=known["category"],
        facility=known["facility"],
        area=known["area"],
        facility_said=_text(incoming.facility_said, "facility_said", 200, wrong),
        reporter=_reporter(incoming.reporter, wrong),
        uploads=_uploads(incoming.uploads, wrong),
    )
    if wrong:
        raise InvalidInput(wrong)
    return checked


def _text(raw: str, name: str, length: int, wrong: dict[str, list[Any]]) -> str:
    if has_unstorable(raw):
        wrong[name] = [_("This text holds characters that cannot be stored. Type it again.")]
        return ""
    text = clean(raw)
    if len(text) > length:
        wrong[name] = [_("At most %(count)s characters.") % {"count": length}]
    return text


def _reporter(raw: Mapping[str, str], wrong: dict[str, list[Any]]) -> dict[str, str]:
    limits = {"name": 120, "phone": 20, "email": 200, "address": 300}
    return {
        name: text
        for name, limit in limits.items()
        if (text := _text(str(raw.get(name) or ""), f"reporter.{name}", limit, wrong))
    }


def _uploads(raw: Sequence[Any], wrong: dict[str, list[Any]]) -> list[files.Checked]:
    try:
        return files.checked_all(raw)
    except files.FileRefused as refusal:
        wrong["files"] = [refusal.sentence]
        return []


def _written(incoming: Incoming, checked: _Checked, start: _Start, fingerprint: str, by: Any) -> Case:
    """Write everything, whole or not at all: one statement, and then the receipt and the files that come with it."""
    at = timezone.now()
    case = _new_case(incoming, checked, at, by)
    case.pk, case.reference = start.case_id, start.reference(timezone.localdate(at))
    submission = Submission(
        pk=start.submission_id,
        case=case,
        channel=checked.channel,
        source=incoming.source,
        source_id=incoming.source_id,
        fingerprint=fingerprint,
        body=checked.body,
        received_at=at,
        recorded_by=case.recorded_by,
        ended_as=incoming.ended_as,
    )
    clocks = obligations.begin(case, by=case.recorded_by, at=at, reference=start.rules)
    reporter = None
    if checked.reporter:
        reporter = Reporter.of(submission, checked.reporter, is_known_again=not case.is_confidential)
    rows = [case, _first_history(case, at), submission, reporter, *clocks, search.entry_of(case)]
    with transaction.atomic(savepoint=False):
        insert(*(row for row in rows if row is not None))
        if incoming.receipt_secret:
            receipts.issue(case, receipts.code_from(incoming.receipt_secret))
        files.keep(checked.uploads, case=case, audience=Audience.DEPARTMENT, by=case.recorded_by, at=at)
    return case


def _first_history(case: Case, at: datetime) -> Part:
    """The history row of a case's beginning, as the history library would write it, from the case's own new row."""
    return Part(_HISTORY, (at, case.recorded_by.pk if case.recorded_by else None))


_COLUMNS = ", ".join(f'"{field.column}"' for field in Case.history.model.tracked_fields)  # type: ignore[attr-defined]
_HISTORY = (
    f"INSERT INTO {Case.history.model._meta.db_table}"  # type: ignore[attr-defined]
    f" ({_COLUMNS}, history_date, history_type, history_change_reason, history_user_id)"
    f" SELECT {_COLUMNS}, %s, '+', '', %s FROM part0"
)


def _new_case(incoming: Incoming, checked: _Checked, at: datetime, by: Any) -> Case:
    category = checked.category
    kind = incoming.kind or Kind.FEEDBACK
    return Case(
        kind=kind,
        channel=checked.channel,
        category=category,
        urgency=incoming.urgency or (category.urgency if category else Urgency.MEDIUM),
        is_confidential=incoming.is_confidential or checked.channel.is_confidential or kind in CONFIDENTIAL_KINDS,
        title=checked.title,
        body=checked.body,
        occurred_on=incoming.occurred_on,
        facility=checked.facility,
        facility_said=checked.facility_said,
        area_id=checked.area.pk if checked.area else checked.facility.area_id if checked.facility else None,
        is_released=incoming.is_released,
        recorded_by=by if getattr(by, "pk", None) else None,
        received_at=at,
    )
