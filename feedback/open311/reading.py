"""GET requests: what everybody may read of published cases, and what a system may know of those it sent.

Never what somebody wrote, never who it was, never a confidential case, and a facility only after a conclusion."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from common.exceptions import InvalidInput
from common.scope import system
from common.text import has_unstorable, number_in
from feedback.api.senders import source_of
from feedback.choices import ENDED, IN_PUBLIC, Status
from feedback.models import Case, Submission
from feedback.open311.refusals import NothingThere
from feedback.public.progress import SENTENCES
from feedback.public.published import CONCLUDED

OPEN, CLOSED = "open", "closed"
RESOLVED = (*ENDED, Status.PUBLISHED)  # closed, as this specification means it
SPAN = timedelta(days=90)
MOST = 1000  # of one answer, by the specification
DEEPEST = 20  # pages of one question; beyond it a narrower span is asked for
YEARS = range(1990, 2200)


@dataclass(frozen=True)
class Asked:
    """What a list is asked for; `numbers` stand in everything else's place."""

    numbers: Sequence[str]
    codes: Sequence[str]
    statuses: Sequence[str]
    since: datetime
    until: datetime
    page: int
    size: int


def asked_by(query: QueryDict) -> Asked:
    """Read the parameters of a list; unknown ones are left alone, as the specification wants. Raises `InvalidInput`."""
    wrong: dict[str, list[Any]] = {}
    statuses = _words(query, "status")
    if set(statuses) - {OPEN, CLOSED}:
        wrong["status"] = [_("Choose open or closed.")]
    numbers = _words(query, "service_request_id")
    if len(numbers) > MOST:
        wrong["service_request_id"] = [_("At most %(count)s at a time.") % {"count": MOST}]
    since, until = _span(query, wrong)
    page = _number(query, "page", DEEPEST, 1, wrong)
    size = _number(query, "page_size", MOST, MOST, wrong)
    if wrong:
        raise InvalidInput(wrong)
    return Asked(numbers, _words(query, "service_code"), statuses, since, until, page, size)


def _words(query: QueryDict, name: str) -> list[str]:
    """The values of a parameter that may come several times and with commas."""
    words = (word.strip() for value in query.getlist(name) for word in value.split(","))
    return [word for word in dict.fromkeys(words) if word and not has_unstorable(word)]


def _span(query: QueryDict, wrong: dict[str, list[Any]]) -> tuple[datetime, datetime]:
    """From when until when: ninety days at most, the last ones where nothing is said."""
    since, until = (_moment(query, name, wrong) for name in ("start_date", "end_date"))
    if until is None:
        until = since + SPAN if since else timezone.now()
    if since is None:
        since = until - SPAN
    if until - since > SPAN:
        wrong["start_date"] = [_("start_date and end_date may be at most 90 days apart.")]
    return since, until


def _moment(query: QueryDict, name: str, wrong: dict[str, list[Any]]) -> datetime | None:
    """A moment with its offset; a plus sign that arrived as a blank is taken for what it was."""
    text = query.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year not in YEARS:
        wrong[name] = [_("Write a moment with its offset, as 2026-01-05T08:15:30+07:00 or 2026-01-05T01:15:30Z.")]
        return None
    return moment


def _number(query: QueryDict, name: str, most: int, usual: int, wrong: dict[str, list[Any]]) -> int:
    text = query.get(name, "").strip()
    if not text:
        return usual
    number = number_in(text)
    if number is None or not 1 <= number <= most:
        wrong[name] = [_("Give a number from 1 to %(most)s.") % {"most": most}]
        return usual
    return number


@system
def requests(asked: Asked, caller: Any) -> list[dict[str, Any]]:
    """GET requests, newest first. One query."""
    rows = _readable(caller)
    rows = rows.filter(reference__in=asked.numbers) if asked.numbers else _narrowed(rows, asked, caller)
    first = (asked.page - 1) * asked.size
    return _told(rows.order_by("-received_at", "-pk")[first : first + asked.size], caller)


