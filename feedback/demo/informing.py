"""Who is told of a case: by the steps of its clocks, and by moves that make it somebody's turn."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from deadlines.choices import Role
from deadlines.telling import stand_ins
from feedback.choices import Status
from feedback.demo.clocks import Fired
from feedback.demo.rows import Tables, line
from feedback.demo.told import Told
from feedback.demo.world import Person, World
from notifications.templates import PROVISIONAL

S = Status
INBOX_DAYS, INBOX_CASES = 14, 20_000


class Informer:
    """Writes the ledger of the sweep and the messages of the last weeks.

    cases: how many are told in all; of very many, fewer days are told of."""

    def __init__(self, world: World, now: datetime, *, cases: int) -> None:
        self.world, self.now = world, now
        self.since = now - timedelta(days=INBOX_DAYS * min(1, INBOX_CASES / max(cases, 1)))
        self.read_before = now - timedelta(days=2)
        self.begin(Tables(), Random(0))

    def begin(self, tables: Tables, random: Random) -> None:
        self.tables, self.random = tables, random

    def sweep(self, case: Told, until: datetime) -> None:
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
            if fired.at > self.since:
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

    def whose_turn(self, case: Told, to: Status) -> set[int]:
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

    def tell(self, case: Told, occasion: str, template: str, people: set[int], at: datetime) -> None:
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
