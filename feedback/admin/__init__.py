"""The console's pages of feedback. Each module registers what it shows."""

from feedback.admin import cases, reference, runs

__all__ = ["cases", "reference", "runs"]
