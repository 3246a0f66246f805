"""Taking in what a source says it sent: numbers, days, references of ours. Whatever else a file holds is not read, so
that nothing personal can stay."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.exceptions import InvalidInput, KeyReused, RightMissing
from common.scope import as_system
from common.text import clean, fold, has_unstorable
from facilities.imports.reading import Sheet, UnreadableFile, read_sheet
from feedback.models import Reconciliation
from feedback.runs import sources

RIGHT = "feedback.reconcile_source"
MOST = 20_000
LONGEST_SPAN = timedelta(days=92)
HEADINGS = {
    "number": ("ma tai nguon", "ma phan anh", "so phan anh", "number", "source id"),
    "day": ("ngay gui", "ngay chuyen", "ngay tiep nhan", "day", "sent on"),
    "reference": ("ma cua so", "ma so y te", "reference"),
}
COLUMNS = (gettext_lazy("Number at the source"), gettext_lazy("Day sent"), gettext_lazy("Our reference"))
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_REFERENCE = re.compile(r"PA-\d{4}-\d{6,}")


@dataclass(frozen=True)
class Stated:
    """One submission, as its source tells of it."""

    number: str
    day: date | None = None
    reference: str = ""

    def kept(self) -> list[str]:
        return [self.number, self.day.isoformat() if self.day else "", self.reference]


def by_file(content: bytes, name: str, *, source: str, since: date, until: date, by: Any) -> Reconciliation:
    """Keep what an uploaded file says; a worker compares. Raises `UnreadableFile`, `InvalidInput`, `RightMissing`."""
    if not by.has_perm(RIGHT):
        raise RightMissing
    if source not in sources():
        raise InvalidInput({"source": [_("Choose one of the offered values.")]})
    rows = _rows_of(read_sheet(content))
    made = _kept(rows, key=secrets.token_hex(16), source=source, since=since, until=until, by=by)
    made.file_name = clean(name)[-200:] or "?"
    made.save()
    return made


def by_system(rows: Iterable[Stated], *, key: str, source: str, since: date, until: date, by: Any) -> Reconciliation:
    """Keep what a system says; the same call again finds what it made. Raises `InvalidInput`, `KeyReused`."""
    wanted = _kept(rows, key=key, source=source, since=since, until=until, by=by)
    with as_system(alone_with=f"reconciliation {source} {key}"):
        known = Reconciliation.objects.filter(source=source, key=key).first()
        if known is None:
            wanted.save()
            return wanted
    if (known.since, known.until, known.stated) != (since, until, wanted.stated):
        raise KeyReused
    return known


def _kept(rows: Iterable[Stated], *, key: str, source: str, since: date, until: date, by: Any) -> Reconciliation:
    if until < since:
        raise InvalidInput({"until": [_("The last day must not come before the first.")]})
    if until - since > LONGEST_SPAN:
        raise InvalidInput({"until": [_("At most three months at a time.")]})
    stated = list({row.number: row.kept() for row in rows}.values())
    if len(stated) > MOST:
        raise InvalidInput({"submissions": [_("At most %(count)s at a time.") % {"count": MOST}]})
    at = timezone.now()
    return Reconciliation(
        source=source, key=key, since=since, until=until, stated=stated, total=len(stated), by=by, at=at, touched_at=at
    )


def _rows_of(sheet: Sheet) -> list[Stated]:
    places = _places(sheet.headings)
    rows, wrong = [], []
    for number, cells in sheet.rows:
        try:
            if row := _row(cells, places):
                rows.append(row)
        except ValueError as fault:
            wrong.append(_("Row %(row)d: %(fault)s") % {"row": number, "fault": fault})
    if wrong:
        raise UnreadableFile(" ".join(wrong[:5]))
    return rows


def _places(headings: list[str]) -> dict[str, int]:
    folded = [fold(heading) for heading in headings]
    found = {name: folded.index(word) for name, words in HEADINGS.items() for word in words if word in folded}
    if "number" not in found:
        raise UnreadableFile(
            _("No column is headed “Mã tại nguồn”. It holds the number under which the source sent it.")
        )
    return found


def _row(cells: list[str], places: dict[str, int]) -> Stated | None:
    said = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
    if not said["number"]:
        return None
    return stated(said["number"], said.get("day", ""), said.get("reference", ""))


def stated(number: str, day: str, reference: str) -> Stated:
    """One line, read. Raises `ValueError` in words."""
    if len(number) > 100 or has_unstorable(number):
        raise ValueError(_("the number is longer than 100 characters or holds characters that cannot be stored"))
    if reference and not _REFERENCE.fullmatch(reference):
        raise ValueError(_("a reference of ours looks like PA-2026-000123"))
    return Stated(number, day_in(day), reference)


def day_in(text: str) -> date | None:
    """A day as people and systems write it. Raises `ValueError` in words."""
    text = text.strip()
    if not text:
        return None
    try:
        if found := _DAY.fullmatch(text.split(" ")[0]):
            return date(int(found[3]), int(found[2]), int(found[1]))
        moment = datetime.fromisoformat(text)
        return timezone.localdate(moment) if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        raise ValueError(_("write the day as 30/11/2026")) from None
