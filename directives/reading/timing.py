"""When something is due: once on a day, again and again, or whenever the occasion comes."""

import re
from dataclasses import dataclass
from datetime import date

from .citations import without_citations
from .days import NUMBER, Mention, days_in, period_ends_in
from .lines import bare
from .recurrence import Rule, rule_in

ONCE = "once"
REACH = 80  # letters before a day that may say what it is

_HOUR = r"(?:\d{1,2}\s*(?:gio|h|g)\s*(?:\d{2}\s*(?:phut)?)?,?\s*)?"
_DUE = re.compile(
    rf"\b(?:truoc|cham nhat|muon nhat|den het|het|han|han cuoi|khong qua|xong|hoan thanh|vao|trong|den"
    rf"|toi|hoan tat)\s+"
    rf"(?:(?:la|vao|truoc|trong|het|cuoi)\s+)*{_HOUR}(?:(?:ngay|thu \w+,?|chu nhat,?|cuoi)\s+)*(?:ngay\s+)?[(\s]*$"
)
_UNTIL = re.compile(r"\b(?:den het|den|toi)\s+(?:ngay\s+)?$")
_PERIOD = re.compile(r"\b(?:trong|het|cuoi|xong|hoan thanh|den|cham nhat)(?: (?:trong|het|cuoi|la|vao|dau))*\s+$")
_FROM_LETTER = re.compile(
    rf"\b{NUMBER} (?:ngay|gio|tuan|thang)(?: lam viec)?,? (?:ke )?(?:tu|sau)(?: ngay| khi)? (?:nhan"
    rf"|ban hanh|ky|co hieu luc)"
    r"(?: duoc| ban hanh)* (?:cong|chi|ke|quyet|van|thong|huong)|"
    rf"\b{NUMBER} (?:ngay|gio|tuan|thang)(?: lam viec)?,? ke tu (?:ngay|khi) (?:ky|ban hanh)|"
    r"\bngay (?:sau )?khi nhan duoc (?:cong|chi|ke|quyet|van|thong)[^,.;]{0,20} nay"
)
_SINGLE = re.compile(r"(?<!moi )\b(?:mot|1|01) lan\b(?!\s*(?:/|moi|trong|mot|hang|nua))(?: duy nhat)?")
_FIRST = re.compile(r"\b(?:(?:lan|ky|dot|bao cao) (?:dau tien|dau|thu nhat)|bat dau tu|dau tien)\b")


@dataclass(frozen=True)
class Timing:
    """`recurrence` is None, "once" or a rule; `due` the day named, if one is."""

    recurrence: str | None = None
    due: date | None = None


def timing(text: str, written_on: date | None, *, is_column: bool = False) -> Timing:
    """What a text says about when. In a column of due days a day needs no "trước" before it."""
    plain = bare(without_citations(text))
    days = days_in(plain)
    ends = [day for day in days if is_column or _DUE.search(_before(plain, day))]
    rule = rule_in(plain, days)
    if rule is not None:
        return _recurring(rule, plain, ends, written_on)
    if not ends:
        ends = _periods(plain, days, written_on, is_column)
    if ends:
        return Timing(ONCE, _last(ends, plain, is_column).on(written_on))
    if _FROM_LETTER.search(plain) or _SINGLE.search(plain):
        return Timing(ONCE)
    return Timing()


def _before(plain: str, day: Mention) -> str:
    """The words right before a day: what it is named for."""
    return plain[max(0, day.start - REACH) : day.start]


def _periods(plain: str, days: list[Mention], written_on: date | None, is_column: bool) -> list[Mention]:
    """Ends of periods; "quý II năm 2026" is one, not a quarter and a year."""
    ends: list[Mention] = []
    for end in period_ends_in(plain, written_on):
        within = any(other.start <= end.start < other.end for other in (*days, *ends))
        if not within and (is_column or _PERIOD.search(_before(plain, end))):
            ends.append(end)
    return sorted(ends, key=lambda end: end.start)


def _last(ends: list[Mention], plain: str, is_column: bool) -> Mention:
    """Of "từ ngày … đến ngày …" the end; of several limits the first."""
    return ends[-1] if is_column else ends[0]


def _recurring(rule: Rule, plain: str, ends: list[Mention], written_on: date | None) -> Timing:
    dated = [end for end in ends if end.year is not None]
    first = _FIRST.search(plain)
    if first and (after := [end for end in dated if end.start > first.start()]):
        return Timing(rule.rrule, after[0].on(written_on))
    limits = [end for end in dated if not _UNTIL.search(_before(plain, end))]
    beside = [end for end in limits if ";" not in plain[min(rule.start, end.start) : max(rule.start, end.start)]]
    if beside and not rule.names_days:
        # "xây dựng lịch trực hằng tháng, gửi trước ngày 25/8/2026": the day is the duty's, the month the roster's;
        # "báo cáo hằng ngày; tổng hợp trước ngày 15/02/2027" are two duties, and the first has the rule
        return Timing(ONCE, beside[0].on(written_on))
    return Timing(rule.rrule)
