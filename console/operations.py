"""How the machinery does: does it tick, is anything left undone, does what goes out go out, who has to do something?

One answer for the page of whoever looks after the system and for `/health/ready`. Every question is answered from an
index, however many rows there are; nothing in it names a person or a record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from common.keyset import COUNT_CAP, capped_counts
from common.scope import as_system
from common.spans import in_words
from deadlines.calendar import horizon_of
from deadlines.editions import current
from deadlines.models import Deadline, Heartbeat
from deadlines.sweep import HEARTBEAT
from deadlines.tasks import WORKER
from notifications.choices import Channel
from notifications.dead_letters import RECEIVES_DEAD_LETTERS
from notifications.models import Outbox

WATCH = "deadlines.watch_operations"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SILENT = timedelta(seconds=settings.SCHEDULER_SILENCE_LIMIT)
LOST = 10 * MINUTE  # a worker that was there and says nothing any more
FORGOTTEN = timedelta(days=1)

OLDEST = 200  # of what is due, to find the one that waits longest

# How late the newest steps were taken. The ledger grows for ever: only its end is read. A step is late
# from the moment it could first be taken: its own, or that of its plan, where a clock was opened, moved or given
# another ladder after that moment.
_LATENESS = """
SELECT max(step.fired_at - least(step.fired_at, greatest(step.due_at, deadline.planned_at)))
FROM (SELECT deadline_id, fired_at, due_at FROM deadlines_escalation ORDER BY id DESC LIMIT 200) step
JOIN deadlines_deadline deadline ON deadline.id = step.deadline_id
WHERE step.fired_at > now() - interval '15 minutes'
"""

# The oldest message of each way; what waits for an hour of its own is late from then on. One look into an index each.
_OLDEST = """
SELECT way.channel, oldest.since
FROM unnest(%s::text[]) AS way(channel), LATERAL (
    SELECT CASE WHEN way.channel IN ('inbox', 'digest') THEN
        (SELECT next_try_at FROM notifications_outbox
         WHERE state = 'waiting' AND channel = way.channel ORDER BY next_try_at LIMIT 1)
    ELSE
        (SELECT created_at FROM notifications_outbox
         WHERE state = 'waiting' AND channel = way.channel AND channel NOT IN ('inbox', 'digest')
         ORDER BY created_at LIMIT 1)
    END AS since) AS oldest
WHERE oldest.since <= now()
"""


class Verdict(StrEnum):
    """In order, to be looked at, to be acted upon."""

    OK = "ok"
    LOOK = "look"
    ACT = "act"


VERDICTS = {
    Verdict.OK: gettext_lazy("in order"),
    Verdict.LOOK: gettext_lazy("look at it"),
    Verdict.ACT: gettext_lazy("act now"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what was found, as a number too, and what to do when it is not in order."""

    name: str
    label: str | Promise
    verdict: Verdict
    found: str
    value: float | str | None = None
    advice: str | Promise = ""
    link: str = ""

    @property
    def verdict_in_words(self) -> str | Promise:
        return VERDICTS[self.verdict]


def findings(at: datetime) -> list[Finding]:
    """Everything, in the order of the page. Eight queries."""
    recent = Heartbeat.objects.filter(Q(name=HEARTBEAT) | Q(at__gt=at - FORGOTTEN))
    beats = dict(recent.values_list("name", "at"))
    return [_tick(beats, at), _lag(), *_untaken(at), *_outbox(at), _dead_letters(), _horizon(at), _workers(beats, at)]


def worse(age: timedelta | None, look: timedelta, act: timedelta) -> Verdict:
    """By how long something takes; nothing there is in order."""
    if age is None or age < look:
        return Verdict.OK
    return Verdict.LOOK if age < act else Verdict.ACT


def _tick(beats: Mapping[str, datetime], at: datetime) -> Finding:
    last = beats.get(HEARTBEAT)
    return Finding(
        "tick",
        gettext_lazy("Last tick of the sweep"),
        worse(at - last, SILENT / 3, SILENT) if last else Verdict.ACT,
        _("%(span)s ago") % {"span": _span(at - last)} if last else _("never"),
        _seconds(at - last) if last else None,
        gettext_lazy("Start worker and scheduler again. Nothing is lost: what fell due meanwhile is taken afterwards."),
    )


def _lag() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(_LATENESS)
        (worst,) = cursor.fetchone()
    return Finding(
        "lag",
        gettext_lazy("Lateness of steps in the last 15 minutes"),
        worse(worst, MINUTE, 5 * MINUTE),
        _("at most %(span)s") % {"span": _span(worst)} if worst is not None else _("no step was due"),
        _seconds(worst),
        gettext_lazy("After an outage this passes by itself. If it stays, more workers are needed."),
    )


