"""How often something is due, as an RFC 5545 rule of the due days: "trước ngày 05 hằng tháng", "mỗi quý", "6 tháng"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .days import NUMBER, last_day, number
from .days import Mention as Day

EACH = r"(?:hang|moi|tung)"
_WEEKDAYS = {"hai": "MO", "ba": "TU", "tu": "WE", "nam": "TH", "sau": "FR", "bay": "SA", "nhat": "SU"}
_WEEKDAYS |= {"2": "MO", "3": "TU", "4": "WE", "5": "TH", "6": "FR", "7": "SA"}
_QUARTER_MONTHS = {"dau": "1,4,7,10", "giua": "2,5,8,11", "thu hai": "2,5,8,11", "cuoi": "3,6,9,12"}
_UNITS = {
    "ngay": ("DAILY", 1),
    "tuan": ("WEEKLY", 1),
    "thang": ("MONTHLY", 1),
    "quy": ("MONTHLY", 3),
    "nam": ("YEARLY", 1),
}

_UNIT = re.compile(rf"\b{EACH} (ngay|tuan|thang|quy|nam)\b")
_TIMES = re.compile(r"\blan\s*(?:/|trong|tren|mot|moi)\s*(?:mot |1 |01 )?(ngay|tuan|thang|quy|nam)\b(?! 20\d\d)")
_OFTEN = re.compile(  # "mỗi năm 02 lần", "02 lần/năm": so many of a unit that has months
    rf"\b(?:{EACH} (?P<each>quy|nam)(?: it nhat| toi thieu)? (?P<count>{NUMBER}) lan\b"
    rf"|(?P<times>{NUMBER}) lan\s*(?:/|trong|tren|mot|moi)\s*(?:mot |1 |01 )?(?P<unit>quy|nam)\b(?! 20\d\d))"
)
_EVERY = re.compile(rf"\b({NUMBER}) (ngay|tuan|thang|quy|nam)\s*(?:/|mot|1|01)\s*(?:(?:mot|1|01) )?lan\b")
_PERIODIC = re.compile(rf"\b(?:dinh ky|{EACH})(?: bao cao)? ({NUMBER}) (tuan|thang|nam)\b(?! dau| cuoi)")
_HALF_YEAR = re.compile(rf"\b(?:bao cao|{EACH}) nua nam\b")
_WEEKDAY = re.compile(r"\b(?:thu (hai|ba|tu|nam|sau|bay|[2-7])|chu (nhat))\b")
_DAY_OF_MONTH = re.compile(
    r"\bngay (?:mung |mong )?(\d{1,2})((?:\s*(?:,|va)\s*(?:ngay )?\d{1,2})*) "
    rf"(?:cua )?(?:{EACH} thang|thang (?:sau|tiep theo|ke tiep|lien ke|ke sau)|cua thang(?! (?:dau|cuoi"
    rf"|giua|thu|\d)))\b"
)
_LAST_OF_MONTH = re.compile(rf"\bngay (?:lam viec )?cuoi(?: cung)?(?: cua)? (?:{EACH} )?thang\b(?! \d)")
_DAY_OF_QUARTER = re.compile(
    r"\bngay (\d{1,2}) (?:cua )?thang (dau|giua|thu hai|cuoi)(?: tien| cung)? (?:cua )?(?:hang |moi "
    r"|tung |cac )?quy\b(?! i|\s*[1-4])"
)
_INTO_QUARTER = re.compile(r"\bngay (\d{1,2}) (?:cua |dau )?quy (?:sau|tiep theo|ke tiep|lien ke)\b")
_LAST_OF_QUARTER = re.compile(rf"\bngay cuoi(?: cung)?(?: cua)? (?:{EACH} )?quy\b(?! i|\s*[1-4])")
_DAY_OF_MONTHS = re.compile(
    r"\bngay (\d{1,2}) (?:cua )?(?:cac )?thang (\d{1,2}(?:(?:\s*,\s*|\s+va\s+)(?:thang\s*)?\d{1,2})+)(?![\d/])"
)
_MONTHS = re.compile(rf"\bthang (\d{{1,2}}(?:(?:\s*,\s*|\s+va\s+)(?:thang\s*)?\d{{1,2}})*) {EACH} nam\b")
_QUARTER_OF_YEAR = re.compile(rf"\bquy (iii|ii|iv|i|[1-4]) (?:cua )?{EACH} nam\b")
_YEARLY = re.compile(rf"\b{EACH} nam\b|\b(?:dinh ky|bao cao) (?:0?6|sau) thang\b")
NEAR = 30  # letters between a weekday and "hằng tuần"


@dataclass(frozen=True)
class Rule:
    """A rule with the place where the text says it; one that names the days says more than one that does not."""

    rrule: str
    start: int
    names_days: bool = False


def rule_in(bare_text: str, days: Iterable[Day]) -> Rule | None:
    """The rule that a text states: the first that names its days, else the first."""
    found = [*_of_weeks(bare_text), *_of_days(bare_text), *_of_years(bare_text, list(days)), *_of_units(bare_text)]
    return min(found, key=lambda rule: (not rule.names_days, rule.start), default=None)


def _of_units(text: str) -> Iterator[Rule]:
    for match in _OFTEN.finditer(text):
        months = {"quy": 3, "nam": 12}[match["each"] or match["unit"]]
        count = number(match["count"] or match["times"])
        if count > 1 and months % count == 0:
            yield Rule(_every(months // count, "thang"), match.start())
    for pattern in (_UNIT, _TIMES):
        for match in pattern.finditer(text):
            yield Rule(_every(1, match[1]), match.start())
    for pattern in (_EVERY, _PERIODIC):
        for match in pattern.finditer(text):
            yield Rule(_every(number(match[1]), match[2]), match.start())
    for match in _HALF_YEAR.finditer(text):
        yield Rule(_every(6, "thang"), match.start())


def _every(count: int, unit: str) -> str:
    frequency, each = _UNITS[unit]
    interval = max(count, 1) * each
    if frequency == "MONTHLY" and interval % 12 == 0:
        frequency, interval = "YEARLY", interval // 12
    return f"FREQ={frequency}" + (f";INTERVAL={interval}" if interval > 1 else "")


def _of_weeks(text: str) -> Iterator[Rule]:
    weekdays = list(_WEEKDAY.finditer(text))
    for match in re.finditer(rf"\b{EACH} tuan\b", text):
        near = [day for day in weekdays if day.start() - match.end() < NEAR and match.start() - day.end() < NEAR]
        names = list(dict.fromkeys(_WEEKDAYS[day[1] or day[2]] for day in near))
        if names:
            yield Rule(f"FREQ=WEEKLY;BYDAY={','.join(names)}", match.start(), names_days=True)


def _of_days(text: str) -> Iterator[Rule]:
    """Days of each month and of each quarter."""
    for match in _DAY_OF_MONTH.finditer(text):
        days = sorted({int(day) for day in re.findall(r"\d+", match[1] + match[2])})
        if days[0] >= 1 and days[-1] <= 31:
            listed = ",".join(map(str, days))
            yield Rule(f"FREQ=MONTHLY;BYMONTHDAY={listed}", match.start(), names_days=True)
    for match in _LAST_OF_MONTH.finditer(text):
        yield Rule("FREQ=MONTHLY;BYMONTHDAY=-1", match.start(), names_days=True)
    for match in _DAY_OF_QUARTER.finditer(text):
        yield Rule(_yearly(_QUARTER_MONTHS[match[2]], int(match[1])), match.start(), names_days=True)
    for match in _INTO_QUARTER.finditer(text):
        yield Rule(_yearly(_QUARTER_MONTHS["dau"], int(match[1])), match.start(), names_days=True)
    for match in _LAST_OF_QUARTER.finditer(text):
        yield Rule(_yearly(_QUARTER_MONTHS["cuoi"], -1), match.start(), names_days=True)


def _yearly(months: str, day: int) -> str:
    return f"FREQ=YEARLY;BYMONTH={months};BYMONTHDAY={day}"


def _of_years(text: str, days: list[Day]) -> Iterator[Rule]:
    for match in _DAY_OF_MONTHS.finditer(text):
        if months := _months(match[2]):
            yield Rule(_yearly(",".join(map(str, months)), int(match[1])), match.start(), names_days=True)
            return
    yearly = _YEARLY.search(text)
    if yearly is None:
        return
    recurring = [day for day in days if day.year is None]
    if recurring:
        yield Rule(_on_days(recurring), yearly.start(), names_days=True)
        return
    for match in _MONTHS.finditer(text):
        if months := _months(match[1]):
            yield Rule(_at_ends(months), match.start(), names_days=True)
    for match in _QUARTER_OF_YEAR.finditer(text):
        quarter = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(match[1]) or int(match[1])
        yield Rule(_at_ends([3 * quarter]), match.start(), names_days=True)


def _months(listed: str) -> list[int]:
    months = sorted({int(month) for month in re.findall(r"\d+", listed)})
    return months if months and months[0] >= 1 and months[-1] <= 12 else []


def _at_ends(months: list[int]) -> str:
    """The last days of months: by number where they agree and never change."""
    ends = {last_day(2023, month) for month in months} if 2 not in months else set()
    return _yearly(",".join(map(str, months)), ends.pop() if len(ends) == 1 else -1)


def _on_days(days: list[Day]) -> str:
    """One rule where the day is the same in each month; otherwise one a line, as RFC 5545 has it."""
    by_day: dict[int, set[int]] = {}
    for each in days:
        by_day.setdefault(each.day, set()).add(each.month)
    return "\n".join(_yearly(",".join(map(str, sorted(months))), day) for day, months in by_day.items())
