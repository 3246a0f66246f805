"""What a person is offered while naming a facility, on the public form and on the operator's: open ones only."""

from django.utils import timezone

from common.text import clean, has_unstorable, short
from facilities.models import Facility

LIMIT = 10
SHORTEST = 2
LONGEST_WORDS = 200


def offers(text: str, limit: int = LIMIT) -> list[dict[str, str]]:
    """Open facilities that answer to `text`, best first: code, name, place, and the name it was found by. One query.

    One that ended stands for its successor, so an old name still leads to whom it is about today."""
    text = clean(text)
    if len(text) < SHORTEST:
        return []
    today = timezone.localdate()
    found: dict[str, dict[str, str]] = {}
    for facility in Facility.objects.matching(text, limit).select_related("area", "successor__area"):
        open_one = facility if facility.is_open else facility.successor
        if open_one is None or not open_one.is_open or (open_one.valid_from and open_one.valid_from > today):
            continue
        found.setdefault(
            open_one.code,
            {
                "code": open_one.code,
                "name": open_one.name,
                "place": open_one.area.full_name if open_one.area else open_one.address,
                "known_as": _other_name(facility.matched_name, open_one.name),  # type: ignore[attr-defined]
            },
        )
    return list(found.values())


def open_facility(code: str) -> Facility | None:
    """The facility behind a code that came back from a form, if it still exists today."""
    if not code or len(code) > 32 or has_unstorable(code):
        return None
    return Facility.objects.open_on(timezone.localdate()).filter(code=code).first()


def in_words(said: str, code: str, facility: Facility | None) -> str:
    """How the sender named the facility. Where no open one is behind the code that came along, the ended one's name or
    the code itself is kept with the sender's words: nothing that was sent is lost."""
    if facility is not None:
        return said or facility.name
    code = clean(code)[:LONGEST_WORDS]
    ended = Facility.objects.filter(code=code).first() if code else None
    picked = ended.name if ended else code
    return short(f"{said} ({picked})" if said and picked else said or picked, LONGEST_WORDS)


def _other_name(matched: str | None, name: str) -> str:
    return matched if matched and matched != name else ""
