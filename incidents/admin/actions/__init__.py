"""Corrective actions in the console."""

from incidents.admin.actions.listing import ActionAdmin

__all__ = ["ActionAdmin"]
