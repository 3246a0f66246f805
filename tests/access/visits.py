"""The rows of the addresses of inspections; what they are about is planted by `tests.access.planted_visits`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from inspections.choices import AmendmentState, CorrectionStatus, PlanStatus, Status
from tests.access import policy, visiting
from tests.access.cells import AWAY, DONE, GONE, LOGIN, NO, OK, REFUSED, WRONG_METHOD, Cell, Route, Target
from tests.access.visiting import CONDUCTORS, INSIDE, VISIT_READERS
from tests.files import PDF

REASON = "theo quyết định của Sở"
Expect = Callable[[Cell], str]
# their rows in SQL are asked for by `tests.inspections.test_visibility`
ON_VISITS = set(apps.get_app_config("inspections").get_models())
LINKED = {"division_1": "division_1", "division_2": "division_2"}  # a case that the reader sees


def visits(**more: Any) -> Callable[[Any], list[Target]]:
    """The page of every inspection, and of one that is not there."""

    def targets(world: Any) -> list[Target]:
        found = [Target({"inspection_id": one.pk} | more, case=name) for name, one in world.visits.items()]
        return [*found, Target({"inspection_id": world.absent} | more, case="visit_b", is_absent=True)]

    return targets


def demands(**more: Any) -> Callable[[Any], list[Target]]:
    def targets(world: Any) -> list[Target]:
        found = [Target({"correction_id": one.pk} | more, case=name) for name, one in world.demands.items()]
        return [*found, Target({"correction_id": world.absent} | more, case="demand_c", is_absent=True)]

    return targets


def _each(of: Any, statuses: Any) -> Callable[[Any], list[Target]]:
    return lambda world: [target for status in statuses for target in of(status=str(status))(world)]


def _findings(world: Any) -> list[Target]:
    """A's and C's, A's under C's inspection, and none."""
    a, c = world.visits["visit_a"].pk, world.visits["visit_c"].pk
    of_a, of_c = world.findings["visit_a"].pk, world.findings["visit_c"].pk
    return [
        Target({"inspection_id": a, "finding_id": of_a}, case="visit_a"),
        Target({"inspection_id": c, "finding_id": of_c}, case="visit_c"),
        Target({"inspection_id": c, "finding_id": of_a}, case="visit_c", note="elsewhere"),
        Target({"inspection_id": world.absent, "finding_id": of_a}, case="visit_a", is_absent=True),
    ]


def _gate(methods: str, readers: Any, then: Expect) -> Expect:
    """A page of the staff that takes these methods, for these readers; what one may not see is not there."""

    def expect(cell: Cell) -> str:
        if cell.reader in policy.OUTSIDE:
            return LOGIN
        if cell.method not in methods.split():
            return WRONG_METHOD
        if cell.reader not in readers:
            return NO
        is_there = not cell.target.is_absent and policy.sees(cell.reader, cell.target.case)
        return then(cell) if is_there or not cell.target.case else GONE

    return expect


def read(then: Expect = lambda cell: OK) -> Expect:
    return _gate("GET", VISIT_READERS, then)


def deed(where: str = "", done: str = DONE, *, needs_finding: bool = False) -> Expect:
    """A deed of those who conduct inspections, on those that stand so; the others are sent back."""

    def then(cell: Cell) -> str:
        if cell.reader not in CONDUCTORS:
            return NO
        if needs_finding and cell.target.note:
            return GONE
        if cell.target.case not in where.split():
            return AWAY
        return OK if cell.method == "GET" else done

    return _gate("GET POST", VISIT_READERS, then)


def _checklist(cell: Cell) -> str:
    found = deed("visit_hidden_a visit_b visit_c")(cell)
    return REFUSED if found == DONE and cell.target.case != "visit_c" else found


STEPS = {  # what whoever conducts inspections may do with each, and what comes of it
    "visit_a": {"closed": REFUSED},
    "visit_hidden_a": {"opened": DONE, "cancelled": DONE},
    "visit_b": {"opened": DONE, "cancelled": DONE},
    "visit_c": {"recorded": REFUSED, "cancelled": DONE},
    "demand_a": {"verified": DONE, "returned": DONE},
    "demand_a2": {"withdrawn": DONE, "answered": NO},
    "demand_c": {"dropped": DONE, "open": NO},
    "plan": {"draft": DONE},
}


def _amendments(world: Any) -> list[Target]:
    """The proposal to amend A's record, each decision on it, under another's inspection, and none."""
    a, b, made = world.visits["visit_a"].pk, world.visits["visit_b"].pk, world.amendment.pk
    states = [str(state) for state in AmendmentState]
    rows = [
        Target({"inspection_id": a, "amendment_id": made, "state": one}, case="visit_a", note=one) for one in states
    ]
    return [
        *rows,
        Target({"inspection_id": b, "amendment_id": made, "state": "agreed"}, case="visit_b", note="elsewhere"),
        Target({"inspection_id": a, "amendment_id": world.absent, "state": "agreed"}, case="visit_a", note="elsewhere"),
        Target(
            {"inspection_id": world.absent, "amendment_id": made, "state": "agreed"}, case="visit_a", is_absent=True
        ),
    ]


def _decision(cell: Cell) -> str:
    """Whoever proposed it takes it back; the others who inspect agree or refuse."""
    to = cell.target.note
    if cell.reader not in CONDUCTORS:
        return NO
    if to in ("elsewhere", "proposed"):
        return GONE
    if (to == "taken_back") != (cell.reader == "division_2"):
        return NO
    return OK if cell.method == "GET" else DONE


def _step(cell: Cell) -> str:
    steps = STEPS[cell.target.case]
    to = cell.target.args["status"]
    if to not in steps:
        return AWAY
    if cell.reader not in CONDUCTORS or steps[to] == NO:
        return NO
    return OK if cell.method == "GET" else steps[to]


def _answer(cell: Cell) -> str:
    if cell.reader != "facility_officer_a":
        return NO
    return AWAY if cell.target.case == "demand_a" else DONE if cell.method == "POST" else OK


def _listed(cell: Cell) -> str:
    if cell.reader in policy.OUTSIDE:
        return LOGIN
    if cell.reader not in VISIT_READERS:
        return NO
    return OK if not cell.target.query and cell.method != "POST" else REFUSED


def _alone(readers: Any) -> Expect:
    """A page about no record, for some."""
    return _gate("GET POST", readers, lambda cell: OK if cell.method == "GET" else DONE)


def _soon(days: int = 3) -> str:
    return (timezone.localtime() + timedelta(days=days)).strftime("%Y-%m-%dT08:00")


def _day(days: int = 9) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def _version(cell: Cell, world: Any) -> str:
    return str((world.visits | world.demands | {"plan": world.plan})[cell.target.case].version)


def _prepared(cell: Cell, world: Any) -> dict[str, str]:
    version = _version(cell, world) if cell.target.case in visiting.VISITS else "0"
    given = {"version": version, "topic": "Chuyên đề khác", "legal_basis": "Quyết định 9", "planned_at": _soon()}
    return given | {"facility": str(world.a.pk)}


def _judged(cell: Cell, world: Any) -> dict[str, str]:
    item = world.visit_items[cell.target.case].pk
    return {"version": _version(cell, world), f"result-{item}": "conforms", f"evidence-{item}": "Ảnh"}


def _finding(cell: Cell, world: Any) -> dict[str, str]:
    given = {"kind": "staff", "severity": "minor", "text": "Thiếu bảng tên.", "basis": "Điều 4"}
    return given | {
        "version": str(world.findings[cell.target.case].version) if "finding_id" in cell.target.args else "0"
    }


def _stepped(cell: Cell, world: Any) -> dict[str, str]:
    return {"version": _version(cell, world), "reason": REASON, "due_on": _day()}


def _answered(cell: Cell, world: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("anh.pdf", PDF)
    return {"version": _version(cell, world), "text": "Đã làm.", "files": file}


def _files(world: Any) -> list[Target]:
    """A's file under its own demand and under another, and one that is not there."""
    token = world.answer_file.token
    return [
        Target({"correction_id": world.demands["demand_a"].pk, "token": token}, case="demand_a"),
        Target({"correction_id": world.demands["demand_a2"].pk, "token": token}, case="demand_a2"),
        Target({"correction_id": world.absent, "token": token}, case="demand_a", is_absent=True),
    ]


