"""The search index: accent-free words and pairs of neighbouring words of what may be found."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.lookups import Lookup


@models.BigAutoField.register_lookup
class Among(Lookup):
    """`pk__among=[…]`: like `in` for many ids, as one value instead of thousands."""

    lookup_name = "among"
    names_records = True  # `common.keyset.alternatives`
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_values = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::bigint[])", [*left_values, list(self.rhs)]


class Holds(models.Func):
    """Does a case's entry match? A tsquery taken as it stands, since its tokens are folded already. The database's
    function costs what a look at a row costs, and says so: PostgreSQL asks it last."""

    function = "feedback_case_holds"
    arity = 1
    template = "%(function)s(%(expressions)s, %%s::tsquery)"
    output_field = models.BooleanField()

    def __init__(self, case: Any, query: str) -> None:
        self.query = query
        super().__init__(case)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> tuple[str, Any]:
        sql, values = super().as_sql(compiler, connection, *args, **context)
        return sql, [*values, self.query]


class SearchEntry(models.Model):
    """One case's words, and marks of who may find it and how new it is (`feedback.search`). Confidential cases have no
    entry: their text is never indexed."""

    case = models.OneToOneField("feedback.Case", models.CASCADE, primary_key=True, related_name="search_entry")
    words = SearchVectorField()
    # the words are read by functions of the database alone (`feedback.search`)
    application_may = "INSERT, DELETE, SELECT (case_id), UPDATE (words)"

    class Meta:
        default_permissions = ()
        indexes = [GinIndex(fields=["words"], name="case_words", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.pk)
