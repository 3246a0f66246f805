"""The search index: accent-free words and pairs of neighbouring words of what may be found."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


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