def plans(**more: Any) -> Callable[[Any], list[Target]]:
    return lambda world: [
        Target({"plan_id": world.plan.pk} | more, case="plan"),
        Target({"plan_id": world.absent} | more, case="plan", is_absent=True),
    ]


def _lines(world: Any) -> list[Target]:
    return [
        Target({"plan_id": world.plan.pk, "line_id": world.plan_line.pk}, case="plan"),
        Target({"plan_id": world.plan.pk, "line_id": world.absent}, case="plan", is_absent=True),
    ]


def _of_plan(methods: str, then: Expect) -> Expect:
    return _gate(methods, INSIDE, then)


def _write_plan(cell: Cell) -> str:
    return AWAY if cell.reader in CONDUCTORS else NO  # it is approved


def _line_gate(cell: Cell) -> str:
    """Who may not write plans is refused before a line is looked for."""
    found = _of_plan("GET POST", _write_plan)(cell)
    return NO if found == GONE and cell.reader not in CONDUCTORS else found


def _planned(cell: Cell) -> str:
    if cell.reader in policy.OUTSIDE:
        return LOGIN
    if cell.method not in ("GET", "POST"):
        return WRONG_METHOD
    if cell.reader not in CONDUCTORS:
        return NO
    return GONE if cell.target.is_absent else OK if cell.method == "GET" else DONE


