"""Every address of the system with what each reader must get there. A route of the resolver without a row here fails
the test that walks it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts import clients
from feedback.choices import Status
from feedback.models import Case
from tests.access import incident_doors, policy
from tests.access.calls import CALL_ROUTES
from tests.access.cells import (
    AWAY,
    DONE,
    GONE,
    HARMLESS,
    LOGIN,
    NO,
    OK,
    REFUSED,
    UNKNOWN,
    WRONG_METHOD,
    Cell,
    Route,
    Target,
)
from tests.access.civic_apps import OPEN311_ROUTES
from tests.access.duties import DIRECTIVE_ROUTES, DUTY_ROUTES
from tests.access.policy import CASE_READERS, NOBODY, OUTSIDE, SYSTEMS
from tests.access.runs import RUN_ROUTES
from tests.access.suggesting import SUGGESTING_ROUTES
from tests.access.visits import VISIT_ROUTES, api_routes_of_visits
from tests.access.world import World
from tests.access.yearly import KEEPERS, YEARLY_ROUTES, api_routes

REASON = "để kiểm tra quyền xem"
LONG_REASON = "gọi lại để xác minh nội dung phản ánh"
Readers = frozenset[str]


def patterns() -> dict[str, str]:
    """Every route of the resolver: its full name (or its address, where it has none) and its address."""
    return dict(_walked(get_resolver(), "", ()))


def _walked(resolver: URLResolver, before: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield (":".join((*spaces, one.name)) if one.name else address), address
        else:
            yield from _walked(one, address, (*spaces, one.namespace) if one.namespace else spaces)


# --- targets ---------------------------------------------------------------------------------------------------------


def once(*queries: str) -> Callable[[World], list[Target]]:
    """The address as it is, and with some questions."""
    return lambda world: [asking(query) for query in ("", *queries)]


def asking(query: str) -> Target:
    """A question in the address."""
    return Target(query=query, note=query)


def cases(**more: Any) -> Callable[[World], list[Target]]:
    """The page of every case, and of one that is not there."""

    def targets(world: World) -> list[Target]:
        found = [Target({"case_id": case.pk} | more, case=name) for name, case in world.cases.items()]
        return [*found, Target({"case_id": world.absent} | more, case="new", is_absent=True)]

    return targets


def references(tail: str = "") -> Callable[[World], list[Target]]:
    def targets(world: World) -> list[Target]:
        found = [Target({"reference": case.reference}, case=name) for name, case in world.cases.items()]
        return [*found, Target({"reference": "PA-2026-987654"}, case="new", is_absent=True)]

    return targets


def steps(world: World) -> list[Target]:
    """Every step from where each case stands, and some that lead nowhere."""
    found = []
    for name, case in world.cases.items():
        for status in Status:
            found.append(Target({"case_id": case.pk, "status": str(status)}, case=name))
    absent = {"case_id": world.absent, "status": "triaged"}
    return [*found, Target(absent, case="new", is_absent=True)]


def files(world: World) -> list[Target]:
    """Every file under its own case; one under another case; one that is not there."""
    found = []
    for name, kept in world.files.items():
        for file in kept:
            note = "answer" if file.answer_id else "citizen"
            found.append(Target({"case_id": world.cases[name].pk, "token": file.token}, case=name, note=note))
    foreign = {"case_id": world.cases["forwarded_a"].pk, "token": world.files["forwarded_b"][0].token}
    absent = {"case_id": world.absent, "token": "0" * 32}
    return [*found, Target(foreign, case="forwarded_b", note="elsewhere"), Target(absent, case="new", is_absent=True)]


def requests(world: World) -> list[Target]:
    found = [
        Target({"case_id": world.cases[name].pk, "request_id": asked.pk}, case=name)
        for name, asked in world.requests.items()
    ]
    absent = {"case_id": world.absent, "request_id": world.absent}
    return [*found, Target(absent, case="new", is_absent=True)]


# --- expectations ----------------------------------------------------------------------------------------------------

Expect = Callable[[Cell], str]


def page(readers: Readers, then: Expect | str = OK, *, others: str = NO) -> Expect:
    """A page of the console for some readers; everybody else of the staff is refused."""

    def expect(cell: Cell) -> str:
        if cell.reader in OUTSIDE:
            return LOGIN
        if cell.reader not in readers:
            return others
        return then(cell) if callable(then) else then

    return expect


def by_method(default: str = OK, **methods: str | Expect) -> Expect:
    """By the method of the request: a word or a further question."""

    def expect(cell: Cell) -> str:
        found = methods.get(cell.method, default)
        return found(cell) if callable(found) else found

    return expect


def only(methods: str, then: Expect) -> Expect:
    """A page of the staff that takes these methods only."""

    def expect(cell: Cell) -> str:
        if cell.reader in OUTSIDE:
            return LOGIN
        return then(cell) if cell.method in methods.split() else WRONG_METHOD

    return expect


def of_case(methods: str, then: Expect) -> Expect:
    """A page under a case: what one may not see is not there."""

    def expect(cell: Cell) -> str:
        if cell.reader not in CASE_READERS:
            return NO
        return then(cell) if is_seen(cell) else GONE

    return only(methods, expect)


def is_seen(cell: Cell) -> bool:
    return not cell.target.is_absent and policy.sees(cell.reader, cell.target.case)


def public(methods: str = "GET", **others: str) -> Expect:
    """A page for everybody."""
    return lambda cell: others.get(cell.method) or (OK if cell.method in methods.split() else WRONG_METHOD)


def api(readers: Readers, methods: str = "GET HEAD", then: Expect | str = OK, right: Expect | None = None) -> Expect:
    """An address of the API: unknown callers are asked who they are, others refused."""

    def expect(cell: Cell) -> str:
        if cell.method not in (*methods.split(), "OPTIONS"):
            return WRONG_METHOD
        if cell.reader in ("anonymous", "disabled"):
            return UNKNOWN
        if cell.reader not in readers or (cell.reader in SYSTEMS and cell.method not in ("GET", "HEAD", "OPTIONS")):
            return NO  # systems that only read write nothing
        if cell.method == "OPTIONS":
            return OK
        return then(cell) if callable(then) else then

    return expect


# --- the stock pages of records --------------------------------------------------------------------------------------


def stock(
    prefix: str,
    record: Callable[[World], Any],
    *,
    view: Readers,
    add: Readers = NOBODY,
    change: Readers = NOBODY,
    queries: tuple[str, ...] = (),
    shows: Callable[[Cell], Iterable[tuple[str, str]]] = lambda cell: (),
) -> dict[str, Route]:
    """List, add, history, delete, change and the short address of one kind of record."""
    name, path = f"admin:{prefix}", f"console/{prefix.replace('_', '/')}"

    def one(world: World) -> list[Target]:
        return [Target({"object_id": record(world).pk})]

    def listed(world: World) -> list[Target]:
        return [asking(query) for query in ("", *LIST_QUERIES, *queries)]

    changed = page(view | change, by_method(POST=lambda cell: REFUSED if cell.reader in change else NO))
    pages = {
        f"{name}_changelist": Route(
            listed, page(view, lambda cell: REFUSED if cell.target.query or cell.method == "POST" else OK), _action
        ),
        f"{name}_add": Route(once(), page(add, by_method(POST=REFUSED))),
        f"{name}_history": Route(one, page(view, others=GONE)),
        f"{name}_delete": Route(one, page(NOBODY), lambda cell, world: {"post": "yes"}),
        f"{name}_change": Route(one, changed, lambda cell, world: {"name": "Khác", "reason": REASON}),
        f"{path}/<path:object_id>/": Route(one, page(policy.STAFF, AWAY)),
    }
    return {address: replace(route, shows=shows) for address, route in pages.items()}


LIST_QUERIES = ("?q=zq05rn", "?o=1.2.3.-4", "?all=", "?p=2", "?reporter__name__contains=zq", "?pk__in=1,2", "?_popup=1")


def _action(cell: Cell, world: World) -> dict[str, Any]:
    return {"action": "delete_selected", "_selected_action": ["1", "2"], "index": "0", "select_across": "1"}


# --- cases in the console --------------------------------------------------------------------------------------------


def _step(cell: Cell, world_status: Callable[[str], Status]) -> str:
    pair = (world_status(cell.target.case), Status(cell.target.args["status"]))
    if pair in policy.STEPS.get(cell.reader, set()):
        # a confidential case goes to no facility, and into no ordinary one
        is_kept = pair[1] in (Status.FORWARDED, Status.MERGED) and cell.target.case in policy.CONFIDENTIAL
        return OK if cell.method == "GET" else REFUSED if is_kept else DONE
    if cell.method == "POST":
        return REFUSED
    return NO if pair in policy.EVERY_STEP else AWAY


STANDS: dict[str, Status] = {
    "new": Status.RECEIVED, "recorded": Status.RECEIVED, "recorded_2": Status.RECEIVED,
    "unreleased_a": Status.TRIAGED, "waiting_a": Status.FORWARDED, "forwarded_a": Status.FORWARDED,
    "answered_a": Status.ANSWERED, "closed_a": Status.CLOSED, "elsewhere": Status.FORWARDED,
    "taken_back": Status.TRIAGED, "forwarded_b": Status.FORWARDED, "answered_b": Status.ANSWERED,
    "of_c": Status.FORWARDED, "division_1": Status.ASSIGNED, "division_2": Status.ASSIGNED,
    "kept_from": Status.FORWARDED, "sent": Status.FORWARDED, "transferred": Status.TRANSFERRED,
    "confidential": Status.RECEIVED, "confidential_1": Status.ASSIGNED, "confidential_2": Status.ASSIGNED,
    "once_open_a": Status.FORWARDED, "sent_confidential": Status.RECEIVED, "merged": Status.MERGED,
}  # fmt: skip


def _given(world: World, case: Case, status: str) -> dict[str, Any]:
    """Something valid for whatever a step asks for."""
    return {
        "findings": "Đã rà soát.",
        "measures_text": "Đã nhắc nhở.",
        "proposed_outcome": "OC01",
        "outcome": "OC01",
        "reply": "Sở Y tế cảm ơn ông/bà.",
        "way": "phone",
        "public_summary": "Đã chấn chỉnh.",
        "transferred_to": "Sở Xây dựng",
        "target": world.cases["unreleased_a" if case.pk != world.cases["unreleased_a"].pk else "new"].reference,
        "question": "Ngày nào?",
    }


def _step_body(cell: Cell, world: World) -> dict[str, Any]:
    case = world.cases[cell.target.case]
    assignee = "officer" if cell.target.case != "elsewhere" else "officer_2"
    return {
        "version": str(case.version),
        "reason": REASON,
        "facility": str(world.b.pk),
        "division": str(world.division_2.pk),
        "assignee": str(world.people[assignee].pk),
        **_given(world, case, cell.target.args["status"]),
    }


def _correction_body(cell: Cell, world: World) -> dict[str, Any]:
    case = Case.objects.get(pk=world.cases[cell.target.case].pk)
    return {
        "version": str(case.version),
        "reason": REASON,
        "kind": case.kind,
        "urgency": "S1",
        "title": "Tên khác",
        "facility": str(case.facility_id or ""),
        "facility_said": case.facility_said,
        "is_confidential": "on" if case.is_confidential else "",
    }


def _note_body(cell: Cell, world: World) -> dict[str, str]:
    return {"text": "Đã gọi lại.", "audience": "facility" if cell.reader in policy.FACILITIES else "department"}


def _reveals(cell: Cell) -> Iterable[tuple[str, str]]:
    """Contact data, on the answer to a reason or after a second person agreed."""
    case = cell.target.case
    if cell.method != "POST" or cell.reader not in policy.REVEALERS or not is_seen(cell):
        return ()
    if case in policy.CONFIDENTIAL:
        return ()
    return [(case, what) for what in policy.IDENTITY]


def _reveal_expect(cell: Cell) -> str:
    if cell.reader not in policy.REVEALERS:
        return NO
    if cell.method == "GET":
        return OK
    is_asking = cell.target.case in policy.CONFIDENTIAL
    is_asked = (cell.reader, cell.target.case) == ("officer_2", "confidential_2")
    return DONE if is_asking and not is_asked else REFUSED if is_asked else OK


def _request_expect(cell: Cell) -> str:
    if cell.reader not in policy.APPROVERS:
        return NO
    if cell.method == "GET":
        return OK
    return REFUSED if cell.target.case == "confidential_2" else DONE  # answered already


def recusals(world: World) -> list[Target]:
    """One that lead and director see, one that nobody here sees, the same from facilities, one that is not there."""
    return [
        Target({"kind": "case", "recusal_id": world.case_recusal.pk}, case="new", note="case"),
        Target({"kind": "case", "recusal_id": world.hidden_recusal.pk}, case="kept_from", note="case"),
        Target({"kind": "facility", "recusal_id": world.facility_recusal.pk}, note="facility"),
        Target({"kind": "facility", "recusal_id": world.kept_recusal.pk}, note="facility that one is kept from"),
        Target({"kind": "case", "recusal_id": world.absent}, case="new", note="case", is_absent=True),
    ]


def _recusal(cell: Cell) -> str:
    if cell.target.note.startswith("facility"):
        if cell.reader not in policy.RECUSAL_READERS:
            return NO
        if cell.target.note != "facility":
            return GONE
        return OK if cell.method == "GET" else DONE if cell.reader in policy.RECUSERS else REFUSED
    if cell.reader not in policy.RECUSERS:
        return NO
    if not is_seen(cell):
        return GONE
    return DONE if cell.method == "POST" else OK


def _recusal_body(cell: Cell, world: World) -> dict[str, str]:
    """Of oneself; those who may choose say so."""
    user = world.readers[cell.reader].user
    who = str(user.pk) if user is not None else ""
    return {"ground": "family", "reason": LONG_REASON, "facility": str(world.b.pk), "person": who}


CASE_QUERIES = (
    "?q=zq05rn", "?q=zq12bo", "?q=zq21no", "?q=zq05su", "?o=1.2.3", "?queue=all", "?queue=escalated", "?queue=late",
    "?queue=with-facility", "?status=forwarded", "?confidential=on", "?urgency=S2", "?since=2020-01-01",
    "?reporter__name__contains=zq", "?submissions__reporter__sealed__isnull=0", "?assignee__username__startswith=o",
    "?facility__name__contains=Tr", "?is_confidential__exact=1", "?division__id__exact=1", "?p=1", "?all=",
)  # fmt: skip


def _case_list(world: World) -> list[Target]:
    found = [asking(query) for query in ("", *CASE_QUERIES)]
    found += [Target(query=f"?q={case.reference}") for case in world.cases.values()]
    found += [Target(query=f"?facility={unit.pk}") for unit in (world.a, world.b, world.c)]
    return found


def _case_list_expect(cell: Cell) -> str:
    if cell.reader not in CASE_READERS:
        return NO
    return OK if not cell.target.query and cell.method != "POST" else REFUSED


def _take(cell: Cell, world: World) -> dict[str, Any]:
    """The list's action over every case of the world, which ends in refusals for all but those one may take."""
    return {"action": "take_selected", "_selected_action": [str(world.cases["of_c"].pk)], "index": "0"}


