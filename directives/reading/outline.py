"""The parts of a letter as they lie in one another: sections, numbers, letters, dashes, paragraphs, tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .markers import DASHES, PLUS, UNNUMBERED, Marker, ends_sentence, is_title, marker_of, opens_paragraph
from .paragraphs import Paragraph
from .parties import names_at_start
from .tables import Table

ROOT = -1


@dataclass
class Part:
    """One part: its marker (none for the root and for a plain paragraph), its own text and what it holds."""

    text: str = ""
    numbers: tuple[int, ...] = ()
    marker: Marker | None = None
    parent: "Part | None" = field(default=None, repr=False)
    place: int = 1  # among its neighbours of the same marker
    parts: "list[Part]" = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    @property
    def rank(self) -> int:
        return self.marker.rank if self.marker else ROOT

    @property
    def holds_something(self) -> bool:
        return bool(self.parts or self.paragraphs or self.tables)

    @property
    def announces(self) -> bool:
        """Is the text a heading for what comes: in capitals, ending with a colon or with no point at all?"""
        if is_title(self.text) or self.text.endswith(":") or not ends_sentence(self.text):
            return True
        names = names_at_start(self.text)
        return names is not None and names.is_whole

    def path(self) -> str:
        """The printed markers, joined: "II.2.a", "1-2", "Điều 1.3"; a dash counts among its neighbours."""
        if self.marker is None:
            return self.parent.path() if self.parent else ""
        above = self.parent.path() if self.parent else ""
        if self.marker.rank == UNNUMBERED:
            return above
        if self.marker.rank in DASHES:
            return f"{above}{'+' if self.marker.rank == PLUS else '-'}{self.place}"
        own = self.parent.marker.label if self.parent and self.parent.marker else None
        if own and self.marker.label.startswith(f"{own}."):
            above = above.removesuffix(own).removesuffix(".")
        return f"{above}.{self.marker.label}" if above else self.marker.label


@dataclass
class Outline:
    """The body: what stands before the first part, the parts, and the closing paragraphs."""

    preamble: list[Paragraph]
    root: Part
    closing: list[Paragraph]


def outline_of(paragraphs: Sequence[Paragraph], tables: Sequence[Table]) -> Outline:
    """Parts by their markers; a paragraph without one belongs to the part before it."""
    root = Part()
    open_parts = [root]
    for item in _in_order(paragraphs, tables):
        if isinstance(item, Table):
            open_parts[-1].tables.append(item)
            continue
        marker = marker_of(item.text) or _of_party(item.text)
        if marker is None:
            open_parts[-1].paragraphs.append(item)
            continue
        while open_parts[-1].rank >= marker.rank:
            open_parts.pop()
        part = Part(item.text[marker.end :], item.numbers, marker, open_parts[-1])
        before = open_parts[-1].parts[-1:]
        part.place = before[0].place + 1 if before and before[0].rank == part.rank else 1
        open_parts[-1].parts.append(part)
        open_parts.append(part)
    preamble, root.paragraphs = root.paragraphs, []
    closing = _closing(open_parts[-1]) if root.parts else []
    return Outline(preamble, root, closing)


def _of_party(text: str) -> Marker | None:
    """ "Đối với các bệnh viện:" heads what follows as a number would, though none is printed."""
    names = names_at_start(text) if text.endswith(":") else None
    return Marker(UNNUMBERED, "", 0) if names and names.is_whole else None


def _in_order(paragraphs: Sequence[Paragraph], tables: Sequence[Table]) -> Iterator[Paragraph | Table]:
    items = [(paragraph.numbers[0], paragraph) for paragraph in paragraphs] + [(table.start, table) for table in tables]
    for _number, item in sorted(items, key=lambda pair: pair[0]):
        yield item


def _closing(last: Part) -> list[Paragraph]:
    """The paragraphs after the last part that are not its own: a heading keeps the first."""
    kept = 0
    if last.announces and not last.tables and last.paragraphs and not opens_paragraph(last.paragraphs[0].text):
        kept = 1
    closing, last.paragraphs = last.paragraphs[kept:], last.paragraphs[:kept]
    return closing
