"""The closed lists of a feedback case. Codes are those of the published taxonomy where it has them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """Where a case stands; only `feedback.transitions` assigns it."""

    RECEIVED = "received", pgettext_lazy("case status", "received")
    TRIAGED = "triaged", pgettext_lazy("case status", "classified")
    ASSIGNED = "assigned", pgettext_lazy("case status", "with a division")
    FORWARDED = "forwarded", pgettext_lazy("case status", "with the facility")
    RETURNED = "returned", pgettext_lazy("case status", "returned to the facility")
    ANSWERED = "answered", pgettext_lazy("case status", "answered by the unit")
    CHECKED = "checked", pgettext_lazy("case status", "answer checked")
    CONFIRMED = "confirmed", pgettext_lazy("case status", "confirmed")
    REPLIED = "replied", pgettext_lazy("case status", "replied to the reporter")
    PUBLISHED = "published", pgettext_lazy("case status", "result published")
    CLOSED = "closed", pgettext_lazy("case status", "closed")
    IN_REVIEW = "in_review", pgettext_lazy("case status", "in review")
    WAITING = "waiting", pgettext_lazy("case status", "waiting for the reporter")
    OUT_OF_SCOPE = "out_of_scope", pgettext_lazy("case status", "out of scope")
    TRANSFERRED = "transferred", pgettext_lazy("case status", "transferred to another body")
    MERGED = "merged", pgettext_lazy("case status", "merged into another case")


ENDED = (Status.CLOSED, Status.OUT_OF_SCOPE, Status.TRANSFERRED, Status.MERGED)
OPEN = tuple(status for status in Status if status not in ENDED)
WITH_FACILITY = (Status.FORWARDED, Status.RETURNED)
TOLD = (Status.REPLIED, Status.PUBLISHED, Status.CLOSED)  # the reporter knows the conclusion: its facility may too
IN_PUBLIC = (Status.PUBLISHED, Status.CLOSED)  # not while a case is being reviewed
WITH_DEPARTMENT = (
    Status.RECEIVED,
    Status.TRIAGED,
    Status.ASSIGNED,
    Status.ANSWERED,
    Status.CHECKED,
    Status.CONFIRMED,
    Status.REPLIED,
    Status.PUBLISHED,
    Status.IN_REVIEW,
)


class Kind(models.TextChoices):
    """What kind of paper a case is, legally."""

    FEEDBACK = "PHANANH", _("Service feedback")
    SUGGESTION = "KIENNGHI", _("Suggestion")
    RULES = "PAKN_QDHC", _("Feedback on administrative rules")
    COMPLAINT = "KHIEUNAI", _("Complaint (khiếu nại)")
    DENUNCIATION = "TOCAO", _("Denunciation (tố cáo)")
    PRAISE = "KHEN", _("Praise")
    QUESTION = "HOIDAP", _("Question")
    OUT_OF_SCOPE = "NGOAIPV", _("Out of scope")
    DATA_SUBJECT = "DLCN", _("Personal-data request")


CONFIDENTIAL_KINDS = (Kind.DENUNCIATION,)


class CallEnd(models.TextChoices):
    """How a call ended at once, at one keystroke."""

    OUT_OF_SCOPE = "out-of-scope", pgettext_lazy("call", "Out of scope")
    PRANK = "prank", _("Prank or empty call")
    EMERGENCY = "emergency", _("Emergency: ring 115")
    GUIDANCE = "guidance", _("Guided on a procedure")


class Urgency(models.TextChoices):
    """How soon somebody must act."""

    EMERGENCY = "S1", _("Emergency")
    SERIOUS = "S2", _("Serious")
    MEDIUM = "S3", _("Medium")
    LOW = "S4", _("Low")


class Complexity(models.TextChoices):
    """How much coordination a case takes (the levels of the quick-response decision of 2022); never its urgency."""

    LEVEL_1 = "1", _("Level 1: one authority")
    LEVEL_2 = "2", _("Level 2: the department's inspection division")
    LEVEL_3 = "3", _("Level 3: with the police")


class Outcome(models.TextChoices):
    """What the examination found."""

    UPHELD = "OC01", _("Upheld")
    PARTLY = "OC02", _("Partly upheld")
    NOT_UPHELD = "OC03", _("Not upheld")
    NOT_ENOUGH = "OC04", _("Not enough information")
    OUT_OF_SCOPE = "OC05", _("Out of scope")
    GUIDED = "OC06", _("Guided or answered")
    WITHDRAWN = "OC07", _("Withdrawn")
    TRANSFERRED = "OC08", _("Transferred")


class Measure(models.TextChoices):
    """What the unit did about the people concerned."""

    REMINDED = "SM1", _("Reminder")
    DISCIPLINED = "SM2", _("Discipline")
    NO_TITLE = "SM3", _("Loss of emulation title")
    MOVED = "SM4", _("Transfer to another post")
    REMOVED = "SM5", _("Removal from post")
    DISMISSED = "SM6", _("Dismissal")
    REWARDED = "SM7", _("Reward")


class Audience(models.TextChoices):
    """Who may read a note or an entry of the timeline."""

    DEPARTMENT = "department", _("department only")
    FACILITY = "facility", _("department and facility")
    CITIZEN = "citizen", _("everyone in the case, the reporter included")


class Satisfaction(models.TextChoices):
    SATISFIED = "yes", _("satisfied")
    PARTLY = "partly", _("partly satisfied")
    UNSATISFIED = "no", _("not satisfied")


PRESS_CHANNEL = "PRESS"  # what the press, social networks or the public raised, whoever read it


class PressKind(models.TextChoices):
    """Where a matter was raised in public."""

    PRESS = "press", pgettext_lazy("raised in public", "Press")
    SOCIAL = "social", pgettext_lazy("raised in public", "Social network")
    OPINION = "opinion", pgettext_lazy("raised in public", "Public opinion")


class IntakeMethod(models.TextChoices):
    """How a channel's submissions reach us."""

    OPERATOR = "operator", _("typed in by an operator")
    PUBLIC = "public", _("public form")
    API = "api", _("sent by another system")
    FILE = "file", _("imported file")
    EMAIL = "email", _("read from a mailbox")
    PRESS = "press", _("read in the press or on a network")