def _ask_incident(cell: Cell) -> str:
    if cell.reader not in policy.CORRECTORS:
        return NO
    if cell.target.case not in policy.WITH_A_FACILITY:
        return AWAY
    return DONE if cell.method == "POST" else OK


def _merge(cell: Cell) -> str:
    """Whoever may triage finds the other case; without a choice and a reason nothing is merged."""
    if cell.reader not in policy.CORRECTORS:
        return NO
    return REFUSED if cell.method == "POST" else OK


CASE_ROUTES: dict[str, Route] = {
    "admin:feedback_case_changelist": Route(_case_list, page(policy.STAFF, _case_list_expect), _take),
    "admin:feedback_case_export": Route(
        _case_list, only("POST", page(policy.EXPORTERS, lambda cell: REFUSED if cell.target.query else OK))
    ),
    "admin:feedback_case_change": Route(cases(), of_case("GET", lambda cell: OK)),
    "admin:feedback_case_ask_incident": Route(
        cases(), of_case("GET POST", _ask_incident), lambda cell, world: {"description": "Đề nghị xem lại."}
    ),
    "admin:feedback_case_step": Route(
        steps, of_case("GET POST", lambda cell: _step(cell, STANDS.__getitem__)), _step_body
    ),
    "admin:feedback_case_merge": Route(
        cases(), of_case("GET POST", _merge), lambda cell, world: {"voi": world.cases["new"].reference}
    ),
    "admin:feedback_case_correction": Route(
        cases(),
        of_case(
            "GET POST",
            lambda cell: NO if cell.reader not in policy.CORRECTORS else DONE if cell.method == "POST" else OK,
        ),
        _correction_body,
    ),
    "admin:feedback_case_deadline": Route(
        lambda world: case_clocks(world),
        of_case("GET POST", lambda cell: _explained(cell)),
        lambda cell, world: {"ask": "1", "amount": "0", "reason": LONG_REASON},
    ),
    "admin:feedback_case_note": Route(
        cases(), of_case("POST", lambda cell: DONE if cell.reader in policy.NOTERS else REFUSED), _note_body
    ),
    "admin:feedback_case_reporter": Route(
        cases(),
        of_case("GET POST", _reveal_expect),
        lambda cell, world: {"purpose": "verify", "reason": LONG_REASON},
        _reveals,
    ),
    "admin:feedback_case_reveal_request": Route(
        requests, of_case("GET POST", _request_expect), lambda cell, world: {"decline": "1", "answer": LONG_REASON}
    ),
    "admin:feedback_case_attachment": Route(
        files,
        of_case("GET", lambda cell: OK if _reads_file(cell) else GONE),
    ),
    "admin:feedback_case_recuse": Route(cases(), of_case("GET POST", by_method(POST=DONE)), _recusal_body),
    "admin:feedback_case_recusals": Route(
        once(
            "?kind=case", "?kind=facility", "?state=all", "?kind=case&state=lifted", "?q=zq16cr", "?reason__contains=zq"
        ),
        only("GET", page(policy.RECUSAL_READERS)),
    ),
    "admin:feedback_case_from_facility": Route(
        once(), only("GET POST", page(CASE_READERS, by_method(POST=DONE))), _recusal_body
    ),
    "admin:feedback_case_recusal": Route(
        recusals,
        only("GET POST", lambda cell: _recusal(cell)),
        lambda cell, world: {"reason": LONG_REASON},
        lambda cell: [("forwarded_b", "cr")] if cell.reader in policy.RECUSAL_READERS else [],
    ),
    "admin:feedback_case_record": Route(
        once(),
        page(policy.STAFF, only("GET POST", page(policy.RECORDERS, by_method(POST=DONE)))),
        lambda cell, world: {"channel": "HOTLINE_SYT", "body": "Chờ lâu.", "key": "0" * 32, "urgency": ""},
    ),
    "admin:feedback_case_record_facilities": Route(once("?q=lam+kieu"), only("GET", page(policy.RECORDERS))),
    "admin:feedback_case_record_draft": Route(
        once(),
        only(
            "PUT DELETE",
            page(policy.RECORDERS, by_method(PUT=DONE, DELETE=lambda cell: DONE if cell.reader == "operator" else OK)),
        ),
        lambda cell, world: {"key": "1" * 32, "body": "Chờ lâu."} if cell.method == "PUT" else {},
        is_json=True,
    ),
    "admin:feedback_case_recorded": Route(
        references(), only("GET", page(policy.RECORDERS, lambda cell: OK if is_seen(cell) else GONE))
    ),
}


