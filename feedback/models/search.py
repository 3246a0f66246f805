"""The search index: accent-free words and pairs of neighbouring words of what may be found."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.lookups import Lookup


@SearchVectorField.register_lookup
class HasWords(Lookup):
    """`words__has="'benh_vien' & 'tre'"`: a tsquery taken as it stands, since its tokens are folded already."""

    lookup_name = "has"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_values = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*left_values, self.rhs]


class SearchEntry(models.Model):
    """One case's words. Confidential cases have no entry: their text is never indexed."""

    case = models.OneToOneField("feedback.Case", models.CASCADE, primary_key=True, related_name="search_entry")
    received_at = models.DateTimeField()
    words = SearchVectorField()

    class Meta:
        default_permissions = ()
        indexes = [
            GinIndex(fields=["words"], name="case_words", fastupdate=False),
            models.Index(fields=["-received_at", "-case"], name="case_words_newest"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
