"""The one entrance: whatever the door, a submission becomes a case here, once, and is never lost.

In one transaction: the case, what arrived, who sent it (apart), its files, its receipt, its search entry, its history,
its clocks. What came before under the same number at the source gives the case that it gave then."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.exceptions import InvalidInput, KeyReused
from common.sealing import keyring
from common.text import clean, has_unstorable, short
from facilities.models import Area, Facility
from feedback import files, obligations, receipts, search
from feedback.choices import CONFIDENTIAL_KINDS, Audience, Kind, Urgency
from feedback.models import Case, Category, Channel, Reporter, Submission

BODY_LENGTH = 20_000
EARLIEST = date(1990, 1, 1)


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


@dataclass(frozen=True)
class Received:
    """What the sender is told. `is_new` is false when the same submission had arrived before."""

    case: Case
    is_new: bool
    receipt: str = ""


def receive(incoming: Incoming, *, by: Any) -> Received:
    """Take a submission in. Raises `InvalidInput` with a sentence per field, `KeyReused` when the number at the source
    came before with another content. Some ten statements in one transaction."""
    content = _content_of(incoming)
    before = _arrived_before(incoming, content)
    if before:
        return before
    checked = _checked(incoming)
    try:
        with transaction.atomic():
            case = _write(incoming, checked, keyring().fingerprint(content), by)
    except IntegrityError:
        # the same submission arrived twice at once; the other one was first
        before = _arrived_before(incoming, content)
        if before is None:
            raise
        return before
    return Received(case, True, receipts.code_from(incoming.receipt_secret) if incoming.receipt_secret else "")


def _content_of(incoming: Incoming) -> bytes:
    """Everything that was sent but its number: its fingerprint tells a retry from a reused key. The fingerprint is
    keyed: a plain hash would let anyone who holds the text guess the telephone number that was hashed with it."""
    content = {
        name: str(value) if not isinstance(value, Mapping) else dict(sorted(value.items()))
        for name, value in vars(incoming).items()
        if name not in ("source", "source_id", "uploads", "receipt_secret")
    }
    return json.dumps(content, sort_keys=True).encode("utf-8", "surrogatepass")


def next_reference(day: date) -> str:
    """A number that no other case has: from a database sequence, so gaps are possible and doubles are not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('feedback_case_reference')")
        return f"PA-{day.year}-{cursor.fetchone()[0]:06d}"


def _arrived_before(incoming: Incoming, content: bytes) -> Received | None:
    submission = (
        Submission.objects.select_related("case").filter(source=incoming.source, source_id=incoming.source_id).first()
        if not has_unstorable(incoming.source_id)
        else None
    )
    if submission is None:
        return None
    if not keyring().is_fingerprint_of(content, submission.fingerprint):
        raise KeyReused
    code = receipts.code_from(incoming.receipt_secret) if incoming.receipt_secret else ""
    return Received(submission.case, False, code)


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


def _checked(incoming: Incoming) -> _Checked:
    """Look everything up and gather what is wrong, field by field, before anything is written."""
    wrong: dict[str, list[Any]] = {}
    today = timezone.localdate()
    body = _text(incoming.body, "body", BODY_LENGTH, wrong)
    if not body and "body" not in wrong:
        wrong["body"] = [_("Tell what happened.")]
    if not incoming.source_id or len(incoming.source_id) > 100 or has_unstorable(incoming.source_id):
        wrong["source_id"] = [_("The submission's own number is missing or longer than 100 characters.")]
    for name, choices in (("kind", Kind), ("urgency", Urgency)):
        if getattr(incoming, name) not in ("", *choices.values):
            wrong[name] = [_("Choose one of the offered values.")]
    if incoming.occurred_on and not EARLIEST <= incoming.occurred_on <= today:
        wrong["occurred_on"] = [_("This day is in the future or too long ago.")]
    channel = _found(Channel.objects.valid_on(today), incoming.channel, "channel", wrong, needed=True)
    checked = _Checked(
        channel=channel,
        body=body,
        title=_text(incoming.title, "title", 200, wrong) or short(body, 120),
        category=_found(Category.objects.valid_on(today), incoming.category, "category", wrong),
        facility=_found(Facility.objects.open_on(today), incoming.facility, "facility", wrong),
        area=_found(Area.objects.all(), incoming.area, "area", wrong),
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


def _found(rows: Any, code: str, name: str, wrong: dict[str, list[Any]], *, needed: bool = False) -> Any:
    if not code:
        if needed:
            wrong[name] = [_("This is needed.")]
        return None
    found = None if has_unstorable(code) else rows.filter(code=code).first()
    if found is None:
        wrong[name] = [_("Not found, or no longer in use.")]
    return found


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


def _write(incoming: Incoming, checked: _Checked, fingerprint: str, by: Any) -> Case:
    at = timezone.now()
    case = _new_case(incoming, checked, at, by)
    case._history_user, case._change_reason = case.recorded_by, ""  # type: ignore[attr-defined]
    case.save(force_insert=True)
    obligations.begin(case, by=case.recorded_by, at=at)
    submission = Submission.objects.create(
        case=case,
        channel=checked.channel,
        source=incoming.source,
        source_id=incoming.source_id,
        fingerprint=fingerprint,
        body=checked.body,
        received_at=at,
        recorded_by=case.recorded_by,
    )
    if checked.reporter:
        Reporter.of(submission, checked.reporter).save(force_insert=True)
    if incoming.receipt_secret:
        receipts.issue(case, receipts.code_from(incoming.receipt_secret))
    files.keep(checked.uploads, case=case, audience=Audience.DEPARTMENT, by=case.recorded_by, at=at)
    search.index(case)
    return case


def _new_case(incoming: Incoming, checked: _Checked, at: datetime, by: Any) -> Case:
    category = checked.category
    kind = incoming.kind or Kind.FEEDBACK
    case = Case(
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
        area=checked.area or (checked.facility.area if checked.facility else None),
        recorded_by=by if getattr(by, "pk", None) else None,
        received_at=at,
    )
    case.reference = next_reference(timezone.localdate(at))
    return case
