"""The console's pages of feedback. Each module registers what it shows."""

from feedback.admin import cases, mails, reference, runs

__all__ = ["cases", "mails", "reference", "runs"]
