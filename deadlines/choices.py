"""The closed lists of deadlines."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Obligation(models.TextChoices):
    """What must be done by the due moment."""

    ACKNOWLEDGE = "acknowledge", pgettext_lazy("obligation", "first contact")
    CLARIFY = "clarify", pgettext_lazy("obligation", "clarify who is competent")
    FORWARD = "forward", pgettext_lazy("obligation", "forward to whoever is competent")
    RETRANSFER = "retransfer", pgettext_lazy("obligation", "send back what is not ours")
    ACCEPT = "accept", pgettext_lazy("obligation", "take up the matter")
    ANSWER = "answer", pgettext_lazy("obligation", "answer of the unit")
    CHECK = "check", pgettext_lazy("obligation", "check of the answer")
    RESOLVE = "resolve", pgettext_lazy("obligation", "whole matter")
    RESOLVE_AGAIN = "resolve_again", pgettext_lazy("obligation", "second examination")
    PUBLISH = "publish", pgettext_lazy("obligation", "publish the result")
    PROMPT_REPORT = "prompt_report", pgettext_lazy("obligation", "prompt report of the facility")
    REPORT_INCIDENT = "report_incident", pgettext_lazy("obligation", "report of a severe incident")
    PHONE_REPORT = "phone_report", pgettext_lazy("obligation", "call about a very serious incident")
    QUICK_REPORT = "quick_report", pgettext_lazy("obligation", "quick report to the ministry")
    ANALYSE = "analyse", pgettext_lazy("obligation", "root-cause analysis")
    WEEKLY_SUMMARY = "weekly_summary", pgettext_lazy("obligation", "weekly summary seen by the head")
    REPORT_DUTY = "report_duty", pgettext_lazy("obligation", "report on a duty")
    REDO_DUTY = "redo_duty", pgettext_lazy("obligation", "report on a duty again")
    CHECK_DUTY = "check_duty", pgettext_lazy("obligation", "check of a report on a duty")
    ACT = "act", pgettext_lazy("obligation", "corrective action")
    VERIFY_ACTION = "verify_action", pgettext_lazy("obligation", "verification of an action")
    CHECK_EFFECT = "check_effect", pgettext_lazy("obligation", "check of an action's effect")
    REVIEW_ACTION = "review_action", pgettext_lazy("obligation", "review of an action that did not hold")
    HAND_IN = "hand_in", pgettext_lazy("obligation", "periodic return")
    READ_ALERT = "read_alert", pgettext_lazy("obligation", "read an alert or recommendation")
    APPLY_ALERT = "apply_alert", pgettext_lazy("obligation", "answer an alert or recommendation")


class Clock(models.TextChoices):
    """How a term is counted."""

    MINUTES = "minutes", pgettext_lazy("clock", "minutes, day and night")
    HOURS = "hours", pgettext_lazy("clock", "hours, day and night")
    WORKING_HOURS = "working_hours", pgettext_lazy("clock", "working hours")
    DAYS = "days", pgettext_lazy("clock", "days")
    WORKING_DAYS = "working_days", pgettext_lazy("clock", "working days")
    MONTHS = "months", pgettext_lazy("clock", "months")
    YEARLY = "yearly", pgettext_lazy("clock", "a fixed date each year")


IN_DAYS = (Clock.DAYS, Clock.WORKING_DAYS, Clock.MONTHS, Clock.YEARLY)  # what ends with a day, not at a moment


class Event(models.TextChoices):
    """A named moment that a case app gives, where a term counts from something else than the step that opens it."""

    POSTED = "posted", pgettext_lazy("event", "the conclusion was posted")
    PERIOD_END = "period_end", pgettext_lazy("event", "the period ends")
    DAY_BEFORE = "day_before", pgettext_lazy("event", "the eve of the day that was planned")


class EndsAt(models.TextChoices):
    """When on its last day a term in days ends."""

    END_OF_DAY = "end_of_day", _("at 24:00 of the last day")
    CLOSE_OF_BUSINESS = "close_of_business", _("at close of business of the last day")


class DayKind(models.TextChoices):
    """What a day is that differs from its weekday."""

    OFF = "off", pgettext_lazy("day", "off")
    WORKING = "working", pgettext_lazy("day", "working day")
    HALF = "half", pgettext_lazy("day", "morning only")


class Authority(models.TextChoices):
    """Whose calendar: the department's, which all others inherit, or that of who works on other days or hours."""

    DEPARTMENT = "default", pgettext_lazy("calendar of", "the department")
    CITY = "city", pgettext_lazy("calendar of", "the People's Committee of the city")
    COMMUNE = "commune", pgettext_lazy("calendar of", "the People's Committees of wards and communes")
    MINISTRY = "ministry", pgettext_lazy("calendar of", "the Ministry of Health")


