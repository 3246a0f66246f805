"""What one case is about: by which channel, in which field, where, how it is told, and what will come of it."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from feedback.choices import CONFIDENTIAL_KINDS, Kind, Outcome
from feedback.demo.almanac import Almanac
from feedback.demo.words import Piece, Story, Words, capital, choose, piece
from feedback.demo.world import AFFINITY, CITIZEN, OPERATOR, ROOT_SHARES, SYSTEM, Door, Place, Topic, World

OUT_OF_SCOPE = "KHAC.02"
RARE_KINDS = {Kind.DENUNCIATION: 0.25, Kind.COMPLAINT: 0.3, Kind.RULES: 0.35, Kind.DATA_SUBJECT: 0.3}
BURSTS = (  # where it is getting worse: place, category, the share of the last three weeks' cases
    ("DEMO003", "COSO.02", 0.03),
    ("DEMO024", "VIPHAM.01", 0.02),
    ("DEMO057", "DUPHONG.01", 0.015),
)
BURST_DAYS = timedelta(days=21)
FITTING_ROUNDS = 40
FAR = timedelta(days=75)  # a dossier's own dates lie further back


@dataclass(eq=False, slots=True)
class Draft:
    """One case before anything happens to it."""

    received_at: datetime
    door: Door
    topic: Topic
    kind: str
    urgency: str
    place: Place | None
    area: tuple[int, str]
    title: list[Piece]
    body: list[Piece]
    outcome: str
    is_confidential: bool
    knows_topic: bool
    knows_place: bool
    occurred_on: date | None
    said: tuple[str, str] | None = None  # what the unit finds and does, where that is part of the story

    @property
    def is_out_of_scope(self) -> bool:
        return self.kind == Kind.OUT_OF_SCOPE


class Scales:
    """Weighted choice among some things: one random number and a bisection."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.things = list(weights)
        self.upto = list(accumulate(weights.values()))

    def draw(self, random: Random) -> str:
        return self.things[bisect(self.upto, random.random() * self.upto[-1])]


