"""Declarations for models of the floors below, which do not know who people are; and the tables that need none."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q

from accounts.access.columns import Nobody, Right
from accounts.access.relations import sees
from accounts.access.terms import Answer, Row, Settled, Term
from accounts.access.who import Who
from common.scope import has_any


@dataclass(frozen=True)
class OfWhatIsKept(Term):
    """An entry of the log about a case that the reader is kept from: the whole entry is hidden, not its reference only.
    Who looked at the case and why tells of it, and another auditor reads it; the chain over the log is walked as the
    system, so nothing can be hidden from it this way.

    From a single case one is kept by its number. From a facility's cases it is asked whether the case is visible: for
    these few readers, entries about numbers that no case has are hidden as well."""

    label: str
    single: str = ""  # the reader's list of single records of this kind that they are kept from

    def q(self, who: Who, prefix: str = "") -> Answer:
        about = Q(**{f"{prefix}about_type": self.label.lower(), f"{prefix}about_id__isnull": False})
        kept = who.ids(self.single) if self.single else frozenset()
        if not who.ids("recused_facilities"):
            return about & Q(**{f"{prefix}about_id__in": kept}) if kept else False
        cases = apps.get_model(self.label)._default_manager.visible_to(who.user)  # type: ignore[attr-defined]
        return about & ~Q(**{f"{prefix}about_id__in": cases.order_by().values("pk")})

    def sql(self, row: Row) -> str:
        number = row.column("about_id")
        is_kept = f"{number} = ANY ({row.ids(self.single)})" if self.single else "false"
        return (
            f"({row.column('about_type')} = '{self.label.lower()}' AND {number} IS NOT NULL"
            f" AND ({is_kept} OR {has_any('recused_facilities')}"
            f" AND NOT {sees(apps.get_model(self.label))}({number})))"
        )

    def settled(self, row: Row, granted: frozenset[Term], *, is_floor: bool) -> Settled:
        if is_floor:
            return False
        return f"({' OR '.join(has_any(units) for units in ('recused_facilities', self.single) if units)})"

    def words(self) -> str:
        return f"about a {self.label.partition('.')[2].lower()} that one is kept from"


DECLARED: dict[str, Term] = {
    "audit.Entry": Right("audit.view_entry")
    & ~OfWhatIsKept("feedback.Case", "recused_cases")
    & ~OfWhatIsKept("incidents.Incident")
    & ~OfWhatIsKept("directives.Assignment")
    & ~OfWhatIsKept("inspections.Inspection")
    & ~OfWhatIsKept("inspections.CorrectiveAction"),
    "links.Link": Nobody("by deeds only"),
}
# Tables that name a facility and are not guarded row by row, each with its reason (`accounts.access.checks` asks).
OPEN: dict[str, str] = {
    "facilities": "what a facility is, is public: names, addresses, licences, hotlines",
    "accounts.AccountChange": "guarded by the right to see changes of accounts",
    "accounts.Membership": "guarded by the right to see people",
    "accounts.ApiClient_facilities": "guarded by the right to see API clients",
}
