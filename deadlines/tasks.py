"""Hints from beat: what is due stands in the database, a missed or doubled tick changes nothing."""

from typing import Any

from celery import shared_task

from deadlines.pause_ends import end_overdue_pauses
from deadlines.recalculation import recalculate
from deadlines.sweep import beat, sweep

SECONDS = 10
WORKER = "worker:"  # before the names of workers, in the heartbeats that they leave


@shared_task(bind=True)
def sweep_deadlines(self: Any) -> None:
    """Take every step that is due. Any number of these may run at once, and any may die."""
    if self.request.hostname:
        beat(f"{WORKER}{self.request.hostname}"[:60])
    sweep(seconds=SECONDS)


@shared_task
def end_pauses() -> None:
    """Let run on what stood as long as it may. A second run finds nothing, and a late one changes no moment."""
    end_overdue_pauses()


@shared_task
def recalculate_deadlines() -> None:
    """Let what still runs follow the newest calendar. A second run finds nothing that an older one gave."""
    recalculate()
