from deadlines.models.calendar import DEFAULT_AUTHORITY, CalendarDay, WorkingPeriod
from deadlines.models.clocks import Deadline, DeadlineQuerySet, Escalation, Heartbeat, Pause
from deadlines.models.editions import Edition
from deadlines.models.rules import DeadlineRule, Ladder, LadderStep

__all__ = [
    "DEFAULT_AUTHORITY",
    "CalendarDay",
    "Deadline",
    "DeadlineQuerySet",
    "DeadlineRule",
    "Edition",
    "Escalation",
    "Heartbeat",
    "Ladder",
    "LadderStep",
    "Pause",
    "WorkingPeriod",
]
