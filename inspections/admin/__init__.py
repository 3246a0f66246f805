"""The pages of inspections in the console."""

from inspections.admin import corrections, listing, plans

__all__ = ["corrections", "listing", "plans"]
