"""Messages that were given up: somebody is told, and somebody says what becomes of them."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User
from notifications.choices import Channel, State
from notifications.models import Outbox
from notifications.services import Wanted, enqueue_many

MAX_ATTEMPTS = 5
RECEIVES_DEAD_LETTERS = "notifications.receive_dead_letters"

_BURY = """
UPDATE notifications_outbox SET state = 'dead', locked_until = NULL,
       last_error = CASE WHEN last_error = '' THEN 'sender died' ELSE last_error END
WHERE state = 'waiting' AND channel NOT IN ('inbox', 'digest') AND next_try_at <= statement_timestamp()
      AND attempts >= %s
RETURNING id, attempts, last_error
"""


@transaction.atomic
def bury() -> int:
    """Give up what failed too often, and tell the people who look after the system, in their inbox."""
    with connection.cursor() as cursor:
        cursor.execute(_BURY, [MAX_ATTEMPTS])
        dead = cursor.fetchall()
    if dead:
        people = list(User.objects.with_permission(RECEIVES_DEAD_LETTERS).values_list("pk", flat=True))
        people = people or list(User.objects.filter(is_superuser=True, is_active=True).values_list("pk", flat=True))
        notices = [
            Wanted(
                key=f"dead:{pk}",
                recipient=person,
                template="dead_letter",
                params={"number": str(pk), "attempts": str(attempts), "fault": fault},
                url=reverse("admin:notifications_outbox_change", args=[pk]),
            )
            for pk, attempts, fault in dead
            for person in people
        ]
        enqueue_many(notices, channels=[Channel.INBOX])
    return len(dead)


def send_again(messages: Iterable[int]) -> list[int]:
    """Let given-up messages begin anew, under the same ids; returns those that were given up. Two statements."""
    return _settle(messages, state=State.WAITING, attempts=0, next_try_at=Now())


def drop(messages: Iterable[int]) -> list[int]:
    """Say that given-up messages are not to be sent any more; returns those that were given up."""
    return _settle(messages, state=State.DROPPED)


@transaction.atomic
def _settle(messages: Iterable[int], **changes: object) -> list[int]:
    dead = list(Outbox.objects.dead().filter(pk__in=messages).select_for_update().values_list("pk", flat=True))
    Outbox.objects.filter(pk__in=dead).update(**changes)
    return dead
