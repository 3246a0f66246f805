"""Writing a changed action: its next version, its history, its clocks."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incidents.actions import obligations
from incidents.choices import ActionStatus
from incidents.models import Action


def stamp(action: Action, to: ActionStatus, *, by: Any, at: datetime) -> None:
    """Enter a state; whether it may be entered is asked before (`transitions.MOVES`)."""
    action.status, action.since = to, at
    if to == ActionStatus.DONE:
        action.done_at, action.done_by = at, by


def save(action: Action, *, by: Any, at: datetime, reason: str, is_met: bool = False) -> None:
    """Write it as its next version. As the system; the action is locked."""
    action.version += 1
    obligations.follow(action, by=by, at=at, reason=reason or str(_("The action was planned anew")), is_met=is_met)
    action._history_user, action._change_reason = by, reason  # type: ignore[attr-defined]
    action.save()
