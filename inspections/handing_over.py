"""What a leaver has open among the inspections, and how it moves (`accounts.handover`): places in teams, and lines of
plans that they lead. Whoever cannot inspect there, or goes already, is passed over."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.handover import Moved, OpenWork, register
from accounts.models import User
from inspections import messages
from inspections.choices import Status
from inspections.models import Inspection, Member, PlanLine
from inspections.people import conflict_of
from inspections.rules import CONDUCT, save

OPEN = (str(Status.PREPARED), str(Status.OPENED), str(Status.RECORDED))  # what is being corrected asks for its team too
TEAMS, LINES = _("Places in inspection teams"), _("Lines of inspection plans that they lead")


class _Turns:
    """Deals places out in turn among those who may go to a facility."""

    def __init__(self, receivers: Sequence[User]) -> None:
        # rights as they stand now, whatever the caller's copies remember
        self.able = [one for one in receivers if User.objects.get(pk=one.pk).has_perm(CONDUCT)]
        self.next = 0

    def heir(self, facility_id: int, taken: set[int]) -> User | None:
        for one in self._in_turn():
            if one.pk not in taken and conflict_of(one, facility_id, timezone.localdate()) is None:
                self.next = self.able.index(one) + 1
                return one
        return None

    def _in_turn(self) -> Iterator[User]:
        yield from (self.able[(self.next + step) % len(self.able)] for step in range(len(self.able)))


def _move_places(leaver: User, receivers: Sequence[User], by: Any) -> Moved:
    """Whoever takes a place over takes its role; where nobody can, the place falls away and says so."""
    held = Member.objects.filter(user=leaver, left_at=None, inspection__status__in=OPEN)
    rows = list(held.select_related("inspection").select_for_update(of=("self",)).order_by("inspection", "pk"))
    keys = [row.inspection_id for row in rows]
    seen = set(Inspection.objects.visible_to(by).filter(pk__in=keys).values_list("pk", flat=True))
    teams, turns, now = messages.team_of(keys), _Turns(receivers), timezone.now()
    moved = Moved(str(TEAMS), {one: [] for one in turns.able}, [], len(rows) - len(seen))
    for row in rows:
        row.left_at, row.left_by = now, by
        row.save(update_fields=["left_at", "left_by"])
        if row.inspection_id not in seen:
            continue
        heir = turns.heir(row.inspection.facility_id, teams[row.inspection_id])
        if heir is None:
            moved.returned.append(row.inspection.reference)
            continue
        Member.objects.create(inspection=row.inspection, user=heir, role=row.role, at=now, by=by)
        messages.tell_team(row.inspection, {heir.pk}, by=by)
        moved.to[heir].append(row.inspection.reference)
    return moved


def _move_lines(leaver: User, receivers: Sequence[User], by: Any) -> Moved:
    """Lines of which nothing was prepared yet. One that nobody takes over is led by whoever prepares its visit."""
    held = PlanLine.objects.filter(lead=leaver, is_struck=False, inspections=None)
    rows = list(held.select_related("plan").select_for_update(of=("self",)).order_by("plan", "pk"))
    seen = set(PlanLine.objects.visible_to(by).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    turns = _Turns(receivers)
    moved = Moved(str(LINES), {one: [] for one in turns.able}, [], len(rows) - len(seen))
    for row in rows:
        if row.pk not in seen:
            continue
        name = f"{row.plan} #{row.pk}"
        heir = turns.heir(row.facility_id, set())
        if heir is None:
            moved.returned.append(name)
            continue
        row.lead = heir
        save(row, by=by, reason="")
        moved.to[heir].append(name)
    return moved


def register_work() -> None:
    """Called once, when the apps are ready."""
    register("inspections.places", OpenWork(TEAMS, _move_places))
    register("inspections.lines", OpenWork(LINES, _move_lines))
