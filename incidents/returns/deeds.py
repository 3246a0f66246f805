"""What is done with returns: opened when their period has ended, written, signed and closed, corrected by another
edition, handed out. Only this module assigns `Return.status`."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.services import engine
from audit.models import Act
from audit.services import record_first
from common.exceptions import InvalidInput, MoveRefused, Refused, RightMissing, StaleVersion
from common.models import valid_on
from common.papers.layout import digest_of, mark_of
from common.papers.letter import letter
from common.papers.spreadsheet import spreadsheet
from common.scope import as_system, system
from common.text import clean, has_unstorable
from facilities.models import Division, Facility
from incidents.choices import DIVISION, Capacity, FileForm, ReturnKind, ReturnStatus
from incidents.models import Incident, Return, ReturnEdition, ReturnFile, ReturnText
from incidents.returns.content import TEXTS, drawn_up
from incidents.returns.documents import Signature, laid_out
from incidents.returns.periods import Period, ended, last_ended
from incidents.returns.subject import end_clock, start_clock
from incidents.transitions import checked_reason

log = structlog.get_logger("incidents.returns")
WRITE_RETURN, SIGN_RETURN = "incidents.write_return", "incidents.sign_return"
WRITE_LETTER, SIGN_LETTER = "incidents.write_letter", "incidents.sign_letter"
LONGEST = 20_000
LATEST = timedelta(days=62)  # so long after a period its returns open by themselves; older ones by hand
BY_HAND = 8  # so many periods back somebody may open one
WAYS = {FileForm.XLSX: spreadsheet, FileForm.DOCX: letter}


class NotAsSigned(Refused):
    """What is kept is not what was signed: nothing is handed out."""

    code = "not_as_signed"
    status = 500
    message = gettext_lazy("This file is not as it was signed, so it is not handed out. Tell the administrator.")


# --- opening ---------------------------------------------------------------------------------------------------------


@system
def open_due(at: datetime | None = None) -> int:
    """Open what is to be handed in for the periods that ended lately; how many are new. A second run finds nothing.

    A facility takes part when somebody works here for it, or when it sent a report in the period."""
    now, opened = at or timezone.now(), 0
    for kind in ReturnKind:
        period = last_ended(kind, now)
        if now - period.ends < LATEST:
            opened += sum(_open(period, facility, by=engine(), at=now) is not None for facility in _wanted(period))
    return opened


def _wanted(period: Period) -> Iterable[Facility | None]:
    """Whose return of a period is not open yet; None is the department."""
    known = set(Return.objects.filter(kind=period.kind, year=period.year, part=period.part).values_list("facility"))
    if period.kind == ReturnKind.LETTER:
        return [] if known else [None]
    day: date = timezone.localdate(period.ends - timedelta(seconds=1))
    members = Membership.objects.filter(valid_on(timezone.localdate()), facility__isnull=False, user__is_active=True)
    sent = Incident.objects.filter(submitted_at__gte=period.starts, submitted_at__lt=period.ends)
    ids = set(members.values_list("facility", flat=True)) | set(sent.values_list("facility", flat=True).distinct())
    return Facility.objects.open_on(day).filter(pk__in=ids - {pk for (pk,) in known}).order_by("pk")


@transaction.atomic
def _open(period: Period, facility: Facility | None, *, by: Any, at: datetime) -> Return | None:
    """The new return with its clock; None when somebody was first."""
    keys = {"kind": period.kind, "facility": facility, "year": period.year, "part": period.part}
    row = Return(
        **keys, ended_at=period.ends, opened_at=at, division=Division.objects.filter(code=DIVISION).first()
    )  # fmt: skip
    if Return.objects.filter(**keys).exists():
        return None
    _write(row, by=by, reason="")
    start_clock(row, period, by=by)
    Return.objects.filter(pk=row.pk).update(due_at=row.due_at)  # not in history: it is derived
    return row


def _write(found: Return, *, by: Any, reason: str) -> None:
    """Write a return as its next version. As the system."""
    if found.pk:
        found.version += 1
    found._history_user, found._change_reason = by, reason  # type: ignore[attr-defined]
    found.save()


def to_begin(user: Any, at: datetime) -> list[tuple[Facility | None, Period]]:
    """Which returns this person may open by hand: of periods that ended, and that nobody opened. Three queries."""
    found: list[tuple[Facility | None, Period]] = []
    facilities = user.scope.facilities - user.recused_facilities if user.has_perm(WRITE_RETURN) else ()
    units: list[Facility | None] = list(Facility.objects.filter(pk__in=facilities).order_by("name"))
    if user.has_perm(WRITE_LETTER):
        units.append(None)
    known = set(Return.objects.visible_to(user).values_list("kind", "facility", "year", "part"))
    for unit in units:
        kind = ReturnKind.SYNTHESIS if unit else ReturnKind.LETTER
        found += [
            (unit, period)
            for period in ended(kind, at, BY_HAND)
            if (str(kind), unit.pk if unit else None, period.year, period.part) not in known
        ]
    return found


def begin(facility: Facility | None, period: Period, *, by: Any) -> Return:
    """Open a return by hand. Raises `RightMissing`, `MoveRefused`."""
    if (facility, period) not in to_begin(by, timezone.now()):
        raise RightMissing
    with as_system():
        found = _open(period, facility, by=by, at=timezone.now())
    if found is None:
        raise MoveRefused(_("This return is there already."))
    return found


# --- writing and signing ---------------------------------------------------------------------------------------------


def is_own(found: Return, user: Any) -> bool:
    """Is it this person's unit that hands it in?"""
    return found.facility_id is None or found.facility_id in user.scope.facilities


