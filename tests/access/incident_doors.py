"""The addresses of incidents by the API and of files that facilities show; what they are about is planted by
`tests.access.planted_incidents`."""

import json
from collections.abc import Callable
from typing import Any

from incidents.models import ReceiptFile
from tests.access import policy
from tests.access.cells import DONE, GONE, LOGIN, NO, OK, REFUSED, UNKNOWN, WRONG_METHOD, Cell, Route, Target

QUERIES = ("?level=NC3", "?facility=TB1", "?description=zq", "?named__sealed=zq", "?status=draft", "?ordering=harm",
           "?ordering=changed")  # fmt: skip


def _incidents(cell: Cell) -> str:
    """People and systems read; a system that was given the right reports, and reads nothing."""
    if cell.method not in ("GET", "HEAD", "OPTIONS", "POST"):
        return WRONG_METHOD
    if cell.reader in ("anonymous", "disabled"):
        return UNKNOWN
    if cell.method == "POST":
        return NO if cell.reader != "api_intake" else REFUSED if cell.target.query else DONE
    if cell.reader not in policy.INCIDENT_READERS:
        return NO
    return REFUSED if cell.target.query else OK


def _report(cell: Cell, world: Any) -> str:
    return json.dumps({"facility": "TA1", "description": "Phát nhầm thuốc.", "ward": "Khoa Nội", "harm": "C"})


def _files(world: Any) -> list[Target]:
    """The file of A, the same under another receipt, and one that is not there."""
    a, b = world.receipts["receipt_a"], world.receipts["receipt_b"]
    token = ReceiptFile.objects.get(receipt=a).token
    return [
        Target({"receipt_id": a.pk, "token": token}, case="receipt_a"),
        Target({"receipt_id": b.pk, "token": token}, case="receipt_b", note="elsewhere"),
        Target({"receipt_id": world.absent, "token": token}, case="receipt_a", is_absent=True),
    ]


def _file(cell: Cell) -> str:
    if cell.reader in policy.OUTSIDE:
        return LOGIN
    if cell.method != "GET":
        return WRONG_METHOD
    if cell.reader not in policy.INCIDENT_READERS:
        return NO
    is_there = not cell.target.is_absent and not cell.target.note and policy.sees(cell.reader, cell.target.case)
    return OK if is_there else GONE


def routes(events: Callable[[Cell], str]) -> dict[str, Route]:
    """The rows; `events` is what reading incidents as a list gives."""
    asked = [Target(query=query) for query in ("", *QUERIES)]
    return {
        "api:incidents": Route(lambda world: asked, _incidents, _report, is_json=True),
        "api:incident-events": Route(lambda world: asked, events, is_json=True),
        "admin:incidents_incident_receipt_file": Route(_files, _file),
    }
