from typing import Any

from django.core.management.base import BaseCommand, CommandError

from deadlines.calendar import local
from deadlines.verification import Fault, verify


class Command(BaseCommand):
    help = (
        "Derive every stored due moment anew from its stored inputs and check what must always hold of deadlines,"
        " pauses and the ledger of steps. Prints the counts; exit code 1 at any difference."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify()
        self.stdout.write(
            f"{found.deadlines} deadlines, {found.pauses} pauses, {found.steps} steps of ladders verified"
        )
        swept = local(found.swept_at).isoformat(timespec="seconds") if found.swept_at else "never"
        self.stdout.write(f"{found.waiting} wait for the next sweep; the last one: {swept}")
        for fault in Fault:
            self.stdout.write(f"{found.faults[fault]:>10}  {fault}")
        for each in found.shown:
            about = f"deadline {each.deadline} ({each.reference})"
            self.stderr.write(f"{about}: {each.fault}{': ' if each.words else ''}{each.words}")
        if count := sum(found.faults.values()):
            raise CommandError(f"{count} differences.")
