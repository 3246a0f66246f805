from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from deadlines.sweep import sweep


class Command(BaseCommand):
    help = "Take every escalation step that is due: one pass by hand of what the worker does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=None, help="at most this many deadlines")

    def handle(self, *args: Any, **options: Any) -> None:
        done = sweep(limit=options["limit"])
        self.stdout.write(
            f"{done.deadlines} deadlines, {done.steps} steps, {done.messages} messages, {done.held} put aside,"
            f" {len(done.busy)} busy"
        )