def _reads_file(cell: Cell) -> bool:
    if cell.target.note == "elsewhere":
        return False
    return policy.reads(cell.reader, cell.target.case, "ac" if cell.target.note == "answer" else "fc")


# --- incidents in the console ----------------------------------------------------------------------------------------


def incidents(**more: Any) -> Callable[[World], list[Target]]:
    """The page of every incident, and of one that is not there."""

    def targets(world: World) -> list[Target]:
        found = [Target({"incident_id": one.pk} | more, case=name) for name, one in world.incidents.items()]
        return [*found, Target({"incident_id": world.absent} | more, case="incident_a", is_absent=True)]

    return targets


def incident_references(world: World) -> list[Target]:
    found = [Target({"reference": one.reference}, case=name) for name, one in world.incidents.items()]
    return [*found, Target({"reference": "SC-2026-987654"}, case="incident_a", is_absent=True)]


def of_each(word: str, values: Iterable[str]) -> Callable[[World], list[Target]]:
    """The same for every value of one more word of the address."""
    return lambda world: [target for value in values for target in incidents(**{word: value})(world)]


def of_incident(methods: str, then: Expect) -> Expect:
    """A page under an incident: what one may not see is not there."""

    def expect(cell: Cell) -> str:
        if cell.reader not in policy.INCIDENT_READERS:
            return NO
        return then(cell) if is_seen(cell) else GONE

    return only(methods, expect)


def _is_draft(cell: Cell) -> bool:
    return cell.target.case == "incident_draft_a"


def _incident_list(cell: Cell) -> str:
    if cell.reader not in policy.INCIDENT_READERS:
        return NO
    return OK if not cell.target.query and cell.method != "POST" else REFUSED


def _incident_export(cell: Cell) -> str:
    """A file, or back to the list in words where nothing that was sent is there."""
    return REFUSED if cell.reader in policy.INCIDENT_READERS else NO


def _start(cell: Cell) -> str:
    if cell.reader not in policy.INCIDENT_WRITERS | {"ended_a", "superuser"}:
        return NO
    return OK if cell.method == "GET" else DONE if cell.reader in policy.INCIDENT_WRITERS else REFUSED


def _edit(cell: Cell) -> str:
    if not policy.owns(cell.reader, cell.target.case):
        return NO
    if not _is_draft(cell):
        return AWAY
    return DONE if cell.method == "POST" else OK


INCIDENT_STEPS = {"draft": {"submitted", "dropped"}, "submitted": {"accepted", "returned"}}


def _incident_step(cell: Cell) -> str:
    stands, to = "draft" if _is_draft(cell) else "submitted", cell.target.args["status"]
    may = policy.owns(cell.reader, cell.target.case) if _is_draft(cell) else cell.reader in policy.INCIDENT_CHECKERS
    if to not in INCIDENT_STEPS[stands]:
        return AWAY
    return NO if not may else DONE if cell.method == "POST" else OK


def _addendum(cell: Cell) -> str:
    if not policy.owns(cell.reader, cell.target.case):
        return NO
    return OK if cell.method == "GET" else REFUSED if _is_draft(cell) else DONE


def _paper(cell: Cell) -> str:
    is_quick = cell.target.args["what"] == "quick_report"
    may = cell.reader in policy.INCIDENT_CHECKERS if is_quick else policy.owns(cell.reader, cell.target.case)
    if not may or (is_quick and _is_draft(cell)):
        return NO
    is_known = cell.target.args["what"] == "analyse" and cell.target.case in policy.ANALYSED  # it was sent here
    return OK if cell.method == "GET" else REFUSED if is_known else DONE


def _reclassify(cell: Cell) -> str:
    if not policy.owns(cell.reader, cell.target.case) and cell.reader not in policy.INCIDENT_CHECKERS:
        return NO
    if _is_draft(cell):
        return AWAY
    return OK if cell.method == "GET" else REFUSED if cell.target.case == "incident_b" else DONE  # one waits there


def _lowering(cell: Cell) -> str:
    if cell.reader not in policy.AGREE_TO_LOWER:
        return NO
    return DONE if cell.method == "POST" else OK


def _lowerings(world: World) -> list[Target]:
    """The one that waits, the same under another incident, and one that is not there."""
    asked, b, a = world.lowering.pk, world.incidents["incident_b"].pk, world.incidents["incident_a"].pk
    return [
        Target({"incident_id": b, "asked_id": asked}, case="incident_b"),
        Target({"incident_id": a, "asked_id": asked}, case="incident_a", note="elsewhere"),
        Target({"incident_id": world.absent, "asked_id": asked}, case="incident_a", is_absent=True),
    ]


def _names_shown(cell: Cell) -> Iterable[tuple[str, str]]:
    """On the answer to a reason: patients, and who had to report. The rest takes a second person."""
    name = cell.target.case
    if cell.method != "POST" or cell.reader not in policy.SEE_NAMED or not is_seen(cell):
        return ()
    with_reporter = name != "incident_a"  # who reported voluntarily takes a second person
    return [(name, what) for what in (("ip", "in") if with_reporter else ("ip",))]


def _named_requests(world: World) -> list[Target]:
    """The one that waits, the same under another incident, and one that is not there."""
    asked, a, draft = world.named_request.pk, world.incidents["incident_a"].pk, world.incidents["incident_draft_a"].pk
    return [
        Target({"incident_id": a, "request_id": asked}, case="incident_a"),
        Target({"incident_id": draft, "request_id": asked}, case="incident_draft_a", note="elsewhere"),
        Target({"incident_id": world.absent, "request_id": asked}, case="incident_a", is_absent=True),
    ]


def _named_request(cell: Cell) -> str:
    if cell.reader not in policy.FACILITIES:
        return NO
    if cell.target.note:
        return GONE
    return OK if cell.method == "GET" else DONE if cell.reader == "facility_director_a" else REFUSED


def _version(cell: Cell, world: World) -> str:
    return str(world.incidents[cell.target.case].version)


def _report_body(cell: Cell, world: World) -> dict[str, str]:
    return {"version": _version(cell, world), "ward": "Khoa khác", "harm": "B"}


def _claim_body(cell: Cell, world: World) -> dict[str, str]:
    return {"version": _version(cell, world), "harm": "E", "reason": LONG_REASON}


def of_analysis(methods: str, then: Expect) -> Expect:
    """A page under an analysis: the department sees what was sent."""

    def expect(cell: Cell) -> str:
        name = cell.target.case
        is_there = name in policy.ANALYSED or (name == "incident_b" and cell.reader in policy.FACILITIES)
        return then(cell) if is_there else GONE

    return of_incident(methods, expect)


def _begin_analysis(cell: Cell) -> str:
    if not policy.owns(cell.reader, cell.target.case):
        return NO
    return AWAY if _is_draft(cell) else DONE if cell.target.case not in ("incident_a", "incident_b") else AWAY


def _edit_analysis(cell: Cell) -> str:
    if not policy.owns(cell.reader, cell.target.case):
        return NO
    if cell.target.case in policy.ANALYSED:
        return AWAY
    return DONE if cell.method == "POST" else OK


ANALYSIS_STEPS = {"draft": {"submitted"}, "submitted": {"accepted", "returned"}}


def _analysis_step(cell: Cell) -> str:
    is_sent, to = cell.target.case in policy.ANALYSED, cell.target.args["status"]
    may = cell.reader in policy.INCIDENT_CHECKERS if is_sent else policy.owns(cell.reader, cell.target.case)
    if to not in ANALYSIS_STEPS["submitted" if is_sent else "draft"]:
        return AWAY
    return NO if not may else DONE if cell.method == "POST" else OK


def _analysis_version(cell: Cell, world: World) -> dict[str, str]:
    made = world.analyses.get(cell.target.case)
    return {"version": str(made.version if made else 1)}


def _talk(cell: Cell) -> str:
    """Each side writes to whoever reported; nobody reported C's on the page for staff."""
    is_checker = cell.reader in policy.INCIDENT_CHECKERS and not _is_draft(cell)
    if not policy.owns(cell.reader, cell.target.case) and not is_checker:
        return NO
    return AWAY if cell.target.case == "incident_c" else DONE if cell.method == "POST" else OK


