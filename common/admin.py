"""The console's base classes: scoped, versioned, without deletion, with refusals told in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE
from django.core.paginator import Paginator
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin, TabularInline

from common import deeds
from common.choosers import Choosers
from common.editing import VersionedForms
from common.exceptions import Refused
from common.history import HistoryPage


class EstimatingPaginator(Paginator):
    """Counts at most `limit` rows: nobody pages to row ten thousand, and counting a million rows costs seconds."""

    limit = 10_000

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return int(rows.order_by().values("pk")[: self.limit].count())


class NothingDeleted:
    """Case data and reference data end; they are never deleted, from no door of the console."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ConsoleAdmin(NothingDeleted, Choosers, VersionedForms, HistoryPage, ModelAdmin):
    """Base of every admin class of ours."""

    compressed_fields = True
    list_fullwidth = True
    list_per_page = 50
    list_max_show_all = 50
    paginator = EstimatingPaginator
    show_full_result_count = False
    warn_unsaved_form = True

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return deeds.in_short(form, formsets, is_new=add)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._log(request, obj, ADDITION, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._log(request, obj, CHANGE, message)

    def _log(self, request: HttpRequest, obj: Any, flag: int, message: Any) -> None:
        """Models with a history of their own are told from that."""
        if not hasattr(obj, "history"):
            deeds.log(request.user, obj, flag, message)


class ScopedAdmin(ConsoleAdmin):
    """For models whose rows not everyone may see: all pages start from `visible_to(user)`."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.user)


class ReadOnlyAdmin(ConsoleAdmin):
    """For rows that only the system writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Part(NothingDeleted, Choosers, TabularInline):
    """Base of inlines: parts of a whole, shown in a table under it."""

    extra = 0


@contextmanager
def reporting_refusals(request: HttpRequest, about: object = None) -> Iterator[None]:
    """Turn a `Refused` into a message to the person and undo what the block wrote; other faults pass through."""
    try:
        with transaction.atomic():
            yield
    except Refused as refusal:
        text = f"{about}: {refusal}" if about is not None else str(refusal)
        messages.error(request, text)


def estimated_rows(table: str) -> int:
    """PostgreSQL's own estimate of a table's rows: costs nothing, right within a few percent after ANALYZE."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = %s::regclass", [table])
        return int(cursor.fetchone()[0])
