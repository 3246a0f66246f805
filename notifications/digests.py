"""The daily digest: what a person does not want at once waits for their hour and becomes one mail, exactly once."""

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from notifications.choices import Channel, State
from notifications.models import Outbox, OutboxQuerySet, Preference
from notifications.withholding import withheld

MOST_LINES = 100  # of one mail


def gather() -> int:
    """Make the mails of all digests whose hour has come; returns how many. Three statements a person."""
    people = _due().order_by().values_list("recipient_id", flat=True).distinct()
    return sum(_gather_for(person) for person in list(people))


@transaction.atomic
def _gather_for(person: int) -> bool:
    """One mail of all that waits. The row is marked in the transaction that makes the mail, and whoever else is at it
    holds the person's wishes, so nothing is told twice or left out."""
    if not Preference.objects.select_for_update(skip_locked=True).filter(user=person).exists():
        return False
    parts = list(_due().filter(recipient=person).order_by("pk").values_list("pk", flat=True))
    if not parts:
        return False
    mail = Outbox.objects.create(
        key=f"digest:{parts[0]}",
        recipient_id=person,
        template=Outbox.DIGEST,
        channel=Channel.EMAIL,
        url=reverse("admin:notifications_inboxitem_changelist"),
    )
    Outbox.objects.filter(pk__in=parts).update(state=State.SENT, sent_at=Now(), digest=mail)
    return True


def _due() -> OutboxQuerySet:
    return Outbox.objects.waiting().filter(channel=Channel.DIGEST, next_try_at__lte=Now())


def parts_of(mail: Outbox) -> list[Outbox]:
    """What a digest tells, without what its recipient was kept from since. One query and those of `withheld`."""
    parts = list(mail.parts.select_related("about_type").order_by("pk"))
    kept = set(withheld((part.pk, part.recipient_id, part.about_type_id, part.about_id) for part in parts))
    return [part for part in parts if part.pk not in kept]
