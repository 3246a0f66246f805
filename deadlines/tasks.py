"""Hints from beat: what is due stands in the database, a missed or doubled tick changes nothing."""

from celery import shared_task

from deadlines.sweep import sweep

SECONDS = 10


@shared_task
def sweep_deadlines() -> None:
    """Take every step that is due. Any number of these may run at once, and any may die."""
    sweep(seconds=SECONDS)
