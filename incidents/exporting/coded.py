"""Which incidents may go out, and what of them is read for it: codes and moments, never a text somebody typed."""

from typing import Any

from django.db.models import QuerySet

from incidents.choices import SENT
from incidents.models import Incident

COLUMNS = (
    "reference", "edition", "status", "subject", "occurred_at", "detected_at", "told_physician", "is_in_record",
    "told_family", "told_patient", "harm", "level", "deaths", "serious_item", "types", "causes", "reporter_role",
    "submitted_at", "facility__type",
)  # fmt: skip


def going_out(rows: Any) -> QuerySet[Incident]:
    """Of these incidents the sent ones, with the columns that may leave the house and no others."""
    found: QuerySet[Incident] = rows.filter(status__in=[str(status) for status in SENT])
    return found.select_related("facility").only(*COLUMNS)