def _same(cell: Cell) -> str:
    name = cell.target.case
    if not policy.owns(cell.reader, name) and cell.reader not in policy.INCIDENT_CHECKERS:
        return NO
    if cell.target.note:
        return GONE
    return DONE if cell.method == "POST" else OK


def _pairs(world: World) -> list[Target]:
    """Each report of A with the other one, one with one of another facility, and with none."""
    draft, a, b = (world.incidents[name].pk for name in ("incident_draft_a", "incident_a", "incident_b"))
    return [
        Target({"incident_id": draft, "other_id": a}, case="incident_draft_a"),
        Target({"incident_id": a, "other_id": b}, case="incident_a", note="elsewhere"),
        Target({"incident_id": a, "other_id": world.absent}, case="incident_a", note="nothing"),
        Target({"incident_id": world.absent, "other_id": a}, case="incident_a", is_absent=True),
    ]


INCIDENT_QUERIES = (
    "?queue=late", "?queue=draft", "?level=NC3", "?since=2020-01-01", "?facility=1", "?q=zq80ib", "?o=1", "?queue=x",
    "?description__contains=zq", "?named__sealed__contains=zq", "?facility__name__contains=Tr", "?harm__exact=G",
)  # fmt: skip
INCIDENT_ROUTES: dict[str, Route] = {
    "admin:incidents_incident_changelist": Route(once(*INCIDENT_QUERIES), page(policy.STAFF, _incident_list), _action),
    "admin:incidents_incident_export": Route(
        once("?queue=severe", "?description__contains=zq", "?o=1"),
        only("POST", page(policy.STAFF, _incident_export)),
        lambda cell, world: {"form": "fhir-ndjson"},
    ),
    "admin:incidents_incident_export_one": Route(
        of_each("note", ("fhir-ndjson", "fhir-bundle", "mim-csv", "mim-json")),
        of_incident("POST", lambda cell: AWAY if _is_draft(cell) else OK),
        lambda cell, world: {"form": cell.target.args["note"]},
    ),
    "admin:incidents_incident_start": Route(
        once(),
        only("GET POST", page(policy.STAFF, _start)),
        lambda cell, world: {"facility": str((world.b if cell.reader.endswith("_b") else world.a).pk), "excluded": ""},
    ),
    "admin:incidents_incident_doors": Route(once(), only("GET", page(policy.FACILITIES | {"ended_a", "superuser"}))),
    "admin:incidents_incident_talk": Route(
        incidents(), of_incident("GET POST", _talk), lambda cell, world: {"what": "feedback", "text": "Đã đổi cách để."}
    ),
    "admin:incidents_incident_look": Route(
        incidents(), of_incident("POST", lambda cell: DONE if policy.owns(cell.reader, cell.target.case) else NO)
    ),
    "admin:incidents_incident_change": Route(incidents(), of_incident("GET", lambda cell: OK)),
    "admin:incidents_incident_edit": Route(incidents(), of_incident("GET POST", _edit), _report_body),
    "admin:incidents_incident_step": Route(
        of_each("status", ("draft", "submitted", "returned", "accepted", "dropped")),
        of_incident("GET POST", _incident_step),
        lambda cell, world: {"version": _version(cell, world), "reason": LONG_REASON},
    ),
    "admin:incidents_incident_addendum": Route(
        incidents(), of_incident("GET POST", _addendum), lambda cell, world: {"text": "Đã ổn định."}
    ),
    "admin:incidents_incident_paper": Route(
        of_each("what", ("phone_report", "quick_report", "analyse")),
        of_incident("GET POST", _paper),
        lambda cell, world: {
            "given_at": world.incidents[cell.target.case].detected_at.isoformat(),
            "said": "Bộ Y tế",
        },
    ),
    "admin:incidents_incident_reclassify": Route(incidents(), of_incident("GET POST", _reclassify), _claim_body),
    "admin:incidents_incident_lowering": Route(
        _lowerings,
        of_incident("GET POST", lambda cell: GONE if cell.target.note and _lowering(cell) != NO else _lowering(cell)),
        lambda cell, world: {"decline": "1", "answer": LONG_REASON},
    ),
    "admin:incidents_incident_assign": Route(
        incidents(),
        of_incident(
            "GET POST",
            lambda cell: (
                NO
                if cell.reader not in policy.INCIDENT_CHECKERS or _is_draft(cell)
                else DONE
                if cell.method == "POST"
                else OK
            ),
        ),
        lambda cell, world: {"version": _version(cell, world), "person": str(world.people["division_2"].pk)},
    ),
    "admin:incidents_incident_same": Route(
        _pairs, of_incident("GET POST", _same), lambda cell, world: {"reason": LONG_REASON}
    ),
    "admin:incidents_incident_named_request": Route(
        _named_requests,
        of_incident("GET POST", _named_request),
        lambda cell, world: {"agree": "1", "answer": LONG_REASON},
    ),
    "admin:incidents_incident_analysis": Route(incidents(), of_analysis("GET", lambda cell: OK)),
    "admin:incidents_incident_analysis_begin": Route(incidents(), of_incident("POST", _begin_analysis)),
    "admin:incidents_incident_analysis_edit": Route(
        incidents(),
        of_analysis("GET POST", _edit_analysis),
        lambda cell, world: _analysis_version(cell, world) | {"details": "Viết lại từ đầu."},
    ),
    "admin:incidents_incident_analysis_step": Route(
        of_each("status", ("draft", "submitted", "returned", "accepted")),
        of_analysis("GET POST", _analysis_step),
        lambda cell, world: _analysis_version(cell, world) | {"reason": LONG_REASON, "a1": "Nói rõ hơn."},
    ),
    "admin:incidents_incident_named": Route(
        incidents(),
        of_incident("GET POST", lambda cell: OK if cell.reader in policy.SEE_NAMED else NO),
        lambda cell, world: {"purpose": "verify", "reason": LONG_REASON},
        _names_shown,
    ),
}


def _weeks(world: World) -> list[Target]:
    found = [Target({"summary_id": one.pk}, case=name) for name, one in world.weeks.items()]
    return [*found, Target({"summary_id": world.absent}, case="week_a", is_absent=True)]


def _week(cell: Cell) -> str:
    if not is_seen(cell):
        return GONE
    if cell.method == "GET" or cell.target.case == "week_b":  # which was seen already
        return OK
    return DONE if cell.reader == "facility_director_a" else NO


INCIDENT_ROUTES |= {
    "admin:incidents_weeklysummary_changelist": Route(
        once("?q=zq90iw", "?direction__contains=zq", "?facility=1"),
        page(policy.WEEK_READERS, lambda cell: OK if not cell.target.query and cell.method != "POST" else REFUSED),
        _action,
    ),
    "admin:incidents_weeklysummary_change": Route(
        _weeks, only("GET POST", page(policy.WEEK_READERS, _week)), lambda cell, world: {"direction": "Họp khoa."}
    ),
}


# --- corrective actions in the console -------------------------------------------------------------------------------


def actions(**more: Any) -> Callable[[World], list[Target]]:
    """The page of every action, and of one that is not there."""

    def targets(world: World) -> list[Target]:
        found = [Target({"action_id": one.pk} | more, case=name) for name, one in world.actions.items()]
        return [*found, Target({"action_id": world.absent} | more, case="action_a", is_absent=True)]

    return targets


def of_each_action(word: str, values: Iterable[str]) -> Callable[[World], list[Target]]:
    """The same for every value of one more word of the address."""
    return lambda world: [target for value in values for target in actions(**{word: value})(world)]


def _is_open(cell: Cell) -> bool:
    return cell.target.case == "action_b"


def _verifies(cell: Cell) -> bool:
    return cell.reader in policy.VERIFIERS[cell.target.case]


def _start_action(cell: Cell) -> str:
    if cell.reader not in policy.INCIDENT_WRITERS:
        return NO
    return OK if cell.method == "GET" else DONE


def _act_after(cell: Cell) -> str:
    if not policy.owns(cell.reader, cell.target.case):
        return NO
    return AWAY if _is_draft(cell) else DONE if cell.method == "POST" else OK


def _edit_action(cell: Cell) -> str:
    if not policy.owns(cell.reader, cell.target.case):
        return NO
    return AWAY if not _is_open(cell) else DONE if cell.method == "POST" else OK


def _tell_action(cell: Cell) -> str:
    if not policy.owns(cell.reader, cell.target.case):
        return NO
    return DONE if cell.method == "POST" else OK


ACTION_MOVES = {
    "action_a": {"verified", "open"},
    "action_b": {"done", "withdrawn"},
    "action_c": {"effective", "reopened"},
}


def _action_step(cell: Cell) -> str:
    name, to = cell.target.case, cell.target.args["status"]
    if to not in ACTION_MOVES[name]:
        return AWAY
    if name == "action_a" and _verifies(cell):
        return DONE if cell.method == "POST" else OK
    if name == "action_b" and to == "done" and policy.owns(cell.reader, name):
        return REFUSED if cell.method == "POST" else OK  # a request waits for its second person
    return NO


def _effect(cell: Cell) -> str:
    if not _verifies(cell):
        return NO
    return AWAY if cell.target.case != "action_c" else DONE if cell.method == "POST" else OK


