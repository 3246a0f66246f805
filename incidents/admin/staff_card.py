"""What the page of an incident shows of its report from staff."""

from typing import Any

from incidents import talking
from incidents.models import Incident, Talk
from incidents.transitions import is_own


def context_of(incident: Incident, reader: Any) -> dict[str, Any]:
    """What the incident's page shows of its report from staff. Two queries."""
    report = talking.report_of(incident, reader)
    return {
        "staff_report": report,
        "talk": Talk.objects.visible_to(reader).filter(incident=incident).select_related("by") if report else (),
        "may_talk": report is not None and talking.side_of(incident, reader) is not None,
        "may_look": report is not None and report.looked_at is None and is_own(incident, reader),
    }
