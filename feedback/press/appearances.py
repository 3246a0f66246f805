"""Where a matter stands in public: what is asked of it, which cases know the same link, and one more appearance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.exceptions import InvalidInput, MoveRefused, RightMissing
from common.scope import as_system
from common.text import clean, has_unstorable
from feedback.choices import PRESS_CHANNEL, PressKind, Status
from feedback.happening import EARLIEST
from feedback.models import Appearance, Case, PressEvent
from feedback.press.addresses import LinkRefused, link_of, mark_of
from feedback.visibility import sees_as_facility

RECORD, OF_FACILITY = "feedback.record_case", "feedback.answer_case"
LENGTH = 200
CLOCKS_DIFFER = timedelta(minutes=5)  # that of whoever records may be ahead of ours
KNOWN_SHOWN = 5
WHERE = _("Say where it stands: a link, or the newspaper, page or place.")
DAMAGED = _("This text holds characters that cannot be stored. Type it again.")


@dataclass(frozen=True)
class Raised:
    """Where somebody read or heard of a matter, as a form hands it over."""

    kind: str
    published_at: datetime | None
    seen_at: datetime | None
    outlet: str = ""
    title: str = ""
    link: str = ""


def checked(raised: Raised, now: datetime) -> Appearance:
    """The appearance as it is kept, without its case. Raises `InvalidInput` with a sentence per field."""
    wrong: dict[str, list[Any]] = {}
    if raised.kind not in PressKind.values:
        wrong["kind"] = [_("Choose one of the offered values.")]
    outlet, title = _line(raised.outlet, "outlet", wrong), _line(raised.title, "title", wrong)
    link = ""
    if raised.link.strip():
        try:
            link = link_of(raised.link)
        except LinkRefused as refusal:
            wrong["link"] = [refusal.sentence]
    elif not outlet and "outlet" not in wrong:
        wrong["link"] = [WHERE]
    published_at = _moment(raised.published_at, "published_at", now, wrong)
    seen_at = _moment(raised.seen_at, "seen_at", now, wrong)
    if published_at and seen_at and seen_at < published_at:
        wrong["seen_at"] = [_("It cannot be seen before it is published.")]
    if wrong or published_at is None or seen_at is None:
        raise InvalidInput(wrong)
    return Appearance(
        kind=raised.kind,
        outlet=outlet,
        title=title,
        link=link,
        mark=mark_of(link),
        published_at=published_at,
        seen_at=seen_at,
        at=now,
    )


def _line(raw: str, name: str, wrong: dict[str, list[Any]]) -> str:
    if has_unstorable(raw):
        wrong[name] = [DAMAGED]
        return ""
    text = " ".join(clean(raw).split())
    if len(text) > LENGTH:
        wrong[name] = [_("At most %(count)s characters.") % {"count": LENGTH}]
    return text


def _moment(at: datetime | None, name: str, now: datetime, wrong: dict[str, list[Any]]) -> datetime | None:
    if at is None:
        wrong[name] = [_("This is needed.")]
    elif at > now + CLOCKS_DIFFER:
        wrong[name] = [_("This moment is in the future.")]
    elif at.date() < EARLIEST:
        wrong[name] = [_("This day is too long ago.")]
    else:
        return min(at, now)
    return None


def known_cases(marks: Iterable[str], reader: Any, *, but: Case | None = None) -> list[Case]:
    """The cases that know one of these pages already and that this reader sees, newest first; of the others nothing is
    said. One that was merged stands for the one in which it goes on. One query."""
    knowing = Appearance.objects.filter(mark__in=[mark for mark in marks if mark])
    merged_into = Case.objects.filter(pk__in=knowing.values("case"), merged_into__isnull=False).values("merged_into")
    found = Case.objects.visible_to(reader).filter(Q(pk__in=knowing.values("case")) | Q(pk__in=merged_into))
    found = found.exclude(status=Status.MERGED)
    if but is not None:
        found = found.exclude(pk=but.pk)
    return list(found.select_related("facility", "press").order_by("-received_at", "-id")[:KNOWN_SHOWN])


def may_attach(case: Case, user: Any) -> bool:
    """May this person say of a case that they see where else it stands? The department, and its facility."""
    return case.channel.code == PRESS_CHANNEL and user.has_perm(OF_FACILITY if sees_as_facility(user) else RECORD)


@transaction.atomic
def attach(case: Case, raised: Raised, *, by: Any) -> Appearance:
    """Add one more appearance to a case; the same link again changes nothing.

    Raises `Http404`, `RightMissing`, `MoveRefused` for a case of another kind, `InvalidInput`."""
    locked = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if locked is None:
        raise Http404
    if not by.has_perm(OF_FACILITY if sees_as_facility(by) else RECORD):
        raise RightMissing
    if locked.channel.code != PRESS_CHANNEL:
        raise MoveRefused(_("Only a matter that was raised in public appears in public."))
    found = checked(raised, timezone.now())
    with as_system():
        known = Appearance.objects.filter(case=locked, mark=found.mark).first() if found.mark else None
        return known or keep(found, locked, by=by)


def keep(found: Appearance, case: Case, *, by: Any) -> Appearance:
    """Write an appearance that was checked, and the event of its case where this is the first one known of it."""
    found.case, found.by = case, by
    found.save(force_insert=True)
    event, is_new = PressEvent.objects.get_or_create(
        case=case,
        defaults={
            "kind": found.kind,
            "at": found.at,
            "published_at": found.published_at,
            "facility": case.facility,
        },
    )
    if not is_new and found.published_at < event.published_at:
        PressEvent.objects.filter(pk=event.pk).update(published_at=found.published_at)
    return found