def _ask(cell: Cell) -> str:
    if not policy.owns(cell.reader, cell.target.case):
        return NO
    return AWAY if not _is_open(cell) else REFUSED if cell.method == "POST" else OK


def _answer_ask(cell: Cell) -> str:
    if not _verifies(cell):
        return NO
    return GONE if cell.target.note else DONE if cell.method == "POST" else OK


def _concessions(world: World) -> list[Target]:
    """The one that waits, the same under another action, and one that is not there."""
    asked, a, b = world.concession.pk, world.actions["action_a"].pk, world.actions["action_b"].pk
    return [
        Target({"action_id": b, "asked_id": asked}, case="action_b"),
        Target({"action_id": a, "asked_id": asked}, case="action_a", note="elsewhere"),
        Target({"action_id": world.absent, "asked_id": asked}, case="action_a", is_absent=True),
    ]


def _evidence(world: World) -> list[Target]:
    """A's file under its own action and under B's, and one that is not there."""
    a, b = world.actions["action_a"], world.actions["action_b"].pk
    token = a.evidence.get().token
    return [
        Target({"action_id": a.pk, "token": token}, case="action_a"),
        Target({"action_id": b, "token": token}, case="action_b", note="elsewhere"),
        Target({"action_id": world.absent, "token": token}, case="action_a", is_absent=True),
    ]


def _action_body(cell: Cell, world: World) -> dict[str, str]:
    letter = "b" if cell.reader.endswith("_b") else "a"
    made = world.actions.get(cell.target.case)
    return {
        "version": str(made.version) if made else "",
        "title": "Thay khoá tủ thuốc",
        "kind": "S3",
        "owner": str(world.people[f"facility_officer_{letter}"].pk),
        "due_on": (timezone.localdate() + timedelta(days=3)).isoformat(),
        "causes": "CA1.2",
    }


def _action_version(cell: Cell, world: World) -> str:
    return str(world.actions[cell.target.case].version)


ACTION_QUERIES = ("?queue=late", "?queue=to-verify", "?strength=weak", "?facility=1", "?q=zq94wa", "?queue=x", "?o=1",
                  "?title__contains=zq", "?incident__description__contains=zq")  # fmt: skip
ACTION_ROUTES: dict[str, Route] = {
    "admin:incidents_action_changelist": Route(once(*ACTION_QUERIES), page(policy.STAFF, _incident_list), _action),
    "admin:incidents_action_start": Route(
        once("?co-so=1", "?co-so=x"), only("GET POST", page(policy.STAFF, _start_action)), _action_body
    ),
    "admin:incidents_action_start_after": Route(incidents(), of_incident("GET POST", _act_after), _action_body),
    "admin:incidents_action_change": Route(actions(), of_incident("GET", lambda cell: OK)),
    "admin:incidents_action_edit": Route(actions(), of_incident("GET POST", _edit_action), _action_body),
    "admin:incidents_action_progress": Route(
        actions(), of_incident("GET POST", _tell_action), lambda cell, world: {"text": "Đã mua thêm."}
    ),
    "admin:incidents_action_evidence": Route(
        _evidence, of_incident("GET", lambda cell: GONE if cell.target.note else OK)
    ),
    "admin:incidents_action_step": Route(
        of_each_action("status", ("open", "done", "verified", "effective", "reopened", "withdrawn")),
        of_incident("GET POST", _action_step),
        lambda cell, world: {"version": _action_version(cell, world), "reason": LONG_REASON},
    ),
    "admin:incidents_action_effect": Route(
        actions(),
        of_incident("GET POST", _effect),
        lambda cell, world: {
            "version": _action_version(cell, world), "checked_on": timezone.localdate().isoformat(),
            "found": "Không còn phát nhầm.", "result": "effective",
        },
    ),
    "admin:incidents_action_ask": Route(
        of_each_action("what", ("weaker", "withdrawal")),
        of_incident("GET POST", _ask),
        lambda cell, world: {
            "version": _action_version(cell, world), "reason": LONG_REASON, "kind": "W4",
            "due_on": timezone.localdate().isoformat(),
        },
    ),
    "admin:incidents_action_answer": Route(
        _concessions, of_incident("GET POST", _answer_ask), lambda cell, world: {"decline": "1", "answer": LONG_REASON}
    ),
}  # fmt: skip


# --- periodic returns ------------------------------------------------------------------------------------------------


def returns(**more: Any) -> Callable[[World], list[Target]]:
    """The page of every return, and of one that is not there."""

    def targets(world: World) -> list[Target]:
        found = [Target({"return_id": one.pk} | more, case=name) for name, one in world.returns.items()]
        return [*found, Target({"return_id": world.absent} | more, case="return_a", is_absent=True)]

    return targets


def of_return(methods: str, then: Expect, may: dict[str, Readers] | None = None) -> Expect:
    """A page under a return: what one may not see is not there; only some of its readers do something with it."""

    def expect(cell: Cell) -> str:
        if cell.reader not in policy.INCIDENT_READERS:
            return NO
        if not is_seen(cell):
            return GONE
        return NO if may is not None and cell.reader not in may[cell.target.case] else then(cell)

    return only(methods, expect)


def _while_open(posted: str) -> Expect:
    """A page of what was not signed yet."""
    return lambda cell: AWAY if cell.target.case == "return_a" else OK if cell.method == "GET" else posted


def _once_signed(cell: Cell) -> str:
    return AWAY if cell.target.case != "return_a" else OK if cell.method == "GET" else DONE


def _return_body(cell: Cell, world: World) -> dict[str, str]:
    found = world.returns[cell.target.case]
    return {
        "version": str(found.version), "findings": "Viết lại.", "solutions": "Viết lại.", "reason": LONG_REASON,
        "as_of": found.opened_at.isoformat(), "digest": "0" * 64, "has_read": "on",
    }  # fmt: skip


MAY_CORRECT = {name: policy.RETURN_WRITERS[name] | policy.RETURN_SIGNERS[name] for name in policy.RETURNS}
RETURN_ROUTES: dict[str, Route] = {
    "admin:incidents_return_changelist": Route(
        once(
            "?queue=late", "?queue=x", "?facility=1", "?o=1", "?text__findings__contains=zq", "?period=half_year-2026-1"
        ),
        page(policy.STAFF, _incident_list),
        _action,
    ),
    "admin:incidents_return_begin": Route(
        once(),
        only("GET POST", page(policy.RETURN_BEGINNERS, by_method(POST=REFUSED))),
        lambda cell, world: {"which": "0-quarter-1999-1"},
    ),
    "admin:incidents_return_overview": Route(
        once("?period=half_year-1999-1", "?period=x"), only("GET", page(policy.RETURN_OVERSEERS))
    ),
    "admin:incidents_return_change": Route(returns(), of_return("GET", lambda cell: OK)),
    "admin:incidents_return_write": Route(
        returns(), of_return("GET POST", _while_open(DONE), policy.RETURN_WRITERS), _return_body
    ),
    "admin:incidents_return_sign": Route(
        returns(), of_return("GET POST", _while_open(REFUSED), policy.RETURN_SIGNERS), _return_body
    ),
    "admin:incidents_return_correct": Route(returns(), of_return("GET POST", _once_signed, MAY_CORRECT), _return_body),
    "admin:incidents_return_file": Route(
        lambda world: [target for form in ("docx", "xlsx") for target in returns(number=1, form=form)(world)],
        of_return("GET", lambda cell: OK if cell.target.case == "return_a" else GONE),
    ),
}


# --- alerts and recommendations --------------------------------------------------------------------------------------


def alerts(**more: Any) -> Callable[[World], list[Target]]:
    """The page of every alert, and of one that is not there."""

    def targets(world: World) -> list[Target]:
        found = [Target({"alert_id": one.pk} | more, case=name) for name, one in world.alerts.items()]
        return [*found, Target({"alert_id": world.absent} | more, case="alert", is_absent=True)]

    return targets


def alert_steps(world: World) -> list[Target]:
    states = ("draft", "waiting", "published", "withdrawn")
    return [target for status in states for target in alerts(status=status)(world)]


def receipts(world: World) -> list[Target]:
    """What every facility got, and one that is not there."""
    found = [Target({"receipt_id": one.pk}, case=name) for name, one in world.receipts.items()]
    return [*found, Target({"receipt_id": world.absent}, case="receipt_a", is_absent=True)]


def of_alert(methods: str, then: Expect) -> Expect:
    """A page under an alert: what one may not see is not there."""

    def expect(cell: Cell) -> str:
        if cell.reader not in policy.ALERT_READERS:
            return NO
        return then(cell) if is_seen(cell) else GONE

    return only(methods, expect)


def _write_alert(cell: Cell) -> str:
    if cell.reader not in policy.ALERT_WRITERS:
        return NO
    if cell.target.case == "alert":
        return AWAY
    return DONE if cell.method == "POST" else OK


ALERT_STEPS = {
    ("alert_draft", "waiting"): policy.ALERT_WRITERS,
    ("alert_draft", "withdrawn"): policy.ALERT_WRITERS,
    ("alert", "draft"): policy.ALERT_WRITERS,
    ("alert", "withdrawn"): policy.ALERT_PUBLISHERS,
}


def _alert_step(cell: Cell) -> str:
    may = ALERT_STEPS.get((cell.target.case, cell.target.args["status"]))
    if may is None:
        return AWAY
    return NO if cell.reader not in may else DONE if cell.method == "POST" else OK


