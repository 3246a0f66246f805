"""People and facilities for tests of the registry: invented names, no randomness."""

from typing import Any

from accounts.models import User
from accounts.services import engine
from facilities.choices import AreaKind, FacilityType, NameKind
from facilities.models import Area, Facility, FacilityName
from facilities.services import refresh_words, register
from tests.rights import may

EVERYTHING = "view add change"
READING = "view"


def person(username: str, verbs: str = "") -> User:
    """Somebody who may sign in to the console and do `verbs` to the registry."""
    user = User.objects.create_user(username, password=None, is_staff=True)
    codenames = [
        f"{verb}_{model}"
        for verb in verbs.split()
        for model in ("facility", "facilityname", "hotline", "licenceevent", "area", "areaalias", "division")
    ]
    may(user, *(f"facilities.{codename}" for codename in codenames))
    return user


def ward(code: str, name: str, old_district: str = "", former_area: str = "tphcm_cu") -> Area:
    """A ward of Ho Chi Minh City, with the old district people still call it by."""
    city, _made = Area.objects.get_or_create(
        code="79", defaults={"name": "Hồ Chí Minh", "full_name": "Thành phố Hồ Chí Minh", "kind": AreaKind.PROVINCE}
    )
    area = Area(
        code=code, name=name, full_name=f"Phường {name}", kind=AreaKind.WARD, parent=city, former_area=former_area
    )
    area.fold_names()
    area.save()
    if old_district:
        alias = area.aliases.model(area=area, name=old_district, kind="former_district")
        alias.fold_names()
        alias.save()
    return area


def facility(code: str, name: str, *names: str, former: str = "", **fields: Any) -> Facility:
    """A facility with other names; a polyclinic unless told otherwise."""
    made = register(Facility(code=code, name=name, **{"type": FacilityType.POLYCLINIC, **fields}), by=engine())
    rows = [FacilityName(facility=made, name=other, kind=NameKind.ALIAS) for other in names]
    if former:
        rows.append(FacilityName(facility=made, name=former, kind=NameKind.FORMER, valid_to="2025-07-01"))
    for row in rows:
        row.fold_names()
    FacilityName.objects.bulk_create(rows)
    refresh_words([made.pk])
    return made