class Nature(models.TextChoices):
    """Where a limit has its force from."""

    LEGAL = "legal", _("law or regulation")
    POLICY = "policy", _("department policy")


class Confidence(models.TextChoices):
    """How sure the source is."""

    CONFIRMED = "confirmed", _("read in a public text")
    SECONDARY = "secondary", _("read in a digest that cites the article")
    UNCONFIRMED = "unconfirmed", _("not verified yet")
    DESIGN = "design", _("our suggestion, without legal force")


class State(models.TextChoices):
    """Where a deadline stands; only `deadlines.services` changes it."""

    RUNNING = "running", pgettext_lazy("deadline state", "running")
    PAUSED = "paused", pgettext_lazy("deadline state", "paused")
    DONE = "done", pgettext_lazy("deadline state", "done")
    CANCELLED = "cancelled", pgettext_lazy("deadline state", "dropped")


LIVE = (State.RUNNING, State.PAUSED)


class Side(models.TextChoices):
    """On which side of the due moment a step of a ladder lies."""

    BEFORE = "before_due", pgettext_lazy("ladder step", "before the due moment")
    AFTER = "after_due", pgettext_lazy("ladder step", "after the due moment")


class StepUnit(models.TextChoices):
    """How far from the due moment a step of a ladder lies."""

    MINUTES = "minutes", pgettext_lazy("ladder step", "minutes, day and night")
    WORKING_DAYS = "working_days", pgettext_lazy("ladder step", "working days")
    PERCENT = "percent", pgettext_lazy("ladder step", "percent of the term")


class Role(models.TextChoices):
    """Who is told on a step. In this order an empty role falls to the next one; the last falls to the one before."""

    RESPONSIBLE = "responsible", pgettext_lazy("recipient", "responsible officer")
    UNIT = "unit", pgettext_lazy("recipient", "everyone in the unit")
    UNIT_HEAD = "unit_head", pgettext_lazy("recipient", "head of the unit")
    LEAD = "lead", pgettext_lazy("recipient", "lead of the working group")
    DIRECTOR = "director", pgettext_lazy("recipient", "director of the department")
    HIGHER = "higher", pgettext_lazy("recipient", "higher authority")


class Action(models.TextChoices):
    """What a step does besides telling people."""

    NOTIFY = "notify", pgettext_lazy("action of a step", "tell them")
    REASSIGN = "reassign", pgettext_lazy("action of a step", "hand the record over")
    TASK = "task", pgettext_lazy("action of a step", "give somebody a task")
    ACKNOWLEDGE = "acknowledge", pgettext_lazy("action of a step", "ask for an acknowledgement")


GIVING = (Action.REASSIGN, Action.TASK)  # these name who gets it


class Wording(models.TextChoices):
    """The texts that a step may send; their words stand in `notifications.templates`."""

    REMINDER = "deadline_reminder", pgettext_lazy("text of a step", "reminder")
    PASSED = "deadline_passed", pgettext_lazy("text of a step", "it is late")
    TO_LEAD = "deadline_to_lead", pgettext_lazy("text of a step", "reported to the lead")
    TO_DIRECTOR = "deadline_to_director", pgettext_lazy("text of a step", "reported to the director")
    TO_HIGHER = "deadline_to_higher", pgettext_lazy("text of a step", "to be reported to the higher authority")
    ACKNOWLEDGE = "deadline_acknowledge", pgettext_lazy("text of a step", "late, acknowledge it")


class Level(models.IntegerChoices):
    """How high a deadline has been escalated; lists and the home page show it."""

    NONE = 0, pgettext_lazy("escalation level", "not escalated")
    OWNER = 1, pgettext_lazy("escalation level", "responsible officer and unit")
    LEAD = 2, pgettext_lazy("escalation level", "lead of the working group")
    DIRECTOR = 3, pgettext_lazy("escalation level", "director of the department")
    HIGHER = 4, pgettext_lazy("escalation level", "higher authority")


class EditionKind(models.TextChoices):
    """What an edition counts the changes of."""

    CALENDAR = "calendar", _("calendar")
    RULES = "rules", _("rules")
