"""What may be done to a facility after it was registered: each deed keeps who, when and why."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.exceptions import InvalidInput, ReasonRequired, Refused, RightMissing, StaleVersion
from common.text import clean
from facilities.choices import FacilityStatus, FacilityType, LicenceAct, NameKind
from facilities.models import Facility, FacilityName, LicenceEvent, Management
from facilities.services.records import BATCH, change_official_names, create_with_history, hand_over, managed
from facilities.services.wording import refresh_words

MAY_ADD = "facilities.add_facility"
MAY_CHANGE = "facilities.change_facility"
STATUS_AFTER = {  # what the newest licence event makes of an open facility
    LicenceAct.GRANTED: FacilityStatus.ACTIVE,
    LicenceAct.RESUMED: FacilityStatus.ACTIVE,
    LicenceAct.SUSPENDED: FacilityStatus.SUSPENDED,
    LicenceAct.REVOKED: FacilityStatus.UNLICENSED,
}


@transaction.atomic
def register(facility: Facility, *, by: Any, reason: str = "") -> Facility:
    """Store a new facility with its official name and who manages it."""
    _require(by, MAY_ADD)
    return register_many([facility], {}, by=by, reason=reason)[0]


@transaction.atomic
def register_many(
    facilities: Sequence[Facility], names: Mapping[str, Iterable[FacilityName]], *, by: Any, reason: str
) -> list[Facility]:
    """Store many at once (imports, demonstration); `names` maps a code to further names. Ten statements.

    The caller has asked for the right; `by` is None only for the seeds that come with the system."""
    for facility in facilities:
        facility.fold_names()
        facility.former_area = facility.former_area or (facility.area.former_area if facility.area else "")
        if facility.type == FacilityType.UNLICENSED and facility.status == FacilityStatus.ACTIVE:
            facility.status = FacilityStatus.UNLICENSED
    stored = create_with_history(list(facilities), by=by, reason=reason)
    rows = []
    for facility in stored:
        rows.append(
            FacilityName(
                facility=facility,
                name=facility.name,
                kind=NameKind.OFFICIAL,
                valid_from=facility.valid_from,
            )
        )
        for name in names.get(facility.code, ()):
            name.facility = facility
            rows.append(name)
    for name in rows:
        name.fold_names()
    create_with_history(rows, by=by, reason=reason)
    Management.objects.bulk_create([managed(facility, facility.valid_from) for facility in stored], batch_size=BATCH)
    refresh_words([facility.pk for facility in stored])
    return stored


@transaction.atomic
def change(facility: Facility, *, by: Any, reason: str = "", version: int) -> Facility:
    """Store what a form changed, but for name, status and management: those have deeds of their own.

    `version` is the one the form showed."""
    stored = _locked(facility, by, version)
    kept = ("name", "folded", "status", "valid_to", "successor_id", "is_demo")
    for field in (*kept, "managing_body", "supervisor", "parent_id"):
        setattr(facility, field, getattr(stored, field))
    facility.fold_names()
    if facility.area_id != stored.area_id and facility.area is not None and facility.area.former_area:
        facility.former_area = facility.area.former_area
    _save(facility, by=by, reason=reason)
    refresh_words([facility.pk])
    return facility


@transaction.atomic
def rename(
    facility: Facility,
    name: str,
    *,
    on: date,
    by: Any,
    reason: str = "",
    is_correction: bool = False,
    version: int | None = None,
) -> Facility:
    """Give a facility another official name from `on`; the old one stays as its former name.

    A correction (a typing error in the register) replaces the name: nobody ever bore the wrong one."""
    stored = _locked(facility, by, version)
    name = clean(name)
    if not name:
        raise InvalidInput({"name": [_("Give a name.")]})
    if name == stored.name:
        raise Refused(_("The facility already has this name."))
    if not is_correction:
        _require_past(on, after=_since(stored.names.filter(kind=NameKind.OFFICIAL, valid_to=None)))
    change_official_names([(stored, name, is_correction)], on=on, by=by, reason=reason)
    stored.name = name
    stored.fold_names()
    _save(stored, by=by, reason=reason)
    refresh_words([stored.pk])
    return stored


@transaction.atomic
def put_under(
    facility: Facility,
    *,
    managing_body: str,
    supervisor: str,
    parent: Facility | None = None,
    on: date,
    by: Any,
    reason: str = "",
    version: int | None = None,
) -> Facility:
    """From `on` another body manages or supervises the facility; who did before stays on record."""
    stored = _locked(facility, by, version)
    if (managing_body, supervisor, parent and parent.pk) == (
        stored.managing_body,
        stored.supervisor,
        stored.parent_id,
    ):
        raise Refused(_("Nothing changes: the facility is managed this way already."))
    if parent is not None and _hangs_under(parent, stored):
        raise Refused(_("A facility cannot be a branch of itself or of its own branch."))
    _require_past(on, after=_since(stored.managements.filter(valid_to=None)))
    stored.managing_body, stored.supervisor, stored.parent = managing_body, supervisor, parent
    hand_over([stored], on=on, reason=reason)
    _save(stored, by=by, reason=reason)
    return stored


@transaction.atomic
def end(
    facility: Facility,
    *,
    on: date,
    by: Any,
    reason: str,
    successor: Facility | None = None,
    version: int | None = None,
) -> Facility:
    """A facility ceases to exist on `on`. With a successor (a merger, a new form) its names lead to that."""
    stored = _locked(facility, by, version)
    if not reason.strip():
        raise ReasonRequired
    if stored.status == FacilityStatus.ENDED:
        raise Refused(_("The facility has ended already."))
    _require_past(on, after=stored.valid_from)
    if successor is not None:
        _require_heir(stored, successor)
    stored.status, stored.valid_to, stored.successor = FacilityStatus.ENDED, on, successor
    _save(stored, by=by, reason=reason)
    if successor is not None:
        _inherit(stored, successor, on, by=by, reason=reason)
    return stored


@transaction.atomic
def reopen(facility: Facility, *, by: Any, reason: str, version: int | None = None) -> Facility:
    """Undo an end that was a mistake; the successor loses the names it had taken over."""
    stored = _locked(facility, by, version)
    if not reason.strip():
        raise ReasonRequired
    if stored.status != FacilityStatus.ENDED:
        raise Refused(_("The facility has not ended."))
    heirs = list(FacilityName.objects.filter(inherited_from=stored).values_list("facility_id", flat=True).distinct())
    FacilityName.objects.filter(inherited_from=stored).delete()
    stored.status, stored.valid_to, stored.successor = _open_status(stored), None, None
    _save(stored, by=by, reason=reason)
    refresh_words(heirs)
    return stored


@transaction.atomic
def settle_licence(facility: Facility, *, by: Any, reason: str = "") -> Facility:
    """Bring licence number and status in line with the licence events; called after an event was written."""
    stored = _locked(facility, by, None)
    numbers = LicenceEvent.objects.filter(facility=stored, act__in=[LicenceAct.GRANTED, LicenceAct.CHANGED]).exclude(
        number=""
    )
    newest = numbers.order_by("-happened_on", "-id").values_list("number", flat=True).first()
    number = newest if newest is not None else stored.licence_number
    status = stored.status if stored.status == FacilityStatus.ENDED else _open_status(stored)
    if (number, status) != (stored.licence_number, stored.status):
        stored.licence_number, stored.status = number, status
        _save(stored, by=by, reason=reason)
        refresh_words([stored.pk])
    return stored


def lift_ended_suspensions(*, by: Any) -> int:
    """Let suspensions end whose last day has passed; how many facilities that changed. Each in its own transaction, and
    a second run changes nothing."""
    ended = LicenceEvent.objects.filter(act=LicenceAct.SUSPENDED, until__lt=timezone.localdate())
    suspended = Facility.objects.filter(status=FacilityStatus.SUSPENDED, pk__in=ended.values("facility"))
    with override(settings.LANGUAGE_CODE):
        reason = _("The last day of the suspension has passed")
    before = list(suspended.order_by("pk"))
    after = [settle_licence(facility, by=by, reason=reason) for facility in before]
    return sum(facility.status != FacilityStatus.SUSPENDED for facility in after)


def _require(by: Any, permission: str) -> None:
    if not (by.is_engine or by.has_perm(permission)):
        raise RightMissing


def _locked(facility: Facility, by: Any, version: int | None) -> Facility:
    """Right, lock, version: what every deed begins with."""
    _require(by, MAY_CHANGE)
    stored = Facility.objects.select_for_update(of=("self",)).select_related("area").get(pk=facility.pk)
    if version is not None and stored.version != version:
        raise StaleVersion
    return stored


def _save(facility: Facility, *, by: Any, reason: str) -> None:
    facility.version += 1  # the row is locked and was compared: nobody counts beside us
    _with_history(facility, by, reason).save()


def _save_part(part: FacilityName, *, by: Any, reason: str) -> None:
    part.fold_names()
    _with_history(part, by, reason).save()


def _with_history(row: Any, by: Any, reason: str) -> Any:
    """The row, carrying who and why into the history entry that its saving writes."""
    row._history_user, row._change_reason = by, reason
    return row


def _since(current: Any) -> date | None:
    """Since when what is true now has been true; None when nobody knows."""
    day: date | None = current.values_list("valid_from", flat=True).first()
    return day


def _require_past(on: date, *, after: date | None) -> None:
    """Days are recorded when they have come, in their order: nothing wakes up to carry out a future one."""
    if on > timezone.localdate():
        raise InvalidInput({"on": [_("The day is in the future. Record the change when it takes effect.")]})
    if after is not None and on <= after:
        raise InvalidInput({"on": [_("The day must come after the one before: %s.") % f"{after:%d/%m/%Y}"]})


def _require_heir(facility: Facility, successor: Facility) -> None:
    if successor.pk == facility.pk:
        raise Refused(_("A facility cannot be taken over by itself."))
    if successor.status == FacilityStatus.ENDED:
        raise Refused(_("The successor has ended itself. Choose the one that is open today."))


def _hangs_under(candidate: Facility, facility: Facility) -> bool:
    """Would `facility` become its own ancestor under `candidate`? One query per storey, of two or three."""
    above: Facility | None = candidate
    seen: set[int] = set()
    while above is not None and above.pk not in seen:
        if above.pk == facility.pk:
            return True
        seen.add(above.pk)
        above = above.parent
    return False


def _inherit(facility: Facility, heir: Facility, on: date, *, by: Any, reason: str) -> None:
    known = set(FacilityName.objects.filter(facility=heir).values_list("name", flat=True))
    for name in FacilityName.objects.filter(facility=facility):
        if name.name in known:
            continue
        known.add(name.name)
        kind = NameKind.FORMER if name.kind == NameKind.OFFICIAL else name.kind
        copy = FacilityName(
            facility=heir, name=name.name, kind=kind, valid_to=on if kind == NameKind.FORMER else None,
            note=str(facility.code), inherited_from=facility,
        )  # fmt: skip
        _save_part(copy, by=by, reason=reason)
    refresh_words([heir.pk])


def _open_status(facility: Facility) -> str:
    """The status of an open facility, from its newest telling licence event, else from its kind."""
    telling = LicenceEvent.objects.filter(facility=facility, act__in=STATUS_AFTER)
    in_force = telling.exclude(act=LicenceAct.SUSPENDED, until__lt=timezone.localdate())
    newest = in_force.order_by("-happened_on", "-id").first()
    if newest is not None:
        return STATUS_AFTER[LicenceAct(newest.act)]
    return FacilityStatus.UNLICENSED if facility.type == FacilityType.UNLICENSED else FacilityStatus.ACTIVE
