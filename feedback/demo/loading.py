"""Filling a database with the demonstration: people, facilities and any number of cases, the same for the same seed."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from time import monotonic

from django.db import connection, transaction
from django.utils import timezone

from deadlines.models import Heartbeat
from facilities.models import Facility
from facilities.services import load_demo_facilities
from feedback import daycounts
from feedback.demo import copying, extras, people
from feedback.demo.almanac import Almanac
from feedback.demo.people import SignIn
from feedback.demo.rows import Tables
from feedback.demo.showcase import WISHES, Showcase
from feedback.demo.telling import Teller, Told
from feedback.demo.words import words
from feedback.demo.world import World, look_around

LARGE = 50_000  # from here on indexes are set aside while rows arrive
BLOCK = 2_000  # cases per COPY
PASSWORD_WORDS = (
    *("sen", "tre", "lua", "mai", "dua", "cau", "mit", "gao", "ngo", "cam", "buoi", "nhan", "dao", "man", "oi", "khe"),
    *(
        "song",
        "nui",
        "bien",
        "may",
        "nang",
        "mua",
        "gio",
        "trang",
        "sao",
        "dat",
        "cat",
        "da",
        "rung",
        "suoi",
        "ho",
        "dam",
    ),
    *("ca", "cua", "tom", "muc", "vit", "ga", "trau", "bo", "meo", "chim", "buom", "ong", "kien", "nai", "voi", "rua"),
)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Loaded:
    """What was loaded, and how long the two halves took: rows arriving, and indexes and counts made."""

    cases: int
    rows: int
    seconds_rows: float
    seconds_after: float
    sign_ins: list[SignIn]


def password() -> str:
    """Four words and five digits, some 39 bits: long enough for a demonstration, easy to type."""
    drawn = secrets.SystemRandom().sample(PASSWORD_WORDS, 4)
    return "-".join([*drawn, f"{secrets.randbelow(100_000):05d}"])


@transaction.atomic
def load(count: int, *, seed: int, now: datetime, progress: Progress | None = None) -> Loaded:
    """Load everything, in one transaction. Ten thousand cases take a few seconds, a million some minutes."""
    secret = password()
    load_demo_facilities()
    facilities = list(Facility.objects.filter(is_demo=True).order_by("code"))
    invented = people.everybody(facilities)
    users = people.settle(invented, facilities, secret)
    systems = people.settle_systems()
    world = look_around(invented, users, {name: user for name, (user, _token) in systems.items()})
    tables = Tables()
    tables.check()
    copying.lock(tables)
    next_reference = copying.begin_numbers(tables)
    began = monotonic()
    kept = extras.Kept()
    almanac = Almanac(world.reference.calendar, now)
    rows, arrived = _write(count, world, tables, next_reference, almanac, seed, progress, kept)
    codes = extras.add(kept, seed=seed)
    copying.analyze(tables)
    daycounts.rebuild_all()
    Heartbeat.objects.update_or_create(name=daycounts.WATERMARK, defaults={"at": timezone.now()})
    signs = [*people.sign_ins(invented, systems, secret), *codes]
    return Loaded(count, rows, arrived - began, monotonic() - arrived, signs)


def _write(
    count: int,
    world: World,
    tables: Tables,
    next_reference: int,
    almanac: Almanac,
    seed: int,
    progress: Progress | None,
    kept: "extras.Kept",
) -> tuple[int, float]:
    """Make and copy the cases; returns how many rows that were, and the moment at which the last had arrived."""
    names = [table.name for table in tables.all.values()]
    teller, cases = tell(count, world, tables, next_reference, almanac, seed)

    def copied() -> float:
        with copying.Copier() as copier:
            for nth, case in enumerate(cases, start=1):
                kept.consider(case)
                if nth % BLOCK == 0 or nth == count:
                    copier.take(tables)
                    if progress:
                        progress(nth, count)
        return monotonic()

    if count < LARGE:
        arrived = copied()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        with copying.lean(names):
            arrived = copied()
    return copying.end_numbers(tables, teller.next_reference), arrived


def tell(
    count: int, world: World, tables: Tables, next_reference: int, almanac: Almanac, seed: int
) -> tuple[Teller, Iterator[Told]]:
    """A teller, and its `count` cases in the order of arrival; pure but for the numbers that `tables` give out."""
    random = Random(f"{seed}")
    teller = Teller(world, words(), almanac, tables, random, cases=count)
    teller.next_reference = next_reference
    most = min(len(WISHES), count // 4)
    showcase = Showcase(teller, almanac, random, most=most)
    fixed = len(showcase.todo)

    def cases() -> Iterator[Told]:
        for at in almanac.arrivals(count - fixed, random):
            yield from showcase.tell_until(at)
            yield teller.tell(at)
        yield from showcase.tell_until(almanac.now)

    return teller, cases()