def may_write(found: Return, user: Any) -> bool:
    return is_own(found, user) and user.has_perm(WRITE_RETURN if found.facility_id else WRITE_LETTER)


def may_sign(found: Return, user: Any) -> bool:
    return is_own(found, user) and user.has_perm(SIGN_RETURN if found.facility_id else SIGN_LETTER)


def texts_of(found: Return, user: Any) -> dict[str, str]:
    """What is written into a return so far, as this person may read it. One query."""
    text = ReturnText.objects.visible_to(user).filter(about=found).first()
    return {name: getattr(text, name) if text else "" for name in TEXTS}


def _locked(found: Return, by: Any, version: int) -> Return:
    """The return as it stands, nobody else writing it. Raises `Http404`, `StaleVersion`."""
    row: Return | None = (
        Return.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("facility")
        .filter(pk=found.pk)
        .first()
    )
    if row is None:
        raise Http404
    if row.version != version:
        raise StaleVersion(current_version=row.version)
    return row


@transaction.atomic
def write(found: Return, texts: Mapping[str, str], *, by: Any, version: int) -> Return:
    """Write the words of a return. Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    row = _locked(found, by, version)
    if not may_write(row, by):
        raise RightMissing
    if not row.is_writable:
        raise MoveRefused(_("This return was signed and is closed: correct it by another edition."))
    words = _("At most %(count)s characters, and none that cannot be stored.") % {"count": LONGEST}
    wrong: dict[str, list[Any]] = {
        name: [words] for name, text in texts.items() if has_unstorable(text) or len(text) > LONGEST
    }
    if wrong:
        raise InvalidInput(wrong)
    with as_system():
        told = {name: texts[name].strip() for name in TEXTS if name in texts}
        ReturnText.objects.update_or_create(about=row, defaults={**told, "by": by, "at": timezone.now()})
        _write(row, by=by, reason="")
    return row


@transaction.atomic
def sign(found: Return, *, as_of: datetime, digest: str, by: Any, version: int) -> ReturnEdition:
    """Sign what was shown: the return as of that moment, which is drawn up again and must be the same. It is frozen
    with its files and closed, and its clock ends.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    row, now = _locked(found, by, version), timezone.now()
    if not may_sign(row, by):
        raise RightMissing
    if not row.is_writable:
        raise MoveRefused(_("This return was signed already."))
    if not row.ended_at <= as_of <= now:
        raise InvalidInput({"as_of": [_("Look at the return again before you sign it.")]})
    texts = texts_of(row, by)
    asked = _("Write something here, even that there is nothing.")
    missing: dict[str, list[Any]] = {name: [asked] for name in TEXTS if not texts[name]}
    if missing:
        raise InvalidInput(missing, _("The return is not complete yet: its words are missing."))
    content = drawn_up(row, as_of, texts)
    if digest_of(content) != digest:
        raise InvalidInput({"digest": [_("The figures changed while you read: look again, then sign.")]})
    with as_system():
        edition = _freeze(row, content, as_of, by=by, at=now)
        row.status, row.why = ReturnStatus.SIGNED, ""
        row.signed_at = row.signed_at or now
        _write(row, by=by, reason=f"{edition.number}: {digest}")
        end_clock(row, at=now, by=by)
    return edition


