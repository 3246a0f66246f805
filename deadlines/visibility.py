"""Who sees a deadline: whoever sees the record that it is about, and may read this one. Each case app says who. Of the
tasks that steps gave, who does not look after deadlines sees their own and those of their facility's people."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from accounts.access import Own, Right, Row, Term, Through, Who
from accounts.access.relations import sees
from accounts.access.terms import Answer
from accounts.models import Membership
from common.models import valid_on
from deadlines import registry


class OfVisibleRecord(Term):
    """The record that a deadline is about is one that the reader sees, in the database by its own policy, and the
    deadline is none that the record's app keeps from them (`Subject.unread`)."""

    def q(self, who: Who, prefix: str = "") -> Answer:
        seen = Q(**{f"{prefix}pk__in": []})
        for label, subject in registry.subjects():
            names = {"about_type": registry.content_type(label)}
            if "about" not in who.known:
                names["about_id__in"] = subject.visible_ids(who.user)
            read = Q(**{f"{prefix}{name}": value for name, value in names.items()})
            unread = subject.unread.q(who, prefix) if subject.unread else False
            seen |= read & ~unread if isinstance(unread, Q) else Q(pk__in=[]) if unread else read
        return seen

    def sql(self, row: Row) -> str:
        subjects = sorted(registry.subjects(), key=lambda each: each[0])
        if not subjects:
            return "false"
        # one question for the kind, not one for each: every one of them would be planned wherever a deadline is read
        kind = f"(SELECT app_label || '.' || model FROM django_content_type WHERE id = {row.column('about_type')})"
        kinds = " ".join(self._of_kind(row, label, subject.unread) for label, subject in subjects)
        return f"(CASE {kind} {kinds} ELSE false END)"

    def _of_kind(self, row: Row, label: str, unread: Term | None) -> str:
        record: Any = apps.get_model(label)
        key, table = row.column("about_id"), record._meta.db_table
        is_guarded = isinstance(getattr(record, "access", None), Term)
        seen = f"{sees(record)}({key})" if is_guarded else f'EXISTS (SELECT FROM "{table}" WHERE id = {key})'
        read = f" AND ({unread.sql(row)}) IS NOT TRUE" if unread else ""
        return f"WHEN '{label.lower()}' THEN {seen}{read}"

    def words(self) -> str:
        return "its record is visible and it is not of another facility's time with it"


DEADLINE = OfVisibleRecord()
PART_OF_DEADLINE = Through("deadline", DEADLINE)


@dataclass(frozen=True)
class OfMyPeople(Term):
    """A column points to somebody who belongs to one of the reader's facilities today."""

    field: str

    def q(self, who: Who, prefix: str = "") -> Answer:
        facilities = who.ids("facilities")
        if not facilities:
            return False
        people = Membership.objects.filter(valid_on(timezone.localdate()), facility__in=facilities)
        return Q(**{f"{prefix}{self.field}__in": people.values("user")})

    def sql(self, row: Row) -> str:
        day = "(now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
        return (
            f'EXISTS (SELECT 1 FROM "{Membership._meta.db_table}" own WHERE own.user_id = {row.column(self.field)}'
            f" AND own.facility_id = ANY ({row.ids('facilities')})"
            f" AND (own.valid_from IS NULL OR own.valid_from <= {day})"
            f" AND (own.valid_to IS NULL OR own.valid_to > {day}))"
        )

    def words(self) -> str:
        return f"{self.field} is of own facilities"


# What the department's people were given, and wrote about it, is none of a facility's business.
DUTY = PART_OF_DEADLINE & (Right("deadlines.view_deadline") | Own("person") | OfMyPeople("person"))
