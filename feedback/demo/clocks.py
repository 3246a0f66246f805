"""The clocks of one invented case: what `deadlines.services` and the sweep would have written, by the same rules."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from deadlines import standing
from deadlines.choices import LIVE, State
from deadlines.editions import Reference, Rulebook
from deadlines.ladders import Rung
from deadlines.planning import Judgement, judge
from deadlines.rules import WEIGHTS, fitting, legal_limit
from feedback.demo.plans import Plan, Plans, quick

SUBJECT = "feedback.case"
SWEEP_TAKES = timedelta(seconds=9)  # from a step's moment to the sweep that takes it
Facts = tuple[str, ...]  # the values of WEIGHTS, in its order


class Rulings:
    """Which rule applies, remembered where the answer cannot change with the moment."""

    def __init__(self, reference: Reference) -> None:
        self.reference = quick(reference)
        self.plans = Plans(self.reference)
        self._known: dict[tuple[str, Facts], Judgement | None] = {}
        self._narrow: dict[tuple[str, Facts], Reference] = {}
        self._texts: dict[tuple[str, str, str], str] = {}
        rules = [rule for group in reference.book.rules.values() for rule in group]
        self._has_dated = any(rule.valid_from or rule.valid_to for rule in rules)
        self._asked = [{rule.conditions[name] for rule in rules if name in rule.conditions} for name in WEIGHTS]

    def on(self, obligation: str, facts: Facts, start: datetime) -> Judgement | None:
        """The judgement of `deadlines.planning.judge`; values that no rule asks for are all alike."""
        facts = tuple([fact if fact in asked else "" for fact, asked in zip(facts, self._asked, strict=True)])
        key = (obligation, facts)
        if key in self._known:
            return self._known[key]
        named = dict(zip(WEIGHTS, facts, strict=True))
        found = judge(self._narrow.get(key, self.reference), SUBJECT, obligation, start, named)
        if not self._has_dated and key not in self._narrow:
            fit = fitting(self.reference.book.rules.get((SUBJECT, obligation), ()), named, start.date())
            law = legal_limit(fit)
            if law is None:
                self._known[key] = found
            else:  # a law and a policy: which ends first depends on the moment, but only these two matter
                book = Rulebook({(SUBJECT, obligation): (fit[0], law)}, self.reference.book.ladders)
                self._narrow[key] = Reference(self.reference.calendars, book)
        return found

    def text_of(self, derivation: dict[str, Any]) -> str:
        """How a clock was computed, ready for COPY."""
        if "earlier" in derivation:
            return _as_json(derivation)
        key = (derivation["rule"], derivation.get("within", ""), derivation.get("replaces", ""))
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = _as_json(derivation)
        return text


@dataclass(slots=True)
class Clock:
    """One deadline, from its start to where it stands."""

    id: int
    obligation: str
    cycle: int
    starts_at: datetime
    judgement: Judgement
    planned: Plan
    original_due_at: datetime
    planned_at: datetime
    by: Any
    state: str = State.RUNNING
    step: int = 0
    level: int = 0
    finished_at: datetime | None = None
    on_time: bool | None = None
    paused_at: datetime | None = None
    paused_total: timedelta | None = None
    stands_until: datetime | None = None
    ended_by: Any = None
    derivation: dict[str, Any] = field(default_factory=dict)
    pauses: list[tuple[int, datetime, datetime | None, str, Any, Any]] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    @property
    def due_at(self) -> datetime:
        return self.planned.due_at

    @property
    def next_at(self) -> datetime | None:
        moments = self.planned.moments
        return moments[self.step] if self.state == State.RUNNING and self.step < len(moments) else None


@dataclass(frozen=True, slots=True)
class Fired:
    """A step of a ladder that was taken: a row of the ledger."""

    clock: Clock
    rung: Rung
    moment: datetime
    at: datetime


class Clocks:
    """All clocks of one case."""

    def __init__(self, rulings: Rulings, number: Callable[[], int], pause_number: Callable[[], int]) -> None:
        self.rulings = rulings
        self.number, self.pause_number = number, pause_number
        self.all: list[Clock] = []

    @property
    def reference(self) -> Reference:
        return self.rulings.reference

    def start(self, obligations: Iterable[str], facts: Facts, *, at: datetime, by: Any) -> None:
        """`deadlines.services.open_deadline`."""
        for obligation in obligations:
            earlier = [clock for clock in self.all if clock.obligation == obligation]
            if earlier and any(clock.state in LIVE for clock in earlier):
                continue
            judgement = self.rulings.on(obligation, facts, at)
            if judgement is None:
                continue
            planned = self.rulings.plans.plan(judgement.rule, at)
            self.all.append(
                Clock(
                    id=self.number(),
                    obligation=obligation,
                    cycle=len(earlier) + 1,
                    starts_at=at,
                    judgement=judgement,
                    planned=planned,
                    original_due_at=planned.due_at,
                    planned_at=at,
                    by=by,
                    derivation=judgement.derivation,
                )
            )

    def finish(self, obligations: Sequence[str], *, at: datetime, by: Any) -> set[str]:
        """`deadlines.services.finish`: the verdict for good. Returns the obligations that were met."""
        met = [clock for clock in self.all if clock.obligation in obligations and clock.state in LIVE]
        for clock in met:
            self._end_pause(clock, at=at, by=by)
            clock.state, clock.finished_at, clock.on_time = State.DONE, at, at <= clock.due_at
            clock.ended_by = by
        return {clock.obligation for clock in met}

    def drop(self, obligations: Sequence[str], *, at: datetime, by: Any) -> None:
        """`deadlines.services.cancel`: no verdict."""
        for clock in self.all:
            if clock.obligation in obligations and clock.state in LIVE:
                self._end_pause(clock, at=at, by=by)
                clock.state, clock.ended_by = State.CANCELLED, by

    def pause(self, *, at: datetime, by: Any, reason: str) -> None:
        """`deadlines.services.pause`."""
        for clock in self.all:
            if clock.state == State.RUNNING and not standing.never_stands(clock.derivation):
                begins = max([at, clock.starts_at, *(ends for _id, _at, ends, *_rest in clock.pauses if ends)])
                clock.state, clock.paused_at = State.PAUSED, begins
                clock.stands_until = standing.latest_end(clock.derivation, begins, clock.paused_total)
                clock.pauses.append((self.pause_number(), begins, None, reason, by, None))

    def resume(self, *, at: datetime, by: Any) -> None:
        """`deadlines.services.resume`."""
        for clock in self.all:
            self._end_pause(clock, at=at, by=by)

    def reconsider(self, facts: Facts, *, at: datetime, by: Any, reason: str) -> None:
        """`deadlines.services.reconsider`: live clocks follow the rules that fit now, from the same start."""
        for clock in self.all:
            judgement = self.rulings.on(clock.obligation, facts, clock.starts_at) if clock.state in LIVE else None
            if judgement is None or judgement.rule.pk == clock.judgement.rule.pk:
                continue
            before = {
                "rule": clock.derivation["rule"],
                "due_at": clock.due_at.isoformat(),
                "reason": reason,
                "by": by.id,
                "at": at.isoformat(),
            }
            clock.derivation = {**judgement.derivation, "earlier": [*clock.derivation.get("earlier", []), before]}
            clock.judgement = judgement
            self._replan(clock, at=at)

    def advance(self, until: datetime) -> Iterable[Fired]:
        """Take the steps that a sweep took by then, in the order of the clocks."""
        for clock in self.all:
            moments = clock.planned.moments
            while clock.state == State.RUNNING and clock.step < len(moments):
                moment = moments[clock.step]
                swept = max(moment, clock.planned_at) + SWEEP_TAKES  # a plan made later may begin with what is past
                if swept > until:
                    break
                position = clock.planned.positions[clock.step]
                rung = self.reference.book.ladders[clock.judgement.rule.ladder_id][position]
                clock.step += 1
                clock.level = max(clock.level, rung.level)
                clock.taken.add(position)
                yield Fired(clock, rung, moment, swept)

    def next_due(self) -> datetime | None:
        """The nearest due moment of what runs."""
        return min((clock.due_at for clock in self.all if clock.state == State.RUNNING), default=None)

    def _end_pause(self, clock: Clock, *, at: datetime, by: Any) -> None:
        if clock.state != State.PAUSED:
            return
        number, begins, _open, reason, paused_by, _nobody = clock.pauses.pop()
        ends = max(min(at, clock.stands_until or at), begins)
        clock.pauses.append((number, begins, ends, reason, paused_by, by))
        clock.state, clock.paused_at, clock.stands_until = State.RUNNING, None, None
        clock.paused_total = (clock.paused_total or timedelta()) + (ends - begins)
        self._replan(clock, at=ends)

    def _replan(self, clock: Clock, *, at: datetime) -> None:
        ended = [(begins, ends) for _id, begins, ends, *_rest in clock.pauses if ends]
        clock.planned = self.rulings.plans.plan(clock.judgement.rule, clock.starts_at, pauses=ended, taken=clock.taken)
        clock.step, clock.planned_at = 0, at


def _as_json(derivation: dict[str, Any]) -> str:
    return json.dumps(derivation, ensure_ascii=False).replace("\\", "\\\\")