@system
def one_request(number: str, caller: Any) -> list[dict[str, Any]]:
    """GET requests/NUMBER. Raises `NothingThere`, also for what this caller may not read. One query."""
    found = [] if has_unstorable(number) else _told(_readable(caller).filter(reference=number[:100]), caller)
    if not found:
        raise NothingThere(_("service_request_id: there is no such request, or its result is not published yet."))
    return found


@system
def by_token(token: str, caller: Any) -> list[dict[str, str]]:
    """GET tokens/TOKEN: which request came under a key, for the system that sent it. Raises `NothingThere`."""
    number = None
    if caller is not None and not has_unstorable(token):
        sent = Submission.objects.filter(source=source_of(caller), source_id=token[:100])
        number = sent.values_list("case__reference", flat=True).first()
    if number is None:
        raise NothingThere(_("token: nothing was sent under this Idempotency-Key with this api_key."))
    return [{"service_request_id": number, "token": token}]


def _readable(caller: Any) -> QuerySet[Case]:
    rows = Case.objects.filter(is_confidential=False)
    shown = Q(published_at__isnull=False, status__in=IN_PUBLIC)
    return rows.filter(shown | Q(recorded_by=caller.pk)) if caller is not None else rows.filter(shown)


def _narrowed(rows: QuerySet[Case], asked: Asked, caller: Any) -> QuerySet[Case]:
    rows = rows.filter(received_at__gte=asked.since, received_at__lte=asked.until)
    if caller is None:
        rows = rows.filter(published_at__gte=asked.since)  # true of all of them, and what their index knows
    if asked.codes:
        rows = rows.filter(category__code__in=asked.codes)
    if len(asked.statuses) == 1:
        is_closed = Q(status__in=RESOLVED)
        rows = rows.filter(is_closed if asked.statuses[0] == CLOSED else ~is_closed)
    return rows


def _told(rows: Iterable[Case], caller: Any) -> list[dict[str, Any]]:
    if isinstance(rows, QuerySet):
        rows = rows.select_related("category", "facility").only(
            *("reference", "status", "outcome", "public_summary", "received_at", "updated_at", "published_at"),
            *("ended_at", "recorded_by_id", "category__code", "category__name", "category__name_en"),
            *("facility__code", "facility__name"),
        )
    return [_document(case, caller) for case in rows]


def _document(case: Case, caller: Any) -> dict[str, Any]:
    is_own = caller is not None and case.recorded_by_id == caller.pk
    is_public = case.published_at is not None and case.status in IN_PUBLIC
    facility = case.facility if is_public and case.outcome in CONCLUDED else None
    return {
        "service_request_id": case.reference,
        "status": CLOSED if case.status in RESOLVED else OPEN,
        "status_notes": case.public_summary if is_public else str(SENTENCES[case.status]),
        "service_name": case.category.label if case.category else None,
        "service_code": case.category.code if case.category else None,
        "description": None,  # the sender's own words may tell who they are
        "agency_responsible": settings.AUTHORITY_NAME,
        "service_notice": case.get_outcome_display() if is_public else None,
        "requested_datetime": _moment_of(case.received_at) if is_own else _day_of(case.received_at),
        "updated_datetime": _changed(case, is_own),
        "expected_datetime": None,
        "address": facility.name if facility else None,
        "address_id": facility.code if facility else None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _changed(case: Case, is_own: bool) -> str:
    """When it was closed; to others than its sender by the day, like its beginning."""
    at = case.ended_at or case.published_at or case.updated_at
    return _moment_of(at) if is_own else _day_of(at)


def _moment_of(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _day_of(at: datetime) -> str:
    """The day alone, as its first moment: minutes could tell who was seen when ringing."""
    first = timezone.make_aware(datetime.combine(timezone.localdate(at), time()))
    return first.isoformat(timespec="seconds")
