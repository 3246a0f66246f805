"""Who sees what of directives: the declarations behind lists, pages, history and messages.

The department sees the register and all assignments, of reports what was handed in. A facility sees its own assignments
and reports, and of the register what reached it: directives and obligations that it has an assignment of. Whoever is
kept from a facility sees nothing of its assignments and reports."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q

from accounts.access import Absent, Flag, In, Of, Right, Row, Term, Through, Via, Who
from accounts.access.terms import Answer

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
    units: str = "facilities"

    def q(self, who: Who, prefix: str = "") -> Answer:
        own = who.ids(self.units)
        if not own:
            return False
        rows = apps.get_model("directives.Assignment")._default_manager.filter(facility__in=own)
        return Q(**{f"{prefix}pk__in": rows.order_by().values(self.field)})

    def sql(self, row: Row) -> str:
        return (
            f"EXISTS (SELECT 1 FROM directives_assignment reached WHERE reached.{self.field}_id = {row.column('pk')}"
            f" AND reached.facility_id = ANY ({row.ids(self.units)}))"
        )

    def words(self) -> str:
        return f"{self.field} of an assignment of one's {self.units.replace('_', ' ')}"


# systems that read duties by the API: all of them, or of the facilities that they are limited to
SYSTEM = Right("directives.exchange_duty")
WHOLE = ~Flag("is_limited", "a system limited to some facilities")
DIRECTIVE = EVERY | FACILITY & Reached("directive") | SYSTEM & (WHOLE | Reached("directive", "client_facilities"))
OF_DIRECTIVE = Through("directive", DIRECTIVE)
LINEAGE = Through("directive", DIRECTIVE) & Through("other", DIRECTIVE)
OBLIGATION = EVERY | FACILITY & Reached("obligation") | SYSTEM & (WHOLE | Reached("obligation", "client_facilities"))
OF_OBLIGATION = Through("obligation", OBLIGATION)
PAST = EVERY  # what the register said before is the department's business
OF_SYSTEM = SYSTEM & (WHOLE | In("facility", "client_facilities"))
ASSIGNMENT = (EVERY | OWN | OF_SYSTEM) & ~RECUSED
PAST_OF_ASSIGNMENT = Of("id", "directives.Assignment")
# reports and files alike: the facility's own until it hands them in
REPORT = (OWN | (EVERY | OF_SYSTEM) & HANDED_IN) & ~RECUSED
OF_REPORT = Through("report", REPORT)
# scores: the department all; a facility its own once the round was published. Proposals are the department's alone
PUBLISHED = ~Absent("published_at")
ROUND = EVERY | FACILITY & PUBLISHED
SCORE = (EVERY | OWN & Via("round", PUBLISHED)) & ~RECUSED
UNNAMED = EVERY & ~RECUSED
OF_MERIT = Through("proposal", UNNAMED)
OF_PACK = Through("pack", EVERY)
