"""What publishing and withdrawing do at facilities: receipts, clocks and messages, a few statements however many."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts.models import Membership, User
from common.models import valid_on
from deadlines import services as deadlines
from deadlines.choices import Obligation
from incidents.alerts.audience import chosen
from incidents.alerts.subject import LABEL, address, address_of_alert, refresh_due
from incidents.choices import ReceiptState
from incidents.models import Alert, AlertReceipt
from notifications.services import Wanted, enqueue_many

READ, APPLY = str(Obligation.READ_ALERT), str(Obligation.APPLY_ALERT)


def send(alert: Alert, *, by: Any, at: datetime) -> None:
    """Give every chosen facility its receipt and start its clocks; whoever read an earlier edition is told of the new
    one and reads again."""
    had = set(AlertReceipt.objects.filter(alert=alert).values_list("facility_id", flat=True))
    new = [pk for pk in chosen(alert, timezone.localdate(at)).values_list("pk", flat=True) if pk not in had]
    made = AlertReceipt.objects.bulk_create([AlertReceipt(alert=alert, facility_id=pk) for pk in new])
    facts = {"kind": str(alert.kind)}
    _start(alert, [receipt.pk for receipt in made], [READ, APPLY], facts, by=by, at=at)
    former = AlertReceipt.objects.filter(alert=alert, edition_read__gt=0, edition_read__lt=alert.edition)
    again = list(former.values_list("pk", flat=True))
    _start(alert, again, [READ], facts, by=by, at=at)
    refresh_due([receipt.pk for receipt in made] + again)
    _tell(alert, [receipt.pk for receipt in made], "alert_published")
    _tell(alert, again, "alert_corrected")


def recall(alert: Alert, *, by: Any, reason: str) -> None:
    """End every clock and tell everybody who has it."""
    ids = list(AlertReceipt.objects.filter(alert=alert).values_list("pk", flat=True))
    deadlines.cancel_for_each(LABEL, ids, by=by, reason=reason)
    refresh_due(ids)
    _tell(alert, ids, "alert_withdrawn")


def ask_to_publish(alert: Alert, *, by: Any) -> None:
    """Tell those who may publish it that it waits."""
    people = User.objects.with_permission("incidents.publish_alert").exclude(pk=by.pk).values_list("pk", flat=True)
    kind = ContentType.objects.get_for_model(Alert).pk
    said, url = {"reference": alert.reference}, address_of_alert(alert.pk)
    key = f"alert:{alert.pk}:v{alert.version}"
    enqueue_many([Wanted(key, person, "alert_waiting", said, kind, alert.pk, url) for person in people])


def _start(
    alert: Alert, ids: list[int], obligations: list[str], facts: dict[str, str], *, by: Any, at: datetime
) -> None:
    deadlines.open_for_each(LABEL, dict.fromkeys(ids, alert.reference), obligations, start=at, facts=facts, by=by)


def _tell(alert: Alert, ids: list[int], template: str) -> None:
    """Everybody of these facilities, each with the page of their own receipt."""
    people = Membership.objects.filter(valid_on(timezone.localdate()), user__is_active=True)
    receipts = dict(AlertReceipt.objects.filter(pk__in=ids).values_list("facility_id", "pk"))
    kind, said = ContentType.objects.get_for_model(AlertReceipt).pk, {"reference": alert.reference}
    pairs = people.filter(facility__in=list(receipts)).values_list("user_id", "facility_id")
    key = f"alert:{alert.pk}:e{alert.edition}:{template}"
    enqueue_many(
        [
            Wanted(f"{key}:{receipts[place]}", person, template, said, kind, receipts[place], address(receipts[place]))
            for person, place in pairs
        ]
    )


def is_open(receipt: AlertReceipt) -> bool:
    """Is there still something to do at the facility?"""
    needs_reading = receipt.edition_read < receipt.alert.edition
    return receipt.alert.is_out and (receipt.state in (ReceiptState.UNREAD, ReceiptState.READ) or needs_reading)
