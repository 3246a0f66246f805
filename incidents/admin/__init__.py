"""Incidents in the console."""

from incidents.admin.incidents import IncidentAdmin
from incidents.admin.weekly import WeeklySummaryAdmin

__all__ = ["IncidentAdmin", "WeeklySummaryAdmin"]
