"""What a return says: its figures and words as one document, and the digest by which it is known again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from incidents.choices import ReturnKind
from incidents.models import Return
from incidents.returns.figures import action_tables, facilities_of, planned, tables, told
from incidents.returns.periods import Period

TEXTS = ("findings", "solutions")


def period_of(found: Return) -> Period:
    return Period(found.kind, found.year, found.part)


def drawn_up(found: Return, as_of: datetime, texts: Mapping[str, str]) -> dict[str, Any]:
    """The return as of a moment: the same moment and words always give the same document. Two queries."""
    is_letter, period = found.kind == ReturnKind.LETTER, period_of(found)
    reports = told(period, found.facility_id, as_of)
    return {
        "layout": 2,  # since 2 with what was done; what was signed before stays as it is
        "kind": str(found.kind),
        "authority": settings.AUTHORITY_NAME,
        "unit": found.facility.name if found.facility else settings.AUTHORITY_NAME,
        "period": str(period),
        "as_of": timezone.localtime(as_of).isoformat(),
        "facilities": facilities_of(reports) if is_letter else None,
        "tables": tables(reports, is_letter=is_letter),
        "actions": action_tables(planned(period, found.facility_id, as_of)),
        **{name: texts.get(name, "") for name in TEXTS},
    }
