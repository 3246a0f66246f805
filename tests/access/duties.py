"""The rows of the addresses of directives; what they are about is planted by `tests.access.planted_duties`."""

from collections.abc import Callable
from typing import Any

from tests.access import policy
from tests.access.cells import AWAY, DONE, GONE, LOGIN, NO, OK, WRONG_METHOD, Cell, Route, Target

REASON = "để kiểm tra quyền xem"

Expect = Callable[[Cell], str]


def directives(**more: Any) -> Callable[[Any], list[Target]]:
    """The page of every directive, and of one that is not there."""

    def targets(world: Any) -> list[Target]:
        found = [Target({"directive_id": one.pk} | more, case=name) for name, one in world.directives.items()]
        return [*found, Target({"directive_id": world.absent} | more, case="directive_a", is_absent=True)]

    return targets


def of_directive(methods: str, then: Expect) -> Expect:
    """A page under a directive: what did not reach one's facility is not there."""

    def expect(cell: Cell) -> str:
        if cell.reader in policy.OUTSIDE:
            return LOGIN
        if cell.method not in methods.split():
            return WRONG_METHOD
        if cell.reader not in policy.DIRECTIVE_READERS:
            return NO
        is_there = not cell.target.is_absent and policy.sees(cell.reader, cell.target.case)
        return then(cell) if is_there else GONE

    return expect


def kept_by(done: str = DONE) -> Expect:
    """A deed of those who take care of the register."""

    def then(cell: Cell) -> str:
        if cell.reader not in policy.REGISTER_KEEPERS:
            return NO
        return done if cell.method == "POST" else OK

    return of_directive("GET POST", then)


def _listed(cell: Cell) -> str:
    if cell.reader in policy.OUTSIDE:
        return LOGIN
    if cell.reader not in policy.DIRECTIVE_READERS or cell.method != "GET":
        return NO
    return OK


def _version(cell: Cell, world: Any) -> str:
    return str(world.directives[cell.target.case].version)


def _superseding(cell: Cell, world: Any) -> dict[str, str]:
    name = cell.target.case
    other = "directive_b" if name == "directive_a" else "directive_a"
    choice = {f"choice-{world.obligations[name].pk}": "carry"}
    newer = str(world.directives[other].pk)
    return {"version": _version(cell, world), "newer": newer, "reason": REASON, **choice}


def _line(cell: Cell, world: Any) -> dict[str, str]:
    other = "directive_b" if cell.target.case == "directive_a" else "directive_a"
    return {"relation": "continues", "other": str(world.directives[other].pk)}


def _letters(world: Any) -> list[Target]:
    found = [Target({"draft_id": one.pk}, case=name) for name, one in world.letters.items()]
    return [*found, Target({"draft_id": world.absent}, case="directive_a", is_absent=True)]


def _reading(cell: Cell) -> str:
    if cell.reader in policy.OUTSIDE:
        return LOGIN
    if cell.method not in ("GET", "POST"):
        return WRONG_METHOD
    if cell.reader not in policy.REGISTER_KEEPERS:
        return NO
    return GONE if cell.target.is_absent else DONE if cell.method == "POST" else OK


def _being_read(cell: Cell) -> list[tuple[str, str]]:
    return [(name, "gi") for name in policy.DIRECTIVES] if cell.reader in policy.REGISTER_KEEPERS else []


def duties(**more: Any) -> Callable[[Any], list[Target]]:
    """The page of every assignment, and of one that is not there."""

    def targets(world: Any) -> list[Target]:
        found = [Target({"assignment_id": one.pk} | more, case=name) for name, one in world.assignments.items()]
        return [*found, Target({"assignment_id": world.absent} | more, case="duty_a", is_absent=True)]

    return targets


def of_status(world: Any) -> list[Target]:
    statuses = ("open", "submitted", "returned", "checked", "accepted", "withdrawn")
    return [target for status in statuses for target in duties(status=status)(world)]


def _proofs(world: Any) -> list[Target]:
    found = [Target({"token": file.token}, case=name) for name, file in world.proofs.items()]
    return [*found, Target({"token": "0" * 32}, case="duty_a", is_absent=True)]


