"""What each row of a file would do, decided before anything is stored."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext as _

from common.text import fold
from facilities.choices import AreaKind, FacilityStatus, NameKind
from facilities.imports.columns import COLUMN_BY_NAME, BadCell, Column, column_of
from facilities.imports.reading import Sheet, UnreadableFile
from facilities.models import Area, Facility, FacilityName
from facilities.words import key_of

CREATED, CHANGED, UNCHANGED, REFUSED = "created", "changed", "unchanged", "refused"
HOME_PROVINCE = "79"  # where a ward's name alone is looked up first
DETAILS = (  # what a row may change in place; names and managers change by their own deeds
    "type", "ownership", "area", "former_area", "address", "licence_number", "technical_level", "hospital_class",
    "responsible_person", "scope", "takes_insurance", "beds", "visits_per_year", "founded", "valid_from",
    "opening_hours",
)  # fmt: skip
LISTS = ("aliases", "former_names", "hotlines")
NEEDED_TO_CREATE = ("code", "name", "type")


@dataclass
class PlannedRow:
    """One row: what it says, what is wrong with it, and what it would change."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    facility: Facility | None = None  # the stored one, if any
    is_renamed: bool = False
    is_managed_anew: bool = False
    added: dict[str, list[str]] = field(default_factory=dict)  # new entries of LISTS

    @property
    def outcome(self) -> str:
        if self.problems:
            return REFUSED
        if self.facility is None:
            return CREATED
        return CHANGED if self.changes else UNCHANGED

    def told(self) -> dict[str, Any]:
        """The row as the page, the outcome file and the database keep it."""
        known = self.facility
        return {
            "row": self.number,
            "code": self.values.get("code", known.code if known else ""),
            "name": self.values.get("name", known.name if known else ""),
            "outcome": self.outcome,
            "notes": [*self.problems, *self.notes],
            "changes": [list(change) for change in self.changes],
        }


@dataclass
class Plan:
    """All rows of a file, and what was noticed about the file as a whole."""

    rows: list[PlannedRow]
    notices: list[str]

    def counts(self) -> Counter[str]:
        return Counter(row.outcome for row in self.rows)

    def outcomes(self) -> list[dict[str, Any]]:
        return [row.told() for row in self.rows]


def plan(sheet: Sheet, *, is_locking: bool = False) -> Plan:
    """Decide about every row: five queries, whatever the number of rows. `is_locking` holds the facilities until
    the transaction ends, so that what was decided is still true when it is done."""
    columns, notices = _columns(sheet.headings)
    rows = [_read_row(number, cells, columns) for number, cells in sheet.rows]
    register = _Register(rows, is_locking=is_locking)
    seen: dict[str, int] = {}
    for row in rows:
        row.facility = register.facility_of(row)
        _refuse_repeated(row, seen)
        register.place(row)
        if row.facility is None:
            _check_new(row)
        else:
            _compare(row, row.facility, timezone.localdate())
    return Plan(rows, notices)


def _columns(headings: list[str]) -> tuple[dict[int, Column], list[str]]:
    found: dict[int, Column] = {}
    notices = []
    for index, heading in enumerate(headings):
        column = column_of(heading)
        if column is None:
            if heading:
                notices.append(_("The column “%s” is not known and was left out.") % heading)
        elif column in found.values():
            notices.append(_("The column “%s” comes twice; the first one counts.") % heading)
        else:
            found[index] = column
    if not {"code", "name"} & {column.name for column in found.values()}:
        raise UnreadableFile(_("No column is headed “Mã cơ sở” or “Tên cơ sở”. Start from the template."))
    return found, notices


def _read_row(number: int, cells: list[str], columns: Mapping[int, Column]) -> PlannedRow:
    row = PlannedRow(number)
    for index, column in columns.items():
        text = cells[index].strip() if index < len(cells) else ""
        if not text:
            continue  # an empty cell leaves what is stored as it is
        try:
            row.values[column.name] = column.read(text)
        except BadCell as fault:
            row.problems.append(f"{column.heading}: {fault}")
    return row


def _refuse_repeated(row: PlannedRow, seen: dict[str, int]) -> None:
    code = row.facility.code if row.facility else row.values.get("code", "")
    if code and seen.setdefault(code.casefold(), row.number) != row.number:
        row.problems.append(_("The same facility stands in row %d already.") % seen[code.casefold()])


def _check_new(row: PlannedRow) -> None:
    missing = [COLUMN_BY_NAME[name].heading for name in NEEDED_TO_CREATE if name not in row.values]
    if missing and not row.problems:
        row.problems.append(_("Not in the register yet; to add it, these are missing: %s.") % ", ".join(missing))
    row.added = {name: row.values[name] for name in LISTS if name in row.values}


def _compare(row: PlannedRow, facility: Facility, today: date) -> None:
    if facility.status == FacilityStatus.ENDED:
        row.problems.append(_("The facility has ended. Undo its end first if that was a mistake."))
        return
    for name in DETAILS:
        new, old = row.values.get(name), getattr(facility, name)
        if new is not None and new != old:
            row.changes.append((_label(name), _shown(facility, name, old), _shown(facility, name, new)))
    _compare_name(row, facility, today)
    _compare_management(row, facility, today)
    _compare_lists(row, facility)


