"""Packs, rounds of scores and proposals of the planted world."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from common.papers.layout import digest_of, mark_of
from directives.choices import FileForm
from directives.models import (
    MeritEvidence,
    MeritProposal,
    PackFile,
    ReportPack,
    ScoreRound,
    ScoreWeight,
    UnitScore,
)

NUMBERS = {"pack": 62, "round": 63, "round_new": 64, "merit_a": 68, "merit_c": 69}


def plant(world: Any, planted: Callable[[int, str], str]) -> None:
    """A frozen pack; a published round and one that is not; a proposal for A, and one for C."""
    world.numbers |= NUMBERS
    by, now, today = world.by("division_2"), timezone.now(), timezone.localdate()
    world.weight = ScoreWeight.objects.create(part="on_time", points=50, source="Quy chế")
    content = {
        "as_of": timezone.localtime(now).isoformat(), "authority": "Sở Y tế", "year": today.year, "by_directive": [],
        "directives": {"directives": 2, "obligations": 2, "open": 2}, "by_obligation": [], "by_type": [],
        "by_former": [], "indicators": [], "merits": [], "findings": f"Đánh giá {planted(62, 'ya')}",
    }  # fmt: skip
    world.pack = ReportPack.objects.create(
        year=today.year, number=1, as_of=now, content=content, digest=digest_of(content), by=by, maker="A", at=now
    )
    for form in FileForm.values:
        PackFile.objects.create(pack=world.pack, form=form, content=b"x", digest=mark_of(b"x"))
    days = {"starts_on": today - timedelta(days=300), "ends_on": today + timedelta(days=30)}
    world.rounds, world.merits = {}, {}
    for name, number in (("round", 63), ("round_new", 64)):
        found = ScoreRound.objects.create(
            **days, as_of=now, weights=[{"part": "on_time", "points": 50, "source": "Quy chế"}], drawn_by=by,
            note=f"lần chấm {planted(number, 'yb')}", published_at=now if name == "round" else None,
            published_by=world.by("lead") if name == "round" else None,
        )  # fmt: skip
        world.rounds[name] = found
        for unit in (world.a, world.b, world.c):
            UnitScore.objects.create(round=found, facility=unit, points=50, parts=[])
    for name, unit, number in (("merit_a", "a", 68), ("merit_c", "c", 69)):
        made = MeritProposal.objects.create(
            round=world.rounds["round"], facility=getattr(world, unit), kind="commend", proposed_by=by,
            reason=f"làm tốt {planted(number, 'yc')}", proposed_at=now,
        )  # fmt: skip
        MeritEvidence.objects.create(proposal=made, assignment=world.assignments[f"duty_{unit}"])
        world.merits[name] = made
