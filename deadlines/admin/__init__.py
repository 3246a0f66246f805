"""The console's pages of deadlines. Each module registers what it shows."""

from deadlines.admin import calendar, clocks, rules

__all__ = ["calendar", "clocks", "rules"]
