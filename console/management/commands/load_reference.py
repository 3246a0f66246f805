"""Every app's reference data, in the order in which the apps stand on one another."""

import importlib
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

STEPS = (  # (what a person reads, module, function); each is idempotent
    ("areas and divisions", "facilities.reference", "load"),
    ("roles", "accounts.services", "seed_roles"),
    ("calendars, rules and ladders", "deadlines.reference", "load"),
    ("channels and categories", "feedback.reference", "load"),
    ("directives and obligations", "directives.reference", "load"),
)


class Command(BaseCommand):
    """Load what the system needs to know before the first case. Safe to run again: people's changes stay."""

    help = "Load areas, divisions, roles, deadline rules, channels and categories. Safe to run again."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for title, module, function in STEPS:
            began = time.perf_counter()
            outcome = _loader(module, function)()
            counts = outcome if isinstance(outcome, dict) else {}
            told = ", ".join(f"{count:,} {kind}" for kind, count in counts.items()) or title
            self.stdout.write(f"{told} ({time.perf_counter() - began:.1f} s)")


def _loader(module: str, function: str) -> Callable[[], object]:
    """By name, so that a missing step is one sentence and not a traceback from an import."""
    try:
        found: Callable[[], object] = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as fault:
        raise CommandError(f"Reference data cannot be loaded: {module}.{function} is missing ({fault}).") from fault
    return found
