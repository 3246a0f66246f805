from typing import Any

from django.core.management.base import BaseCommand

from notifications.delivery import deliver


class Command(BaseCommand):
    help = "Deliver what waits in the outbox: one pass by hand of what the worker does."

    def handle(self, *args: Any, **options: Any) -> None:
        done = deliver()
        self.stdout.write(
            f"{done.inbox} to inboxes, {done.mails} mails, {done.posted} over HTTP, {done.failed} failed attempts,"
            f" {done.dead} given up"
        )
