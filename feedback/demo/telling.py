"""Telling one case from its arrival to where it stands now: the steps of `feedback.transitions.MOVES`, made by people
who may make them, with the rows that the real doors would have written."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from deadlines.choices import Role
from deadlines.telling import stand_ins
from feedback.choices import ENDED, Audience, CallEnd, Kind, Measure, Outcome, Status
from feedback.demo.almanac import Almanac
from feedback.demo.clocks import Clock, Clocks, Facts, Fired, Rulings
from feedback.demo.drafts import Draft, Drafter, name_of
from feedback.demo.paths import EDIT, RATINGS, going_on, path_of
from feedback.demo.rows import NULL, Tables, binary, key_of, line
from feedback.demo.words import Findings, Words, choose, piece, text_of, tokens_of
from feedback.demo.world import OPERATOR, SYSTEM, Person, Place, Topic, Unit, World
from feedback.models import Reporter
from feedback.obligations import first_of, opened_by
from feedback.operator.recording import SOURCE
from feedback.search import CHUNK, ERA
from feedback.transitions import MOVES, Move
from notifications.templates import PROVISIONAL

S = Status
HOURS: dict[str, tuple[float, float]] = {  # how long a step takes in a matter of middle urgency
    S.TRIAGED: (0.2, 3.5),
    S.FORWARDED: (0.3, 5),
    S.ASSIGNED: (0.3, 5),
    S.ANSWERED: (6, 34),
    S.RETURNED: (2, 12),
    S.CHECKED: (1, 8),
    S.CONFIRMED: (1, 8),
    S.REPLIED: (0.5, 7),
    S.PUBLISHED: (10, 90),
    S.CLOSED: (24, 150),
    S.IN_REVIEW: (12, 72),
    S.WAITING: (1, 6),
    S.RECEIVED: (8, 48),
    S.OUT_OF_SCOPE: (0.3, 5),
    S.TRANSFERRED: (3, 20),
    S.MERGED: (1, 10),
    EDIT: (0.1, 1.5),
}
PRANKS = ("Cuộc gọi không có nội dung", "Trẻ em gọi đùa")  # of `data/texts.toml`
RATING_HOURS = (4, 90)
WAITING_HOURS = (20, 110)
URGENT = {"S1": 0.09, "S2": 0.34, "S3": 1.0, "S4": 1.5}
UNHURRIED = (S.PUBLISHED, S.CLOSED, S.IN_REVIEW, S.RECEIVED)
LATE_TAIL, LEFT_LYING = timedelta(days=70), 0.05
TOLD_OF = {S.FORWARDED, S.RETURNED, S.ANSWERED, S.ASSIGNED, S.IN_REVIEW, S.CHECKED, S.CONFIRMED}
INBOX_DAYS, INBOX_CASES = 14, 20_000
OUTCOME_WORDS = {
    Outcome.UPHELD: "upheld",
    Outcome.PARTLY: "partly",
    Outcome.NOT_UPHELD: "not_upheld",
    Outcome.NOT_ENOUGH: "not_enough",
    Outcome.GUIDED: "guided",
}
REASON_KEYS = {
    (S.WAITING, S.TRIAGED): "resumed",
    (S.FORWARDED, S.TRIAGED): "taken_back",
    (S.ASSIGNED, S.TRIAGED): "given_back",
    (S.CHECKED, S.ANSWERED): "unconfirmed",
    (S.MERGED, S.RECEIVED): "unmerged",
    (S.OUT_OF_SCOPE, S.RECEIVED): "reopened",
    (S.TRANSFERRED, S.RECEIVED): "reopened",
}


@dataclass(eq=False, slots=True)
class Told:
    """One case while it is told. The names are those of `feedback.models.Case`, since the moves' own functions write
    them."""

    id: int
    reference: str
    draft: Draft
    clocks: Clocks
    pace: float
    recorded_by: Person | None
    fixed: str = ""
    status: Status = S.RECEIVED
    version: int = 1
    topic: Topic | None = None
    urgency: str = "S3"
    facility: Place | None = None
    facility_said: str = ""
    area_id: int | None = None
    division: Unit | None = None
    assignee: Person | None = None
    handler: Person | None = None  # who does the department's steps
    is_released: bool = False
    checked_by: Person | None = None
    outcome: str = ""
    public_summary: str = ""
    transferred_to: str = ""
    merged_into: "Told | None" = None
    satisfaction: str = ""
    due_at: datetime | None = None
    level: int = 0
    published_at: datetime | None = None
    ended_at: datetime | None = None
    updated_at: datetime | None = None
    measure: str = ""
    said: list[Any] = field(default_factory=list)

    @property
    def is_confidential(self) -> bool:
        return self.draft.is_confidential

    @property
    def checked_by_id(self) -> int | None:
        return key_of(self.checked_by)

    def facts(self) -> Facts:
        """In the order of `deadlines.rules.WEIGHTS`."""
        topic = self.topic
        return (
            self.draft.kind,
            self.urgency,
            "",
            topic.code if topic else "",
            topic.root if topic else "",
            self.facility.type if self.facility else "",
            self.draft.door.code,
        )

    def state(self) -> str:
        """The columns `rows.STATE`. Written out, since it is the most frequent row by far."""
        topic, facility, division = self.topic, self.facility, self.division
        assignee, checked_by, merged_into = self.assignee, self.checked_by, self.merged_into
        return (
            f"{self.status._value_}\t{self.version}\t{NULL if topic is None else topic.id}\t{self.urgency}\t\t"
            f"{self.draft.is_confidential}\t{NULL if facility is None else facility.id}\t{self.facility_said}\t"
            f"{self.area_id}\t{NULL if division is None else division.id}\t"
            f"{NULL if assignee is None else assignee.id}\t{self.is_released}\t"
            f"{NULL if checked_by is None else checked_by.id}\t{self.outcome}\t{self.public_summary}\t"
            f"{self.transferred_to}\t{NULL if merged_into is None else merged_into.id}\t{self.satisfaction}\t"
            f"{self.due_at or NULL}\t{self.level}\t{self.published_at or NULL}\t{self.ended_at or NULL}"
        )


class Teller:
    """Tells cases, one after the other, into the tables."""

    def __init__(self, world: World, words: Words, almanac: Almanac, *, cases: int) -> None:
        self.world, self.words, self.almanac = world, words, almanac
        self.now = almanac.now
        self.rulings = Rulings(world.reference)
        self.drafter = Drafter(world, words, almanac)
        self.begin(Tables(), Random(0), 1)
        self.told_since = self.now - timedelta(days=INBOX_DAYS * min(1, INBOX_CASES / max(cases, 1)))
        self.read_before = self.now - timedelta(days=2)

    def begin(self, tables: Tables, random: Random, next_reference: int) -> None:
        """Tell into these tables from now on, with nothing left of what was told before."""
        self.tables, self.random, self.drafter.random = tables, random, random
        self.next_reference = next_reference
        self.recent: deque[Told] = deque(maxlen=30)

    # --- one case from beginning to end ------------------------------------------------------------------------------

    def tell(self, received_at: datetime) -> Told:
        """The next case, as it comes."""
        twin = self._twin(received_at)
        if twin:
            story = choose(self.random, self.drafter.by_category[twin.draft.topic.code])
            draft = self.drafter.about(story, received_at, twin.draft.door, twin.draft.place)
            if draft.is_confidential == twin.is_confidential:
                way: list[str] = [S.MERGED] if self.random.random() < 0.6 else [S.TRIAGED, S.MERGED]
                if self.random.random() < 0.05:
                    way += [S.RECEIVED, S.TRIAGED, S.REPLIED, S.CLOSED]
                return self.follow(draft, way, twin=twin)
        draft = self.drafter.draft(received_at)
        return self.follow(draft, self._stopped(path_of(draft, self.random), received_at))

    def _twin(self, received_at: datetime) -> Told | None:
        """Now and then somebody else reports the same matter: an earlier case that is still open."""
        if self.random.random() >= 0.06 or not self.recent:
            return None
        other = choose(self.random, self.recent)
        young = received_at - other.draft.received_at < timedelta(days=6)
        soon = received_at + timedelta(days=2)
        fits = young and other.facility and not other.merged_into and not other.is_confidential
        return other if fits and (other.ended_at is None or other.ended_at > soon) else None

    def _stopped(self, path: list[str], received_at: datetime) -> list[str]:
        """Some of the last weeks' cases lie where they are: the late tail."""
        is_recent = received_at > self.now - LATE_TAIL
        if not is_recent or self.random.random() >= LEFT_LYING or len(path) < 3:
            return path
        return path[: 1 + int(self.random.random() * (len(path) - 2))]

    def follow(
        self,
        draft: Draft,
        path: Sequence[str],
        *,
        twin: Told | None = None,
        moments: Sequence[datetime] = (),
        leave_last_step: bool = False,
    ) -> Told:
        """Tell this case along this way, as far as time has come; `moments` says when each step happens."""
        case = self._arrive(draft)
        at, todo = draft.received_at, deque(path)
        nth = 0
        while todo:
            act = todo.popleft()
            at = moments[nth] if moments else self._when(case, act, at)
            nth += 1
            if at >= self.now:
                break
            if act == S.MERGED and not _is_still_open(twin, at):
                todo = deque(going_on(path_of(draft, self.random), case.status))
                continue
            self._sweep(case, at)
            self._act(case, act, at, twin)
        self._sweep(case, self.now - timedelta(days=1) if leave_last_step else self.now)
        self._write(case)
        if case.status not in ENDED or (case.ended_at and case.ended_at > draft.received_at + timedelta(days=2)):
            self.recent.append(case)
        return case

    def _act(self, case: Told, act: str, at: datetime, twin: Told | None) -> None:
        if act == EDIT:
            self._edit(case, at)
        elif act in RATINGS:
            self._rate(case, RATINGS[act], at)
        else:
            self._move(case, Status(act), at, twin)

    def _when(self, case: Told, act: str, before: datetime) -> datetime:
        """When the next step happens: as long as such steps take, in the hours in which such people work."""
        random = self.random
        if act in RATINGS:
            low, high = map(float, RATING_HOURS)
            return before + timedelta(hours=low + (high - low) * random.random())
        if act == S.OUT_OF_SCOPE and self._ends_call(case):
            return before + timedelta(seconds=40 + int(random.random() * 300))
        low, high = WAITING_HOURS if case.status == S.WAITING else HOURS[act]
        hours = (low + (high - low) * random.random() ** 1.5) * case.pace
        if act not in UNHURRIED and case.status != S.WAITING:
            hours *= URGENT[case.urgency]
        if act == S.ANSWERED and case.facility and case.is_released:
            hours *= case.facility.pace
        at = before + timedelta(seconds=int(hours * 3600))
        if case.urgency == "S1" and act not in UNHURRIED:
            return at
        if case.version == 1 or case.urgency == "S2":
            return self.almanac.on_duty(at, random)
        return self.almanac.at_work(at, random)

    # --- arriving ----------------------------------------------------------------------------------------------------

    def _arrive(self, draft: Draft) -> Told:
        tables, random, door = self.tables, self.random, draft.door
        number = tables.case.number()
        case = Told(
            id=number,
            reference=f"PA-{draft.received_at.year}-{self.next_reference:06d}",
            draft=draft,
            clocks=Clocks(self.rulings, tables.deadline.number, tables.pause.number),
            pace=1.0 if random.random() > 0.11 else 1.5 + 2.2 * random.random(),
            recorded_by=self._recorder(draft),
        )
        self.next_reference += 1
        if draft.knows_topic or draft.is_out_of_scope:
            case.topic, case.urgency = draft.topic, draft.urgency
        if draft.place:
            if draft.knows_place:
                case.facility = draft.place
            else:
                case.facility_said = choose(random, draft.place.names)
        case.area_id = case.facility.area_id if case.facility else draft.area[0]
        at = draft.received_at
        case.updated_at = at
        case.fixed = line(
            *(number, case.reference, draft.kind, door.id, text_of(draft.title), text_of(draft.body)),
            *(draft.occurred_on, key_of(case.recorded_by), at),
        )[:-1]
        case.clocks.start(first_of(draft.kind), case.facts(), at=at, by=case.recorded_by or self.world.engine)
        case.due_at = case.clocks.next_due()
        self._keep(case, "", "+", case.recorded_by, at)
        self._submission(case)
        return case

    def _recorder(self, draft: Draft) -> Person | None:
        style = draft.door.habit.style
        if style == OPERATOR:
            return choose(self.random, self.world.people["operator"])
        if style == SYSTEM:
            return draft.door.person
        return None if draft.door.source == "public" else choose(self.random, self.world.people["officer"])

    def _submission(self, case: Told) -> None:
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

    # --- acting ------------------------------------------------------------------------------------------------------

    def _move(self, case: Told, to: Status, at: datetime, twin: Told | None) -> None:
        """`feedback.transitions.move`."""
        step = MOVES[case.status, to]
        by = self._who(case, to)
        reason = choose(self.random, self.words.reasons[REASON_KEYS.get((case.status, to), to)])
        self._apply(case, to, step, by, at, twin)
        case.status, case.version = to, case.version + 1
        case.ended_at = at if to in ENDED else None
        clocks = case.clocks
        clocks.drop(step.drops, at=at, by=by)
        met = clocks.finish(step.ends, at=at, by=by)
        if to == S.WAITING:
            clocks.pause(at=at, by=by, reason=reason)
        else:
            clocks.resume(at=at, by=by)
            if opens := opened_by(case.draft.kind, step, met):
                clocks.start(opens, case.facts(), at=at, by=by)
        case.due_at = clocks.next_due()
        self._keep(case, reason, "~", by, at)
        if to in TOLD_OF and at > self.told_since:
            self._tell(case, f"v{case.version}", f"case_{to}", self._whose_turn(case, to) - {by.id}, at)
        if self.random.random() < 0.06:
            self._note(case, at, by)

    def _apply(self, case: Told, to: Status, step: Move, by: Person, at: datetime, twin: Told | None) -> None:
        """What the move writes: texts of their own here, fields of the case by the table's own function."""
        if to == S.ANSWERED and case.status != S.CHECKED:
            self._answer(case, by, at)
        elif to == S.REPLIED:
            self._reply(case, by, at)
        elif to == S.WAITING:
            self._note_row(case, at, by, choose(self.random, self.words.questions), Audience.CITIZEN)
        elif to == S.MERGED:
            case.merged_into = twin
            self._link(case, by, at)
        else:
            step.apply(case, self._given(case, to), by, at)  # type: ignore[arg-type]
        if to == S.IN_REVIEW:
            case.handler = case.assignee

    def _given(self, case: Told, to: Status) -> dict[str, Any]:
        """What the move asks for."""
        random = self.random
        if to == S.FORWARDED:
            return {"facility": case.facility or case.draft.place}
        if to == S.ASSIGNED:
            unit = self.world.leading_unit(case.topic or case.draft.topic)
            named = case.is_confidential or random.random() < 0.5
            return {"division": unit, "assignee": choose(random, unit.people) if named else None}
        if to == S.CHECKED:
            return {"outcome": case.draft.outcome}
        if to == S.PUBLISHED:
            return {"public_summary": self._worded(self.words.summaries, case)}
        if to == S.TRANSFERRED:
            return {"transferred_to": choose(random, self.words.bodies)}
        if to == S.IN_REVIEW:
            busy = {case.assignee, case.checked_by, case.handler}
            return {"assignee": choose(random, [one for one in self.world.people["officer"] if one not in busy])}
        return {}

    def _who(self, case: Told, to: Status) -> Person:
        """Somebody who may make this move."""
        random, world = self.random, self.world
        if case.status in (S.FORWARDED, S.RETURNED) and to == S.ANSWERED and case.facility:
            return choose(random, case.facility.people)
        if case.status == S.ASSIGNED and to in (S.ANSWERED, S.TRIAGED) and case.division:
            return case.assignee if case.assignee in case.division.people else choose(random, case.division.people)
        if case.status == S.CHECKED:
            return self._second_person(case)
        if to == S.IN_REVIEW:
            return world.one("lead")
        if to == S.OUT_OF_SCOPE and self._ends_call(case):
            return case.recorded_by or world.one("lead")
        if case.handler is None:
            case.handler = world.one("lead") if case.is_confidential else choose(random, world.people["officer"])
        return case.handler

    def _second_person(self, case: Told) -> Person:
        """Whoever confirms did not check."""
        lead, director = self.world.one("lead"), self.world.one("director")
        if case.is_confidential:
            return lead if case.checked_by is director else director
        people = [*self.world.people["officer"], lead, lead, lead, director]
        return choose(self.random, [person for person in people if person is not case.checked_by])

    def _ends_call(self, case: Told) -> bool:
        """Does the operator set it aside while the call lasts?"""
        return case.status == S.RECEIVED and case.version == 1 and case.draft.door.habit.style == OPERATOR

    def _edit(self, case: Told, at: datetime) -> None:
        """`feedback.services.edit`: filed under what it is about; running clocks follow."""
        by = self._who(case, S.TRIAGED)
        reason = choose(self.random, self.words.reasons["edited"])
        draft = case.draft
        case.topic, case.urgency = draft.topic, draft.urgency
        if draft.place and case.facility is None:
            case.facility, case.area_id = draft.place, draft.place.area_id
        case.version += 1
        case.clocks.reconsider(case.facts(), at=at, by=by, reason=reason)
        case.due_at = case.clocks.next_due()
        self._keep(case, reason, "~", by, at)

    def _rate(self, case: Told, answer: str, at: datetime) -> None:
        """`feedback.services.rate`: the reporter's word on the follow-up page."""
        case.satisfaction, case.version = answer, case.version + 1
        self._keep(case, "", "~", self.world.engine, at)
        if answer != "no":
            return
        if self.random.random() < 0.7:
            text = choose(self.random, self.words.notes["unsatisfied"])
            self._note_row(case, at, None, text, Audience.DEPARTMENT)
        if at > self.told_since:
            leads = {person.id for person in self.world.people["lead"]}
            self._tell(case, f"unsatisfied:v{case.version}", "case_unsatisfied", leads, at)

    def _keep(self, case: Told, reason: str, kind: str, by: Person | None, at: datetime) -> None:
        """The history row of this version."""
        history = self.tables.history
        who = by.id if by else "\\N"
        history.lines.append(f"{case.fixed}\t{case.state()}\t{history.number()}\t{at}\t{reason}\t{kind}\t{who}\n")
        case.updated_at = at

    # --- what is said on the way -------------------------------------------------------------------------------------

    def _answer(self, case: Told, by: Person, at: datetime) -> None:
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

    def _reply(self, case: Told, by: Person, at: datetime) -> None:
        text = self._worded(self.words.replies, case)
        way = case.draft.door.habit.way
        self.tables.reply.lines.append(line(self.tables.reply.number(), case.id, at, by.id, text, way))

    def _worded(self, forms: Any, case: Told) -> str:
        kind = OUTCOME_WORDS[Outcome(case.outcome)] if case.outcome in OUTCOME_WORDS else "guided"
        return text_of(choose(self.random, forms[kind]).filled({"lam": case.measure}))

    def _note(self, case: Told, at: datetime, by: Person) -> None:
        """A remark now and then; of a facility's people for both sides."""
        random = self.random
        moment = at + timedelta(minutes=3 + int(random.random() * 50))
        if moment >= self.now:
            return
        drawn = random.random()
        if by.role.startswith("facility") or (case.is_released and drawn < 0.3):
            self._note_row(case, moment, by, choose(random, self.words.notes["facility"]), Audience.FACILITY)
        elif drawn < 0.85 or by.role == "operator":
            self._note_row(case, moment, by, choose(random, self.words.notes["department"]), Audience.DEPARTMENT)
        else:
            self._note_row(case, moment, None, choose(random, self.words.notes["reporter"]), Audience.DEPARTMENT)

    def _note_row(self, case: Told, at: datetime, by: Person | None, text: str, audience: str) -> None:
        self.tables.note.lines.append(line(self.tables.note.number(), case.id, at, key_of(by), text, audience))

    def _link(self, case: Told, by: Person, at: datetime) -> None:
        kind = self.world.case_type
        self.tables.link.lines.append(
            line(
                *(self.tables.link.number(), kind, case.id, "merged_into", kind, key_of(case.merged_into), by.id, at),
                "Cùng sự việc",
            )
        )

    # --- clocks ------------------------------------------------------------------------------------------------------

    def _sweep(self, case: Told, until: datetime) -> None:
        """The ledger of what the sweep took by then."""
        for fired in case.clocks.advance(until):
            people = self._told_by(case, fired.rung.roles)
            clock = fired.clock
            self.tables.escalation.lines.append(
                line(
                    *(self.tables.escalation.number(), clock.id, clock.cycle, clock.judgement.rule.ladder_id),
                    *(
                        fired.rung.position,
                        fired.rung.level,
                        fired.rung.action,
                        fired.moment,
                        fired.at,
                        len(people),
                        fired.at if people else None,
                    ),
                )
            )
            if fired.rung.level:
                case.level = max(case.level, fired.rung.level)
                case.updated_at = max(fired.at, case.updated_at or fired.at)
            if fired.at > self.told_since:
                self._tell_of_step(case, fired, people)

    def _told_by(self, case: Told, roles: Sequence[str]) -> set[int]:
        """Who is told on a step; where nobody has a role, whoever stands in (`deadlines.telling`)."""
        for instead in (roles, *((role,) for role in stand_ins(tuple(roles)))):
            if people := {person.id for role in instead for person in self._in_role(case, role)}:
                return people
        return set()

    def _in_role(self, case: Told, role: str) -> list[Person]:
        """`feedback.subject.recipients`."""
        if role in (Role.LEAD, Role.DIRECTOR):
            return self.world.people[role]
        if role == Role.HIGHER:
            return []
        if role == Role.RESPONSIBLE:
            return [case.assignee] if case.assignee else []
        is_with_facility = case.status in (S.FORWARDED, S.RETURNED) and not case.is_confidential
        unit = case.facility if is_with_facility else case.division
        people = unit.people if unit else []
        return [person for person in people if person.is_head] if role == Role.UNIT_HEAD else people

    # --- messages ----------------------------------------------------------------------------------------------------

    def _whose_turn(self, case: Told, to: Status) -> set[int]:
        """`feedback.messages._whose_turn`."""
        if to in (S.FORWARDED, S.RETURNED):
            return {person.id for person in case.facility.people} if case.facility else set()
        if to == S.CHECKED:
            return {person.id for person in self.world.people["lead"]}
        if case.assignee:
            return {case.assignee.id}
        if to != S.CONFIRMED and case.division:
            return {person.id for person in case.division.people}
        return set()

    def _tell(self, case: Told, occasion: str, template: str, people: set[int], at: datetime) -> None:
        params = f'{{"reference": "{case.reference}"}}'
        self._inbox(case, f"case:{case.id}:{occasion}", template, params, people, at, case.urgency in ("S1", "S2"))

    def _tell_of_step(self, case: Told, fired: Fired, people: set[int]) -> None:
        clock = fired.clock
        doubt = f', "{PROVISIONAL}": "due_at"' if clock.planned.is_provisional else ""
        params = (
            f'{{"reference": "{case.reference}", "obligation": "{clock.obligation}",'
            f' "due_at": "{clock.due_at.isoformat()}"{doubt}}}'
        )
        key = f"deadline:{clock.id}:{clock.cycle}:{clock.judgement.rule.ladder_id}:{fired.rung.position}"
        self._inbox(case, key, fired.rung.template, params, people, fired.at, fired.rung.is_urgent)

    def _inbox(
        self, case: Told, key: str, template: str, params: str, people: set[int], at: datetime, is_urgent: bool
    ) -> None:
        for person in sorted(people):
            read_at = None
            if at < self.read_before or self.random.random() < 0.5:
                read_at = min(at + timedelta(minutes=5 + int(self.random.random() * 600)), self.now)
            self.tables.inbox.lines.append(
                line(
                    *(self.tables.inbox.number(), key, person, template, params, self.world.case_type, case.id),
                    *(f"/console/feedback/case/{case.id}/change/", is_urgent, at, read_at, None),
                )
            )

    # --- where it stands now -----------------------------------------------------------------------------------------

    def _write(self, case: Told) -> None:
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


def _is_still_open(case: Told | None, at: datetime) -> bool:
    return case is not None and (case.ended_at is None or case.ended_at > at)


def _ended_as(draft: Draft) -> str:
    """How a call that needs no handling ended, where an operator took it."""
    if draft.kind != Kind.OUT_OF_SCOPE or draft.door.source != SOURCE or draft.door.habit.style != OPERATOR:
        return ""
    return CallEnd.PRANK if text_of(draft.title) in PRANKS else CallEnd.OUT_OF_SCOPE
