"""Learning in the background."""

from celery import shared_task

from suggestions.learning import learn


@shared_task
def learn_from_confirmed_cases() -> None:
    """Learn a candidate where enough cases were confirmed since the last one; a second run finds none."""
    learn()
