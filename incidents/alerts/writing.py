"""The way of an alert through the department: written, handed over, published by a second person, corrected in further
editions, withdrawn. The workflow is one table, and only `move` assigns a status."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common.exceptions import InvalidInput, MoveRefused, RightMissing, SecondPersonNeeded, StaleVersion
from common.scope import as_system
from common.text import clean, has_unstorable
from facilities.models import Division
from incidents.alerts import sending
from incidents.alerts.audience import chosen, is_chosen
from incidents.choices import DIVISION, AlertStatus
from incidents.models import Alert, AlertEdition, Incident
from incidents.transitions import Move, checked_reason
from links.models import Link, Relation
from links.services import link

WRITE, PUBLISH = "incidents.write_alert", "incidents.publish_alert"
FIELDS = ("kind", "title", "body", "advice", "types", "classes", "areas", "facilities")
LONGEST = 20_000
S = AlertStatus
MOVES: dict[tuple[AlertStatus, AlertStatus], Move] = {
    (S.DRAFT, S.WAITING): Move(
        WRITE, pgettext_lazy("move", "Hand over for publishing"), "primary", is_gate=True,
        reason=gettext_lazy("Text is ready"),
    ),
    (S.DRAFT, S.WITHDRAWN): Move(WRITE, pgettext_lazy("move", "Withdraw"), "quiet"),
    (S.WAITING, S.PUBLISHED): Move(
        PUBLISH, pgettext_lazy("move", "Publish"), "primary", is_gate=True, reason=gettext_lazy("Read and agreed")
    ),
    (S.WAITING, S.DRAFT): Move(PUBLISH, pgettext_lazy("move", "Give back to the writer"), "warning"),
    (S.PUBLISHED, S.DRAFT): Move(WRITE, pgettext_lazy("move", "Correct in a new edition")),
    (S.PUBLISHED, S.WITHDRAWN): Move(PUBLISH, pgettext_lazy("move", "Withdraw"), "warning"),
}  # fmt: skip


def allowed_moves(alert: Alert, user: Any) -> dict[AlertStatus, Move]:
    """The moves that this person may make now, in the table's order. No query beyond rights."""
    return {
        target: step
        for (source, target), step in MOVES.items()
        if source == alert.status and user.has_perm(step.right) and not _is_same_person(alert, target, user)
    }


def _is_same_person(alert: Alert, to: str, user: Any) -> bool:
    return to == S.PUBLISHED and alert.asked_by_id == user.pk


@transaction.atomic
def start(*, by: Any) -> Alert:
    """Begin an alert. Raises `RightMissing`."""
    division = Division.objects.filter(code=DIVISION).first()
    if not by.has_perm(WRITE):
        raise RightMissing
    with as_system():
        alert = Alert(reference=_next_reference(), division=division, opened_by=by, opened_at=timezone.now())
        _save(alert, by=by, reason="")
    if not Alert.objects.visible_to(by).filter(pk=alert.pk).exists():
        raise RightMissing  # of another division
    return alert


def _next_reference() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('incidents_alert_reference')")
        return f"KC-{timezone.localdate().year}-{cursor.fetchone()[0]:06d}"


def _locked(alert: Alert, by: Any, version: int | None) -> Alert:
    """The alert as it stands, nobody else writing it. Raises `Http404`, `StaleVersion`."""
    found: Alert | None = Alert.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=alert.pk).first()
    if found is None:
        raise Http404
    if version is not None and found.version != version:
        raise StaleVersion(current_version=found.version)
    return found


@transaction.atomic
def write(alert: Alert, changes: Mapping[str, Any], *, by: Any, version: int) -> Alert:
    """Write an alert that is in the writer's hands; what it lacks is asked for when it is handed over.

    Raises `Http404`, `StaleVersion`, `RightMissing`, `MoveRefused`, `InvalidInput`."""
    found = _locked(alert, by, version)
    if not by.has_perm(WRITE):
        raise RightMissing
    if found.status != S.DRAFT:
        raise MoveRefused(_("This text is not in the writer's hands: it waits, or was published."))
    if unknown := [name for name in changes if name not in FIELDS]:
        raise InvalidInput({name: [_("This cannot be changed here.")] for name in unknown})
    for name, value in changes.items():
        setattr(found, name, value)
    _check(found)
    with as_system():
        _save(found, by=by, reason="")
    return found


