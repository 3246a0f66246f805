"""The home page: what must I do now, which cases first, and how it goes. One layout per kind of work."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from common.keyset import capped_counts
from console import charts
from console.inbox import unread
from feedback.models import Case, Category, Channel, DayCount
from feedback.queues import QUEUES, cases_in
from feedback.visibility import sees_as_facility

DAYS, WEEKS = 30, 12
URGENT = 5
LATE_LOOKED_AT = 5000  # the cases that became late last: where it gets worse shows in these
WORST = 5
LIST = "admin:feedback_case_changelist"


@dataclass(frozen=True)
class Face:
    """One kind of work: its queues as tiles, the queue whose first cases stand on the page, and its pictures."""

    tiles: tuple[str, ...]
    urgent: str = "open"
    has_pictures: bool = True
    has_worst: bool = False
    has_reported: bool = False
    is_newest_first: bool = False
    empty: Promise | str = pgettext_lazy("home", "No open case. Well done.")


FACES = {
    "lead": Face(("late", "escalated", "to-confirm", "to-check", "new", "today"), has_worst=True, has_reported=True),
    "director": Face(("escalated", "late", "to-confirm", "today"), has_worst=True, has_reported=True),
    "officer": Face(("late", "today", "new", "mine", "to-check", "to-confirm", "to-reply")),
    "division": Face(("late", "today", "mine", "to-examine", "to-check")),
    "facility": Face(
        ("returned", "to-answer", "late", "soon"),
        urgent="to-answer",
        empty=pgettext_lazy("home", "Nothing to answer. A case that the department forwards to you appears here."),
    ),
    "operator": Face(
        ("new", "open", "late"),
        urgent="all",
        has_pictures=False,
        is_newest_first=True,
        empty=pgettext_lazy("home", "The cases that you record appear here."),
    ),
    "auditor": Face(("late", "open", "all"), has_worst=True),
    "system": Face((), has_pictures=False),
}


@dataclass(frozen=True)
class Tile:
    """One number that leads to its list."""

    name: str
    label: str
    count: int
    url: str
    tone: str = ""


@dataclass(frozen=True)
class Worst:
    """A facility with many late cases, and how many of them became late within a week."""

    name: str
    late: int
    fresh: int
    url: str


@dataclass(frozen=True)
class Pictures:
    """How it goes: received per day, what for, by which way, and how much of it on time."""

    received: charts.Columns
    total: int
    categories: list[charts.Bar]
    channels: list[charts.Bar]
    on_time: charts.Line
    since: date
    is_empty: bool = field(default=False)


def face_of(user: Any) -> str:
    """The kind of work that this person's rights make up. No query beyond the permissions."""
    if not user.has_perm("feedback.view_case"):
        return "system"
    for right, face in (
        ("feedback.lead_working_group", "lead"),
        ("feedback.direct_department", "director"),
        ("feedback.triage_case", "officer"),
        ("feedback.view_every_case", "auditor"),
        ("feedback.view_division_case", "division"),
        ("feedback.record_case", "operator"),
    ):
        if user.has_perm(right):
            return face
    return "facility" if sees_as_facility(user) else "system"


def context_of(request: HttpRequest) -> dict[str, Any]:
    """Everything the page shows; at most ten queries of its own, whatever the number of cases."""
    user, now = request.user, timezone.now()
    name = face_of(user)
    face = FACES[name]
    return {
        "title": _("Home"),
        "has_own_heading": True,
        "face": name,
        "now": now,
        "tiles": _tiles(face, request, now),
        "urgent": _urgent(face, user) if face.tiles else [],
        "reported": _reported(user, now) if face.has_reported else [],
        "reported_url": list_url(queue="escalated"),
        "urgent_url": list_url(queue=face.urgent),
        "nothing": face.empty,
        "worst": _worst(user, now) if face.has_worst else [],
        "late_url": list_url(queue="late"),
        "pictures": _pictures(scopes_of(name, user), now) if face.has_pictures else None,
        "record_url": _address("admin:feedback_case_record") if user.has_perm("feedback.record_case") else "",
        "doors": _doors(user) if name == "system" else [],
        "as_facility": name == "facility",
    }


def list_url(**words: Any) -> str:
    """The case list, narrowed to what a number stands for."""
    return f"{reverse(LIST)}?{urlencode({name: value for name, value in words.items() if value})}"


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


# --- what to do -------------------------------------------------------------------------------------------------


def _tiles(face: Face, request: HttpRequest, now: datetime) -> list[Tile]:
    """The queues of this work with their counts: one statement, no count beyond the cap."""
    counts = capped_counts({name: cases_in(name, request.user, now) for name in face.tiles})
    tiles = [
        Tile(name, str(QUEUES[name].label), counts[name], list_url(queue=name), _tone(name, counts[name]))
        for name in face.tiles
    ]
    inbox = _address("admin:notifications_inboxitem_changelist")
    if inbox and request.user.has_perm("notifications.view_inboxitem"):
        count = unread(request)
        tiles.append(Tile("inbox", pgettext("home", "Unread messages"), count, inbox, _tone("inbox", count)))
    return tiles


def _tone(name: str, count: int) -> str:
    if not count:
        return "none"
    if name in ("late", "escalated"):
        return "late"
    return "soon" if name in ("today", "soon", "returned") else ""