def _link_source(cell: Cell) -> str:
    return NO if cell.reader not in policy.ALERT_WRITERS else DONE if cell.method == "POST" else OK


def _receipt(cell: Cell) -> str:
    if cell.reader not in policy.INCIDENT_READERS:
        return NO
    if not is_seen(cell):
        return GONE
    may_answer = cell.reader in policy.INCIDENT_WRITERS
    return OK if cell.method == "GET" else DONE if may_answer else NO


def _alert_version(cell: Cell, world: World) -> str:
    made = world.alerts.get(cell.target.case) or world.receipts.get(cell.target.case)
    return str(made.version if made else 1)


def signals(world: World) -> list[Target]:
    """Every signal, and one that is not there."""
    found = [Target({"signal_id": one.pk}, case=name) for name, one in world.signals.items()]
    return [*found, Target({"signal_id": world.absent}, case="signal_a", is_absent=True)]


def _signal(cell: Cell) -> str:
    return OK if cell.method == "GET" else DONE if cell.reader in policy.JUDGES else NO


def _signal_body(cell: Cell, world: World) -> dict[str, str]:
    made = world.signals.get(cell.target.case)
    return {"version": str(made.version if made else 1), "verdict": "chance", "reason": LONG_REASON}


ALERT_ROUTES: dict[str, Route] = {
    "admin:incidents_incident_signals": Route(
        once("?kind=IT03", "?unit=visits", "?kind=zq77ks"), only("GET", page(policy.ALERT_READERS))
    ),
    "admin:incidents_incident_signal": Route(signals, of_alert("GET POST", _signal), _signal_body),
    "admin:incidents_incident_alerts": Route(
        once("?q=zq95ka", "?body__contains=zq95ka"), only("GET", page(policy.STAFF, page(policy.ALERT_READERS)))
    ),
    "admin:incidents_incident_alert_begin": Route(once(), only("POST", page(policy.ALERT_WRITERS, DONE))),
    "admin:incidents_incident_alert": Route(alerts(), of_alert("GET", lambda cell: OK)),
    "admin:incidents_incident_alert_edit": Route(
        alerts(),
        of_alert("GET POST", _write_alert),
        lambda cell, world: {"version": _alert_version(cell, world), "kind": "advice", "title": "Tên khác"},
    ),
    "admin:incidents_incident_alert_step": Route(
        alert_steps,
        of_alert("GET POST", _alert_step),
        lambda cell, world: {"version": _alert_version(cell, world), "reason": LONG_REASON},
    ),
    "admin:incidents_incident_alert_source": Route(
        alerts(),
        of_alert("GET POST", _link_source),
        lambda cell, world: {"reference": world.incidents["incident_a"].reference, "reason": LONG_REASON},
    ),
    "admin:incidents_incident_receipts": Route(once("?q=zq96kc"), only("GET", page(policy.RECEIVERS))),
    "admin:incidents_incident_receipt": Route(
        receipts,
        only("GET POST", _receipt),
        lambda cell, world: {"version": _alert_version(cell, world), "applied": "1", "text": "Đã làm xong."},
    ),
}


# --- the API ---------------------------------------------------------------------------------------------------------

API_READERS = CASE_READERS | SYSTEMS
KNOWN = policy.STAFF | SYSTEMS | {"api_intake"}
API_CASE_QUERIES = (
    "?q=zq05rn", "?q=zq12bo", "?ordering=changed", "?page_size=100", "?status=forwarded", "?late=true",
    "?ordering=reporter", "?format=api", "?fields=reporter", "?reporter__name=zq", "?division=P01", "?facility=TB1",
)  # fmt: skip


def _api_cases(world: World) -> list[Target]:
    found = [asking(query) for query in ("", *API_CASE_QUERIES)]
    return [*found, *(Target(query=f"?reference={one.reference}") for one in world.cases.values())]


def _api_case(cell: Cell) -> str:
    if not is_seen(cell):
        return GONE
    if cell.method in ("GET", "HEAD"):
        return OK
    return DONE if cell.reader in policy.CORRECTORS else NO


def _api_move(cell: Cell) -> str:
    if not is_seen(cell):
        return GONE
    pair = (STANDS[cell.target.case], Status.TRIAGED)
    return DONE if pair in policy.STEPS.get(cell.reader, set()) else REFUSED


def _json(value: Any) -> str:
    return json.dumps(value)


def _api_deadlines(world: World) -> list[Target]:
    found = [Target(query=query) for query in ("", "?late=true", "?state=done", "?obligation=answer", "?by=1")]
    return [*found, *(Target(query=f"?reference={one.reference}") for one in world.cases.values())]


def _with_query(expect: Expect) -> Expect:
    """A question may be refused as such."""
    return lambda cell: REFUSED if expect(cell) == OK and cell.target.query else expect(cell)


API_ROUTES: dict[str, Route] = {
    "api:index": Route(once(), public("GET HEAD OPTIONS"), is_json=True),
    "api:docs": Route(once(), public("GET HEAD OPTIONS"), is_json=True),
    "api:schema": Route(once(), public("GET HEAD OPTIONS"), is_json=True),
    "api:nothing": Route(
        lambda world: [Target(path="/api/v1/cases.json"), Target(path="/api/v1/reporters/")],
        lambda cell: GONE,
        is_json=True,
    ),
    "api:cases": Route(_api_cases, _with_query(api(API_READERS)), is_json=True),
    "api:case": Route(
        references(),
        api(API_READERS, "GET HEAD PATCH", _api_case),
        lambda cell, world: _json({"urgency": "S1", "reason": REASON}),
        is_json=True,
    ),
    "api:case-moves": Route(
        references(),
        api(API_READERS, "POST", _api_move),
        lambda cell, world: _json({"to": "triaged", "reason": REASON}),
        is_json=True,
    ),
    "api:case-notes": Route(
        references(),
        api(API_READERS, "POST", lambda cell: _api_note(cell)),
        lambda cell, world: _json({"text": "Đã gọi lại."}),
        is_json=True,
    ),
    **incident_doors.routes(_with_query(api(policy.INCIDENT_READERS))),
    "api:incident": Route(
        incident_references, api(policy.INCIDENT_READERS, then=lambda cell: OK if is_seen(cell) else GONE), is_json=True
    ),
    "api:incident-event": Route(
        incident_references,
        api(policy.INCIDENT_READERS, then=lambda cell: OK if is_seen(cell) and not _is_draft(cell) else GONE),
        is_json=True,
    ),
    **api_routes(api, _with_query),
    **api_routes_of_visits(api, _with_query),
    "api:channels": Route(once("?in_use=true"), api(KNOWN), is_json=True),
    "api:categories": Route(once(), api(KNOWN), is_json=True),
    "api:facilities": Route(once("?q=lam+kieu"), api(KNOWN), is_json=True),
    "api:facility": Route(lambda world: [Target({"code": "TA1"}), Target({"code": "TC1"})], api(KNOWN), is_json=True),
    "api:areas": Route(once(), api(KNOWN), is_json=True),
    "api:deadlines": Route(_api_deadlines, _with_query(api(policy.CLOCK_READERS | SYSTEMS)), is_json=True),
    "api:intake": Route(
        once(),
        api(frozenset({"api_intake"}), "POST", DONE),
        lambda cell, world: _json({"channel": "P1022", "body": "Chờ lâu."}),
        is_json=True,
    ),
}


def _api_note(cell: Cell) -> str:
    if not is_seen(cell):
        return GONE
    return DONE if cell.reader in policy.NOTERS else NO


# --- everything else of the console ----------------------------------------------------------------------------------

REFERENCE = CASE_READERS
UNITS = CASE_READERS | {"sysadmin"}  # who is asked where a person belongs
CLOCKS = policy.CLOCK_READERS
LEAD = policy.ONLY_LEADS
ADMINS = policy.ONLY_SYSADMIN
ROOT = policy.ONLY_SUPERUSER


def facility_deed(world: World) -> list[Target]:
    return [Target({"object_id": world.b.pk})]


def person(world: World) -> list[Target]:
    return [
        Target({"object_id": world.people["officer"].pk}),
        Target({"object_id": world.people["facility_officer_b"].pk}),
    ]


def role(world: World) -> list[Target]:
    return [Target({"object_id": world.asked_role.pk})]


def system(world: World) -> list[Target]:
    return [Target({"object_id": world.api_read.pk})]


def _limits_body(world: World) -> dict[str, Any]:
    """A system that read of every facility is to send as well, which waits."""
    held = clients.limits_of(world.api_read)
    return {"may_read": "on", "may_send": "on", "shown": clients.mark_of(held), "reason": LONG_REASON}


def deadlines(world: World) -> list[Target]:
    from deadlines.models import Deadline

    found = []
    for name, case in world.cases.items():
        clock = Deadline.objects.about(case).order_by("id")[0]
        found.append(Target({"object_id": clock.pk}, case=name))
    return [*found, Target({"object_id": world.absent}, case="new", is_absent=True)]


def duties(world: World) -> list[Target]:
    from deadlines.models import Duty

    found = []
    for name, case in world.cases.items():
        duty = Duty.objects.filter(deadline__about_id=case.pk).order_by("id")[0]
        found.append(Target({"object_id": duty.pk}, case=name))
    return [*found, Target({"object_id": world.absent}, case="new", is_absent=True)]