def _compare_name(row: PlannedRow, facility: Facility, today: date) -> None:
    name = row.values.get("name", facility.name)
    if name == facility.name:
        return
    row.is_renamed = True
    row.changes.append((_label("name"), facility.name, name))
    if is_same_name(name, facility.name):
        row.notes.append(_("Only the spelling differs: the name is corrected."))
        return
    row.notes.append(_("The present name stays on record as a former name, until today."))
    official = next((known for known in facility.names.all() if known.kind == NameKind.OFFICIAL), None)
    if official is not None and official.valid_from is not None and official.valid_from >= today:
        row.problems.append(_("The facility was given its present name only today; rename it by hand."))


def is_same_name(name: str, other: str) -> bool:
    """Are two names one, but for accents, case and abbreviations?"""
    return key_of(name) == key_of(other)


def _compare_management(row: PlannedRow, facility: Facility, today: date) -> None:
    for name in ("managing_body", "supervisor"):
        new, old = row.values.get(name), getattr(facility, name)
        if new is not None and new != old:
            row.is_managed_anew = True
            row.changes.append((_label(name), _shown(facility, name, old), _shown(facility, name, new)))
    if row.is_managed_anew:
        row.notes.append(_("Counts from today; who managed before stays on record."))
        if any(known.valid_to is None and known.valid_from and known.valid_from >= today
               for known in facility.managements.all()):  # fmt: skip
            row.problems.append(_("Who manages it was changed only today; change it by hand."))


def _compare_lists(row: PlannedRow, facility: Facility) -> None:
    names = {known.name for known in facility.names.all()}
    known = {
        "aliases": names,
        "former_names": names,
        "hotlines": {hotline.number for hotline in facility.hotlines.all()},
    }
    for column in LISTS:
        added = [value for value in row.values.get(column, ()) if value not in known[column]]
        if added:
            row.added[column] = added
            row.changes.append((_label(column), "", "+ " + ", ".join(added)))


def _label(name: str) -> str:
    column = COLUMN_BY_NAME["ward" if name == "area" else name]
    return str(column.label)


def _shown(facility: Facility, name: str, value: Any) -> str:
    about: Any = facility._meta.get_field(name)
    if value in (None, ""):
        return "—"
    if about.choices:
        return str(dict(about.flatchoices)[value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


class _Register:
    """What is stored that the rows speak of: facilities by code or name, areas by code or name."""

    def __init__(self, rows: Iterable[PlannedRow], *, is_locking: bool) -> None:
        codes = {row.values["code"].upper() for row in rows if "code" in row.values}
        keys = {key_of(row.values["name"]) for row in rows if "code" not in row.values and "name" in row.values}
        named = FacilityName.objects.filter(kind=NameKind.OFFICIAL, key__in=keys, valid_to=None)
        self.ids_by_key: dict[str, list[int]] = {}
        for key, facility in named.values_list("key", "facility"):
            self.ids_by_key.setdefault(key, []).append(facility)
        ids = [pk for found in self.ids_by_key.values() for pk in found]
        meant = Q(pk__in=ids) | Q(upper_code__in=codes)
        wanted = Facility.objects.alias(upper_code=Upper("code")).filter(meant).order_by("pk").select_related("area")
        if is_locking:
            wanted = wanted.select_for_update(of=("self",))
        self.facilities = list(wanted.prefetch_related("names", "hotlines", "managements"))
        self.by_code = {facility.code.upper(): facility for facility in self.facilities}
        self.by_id = {facility.pk: facility for facility in self.facilities}
        self.areas = _areas(rows)

    def facility_of(self, row: PlannedRow) -> Facility | None:
        if "code" in row.values:
            return self.by_code.get(row.values["code"].upper())
        found = self.ids_by_key.get(key_of(row.values.get("name", "")), [])
        if len(found) > 1:
            row.problems.append(_("Several facilities bear this name: give the code."))
        return self.by_id[found[0]] if len(found) == 1 else None

    def place(self, row: PlannedRow) -> None:
        """Turn the ward's code or name into an area; say what is wrong when there is none or more than one."""
        code, name = row.values.get("ward_code"), row.values.get("ward")
        if code is not None:
            found = self.areas.get(code.zfill(5), [])
        elif name is not None:
            found = _likeliest(self.areas.get(fold(name), []), row.values.get("former_area"))
        else:
            return
        if not found:
            row.problems.append(_("No ward or commune has the code or name “%s”.") % (code or name))
        elif len(found) > 1:
            row.problems.append(_("Several wards are called “%s”: give the code of the ward.") % name)
        else:
            row.values["area"] = found[0]
            if found[0].former_area:
                row.values["former_area"] = found[0].former_area


def _areas(rows: Iterable[PlannedRow]) -> dict[str, list[Area]]:
    """All communes and wards under their codes and their names: one query of 3,321 rows, none when nobody asks."""
    if not any({"ward", "ward_code"} & row.values.keys() for row in rows):
        return {}
    areas: dict[str, list[Area]] = {}
    for area in Area.objects.exclude(kind=AreaKind.PROVINCE).select_related("parent"):
        for key in {area.code, area.folded, fold(area.name)}:
            areas.setdefault(key, []).append(area)
    return areas


def _likeliest(found: list[Area], former_area: str | None) -> list[Area]:
    """Of wards with one name: those of our province, and there those of the old province that the row names."""
    home = [area for area in found if area.parent is not None and area.parent.code == HOME_PROVINCE] or found
    return [area for area in home if former_area and area.former_area == former_area] or home
