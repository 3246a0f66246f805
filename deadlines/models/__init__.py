from deadlines.models.calendar import CalendarDay, WorkingPeriod
from deadlines.models.clocks import Deadline, DeadlineQuerySet, Escalation, Heartbeat, Pause
from deadlines.models.duties import Duty, DutyQuerySet
from deadlines.models.editions import Edition
from deadlines.models.extensions import Extension
from deadlines.models.rules import DeadlineRule, Ladder, LadderStep
from deadlines.models.timekeeping import ClockHold, ClockReading

__all__ = [
    "CalendarDay",
    "ClockHold",
    "ClockReading",
    "Deadline",
    "DeadlineQuerySet",
    "DeadlineRule",
    "Duty",
    "DutyQuerySet",
    "Edition",
    "Escalation",
    "Extension",
    "Heartbeat",
    "Ladder",
    "LadderStep",
    "Pause",
    "WorkingPeriod",
]
