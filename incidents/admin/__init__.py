"""Incidents in the console."""

from incidents.admin.incidents import IncidentAdmin

__all__ = ["IncidentAdmin"]
