"""Who sees a deadline: whoever sees the record that it is about. Each case app says who that is."""

from typing import Any

from django.apps import apps
from django.db.models import Q

from accounts.access import Row, Term, Through, Who
from accounts.access.relations import sees
from accounts.access.terms import Answer
from deadlines import registry


class OfVisibleRecord(Term):
    """The record that a deadline is about is one that the reader sees; in the database its own policy is asked."""

    def q(self, who: Who, prefix: str = "") -> Answer:
        seen = Q(**{f"{prefix}pk__in": []})
        for label, subject in registry.subjects():
            names = {"about_type": registry.content_type(label), "about_id__in": subject.visible_ids(who.user)}
            seen |= Q(**{f"{prefix}{name}": value for name, value in names.items()})
        return seen

    def sql(self, row: Row) -> str:
        kinds = [self._of_kind(row, label) for label, _subject in sorted(registry.subjects())]
        return f"({' OR '.join(kinds)})" if kinds else "false"

    def _of_kind(self, row: Row, label: str) -> str:
        app, model = label.split(".")
        kind = f"(SELECT id FROM django_content_type WHERE app_label = '{app}' AND model = '{model}')"
        record: Any = apps.get_model(label)
        key, table = row.column("about_id"), record._meta.db_table
        is_guarded = isinstance(getattr(record, "access", None), Term)
        seen = f"{sees(record)}({key})" if is_guarded else f'EXISTS (SELECT FROM "{table}" WHERE id = {key})'
        return f"({row.column('about_type')} = {kind} AND {seen})"

    def words(self) -> str:
        return "its record is visible"


DEADLINE = OfVisibleRecord()
PART_OF_DEADLINE = Through("deadline", DEADLINE)