def _proof(cell: Cell) -> str:
    is_shown = cell.target.case == "duty_a" or cell.reader in policy.FACILITIES
    return OK if is_shown else GONE


def _owns(cell: Cell) -> bool:
    return cell.reader in policy.INCIDENT_WRITERS and policy.sees(cell.reader, cell.target.case)


def _write(cell: Cell) -> str:
    if not _owns(cell):
        return NO
    if cell.target.case == "duty_a":
        return AWAY
    return DONE if cell.method == "POST" else OK


DUTY_STEPS = {"duty_a": {"returned", "checked", "accepted"}, "duty_b": {"submitted"}, "duty_c": set()}


def _duty_step(cell: Cell) -> str:
    name, to = cell.target.case, cell.target.args["status"]
    if to not in DUTY_STEPS[name]:
        return AWAY
    may = _owns(cell) if name == "duty_b" else cell.reader in policy.REPORT_CHECKERS and to != "checked"
    return NO if not may else DONE if cell.method == "POST" else OK


def _take_over(cell: Cell) -> str:
    if cell.target.case != "duty_c" or cell.reader not in policy.REGISTER_KEEPERS:
        return NO
    return DONE if cell.method == "POST" else OK


def _duty_body(cell: Cell, world: Any) -> dict[str, str]:
    return {"version": str(world.assignments[cell.target.case].version), "reason": REASON}


def _map(cell: Cell) -> str:
    if cell.reader in policy.OUTSIDE:
        return LOGIN
    if cell.method != "GET":
        return WRONG_METHOD
    return OK if cell.reader in policy.DIRECTIVE_READERS else NO


DUTY_QUERIES = (
    "?queue=all", "?queue=x", "?facility=1", "?directive=x", "?p=9", "?p=-1", "?reports__narrative__contains=zq", "?o=1"
)  # fmt: skip
DUTY_ROUTES: dict[str, Route] = {
    "admin:directives_assignment_changelist": Route(
        lambda world: [Target(query=query, note=query) for query in ("", *DUTY_QUERIES)], _listed
    ),
    "admin:directives_assignment_heat_map": Route(
        lambda world: [
            Target(query=query, note=query) for query in ("", "?type=BVDK", "?directive=1", "?area=x", "?p=3")
        ],
        _map,
    ),
    "admin:directives_assignment_evidence": Route(_proofs, of_directive("GET", _proof)),
    "admin:directives_assignment_change": Route(duties(), of_directive("GET", lambda cell: OK)),
    "admin:directives_assignment_write": Route(
        duties(), of_directive("GET POST", _write), lambda cell, world: {"version": "1", "narrative": "Đã làm khác."}
    ),
    "admin:directives_assignment_step": Route(of_status, of_directive("GET POST", _duty_step), _duty_body),
    "admin:directives_assignment_take_over": Route(duties(), of_directive("GET POST", _take_over), _duty_body),
}
QUERIES = ("?q=zq90gb", "?state=ended", "?state=x", "?number__contains=90", "?note__contains=zq", "?o=1")
DIRECTIVE_ROUTES: dict[str, Route] = {
    "admin:directives_directive_changelist": Route(
        lambda world: [Target(query=query, note=query) for query in ("", *QUERIES)], _listed
    ),
    "admin:directives_directive_begin": Route(
        lambda world: [Target()],
        _reading,
        lambda cell, world: {"text": "Các bệnh viện gửi báo cáo."},
        _being_read,
    ),
    "admin:directives_directive_reading": Route(
        _letters, _reading, lambda cell, world: {"version": "1", "save": "1"}, _being_read
    ),
    "admin:directives_directive_change": Route(directives(), of_directive("GET", lambda cell: OK)),
    "admin:directives_directive_document": Route(directives(position=1), of_directive("GET", lambda cell: OK)),
    "admin:directives_directive_correct": Route(
        directives(),
        kept_by(),
        lambda cell, world: {
            "version": _version(cell, world), "issuer": "Sở Y tế", "subject": "Khác", "reason": REASON,
        },
    ),
    "admin:directives_directive_relate": Route(directives(), kept_by(), _line),
    "admin:directives_directive_supersede": Route(directives(), kept_by(), _superseding),
}  # fmt: skip
