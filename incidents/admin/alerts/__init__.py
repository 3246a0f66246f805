"""Alerts and recommendations in the console: the department's pages, and the facility's."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern

from incidents.admin.alerts import department, facility

Named = Callable[[str, Any, str], URLPattern]


def addresses(named: Named) -> list[URLPattern]:
    """The addresses of these pages."""
    return [
        named("khuyen-cao/", department.alerts, "alerts"),
        named("khuyen-cao/moi/", department.begin, "alert_begin"),
        named("khuyen-cao/<int:alert_id>/", department.alert_page, "alert"),
        named("khuyen-cao/<int:alert_id>/sua/", department.edit, "alert_edit"),
        named("khuyen-cao/<int:alert_id>/buoc/<slug:status>/", department.step, "alert_step"),
        named("khuyen-cao/<int:alert_id>/nguon/", department.source, "alert_source"),
        named("thong-bao/", facility.receipts, "receipts"),
        named("thong-bao/<int:receipt_id>/", facility.receipt_page, "receipt"),
        named("thong-bao/<int:receipt_id>/tep/<slug:token>/", facility.receipt_file, "receipt_file"),
    ]
