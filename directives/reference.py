"""The register that a new installation begins with: what is known of the founding directives, and the classes of
parties. Loading again adds what is missing and changes nothing: what people changed since stays."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.services import engine
from common.scope import as_system
from directives.models import Clause, Directive, Indicator, Lineage, Obligation, PartyRule, ScoreWeight

FILE = Path(__file__).parent / "data" / "register.json"
FIRST = {"kind": "number", "unit": "", "source": "", "least": None, "most": None}


@transaction.atomic
def load() -> dict[str, int]:
    """Add what is missing; returns how many rows of each kind are new."""
    known = json.loads(FILE.read_text(encoding="utf-8"))
    with as_system():
        return {
            "rules of party classes": _load_rules(known["party_rules"]),
            "directives": _load_directives(known["directives"]),
            "lines of descent": _load_lineage(known["lineage"]),
            "obligations": _load_obligations(known["obligations"]),
            "weights of the emulation score": _load_weights(known["score_weights"]),
        }


def _load_rules(rows: list[dict[str, Any]]) -> int:
    there = set(PartyRule.objects.values_list("party", "type", "managing_body"))
    missing = [row for row in rows if (row["party"], row["type"], row.get("managing_body", "")) not in there]
    for row in missing:
        PartyRule.objects.create(**_dated(row))
    return len(missing)


def _load_weights(rows: list[dict[str, Any]]) -> int:
    """Only parts that have no weight yet."""
    there = set(ScoreWeight.objects.values_list("part", flat=True))
    missing = [row for row in rows if row["part"] not in there]
    for row in missing:
        ScoreWeight.objects.create(**row)
    return len(missing)


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    days = ("valid_from", "valid_to", "issued_on", "effective_on", "ends_on")
    return {name: date.fromisoformat(value) if name in days else value for name, value in row.items()}


def _load_directives(rows: list[dict[str, Any]]) -> int:
    there = set(Directive.objects.values_list("code", flat=True))
    missing = [row for row in rows if row["code"] not in there]
    for row in missing:
        made = Directive(**_dated(row), entered_by=engine(), entered_at=timezone.now())
        made.fold_number()
        made.save()
    return len(missing)


def _load_lineage(rows: list[list[str]]) -> int:
    """Only where a directive has no line yet: one that somebody took care of is left alone."""
    by_code = {row.code: row for row in Directive.objects.all()}
    there = set(Lineage.objects.values_list("directive__code", "relation", "other__code"))
    missing = [row for row in rows if tuple(row) not in there]
    for code, relation, other in missing:
        Lineage.objects.create(
            directive=by_code[code], relation=relation, other=by_code[other], at=timezone.now(), by=engine()
        )
    return len(missing)


def _load_obligations(rows: list[dict[str, Any]]) -> int:
    there = set(Obligation.objects.values_list("code", flat=True))
    by_code = {row.code: row for row in Directive.objects.all()}
    missing = [row for row in rows if row["code"] not in there]
    for row in missing:
        _load_one(row, by_code[row["directive"]])
    return len(missing)


def _load_one(row: dict[str, Any], directive: Directive) -> None:
    clause = Clause.objects.create(
        directive=directive,
        part=row["part"],
        position=1 + directive.clauses.count(),
        party=" ".join(row["parties"]),
        text=row["title"],
    )
    kept = ("code", "title", "parties", "evidence", "recurrence", "days_after", "needs_second", "source")
    given = {name: row[name] for name in kept if name in row}
    obligation = Obligation(directive=directive, clause=clause, starts_on=timezone.localdate(), **given)
    obligation.save()
    for number, one in enumerate(row["indicators"], start=1):
        Indicator.objects.create(obligation=obligation, code=f"{row['code']}.{number}", **{**FIRST, **one})
