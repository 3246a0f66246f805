"""A letter's text in, a proposal out. Nothing is stored and nothing is asked: the same text always reads the same."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from common.exceptions import Refused

from .citations import citations
from .duties import Kind
from .heading import Heading, issuer_of, read_heading
from .lines import Line, bare, joined, lines_of
from .outline import outline_of
from .paragraphs import Setting, is_ornament, is_page_number, paragraphs_of
from .parties import ALL, combined, named_in
from .proposal import Passage, Proposal, UnreadLine
from .proposing import Proposing
from .signature import Ending, read_ending
from .tables import tables_in

MAX_LETTERS = 300_000
SIGNS_OF_A_LETTER = 2


class NotALetter(Refused):
    """A text that carries none of the signs of an administrative letter."""

    code = "not_a_letter"
    status = 400
    message = _(
        "This is not a directive or an official letter: neither a number, a date, addressees nor somebody who asks"
        " somebody for something was found in it."
    )


class TooLong(Refused):
    """A text longer than any letter."""

    code = "letter_too_long"
    status = 400
    message = _("The text is longer than any directive. Send the letter itself, without its attachments.")


def read_letter(text: str) -> Proposal:
    """Read a directive or an official letter. Raises `NotALetter` or `TooLong` in words."""
    if len(text) > MAX_LETTERS:
        raise TooLong
    lines = lines_of(text)
    heading = read_heading(lines, Setting.of(lines))
    ending = read_ending(lines, heading.body)
    body, annex = lines[heading.body : ending.start], lines[ending.annex :]
    running = joined(line.text for line in body)
    issuer = issuer_of(heading, running)
    proposing = Proposing(
        written_on=heading.written_on,
        default_party=_default_party(heading),
        of_department=issuer is None or bare(issuer).startswith("so y te"),
    )
    _read_body(proposing, body)
    _read_annex(proposing, annex)
    if _signs(heading, ending, proposing) < SIGNS_OF_A_LETTER:
        raise NotALetter
    return _proposal(lines, heading, ending, proposing, issuer)


def _default_party(heading: Heading) -> str:
    """Who is obliged where nobody is named: those the letter is addressed to."""
    named = [party for recipient in heading.recipients for party in named_in(recipient)]
    return combined(named) if named else ALL


def _read_body(proposing: Proposing, body: Sequence[Line]) -> None:
    tables = tables_in(body)
    in_tables = {number for table in tables for number in table.numbers}
    running = [line for line in body if line.number not in in_tables]
    # the head's columns and a table's cells are narrower than the page
    paragraphs = paragraphs_of(running, Setting.of(running))
    proposing.read(outline_of(paragraphs, tables))


def _read_annex(proposing: Proposing, annex: Sequence[Line]) -> None:
    """Of an annex only its tables of duties are read; forms and outlines stay unread, for a person to look at."""
    if not annex:
        return
    tables = tables_in(annex)
    for table in tables:
        proposing.table(table, "PL")
    until = tables[0].start if tables else annex[0].number + 1
    title = [line for line in annex if line.number < until and line.text]
    proposing.passages.append(
        Passage(Kind.ANNEX, joined(line.text for line in title), tuple(line.number for line in title))
    )


def _signs(heading: Heading, ending: Ending, proposing: Proposing) -> int:
    has_head = [
        heading.number,
        heading.written_on,
        heading.kind,
        heading.has_motto,
        heading.recipients,
        heading.subject,
    ]
    return sum(map(bool, [*has_head, ending.has_copies, ending.signer, any(c.party != ALL for c in proposing.clauses)]))


def _proposal(
    lines: Sequence[Line], heading: Heading, ending: Ending, proposing: Proposing, issuer: str | None
) -> Proposal:
    passages = [*_frame(lines, heading, ending), *proposing.passages]
    read = {number for passage in passages for number in passage.numbers}
    read |= {number for clause in proposing.clauses for number in clause.numbers}
    before = [passage.text for passage in passages if passage.kind in (Kind.BASIS, Kind.PREAMBLE)]
    closing = {line.number for line in lines[ending.start : ending.annex]}
    named = citations(
        joined([heading.subject or "", *(line.text for line in lines if _is_running(line, heading, closing))])
    )
    return Proposal(
        number=heading.number,
        written_on=heading.written_on,
        issuer=issuer,
        signer=ending.signer,
        subject=heading.subject,
        recipients=heading.recipients,
        cites=[cited for cited in named if cited != heading.number],
        bases=citations(joined(before)),
        clauses=sorted(proposing.clauses, key=lambda clause: clause.numbers[0]),
        passages=sorted(passages, key=lambda passage: passage.numbers[:1]),
        unread=[UnreadLine(line.number, line.text) for line in lines if line.text and line.number not in read],
    )


def _is_running(line: Line, heading: Heading, closing: set[int]) -> bool:
    return line.number not in heading.numbers and line.number not in closing and not is_page_number(line)


def _frame(lines: Sequence[Line], heading: Heading, ending: Ending) -> list[Passage]:
    """Head, drawn rules and page numbers, closing lines."""
    by_number = {line.number: line for line in lines}
    passages = [Passage(Kind(kind), by_number[number].text, (number,)) for number, kind in heading.numbers.items()]
    end = [line for line in lines[ending.start : ending.annex] if line.text]
    if end:
        passages.append(Passage(Kind.COPIES, joined(line.text for line in end), tuple(line.number for line in end)))
    for line in [*lines[heading.body : ending.start], *lines[ending.annex :]]:
        if line.text and (is_ornament(line) or is_page_number(line)):
            passages.append(Passage(Kind.RULE, line.text, (line.number,)))
    return passages
