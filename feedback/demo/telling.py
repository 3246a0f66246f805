"""Telling one case from its arrival to where it stands now: the steps of `feedback.transitions.MOVES`, made by people
who may make them, with the rows that the real doors would have written."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from feedback.choices import ENDED, Audience, Status
from feedback.demo.almanac import Almanac
from feedback.demo.clocks import Clocks, Rulings
from feedback.demo.drafts import Draft, Drafter
from feedback.demo.informing import Informer
from feedback.demo.paths import EDIT, RATINGS, going_on, path_of
from feedback.demo.pen import Pen
from feedback.demo.rows import Tables, key_of, line
from feedback.demo.told import Told
from feedback.demo.words import Words, choose, text_of
from feedback.demo.world import OPERATOR, SYSTEM, Person, World
from feedback.obligations import PROMPT, first_of, opened_by
from feedback.transitions import MOVES, Move

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
TOLD_OF = {S.FORWARDED, S.RETURNED, S.ANSWERED, S.ASSIGNED, S.IN_REVIEW, S.CHECKED, S.CONFIRMED}
RATING_HOURS = (4, 90)
WAITING_HOURS = (20, 110)
URGENT = {"S1": 0.09, "S2": 0.34, "S3": 1.0, "S4": 1.5}
UNHURRIED = (S.PUBLISHED, S.CLOSED, S.IN_REVIEW, S.RECEIVED)
LATE_TAIL, LEFT_LYING = timedelta(days=70), 0.05
REASON_KEYS = {
    (S.WAITING, S.TRIAGED): "resumed",
    (S.FORWARDED, S.TRIAGED): "taken_back",
    (S.ASSIGNED, S.TRIAGED): "given_back",
    (S.CHECKED, S.ANSWERED): "unconfirmed",
    (S.MERGED, S.RECEIVED): "unmerged",
    (S.OUT_OF_SCOPE, S.RECEIVED): "reopened",
    (S.TRANSFERRED, S.RECEIVED): "reopened",
}


class Teller:
    """Tells cases, one after the other, into the tables."""

    def __init__(self, world: World, words: Words, almanac: Almanac, *, cases: int) -> None:
        self.world, self.words, self.almanac = world, words, almanac
        self.now = almanac.now
        self.rulings = Rulings(world.reference)
        self.drafter = Drafter(world, words, almanac)
        self.pen, self.informer = Pen(world, words, self.rulings), Informer(world, self.now, cases=cases)
        self.begin(Tables(), Random(0), 1)

    def begin(self, tables: Tables, random: Random, next_reference: int) -> None:
        """Tell into these tables from now on, with nothing left of what was told before."""
        self.tables, self.random, self.drafter.random = tables, random, random
        self.pen.begin(tables, random)
        self.informer.begin(tables, random)
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
            self.informer.sweep(case, at)
            self._act(case, act, at, twin)
        self.informer.sweep(case, self.now - timedelta(days=1) if leave_last_step else self.now)
        self.pen.case(case)
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
        self.pen.history(case, "", "+", case.recorded_by, at)
        self.pen.submission(case)
        return case

    def _recorder(self, draft: Draft) -> Person | None:
        style = draft.door.habit.style
        if style == OPERATOR:
            return choose(self.random, self.world.people["operator"])
        if style == SYSTEM:
            return draft.door.person
        return None if draft.door.source == "public" else choose(self.random, self.world.people["officer"])

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
            opens = opened_by(case.draft.kind, step, met)
            if PROMPT in opens and any(
                clock.obligation == PROMPT and clock.on_time is not None for clock in clocks.all
            ):
                opens = tuple(one for one in opens if one != PROMPT)  # its facility reported before
            clocks.start(opens, case.facts(), at=at, by=by)
            if PROMPT in opens:
                self._report_promptly(case, at)
        case.due_at = clocks.next_due()
        self.pen.history(case, reason, "~", by, at)
        if to in TOLD_OF and at > self.informer.since:
            self.informer.tell(case, f"v{case.version}", f"case_{to}", self.informer.whose_turn(case, to) - {by.id}, at)
        if self.random.random() < 0.06:
            self._note(case, at, by)

    def _report_promptly(self, case: Told, at: datetime) -> None:
        """`feedback.press.reporting.report`, by two facilities in three, before anybody is reminded; the others are
        late, or answer in full instead. The reports themselves are written afterwards (`feedback.demo.press`)."""
        reported_at = at + timedelta(minutes=15 + case.id * 7 % 40)
        if case.id % 3 and reported_at <= self.now and case.facility and case.facility.people:
            case.clocks.finish((PROMPT,), at=reported_at, by=case.facility.people[0])

    def _apply(self, case: Told, to: Status, step: Move, by: Person, at: datetime, twin: Told | None) -> None:
        """What the move writes: texts of their own here, fields of the case by the table's own function."""
        if to == S.ANSWERED and case.status != S.CHECKED:
            self.pen.answer(case, by, at)
        elif to == S.REPLIED:
            self.pen.reply(case, by, at)
        elif to == S.WAITING:
            self.pen.note(case, at, by, choose(self.random, self.words.questions), Audience.CITIZEN)
        elif to == S.MERGED:
            case.merged_into = twin
            self.pen.merge(case, by, at)
        elif case.status == S.MERGED:
            case.merged_into = None
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
            return {"public_summary": self.pen.worded(self.words.summaries, case)}
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
        self.pen.history(case, reason, "~", by, at)

    def _rate(self, case: Told, answer: str, at: datetime) -> None:
        """`feedback.services.rate`: the reporter's word on the follow-up page."""
        case.satisfaction, case.version = answer, case.version + 1
        self.pen.history(case, "", "~", self.world.engine, at)
        if answer != "no":
            return
        if self.random.random() < 0.7:
            text = choose(self.random, self.words.notes["unsatisfied"])
            self.pen.note(case, at, None, text, Audience.DEPARTMENT)
        if at > self.informer.since:
            leads = {person.id for person in self.world.people["lead"]}
            self.informer.tell(case, f"unsatisfied:v{case.version}", "case_unsatisfied", leads, at)

    # --- what is said on the way -------------------------------------------------------------------------------------

    def _note(self, case: Told, at: datetime, by: Person) -> None:
        """A remark now and then; of a facility's people for both sides."""
        random = self.random
        moment = at + timedelta(minutes=3 + int(random.random() * 50))
        if moment >= self.now:
            return
        drawn = random.random()
        if by.role.startswith("facility") or (case.is_released and drawn < 0.3):
            self.pen.note(case, moment, by, choose(random, self.words.notes["facility"]), Audience.FACILITY)
        elif drawn < 0.85 or by.role == "operator":
            self.pen.note(case, moment, by, choose(random, self.words.notes["department"]), Audience.DEPARTMENT)
        else:
            self.pen.note(case, moment, None, choose(random, self.words.notes["reporter"]), Audience.DEPARTMENT)


def _is_still_open(case: Told | None, at: datetime) -> bool:
    return case is not None and (case.ended_at is None or case.ended_at > at)
