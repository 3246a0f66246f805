"""What else of incidents waits for somebody: returns to hand in, alerts to read or to publish, signals without a word.
The home page counts it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from incidents.alerts.writing import PUBLISH
from incidents.choices import AlertStatus, ReturnStatus, Verdict
from incidents.models import Alert, AlertReceipt, Return, Signal
from incidents.returns.deeds import WRITE_LETTER, WRITE_RETURN
from incidents.signals.finding import JUDGE
from incidents.transitions import WRITE


@dataclass(frozen=True)
class Waiting:
    """Something that waits: its name, which rows, and where they stand."""

    label: Promise
    rows: Callable[[datetime], Any]
    url: str


def waiting_for(user: Any) -> Iterator[tuple[str, Waiting]]:
    """What is this person's to do; nothing for those who only read. No query beyond rights and memberships."""
    if not user.has_perm("incidents.view_incident") or user.is_superuser:
        return
    if user.has_perm(WRITE_RETURN) or user.has_perm(WRITE_LETTER):
        yield "returns", _returns(user)
    if user.has_perm(WRITE):
        yield "alerts-to-answer", _receipts(user)
    if user.has_perm(PUBLISH):
        yield "alerts-to-publish", _alerts(user)
    if user.has_perm(JUDGE):
        yield "signals", _signals(user)


def _returns(user: Any) -> Waiting:
    """Of the department its letter only: what facilities hand in is theirs."""
    is_letter = user.has_perm(WRITE_LETTER)
    own = Q(facility=None) if is_letter else Q(facility__in=user.scope.facilities)
    rows = Return.objects.visible_to(user).filter(own, status=ReturnStatus.OPEN)
    address = f"{reverse('admin:incidents_return_changelist')}?queue=open"
    label = (
        pgettext_lazy("home", "Quarterly letter to hand in")
        if is_letter
        else pgettext_lazy("home", "Periodic returns to hand in")
    )
    return Waiting(label, lambda at: rows, address)


def _receipts(user: Any) -> Waiting:
    """Alerts whose clocks run: the facility has not said what it did, or not read a correction."""
    rows = AlertReceipt.objects.visible_to(user).filter(due_at__isnull=False, facility__in=user.scope.facilities)
    address = reverse("admin:incidents_incident_receipts")
    return Waiting(pgettext_lazy("home", "Alerts to answer"), lambda at: rows, address)


def _alerts(user: Any) -> Waiting:
    rows = Alert.objects.visible_to(user).filter(status=AlertStatus.WAITING).exclude(asked_by=user)
    address = reverse("admin:incidents_incident_alerts")
    return Waiting(pgettext_lazy("home", "Alerts to publish"), lambda at: rows, address)


def _signals(user: Any) -> Waiting:
    rows = Signal.objects.visible_to(user).filter(verdict=Verdict.OPEN)
    address = reverse("admin:incidents_incident_signals")
    return Waiting(pgettext_lazy("home", "Signals to look at"), lambda at: rows, address)
