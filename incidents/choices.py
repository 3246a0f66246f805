"""The closed lists of an incident report. What the circular prints itself stands in `incidents.taxonomy`."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DIVISION = "NVY"  # the division that Article 6 gives incidents to: Phòng Nghiệp vụ Y


class Status(models.TextChoices):
    """Where a report stands; only `incidents.transitions` assigns it."""

    DRAFT = "draft", pgettext_lazy("incident status", "draft")
    SUBMITTED = "submitted", pgettext_lazy("incident status", "sent to the department")
    RETURNED = "returned", pgettext_lazy("incident status", "returned to the facility")
    ACCEPTED = "accepted", pgettext_lazy("incident status", "accepted")
    DROPPED = "dropped", pgettext_lazy("incident status", "dropped draft")


SENT = (Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED)  # what the department sees
WRITABLE = (Status.DRAFT, Status.RETURNED)


class AnalysisStatus(models.TextChoices):
    """Where the analysis of an incident stands; only `incidents.analysing` assigns it."""

    DRAFT = "draft", pgettext_lazy("analysis status", "being written")
    SUBMITTED = "submitted", pgettext_lazy("analysis status", "sent to the department")
    RETURNED = "returned", pgettext_lazy("analysis status", "returned to the facility")
    ACCEPTED = "accepted", pgettext_lazy("analysis status", "accepted")


class Part(models.TextChoices):
    """The parts of Annex IV that remarks are made on, in the order of the form."""

    DETAILS = "a1", _("A.I Detailed description and time line")
    TYPES = "a2", _("A.II Type of incident")
    TREATMENT = "a3", _("A.III Treatment and orders carried out")
    CAUSES = "a4", _("A.IV Causes, and the way to the root cause")
    CORRECTIVE = "a5", _("A.V Corrective action")
    ADVICE = "a6", _("A.VI Recommendation for prevention")
    FINDINGS = "b1", _("B.I Assessment of the head of the expert group")
    IMPACT = "b2", _("B.II Degree of harm and effects")
    EXPERTS = "group", _("Expert group and signatures")


class Told(models.TextChoices):
    """The three answers of the form to “was somebody told?”."""

    YES = "yes", pgettext_lazy("was told", "yes")
    NO = "no", pgettext_lazy("was told", "no")
    UNRECORDED = "unrecorded", pgettext_lazy("was told", "not recorded")


class Subject(models.TextChoices):
    """Whom it happened to (Annex III)."""

    PATIENT = "SUB1", _("Patient")
    VISITOR = "SUB2", _("Relative or visitor")
    STAFF = "SUB3", _("Health staff")
    EQUIPMENT = "SUB4", _("Equipment or building")


class ReporterRole(models.TextChoices):
    """What the person who reported is (Annex III)."""

    NURSE = "REP1", _("Nurse")
    PHYSICIAN = "REP2", _("Physician")
    PATIENT = "REP3", pgettext_lazy("reporter of an incident", "Patient")
    VISITOR = "REP4", pgettext_lazy("reporter of an incident", "Relative or visitor")
    OTHER = "REP5", pgettext_lazy("reporter of an incident", "Other (say which)")


class Side(models.TextChoices):
    """With whom the reporter talks: each side reads its own conversation."""

    FACILITY = "facility", pgettext_lazy("conversation", "the facility")
    DEPARTMENT = "department", pgettext_lazy("conversation", "the department")


class Utterance(models.TextChoices):
    """What is said in it. The reporter answers; feedback is what Article 9 owes to whoever reported."""

    QUESTION = "question", pgettext_lazy("conversation", "question")
    FEEDBACK = "feedback", pgettext_lazy("conversation", "feedback")
    ANSWER = "answer", pgettext_lazy("conversation", "from the reporter")


class Paper(models.TextChoices):
    """What is given outside this system, and ends a clock when it is recorded here. The values are obligations."""

    PHONE = "phone_report", _("Call to department and ministry (very serious)")
    QUICK = "quick_report", _("Quick report of the department to the ministry")
    ANALYSIS = "analyse", _("Root-cause analysis of the expert group (Annex IV)")


class ActionStatus(models.TextChoices):
    """Where an action stands; only `incidents.actions` assigns it."""

    OPEN = "open", pgettext_lazy("action status", "to be done")
    DONE = "done", pgettext_lazy("action status", "reported as done")
    VERIFIED = "verified", pgettext_lazy("action status", "verified")
    EFFECTIVE = "effective", pgettext_lazy("action status", "effective")
    REOPENED = "reopened", pgettext_lazy("action status", "review reopened")
    WITHDRAWN = "withdrawn", pgettext_lazy("action status", "withdrawn")


class Strength(models.TextChoices):
    """How surely an action prevents the next one, whoever is on duty; follows from its kind."""

    STRONG = "strong", pgettext_lazy("strength of an action", "strong")
    INTERMEDIATE = "intermediate", pgettext_lazy("strength of an action", "intermediate")
    WEAK = "weak", pgettext_lazy("strength of an action", "weak")


class ActionKind(models.TextChoices):
    """What kind of action it is, the strongest first (the hierarchy of actions of root-cause analysis)."""

    BUILDING = "S1", _("Change of building or work place")
    EQUIPMENT = "S2", _("New or uniform equipment, tried out with its users")
    FORCING = "S3", _("Technical barrier: the wrong step becomes impossible")
    SIMPLER = "S4", _("Simpler process: needless steps are taken out")
    LEADERSHIP = "S5", _("Leadership takes part itself")
    STAFF = "M1", _("More staff or less load")
    SOFTWARE = "M2", _("Software that helps or warns")
    DISTRACTION = "M3", _("Fewer interruptions")
    CHECKLIST = "M4", _("Checklist or aid to memory")
    LOOKALIKE = "M5", _("Look-alikes and sound-alikes apart")
    HANDOVER = "M6", _("Fixed hand-over and read-back")
    SIMULATION = "M7", _("Training by simulation with repetition")
    DOUBLE_CHECK = "W1", _("Double check by people")
    WARNING = "W2", _("Warning or label")
    RULE = "W3", _("New rule, procedure or notice")
    TRAINING = "W4", _("Training or instruction")


STRENGTHS = {"S": Strength.STRONG, "M": Strength.INTERMEDIATE, "W": Strength.WEAK}  # by the first letter of the kind


class Effect(models.TextChoices):
    """What a check of the effect found."""

    EFFECTIVE = "effective", pgettext_lazy("effect", "effective")
    NOT_EFFECTIVE = "not_effective", pgettext_lazy("effect", "not effective")
    TOO_EARLY = "too_early", pgettext_lazy("effect", "too early to say")


class Concession(models.TextChoices):
    """What a second person has to agree to: less than was planned, or nothing at all."""

    WEAKER = "weaker", pgettext_lazy("concession", "a weaker or a later action")
    WITHDRAWAL = "withdrawal", pgettext_lazy("concession", "withdrawing the action")


class ReturnKind(models.TextChoices):
    """What is handed in periodically (Article 6)."""

    SYNTHESIS = "half_year", _("Half-yearly synthesis of a facility")
    LETTER = "quarter", _("Quarterly letter of the department")


class ReturnStatus(models.TextChoices):
    """Where a return stands; only `incidents.returns.deeds` assigns it."""

    OPEN = "open", pgettext_lazy("status of a return", "to be handed in")
    SIGNED = "signed", pgettext_lazy("status of a return", "signed and closed")
    CORRECTING = "correcting", pgettext_lazy("status of a return", "being corrected")


class Capacity(models.TextChoices):
    """As what somebody signs."""

    HEAD = "head", pgettext_lazy("signs as", "head of the unit")
    BY_ORDER = "by_order", pgettext_lazy("signs as", "by order of the head")


class FileForm(models.TextChoices):
    """In which form a signed return is handed out."""

    XLSX = "xlsx", "XLSX"
    DOCX = "docx", "DOCX"


class AlertKind(models.TextChoices):
    """How pressing it is; a deadline rule asks for it."""

    ALERT = "alert", pgettext_lazy("kind of alert", "alert")
    ADVICE = "advice", pgettext_lazy("kind of alert", "recommendation")


class AlertStatus(models.TextChoices):
    """Where an alert stands; only `incidents.alerts.writing` assigns it."""

    DRAFT = "draft", pgettext_lazy("alert status", "being written")
    WAITING = "waiting", pgettext_lazy("alert status", "waits to be published")
    PUBLISHED = "published", pgettext_lazy("alert status", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("alert status", "withdrawn")


class ReceiptState(models.TextChoices):
    """What a facility did with an alert; only `incidents.alerts.receiving` assigns it."""

    UNREAD = "unread", pgettext_lazy("alert at a facility", "not read yet")
    READ = "read", pgettext_lazy("alert at a facility", "read")
    APPLIED = "applied", pgettext_lazy("alert at a facility", "applied")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("alert at a facility", "does not apply")


class Verdict(models.TextChoices):
    """What people make of a signal; only `incidents.signals.finding` assigns it."""

    OPEN = "open", pgettext_lazy("signal", "not looked at yet")
    LOOKING = "looking", pgettext_lazy("signal", "being looked into")
    REAL = "real", pgettext_lazy("signal", "real: more harm")
    REPORTING = "reporting", pgettext_lazy("signal", "more is reported: a good sign")
    CHANCE = "chance", pgettext_lazy("signal", "chance")
