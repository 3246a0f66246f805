"""Which way a case goes through the workflow: a list of statuses, each step of which the table of moves allows."""

from random import Random

from feedback.choices import Kind, Satisfaction, Status
from feedback.demo.drafts import Draft
from feedback.demo.words import choose
from feedback.demo.world import SYSTEM

S = Status
EDIT = "edit"  # a correction: no move
RATINGS = {f"rated {answer}": answer for answer in Satisfaction.values}
RATED = (*["rated yes"] * 12, *["rated partly"] * 5, *["rated no"] * 3)
FACILITY_FIELDS_LOOKED_INTO = ("VIPHAM", "TTHC", "KHAC")  # a division looks into these, not the facility


def is_for_facility(draft: Draft) -> bool:
    """Does the unit itself answer?"""
    return (
        draft.place is not None
        and bool(draft.place.people)
        and not draft.is_confidential
        and draft.topic.root not in FACILITY_FIELDS_LOOKED_INTO
    )


def path_of(draft: Draft, random: Random) -> list[str]:
    """The whole way, as if there were time without end."""
    drawn = random.random()
    if draft.is_out_of_scope:
        return _set_aside(draft, random)
    if drawn < 0.025 and not draft.is_confidential:
        return _transferred(draft, random)
    first = _triage(draft, random)
    if draft.kind in (Kind.QUESTION, Kind.PRAISE) and random.random() < 0.7:
        if S.TRIAGED not in first:
            first.append(S.TRIAGED)
        return [*first, S.REPLIED, *_rating(random), S.CLOSED]
    if is_for_facility(draft):
        return [*first, *_by_facility(random), *_to_the_end(draft, random)]
    return [*first, *_by_division(draft, random), *_to_the_end(draft, random)]


def going_on(path: list[str], status: str) -> list[str]:
    """The same way for a case that has made its first step already. Later visits to that status stay in it."""
    nth = 1 if path[:1] == [EDIT] else 0
    return path[:nth] + path[nth + 1 :] if path[nth : nth + 1] == [status] else path


def _needs_edit(draft: Draft) -> bool:
    return not draft.knows_topic


def _triage(draft: Draft, random: Random) -> list[str]:
    """Taken into handling first, or forwarded at once; the citizen is asked back now and then."""
    first: list[str] = [S.TRIAGED] if random.random() < 0.7 else []
    if _needs_edit(draft):
        first.append(EDIT)
    if first[:1] == [S.TRIAGED] and random.random() < 0.09:
        drawn = random.random()
        if drawn < 0.88:
            first += [S.WAITING, S.TRIAGED]
    return first


def _by_facility(random: Random) -> list[str]:
    drawn = random.random()
    if drawn < 0.05:
        way: list[str] = [S.ASSIGNED, S.FORWARDED]
    elif drawn < 0.07:
        way = [S.ASSIGNED, S.TRIAGED, S.FORWARDED]
    elif drawn < 0.09:
        way = [S.FORWARDED, S.TRIAGED, S.FORWARDED]
    else:
        way = [S.FORWARDED]
    way.append(S.ANSWERED)
    for chance in (0.14, 0.15):  # answered twice, now and then three times
        if random.random() >= chance:
            break
        way += [S.RETURNED, S.ANSWERED]
    return way


def _by_division(draft: Draft, random: Random) -> list[str]:
    return [S.ASSIGNED, S.ANSWERED]


def _to_the_end(draft: Draft, random: Random) -> list[str]:
    way: list[str] = [S.CHECKED]
    if random.random() < 0.03:
        way += [S.ANSWERED, S.CHECKED]
    way += [S.CONFIRMED, S.REPLIED]
    if draft.kind not in (Kind.QUESTION, Kind.PRAISE) and random.random() < 0.72:
        way.append(S.PUBLISHED)
    way.append(S.CLOSED)
    rating = _rating(random)
    way += rating
    if rating == ["rated no"] and random.random() < 0.5:
        way += _review(draft, random)
    return way


def _rating(random: Random) -> list[str]:
    return [choose(random, RATED)] if random.random() < 0.32 else []


def _review(draft: Draft, random: Random) -> list[str]:
    again: list[str] = [S.IN_REVIEW]
    if not draft.is_confidential and random.random() < 0.5:
        again += [S.FORWARDED if is_for_facility(draft) else S.ASSIGNED, S.ANSWERED]
    return [*again, S.CHECKED, S.CONFIRMED, S.REPLIED, S.PUBLISHED, S.CLOSED]


def _set_aside(draft: Draft, random: Random) -> list[str]:
    drawn = random.random()
    if draft.door.habit.style == SYSTEM and drawn < 0.3:
        return [S.TRANSFERRED]
    if drawn < 0.88:
        return [S.OUT_OF_SCOPE]
    if drawn < 0.95:
        return [S.TRIAGED, S.OUT_OF_SCOPE]
    if drawn < 0.97:
        return [S.OUT_OF_SCOPE, S.RECEIVED, S.TRIAGED, S.REPLIED, S.CLOSED]
    return [S.TRIAGED, S.WAITING, S.CLOSED] if drawn < 0.985 else [S.TRIAGED, S.WAITING, S.OUT_OF_SCOPE]


def _transferred(draft: Draft, random: Random) -> list[str]:
    way: list[str] = [S.TRANSFERRED] if random.random() < 0.5 else [S.TRIAGED, S.TRANSFERRED]
    if random.random() < 0.06:
        way += [S.RECEIVED, *([EDIT] if _needs_edit(draft) else []), *_by_division(draft, random)]
        way += _to_the_end(draft, random)
    return way


SHORTEST: dict[Status, list[str]] = {  # for cases that are to stand in a certain status
    S.RECEIVED: [],
    S.TRIAGED: [S.TRIAGED],
    S.WAITING: [S.TRIAGED, S.WAITING],
    S.ASSIGNED: [S.TRIAGED, S.ASSIGNED],
    S.FORWARDED: [S.TRIAGED, S.FORWARDED],
    S.ANSWERED: [S.TRIAGED, S.FORWARDED, S.ANSWERED],
    S.RETURNED: [S.FORWARDED, S.ANSWERED, S.RETURNED],
    S.CHECKED: [S.FORWARDED, S.ANSWERED, S.CHECKED],
    S.OUT_OF_SCOPE: [S.OUT_OF_SCOPE],
    S.TRANSFERRED: [S.TRANSFERRED],
}
SHORTEST[S.CONFIRMED] = [*SHORTEST[S.CHECKED], S.CONFIRMED]
SHORTEST[S.REPLIED] = [*SHORTEST[S.CONFIRMED], S.REPLIED]
SHORTEST[S.PUBLISHED] = [*SHORTEST[S.REPLIED], S.PUBLISHED]
SHORTEST[S.CLOSED] = [*SHORTEST[S.PUBLISHED], S.CLOSED]
SHORTEST[S.IN_REVIEW] = [*SHORTEST[S.CLOSED], "rated no", S.IN_REVIEW]