def _asked(*queries: str) -> Callable[[Any], list[Target]]:
    return lambda world: [Target(query=query, note=query) for query in ("", *queries)]


def _selecting(cell: Cell, world: Any) -> dict[str, Any]:
    return {"action": "delete_selected", "_selected_action": ["1", "2"], "index": "0", "select_across": "1"}


VISIT_QUERIES = ("?queue=coming", "?queue=prepared", "?queue=open", "?kind=unannounced", "?facility=1", "?queue=x",
                 "?q=zq42va", "?topic__contains=zq", "?o=1", "?after=1.1")  # fmt: skip
DEMAND_QUERIES = ("?queue=late", "?queue=to-verify", "?severity=serious", "?facility=1", "?queue=x", "?q=zq46vd",
                  "?text__contains=zq", "?o=1")  # fmt: skip
_V, _C, _P = "admin:inspections_inspection_", "admin:inspections_correctiveaction_", "admin:inspections_plan_"
VISIT_ROUTES: dict[str, Route] = {
    f"{_V}changelist": Route(_asked(*VISIT_QUERIES), _listed, _selecting),
    f"{_V}start": Route(_asked(), _alone(CONDUCTORS), _prepared),
    f"{_V}start_planned": Route(
        lambda world: [
            Target({"line_id": world.plan_line.pk}, case="plan"),
            Target({"line_id": world.absent}, case="plan", is_absent=True),
        ],
        _planned,
        _prepared,
    ),
    f"{_V}change": Route(visits(), read()),
    f"{_V}print": Route(visits(), read(lambda cell: OK if cell.target.case == "visit_a" else AWAY)),
    f"{_V}step": Route(_each(visits, Status), _gate("GET POST", VISIT_READERS, _step), _stepped),
    f"{_V}prepare": Route(visits(), deed("visit_hidden_a visit_b"), _prepared),
    f"{_V}team": Route(
        visits(),
        deed("visit_hidden_a visit_b visit_c"),
        lambda cell, world: {"user": str(world.people["officer_2"].pk), "role": "member"},
    ),
    f"{_V}trigger": Route(
        visits(),
        deed("visit_a visit_hidden_a visit_b visit_c"),
        lambda cell, world: {
            "reference": world.cases[LINKED.get(cell.reader, "new")].reference, "reason": REASON,
        },
    ),
    f"{_V}checklist": Route(visits(), _checklist, _judged),
    f"{_V}items": Route(
        visits(), deed("visit_hidden_a visit_b visit_c"), lambda cell, world: {"text": "Bảng tên", "basis": ""}
    ),
    f"{_V}record": Route(
        visits(), deed("visit_c"), lambda cell, world: {"version": _version(cell, world), "summary": "Đã xem."}
    ),
    f"{_V}amend": Route(
        visits(),
        deed("visit_a"),
        lambda cell, world: {"kind": "adds", "finding": "", "text": "Bổ sung.", "reason": REASON},
    ),
    f"{_V}amendment": Route(
        _amendments,
        _gate("GET POST", VISIT_READERS, _decision),
        lambda cell, world: {"version": str(world.amendment.version), "reason": REASON},
    ),
    f"{_V}find": Route(visits(), deed("visit_c"), _finding),
    f"{_V}finding": Route(_findings, deed("visit_c", needs_finding=True), _finding),
    f"{_V}demand": Route(
        _findings,
        deed("visit_c", needs_finding=True),
        lambda cell, world: {"version": "0", "text": "Sửa.", "due_on": _day()},
    ),
    f"{_C}changelist": Route(_asked(*DEMAND_QUERIES), _listed, _selecting),
    f"{_C}change": Route(demands(), read()),
    f"{_C}edit": Route(
        demands(),
        deed("demand_c"),
        lambda cell, world: {"version": _version(cell, world), "text": "Sửa khác.", "due_on": _day()},
    ),
    f"{_C}answer": Route(demands(), _gate("GET POST", VISIT_READERS, _answer), _answered),
    f"{_C}step": Route(_each(demands, CorrectionStatus), _gate("GET POST", VISIT_READERS, _step), _stepped),
    f"{_C}file": Route(_files, read(lambda cell: OK if cell.target.case == "demand_a" else GONE)),
    f"{_P}changelist": Route(_asked("?year=1", "?o=1"), _of_plan("GET", lambda cell: OK)),
    f"{_P}start": Route(
        _asked(), _alone(CONDUCTORS), lambda cell, world: {"version": "0", "year": "2099", "legal_basis": "Luật"}
    ),
    f"{_P}change": Route(plans(), _of_plan("GET", lambda cell: OK)),
    f"{_P}edit": Route(plans(), _of_plan("GET POST", _write_plan), lambda cell, world: {"version": "1"}),
    f"{_P}add_line": Route(plans(), _of_plan("GET POST", _write_plan), lambda cell, world: {"version": "1"}),
    f"{_P}line": Route(_lines, _line_gate, lambda cell, world: {"version": "1"}),
    f"{_P}step": Route(_each(plans, PlanStatus), _of_plan("GET POST", _step), _stepped),
}  # fmt: skip


