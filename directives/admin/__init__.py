"""The pages of directives in the console."""

from directives.admin import assignments, obligations, register

__all__ = ["assignments", "obligations", "register"]
