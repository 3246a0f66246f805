"""The words a facility is found by, derived from its names, kind and place."""

from collections.abc import Iterable

from django.db.models import Q

from facilities.models import Area, AreaAlias, Facility, FacilityName, FacilityWords
from facilities.words import FORMER_AREAS, KINDS, key_of


def words_of(facility: Facility, names: Iterable[str], places: Iterable[str]) -> str:
    """Every word once, in the order of first mention: code, names, kind, place, licence. Pure."""
    spelt = [
        key_of(facility.code),
        *(key_of(name) for name in (facility.name, *names)),
        *KINDS.get(facility.type, ())[:1],
        key_of(facility.address),
        *(key_of(place) for place in places),
        key_of(facility.licence_number),
    ]
    return " ".join(dict.fromkeys(" ".join(spelt).split()))


def refresh_words(facilities: Iterable[int] | None = None) -> int:
    """Bring the words of facilities up to date, of all or of these; answers how many changed.

    Three queries, and an update per 2,000 changed. Every deed that touches a name or place calls this."""
    rows = Facility.objects.select_related("area__parent")
    names = FacilityName.objects.order_by("id")
    if facilities is not None:
        ids = list(facilities)
        rows, names = rows.filter(pk__in=ids), names.filter(facility__in=ids)
    names_of = _grouped(names.values_list("facility_id", "name"))
    aliases_of = _grouped(AreaAlias.objects.order_by("id").values_list("area_id", "name"))
    stale = []
    for row in rows.select_related("found_by"):
        words = words_of(row, names_of.get(row.pk, ()), _places(row, aliases_of))
        if not hasattr(row, "found_by") or words != row.found_by.words:
            stale.append(FacilityWords(facility=row, words=words))
    FacilityWords.objects.bulk_create(
        stale, update_conflicts=True, unique_fields=["facility"], update_fields=["words"], batch_size=2000
    )
    return len(stale)


def refresh_area_words(area: Area) -> int:
    """The same for every facility in an area and its parts, after the area or what it is called changed."""
    inside = Facility.objects.filter(Q(area=area) | Q(area__parent=area))
    return refresh_words(inside.values_list("pk", flat=True))


def _places(facility: Facility, aliases_of: dict[int, list[str]]) -> list[str]:
    """The ward, its old districts, the old province it came from, and the province."""
    area = facility.area
    if area is None:
        return []
    places = [area.full_name, *aliases_of.get(area.pk, ()), FORMER_AREAS.get(facility.former_area, "")]
    if area.parent is not None:
        places.append(area.parent.full_name)
    return places


def _grouped(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
