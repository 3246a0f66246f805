"""The lineage of a directive as a drawing: older ones above, in layers, each line with its relation. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from directives.models import Directive, Lineage

WIDTH, HEIGHT, ACROSS, DOWN, EDGE = 190, 52, 24, 56, 8  # of a box, the room between boxes, and around all


@dataclass(frozen=True)
class Box:
    """A directive in the drawing."""

    directive: Directive
    x: int
    y: int
    is_self: bool


@dataclass(frozen=True)
class Line:
    """A line from a directive up to what it goes back to."""

    x1: int
    y1: int
    x2: int
    y2: int
    label: str

    @property
    def middle(self) -> tuple[int, int]:
        return (self.x1 + self.x2) // 2, (self.y1 + self.y2) // 2 + 4


@dataclass(frozen=True)
class Drawing:
    """Everything with its place, and how large the whole is."""

    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int


def drawn(directive: Directive, lines: Iterable[Lineage]) -> Drawing:
    """Each directive stands below all that it goes back to; lines hold no circle, as the database sees to it."""
    lines = list(lines)
    people = {directive.pk: directive} | {each.pk: each for line in lines for each in (line.directive, line.other)}
    above: dict[int, set[int]] = {pk: set() for pk in people}
    for line in lines:
        above[line.directive_id].add(line.other_id)
    depth: dict[int, int] = {}

    def deep(pk: int) -> int:
        if pk not in depth:
            depth[pk] = max((deep(other) + 1 for other in above[pk]), default=0)
        return depth[pk]

    layers: dict[int, list[Directive]] = {}
    for pk, one in sorted(people.items(), key=lambda pair: (str(pair[1].issued_on or ""), pair[1].code)):
        layers.setdefault(deep(pk), []).append(one)
    widest = max(len(row) for row in layers.values())
    width = 2 * EDGE + widest * WIDTH + (widest - 1) * ACROSS
    boxes: dict[int, Box] = {}
    for level, row in layers.items():
        start = EDGE + (width - 2 * EDGE - len(row) * WIDTH - (len(row) - 1) * ACROSS) // 2
        for place, one in enumerate(row):
            boxes[one.pk] = Box(
                one, start + place * (WIDTH + ACROSS), EDGE + level * (HEIGHT + DOWN), one.pk == directive.pk
            )
    found = [
        Line(
            boxes[line.other_id].x + WIDTH // 2, boxes[line.other_id].y + HEIGHT,
            boxes[line.directive_id].x + WIDTH // 2, boxes[line.directive_id].y, line.get_relation_display(),
        )
        for line in lines
    ]  # fmt: skip
    return Drawing(list(boxes.values()), found, width, 2 * EDGE + len(layers) * HEIGHT + (len(layers) - 1) * DOWN)
