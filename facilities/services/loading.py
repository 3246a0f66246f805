"""The data that comes with the system: areas, divisions, invented facilities. All idempotent."""

import csv
import json
import unicodedata
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from facilities.choices import AliasKind, AreaKind, FacilityType, LicenceAct, ManagingBody, NameKind
from facilities.models import Area, AreaAlias, Division, Facility, FacilityName, LicenceEvent, Management
from facilities.services.deeds import register_many
from facilities.services.wording import refresh_words

DATA = Path(__file__).resolve().parent.parent / "data"
PREFIXES = {
    AreaKind.WARD: ("Phường", "Ward"),
    AreaKind.COMMUNE: ("Xã", "Commune"),
    AreaKind.SPECIAL_ZONE: ("Đặc khu", "Special Zone"),
}
WRITTEN = ["name", "full_name", "name_en", "kind", "parent", "former_area", "folded"]
STATIONS_TO_COMMUNES = date(2026, 1, 1)  # the 168 stations came under the commune People's Committees
END_OF_DISTRICTS = date(2025, 7, 1)


@transaction.atomic
def load_areas() -> int:
    """The 34 provinces, their 3,321 parts and the old names of both; answers how many areas.

    About ten statements; the official data wins over what was typed."""
    former = _read("former_areas.json")
    old_province = {code: row["former_area"] for row in former["former_districts"] for code in row["wards"]}
    provinces, parts = [], []
    for code, name, full_name, name_en, rows in _read("areas.json")["provinces"]:
        province = Area(code=code, name=name, full_name=full_name, name_en=name_en, kind=AreaKind.PROVINCE)
        provinces.append(province)
        parts += [(code, _part(row, old_province)) for row in rows]
    by_code = {area.code: area for area in _stored(provinces)}
    for code, part in parts:
        part.parent = by_code[code]
    by_code |= {area.code: area for area in _stored([part for _code, part in parts])}
    AreaAlias.objects.bulk_create(_aliases(former, by_code), ignore_conflicts=True, batch_size=2000)
    refresh_words()
    return len(by_code)


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _part(row: list[str], old_province: dict[str, str]) -> Area:
    code, kind, name = row[:3]
    prefix, suffix = PREFIXES[AreaKind(kind)]
    english = row[3] if len(row) > 3 else _bare(name)
    return Area(
        code=code, name=name, full_name=f"{prefix} {name}", name_en=f"{english} {suffix}", kind=kind,
        former_area=old_province.get(code, ""),
    )  # fmt: skip


def _bare(name: str) -> str:
    """The name in plain letters, as English texts write it."""
    return "".join(
        char for char in unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
        if not unicodedata.combining(char)
    )  # fmt: skip


def _stored(areas: list[Area]) -> list[Area]:
    for area in areas:
        area.fold_names()
    return Area.objects.bulk_create(
        areas, batch_size=2000, update_conflicts=True, unique_fields=["code"], update_fields=WRITTEN
    )


def _aliases(former: Any, by_code: dict[str, Area]) -> list[AreaAlias]:
    said = [
        (by_code[code], name, AliasKind.FORMER_PROVINCE)
        for code, names in former["former_provinces"].items()
        for name in names
    ]
    said += [(by_code[code], name, AliasKind.OTHER) for code, names in former["other_names"].items() for name in names]
    said += [
        (by_code[code], row["name"], AliasKind.FORMER_DISTRICT)
        for row in former["former_districts"]
        for code in row["wards"]
    ]
    aliases = [AreaAlias(area=area, name=name, kind=kind) for area, name, kind in said]
    for alias in aliases:
        alias.fold_names()
    return aliases


@transaction.atomic
def load_divisions() -> int:
    """The divisions of the department, where they are missing; what people changed since stays."""
    rows = [Division(**row) for row in _read("divisions.json")["divisions"]]
    for row in rows:
        row.fold_names()
    Division.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def load_demo_facilities(*, by: Any = None) -> list[Facility]:
    """The 64 invented facilities, marked as such; those that are there already stay as they are."""
    with (DATA / "demo_facilities.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    known = set(Facility.objects.filter(code__in=[row["code"] for row in rows]).values_list("code", flat=True))
    rows = [row for row in rows if row["code"] not in known]
    areas = Area.objects.in_bulk([row["ward_code"] for row in rows], field_name="code")
    made = register_many(
        [_invented(row, areas) for row in rows],
        {row["code"]: _invented_names(row) for row in rows},
        by=by,
        reason="demo",
    )
    LicenceEvent.objects.bulk_create(_invented_licences(made))
    _split_management_of_stations(made)
    return made


def _invented(row: dict[str, str], areas: dict[str, Area]) -> Facility:
    return Facility(
        code=row["code"], name=row["name"], type=row["type"], ownership=row["ownership"],
        managing_body=row["managing_body"], area=areas.get(row["ward_code"]), former_area=row["former_area"],
        licence_number=row["licence_no"], beds=int(row["beds"]) or None,
        visits_per_year=int(row["visits_per_year"]), is_demo=True,
    )  # fmt: skip


def _invented_names(row: dict[str, str]) -> list[FacilityName]:
    aliases = dict.fromkeys(name for name in row["aliases"].split("|") if name and name != row["name"])
    names = [FacilityName(name=name, kind=NameKind.ALIAS) for name in aliases]
    if row["former_name"]:
        until = STATIONS_TO_COMMUNES if row["type"] == FacilityType.HEALTH_STATION else END_OF_DISTRICTS
        names.append(FacilityName(name=row["former_name"], kind=NameKind.FORMER, valid_to=until))
    return names


def _invented_licences(facilities: list[Facility]) -> list[LicenceEvent]:
    return [
        LicenceEvent(
            facility=facility, act=LicenceAct.GRANTED, number=facility.licence_number,
            happened_on=date(2024, 1, 8) + timedelta(days=9 * index), issuer="Sở Y tế", source="demo",
        )
        for index, facility in enumerate(facilities)
        if facility.licence_number
    ]  # fmt: skip


def _split_management_of_stations(facilities: list[Facility]) -> None:
    """Stations were the department's until the communes took them over."""
    stations = [facility for facility in facilities if facility.managing_body == ManagingBody.COMMUNE_PC]
    Management.objects.filter(facility__in=stations).update(valid_from=STATIONS_TO_COMMUNES)
    Management.objects.bulk_create(
        Management(
            facility=facility, managing_body=ManagingBody.DOH, supervisor=facility.supervisor,
            valid_to=STATIONS_TO_COMMUNES,
        )
        for facility in stations
    )  # fmt: skip
