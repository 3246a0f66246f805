"""Answers whose JSON PostgreSQL builds itself: Python passes the text on, and never makes an object of a row.

Filters and `visible_to` stay in the ORM; only the last step, from row to text, is the database's."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Func, Q, Subquery, TextField, Value
from django.db.models.functions import Coalesce


class JsonObject(Func):
    """`json_build_object` of named expressions; names are ours, so they stand in the SQL as they are. At most 50."""

    function = "json_build_object"
    suffix = ""

    def __init__(self, **fields: Any) -> None:
        self.names = tuple(fields)
        super().__init__(*fields.values(), output_field=TextField())

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        parts: list[str] = []
        values: list[Any] = []
        for name, expression in zip(self.names, self.source_expressions, strict=True):
            sql, params = compiler.compile(expression)
            parts.append(f"'{name}', {sql}")
            values.extend(params)
        return f"{self.function}({', '.join(parts)}){self.suffix}", values


class JsonText(JsonObject):
    """The same as text: what a row of an answer is."""

    suffix = "::text"


class JsonList(Subquery):
    """The rows of a queryset with one column `document`, in its order, as a JSON list; `[]` when there is none."""

    template = "(SELECT coalesce(json_agg(part.document), '[]'::json) FROM (%(subquery)s) AS part)"
    output_field = TextField()


def documents(rows: Any, **fields: Any) -> JsonList:
    """A list of parts inside an answer."""
    return JsonList(rows.values(document=JsonObject(**fields)))


def truth(condition: Q) -> Coalesce:
    """A condition as true or false, unknown being false."""
    return Coalesce(ExpressionWrapper(condition, output_field=BooleanField()), Value(False))


def joined(texts: list[str]) -> bytes:
    """Texts of objects as one JSON list."""
    return f"[{','.join(texts)}]".encode()
