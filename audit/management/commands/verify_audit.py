from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import chain


class Command(BaseCommand):
    help = "Go through the chain over the whole audit log; name the first entry that was changed, taken away or put in."

    def handle(self, *args: Any, **options: Any) -> None:
        found = chain.verify()
        if found.fault:
            where = f"entry {found.entry_id}" if found.entry_id else "an entry whose number is gone too"
            raise CommandError(f"The audit log is broken at {where}: {found.fault}.")
        self.stdout.write(f"{found.links} entries, none changed, missing or put in. Last digest: {found.head or '-'}")
