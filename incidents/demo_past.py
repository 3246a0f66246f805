"""Invented voluntary reports of long ago, as they would stand had they been sent then, each with its history: rows
rather than deeds, since nobody can send a report in the past."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from common.scope import as_system
from facilities.models import Division, Facility
from incidents.choices import DIVISION, Status, Told
from incidents.models import Incident, Past
from incidents.services import next_reference
from incidents.taxonomy import lists

DERIVED = ("level", "due_at", "updated_at")  # what history does not keep


def past_report(facility: Facility, division: Division | None, by: Any, at: datetime, **said: Any) -> Incident:
    """One such report, not written yet."""
    told = dict.fromkeys(("told_physician", "is_in_record", "told_family", "told_patient"), Told.YES)
    text = "Báo cáo tự nguyện đã được tổng hợp trong kỳ trước."
    known = {"subject": "SUB1", "description": text, "treatment": "Theo dõi theo phác đồ.", "reporter_role": "REP1"}
    return Incident(
        reference=next_reference(at), edition=lists().edition, status=Status.ACCEPTED, facility=facility,
        division=division, occurred_at=at - timedelta(hours=2), detected_at=at - timedelta(hours=1),
        opened_by=by, opened_at=at, submitted_at=at,
        **{**known, **told, **said},
    )  # fmt: skip


def division_in_charge() -> Division | None:
    return Division.objects.filter(code=DIVISION).first()


def keep(rows: Iterable[Incident]) -> int:
    """Write them with their history; returns how many."""
    rows = list(rows)
    names = [field.attname for field in Incident._meta.concrete_fields if field.name not in DERIVED]
    with as_system():
        Incident.objects.bulk_create(rows)
        Past.objects.bulk_create(
            Past(
                **{name: getattr(row, name) for name in names},
                history_date=row.submitted_at, history_type="+", history_user=row.opened_by,
            )
            for row in rows
        )  # fmt: skip
    return len(rows)
