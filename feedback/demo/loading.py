"""Filling a database with the demonstration: people, facilities and any number of cases, the same for the same seed."""

import secrets
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from django.db import transaction
from django.utils import timezone

from deadlines.choices import State
from deadlines.models import Deadline, Heartbeat
from facilities.models import Facility
from facilities.services import load_demo_facilities
from feedback import daycounts
from feedback.demo import copying, extras, people, press
from feedback.demo.almanac import Almanac
from feedback.demo.blocks import Setting, blocks_of, processes_for, telling
from feedback.demo.people import SignIn
from feedback.demo.rows import Tables
from feedback.demo.world import look_around

LARGE = 50_000  # from here on indexes are set aside while rows arrive
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
    first, reference = copying.first_numbers(tables)
    setting = Setting(world, Almanac(world.reference.calendar, now), seed, count, first, reference)
    began = monotonic()
    rows, arrived, kept = _write(setting, tables, progress)
    codes = extras.add(kept, seed=seed)
    press.add(seed=seed)
    _plan_from_now_on()
    copying.analyze(tables)
    daycounts.rebuild_all()
    Heartbeat.objects.update_or_create(name=daycounts.WATERMARK, defaults={"at": timezone.now()})
    signs = [*people.sign_ins(invented, systems, secret), *codes]
    return Loaded(count, rows, arrived - began, monotonic() - arrived, signs)


def _plan_from_now_on() -> None:
    """What fell due in the told past and was not taken can be taken from now on: no sweep could see it before."""
    at = timezone.now()
    Deadline.objects.filter(state=State.RUNNING, next_at__lte=at).update(planned_at=at)


def _write(setting: Setting, tables: Tables, progress: Progress | None) -> tuple[int, float, extras.Kept]:
    """Make and copy the cases; returns how many rows that were, the moment at which the last had arrived, and what was
    noticed on the way."""
    is_large = setting.cases >= LARGE
    rows, done, kept, last = 0, 0, extras.Kept(), dict(setting.first)
    with copying.lean([table.name for table in tables.all.values()]) if is_large else nullcontext():
        with telling(setting, processes_for(setting.cases, LARGE)) as tell, copying.Copier() as copier:
            for block in tell(blocks_of(setting)):
                copier.take(block.lines)
                rows, done, last = rows + block.rows, done + block.cases, block.last
                kept.join(block.kept)
                if progress:
                    progress(done, setting.cases)
        arrived = monotonic()
    copying.go_on_from(tables, last, setting.first_reference + setting.cases)
    return rows, arrived, kept
