"""May the clock be trusted? All steps hang on the database's time, so a clock that jumps would take steps early, or
leave them out, for everybody at once.

Each sweep reads two clocks together: the time of the database, and how long its own machine has been running
(`CLOCK_BOOTTIME`: nobody sets it, it goes on while the machine sleeps, and it is the same for all processes of the
machine). The pair is stored under the machine and its start. Between two readings both clocks must have gone the same
way; when the database's went more than a minute further, or less far, it jumped.

An outage is no jump: workers that were down for three days find that the machine ran for three days as well. After a
restart of the machine there is nothing to compare with, so the time since then counts as an outage; only a clock that
stands before the latest reading of any machine was certainly set back. (A virtual machine that was frozen with its
clock corrected afterwards looks like a jump, because for its processes no time passed: a person decides.)

When it jumped the engine is held: nothing is taken, the heartbeat of the sweep stops, so `/health/ready` says it too,
and those who may release it are told. It goes on when the machine that noticed finds the clock right again (a wrong
setting was taken back), or when a person with the right says, with a reason, that the new time is the true one."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from platform import node
from typing import Any

import structlog
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import engine
from common.exceptions import MoveRefused, ReasonRequired, RightMissing
from common.text import clean
from deadlines.models import ClockHold, ClockReading, Heartbeat
from notifications.services import enqueue

MOST = timedelta(minutes=1)
RELEASE = "deadlines.release_clock"
BOOT = Path("/proc/sys/kernel/random/boot_id")
RUNNING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
logger = structlog.get_logger(__name__)

_READ = """
SELECT clock_timestamp(), known.at, known.running, (SELECT max(at) FROM deadlines_clockreading), hold.id, hold.machine
FROM (SELECT 1) one
LEFT JOIN deadlines_clockreading known ON known.machine = %(machine)s
LEFT JOIN deadlines_clockhold hold ON hold.released_at IS NULL
"""
_KEEP = """
INSERT INTO deadlines_clockreading (machine, at, running) VALUES (%s, %s, %s)
ON CONFLICT (machine) DO UPDATE SET at = excluded.at, running = excluded.running
WHERE deadlines_clockreading.running < excluded.running
"""


@dataclass(frozen=True)
class Reading:
    """Both clocks at one moment, beside the reading before: of this machine, and the latest of all."""

    at: datetime
    running: float
    known_at: datetime | None
    known_running: float | None
    latest: datetime | None
    hold: int | None
    held_by: str | None

    @property
    def jump(self) -> timedelta:
        """How far the clock went beyond the time that passed; zero where nothing tells."""
        if self.known_at is not None and self.known_running is not None and self.running >= self.known_running:
            return (self.at - self.known_at) - timedelta(seconds=self.running - self.known_running)
        return min(self.at - self.latest, timedelta()) if self.latest else timedelta()

    @property
    def is_plausible(self) -> bool:
        return abs(self.jump) <= MOST


def trusted_time() -> datetime | None:
    """The database's time, or None while the engine is held. Two statements; a few more when the clock jumped."""
    reading = read()
    if reading.hold is not None:
        if reading.held_by != machine() or not reading.is_plausible:
            return None
        _end(ClockHold.objects.get(pk=reading.hold), engine(), _("The clock is right again."), forget=False)
    elif not reading.is_plausible:
        _hold(reading)
        return None
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [machine(), reading.at, reading.running])
    return reading.at


def read() -> Reading:
    """Read both clocks; the running one before and after, and of that the middle."""
    before = time.clock_gettime(RUNNING)
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"machine": machine()})
        at, *known = cursor.fetchone()
    return Reading(at, (before + time.clock_gettime(RUNNING)) / 2, *known)


@cache
def machine() -> str:
    """This machine since its last start; where the system does not number its starts, the machine alone."""
    return BOOT.read_text().strip() if BOOT.exists() else node()


@transaction.atomic
def _hold(reading: Reading) -> None:
    """Stop, once, and tell those who may release."""
    hold, is_new = ClockHold.objects.get_or_create(
        released_at=None, defaults={"held_at": reading.at, "jump": reading.jump, "machine": machine()}
    )
    if not is_new:
        return  # another sweeper noticed at the same moment
    logger.error("the clock jumped, deadlines are held", seconds=round(reading.jump.total_seconds()))
    people = set(User.objects.with_permission(RELEASE).values_list("pk", flat=True))
    people = people or set(User.objects.filter(is_superuser=True, is_active=True).values_list("pk", flat=True))
    enqueue(
        f"clock:{hold.pk}",
        to=people,
        template="clock_jumped",
        params={"minutes": str(round(reading.jump / timedelta(minutes=1)))},
        url=reverse("admin:deadlines_clockhold_change", args=[hold.pk]),
        urgent=True,
    )


@transaction.atomic
def release(hold: ClockHold, *, by: Any, reason: str) -> ClockHold:
    """The time is true as it is now: go on, and compare with it from here.

    Raises `RightMissing`, `ReasonRequired`, `MoveRefused`."""
    if not by.has_perm(RELEASE):
        raise RightMissing
    if not clean(reason):
        raise ReasonRequired
    locked = ClockHold.objects.select_for_update().get(pk=hold.pk)
    if locked.released_at is not None:
        raise MoveRefused(_("The deadlines go on already."))
    return _end(locked, by, clean(reason), forget=True)


def _end(hold: ClockHold, by: Any, reason: str, *, forget: bool) -> ClockHold:
    """`forget` what was read before: it is compared with nothing any more, and no heartbeat stays in the future."""
    now = timezone.now()
    hold.released_at, hold.released_by, hold.reason = now, by, reason
    hold.save(update_fields=["released_at", "released_by", "reason"])
    if forget:
        ClockReading.objects.all().delete()
        Heartbeat.objects.filter(at__gt=now).update(at=now)
    return hold
