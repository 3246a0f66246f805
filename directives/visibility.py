"""Who sees what of directives: the declarations behind lists, pages, history and messages.

The department sees the register and all assignments, of reports what was handed in. A facility sees its own assignments
and reports, and of the register what reached it: directives and obligations that it has an assignment of. Whoever is
kept from a facility sees nothing of its assignments and reports."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q

from accounts.access import Absent, In, Of, Right, Row, Term, Through, Who
from accounts.access.terms import Answer
from common.scope import ids_of

EVERY = Right("directives.view_every_directive")
FACILITY = Right("directives.view_facility_duty")
MANAGE = Right("directives.manage_directive")
OWN = FACILITY & In("facility", "facilities")
RECUSED = In("facility", "recused_facilities")
HANDED_IN = ~Absent("handed_in_at")


@dataclass(frozen=True)
class Reached(Term):
    """One of the reader's facilities has an assignment that names this row in `field`."""

    field: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        own = who.ids("facilities")
        if not own:
            return False
        rows = apps.get_model("directives.Assignment")._default_manager.filter(facility__in=own)
        return Q(**{f"{prefix}pk__in": rows.order_by().values(self.field)})

    def sql(self, row: Row) -> str:
        return (
            f"EXISTS (SELECT 1 FROM directives_assignment reached WHERE reached.{self.field}_id = {row.column('pk')}"
            f" AND reached.facility_id = ANY ((SELECT {ids_of('facilities')})::bigint[]))"
        )

    def words(self) -> str:
        return f"{self.field} of an assignment of one's facility"


DIRECTIVE = EVERY | FACILITY & Reached("directive")
OF_DIRECTIVE = Through("directive", DIRECTIVE)
LINEAGE = Through("directive", DIRECTIVE) & Through("other", DIRECTIVE)
OBLIGATION = EVERY | FACILITY & Reached("obligation")
OF_OBLIGATION = Through("obligation", OBLIGATION)
PAST = EVERY  # what the register said before is the department's business
ASSIGNMENT = (EVERY | OWN) & ~RECUSED
PAST_OF_ASSIGNMENT = Of("id", "directives.Assignment")
REPORT = (OWN | EVERY & HANDED_IN) & ~RECUSED  # reports and files alike: the facility's own until it hands them in
OF_REPORT = Through("report", REPORT)