def case_clocks(world: World) -> list[Target]:
    """The page of one deadline under its case, under another case, and of one that is not there."""
    from deadlines.models import Deadline

    found = []
    for name, case in world.cases.items():
        for clock in Deadline.objects.about(case).order_by("id"):
            is_before = name == "elsewhere" and clock.obligation == "answer" and clock.state != "running"  # B's time
            note = "answer before" if is_before else clock.obligation
            found.append(Target({"case_id": case.pk, "deadline_id": clock.pk}, case=name, note=note))
    foreign = {"case_id": world.cases["forwarded_a"].pk, "deadline_id": found[0].args["deadline_id"]}
    absent = {"case_id": world.absent, "deadline_id": world.absent}
    return [*found, Target(foreign, case="new", note="elsewhere"), Target(absent, case="new", is_absent=True)]


def _explained(cell: Cell) -> str:
    """A facility is shown the clock that binds it, not the one of another that had the case before."""
    is_shown = cell.reader not in policy.FACILITIES or cell.target.note == "answer"
    if not is_shown or cell.target.note == "elsewhere":
        return GONE
    return OK if cell.method == "GET" or cell.reader in policy.ASKERS else NO  # nobody asks for a term of nothing


def messages(world: World) -> list[Target]:
    found = [Target({"object_id": item.pk}, case=name, note="of another") for name, item in world.inbox.items()]
    return [*found, Target({"object_id": world.absent}, case="new", is_absent=True)]


def _clock(cell: Cell) -> str:
    return OK if is_seen(cell) else AWAY


def _task(cell: Cell) -> bool:
    """The world's tasks were given to the second lead: none of a facility's people reads them."""
    return is_seen(cell) and cell.reader not in policy.FACILITIES


TASKS = CASE_READERS - {"operator"}
DUTY_PAGES: dict[str, Expect] = {
    "change": page(TASKS, by_method(default=lambda cell: OK if _task(cell) else AWAY, POST=NO)),
    "history": page(TASKS, lambda cell: OK if _task(cell) else GONE, others=GONE),
    "delete": page(NOBODY),
}


def own_deadline_pages() -> dict[str, Route]:
    """Deadlines are seen with their record."""
    pages = stock(
        "deadlines_deadline", lambda world: world.entry, view=CLOCKS, queries=("?standing=all", "?obligation=answer")
    )
    name = "admin:deadlines_deadline"
    return pages | {
        f"{name}_change": Route(deadlines, page(CLOCKS, by_method(default=_clock, POST=NO))),
        f"{name}_history": Route(deadlines, page(CLOCKS, lambda cell: OK if is_seen(cell) else GONE, others=GONE)),
        f"{name}_delete": Route(deadlines, page(NOBODY)),
    }


def inbox_pages() -> dict[str, Route]:
    """An inbox is its owner's; the world's items are the second lead's, who is no reader here."""
    pages = stock("notifications_inboxitem", lambda world: world.entry, view=CASE_READERS | {"sysadmin"})
    readers, name = CASE_READERS | {"sysadmin"}, "admin:notifications_inboxitem"
    return pages | {
        f"{name}_change": Route(messages, page(readers, by_method(default=AWAY, POST=NO))),
        f"{name}_history": Route(messages, page(readers, GONE, others=GONE)),
        f"{name}_delete": Route(messages, page(NOBODY)),
    }


def _log(cell: Cell) -> Iterable[tuple[str, str]]:
    """The log is whole for whoever may read it, but for what they are kept from: which cases were looked at, by whom
    and why."""
    if cell.reader not in policy.ONLY_AUDITORS:
        return ()
    return [(case, what) for case in STANDS if policy.sees(cell.reader, case) for what in ("au", "reference")]


STOCK: dict[str, Route] = {
    **stock("facilities_area", lambda world: world.area, view=REFERENCE, add=ROOT, change=ROOT),
    **stock("facilities_division", lambda world: world.division_1, view=UNITS, add=ROOT, change=ROOT),
    **stock("facilities_licenceevent", lambda world: world.licence, view=REFERENCE, add=LEAD, change=LEAD),
    **stock("facilities_hotline", lambda world: world.hotline, view=REFERENCE, add=LEAD, change=LEAD),
    **stock("facilities_hotlinecall", lambda world: world.hotline_call, view=policy.RECORDERS),
    **stock("facilities_facilityname", lambda world: world.name, view=REFERENCE, add=LEAD, change=LEAD),
    **stock("facilities_facility", lambda world: world.b, view=UNITS, add=LEAD, change=LEAD),
    **stock("facilities_facilityimport", lambda world: world.file, view=LEAD, add=LEAD, change=LEAD),
    **stock("accounts_user", lambda world: world.people["officer"], view=ADMINS, add=ADMINS, change=ADMINS),
    **stock("accounts_accountchange", lambda world: world.asked_change, view=policy.ROLE_READERS),
    **stock("accounts_rolegrant", lambda world: world.asked_role, view=policy.ROLE_READERS),
    **stock("auth_group", lambda world: world.group, view=ADMINS, add=ROOT, change=ROOT),
    **stock("accounts_apiclient", lambda world: world.api_read, view=ADMINS, add=ADMINS, change=ADMINS),
    **stock("audit_entry", lambda world: world.entry, view=policy.ONLY_AUDITORS, shows=_log),
    **inbox_pages(),
    **stock("notifications_outbox", lambda world: world.outbox, view=ADMINS),
    **own_deadline_pages(),
    **stock("deadlines_deadlinerule", lambda world: world.rule, view=CLOCKS, add=LEAD, change=LEAD),
    **stock("deadlines_duty", lambda world: world.entry, view=TASKS, queries=("?which=all", "?which=open")),
    **{f"admin:deadlines_duty_{name}": Route(duties, expect) for name, expect in DUTY_PAGES.items()},
    **stock("deadlines_clockhold", lambda world: world.hold, view=ADMINS),
    "admin:deadlines_clockhold_release": Route(
        lambda world: [Target({"object_id": world.hold.pk})], only("GET POST", page(ADMINS, by_method(POST=REFUSED)))
    ),
    **stock("deadlines_ladder", lambda world: world.ladder, view=CLOCKS, add=LEAD, change=LEAD),
    "admin:deadlines_calendarday_swap": Route(
        once(),
        only("GET POST", page(LEAD)),
        lambda cell, world: {"off": "2026-03-03", "worked": "2026-03-07", "occasion": "x", "source": "x"},
    ),
    "admin:deadlines_calendarday_year": Route(
        once(), only("GET POST", page(LEAD)), lambda cell, world: {"year": "2027", "source": "x"}
    ),
    **stock("deadlines_calendarday", lambda world: world.day, view=CLOCKS, add=LEAD, change=LEAD),
    **stock("deadlines_workingperiod", lambda world: world.period, view=ROOT, add=ROOT, change=ROOT),
    **stock("feedback_channel", lambda world: world.channel, view=REFERENCE, add=LEAD, change=LEAD),
    **stock("feedback_category", lambda world: world.category, view=REFERENCE, add=LEAD, change=LEAD),
    **stock(
        "directives_obligation",
        lambda world: world.obligations["directive_a"],
        view=policy.REGISTER_READERS,
        change=policy.REGISTER_KEEPERS,
        shows=lambda cell: (
            [("directive_a", "go"), ("directive_b", "go")] if cell.reader in policy.REGISTER_READERS else []
        ),
    ),
    **stock("directives_scoreweight", lambda world: world.weight, view=KEEPERS, add=KEEPERS, change=KEEPERS),
    **stock(
        "directives_partyrule",
        lambda world: world.party_rule,
        view=policy.REGISTER_READERS,
        add=policy.REGISTER_KEEPERS,
        change=policy.REGISTER_KEEPERS,
    ),
}


def _autocomplete(world: World) -> list[Target]:
    """Every foreign key of every model, asked for as a picker would."""
    from django.apps import apps
    from django.db.models import ForeignKey

    found = []
    for model in apps.get_models():
        for about in model._meta.get_fields():
            if isinstance(about, ForeignKey):
                query = (
                    f"?app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={about.name}"
                )
                found.append(Target(query=f"{query}&term=", note=f"{about.related_model._meta.label_lower}"))
    return found


def _picks(cell: Cell) -> str:
    """A picker offers what its reader has a list of anyway; of cases there is none."""
    return REFUSED


def _shortcuts(world: World) -> list[Target]:
    """“View on site” of a case, which no page of the site is."""
    kind = ContentType.objects.get_for_model(Case).pk
    found = [Target({"content_type_id": kind, "object_id": case.pk}, case=name) for name, case in world.cases.items()]
    return [*found, Target({"content_type_id": kind, "object_id": world.absent}, case="new", is_absent=True)]


def _searches(world: World) -> list[Target]:
    words = ("zq05rn", "zq12bo", "zq05ti", "zq21no", "cho+lau", "phan+anh")
    found = [Target(query=f"?s={word}") for word in words]
    return [*found, *(Target(query=f"?s={case.reference}") for case in world.cases.values())]


def _hand_over(cell: Cell) -> str:
    """Looking at what would happen writes nothing."""
    if cell.method == "GET":
        return OK
    return DONE if cell.target.note == "do" else REFUSED


