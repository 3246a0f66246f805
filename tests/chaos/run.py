"""The crash run: real PostgreSQL, broker, workers, beats and sweepers, killed at random while steps fall due; then each
step and each message is counted. None may be missing, none double, none early."""

import io
import re
import time
from collections import Counter
from datetime import time as time_of_day
from datetime import timedelta
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import psycopg
import redis
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils.timezone import localtime

from accounts.services import engine
from config.celery import app
from config.dev.state import Place
from config.dev.terminal import Problem, say
from deadlines.calendars import DEFAULT_AUTHORITY
from deadlines.choices import DayKind
from deadlines.models import CalendarDay
from deadlines.sweep import sweep
from notifications.models import Outbox, Phone, Preference
from tests.chaos.database import PATIENCE, Database
from tests.chaos.family import Family
from tests.deadlines import factories as make
from tests.notifications.servers import Behaviour, FakeGateway

SWEEPERS, BEATS, WORKERS = 4, 2, 3
DEADLINES = 300  # a minute, with two steps each
TERM = timedelta(minutes=10)
FIRST = 10.0  # seconds until the first step falls due
KILL, FLUSH, STRIKE = (1.5, 4.0), (5.0, 12.0), (18.0, 30.0)  # seconds between two of them, at random
# After the last blow: a message that a killed worker had in its hands waits for the end of the lease (two minutes), one
# that failed once or twice for another try; then a tick of the beat has to come.
LONGEST_DRAIN = 285
OURS = "deadline:%"  # how the keys of this run's messages begin; what the house says about itself is not counted

_COUNTS = """
WITH planned AS (
    SELECT d.id, d.cycle, d.ladder_id, step.position, step.moment, count(*) OVER () AS total
    FROM deadlines_deadline d, unnest(d.positions, d.moments) AS step(position, moment)
    WHERE step.moment <= %(until)s
)
SELECT count(*) FILTER (WHERE taken.step IS NULL) AS missed,
       count(*) FILTER (WHERE taken.fired_at < planned.moment OR taken.due_at <> planned.moment) AS early,
       count(taken.step) AS steps,
       (SELECT count(*) - count(DISTINCT (deadline_id, cycle, ladder_id, step)) FROM deadlines_escalation) AS duplicate,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY taken.fired_at - planned.moment) AS p50,
       percentile_disc(0.99) WITHIN GROUP (ORDER BY taken.fired_at - planned.moment) AS p99,
       max(taken.fired_at - planned.moment) AS most
FROM planned LEFT JOIN deadlines_escalation taken
     ON taken.deadline_id = planned.id AND taken.cycle = planned.cycle
     AND taken.ladder_id = planned.ladder_id AND taken.step = planned.position
"""
# Each entry that told people put one message into the inbox of each; nothing was told that no entry stands for.
_MESSAGES = """
WITH told AS (
    SELECT 'deadline:' || deadline_id || ':' || cycle || ':' || ladder_id || ':' || step AS key, recipients
    FROM deadlines_escalation
    WHERE recipients > 0
), found AS (
    SELECT key, count(*) AS items, count(DISTINCT recipient_id) AS people FROM notifications_inboxitem
    WHERE key LIKE 'deadline:%%' GROUP BY key
)
SELECT coalesce(sum(greatest(told.recipients - coalesce(found.people, 0), 0)), 0) AS lost,
       coalesce(sum(greatest(coalesce(found.items, 0) - coalesce(told.recipients, 0), 0)), 0) AS duplicate,
       coalesce(sum(found.items), 0) AS arrived
FROM told FULL JOIN found USING (key)
"""
# The gateway for SMS never answers: what is for it stays.
_LEFT = """
SELECT 'steps', count(*) FROM deadlines_deadline WHERE state = 'running' AND next_at <= now() HAVING count(*) > 0
UNION ALL
SELECT channel || CASE WHEN next_try_at > now() THEN ', waiting until ' || max(next_try_at) ELSE ', due' END, count(*)
FROM notifications_outbox WHERE state = 'waiting' AND channel <> 'sms' AND key LIKE %(ours)s
GROUP BY channel, next_try_at > now()
"""