def _check(alert: Alert) -> None:
    """Refuse what no column and no list can hold; clean the words."""
    texts = {name: getattr(alert, name) for name in ("title", "body", "advice")}
    wrong: dict[str, list[Any]] = {
        name: [_("At most %(count)s characters.") % {"count": LONGEST}]
        for name, text in texts.items()
        if has_unstorable(text) or len(text) > LONGEST
    }
    if wrong:
        raise InvalidInput(wrong)
    alert.title, alert.body, alert.advice = clean(alert.title), clean(alert.body), clean(alert.advice)
    try:
        alert.clean_fields(exclude=["division", "opened_by", "asked_by"])
    except ValidationError as refusal:
        told: dict[str, list[Any]] = {name: list(words) for name, words in refusal.message_dict.items()}
        raise InvalidInput(told) from refusal


def lacks(alert: Alert) -> dict[str, str]:
    """What an alert lacks before it can be handed over, element by element. One query."""
    found = {}
    if not alert.title:
        found["title"] = _("Give it a title.")
    if not alert.body:
        found["body"] = _("Say what happened, without names.")
    if not alert.advice:
        found["advice"] = _("Say what facilities are to do.")
    if not is_chosen(alert):
        found["types"] = _("Choose the facilities it goes to.")
    elif not chosen(alert, timezone.localdate()).exists():
        found["types"] = _("No facility answers to what was chosen.")
    return found


@transaction.atomic
def move(alert: Alert, to: str, *, by: Any, reason: str, version: int) -> Alert:
    """Move an alert on, keeping who and why. Publishing sends it: receipts, clocks, messages.

    Raises `Http404`, `StaleVersion`, `MoveRefused`, `RightMissing`, `SecondPersonNeeded`, `ReasonRequired`, and
    `InvalidInput` with every missing element named."""
    found = _locked(alert, by, version)
    step = MOVES.get((S(found.status), S(to))) if to in S.values else None
    if step is None:
        raise MoveRefused(allowed=[str(target) for target in allowed_moves(found, by)])
    if not by.has_perm(step.right):
        raise RightMissing
    if _is_same_person(found, to, by):
        raise SecondPersonNeeded(_("This step needs a second person: whoever handed it over cannot publish it."))
    why, at = checked_reason(reason), timezone.now()
    if step.is_gate and (missing := lacks(found)):
        raise InvalidInput({name: [words] for name, words in missing.items()}, _("The text is not complete yet."))
    was_out = found.is_out
    with as_system():
        found.status = S(to)
        if to == S.WAITING:
            found.asked_by = by
        if to == S.PUBLISHED:
            _publish(found, by=by, at=at, reason=why)
        _save(found, by=by, reason=why)
        if to == S.PUBLISHED:
            sending.send(found, by=by, at=at)
        elif to == S.WAITING:
            sending.ask_to_publish(found, by=by)
        elif to == S.WITHDRAWN and was_out:
            sending.recall(found, by=by, reason=why)
    return found


def _publish(alert: Alert, *, by: Any, at: datetime, reason: str) -> None:
    asked_by: Any = alert.asked_by  # whoever handed it over: nothing is published that was not
    alert.edition += 1
    alert.published_at = alert.published_at or at
    AlertEdition.objects.create(
        alert=alert, number=alert.edition, title=alert.title, body=alert.body, advice=alert.advice,
        asked_by=asked_by, published_by=by, published_at=at, reason=reason,
    )  # fmt: skip


def _save(alert: Alert, *, by: Any, reason: str) -> None:
    """Write a changed alert as its next version. As the system."""
    if alert.pk:
        alert.version += 1
    alert._history_user, alert._change_reason = by, reason  # type: ignore[attr-defined]
    alert.save()


# --- where it comes from ---------------------------------------------------------------------------------------------


@transaction.atomic
def add_source(alert: Alert, reference: str, *, by: Any, reason: str) -> Link:
    """Say which incident gave rise to it. Facilities are never told. Raises `Http404`, `RightMissing`,
    `ReasonRequired`, `InvalidInput`."""
    found = _locked(alert, by, None)
    if not by.has_perm(WRITE):
        raise RightMissing
    why = checked_reason(reason)
    incident = Incident.objects.visible_to(by).filter(reference=clean(reference).upper()).first()
    if incident is None:
        raise InvalidInput({"reference": [_("There is no such incident.")]})
    with as_system():
        return link(incident, Relation.TRIGGERED, found, by=by, reason=why)


def sources_of(alert: Alert, reader: Any) -> list[Incident]:
    """The incidents that gave rise to it, as far as the reader sees them. Two queries."""
    with as_system():
        ids = list(
            Link.objects.filter(
                relation=Relation.TRIGGERED,
                source_type__app_label="incidents",
                source_type__model="incident",
                target_type__app_label="incidents",
                target_type__model="alert",
                target_id=alert.pk,
            ).values_list("source_id", flat=True)
        )
    return list(Incident.objects.visible_to(reader).filter(pk__in=ids).select_related("facility").order_by("reference"))
