"""Who sees which cases and which parts of them: the declarations behind lists, details, counts, search, API and mail.

Each model names its own as `access`; `visible_to(user)` and the database's policies are renderings of it
(`accounts.access`). `manage.py show_access` prints them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.access import Absent, Flag, In, Is, Nobody, Of, OneOf, Own, Right, Row, Term, Through, Via, Who
from accounts.access.terms import Answer
from common.scope import ids_of
from deadlines.choices import Obligation
from feedback.choices import Audience, Status

EVERY = Right("feedback.view_every_case")
CONFIDENTIAL = Right("feedback.view_confidential_case")
DIVISION = Right("feedback.view_division_case")
FACILITY = Right("feedback.view_facility_case")
RECORDED = Right("feedback.view_recorded_case")
A_CLIENT = Flag("is_client", "a system's token")
LIMITED = Flag("is_limited", "a system limited to some facilities")

ORDINARY = Is("is_confidential", False)
MINE = Own("assignee", "recorded_by")  # whoever typed it in knows it already
OF_MY_DIVISION = In("division", "divisions")
OF_MY_FACILITY = In("facility", "facilities")
RELEASED = Is("is_released", True)
RECUSED = In("pk", "recused_cases") | In("facility", "recused_facilities")

# Facilities see what was released to them and nothing confidential; divisions what was assigned to them; officers every
# ordinary case and the confidential ones that they handle. A recusal beats all of that, for everybody.
CASE = (
    (
        EVERY & (CONFIDENTIAL | ORDINARY | MINE) & (~LIMITED | In("facility", "client_facilities"))
        | ~EVERY
        & (
            DIVISION & (ORDINARY & OF_MY_DIVISION | MINE)
            | FACILITY & ORDINARY & RELEASED & OF_MY_FACILITY
            | RECORDED & Own("recorded_by")
        )
    )
    & (~A_CLIENT | CONFIDENTIAL | ORDINARY)  # what a system sent in confidence does not come back through its token
    & ~RECUSED
)

# what is enough to ask of a row for officers, a division and a facility
SHORTCUTS_TO_CASES = (ORDINARY, ORDINARY & OF_MY_DIVISION, ORDINARY & RELEASED & OF_MY_FACILITY)

AS_DEPARTMENT = EVERY | DIVISION | RECORDED
FITTING_AUDIENCE = AS_DEPARTMENT | OneOf("audience", (Audience.FACILITY, Audience.CITIZEN))


class TimeElsewhere(Term):
    """Something said before or while its case was not with the facility that has it now: history tells."""

    def q(self, who: Who, prefix: str = "") -> Answer:
        from feedback.models import Case

        elsewhere = Q(is_released=False) | ~Q(facility=OuterRef(f"{prefix}case__facility"))
        history = Case.history.model.objects.filter(  # type: ignore[attr-defined]
            elsewhere, id=OuterRef(f"{prefix}case_id"), history_date__gte=OuterRef(f"{prefix}at")
        )
        return Q(Exists(history))

    def sql(self, row: Row) -> str:
        return (
            "EXISTS (SELECT 1 FROM feedback_historicalcase past JOIN feedback_case present ON present.id = past.id"
            f" WHERE past.id = {row.column('case')} AND past.history_date >= {row.column('at')}"
            " AND (NOT past.is_released OR past.facility_id IS DISTINCT FROM present.facility_id))"
        )

    def words(self) -> str:
        return "said while the case was elsewhere"


@dataclass(frozen=True)
class BegunElsewhere(Term):
    """A deadline that began while the case was not with a facility of the reader's: history tells, by the first row
    since, which is that of the move that began it. Where nothing happened since, the case is where it was.

    A case that a facility was shown stays shown to it when a division gets it, but a division's time is not its own."""

    units: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        from feedback.models import Case

        since = Case.history.model.objects.filter(  # type: ignore[attr-defined]
            id=OuterRef(f"{prefix}about_id"), history_date__gte=OuterRef(f"{prefix}starts_at")
        )
        with_division = Q(status=Status.ASSIGNED)
        elsewhere = Q(is_released=False) | with_division | ~Q(facility__in=who.ids(self.units))
        first = since.order_by("history_date", "history_id").values_list(
            ExpressionWrapper(elsewhere, BooleanField()), flat=True
        )
        return Q(Coalesce(Subquery(first[:1], BooleanField()), False))

    def sql(self, row: Row) -> str:
        return (
            f"(SELECT NOT past.is_released OR past.status = '{Status.ASSIGNED}'"
            f" OR past.facility_id <> ALL (coalesce({ids_of(self.units)}, '{{}}'))"
            f" FROM feedback_historicalcase past"
            f" WHERE past.id = {row.column('about_id')} AND past.history_date >= {row.column('starts_at')}"
            " ORDER BY past.history_date, past.history_id LIMIT 1)"
        )

    def words(self) -> str:
        return f"begun while the case was with none of {self.units.replace('_', ' ')}"


