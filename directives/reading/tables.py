"""Tables of a letter: drawn with lines, set in columns, kept apart by tabs, or fallen apart into one line a cell."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .lines import Line, bare, joined
from .markers import marker_of, starts_small

_HEADINGS = (
    ("number", r"(?:so )?(?:tt|stt|so thu tu)$"),
    ("helper", r".*phoi hop"),
    (
        "party",
        r".*(?:don vi|co quan|bo phan|noi|nguoi|chu the).*(?:thuc hien|chu tri|phu trach|bao cao|chiu trach nhiem)"
        r"|(?:chu tri|don vi|doi tuong thuc hien|thuc hien|trach nhiem)$|phan cong",
    ),
    (
        "due",
        r".*(?:thoi han|thoi gian|tien do|han hoan thanh|ky han|thoi diem|ngay hoan thanh|tan suat"
        r"|dinh ky|lich)|han$|han nop",
    ),
    ("evidence", r".*(?:san pham|minh chung|ket qua dau ra|ket qua|ho so|tai lieu)"),
    ("recipient", r".*noi nhan|noi gui"),
    ("duty", r".*(?:noi dung|nhiem vu|cong viec|hoat dong|yeu cau|giai phap|bao cao)"),
)
_DRAWN = re.compile(r"[|│┃║]")
_DRAWN_RULE = re.compile(r"[+|\-=─━┼├┤┌┐└┘┬┴│\s:]{5,}$")
_NUMBER_HEADING = re.compile(r"(?:so )?(?:tt|stt)\b")
MOST_HEADING_LINES = 40
_WIDE = re.compile(r"\s{2,}")


@dataclass
class Row:
    """The cells of one row, by the lines they stand on."""

    cells: list[str]
    numbers: list[int]


@dataclass
class Table:
    """A table with what each column holds: `number`, `duty`, `party`, `due`, `evidence`, "" where nothing is known."""

    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    heading_numbers: list[int] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.heading_numbers[0]

    @property
    def numbers(self) -> set[int]:
        return {*self.heading_numbers, *(number for row in self.rows for number in row.numbers)}

    @property
    def holds_duties(self) -> bool:
        """A list of addresses or figures obliges nobody."""
        return "duty" in self.columns and bool({"party", "due"} & set(self.columns))

    def cell(self, row: Row, column: str) -> str:
        if column not in self.columns or self.columns.index(column) >= len(row.cells):
            return ""
        return row.cells[self.columns.index(column)]


def tables_in(lines: Sequence[Line]) -> list[Table]:
    """All tables, whatever they are drawn with. What only looks like one is left to the paragraphs."""
    tables: list[Table] = []
    taken: set[int] = set()
    for find in (_drawn, _tabbed, _in_columns, _fallen_apart):
        for table in find([line for line in lines if line.number not in taken]):
            tables.append(table)
            taken |= table.numbers
    return sorted(tables, key=lambda table: table.start)


def _table(headings: Sequence[str], numbers: Sequence[int]) -> Table:
    columns: list[str] = []
    for heading in headings:
        name = next((name for name, pattern in _HEADINGS if re.match(pattern, bare(heading).strip(" .:"))), "")
        columns.append(name if name not in columns else "")
    return Table(columns, heading_numbers=list(numbers))


# --- drawn with lines: | a | b | ---


def _drawn(lines: Sequence[Line]) -> Iterator[Table]:
    block: list[Line] = []
    for line in [*lines, Line(0, "")]:
        if _is_drawn(line):
            block.append(line)
            continue
        if line.is_blank and line.number and block and not _DRAWN_RULE.match(block[-1].text):
            continue  # double-spaced
        yield from _of_block(block)
        block = []


def _is_drawn(line: Line) -> bool:
    is_rule = line.text[:1] in "+┌├└|" and _DRAWN_RULE.match(line.text) is not None and len(line.text) > 4
    return is_rule or len(_DRAWN.findall(line.text)) > 1


def _of_block(block: Sequence[Line]) -> Iterator[Table]:
    is_ruled = sum(_DRAWN_RULE.match(line.text) is not None for line in block) > 2
    rows: list[Row] = []
    is_open = False
    rules: list[int] = []
    for line in block:
        if _DRAWN_RULE.match(line.text):
            is_open = False
            rules.append(line.number)
            continue
        cells = [cell.strip() for cell in _DRAWN.split(line.text.strip("|│┃║ "))]
        if line.text[0] in "|│┃║" and _DRAWN.split(line.text)[1].strip() == "":
            cells.insert(0, "") if len(cells) < (len(rows[0].cells) if rows else 0) else None
        if rows and (is_open if is_ruled else not cells[0]):
            _add(rows[-1], cells, line.number)
        else:
            rows.append(Row(cells, [line.number]))
        is_open = True
    if len(rows) > 1:
        table = _table(rows[0].cells, [*rows[0].numbers, *rules])
        table.heading_numbers.sort()
        table.rows = rows[1:]
        yield table


def _add(row: Row, cells: Sequence[str], number: int) -> None:
    """A further line of the same cells."""
    row.cells += [""] * (len(cells) - len(row.cells))
    for place, cell in enumerate(cells):
        row.cells[place] = joined([row.cells[place], cell])
    row.numbers.append(number)


# --- kept apart by tabs ---


def _tabbed(lines: Sequence[Line]) -> Iterator[Table]:
    table: Table | None = None
    for line in lines:
        if table is None and line.cells and _NUMBER_HEADING.match(bare(line.cells[0])):
            table = _table(line.cells, [line.number])
        elif table is not None and line.cells:
            if line.cells[0] or not table.rows:
                table.rows.append(Row(list(line.cells), [line.number]))
            else:
                _add(table.rows[-1], line.cells, line.number)
        elif table is not None and not line.is_blank:
            break
    if table is not None and table.rows:
        yield table


# --- set in columns ---


def _in_columns(lines: Sequence[Line]) -> Iterator[Table]:
    for place, line in enumerate(lines):
        headings = _WIDE.split(line.text)
        if len(headings) > 2 and _NUMBER_HEADING.match(bare(line.text)):
            table = _table(headings, [line.number])
            _fill(table, _starts(line), lines[place + 1 :])
            if table.rows:
                yield table


def _starts(line: Line) -> list[int]:
    return [line.indent + match.start() for match in re.finditer(r"\S+(?: \S+)*", line.text)]


def _pieces(line: Line, columns: Sequence[int]) -> list[tuple[int, str]]:
    """What stands apart in a line, with its place; a full cell reaches the next column with a single space between."""
    pieces = []
    for match in re.finditer(r"\S+(?: \S+)*", line.text):
        start = match.start()
        for column in columns:
            edge = column - line.indent
            if start < edge < match.end() and line.text[edge - 1] == " ":
                pieces.append((line.indent + start, line.text[start:edge].strip()))
                start = edge
        pieces.append((line.indent + start, line.text[start : match.end()]))
    return pieces


def _fill(table: Table, columns: Sequence[int], lines: Sequence[Line]) -> None:
    """Each piece of a line belongs to the column whose heading begins nearest."""
    for line in lines:
        if line.is_blank:
            continue
        pieces = _pieces(line, columns)
        cells = [""] * len(columns)
        for start, piece in pieces:
            nearest = min(range(len(columns)), key=lambda column: abs(columns[column] - start))
            cells[nearest] = joined([cells[nearest], piece])
        if cells[0].strip(".").isdigit() and len(pieces) > 1:
            table.rows.append(Row(cells, [line.number]))
        elif not cells[0] and (len(pieces) > 1 or line.indent >= columns[1]) and not marker_of(line.text):
            if table.rows:
                _add(table.rows[-1], cells, line.number)
            else:  # a heading of two lines
                table.heading_numbers.append(line.number)
        else:
            return


# --- fallen apart: one line a cell, or a part of one ---


def _fallen_apart(lines: Sequence[Line]) -> Iterator[Table]:
    for place, line in enumerate(lines):
        near = [each.text for each in lines[place : place + MOST_HEADING_LINES]]
        if re.fullmatch(r"(?:so )?(?:tt|stt)", bare(line.text)) and "1" in near:
            cells = _cells(lines[place:])
            first = next((index for index, cell in enumerate(cells) if cell.cells[0] == "1"), 0)
            if first >= 3:
                heading = cells[:first]
                table = _table([cell.cells[0] for cell in heading], [n for cell in heading for n in cell.numbers])
                table.rows = list(_rows(cells[first:], table))
                yield table


def _cells(lines: Sequence[Line]) -> list[Row]:
    """The cells from here to the end of the table, each a row of one cell."""
    cells: list[Row] = []
    full = [line for line in lines if line.text]
    step = full[1].number - full[0].number if len(full) > 1 else 1  # 2 in a text with a blank line after each
    for line in full:
        if cells and line.number - cells[-1].numbers[-1] > step:
            break
        if re.match(r"[IVX]+\.\s", line.text) or bare(line.text).startswith("noi nhan:"):
            break
        if cells and (starts_small(line.text) or cells[-1].cells[0].endswith(("-", ","))):
            _add(cells[-1], [line.text], line.number)
        else:
            cells.append(Row([line.text], [line.number]))
    return cells


def _rows(cells: Sequence[Row], table: Table) -> Iterator[Row]:
    """Each row begins with the next number. The last ends where its columns are filled."""
    groups: list[list[Row]] = []
    for cell in cells:
        if cell.cells[0].strip(".") == str(len(groups) + 1):
            groups.append([cell])
        else:
            groups[-1].append(cell)
    width = len(table.columns)
    for place, group in enumerate(groups):
        if place == len(groups) - 1:
            group = group[:width]
        while len(group) > width:  # a cell of several sentences: the longest neighbours belong together
            shortest = max(range(1, len(group) - 1), key=lambda i: -i)
            _add(group[shortest], group[shortest + 1].cells, group[shortest + 1].numbers[0])
            group[shortest].numbers += group[shortest + 1].numbers[1:]
            del group[shortest + 1]
        yield Row([cell.cells[0] for cell in group], [number for cell in group for number in cell.numbers])