def api_routes_of_visits(api: Callable[..., Expect], with_query: Callable[[Expect], Expect]) -> dict[str, Route]:
    """The same records by the API: for people what they see; a system reads them by a role that none here has."""

    def of(rows: str, absent: str) -> Callable[[Any], list[Target]]:
        def targets(world: Any) -> list[Target]:
            found = [Target({"reference": one.reference}, case=name) for name, one in getattr(world, rows).items()]
            return [*found, Target({"reference": absent}, case=found[0].case, is_absent=True)]

        return targets

    def there(cell: Cell) -> str:
        return OK if not cell.target.is_absent and policy.sees(cell.reader, cell.target.case) else GONE

    def refusing(known: str) -> Expect:
        asked, refused = api(VISIT_READERS), with_query(api(VISIT_READERS))
        return lambda cell: asked(cell) if cell.target.query == known else refused(cell)

    queries = _asked("?status=prepared", "?late=true", "?topic__contains=zq", "?summary=zq", "?ordering=id")
    return {
        "api:inspections": Route(queries, refusing("?status=prepared"), is_json=True),
        "api:inspection": Route(of("visits", "KT-2000-000001"), api(VISIT_READERS, then=there), is_json=True),
        "api:corrections": Route(queries, refusing("?late=true"), is_json=True),
        "api:correction": Route(of("demands", "YC-2000-000001"), api(VISIT_READERS, then=there), is_json=True),
    }
