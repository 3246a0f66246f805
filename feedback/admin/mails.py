"""What came of e-mails, for those who see that everything runs."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from common.changelist import KeysetAdmin
from common.keyset import Order
from feedback.models import ReceivedMail

RIGHT = "deadlines.watch_operations"


@admin.register(ReceivedMail)
class ReceivedMailAdmin(KeysetAdmin):
    """Newest first. Written by the system; nobody's address or words stand here."""

    list_display = ["at"]
    keyset = Order("at", is_descending=True)
    change_list_template = "admin/feedback/mail_list.html"

    def get_urls(self) -> list[URLPattern]:
        """The list alone; the stock forms have no address."""
        return [path("", self.admin_site.admin_view(self.changelist_view), name="feedback_receivedmail_changelist")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReceivedMail]:
        return ReceivedMail.objects.visible_to(request.user).select_related("case")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(RIGHT))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().changelist_view(request, {"title": _("E-mails read"), **(extra_context or {})})
