"""The inbox of whoever is signed in, and the outbox for those who look after the system."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE
from django.db import transaction
from django.db.models import F, Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from common import deeds
from common.admin import ReadOnlyAdmin, ScopedAdmin
from notifications import dead_letters
from notifications.choices import State
from notifications.dead_letters import RECEIVES_DEAD_LETTERS
from notifications.links import link_of
from notifications.models import InboxItem, InboxItemQuerySet, Outbox, OutboxQuerySet


@admin.register(InboxItem)
class InboxItemAdmin(ScopedAdmin, ReadOnlyAdmin):
    """My messages, the unread first; opening one marks it as read."""

    list_display = ["status", "title", "at", "record"]
    list_display_links = ["title"]
    list_select_related = ["about_type"]
    ordering = [F("read_at").desc(nulls_first=True), "-at"]
    fields = readonly_fields = ["title", "body", "at", "where"]
    actions = ["mark_as_read"]

    @display(description=_("status"), label={"new": "info", "urgent": "danger", "read": "default"})
    def status(self, row: InboxItem) -> tuple[str, Any]:
        if row.read_at:
            return "read", _("read")
        return ("urgent", _("urgent")) if row.is_urgent else ("new", _("new"))

    @display(description=_("message"))
    def title(self, row: InboxItem) -> str:
        return row.text().title

    @display(description=_("text"))
    def body(self, row: InboxItem) -> str:
        return row.text().body

    @display(description=_("where"))
    def where(self, row: InboxItem) -> str:
        return format_html('<a class="ln-btn" href="{}">{}</a>', link_of(row), _("Open the record"))

    @display(description=_("where"))
    def record(self, row: InboxItem) -> str:
        return format_html(
            '<a class="font-medium text-primary-600 dark:text-primary-500" href="{}">{}</a>',
            link_of(row),
            _("Open the record"),
        )

    @action(description=_("Mark as read"), permissions=["view"])
    def mark_as_read(self, request: HttpRequest, items: InboxItemQuerySet) -> None:
        items.mark_read(timezone.now())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "GET":
            InboxItem.objects.visible_to(request.user).filter(pk=object_id).mark_read(timezone.now())
        return super().change_view(request, object_id, form_url, extra_context)


@admin.register(Outbox)
class OutboxAdmin(ReadOnlyAdmin):
    """What waits, what was given up and why; for people who are told of dead letters."""

    list_display = ["created_at", "channel", "template", "standing", "attempts", "next_try_at", "last_error"]
    list_filter = ["state", "channel"]
    ordering = ["-id"]
    actions = ["send_again", "drop"]
    fields = readonly_fields = [
        "created_at",
        "channel",
        "template",
        "state",
        "attempts",
        "next_try_at",
        "sent_at",
        "last_error",
        "message_id",
    ]

    @display(description=_("state"), label={State.DEAD: "danger", State.SENT: "success", State.WAITING: "info"})
    def standing(self, row: Outbox) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @action(description=_("Send again what was given up"), permissions=["settle"])
    def send_again(self, request: HttpRequest, rows: OutboxQuerySet) -> None:
        self._settle(request, rows, dead_letters.send_again)

    @action(description=_("Do not send any more what was given up"), permissions=["settle"])
    def drop(self, request: HttpRequest, rows: OutboxQuerySet) -> None:
        self._settle(request, rows, dead_letters.drop)

    def _settle(self, request: HttpRequest, rows: OutboxQuerySet, deed: Callable[[list[int]], list[int]]) -> None:
        """Do it to all that were given up, keep who did it to each, and say how many were not."""
        chosen = list(rows.order_by("pk").values_list("pk", flat=True))
        with transaction.atomic():
            done = Outbox.objects.filter(pk__in=deed(chosen))
            told: dict[Model, list[dict[str, Any]]] = {
                row: [{"kind": "~", "fields": {"state": [State.DEAD, row.state]}, "reason": ""}] for row in done
            }
            deeds.log_many(request.user, told, CHANGE)
        if done:
            text = ngettext("%(number)s message was changed.", "%(number)s messages were changed.", len(done))
            messages.success(request, text % {"number": len(done)})
        if others := len(chosen) - len(done):
            text = ngettext(
                "%(number)s message was not given up and stays as it is.",
                "%(number)s messages were not given up and stay as they are.",
                others,
            )
            messages.warning(request, text % {"number": others})

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RECEIVES_DEAD_LETTERS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(RECEIVES_DEAD_LETTERS) or super().has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
