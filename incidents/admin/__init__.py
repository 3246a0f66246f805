"""Incidents and actions in the console."""

from incidents.admin.actions import ActionAdmin
from incidents.admin.incidents import IncidentAdmin
from incidents.admin.returns import ReturnAdmin
from incidents.admin.weekly import WeeklySummaryAdmin

__all__ = ["ActionAdmin", "IncidentAdmin", "ReturnAdmin", "WeeklySummaryAdmin"]
