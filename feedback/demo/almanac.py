"""When things happen in the demonstration: how many cases a day brings, and when people work."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from itertools import accumulate
from random import Random

from deadlines.calendar import WorkingCalendar
from deadlines.choices import DayKind
from feedback.demo.words import choose

ZONE = timezone(timedelta(hours=7))  # as Asia/Ho_Chi_Minh since 1975; arithmetic on it costs a tenth
SPAN_DAYS = 548  # 18 months
GROWTH = 0.9  # the last day brings 1.9 times the first
WEEK = (1.25, 1.1, 1.05, 1.0, 0.95, 0.6, 0.45)  # Monday is the fullest
HOLIDAY = 0.35  # Tết and other days off
DENGUE_MONTHS = range(6, 12)
DENGUE_RISE = 1.15
HOURS = (1, 1, 1, 1, 1, 2, 5, 10, 14, 13, 11, 8, 5, 7, 10, 9, 8, 6, 5, 5, 5, 4, 3, 2)
_HOUR_OF = [hour for hour, weight in enumerate(HOURS) for _nth in range(weight)]


class Almanac:
    """Days and hours, seen from one moment `now`."""

    def __init__(self, calendar: WorkingCalendar, now: datetime) -> None:
        self.calendar = calendar
        self.now = now.astimezone(ZONE)
        self._hours: dict[int, tuple[tuple[int, int], ...]] = {}

    def is_dengue_season(self, day: date) -> bool:
        return day.month in DENGUE_MONTHS

    def arrivals(self, count: int, random: Random) -> Iterator[datetime]:
        """`count` moments of receipt, in order, the last before `now`."""
        today = self.now.date()
        days = [today - timedelta(days=back) for back in range(SPAN_DAYS, -1, -1)]
        so_far = list(accumulate(self._weight(day, nth) for nth, day in enumerate(days)))
        before = 0
        for day, reached in zip(days, so_far, strict=True):
            upto = round(count * reached / so_far[-1])
            yield from sorted(self._moment(day, random) for _nth in range(upto - before))
            before = upto

    def _weight(self, day: date, nth: int) -> float:
        weight = WEEK[day.weekday()] * (1 + GROWTH * nth / SPAN_DAYS)
        if self.calendar.days.get(day) == DayKind.OFF:
            weight *= HOLIDAY
        if self.is_dengue_season(day):
            weight *= DENGUE_RISE
        if day == self.now.date():
            weight *= sum(HOURS[: self.now.hour]) / sum(HOURS)
        return weight

    def _moment(self, day: date, random: Random) -> datetime:
        at = datetime.combine(day, time(choose(random, _HOUR_OF), int(random.random() * 60)), ZONE)
        at += timedelta(seconds=int(random.random() * 60))
        if at < self.now:
            return at
        since_midnight = (self.now - datetime.combine(day, time(), ZONE)).total_seconds()
        return self.now - timedelta(seconds=1 + int(random.random() * (since_midnight or 60)))

    def at_work(self, at: datetime, random: Random) -> datetime:
        """The same moment when it lies in working hours, else soon after they begin again."""
        day, minute = at.date(), at.hour * 60 + at.minute
        for starts, ends in self._hours_of(day):
            if minute < starts:
                return self._soon_after(day, starts, random)
            if minute < ends:
                return at
        while True:
            day += timedelta(days=1)
            if hours := self._hours_of(day):
                return self._soon_after(day, hours[0][0], random)

    def on_duty(self, at: datetime, random: Random) -> datetime:
        """The same for urgent matters: from six to ten, every day."""
        if at.hour < 6:
            return self._soon_after(at.date(), 6 * 60, random)
        return self._soon_after(at.date() + timedelta(days=1), 6 * 60, random) if at.hour >= 22 else at

    def _hours_of(self, day: date) -> tuple[tuple[int, int], ...]:
        number = day.toordinal()
        hours = self._hours.get(number)
        if hours is None:
            hours = self._hours[number] = tuple(self.calendar.hours_of(day))
        return hours

    def _soon_after(self, day: date, minute: int, random: Random) -> datetime:
        minute += int(random.random() * 75)
        return datetime.combine(day, time(minute // 60, minute % 60, int(random.random() * 60)), ZONE)
