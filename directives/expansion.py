"""From obligations to assignments."""

from typing import Any

from directives.models import Obligation


def withdraw_of(obligation: Obligation, *, by: Any, reason: str) -> int:
    return 0