def fitted(rows: Mapping[str, float], columns: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """How the fields share out over the channels, so that both sums come out as wanted (iterative fitting)."""
    scale = sum(rows.values()) / sum(columns.values())
    table = {row: {column: AFFINITY.get((row, column), 1.0) for column in columns} for row in rows}
    for _round in range(FITTING_ROUNDS):
        for row, wanted in rows.items():
            factor = wanted / sum(table[row].values())
            table[row] = {column: value * factor for column, value in table[row].items()}
        for column, wanted in columns.items():
            factor = wanted * scale / sum(table[row][column] for row in rows)
            for row in rows:
                table[row][column] *= factor
    return table


class Drafter:
    """Makes drafts, one after the other."""

    random: Random

    def __init__(self, world: World, words: Words, almanac: Almanac) -> None:
        self.world, self.words, self.almanac = world, words, almanac
        habits = {code: door.habit for code, door in world.doors.items()}
        self.doors = Scales({code: habit.share for code, habit in habits.items()})
        in_scope = {code: habit.share * (1 - habit.out_of_scope) for code, habit in habits.items()}
        self.roots = {code: Scales(row) for code, row in fitted(in_scope, ROOT_SHARES).items()}
        self.stories = self._stories(is_dengue=False)
        self.stories_in_season = self._stories(is_dengue=True)
        self.by_category: dict[str, list[Story]] = {}
        for story in words.stories:
            self.by_category.setdefault(story.category, []).append(story)
        self.places = {place.code: place for place in world.places}
        self._scales_of_places: dict[frozenset[str], Scales] = {}

    def _stories(self, *, is_dengue: bool) -> dict[str, tuple[list[Story], Scales]]:
        by_root: dict[str, list[Story]] = {}
        for story in self.words.stories:
            root = OUT_OF_SCOPE if story.category == OUT_OF_SCOPE else story.category.split(".")[0]
            by_root.setdefault(root, []).append(story)
        return {
            root: (group, Scales({str(nth): self._weight(story, is_dengue) for nth, story in enumerate(group)}))
            for root, group in by_root.items()
        }

    def _weight(self, story: Story, is_dengue: bool) -> float:
        weight = RARE_KINDS.get(Kind(story.kind), 1.0)
        if story.urgency == "S1":
            weight *= 0.3
        if any("sốt xuất huyết" in part.lower() for part, _is_slot, _begins in (*story.title.parts, *story.body.parts)):
            weight *= 4.0 if is_dengue else 0.3
        return weight

    def draft(self, received_at: datetime) -> Draft:
        """The next case, received at this moment."""
        random = self.random
        door = self.world.doors[self.doors.draw(random)]
        if received_at > self.almanac.now - BURST_DAYS:
            for code, category, share in BURSTS:
                if random.random() < share and code in self.places:
                    return self.about(choose(random, self.by_category[category]), received_at, door, self.places[code])
        is_out = random.random() < door.habit.out_of_scope
        root = OUT_OF_SCOPE if is_out else self.roots[door.code].draw(random)
        season = self.almanac.is_dengue_season(received_at.date())
        group, scales = (self.stories_in_season if season else self.stories)[root]
        story = group[int(scales.draw(random))]
        while story.is_call and door.habit.style != OPERATOR:
            story = group[int(scales.draw(random))]
        return self.about(story, received_at, door)

    def about(self, story: Story, received_at: datetime, door: Door, place: Place | None = None) -> Draft:
        """A case of this story."""
        random, habit = self.random, door.habit
        place = place or self._place_for(story)
        area = choose(random, self.world.areas)
        topic = self.world.topics[story.category]
        values = self._values(story, received_at, place, area[1])
        bare = habit.style == SYSTEM and random.random() < 0.08
        body = story.body.filled(values, without_accents=bare)
        if not bare:
            body = self._told(habit.style, story.kind, body, values)
        knows = random.random() < habit.knows
        return Draft(
            received_at=received_at,
            door=door,
            topic=topic,
            kind=story.kind,
            urgency=story.urgency or topic.urgency,
            place=place,
            area=area,
            title=story.title.filled(values, without_accents=bare),
            body=body,
            outcome=self._outcome(story.kind),
            is_confidential=door.is_confidential or story.kind in CONFIDENTIAL_KINDS,
            knows_topic=knows or bool(story.urgency),
            knows_place=random.random() < (0.9 if habit.style == OPERATOR else 0.75),
            occurred_on=(received_at - timedelta(days=1)).date() if random.random() < 0.6 else None,
        )

    def _told(self, style: str, kind: str, body: list[Piece], values: Mapping[str, str]) -> list[Piece]:
        random, words = self.random, self.words
        if style == OPERATOR:
            return [*self._opened(choose(random, words.operator_openings), values), *body]
        if kind == Kind.OUT_OF_SCOPE:
            return body
        if kind in (Kind.QUESTION, Kind.PRAISE):
            return [choose(random, words.polite_openings), *body, choose(random, words.polite_closings)]
        return [*self._opened(choose(random, words.openings), values), *body, choose(random, words.closings)]

    @staticmethod
    def _opened(opening: Piece, values: Mapping[str, str]) -> list[Piece]:
        text = opening.text
        if "{" in text:
            text = text.replace("{phuong}", values["phuong"]).replace("{luc}", values["luc"])
        return [piece(text)] if text else []

    def _outcome(self, kind: str) -> str:
        if kind in (Kind.PRAISE, Kind.QUESTION, Kind.SUGGESTION):
            return Outcome.GUIDED
        drawn = self.random.random()
        if drawn < 0.45:
            return Outcome.UPHELD
        if drawn < 0.65:
            return Outcome.PARTLY
        return Outcome.NOT_UPHELD if drawn < 0.92 else Outcome.NOT_ENOUGH

    def _place_for(self, story: Story) -> Place | None:
        if not story.places:
            return None
        scales = self._scales_of_places.get(story.places)
        if scales is None:
            fit = {place.code: place.visits**0.5 for place in self.world.places if place.groups & story.places}
            scales = self._scales_of_places[story.places] = Scales(fit)
        while True:
            place = self.places[scales.draw(self.random)]
            if not (place.is_for_children and "nglon" in story.slots):
                return place

    def _values(self, story: Story, received_at: datetime, place: Place | None, area: str) -> dict[str, str]:
        """Something for each slot of the story, the same wherever the slot stands."""
        values = {"phuong": area, "luc": choose(self.random, self.words.slots["luc"])}
        for slot in sorted(story.slots - values.keys()):
            values[slot] = self._value(slot, received_at, place)
        return values

    def _value(self, slot: str, received_at: datetime, place: Place | None) -> str:
        random = self.random
        if slot == "cs":
            return choose(random, place.names) if place else "cơ sở"
        if slot == "ngay":
            return _day(received_at - timedelta(days=1 + int(random.random() * 6)))
        if slot == "ngayxa":
            return _day(received_at - FAR - timedelta(days=int(random.random() * 60)))
        if slot == "mahs":
            return f"HS-{received_at.year}-{int(random.random() * 100_000):05d}"
        return choose(random, self.words.slots[_slot_at(slot, place)])


def _day(at: datetime) -> str:
    return f"ngày {at.day}/{at.month}"


def _slot_at(slot: str, place: Place | None) -> str:
    """Who is ill, and in which ward, goes with the place."""
    if place is None:
        return slot
    if slot == "nguoi" and place.is_for_children:
        return "tre"
    if slot in ("nguoi", "nglon") and place.is_for_women:
        return "phunu"
    if slot == "khoa" and place.type != "BVDK":
        return "khoaphu"
    return slot


def name_of(random: Random, names: Mapping[str, Sequence[str]]) -> str:
    """An invented person's name."""
    return f"{choose(random, names['family'])} {choose(random, names['middle'])} {choose(random, names['given'])}"


__all__ = ["CITIZEN", "Draft", "Drafter", "Scales", "capital", "fitted", "name_of"]
