"""The closed lists of directives, the duties that follow from them and the reports on these."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ONCE = "once"  # a recurrence: one day and never again; otherwise a rule of RFC 5545, or nothing for a standing duty


class DirectiveState(models.TextChoices):
    """Where a directive stands; only `directives.register` assigns it."""

    IN_FORCE = "in_force", pgettext_lazy("directive state", "in force")
    SUPERSEDED = "superseded", pgettext_lazy("directive state", "superseded")
    ENDED = "ended", pgettext_lazy("directive state", "ended")


class Relation(models.TextChoices):
    """How a directive goes back to an older one."""

    BASED_ON = "based_on", pgettext_lazy("lineage", "based on")
    PASSES_ON = "passes_on", pgettext_lazy("lineage", "passes on")
    CONTINUES = "continues", pgettext_lazy("lineage", "continues")
    REPLACES = "replaces", pgettext_lazy("lineage", "replaces")
    AMENDS = "amends", pgettext_lazy("lineage", "amends")


class Party(models.TextChoices):
    """Who is obliged, by class. Which facilities a class holds on a day is said by rows of `PartyRule`."""

    ALL = "ALL", _("all units of the sector")
    HOSP = "HOSP", _("hospitals and bedded centres")
    CDC = "CDC", _("centre for disease control")
    TTYT = "TTYT", _("medical centres")
    TYT = "TYT", _("commune health stations")
    UNIT = "UNIT", _("units of the department")
    SYT = "SYT", _("the department itself")
    BYT = "BYT", _("the ministry")
    OTHER = "OTHER", _("others, as the letter names them")


OF_FACILITIES = (Party.ALL, Party.HOSP, Party.CDC, Party.TTYT, Party.TYT, Party.UNIT)  # these get assignments


class ObligationState(models.TextChoices):
    """Does an obligation still hold? Only `directives.register` assigns it."""

    OPEN = "open", pgettext_lazy("obligation state", "open")
    CLOSED = "closed", pgettext_lazy("obligation state", "closed")


class ValueKind(models.TextChoices):
    """What an indicator's value is."""

    NUMBER = "number", pgettext_lazy("indicator", "number")
    PERCENT = "percent", pgettext_lazy("indicator", "per cent")
    YES_NO = "yes_no", pgettext_lazy("indicator", "yes or no")


class Status(models.TextChoices):
    """Where an assignment stands; only `directives.transitions` and `directives.expansion` assign it."""

    OPEN = "open", pgettext_lazy("assignment status", "to report")
    SUBMITTED = "submitted", pgettext_lazy("assignment status", "handed in")
    RETURNED = "returned", pgettext_lazy("assignment status", "returned")
    CHECKED = "checked", pgettext_lazy("assignment status", "checked, waits for a second person")
    ACCEPTED = "accepted", pgettext_lazy("assignment status", "accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("assignment status", "withdrawn")


WRITABLE = (Status.OPEN, Status.RETURNED)  # the facility's turn
WAITING = (Status.SUBMITTED, Status.CHECKED)  # the department's turn
UNDER_WAY = (*WRITABLE, *WAITING)


class FileForm(models.TextChoices):
    """As what a frozen report is handed out."""

    XLSX = "xlsx", "XLSX"
    DOCX = "docx", "DOCX"


class ScorePart(models.TextChoices):
    """What a unit is scored by. Each is a share of its own duties, so that units of any size compare."""

    ON_TIME = "on_time", pgettext_lazy("part of a score", "reported on time")
    FIRST_TIME = "first_time", pgettext_lazy("part of a score", "sufficient without being returned")
    EVIDENCE = "evidence", pgettext_lazy("part of a score", "accepted with evidence")
    NOT_OVERDUE = "not_overdue", pgettext_lazy("part of a score", "nothing overdue now")


class MeritKind(models.TextChoices):
    """What is proposed for a unit."""

    COMMEND = "commend", pgettext_lazy("proposal", "commendation")
    SANCTION = "sanction", pgettext_lazy("proposal", "sanction")


class MeritState(models.TextChoices):
    """Where a proposal stands; only `directives.emulation.merits` assigns it."""

    PROPOSED = "proposed", pgettext_lazy("proposal state", "waits for a decision")
    AGREED = "agreed", pgettext_lazy("proposal state", "agreed")
    REFUSED = "refused", pgettext_lazy("proposal state", "refused")
    TAKEN_BACK = "taken_back", pgettext_lazy("proposal state", "taken back")