def _untaken(at: datetime) -> Iterator[Finding]:
    due = Deadline.objects.filter(state="running", next_at__lt=at).order_by("next_at")
    since = due.values_list(Greatest("next_at", "planned_at"), flat=True)[:OLDEST]
    oldest = min(since, default=None)
    age = at - oldest if oldest and oldest < at else None
    yield Finding(
        "oldest_untaken",
        gettext_lazy("Oldest step that is due and not taken"),
        worse(age, MINUTE, 5 * MINUTE),
        _("due for %(span)s") % {"span": _span(age)} if age else _("none"),
        _seconds(age),
        gettext_lazy("The sweep does not keep up or stands still: see its last tick and the workers' log."),
    )
    aside = capped_counts({"": Deadline.objects.filter(state="running").exclude(fault="")})[""]
    yield Finding(
        "put_aside",
        gettext_lazy("Deadlines put aside because of a fault"),
        Verdict.ACT if aside else Verdict.OK,
        _capped(aside),
        aside,
        gettext_lazy("Each is tried again every hour. The log names the fault; whoever maintains the system mends it."),
    )


def _outbox(at: datetime) -> Iterator[Finding]:
    """The age of what waits, by the way it goes; one without an address is told as long as something waits for it."""
    ways = [Channel.INBOX, Channel.DIGEST, Channel.EMAIL, *settings.GATEWAYS]
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, [list(Channel)])
        since = dict(cursor.fetchall())
    for channel in Channel:
        if channel not in ways and channel not in since:
            continue
        age = at - since[channel] if channel in since else None
        is_inside = channel in (Channel.INBOX, Channel.DIGEST)
        yield Finding(
            f"outbox_{channel}",
            _("Oldest waiting message: %(way)s") % {"way": channel.label},
            worse(age, MINUTE, 10 * MINUTE) if is_inside else worse(age, 10 * MINUTE, HOUR),
            _("waits for %(span)s") % {"span": _span(age)} if age else _("nothing waits"),
            _seconds(age),
            gettext_lazy("See the workers' log.")
            if is_inside
            else gettext_lazy(
                "Its server does not take messages: see the reason in the list, and its address in the settings."
            ),
            f"{reverse('admin:notifications_outbox_changelist')}?state__exact=waiting&channel__exact={channel}",
        )


def _dead_letters() -> Finding:
    count = capped_counts({"": Outbox.objects.dead()})[""]
    return Finding(
        "dead_letters",
        gettext_lazy("Messages that were given up"),
        Verdict.ACT if count else Verdict.OK,
        _capped(count),
        count,
        gettext_lazy("Read the reason, mend it, then send them again or drop them."),
        f"{reverse('admin:notifications_outbox_changelist')}?state__exact=dead",
    )


def _horizon(at: datetime) -> Finding:
    horizon = horizon_of(current().calendar, timezone.localdate(at))
    return Finding(
        "calendar_days",
        gettext_lazy("Days off are known for"),
        Verdict.LOOK if horizon.is_near and horizon.days else Verdict.ACT if horizon.is_near else Verdict.OK,
        _("%(days)s more days") % {"days": horizon.days},
        horizon.days,
        gettext_lazy("Enter the days off that were announced; due moments beyond are provisional until then."),
        reverse("admin:deadlines_calendarday_changelist"),
    )


def _workers(beats: Mapping[str, datetime], at: datetime) -> Finding:
    seen = [moment for name, moment in beats.items() if name.startswith(WORKER) and at - moment < FORGOTTEN]
    alive = sum(at - moment < SILENT for moment in seen)
    lost = sum(at - moment > LOST for moment in seen)
    found = _("%(alive)s at work") % {"alive": alive}
    if lost:
        found = f"{found}, {_('%(lost)s silent') % {'lost': lost}}"
    return Finding(
        "workers",
        gettext_lazy("Workers seen in the last day"),
        Verdict.ACT if not alive else Verdict.LOOK if lost else Verdict.OK,
        found,
        alive,
        gettext_lazy(
            "A worker that was stopped on purpose is forgotten after a day; any other is to be started again."
        ),
    )


def _span(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    if seconds >= MINUTE.total_seconds():
        return in_words(span)
    return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}


def _seconds(span: timedelta | None) -> float:
    return round(span.total_seconds(), 1) if span else 0.0


def _capped(count: int) -> str:
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)


def worst_of(found: list[Finding]) -> Verdict:
    """The verdict over all."""
    return max((finding.verdict for finding in found), key=list(Verdict).index)


def may_watch(user: Any) -> bool:
    """Who looks after the system or leads the work."""
    return bool(user.has_perm(WATCH))


@require_safe
def page(request: HttpRequest) -> TemplateResponse:
    """The page of whoever looks after the system. What cannot be opened by this reader is no link."""
    if not may_watch(request.user):
        raise PermissionDenied
    with as_system():
        found = findings(timezone.now())
    opened = {"dead_letters": RECEIVES_DEAD_LETTERS, "calendar_days": "deadlines.view_calendarday"}
    rows = [
        (finding, finding.link if request.user.has_perm(opened.get(finding.name, RECEIVES_DEAD_LETTERS)) else "")
        for finding in found
    ]
    context = {**admin.site.each_context(request), "title": _("Operations"), "rows": rows, "worst": worst_of(found)}
    return TemplateResponse(request, "console/operations.html", context)
