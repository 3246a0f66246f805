"""The admin's list, paged by key: no count of all rows, no offset, no sorting or filtering by what is not declared."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.views import ChangeList

from common.admin import ConsoleAdmin
from common.keyset import NEWEST_FIRST, Order, cut
from common.text import version_in

AFTER, BEFORE = "after", "before"


class KeysetChangeList(ChangeList):
    """A page is named by the row before or after it. Columns and `?o=` do not sort: each list has the one order that
    its index gives."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: list[str | None] | None = None) -> QuerySet[Any]:
        for name in (AFTER, BEFORE):
            self.params.pop(name, None)
            self.filter_params.pop(name, None)
        return super().get_queryset(request, exclude_parameters)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        return []

    def get_ordering_field_columns(self) -> dict[int, str]:
        return {}

    def get_results(self, request: HttpRequest) -> None:
        order = self.model_admin.get_keyset(request, self)
        page = cut(
            self.queryset,
            order,
            size=self.list_per_page,
            after=request.GET.get(AFTER, ""),
            before=request.GET.get(BEFORE, ""),
        )
        self.result_list = page.rows
        self.result_count = self.full_result_count = len(page.rows)
        self.show_full_result_count = False
        self.show_admin_actions = bool(page.rows)
        self.can_show_all = self.multi_page = False
        self.paginator = self.model_admin.get_paginator(request, page.rows, self.list_per_page)
        self.next_url = self.get_query_string({AFTER: page.after}) if page.after else ""
        self.previous_url = self.get_query_string({BEFORE: page.before}) if page.before else ""
        self.first_url = self.get_query_string() if page.before else ""


class KeysetAdmin(ConsoleAdmin):
    """For long lists. `keyset` is the order, which an index must give; only `filter_words` may stand in the address."""

    keyset: Order = NEWEST_FIRST
    filter_words: frozenset[str] = frozenset()
    change_list_template = "admin/keyset_change_list.html"
    list_disable_select_all = True
    sortable_by = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysetChangeList

    def get_keyset(self, request: HttpRequest, changelist: ChangeList) -> Order:
        return self.keyset

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Nothing but the declared words: Django would let every column of the table be probed by prefix."""
        return lookup in self.filter_words


def version_shown(request: HttpRequest, record: Any) -> int:
    """The version of a record that the list showed beside its box; 0, which none ever had, when the list sent none."""
    return version_in(request.POST.get(f"version-{record.pk}", ""))
