"""The closed lists of inspections."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanStatus(models.TextChoices):
    """Where a yearly plan stands; only `inspections.planning` assigns it."""

    DRAFT = "draft", pgettext_lazy("plan of inspections", "being written")
    WAITING = "waiting", pgettext_lazy("plan of inspections", "waits for approval")
    APPROVED = "approved", pgettext_lazy("plan of inspections", "approved")


class Kind(models.TextChoices):
    """By the plan, or because something happened."""

    PLANNED = "planned", pgettext_lazy("inspection", "planned")
    UNANNOUNCED = "unannounced", pgettext_lazy("inspection", "unannounced")


class Status(models.TextChoices):
    """Where an inspection stands; only `inspections.transitions` assigns it."""

    PREPARED = "prepared", pgettext_lazy("inspection", "being prepared")
    OPENED = "opened", pgettext_lazy("inspection", "opened")
    RECORDED = "recorded", pgettext_lazy("inspection", "recorded, being corrected")
    CLOSED = "closed", pgettext_lazy("inspection", "closed")
    CANCELLED = "cancelled", pgettext_lazy("inspection", "called off")


class TeamRole(models.TextChoices):
    """What somebody does in the team."""

    LEAD = "lead", pgettext_lazy("role in a team", "team lead")
    SECRETARY = "secretary", pgettext_lazy("role in a team", "secretary")
    MEMBER = "member", pgettext_lazy("role in a team", "member")


class Result(models.TextChoices):
    """What the team found on one item of the checklist."""

    CONFORMS = "conforms", pgettext_lazy("checklist", "conforms")
    FAILS = "fails", pgettext_lazy("checklist", "does not conform")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("checklist", "not applicable")
    NOT_CHECKED = "not_checked", pgettext_lazy("checklist", "not checked")


class FindingKind(models.TextChoices):
    """What a finding is about: one of the same kind at the same facility is the same thing come back."""

    LICENCE = "licence", _("Licence and scope of practice")
    STAFF = "staff", _("Staff and their licences to practise")
    RECEPTION = "reception", _("Reception, conduct and communication")
    WAITING = "waiting", _("Waiting and the way through examination")
    FEES = "fees", _("Prices, payment and their display")
    MEDICINES = "medicines", _("Medicines, supplies and equipment")
    INFECTION = "infection", _("Infection control and waste")
    SAFETY = "safety", _("Patient safety and medical incidents")
    RECORDS = "records", _("Medical records and consent")
    HOTLINE = "hotline", _("Hotline and handling of feedback")
    PREMISES = "premises", _("Premises, security and fire safety")
    REPORTING = "reporting", _("Reports and carrying out of directives")
    OTHER = "other", pgettext_lazy("kind of finding", "Other")


class Severity(models.TextChoices):
    """How bad a finding is."""

    MINOR = "minor", pgettext_lazy("severity of a finding", "minor")
    SERIOUS = "serious", pgettext_lazy("severity of a finding", "serious")
    CRITICAL = "critical", pgettext_lazy("severity of a finding", "critical")


class CorrectionStatus(models.TextChoices):
    """Where a demand to correct stands; only `inspections.correcting` and `inspections.transitions` assign it."""

    WRITTEN = "written", pgettext_lazy("demand to correct", "being written")
    OPEN = "open", pgettext_lazy("demand to correct", "to be corrected")
    ANSWERED = "answered", pgettext_lazy("demand to correct", "answered, to be verified")
    RETURNED = "returned", pgettext_lazy("demand to correct", "returned")
    VERIFIED = "verified", pgettext_lazy("demand to correct", "verified")
    REOPENED = "reopened", pgettext_lazy("demand to correct", "came back, open again")
    WITHDRAWN = "withdrawn", pgettext_lazy("demand to correct", "withdrawn")
    DROPPED = "dropped", pgettext_lazy("demand to correct", "struck out before it was told")


TO_DO = (CorrectionStatus.OPEN, CorrectionStatus.RETURNED, CorrectionStatus.REOPENED)  # the facility's turn
UNTOLD = (CorrectionStatus.WRITTEN, CorrectionStatus.DROPPED)  # nothing that a facility knows of
SETTLED = (CorrectionStatus.VERIFIED, CorrectionStatus.WITHDRAWN, CorrectionStatus.DROPPED)


class AmendmentKind(models.TextChoices):
    """What is done to a finished record."""

    CORRECTS = "corrects", pgettext_lazy("amendment of a record", "correction")
    ADDS = "adds", pgettext_lazy("amendment of a record", "addition")


class AmendmentState(models.TextChoices):
    """Where an amendment stands; only `inspections.amending` assigns it."""

    PROPOSED = "proposed", pgettext_lazy("amendment of a record", "waits for a second person")
    AGREED = "agreed", pgettext_lazy("amendment of a record", "agreed")
    REFUSED = "refused", pgettext_lazy("amendment of a record", "refused")
    TAKEN_BACK = "taken_back", pgettext_lazy("amendment of a record", "taken back")


class Function(models.TextChoices):
    """In which function somebody was present. A closed list: a record tells of functions, names stay on the signed
    paper."""

    DIRECTOR = "director", _("Director")
    DEPUTY = "deputy", _("Deputy director")
    QUALITY = "quality", _("Head of quality management")
    PLANNING = "planning", _("Head of general planning")
    NURSING = "nursing", _("Head of nursing")
    PHARMACY = "pharmacy", _("Head of pharmacy")
    INFECTION = "infection", _("Head of infection control")
    FINANCE = "finance", _("Head of finance")
    CLINICAL = "clinical", _("Head of a clinical department")
    RESPONSIBLE = "responsible", _("Person responsible for professional matters")
    STAFF = "staff", _("Staff on duty")
    OTHER = "other", pgettext_lazy("function", "Another representative")


class Period(models.TextChoices):
    """When in the year a line of the plan is due: a quarter or a month."""

    Q1 = "q1", _("Quarter I")
    Q2 = "q2", _("Quarter II")
    Q3 = "q3", _("Quarter III")
    Q4 = "q4", _("Quarter IV")
    M01 = "m01", _("January")
    M02 = "m02", _("February")
    M03 = "m03", _("March")
    M04 = "m04", _("April")
    M05 = "m05", _("May")
    M06 = "m06", _("June")
    M07 = "m07", _("July")
    M08 = "m08", _("August")
    M09 = "m09", _("September")
    M10 = "m10", _("October")
    M11 = "m11", _("November")
    M12 = "m12", _("December")


def last_month(period: str) -> int:
    """The month with which a period ends."""
    number = int(period[1:])
    return 3 * number if period[0] == "q" else number
