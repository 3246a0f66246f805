"""The addresses of review, annual packs, emulation, closing and documents; what they are about is planted by
`tests.access.planted_yearly`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from directives.choices import FileForm, MeritState
from tests.access import policy
from tests.access.cells import AWAY, DONE, GONE, LOGIN, NO, OK, REFUSED, WRONG_METHOD, Cell, Route, Target
from tests.access.duties import directives, kept_by, of_directive

REASON = "để kiểm tra quyền xem"
KEEPERS, READERS = policy.REGISTER_KEEPERS, policy.REGISTER_READERS
DECIDERS = policy.LEADS | {"director"}
Expect = Callable[[Cell], str]


# --- what is asked ---------------------------------------------------------------------------------------------------


def _asking(*queries: str) -> Callable[[Any], list[Target]]:
    return lambda world: [Target(query=query, note=query) for query in ("", *queries)]


def _read_by(readers: frozenset[str], then: str = OK) -> Expect:
    """A page without a record in its address, only looked at."""

    def expect(cell: Cell) -> str:
        if cell.reader in policy.OUTSIDE:
            return LOGIN
        if cell.method != "GET":
            return WRONG_METHOD
        return then if cell.reader in readers else NO

    return expect


def _seen(methods: str, readers: frozenset[str], then: Expect) -> Expect:
    """A page of one record: refused to those who have no such pages, absent for those who do not see it."""

    def expect(cell: Cell) -> str:
        if cell.reader in policy.OUTSIDE:
            return LOGIN
        if cell.method not in methods.split():
            return WRONG_METHOD
        if cell.reader not in readers:
            return NO
        if cell.target.is_absent or not policy.sees(cell.reader, cell.target.case):
            return GONE
        return then(cell)

    return expect


def _packs(**more: Any) -> Callable[[Any], list[Target]]:
    def targets(world: Any) -> list[Target]:
        found = Target({"year": world.pack.year, "number": 1} | more, case="pack")
        return [found, Target({"year": world.pack.year, "number": 9} | more, case="pack", is_absent=True)]

    return targets


def _files(world: Any) -> list[Target]:
    return [target for form in FileForm.values for target in _packs(form=form)(world)]


def _preview(cell: Cell) -> str:
    """Nobody sends the mark of the figures here, so nothing is frozen."""
    if cell.reader in policy.OUTSIDE:
        return LOGIN
    if cell.method not in ("GET", "POST"):
        return WRONG_METHOD
    if cell.reader not in READERS:
        return NO
    if cell.target.is_absent:
        return GONE
    return OK if cell.method == "GET" else REFUSED if cell.reader in KEEPERS else NO


def _years(world: Any) -> list[Target]:
    return [Target({"year": world.pack.year}), Target({"year": 1999}, is_absent=True)]


def _begin(cell: Cell) -> str:
    if cell.reader in policy.OUTSIDE:
        return LOGIN
    if cell.method not in ("GET", "POST"):
        return WRONG_METHOD
    if cell.reader not in KEEPERS:
        return NO
    return DONE if cell.method == "POST" else OK


def _days(cell: Cell, world: Any) -> dict[str, str]:
    today = timezone.localdate()
    return {"starts_on": f"{today - timedelta(days=90)}", "ends_on": f"{today}"}


def _rounds(**more: Any) -> Callable[[Any], list[Target]]:
    def targets(world: Any) -> list[Target]:
        found = [Target({"round_id": one.pk} | more, case=name) for name, one in world.rounds.items()]
        return [*found, Target({"round_id": world.absent} | more, case="round", is_absent=True)]

    return targets


def _publish(cell: Cell) -> str:
    if cell.reader not in DECIDERS:
        return NO
    return OK if cell.method == "GET" else DONE if cell.target.case == "round_new" else REFUSED


def _of_facility(world: Any) -> list[Target]:
    """A's, and C's, of which the team is kept from all; by the proposals' names, which say who sees whom."""
    pk = world.rounds["round_new"].pk
    return [
        Target({"round_id": pk, "facility_id": world.a.pk}, case="merit_a"),
        Target({"round_id": pk, "facility_id": world.c.pk}, case="merit_c"),
        Target({"round_id": pk, "facility_id": world.absent}, case="merit_a", is_absent=True),
    ]


def _propose(cell: Cell) -> str:
    """Whoever does not see the round finds nothing; of those who do, the keepers propose."""
    if cell.reader in policy.OUTSIDE:
        return LOGIN
    if cell.method not in ("GET", "POST"):
        return WRONG_METHOD
    if cell.reader not in policy.DIRECTIVE_READERS:
        return NO
    if cell.reader in policy.FACILITIES:
        return GONE
    if cell.reader not in KEEPERS:
        return NO
    if cell.target.is_absent or not policy.sees(cell.reader, cell.target.case):
        return GONE
    return DONE if cell.method == "POST" else OK


def _proposing(cell: Cell, world: Any) -> dict[str, str]:
    duty = world.assignments["duty_a" if cell.target.case == "merit_a" else "duty_c"]
    return {"kind": "sanction", "reason": REASON, "evidence": str(duty.pk)}


def _merits(**more: Any) -> Callable[[Any], list[Target]]:
    def targets(world: Any) -> list[Target]:
        found = [Target({"proposal_id": one.pk} | more, case=name) for name, one in world.merits.items()]
        return [*found, Target({"proposal_id": world.absent} | more, case="merit_a", is_absent=True)]

    return targets


def _of_state(world: Any) -> list[Target]:
    states = (MeritState.AGREED, MeritState.REFUSED, MeritState.TAKEN_BACK)
    return [target for state in states for target in _merits(state=str(state))(world)]


