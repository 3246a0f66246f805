"""The working console: Django's admin under the Unfold theme, with our home page."""

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from unfold.sites import UnfoldAdminSite

from feedback.operator import views as operator


class LabelledChoices(AutocompleteJsonView):
    """Choices that say enough to tell them apart, where the admin class has a `label_for_choice(record)`."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        result: dict[str, str] = super().serialize_result(obj, to_field_name)
        told = getattr(self.model_admin, "label_for_choice", None)
        return {**result, "text": told(obj)} if told else result


class ConsoleSite(UnfoldAdminSite):
    """One site for every role: what a person may not do is not offered."""

    enable_nav_sidebar = True

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """What this person may open; nothing before they signed in."""
        return super().get_app_list(request, app_label) if self.has_permission(request) else []

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # before the admin's own, whose last one takes every address
        return [*operator.urls(self), *super().get_urls()]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return LabelledChoices.as_view(admin_site=self)(request)