def _apps(world: World) -> list[Target]:
    labels = (
        "facilities",
        "accounts",
        "auth",
        "audit",
        "notifications",
        "deadlines",
        "feedback",
        "incidents",
        "directives",
    )
    return [Target(path=f"/console/{label}/", note=label) for label in labels]


APPS: dict[str, Readers] = {
    "facilities": UNITS,
    "accounts": policy.ROLE_READERS,
    "auth": ADMINS,
    "audit": policy.ONLY_AUDITORS,
    "notifications": CASE_READERS | {"sysadmin"},
    "deadlines": CLOCKS | ADMINS | TASKS,
    "feedback": CASE_READERS | {"sysadmin"},  # what became of mails, without their words
    "incidents": policy.INCIDENT_READERS,
    "directives": policy.DIRECTIVE_READERS,
}


CONSOLE: dict[str, Route] = {
    "admin:index": Route(once(), page(policy.STAFF)),
    "admin:app_list": Route(_apps, lambda cell: page(APPS[cell.target.note], others=GONE)(cell)),
    "admin:search": Route(_searches, page(policy.STAFF)),
    "admin:autocomplete": Route(_autocomplete, page(policy.STAFF, _picks)),
    "admin:jsi18n": Route(once(), only("GET HEAD OPTIONS", page(policy.STAFF))),
    "admin:view_on_site": Route(_shortcuts, page(policy.STAFF, GONE)),
    "admin:facilities_facility_import_page": Route(once(), page(LEAD, AWAY)),
    "admin:facilities_facility_rename_page": Route(facility_deed, page(LEAD, by_method(POST=REFUSED))),
    "admin:facilities_facility_management_page": Route(facility_deed, page(LEAD, by_method(POST=REFUSED))),
    "admin:facilities_facility_end_page": Route(facility_deed, page(LEAD, by_method(POST=REFUSED))),
    "admin:facilities_facility_reopen_page": Route(facility_deed, page(LEAD, by_method(POST=REFUSED))),
    "admin:facilities_import_template": Route(once(), page(LEAD)),
    "admin:facilities_import_outcome": Route(lambda world: [Target({"pk": world.file.pk})], page(LEAD)),
    "admin:auth_user_password_change": Route(
        lambda world: [Target({"id": world.people["officer"].pk})], page(ADMINS, AWAY)
    ),
    "admin:accounts_user_void_password_page": Route(person, page(ADMINS, by_method(POST=REFUSED))),
    "admin:accounts_user_email_page": Route(person, page(ADMINS, by_method(POST=REFUSED))),
    "admin:accounts_accountchange_answer_page": Route(
        lambda world: [Target({"object_id": world.asked_change.pk})],
        page(policy.APPROVERS, by_method(POST=DONE)),
        lambda cell, world: {"decline": "1", "reason": LONG_REASON},
    ),
    "admin:accounts_user_give_role_page": Route(person, page(ADMINS, by_method(POST=REFUSED))),
    "admin:accounts_user_hand_over": Route(
        lambda world: [Target(note="look"), Target(note="do")],
        only("GET POST", page(policy.APPROVERS, lambda cell: _hand_over(cell))),
        lambda cell, world: {
            "leaver": str(world.people["officer_2"].pk),
            "reason": LONG_REASON,
            "step": cell.target.note,
        },
    ),
    "admin:accounts_rolegrant_answer_page": Route(
        role,
        page(policy.APPROVERS, by_method(POST=DONE)),
        lambda cell, world: {"decline": "1", "reason": LONG_REASON, "answer": LONG_REASON},
    ),
    "admin:accounts_rolegrant_end_page": Route(
        role,
        page(policy.APPROVERS | ADMINS, by_method(POST=DONE)),
        lambda cell, world: {"reason": LONG_REASON, "answer": LONG_REASON},
    ),
    "admin:accounts_user_reset_factor_page": Route(person, page(ADMINS, by_method(POST=REFUSED))),
    "admin:accounts_user_end_sessions_page": Route(person, page(ADMINS, by_method(POST=REFUSED))),
    "admin:accounts_apiclient_limits_page": Route(
        system, page(ADMINS, by_method(POST=DONE)), lambda cell, world: _limits_body(world)
    ),
    "admin:accounts_apiclient_issue_page": Route(
        system, page(ADMINS, by_method(POST=DONE)), lambda cell, world: {"reason": LONG_REASON}
    ),
    "admin:accounts_apiclient_revoke_page": Route(system, page(ADMINS, by_method(POST=DONE))),
    "console/(?P<url>.*)$": Route(
        lambda world: [Target(path="/console/feedback/historicalcase/"), Target(path="/console/feedback/reporter/")],
        page(policy.STAFF, GONE),
    ),
    "operations": Route(once(), only("GET HEAD", page(policy.WATCHERS))),
    "notification_preferences": Route(
        once(), only("GET POST", page(policy.STAFF, by_method(POST=DONE))), lambda cell, world: {"mail_work": "daily"}
    ),
    "own_sessions": Route(once(), page(policy.STAFF, by_method(POST=AWAY))),
}


# --- pages without a console -----------------------------------------------------------------------------------------


def _codes(world: World) -> list[Target]:
    """The form, and every case by its code, which only its reporter has."""
    found = [Target(note="no code")]
    for name in world.cases:
        shows = {(name, what) for what in policy.BY_RECEIPT} | {(name, "reference")}
        found.append(Target(case=name, note=world.codes[name], shows=frozenset(shows)))
    return found


def _staff_codes(world: World) -> list[Target]:
    """The same for reports from staff, whose reporter reads both conversations."""
    names = ("incident_draft_a", "incident_a", "incident_b")
    shows = {name: {(name, what) for what in (*policy.BY_STAFF_RECEIPT, "reference")} for name in names}
    return [
        Target(note="no code"),
        *(Target(case=name, note=world.codes[name], shows=frozenset(shows[name])) for name in names),
    ]


def _doors(world: World) -> list[Target]:
    return [Target({"code": unit.code}) for unit in (world.a, world.b)]


def _code_body(cell: Cell, world: World) -> dict[str, str]:
    return {"code": cell.target.note if cell.target.case else "AAAA-AAAAA-AAAA-AAAA-AAAA-AAAAA"}


def _followed(cell: Cell) -> str:
    if cell.method not in ("GET", "POST"):
        return WRONG_METHOD
    return OK if cell.method == "GET" or cell.target.case else GONE


READY = "ready or not"  # 503 while no scheduler runs
RESULT_QUERIES = ("?co-so=Lam+Kieu", "?linh-vuc=A1", "?truoc=9-9", "?co-so=zq05rn", "?q=zq12bo", "?facility__name=x")

PUBLIC: dict[str, Route] = {
    "public:landing": Route(once(), public()),
    "public:send": Route(once(), public("GET", POST=REFUSED), lambda cell, world: {"key": "x", "body": "Chờ lâu."}),
    "public:secret": Route(once(), public("GET", POST=REFUSED), lambda cell, world: {"key": "x", "body": "Chờ lâu."}),
    "public:leave": Route(once(), public("GET", GET=AWAY)),
    "public:facilities": Route(once("?q=lam+kieu"), public()),
    "public:follow": Route(_codes, _followed, _code_body, as_alike=False),
    "public:results": Route(once(*RESULT_QUERIES), public()),
    "staff:send": Route(
        once(), public("GET", POST=REFUSED), lambda cell, world: {"key": "x", "description": "Té ngã."}
    ),
    "staff:send_at": Route(_doors, public("GET", POST=REFUSED), lambda cell, world: {"key": "x", "ward": "Khoa Nội"}),
    "staff:facilities": Route(once("?q=lam+kieu"), public()),
    "staff:follow": Route(_staff_codes, _followed, _code_body, as_alike=False),
    "health-live": Route(once(), lambda cell: OK),
    "health-ready": Route(once(), lambda cell: READY),
    "accounts:language": Route(once(), lambda cell: WRONG_METHOD if cell.method != "POST" else HARMLESS),
}

SIGN_IN: dict[str, Route] = {
    name: Route(
        once(),
        lambda cell: HARMLESS,
        lambda cell, world: {"login": "lead", "password": "khong-phai", "email": "x@example.vn"},
    )
    for name in (
        "account_login",
        "admin:login",
        "mfa_authenticate",
        "second_factor_set_up",
        "account_reset_password",
        "account_confirm_password_reset_code",
        "account_complete_password_reset",
        "session_state",
        "account_logout",
        "admin:logout",
    )
} | {
    name: Route(once(), page(policy.STAFF, by_method(HARMLESS, GET=OK)), lambda cell, world: {"old_password": "x"})
    for name in ("console/password_change/", "admin:password_change", "admin:password_change_done")
}

ROUTES: dict[str, Route] = {
    **CASE_ROUTES,
    **INCIDENT_ROUTES,
    **DIRECTIVE_ROUTES,
    **CALL_ROUTES,
    **SUGGESTING_ROUTES,
    **DUTY_ROUTES,
    **VISIT_ROUTES,
    **YEARLY_ROUTES,
    **ACTION_ROUTES,
    **RETURN_ROUTES,
    **ALERT_ROUTES,
    **API_ROUTES,
    **STOCK,
    **CONSOLE,
    **PUBLIC,
    **OPEN311_ROUTES,
    **RUN_ROUTES,
    **SIGN_IN,
}
