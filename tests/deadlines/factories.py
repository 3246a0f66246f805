"""Records with deadlines for tests: groups stand in for cases, so that the engine is tested without any case app."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group

from accounts.models import User
from deadlines import reference, registry
from deadlines.calendar import WorkingCalendar
from deadlines.choices import DayKind, Nature
from deadlines.models import Deadline, DeadlineRule, Ladder, LadderStep
from deadlines.registry import Subject
from deadlines.services import open_deadline

LABEL = "auth.group"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE = ((7 * 60 + 30, 11 * 60 + 30), (13 * 60, 17 * 60))


def at(text: str) -> datetime:
    """“2026-02-13 16:00” by the clock on the wall."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def office(days: dict[Any, DayKind] | None = None) -> WorkingCalendar:
    """Monday to Friday, 07:30–11:30 and 13:00–17:00."""
    return WorkingCalendar(hours=dict.fromkeys(range(5), OFFICE), days=days or {})


class Staff:
    """Who answers for the records in a test, and what the engine told about them."""

    def __init__(self) -> None:
        self.by_role: dict[str, list[int]] = {}
        self.raised: list[tuple[int, int]] = []
        self.asked: list[str] = []

    def recipients(self, role: str, ids: list[int]) -> dict[int, list[int]]:
        self.asked.append(role)
        return {pk: self.by_role.get(role, []) for pk in ids}

    def on_escalated(self, levels: list[tuple[int, int]]) -> None:
        self.raised += levels


def subject_for(staff: Staff, **changes: Any) -> Subject:
    parts: dict[str, Any] = {
        "references": lambda ids: {pk: f"GR-{pk}" for pk in ids},
        "address": lambda pk: f"/console/auth/group/{pk}/change/",
        "recipients": staff.recipients,
        "visible_ids": lambda user: user.role_grants.values("group"),
        "on_escalated": staff.on_escalated,
    }
    return Subject(**{**parts, **changes})


@contextmanager
def registered(subject: Subject, label: str = LABEL) -> Iterator[Subject]:
    """The subject is known inside the block."""
    before = dict(registry._SUBJECTS)
    registry.register(label, subject)
    try:
        yield subject
    finally:
        registry._SUBJECTS.clear()
        registry._SUBJECTS.update(before)


def person(name: str, **fields: Any) -> User:
    return User.objects.create_user(username=name, email=fields.pop("email", ""), **fields)


def record(name: str = "record") -> Group:
    return Group.objects.create(name=name)


def calendar() -> None:
    """The reference calendar, ladders and rules."""
    reference.load()


def ladder(*steps: dict[str, Any], code: str = "test") -> Ladder:
    made = Ladder.objects.create(code=code, name=code)
    LadderStep.objects.bulk_create(
        LadderStep(ladder=made, position=position, **step) for position, step in enumerate(steps, start=1)
    )
    return made


def step(side: str, amount: int, *roles: str, unit: str = "minutes", level: int = 0, **more: Any) -> dict[str, Any]:
    template = "deadline_reminder" if side == "before_due" else "deadline_passed"
    return {
        "side": side,
        "amount": amount,
        "unit": unit,
        "roles": list(roles),
        "level": level,
        "template": template,
        **more,
    }


def usual_ladder() -> Ladder:
    """A reminder an hour before, at the due moment, an hour later, a day later."""
    return ladder(
        step("before_due", 60, "responsible"),
        step("after_due", 0, "responsible", "unit", level=1),
        step("after_due", 60, "lead", level=2),
        step("after_due", 1440, "director", level=3),
    )


def rule(on: Ladder, obligation: str = "answer", clock: str = "hours", amount: int = 24, **fields: Any) -> DeadlineRule:
    values: dict[str, Any] = {
        "code": f"{obligation}-{DeadlineRule.objects.count()}",
        "name": f"{obligation} {amount} {clock}",
        "nature": Nature.POLICY,
        "source": "test",
        "subject": LABEL,
    }
    return DeadlineRule.objects.create(
        obligation=obligation, clock=clock, amount=amount, ladder=on, **{**values, **fields}
    )


def opened(about: Group, by: User, start: datetime, obligation: str = "answer", **facts: str) -> Deadline:
    deadline = open_deadline(about, obligation, start=start, facts=facts, by=by)
    assert deadline is not None
    return deadline
