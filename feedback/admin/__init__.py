"""The console's pages of feedback. Each module registers what it shows."""

from feedback.admin import cases, reference

__all__ = ["cases", "reference"]
