"""The calendar, ladders and rules that a new installation begins with. Loading again adds what is missing and changes
nothing: what people changed since stays."""

import json
from collections.abc import Iterable
from datetime import date, time
from pathlib import Path
from typing import Any

import holidays
from django.db import transaction

from deadlines.calendars import DEFAULT_AUTHORITY
from deadlines.choices import DayKind
from deadlines.models import CalendarDay, DeadlineRule, Ladder, LadderStep, WorkingPeriod

DATA = Path(__file__).parent / "data"
FROM_PACKAGE = "Gói phần mềm holidays (Việt Nam)"
NOT_ANNOUNCED = f"{FROM_PACKAGE}; tính trước, chưa có thông báo"


@transaction.atomic
def load() -> dict[str, int]:
    """Add what is missing; returns how many rows of each kind are new."""
    known, book = _read("calendar.json"), _read("rules.json")
    return {
        "working periods": _load_periods(known),
        "calendar days": _load_days(known),
        "ladders": _load_ladders(book["ladders"]),
        "deadline rules": _load_rules(book),
    }


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _load_periods(known: dict[str, Any]) -> int:
    if WorkingPeriod.objects.filter(authority=DEFAULT_AUTHORITY).exists():
        return 0
    rows = [
        WorkingPeriod(weekday=weekday, starts=time.fromisoformat(starts), ends=time.fromisoformat(ends))
        for weekday in known["weekdays"]
        for starts, ends in known["hours"]
    ]
    return len(WorkingPeriod.objects.bulk_create(rows))


def _load_days(known: dict[str, Any]) -> int:
    """Our own days first, since they win over the package."""
    there = set(CalendarDay.objects.filter(authority=DEFAULT_AUTHORITY).values_list("date", flat=True))
    rows = []
    for row in (*_own_days(known), *_of_package(known)):
        if row.date not in there:
            there.add(row.date)
            rows.append(row)
    return len(CalendarDay.objects.bulk_create(rows)) if rows else 0


def _own_days(known: dict[str, Any]) -> list[CalendarDay]:
    return [CalendarDay(**{**day, "date": date.fromisoformat(day["date"])}) for day in known["days"]]


def _of_package(known: dict[str, Any]) -> list[CalendarDay]:
    """Years that nobody announced yet are computed by the package, and say so."""
    years = range(known["first_year"], known["last_year"] + 1)
    announced = known["announced_until"]
    return [
        *days_of_package((year for year in years if year <= announced), FROM_PACKAGE),
        *days_of_package((year for year in years if year > announced), NOT_ANNOUNCED, is_announced=False),
    ]


def days_of_package(years: Iterable[int], source: str, *, is_announced: bool = True) -> list[CalendarDay]:
    """What the `holidays` package knows of these years: days off, and Saturdays worked instead."""
    years = list(years)
    found = holidays.country_holidays("VN", years=years, language="vi")
    said = {"source": source, "is_announced": is_announced}
    off = [CalendarDay(date=day, kind=DayKind.OFF, note=name, **said) for day, name in sorted(found.items())]
    working = [
        CalendarDay(date=day, kind=DayKind.WORKING, note="Làm bù", **said)
        for day in sorted(found.weekend_workdays)
        if day.year in years
    ]
    return off + working


def _load_ladders(ladders: list[dict[str, Any]]) -> int:
    there = set(Ladder.objects.values_list("code", flat=True))
    missing = [row for row in ladders if row["code"] not in there]
    for row in missing:
        ladder = Ladder.objects.create(code=row["code"], name=row["name"], name_en=row["name_en"])
        LadderStep.objects.bulk_create(
            LadderStep(ladder=ladder, position=position, **step) for position, step in enumerate(row["steps"], start=1)
        )
    return len(missing)


def _load_rules(book: dict[str, Any]) -> int:
    there = set(DeadlineRule.objects.values_list("code", flat=True))
    ladders = {ladder.code: ladder for ladder in Ladder.objects.all()}
    missing = [row for row in book["rules"] if row["code"] not in there]
    if missing:
        standing = book["standing"]
        DeadlineRule.objects.bulk_create(
            _rule(row, ladders, standing[row.get("standing", "department")]) for row in missing
        )
    return len(missing)


def _rule(row: dict[str, Any], ladders: dict[str, Ladder], standing: dict[str, Any]) -> DeadlineRule:
    plain = {name: value for name, value in row.items() if name not in ("conditions", "ladder", "standing")}
    return DeadlineRule(**plain, **standing, **row.get("conditions", {}), ladder=ladders[row["ladder"]])