def _freeze(row: Return, content: dict[str, Any], as_of: datetime, *, by: Any, at: datetime) -> ReturnEdition:
    former = row.editions.order_by("-number").first()
    edition = ReturnEdition(
        about=row, number=former.number + 1 if former else 1, as_of=as_of, content=content,
        digest=digest_of(content), reason=row.why, former=former, signed_by=by,
        signer=by.get_full_name() or by.get_username(), capacity=_capacity(row, by), signed_at=at,
    )  # fmt: skip
    edition.save()
    ReturnFile.objects.bulk_create(
        ReturnFile(edition=edition, form=form, content=content, digest=mark_of(content))
        for form, content in files_of(edition).items()
    )
    return edition


def _capacity(row: Return, by: Any) -> Capacity:
    """The head signs; where somebody else does, it is by order of the head, and the paper says so."""
    if row.facility_id is None:
        return Capacity.HEAD
    rows = Membership.objects.filter(valid_on(timezone.localdate()), user=by, facility=row.facility_id, is_head=True)
    return Capacity.HEAD if rows.exists() else Capacity.BY_ORDER


def files_of(edition: ReturnEdition) -> dict[FileForm, bytes]:
    """The files of an edition, made from what it froze: each time the same bytes."""
    former = edition.former
    signed = Signature(
        edition.number, edition.signer, edition.capacity, edition.signed_at,
        former.number if former else 0, former.digest if former else "", edition.reason,
    )  # fmt: skip
    document = laid_out(edition.content, signed)
    return {form: make(document) for form, make in WAYS.items()}


@transaction.atomic
def correct(found: Return, *, reason: str, by: Any, version: int) -> Return:
    """Open a signed return for another edition; what was signed stays and goes on counting until then.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `ReasonRequired`, `InvalidInput`."""
    row = _locked(found, by, version)
    if not (may_write(row, by) or may_sign(row, by)):
        raise RightMissing
    if row.status != ReturnStatus.SIGNED:
        raise MoveRefused(_("Only what was signed can be corrected."))
    why = checked_reason(reason)
    with as_system():
        row.status, row.why = ReturnStatus.CORRECTING, clean(why)
        _write(row, by=by, reason=why)
    return row


# --- handing out -----------------------------------------------------------------------------------------------------


def handed_out(edition: ReturnEdition, form: str, *, by: Any) -> bytes:
    """A file of a signed return, after it proved to be what was signed and was written down.

    Raises `Http404`, `NotAsSigned`, `NotRecorded`."""
    rows = ReturnFile.objects.visible_to(by).select_related("edition")
    found = rows.filter(edition=edition, form=form).first()
    if found is None:
        raise Http404
    content = bytes(found.content)
    if mark_of(content) != found.digest or digest_of(found.edition.content) != found.edition.digest:
        log.error("return_not_as_signed", edition=edition.pk, form=form)
        raise NotAsSigned
    record_first(Act.EXPORT, by=by, about=edition, reason=f"{form} {found.digest[:12]}")
    return content
