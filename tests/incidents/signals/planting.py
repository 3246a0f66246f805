"""Reports week by week, as many as wanted: rows alone, without the deeds that would write them one by one."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from facilities.models import Facility
from incidents.models import Incident
from incidents.signals.counting import WEEKS
from incidents.taxonomy import lists


def plant(facility: Facility, by: Any, weekly: dict[int, int], box: str = "IT07.1", **changes: Any) -> None:
    """`weekly` maps how many weeks ago (1: the last whole one) to how many reports."""
    monday = timezone.make_aware(datetime.combine(last_monday(), time.min))
    known, rows = Incident.objects.count(), []
    for ago, count in weekly.items():
        noticed = monday - timedelta(weeks=ago) + timedelta(days=2)
        for _report in range(count):
            known += 1
            rows.append(
                Incident(
                    reference=f"SC-0000-{known:06d}",
                    edition=lists().edition,
                    status="accepted",
                    facility=facility,
                    occurred_at=noticed,
                    detected_at=noticed,
                    harm="D",
                    types=[box],
                    opened_by=by,
                    opened_at=noticed,
                    submitted_at=noticed,
                    **changes,
                )  # fmt: skip
            )
    Incident.objects.bulk_create(rows)


def last_monday() -> date:
    """The Monday of this week: what lies before it are whole weeks."""
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


def steady(count: int, until: int = 0) -> dict[int, int]:
    """So many each week of three years, up to some weeks ago."""
    return {ago: count for ago in range(until + 1, WEEKS + 1)}
