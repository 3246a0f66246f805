"""From the parts of a letter to the duties it proposes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from .duties import Kind, addressed_in, aside, obliges, section_of, starts_with_verb
from .evidence import evidence
from .lines import bare
from .markers import is_title
from .outline import Outline, Part
from .paragraphs import Paragraph
from .parties import ALL, combined, named_in, names_at_start
from .proposal import Clause, Passage
from .tables import Row, Table
from .timing import Timing, timing

_BASIS = re.compile(r"(?:can cu|theo de nghi|xet de nghi|thuc hien|tiep theo|theo)\b")
_LISTS = re.compile(
    r"\b(?:gom|bao gom|noi dung sau|noi dung chinh sau|thong tin sau|de cuong"
    r"|theo mau)\b[^.]{0,80}:$"
)
_REPORTS = re.compile(r"\b(?:bao cao|gui|tong hop|cung cap|danh sach|ho so)\b")


STANDING = Timing()


@dataclass(frozen=True)
class Context:
    """What a part takes over from those it lies in."""

    party: str | None = None
    section: Kind | None = None
    timing: Timing = STANDING


NOTHING_ABOVE = Context()


@dataclass
class Proposing:
    """Collects the clauses and passages of one letter."""

    written_on: date | None
    default_party: str
    of_department: bool
    clauses: list[Clause] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)

    def read(self, outline: Outline) -> None:
        has_parts = bool(outline.root.parts or outline.root.tables)
        self._preamble(outline.preamble, has_parts)
        self._inside(outline.root, Context())
        for paragraph in outline.closing:
            self._unmarked(paragraph, Kind.FORMULA)

    def _preamble(self, paragraphs: Sequence[Paragraph], has_parts: bool) -> None:
        for paragraph in paragraphs:
            text = paragraph.text
            announces = text.endswith(":") and not self._is_list(text)
            is_basis = _BASIS.match(bare(text)) is not None and (announces or not obliges(text))
            has_day = timing(text, self.written_on).recurrence is not None
            if is_basis or announces or (has_parts and not has_day) or is_title(text):
                self._aside(Kind.BASIS if is_basis else Kind.HEADING if is_title(text) else Kind.PREAMBLE, paragraph)
            else:
                self._unmarked(paragraph, Kind.PREAMBLE)

    @staticmethod
    def _is_list(text: str) -> bool:
        text = re.split(r"(?<=[.;])\s+(?=[A-ZĐÀ-Ỹ])", text)[-1]
        plain = bare(text)
        return _LISTS.search(plain) is not None and _REPORTS.search(plain) is not None and obliges(text)

    def _unmarked(self, paragraph: Paragraph, otherwise: Kind) -> None:
        """A paragraph of its own: a duty when it asks for something."""
        if not obliges(paragraph.text):
            self._aside(aside(paragraph.text) or otherwise, paragraph)
            return
        number = sum(clause.part.startswith("end-") for clause in self.clauses) + 1
        self._clause(f"end-{number}", self._asked(paragraph.text), paragraph.text, paragraph.numbers)

    def _asked(self, text: str) -> str:
        """Whom a closing paragraph asks; "các đơn vị" are the addressees, if they are of one class."""
        place = addressed_in(text)
        names = names_at_start(text[place:] if place else text, of_department=self.of_department)
        party = combined(names.parties) if names else None
        if party is None:
            return ALL if "don vi" in bare(text) and ";" in self.default_party else self.default_party
        return self.default_party if party == ALL and ";" not in self.default_party else party

    def _inside(self, part: Part, context: Context) -> None:
        for table in part.tables:
            self.table(table, "Bảng", context)
        for paragraph in part.paragraphs:
            self._under(part, paragraph, context)
        for each in part.parts:
            self._part(each, context)

    def _under(self, part: Part, paragraph: Paragraph, context: Context) -> None:
        """A paragraph below a heading is an item; below an item it goes on with it."""
        kind = self._kind(paragraph.text, context)
        if kind:
            self._aside(kind, paragraph)
        elif is_title(paragraph.text) or (not part.announces and not obliges(paragraph.text)):
            self._aside(Kind.HEADING if is_title(paragraph.text) else Kind.CONTENTS, paragraph)
        else:
            self._clause(
                part.path() or "end-1",
                self._party(paragraph.text, context),
                paragraph.text,
                paragraph.numbers,
                context.timing,
            )

    def _part(self, part: Part, context: Context) -> None:
        names = names_at_start(part.text, of_department=self.of_department)
        is_heading = part.announces and (part.holds_something or is_title(part.text) or bool(names and names.is_whole))
        if part.parts and is_heading and self._holds_details(part):
            self._item(part, context)
            self._contents(part)
            return
        if not is_heading:
            self._item(part, context)
            self._inside(part, replace(context, party=self._party(part.text, context)))
            return
        self.passages.append(Passage(Kind.HEADING, part.text, part.numbers))
        party = combined(names.parties) if names else context.party
        if names and combined(names.parties) == ALL and context.party:
            party = context.party
        section = section_of(part.text) or context.section or self._of_plan(part)
        own = timing(part.text, self.written_on) if part.text.endswith(":") else Timing()
        self._inside(part, Context(party, section, own if own.recurrence else context.timing))

    @staticmethod
    def _of_plan(part: Part) -> Kind | None:
        """ "Yêu cầu" beside "Mục đích" says how a plan should be carried out; it orders nothing."""
        return Kind.AIM if re.match(r"yeu cau\W*$", bare(part.text)) and part.parent and part.parent.parent else None

    def _holds_details(self, part: Part) -> bool:
        """Is what stands below only the contents of a report, or figures to one duty?"""
        if not part.text.endswith(":") or section_of(part.text):
            return False
        acting = sum(starts_with_verb(each.text) or names_at_start(each.text) is not None for each in part.parts)
        if acting * 2 >= len(part.parts):
            return False
        says = timing(part.text, self.written_on).recurrence is not None or evidence(part.text) is not None
        return says and (starts_with_verb(part.text) or names_at_start(part.text) is not None)

    def _contents(self, part: Part) -> None:
        for paragraph in part.paragraphs:
            self._aside(Kind.CONTENTS, paragraph)
        for each in part.parts:
            self.passages.append(Passage(Kind.CONTENTS, each.text, each.numbers))
            self._contents(each)

    def _item(self, part: Part, context: Context) -> None:
        if kind := self._kind(part.text, context):
            self.passages.append(Passage(kind, part.text, part.numbers))
            return
        self._clause(part.path(), self._party(part.text, context), part.text, part.numbers, context.timing)

    def _kind(self, text: str, context: Context) -> Kind | None:
        """Why an item is no duty. What names a day in a section on money is one all the same."""
        if kind := aside(text):
            return kind
        if context.section == Kind.FUNDING and timing(text, self.written_on).recurrence:
            return None
        return context.section

    def _party(self, text: str, context: Context) -> str:
        names = names_at_start(text, of_department=self.of_department)
        if names and not (combined(names.parties) == ALL and context.party):
            return combined(names.parties)
        return context.party or self.default_party

    def table(self, table: Table, label: str, context: Context = NOTHING_ABOVE) -> None:
        """Each row of a table of duties is one; other tables stay unread."""
        if not table.holds_duties:
            return
        self.passages.append(Passage(Kind.HEADING, " | ".join(table.columns), tuple(table.heading_numbers)))
        for place, row in enumerate(table.rows, start=1):
            self._row(table, row, label, place, context)

    def _row(self, table: Table, row: Row, label: str, place: int, context: Context) -> None:
        duty = table.cell(row, "duty")
        party, due = table.cell(row, "party"), table.cell(row, "due")
        if not duty or not (party or due or table.cell(row, "evidence")):
            self.passages.append(Passage(Kind.HEADING, " ".join(row.cells).strip(), tuple(row.numbers)))
            return
        named = named_in(party, of_department=self.of_department) if party else ()
        when = timing(due, self.written_on, is_column=True)
        if when.recurrence is None:
            when = timing(duty, self.written_on)
        clause = Clause(
            part=f"{label}.{table.cell(row, 'number').strip('. ') or place}",
            party=combined(named) if named else party or context.party or self.default_party,
            text=duty,
            recurrence=when.recurrence,
            due=when.due,
            evidence=table.cell(row, "evidence") or evidence(duty),
            numbers=tuple(row.numbers),
        )
        self.clauses.append(clause)

    def _clause(self, part: str, party: str, text: str, numbers: tuple[int, ...], inherited: Timing = STANDING) -> None:
        when = timing(text, self.written_on)
        if when.recurrence is None:
            when = inherited
        self.clauses.append(Clause(part, party, text, when.recurrence, when.due, evidence(text), numbers))

    def _aside(self, kind: Kind, paragraph: Paragraph) -> None:
        self.passages.append(Passage(kind, paragraph.text, paragraph.numbers))
