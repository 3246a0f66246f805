"""The pages of directives in the console."""

from directives.admin import obligations, register

__all__ = ["obligations", "register"]
