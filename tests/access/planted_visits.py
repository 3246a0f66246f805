"""Inspections of the planted world: one that was opened and recorded, three that facilities know nothing of, a plan."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from inspections import amending, checklist, correcting, planning, preparing, recording
from inspections.choices import PlanStatus, Status
from inspections.models import Answer, ChecklistItem, CorrectiveAction, Finding, Inspection, Plan, PlanLine
from tests.inspections import factories as make

NUMBERS = {
    "visit_a": 40, "visit_hidden_a": 41, "visit_b": 42, "visit_c": 43, "demand_a": 44, "demand_a2": 45,
    "demand_c": 46, "plan": 47,
}  # fmt: skip


def plant(world: Any, planted: Callable[[int, str], str]) -> None:
    """Everything by people whom nothing keeps from any facility."""
    world.numbers |= NUMBERS
    world.visits, world.demands, world.findings = {}, {}, {}
    by = world.by("division_2")
    _plan(world, planted)
    for name, letter in (("visit_a", "a"), ("visit_hidden_a", "a"), ("visit_b", "b"), ("visit_c", "c")):
        number = NUMBERS[name]
        made = make.visit(
            by, getattr(world, letter), topic=f"Kiểm tra đột xuất {planted(number, 'va')}",
            legal_basis=f"Quyết định {planted(number, 'vb')}",
        )  # fmt: skip
        checklist.add_own(made, f"Bảng giá {planted(number, 'vc')}", "", by=by)
        trigger = world.cases["forwarded_b" if letter == "b" else "forwarded_a"]
        preparing.add_trigger(made, trigger, by=world.by("officer_2"), reason=f"nhiều phản ánh {planted(number, 'vt')}")
        if name in ("visit_a", "visit_c"):
            made = make.step(made, Status.OPENED, by, f"đã công bố {planted(number, 'vr')}")
            _found(world, made, planted, name)
        world.visits[name] = made
    _record(world, planted)
    for rows, model in ((world.visits, Inspection), (world.demands, CorrectiveAction)):
        for name, row in rows.items():
            rows[name] = model.objects.get(pk=row.pk)
    world.visit_items = {name: ChecklistItem.objects.filter(inspection=row)[0] for name, row in world.visits.items()}


def _plan(world: Any, planted: Callable[[int, str], str]) -> None:
    by, number = world.by("division_2"), NUMBERS["plan"]
    plan = planning.begin(timezone.localdate().year, f"Luật {planted(number, 'vl')}", by=by)
    given = {"facility": world.b, "period": "q4", "topic": f"Dược {planted(number, 'vp')}", "lead": by}
    planning.put_line(plan, given, by=by, version=plan.version)
    make.step_plan(plan, PlanStatus.WAITING, by)
    make.step_plan(plan, PlanStatus.APPROVED, world.by("lead_2"))
    world.plan, world.plan_line = Plan.objects.get(), PlanLine.objects.get()


def _found(world: Any, visit: Inspection, planted: Callable[[int, str], str], name: str) -> None:
    by, letter = world.by("division_2"), name[-1]
    finding = make.found(visit, by, kind="fees", text=f"Thu sai giá {planted(NUMBERS[name], 'vf')}")
    world.findings[name] = Finding.objects.get(pk=finding.pk)
    wanted = [f"demand_{letter}"] if letter == "c" else ["demand_a", "demand_a2"]
    if len(wanted) > 1:
        recording.demand(finding, "x", timezone.localdate() + timedelta(days=9), by=by)
    rows = CorrectiveAction.objects.filter(inspection=visit).order_by("pk")
    for demand, row in zip(wanted, rows, strict=True):
        text = f"Niêm yết lại {planted(NUMBERS[demand], 'vd')}"
        world.demands[demand] = recording.demand(finding, text, row.due_on, by=by, correction=row, version=row.version)


def _record(world: Any, planted: Callable[[int, str], str]) -> None:
    by, visit = world.by("division_2"), world.visits["visit_a"]
    make.write_record(visit, by, f"Đoàn kết luận {planted(NUMBERS['visit_a'], 'vs')}")
    world.visits["visit_a"] = make.step(visit, Status.RECORDED, by)
    demand = CorrectiveAction.objects.get(pk=world.demands["demand_a"].pk)
    number = NUMBERS["demand_a"]
    correcting.answer(
        demand, f"Đã niêm yết {planted(number, 'vw')}", [make.evidence(f"{planted(number, 'vn')}.pdf")],
        by=world.by("facility_officer_a"), version=demand.version,
    )  # fmt: skip
    world.amendment = amending.propose(
        world.visits["visit_a"],
        {"kind": "corrects", "text": f"Nay là {planted(NUMBERS['visit_a'], 'vx')}", "reason": "đối chiếu sổ"}, by=by,
    )  # fmt: skip
    world.answer_file = Answer.objects.get().files.get()