def _decide(cell: Cell) -> str:
    is_own = cell.reader == "division_2"  # who proposed both
    may = is_own if cell.target.args["state"] == MeritState.TAKEN_BACK else cell.reader in DECIDERS
    return NO if not may else DONE if cell.method == "POST" else OK


def _documents(world: Any) -> list[Target]:
    found = [Target({"evidence_id": file.evidence_id}, case=name) for name, file in world.proofs.items()]
    return [*found, Target({"evidence_id": world.absent}, case="duty_a", is_absent=True)]


def _document(cell: Cell) -> str:
    """B's was not handed in; nobody sends a file here."""
    is_shown = cell.target.case == "duty_a" or cell.reader in policy.FACILITIES
    if not is_shown:
        return GONE
    if cell.method == "GET":
        return OK
    return REFUSED if cell.reader in policy.INCIDENT_WRITERS else NO


def _obligations(world: Any) -> list[Target]:
    found = [Target({"obligation_id": one.pk}, case=name) for name, one in world.obligations.items()]
    return [*found, Target({"obligation_id": world.absent}, case="directive_a", is_absent=True)]


def _away(cell: Cell) -> str:
    """It is in force, or open: there is nothing to take back."""
    return AWAY if cell.reader in KEEPERS else NO


def _closing(cell: Cell, world: Any) -> dict[str, str]:
    name = cell.target.case
    row = world.obligations[name] if "obligation_id" in cell.target.args else world.directives[name]
    return {"version": str(row.version), "reason": REASON, "way": "withdraw"}


_ASSIGNMENT, _DIRECTIVE = "admin:directives_assignment_", "admin:directives_directive_"
YEARLY_ROUTES: dict[str, Route] = {
    f"{_ASSIGNMENT}review": Route(
        _asking("?year=2026", "?year=x", "?area=x", "?directive=1", "?report__narrative__contains=zq"),
        _read_by(policy.DIRECTIVE_READERS),
    ),
    f"{_ASSIGNMENT}review_file": Route(_asking("?type=BVDK"), _read_by(policy.DIRECTIVE_READERS)),
    f"{_ASSIGNMENT}packs": Route(_asking(), _read_by(READERS)),
    f"{_ASSIGNMENT}pack_preview": Route(
        _years, _preview, lambda cell, world: {"as_of": "2026-01-01T00:00:00+07:00", "digest": "0", "reason": REASON}
    ),
    f"{_ASSIGNMENT}pack": Route(_packs(), _seen("GET", READERS, lambda cell: OK)),
    f"{_ASSIGNMENT}pack_file": Route(_files, _seen("GET", READERS, lambda cell: OK)),
    f"{_ASSIGNMENT}scores": Route(_asking(), _read_by(policy.DIRECTIVE_READERS)),
    f"{_ASSIGNMENT}scores_begin": Route(_asking(), _begin, _days),
    f"{_ASSIGNMENT}score_round": Route(_rounds(), _seen("GET", policy.DIRECTIVE_READERS, lambda cell: OK)),
    f"{_ASSIGNMENT}score_publish": Route(
        _rounds(), _seen("GET POST", policy.DIRECTIVE_READERS, _publish), lambda cell, world: {"version": "1"}
    ),
    f"{_ASSIGNMENT}merit_propose": Route(_of_facility, _propose, _proposing),
    f"{_ASSIGNMENT}merit": Route(_merits(), _seen("GET", policy.DIRECTIVE_READERS, lambda cell: OK)),
    f"{_ASSIGNMENT}merit_decide": Route(
        _of_state,
        _seen("GET POST", policy.DIRECTIVE_READERS, _decide),
        lambda cell, world: {"version": "1", "reason": REASON},
    ),
    f"{_ASSIGNMENT}document": Route(
        _documents, of_directive("GET POST", _document), lambda cell, world: {"newest": "1"}
    ),
    f"{_DIRECTIVE}end": Route(directives(), kept_by(), _closing),
    f"{_DIRECTIVE}resume": Route(directives(), of_directive("GET POST", _away), _closing),
    f"{_DIRECTIVE}close_obligation": Route(_obligations, kept_by(), _closing),
    f"{_DIRECTIVE}reopen_obligation": Route(_obligations, of_directive("GET POST", _away), _closing),
}


def api_routes(api: Callable[..., Expect], with_query: Callable[[Expect], Expect]) -> dict[str, Route]:
    """The same records by the API: for people what they see; a system reads them by a role that none here has."""

    def of(rows: str) -> Callable[[Any], list[Target]]:
        def targets(world: Any) -> list[Target]:
            kept = getattr(world, rows)
            first = next(iter(kept))
            found = [Target({"number": one.pk}, case=name) for name, one in kept.items()]
            return [*found, Target({"number": world.absent}, case=first, is_absent=True)]

        return targets

    def there(cell: Cell) -> str:
        return OK if not cell.target.is_absent and policy.sees(cell.reader, cell.target.case) else GONE

    readers = policy.DIRECTIVE_READERS
    queries = _asking("?state=closed", "?note__contains=zq", "?reports__narrative__contains=zq", "?ordering=id")
    return {
        **{
            f"api:{name}": Route(queries, _refusing(api(readers), with_query, name), is_json=True)
            for name in ("directives", "obligations", "assignments")
        },
        "api:directive": Route(of("directives"), api(readers, then=there), is_json=True),
        "api:obligation": Route(of("obligations"), api(readers, then=there), is_json=True),
        "api:assignment": Route(of("assignments"), api(readers, then=there), is_json=True),
    }


def _refusing(expect: Expect, with_query: Callable[[Expect], Expect], name: str) -> Expect:
    """Only the register has a state to filter by, and its words."""

    def expected(cell: Cell) -> str:
        is_known = cell.target.query == "?state=closed" and name == "obligations"
        return expect(cell) if is_known else with_query(expect)(cell)

    return expected