class Run:
    """One crash run on a database that is made for it."""

    most_late: timedelta | None = None  # p99; while the database is away nobody is in time
    reminds = True  # a step more for each, which takes a minute more

    def __init__(self, place: Place, folder: Path, *, minutes: float, seed: int | None, gateway: int) -> None:
        self.place, self.folder, self.seconds, self.gateway = place, folder, minutes * 60, gateway
        self.seed = SystemRandom().randrange(10**6) if seed is None else seed
        self.random = Random(self.seed)
        self.database = Database(place)
        self.family = Family(place.logs)
        self.done: Counter[str] = Counter()

    def go(self) -> int:
        """Set up, kill, drain, count; 1 when anything is wrong."""
        self.database.make()
        self._people()
        connections.close_all()
        self._populate()
        try:
            self._wait_for_work()
            until = self._deadlines()
            connections.close_all()
            self._kill_until(until)
            self._drain()
        finally:
            self.family.end()
        return self._judge(until)

    # --- before ------------------------------------------------------------------------------------------------------

    def _people(self) -> None:
        """Who is told; known before the children are born, who then know it too."""
        make.calendar()
        today = localtime(None, make.ZONE).date()
        for day in (today, today + timedelta(days=1)):  # the run comes out the same on every day: it is one of rest
            values = {"kind": DayKind.OFF, "source": "crash run"}
            CalendarDay.objects.update_or_create(authority=DEFAULT_AUTHORITY, date=day, defaults=values)
        engine()
        people = [make.person("an", email="an@example.invalid").pk, make.person("binh").pk]
        Phone.keep(people[0], "+84912345678")
        Preference.objects.create(user_id=people[0], also=["sms:late"])
        staff = make.Staff()
        staff.by_role = {"responsible": people, "lead": people[:1]}
        make.registry.register(make.LABEL, make.subject_for(staff))

    def _wait_for_work(self) -> None:
        """Until a beat's tick has reached a worker."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.family.tend()
            with psycopg.connect(self.database.address()) as session:
                if session.execute("SELECT 1 FROM deadlines_heartbeat WHERE name LIKE 'worker:%'").fetchone():
                    return
            time.sleep(0.2)
        raise Problem(f"No worker did anything for {PATIENCE} s; see {self.place.logs}.")

    def _deadlines(self) -> float:
        """Deadlines whose steps fall due all over the run; returns when the last one has."""
        steps = [make.step("after_due", 0, "responsible", "lead", level=1, is_urgent=True)]
        if self.reminds:
            steps.insert(0, make.step("before_due", 1, "responsible", keeps_quiet=False))
        ladder = make.ladder(*steps)
        ladder.quiet_from, ladder.quiet_until = time_of_day(0), time_of_day(23, 59)  # and at every hour of it
        ladder.save()
        make.rule(ladder, clock="minutes", amount=int(TERM.total_seconds() // 60))
        count = max(int(DEADLINES * self.seconds / 60), 100)
        records = make.Group.objects.bulk_create(make.Group(name=f"record {nth}") for nth in range(count))
        by, began = make.User.objects.get(username="an"), time.time() + FIRST
        first = began + 60 * self.reminds  # the reminder of each comes a minute before its due moment
        span = max(self.seconds - 60 * self.reminds, 1)
        for nth, record in enumerate(records):
            make.opened(record, by, make.datetime.fromtimestamp(first + nth * span / count, make.ZONE) - TERM)
        return first + span

    def _populate(self) -> None:
        for nth in range(SWEEPERS):
            self.family.add(f"sweeper-{nth}", _sweep_for_ever)
        for nth in range(WORKERS):
            words = ["worker", "-P", "solo", "-n", f"worker-{nth}@chaos", "--without-gossip", "--without-mingle"]
            self.family.add(f"worker-{nth}", lambda words=words: app.worker_main(words))
        self.family.add("gateway", self._gateway)
        for nth in range(BEATS):
            words = ["beat", "--schedule", str(self.folder / f"beat-{nth}"), "--pidfile", ""]
            self.family.add(f"beat-{nth}", lambda words=words: app.start(words))

    def _gateway(self) -> None:
        """Takes every message and says nothing."""
        server = FakeGateway(self.gateway)
        server.behaviour = Behaviour(seconds=3600)
        server.thread.join()

    # --- meanwhile ---------------------------------------------------------------------------------------------------

    def _kill_until(self, until: float) -> None:
        say(f"{self.seconds:.0f} s of kills while deadlines fall due, seed {self.seed} …")
        blows = {self._kill: KILL, self._flush: FLUSH, self._strike: STRIKE}
        next_at = {blow: time.time() + self.random.uniform(*span) for blow, span in blows.items()}
        while time.time() < until:
            self.family.tend()
            for blow, span in blows.items():
                if time.time() >= next_at[blow]:
                    blow()
                    next_at[blow] = time.time() + self.random.uniform(*span)
            time.sleep(0.05)

    def _kill(self) -> None:
        self.family.kill_one(self.random)

    def _flush(self) -> None:
        """Empty the broker, with every task in it."""
        with redis.Redis(unix_socket_path=settings.REDIS_URL.removeprefix("redis+socket://")) as broker:
            broker.flushall()
        self.done["broker flushes"] += 1

    def _strike(self) -> None:
        """Hit the database: one of its sessions, which makes all the others begin anew, or the whole server."""
        self.done[f"database: {self.database.strike(self.random)}"] += 1

    def _drain(self) -> None:
        """No more blows: whatever is due is to be taken, and whatever waits to be delivered."""
        began = time.monotonic()
        left = ["not looked yet"]
        while left and time.monotonic() < began + LONGEST_DRAIN:
            self.family.tend()
            time.sleep(0.5)
            left = self._left()
        say(f"drained in: {time.monotonic() - began:.0f} s" if not left else f"never drained, still there: {left}")

    def _left(self) -> list[str]:
        """What still has to be done, counted by kind; nothing when all is done."""
        try:
            with psycopg.connect(self.database.address()) as session:
                return [f"{count} {what}" for what, count in session.execute(_LEFT, {"ours": OURS}).fetchall()]
        except psycopg.OperationalError as fault:  # beginning anew
            return [type(fault).__name__]

    # --- afterwards --------------------------------------------------------------------------------------------------

    def _judge(self, until: float) -> int:
        steps = self._row(_COUNTS, {"until": make.datetime.fromtimestamp(until, make.ZONE)})
        messages = self._row(_MESSAGES, {})
        mails = self._mails()
        unsent = Outbox.objects.filter(state__in=("waiting", "dead"), key__startswith=OURS.rstrip("%"))
        unsent = unsent.exclude(channel="sms").count()
        asked = Outbox.objects.filter(channel="sms", attempts__gt=0).count()
        told = io.StringIO()
        try:
            call_command("verify_deadlines", stdout=told, stderr=told)
            differences = 0
        except CommandError as fault:
            say(told.getvalue())
            differences = int(re.findall(r"\d+", str(fault))[0])
        blows = {"killed": self.family.killed, **self.done, "died by themselves": self.family.died}
        lines = [
            ("blows", dict(sorted(blows.items()))),
            ("steps", {"taken": steps["steps"], **{name: steps[name] for name in ("missed", "duplicate", "early")}}),
            ("lateness", {name: steps[name] for name in ("p50", "p99", "most")}),
            ("inbox", messages),
            ("mail", {**mails, "unsent": unsent}),
            (
                "SMS to a gateway that never answers",
                {"tried": asked, "of": Outbox.objects.filter(channel="sms").count()},
            ),
            ("verify_deadlines", {"differences": differences}),
        ]
        for title, counts in lines:
            say(f"{title}: {', '.join(f'{name} {count}' for name, count in counts.items())}")
        wrong = [steps[name] for name in ("missed", "duplicate", "early")] + [messages["lost"], messages["duplicate"]]
        is_slow = self.most_late is not None and steps["p99"] > self.most_late
        return int(any([*wrong, mails["lost"], unsent, differences, not steps["steps"], not asked, is_slow]))

    def _row(self, sql: str, values: dict[str, Any]) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))

    def _mails(self) -> dict[str, int]:
        """What lies at the mail server, against what the outbox says it sent."""
        texts = (path.read_text(encoding="utf-8", errors="replace") for path in (self.folder / "mail").glob("*"))
        arrived = Counter(found for text in texts for found in re.findall(r"^Message-ID: (\S+)", text, re.M))
        sent = {row.message_id for row in Outbox.objects.filter(channel="email", state="sent")}
        again = sum(arrived.values()) - len(arrived)
        return {"sent": len(sent), "lost": len(sent - set(arrived)), "again under the same id": again}


class Calm(Run):
    """Nothing is killed: one worker with two hands, one beat, a gateway that never answers. Is the sweep in time?"""

    most_late = timedelta(seconds=5)
    reminds = False

    def _populate(self) -> None:
        words = ["worker", "-P", "threads", "-c", "2", "-n", "worker@calm", "--without-gossip", "--without-mingle"]
        self.family.add("worker", lambda: app.worker_main(words))
        self.family.add("beat", lambda: app.start(["beat", "--schedule", str(self.folder / "beat"), "--pidfile", ""]))
        self.family.add("gateway", self._gateway)

    def _kill_until(self, until: float) -> None:
        say(f"{self.seconds:.0f} s in which deadlines fall due …")
        while time.time() < until:
            self.family.tend()
            time.sleep(0.05)


def _sweep_for_ever() -> None:
    """A sweeper that needs neither beat nor broker."""
    while True:
        sweep(seconds=10)
        time.sleep(1)
