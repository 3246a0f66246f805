"""The home page: what must I do now, which cases first, and how it goes. One layout per kind of work."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from common.keyset import ASIDE_CAP, capped_counts
from common.statements import Statement, run
from console import charts
from console.calls import ended, today_of
from console.inbox import unread
from console.upkeep import chores_of, verdict_for
from deadlines.calendar import Horizon, horizon_of
from deadlines.editions import current
from deadlines.models import Duty
from deadlines.swaps import may_swap
from directives.queues import QUEUES as DUTY_QUEUES
from directives.queues import assignments_in
from directives.queues import to_do as duties_to_do
from facilities.models import Facility
from feedback.models import Case, Category, Channel, DayCount
from feedback.press.waiting import waiting_for as press_waiting
from feedback.provisional import mark
from feedback.queues import QUEUES, cases_in
from feedback.visibility import sees_as_facility
from incidents.actions.queues import QUEUES as ACTION_QUEUES
from incidents.actions.queues import actions_in
from incidents.actions.queues import to_do as actions_to_do
from incidents.queues import QUEUES as INCIDENT_QUEUES
from incidents.queues import incidents_in, to_do
from incidents.waiting import waiting_for
from inspections.queues import tiles as inspection_tiles

DAYS, WEEKS = 30, 12
URGENT = 5
LATE_LOOKED_AT = 2000  # the cases that became late last: where it gets worse shows in these
WORST = 5
LIST = "admin:feedback_case_changelist"
DUTIES = "admin:deadlines_duty_changelist"
INCIDENTS = "admin:incidents_incident_changelist"
ACTIONS = "admin:incidents_action_changelist"
ASSIGNMENTS = "admin:directives_assignment_changelist"


@dataclass(frozen=True)
class Face:
    """One kind of work: its queues as tiles, the queue whose first cases stand on the page, and its pictures."""

    tiles: tuple[str, ...]
    urgent: str = "open"
    has_pictures: bool = True
    has_worst: bool = False
    has_reported: bool = False
    is_newest_first: bool = False
    has_chores: bool = False
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
    "system": Face(
        (),
        has_pictures=False,
        has_chores=True,
        empty=pgettext_lazy(
            "home",
            "Nothing waits. Roles and changes of accounts that take a second person, messages that were given up, and"
            " systems whose time ends appear here.",
        ),
    ),
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
    calls: list[charts.Bar]
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
    """Everything the page shows; at most eleven queries of its own, whatever the number of cases. How the machinery
    does costs whoever watches it those of `console.operations.findings` beside them."""
    user, now = request.user, timezone.now()
    name = face_of(user)
    face = FACES[name]
    tiles = _tiles(face, request, now)
    urgent = _urgent(face, user) if face.tiles else []
    reported = _reported(user, now) if face.has_reported else []
    return {
        "title": _("Home"),
        "has_own_heading": True,
        "face": name,
        "now": now,
        "tiles": tiles,
        "is_done": face.has_chores and not any(tile.count for tile in tiles),
        "verdict": verdict_for(user, now) if face.has_chores else None,
        "calls": today_of(user, now) if name == "operator" else None,
        "urgent": urgent,
        "reported": reported,
        "has_provisional": mark([*urgent, *reported]),
        "reported_url": list_url(queue="escalated"),
        "urgent_url": list_url(queue=face.urgent),
        "nothing": face.empty,
        "worst": _worst(user, now) if face.has_worst else [],
        "late_url": list_url(queue="late"),
        "pictures": _pictures(scopes_of(name, user), now) if face.has_pictures else None,
        "record_url": _address("admin:feedback_case_record") if user.has_perm("feedback.record_case") else "",
        "doors": _doors(user) if name == "system" else [],
        "horizon": _horizon(user, now),
        "missing": missing(name, user),
        "contact": settings.SYSTEM_CONTACT,
        "as_facility": name == "facility",
    }


def _horizon(user: Any, now: datetime) -> Horizon | None:
    """How far days off are announced, for those who enter them, when it is not far any more. One query for them."""
    if not may_swap(user):
        return None
    horizon = horizon_of(current().calendar, timezone.localdate(now))
    return horizon if horizon.is_near else None


def missing(face: str, user: Any) -> str:
    """What a person lacks before there is anything to do here: `role`, `unit`, or nothing. One query at most, for a
    facility or a division, which its pages ask anyway."""
    if face == "system":
        return "" if user.is_superuser or user.get_all_permissions() else "role"
    units = {"facility": "facilities", "division": "divisions"}.get(face)
    return "" if units is None or user.is_superuser or getattr(user.scope, units) else "unit"


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
    lists: dict[str, Any] = {name: cases_in(name, request.user, now) for name in face.tiles}
    incidents = to_do(request.user)
    lists |= {f"incident-{name}": incidents_in(name, request.user, now) for name in incidents}
    actions = actions_to_do(request.user)
    lists |= {f"action-{name}": actions_in(name, request.user, now) for name in actions}
    assigned = duties_to_do(request.user)
    lists |= {f"duty-{name}": assignments_in(name, request.user, now) for name in assigned}
    visits = inspection_tiles(request.user, now)
    lists |= {name: tile.rows for name, tile in visits.items()}
    waiting: dict[str, Any] = {**dict(waiting_for(request.user)), **press_waiting(request.user)}
    lists |= {name: one.rows(now) for name, one in waiting.items()}
    if has_duties := request.user.has_perm("deadlines.view_duty"):
        lists["duties"] = Duty.objects.visible_to(request.user).open().of(request.user)
    chores = dict(chores_of(request.user)) if face.has_chores else {}
    rows = {**lists, **{name: chore.rows(now) for name, chore in chores.items()}}
    counts = capped_counts(rows, cap=ASIDE_CAP)
    tiles = [
        Tile(name, str(QUEUES[name].label), counts[name], list_url(queue=name), _tone(name, counts[name]))
        for name in face.tiles
    ]
    beside = [_incident_tile(name, counts[f"incident-{name}"]) for name in incidents]
    beside += [_action_tile(name, counts[f"action-{name}"]) for name in actions]
    beside += [_duty_tile(name, counts[f"duty-{name}"]) for name in assigned]
    beside += [
        Tile(
            name,
            str(one.label),
            counts[name],
            f"{reverse(one.address)}?queue={one.queue}",
            _tone(one.queue, counts[name]),
        )
        for name, one in visits.items()
    ]
    beside += [Tile(name, str(one.label), counts[name], one.url, "soon") for name, one in waiting.items()]
    tiles += [tile for tile in beside if tile.count]  # beside the cases: where nothing waits, nothing is to be read
    tiles += [
        Tile(name, str(chore.label), counts[name], chore.url, "soon" if counts[name] else "none")
        for name, chore in chores.items()
    ]
    if has_duties and counts["duties"]:
        tiles.append(Tile("duties", pgettext("home", "My tasks"), counts["duties"], _address(DUTIES), "soon"))
    inbox = _address("admin:notifications_inboxitem_changelist")
    if inbox and request.user.has_perm("notifications.view_inboxitem"):
        count = unread(request)
        tiles.append(Tile("inbox", pgettext("home", "Unread messages"), count, inbox, _tone("inbox", count)))
    return tiles


def _incident_tile(name: str, count: int) -> Tile:
    label = pgettext("home", "Incidents: %(queue)s") % {"queue": str(INCIDENT_QUEUES[name].label).lower()}
    return Tile(f"incident-{name}", label, count, f"{reverse(INCIDENTS)}?queue={name}", _tone(name, count))


def _action_tile(name: str, count: int) -> Tile:
    label = pgettext("home", "Actions: %(queue)s") % {"queue": str(ACTION_QUEUES[name].label).lower()}
    return Tile(f"action-{name}", label, count, f"{reverse(ACTIONS)}?queue={name}", _tone(name, count))


def _duty_tile(name: str, count: int) -> Tile:
    label = pgettext("home", "Duties: %(queue)s") % {"queue": str(DUTY_QUEUES[name].label).lower()}
    return Tile(f"duty-{name}", label, count, f"{reverse(ASSIGNMENTS)}?queue={name}", _tone(name, count))


def _tone(name: str, count: int) -> str:
    if not count:
        return "none"
    if name in ("late", "escalated"):
        return "late"
    return "soon" if name in ("today", "soon", "returned", "reopened") else ""


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
    late = cases_in("late", user, now).filter(facility__isnull=False).order_by("-due_at")
    looked_at = Statement.of(late.values("facility_id", "due_at")[:LATE_LOOKED_AT])
    found = run(_COUNT_BY_FACILITY.format(cases=looked_at.sql), [now - timedelta(days=7), *looked_at.params, WORST])
    return [
        Worst(name, late, fresh, list_url(queue="late", facility=facility)) for facility, name, late, fresh in found
    ]


# By hand: the ORM counts rows of a list that was cut only by reading them once more by their keys.
_COUNT_BY_FACILITY = f"""
SELECT facility.id, facility.name, count(*) AS late, count(*) FILTER (WHERE seen.due_at >= %s) AS fresh
FROM ({{cases}}) AS seen JOIN {Facility._meta.db_table} AS facility ON facility.id = seen.facility_id
GROUP BY facility.id, facility.name ORDER BY late DESC, fresh DESC, facility.name LIMIT %s
"""


def _doors(user: Any) -> list[tuple[str, str, str]]:
    """What somebody who looks after the system opens, and what for."""
    doors = [
        ("accounts.view_user", _("People"), _("accounts, roles, units, second step"), "admin:accounts_user_changelist"),
        ("auth.view_group", _("Roles"), _("what each of them may do"), "admin:auth_group_changelist"),
        (
            "accounts.view_apiclient",
            _("API clients"),
            _("systems, their limits and tokens"),
            "admin:accounts_apiclient_changelist",
        ),
        (
            "notifications.receive_dead_letters",
            _("messages to send"),
            _("what waits and what was given up"),
            "admin:notifications_outbox_changelist",
        ),
        ("audit.view_entry", _("Audit log"), _("who did what"), "admin:audit_entry_changelist"),
    ]
    return [
        (label, what, _address(address))
        for right, label, what, address in doors
        if user.has_perm(right) and _address(address)
    ]


# --- how it goes ------------------------------------------------------------------------------------------------


def scopes_of(face: str, user: Any) -> list[str]:
    """Whose counts this person may read (`feedback.models.DayCount.scope`)."""
    if face == "facility":
        return [f"facility:{pk}" for pk in sorted(user.scope.facilities - user.recused_facilities)]
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
    sums = counts.filter(dimension__in=["channel", "category", "call"], day__gte=since).values("dimension", "key")
    by_key = {(row["dimension"], row["key"]): row["received"] for row in sums.annotate(received=Sum("received"))}
    received = [_day(since + timedelta(days=place), days, today) for place in range(DAYS)]
    total = sum(int(point.value or 0) for point in received)
    return Pictures(
        received=charts.columns(received),
        total=total,
        categories=charts.bars(_named("category", Category.objects.roots(), by_key, since), 8),
        channels=charts.bars(_named("channel", Channel.objects.all(), by_key, since), 8),
        calls=charts.bars(*ended(by_key, list_url(queue="all", status="out_of_scope", since=since.isoformat()))),
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
