"""When each piece of background work runs.

Beat is only a metronome: what is due stands in the database, so a missed or doubled tick changes nothing. A tick that
no worker took before the next one (a daily one: within an hour) is dropped."""

from typing import Any

from celery.schedules import crontab

MINUTE, HOUR = 60.0, 3600.0


def _every(seconds: float, task: str, *, expires: int) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "options": {"expires": expires}}


def _daily(hour: int, minute: int, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": crontab(hour=hour, minute=minute), "options": {"expires": 3600}}


CELERY_BEAT_SCHEDULE = {
    # a step is late by this much at most, and by as long as the sweep takes
    "sweep-deadlines": _every(3.0, "deadlines.tasks.sweep_deadlines", expires=3),
    "recalculate-deadlines": _every(MINUTE, "deadlines.tasks.recalculate_deadlines", expires=55),
    "end-pauses": _every(MINUTE, "deadlines.tasks.end_pauses", expires=55),
    "deliver-notifications": _every(15.0, "notifications.tasks.deliver_notifications", expires=14),
    "refresh-day-counts": _every(MINUTE, "feedback.tasks.refresh_day_counts", expires=55),
    "check-held-files": _every(MINUTE, "common.tasks.check_held_files", expires=55),
    "drop-old-drafts": _every(10 * MINUTE, "feedback.tasks.drop_old_drafts", expires=590),
    # files of cases, lists of other systems: somebody looks on
    "work-through-runs": _every(5.0, "feedback.tasks.work_through_runs", expires=5),
    "look-after-runs": _daily(6, 15, "feedback.tasks.look_after_runs"),
    "read-mailbox": _every(MINUTE, "feedback.tasks.read_mailbox", expires=55),
    # each hour until it is done: a Monday without a worker is made up for
    "tell-weeks": _every(HOUR, "incidents.tasks.tell_weeks", expires=3500),
    "open-returns": _every(HOUR, "incidents.tasks.open_returns", expires=3500),
    # a week is judged once it is over; looking again finds nothing new
    "find-signals": _every(6 * HOUR, "incidents.tasks.find_signals", expires=6 * 3500),
    # a candidate only: a person puts it to use (docs/suggestions.md)
    "learn-suggestions": {
        "task": "suggestions.tasks.learn_from_confirmed_cases",
        "schedule": crontab(day_of_week="sunday", hour=3, minute=30),
        "options": {"expires": 3600},
    },
    "lift-ended-suspensions": _every(HOUR, "facilities.tasks.lift_ended_suspensions", expires=3500),
    # asks five numbers, and works only when one of them changed
    "expand-obligations": _every(MINUTE, "directives.tasks.expand_obligations", expires=55),
    "seal-audit": _every(MINUTE, "audit.tasks.seal_audit", expires=55),
    "verify-audit": _daily(2, 40, "audit.tasks.verify_audit"),
    "forget-old-attempts": _every(HOUR, "accounts.tasks.forget_old_attempts", expires=3500),
}
