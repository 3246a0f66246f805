from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from deadlines.recalculation import Moved, preview, recalculate


class Command(BaseCommand):
    help = (
        "Let the deadlines that still run follow the newest calendar, as the worker does within a minute of a change."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--preview", action="store_true", help="say what would move, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        found: Moved = preview() if options["preview"] else recalculate()
        self.stdout.write(
            f"{found.looked} deadlines looked at: {found.later} later, {found.earlier} earlier,"
            f" {found.newly_late} late by it, {found.busy} left because somebody held their record"
        )