def _urgent(face: Face, user: Any) -> list[Case]:
    """The few cases whose deadline passed first or passes next; for who records calls, those recorded last."""
    cases = cases_in(face.urgent, user, timezone.now())
    if face.is_newest_first:
        return _rows(cases.order_by("-received_at", "-id"))
    return _rows(cases.filter(due_at__isnull=False).order_by("due_at", "id"))


def _reported(user: Any, now: datetime) -> list[Case]:
    """The cases that were reported to this person last: old ones are in the list, new ones must not be missed."""
    return _rows(cases_in("escalated", user, now).filter(due_at__lte=now).order_by("-due_at", "-id"))


def _rows(cases: Any) -> list[Case]:
    columns = ("reference", "status", "title", "urgency", "is_confidential", "due_at", "ended_at", "facility__name")
    return list(cases.select_related("facility").only(*columns)[:URGENT])


def _worst(user: Any, now: datetime) -> list[Worst]:
    """Facilities with most late cases among those that became late last. One query over at most `LATE_LOOKED_AT`."""
    late = cases_in("late", user, now).order_by("-due_at").values("pk")[:LATE_LOOKED_AT]
    found = (
        Case.objects.filter(pk__in=late, facility__isnull=False)
        .values("facility_id", "facility__name")
        .annotate(late=Count("pk"), fresh=Count("pk", filter=Q(due_at__gte=now - timedelta(days=7))))
        .order_by("-late", "-fresh", "facility__name")[:WORST]
    )
    return [
        Worst(row["facility__name"], row["late"], row["fresh"], list_url(queue="late", facility=row["facility_id"]))
        for row in found
    ]


def _doors(user: Any) -> list[tuple[str, str]]:
    """What somebody who looks after the system opens."""
    doors = [
        ("accounts.view_user", _("People"), "admin:accounts_user_changelist"),
        ("auth.view_group", _("Roles"), "admin:auth_group_changelist"),
        ("accounts.view_apiclient", _("API clients"), "admin:accounts_apiclient_changelist"),
        ("audit.view_entry", _("Audit log"), "admin:audit_entry_changelist"),
    ]
    return [(label, _address(address)) for right, label, address in doors if user.has_perm(right) and _address(address)]


# --- how it goes ------------------------------------------------------------------------------------------------


def scopes_of(face: str, user: Any) -> list[str]:
    """Whose counts this person may read (`feedback.models.DayCount.scope`)."""
    if face == "facility":
        return [f"facility:{pk}" for pk in sorted(user.scope.facilities)]
    if face == "division":
        return [f"division:{pk}" for pk in sorted(user.scope.divisions)]
    return ["all"] if user.has_perm("feedback.view_confidential_case") else ["ordinary"]


def _pictures(scopes: Iterable[str], now: datetime) -> Pictures:
    """The pictures of one scope: two queries for the counts, two for what channels and categories are called."""
    today = timezone.localdate(now)
    since = today - timedelta(days=DAYS - 1)
    first_week = today - timedelta(days=7 * WEEKS - 1)
    counts = DayCount.objects.filter(scope__in=list(scopes))
    days = _per_day(counts.filter(dimension="total", day__gte=first_week))
    sums = counts.filter(dimension__in=["channel", "category"], day__gte=since).values("dimension", "key")
    by_key = {(row["dimension"], row["key"]): row["received"] for row in sums.annotate(received=Sum("received"))}
    received = [_day(since + timedelta(days=place), days, today) for place in range(DAYS)]
    total = sum(int(point.value or 0) for point in received)
    return Pictures(
        received=charts.columns(received),
        total=total,
        categories=charts.bars(_named("category", Category.objects.roots(), by_key, since), 8),
        channels=charts.bars(_named("channel", Channel.objects.all(), by_key, since), 8),
        on_time=charts.line(_weeks(days, first_week)),
        since=since,
        is_empty=not any(row["received"] for row in days.values()),
    )


def _per_day(counts: Any) -> dict[date, dict[str, int]]:
    rows = counts.values("day").annotate(received=Sum("received"), on_time=Sum("on_time"), late=Sum("late"))
    return {row["day"]: row for row in rows.order_by("day")}


def _day(day: date, days: dict[date, dict[str, int]], today: date) -> charts.Point:
    return charts.Point(
        date_format(day, "SHORT_DATE_FORMAT"),
        days.get(day, {}).get("received", 0),
        list_url(queue="all", since=day.isoformat(), until=day.isoformat()),
        is_dim=day.weekday() >= 5,
    )


def _named(word: str, rows: Any, counts: dict[tuple[str, str], int], since: date) -> list[charts.Point]:
    """Counts by channel or category, with their names and their lists."""
    return [
        charts.Point(
            row.label,
            counts.get((word, str(row.pk))),
            list_url(queue="all", since=since.isoformat(), **{word: row.code}),
        )
        for row in rows
    ]


def _weeks(days: dict[date, dict[str, int]], first: date) -> list[charts.Point]:
    """Which share of the cases received in each week was, or still can be called, on time."""
    weeks: list[charts.Point] = []
    for week in range(WEEKS):
        start = first + timedelta(days=7 * week)
        rows = [days[day] for place in range(7) if (day := start + timedelta(days=place)) in days]
        on_time, late = sum(row["on_time"] for row in rows), sum(row["late"] for row in rows)
        share = 100 * on_time / (on_time + late) if on_time + late else None
        label = _("week from %(day)s") % {"day": date_format(start, "d/m")}
        weeks.append(charts.Point(label, share))
    return weeks