@dataclass(frozen=True)
class CountsOf(Term):
    """Counts of one of the reader's units, whose kind and number stand in one text (`DayCount.scope`)."""

    kind: str
    units: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        scopes = [f"{self.kind}:{pk}" for pk in who.ids(self.units)]
        return Q(**{f"{prefix}scope__in": scopes}) if scopes else False

    def sql(self, row: Row) -> str:
        return (
            f"{row.column('scope')} = ANY ((SELECT array_agg('{self.kind}:' || own.id)"
            f" FROM unnest({ids_of(self.units)}) AS own(id))::text[])"
        )

    def words(self) -> str:
        return f"counts of {self.units.replace('_', ' ')}"


# A facility that gets a case after another one reads nothing of the other's time with it: not its answers, not the
# files beside them, not the notes.
OF_CASE = Through("case", CASE)
OF_EVERY_FACILITY = AS_DEPARTMENT & ~LIMITED  # a limited system reads what its own facilities answered
OF_ITS_FACILITY = OF_MY_FACILITY | LIMITED & In("facility", "client_facilities")
ANSWER = OF_CASE & (OF_EVERY_FACILITY | OF_ITS_FACILITY)
REPLY = OF_CASE & (AS_DEPARTMENT | ~TimeElsewhere())
NOTE = OF_CASE & FITTING_AUDIENCE & (AS_DEPARTMENT | ~TimeElsewhere())
ATTACHMENT = OF_CASE & FITTING_AUDIENCE & (OF_EVERY_FACILITY | Absent("answer") | Via("answer", OF_ITS_FACILITY))
# Until when a unit had to answer, and whether it did, is of its own time with the case as well.
ANSWER_CLOCK = OneOf("obligation", (Obligation.ANSWER, Obligation.PROMPT_REPORT))
UNREAD_CLOCK = ANSWER_CLOCK & (
    ~AS_DEPARTMENT & BegunElsewhere("facilities") | AS_DEPARTMENT & LIMITED & BegunElsewhere("client_facilities")
)
REVEAL_REQUEST = OF_CASE & (Right("feedback.approve_reveal") | Own("asked_by"))
CASE_RECUSAL = OF_CASE & Right("feedback.recuse_others")
# What arrived, word for word, and who sent it, under seal: never for a facility. Receipts are read by deeds alone.
SUBMISSION = OF_CASE & AS_DEPARTMENT
REPORTER = Through("submission", SUBMISSION)
RECEIPT = Nobody("by deeds only")
# How many, for those whose list would show which; the public page reads the whole department's as the system.
COUNTS = (
    EVERY & ~A_CLIENT & (CONFIDENTIAL & OneOf("scope", ("all",)) | OneOf("scope", ("ordinary",)))
    | DIVISION & CountsOf("division", "divisions")
    | FACILITY & CountsOf("facility", "facilities") & ~CountsOf("facility", "recused_facilities")
)
# Numbers and days of what systems sent, and files of cases: whose cases they are is asked of the cases themselves.
RECONCILIATION = Right("feedback.reconcile_source") & ~A_CLIENT | A_CLIENT & Own("by")
RECONCILED = Through("about", RECONCILIATION)
CASE_IMPORT = Right("feedback.import_case") & ~A_CLIENT
IMPORTED_ROW = Through("about", CASE_IMPORT)
# What came of an e-mail: with its case; without one, those who see that everything runs.
MAIL = Absent("case") & Right("deadlines.watch_operations") & ~A_CLIENT | OF_CASE & AS_DEPARTMENT & ~A_CLIENT
# What stands in public is read by whoever has the case; what a facility reported of it, as its answers are.
PRESS_EVENT = OF_CASE
APPEARANCE = OF_CASE
PROMPT_REPORT = ANSWER
PAST_OF_CASE = Of("id", "feedback.Case")
PAST_OF_RECUSAL = Of("id", "feedback.CaseRecusal")


def sees_as_facility(user: Any) -> bool:
    """Does this person look at cases from the facility's side, with the masks of that side?"""
    return not AS_DEPARTMENT.q(Who(user))
