"""The rows of one case as it is told: what the real doors and moves would have written."""

from datetime import datetime
from random import Random
from typing import Any

from feedback.choices import CallEnd, Kind, Measure, Outcome
from feedback.demo.clocks import Clock, Rulings
from feedback.demo.drafts import Draft, name_of
from feedback.demo.rows import NULL, Tables, binary, key_of, line
from feedback.demo.told import Told
from feedback.demo.words import Findings, Words, choose, piece, text_of, tokens_of
from feedback.demo.world import OPERATOR, SYSTEM, Person, World
from feedback.models import Reporter
from feedback.operator.recording import SOURCE
from feedback.search import CHUNK, ERA

PRANKS = ("Cuộc gọi không có nội dung", "Trẻ em gọi đùa")  # of `data/texts.toml`
OUTCOME_WORDS = {
    Outcome.UPHELD: "upheld",
    Outcome.PARTLY: "partly",
    Outcome.NOT_UPHELD: "not_upheld",
    Outcome.NOT_ENOUGH: "not_enough",
    Outcome.GUIDED: "guided",
}


class Pen:
    """Writes one case after the other into the tables of the block that is told."""

    def __init__(self, world: World, words: Words, rulings: Rulings) -> None:
        self.world, self.words, self.rulings = world, words, rulings
        self.begin(Tables(), Random(0))

    def begin(self, tables: Tables, random: Random) -> None:
        self.tables, self.random = tables, random

    def submission(self, case: Told) -> None:
        random, draft, door = self.random, case.draft, case.draft.door
        number = self.tables.submission.number()
        own_number = f"{door.code}-{draft.received_at.year}-{case.id:07d}"
        source_id = own_number if door.habit.style == SYSTEM else f"{case.id:08x}{random.getrandbits(96):024x}"
        self.tables.submission.lines.append(
            line(
                *(number, case.id, door.id, door.source, source_id, f"{random.getrandbits(256):064x}"),
                *(text_of(draft.body), draft.received_at, key_of(case.recorded_by), _ended_as(draft)),
            )
        )
        if random.random() < door.habit.has_reporter:
            # 0900 000 xxx: numbers that nobody has
            digits = int(random.random() * 1000)
            mail = f"nguoi.dan.{digits}@example.invalid" if random.random() < 0.25 else ""
            names = self.words.names
            address = f"{choose(random, names['street'])}, {draft.area[1]}" if random.random() < 0.3 else ""
            given = {"name": name_of(random, names), "phone": f"0900 000 {digits:03d}", "email": mail}
            under_seal = Reporter.under_seal(number, given | {"address": address})
            self.tables.reporter.lines.append(
                line(
                    *(self.tables.reporter.number(), number),
                    *(binary(under_seal["sealed"]), under_seal["key_id"]),
                    *Reporter.marks("" if case.is_confidential else given["phone"]).values(),
                )
            )

    def history(self, case: Told, reason: str, kind: str, by: Person | None, at: datetime) -> None:
        """The history row of this version."""
        history = self.tables.history
        who = by.id if by else "\\N"
        history.lines.append(f"{case.fixed}\t{case.state()}\t{history.number()}\t{at}\t{reason}\t{kind}\t{who}\n")
        case.updated_at = at

    def answer(self, case: Told, by: Person, at: datetime) -> None:
        random, outcome = self.random, case.draft.outcome
        topic = case.topic or case.draft.topic
        said: Findings = self.words.findings[topic.root]
        is_upheld = outcome in (Outcome.UPHELD, Outcome.PARTLY)
        findings = choose(random, said.upheld if is_upheld else said.not_upheld)
        case.measure = choose(random, said.measures)
        if case.draft.said:
            findings, case.measure = case.draft.said
        measures = f'["{Measure.REMINDED}"]' if is_upheld and random.random() < 0.6 else "[]"
        if is_upheld and random.random() < 0.06:
            measures = f'["{choose(random, (Measure.DISCIPLINED, Measure.MOVED, Measure.NO_TITLE))}"]'
        self.tables.answer.lines.append(
            line(
                *(self.tables.answer.number(), case.id, at, by.id, key_of(case.facility) if case.is_released else None),
                *(findings, case.measure, measures, outcome),
            )
        )

    def reply(self, case: Told, by: Person, at: datetime) -> None:
        text = self.worded(self.words.replies, case)
        way = case.draft.door.habit.way
        self.tables.reply.lines.append(line(self.tables.reply.number(), case.id, at, by.id, text, way))

    def worded(self, forms: Any, case: Told) -> str:
        kind = OUTCOME_WORDS[Outcome(case.outcome)] if case.outcome in OUTCOME_WORDS else "guided"
        return text_of(choose(self.random, forms[kind]).filled({"lam": case.measure}))

    def note(self, case: Told, at: datetime, by: Person | None, text: str, audience: str) -> None:
        self.tables.note.lines.append(line(self.tables.note.number(), case.id, at, key_of(by), text, audience))

    def merge(self, case: Told, by: Person, at: datetime) -> None:
        kind = self.world.case_type
        self.tables.link.lines.append(
            line(
                *(self.tables.link.number(), kind, case.id, "merged_into", kind, key_of(case.merged_into), by.id, at),
                "Cùng sự việc",
            )
        )

    def case(self, case: Told) -> None:
        self.tables.case.lines.append(f"{case.fixed}\t{case.state()}\t{case.updated_at}\n")
        if not case.is_confidential:
            self._entry(case)
        for clock in case.clocks.all:
            self.tables.deadline.lines.append(self._deadline(case, clock))
            for number, begins, ends, reason, by, ended_by in clock.pauses:
                row = line(number, clock.id, begins, ends, reason, by.id, key_of(ended_by))
                self.tables.pause.lines.append(row)

    def _entry(self, case: Told) -> None:
        """As `feedback.search.entry_of` would write it; marks hold a colon and stand in quotes."""
        draft, number = case.draft, case.id
        said = [piece(case.facility_said)] if case.facility_said else []
        marks = {f"'c:{number >> CHUNK}' 'e:{number >> ERA}'"}
        if case.is_released and case.facility:
            marks.add(f"'f:{case.facility.id}'")
        if case.division:
            marks.add(f"'d:{case.division.id}'")
        marks.update([f"'p:{person.id}'" for person in (case.assignee, case.recorded_by) if person])
        tokens = tokens_of(draft.title, draft.body, said) | marks
        self.tables.entry.lines.append(f"{number}\t{' '.join(tokens)}\n")

    def _deadline(self, case: Told, clock: Clock) -> str:
        """Written out like `Told.state`, and for the same reason."""
        planned, rule = clock.planned, clock.judgement.rule
        return (
            f"{clock.id}\t{self.world.case_type}\t{case.id}\t{case.reference}\t{clock.obligation}\t{clock.cycle}\t"
            f"{clock.state}\t{clock.starts_at}\t{planned.due_at}\t{clock.original_due_at}\t{planned.is_provisional}\t"
            f"{clock.finished_at or NULL}\t{NULL if clock.on_time is None else clock.on_time}\t"
            f"{clock.paused_at or NULL}\t{clock.paused_total or NULL}\t{clock.stands_until or NULL}\t"
            f"{rule.pk}\t{rule.ladder_id}\t"
            f"{self.world.reference.calendar.version}\t{self.rulings.text_of(clock.derivation)}\t{planned.text}\t"
            f"{clock.planned_at}\t{clock.step}\t{clock.next_at or NULL}\t{clock.level}\t\t{clock.by.id}\t"
            f"{NULL if clock.ended_by is None else clock.ended_by.id}\t\t{NULL}\t{NULL}\n"
        )


def _ended_as(draft: Draft) -> str:
    """How a call that needs no handling ended, where an operator took it."""
    if draft.kind != Kind.OUT_OF_SCOPE or draft.door.source != SOURCE or draft.door.habit.style != OPERATOR:
        return ""
    return CallEnd.PRANK if text_of(draft.title) in PRANKS else CallEnd.OUT_OF_SCOPE
