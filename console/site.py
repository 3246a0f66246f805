"""The working console: Django's admin under the Unfold theme, with our home page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite

from common.text import number_in
from console import finding, home, promotion_page
from console.inbox import unread
from feedback.operator import views as operator
from suggestions import views as suggesting


class LabelledChoices(AutocompleteJsonView):
    """Choices that say enough to tell them apart, where the admin class has a `label_for_choice(record)`."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        result: dict[str, str] = super().serialize_result(obj, to_field_name)
        told = getattr(self.model_admin, "label_for_choice", None)
        return {**result, "text": told(obj)} if told else result


def _by_number(view: Callable[..., Any]) -> Callable[..., Any]:
    """Records go by numbers: a page of what is none is not there, before anything looks for it in the database."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "object_id" in kwargs and number_in(str(kwargs["object_id"])) is None:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


class ConsoleSite(UnfoldAdminSite):
    """One site for every role: what a person may not do is not offered."""

    enable_nav_sidebar = True
    index_template = "console/home.html"

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Every page of ours and of the admin's comes by here."""
        return super().admin_view(_by_number(view), cacheable)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page of the console shows: the theme's own, and the reader's unread messages."""
        context = super().each_context(request)
        context["colors"] = None  # they stand in static/console/colours.css: the policy allows no inline style
        if self.has_permission(request) and request.user.has_perm("notifications.view_inboxitem"):
            context["inbox_url"] = reverse("admin:notifications_inboxitem_changelist")
            context["unread_messages"] = unread(request)
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**home.context_of(request), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """What this person may open; nothing before they signed in.

        Every page asks for the list of all, the home page twice, and none shows it since the sidebar is ours: it is put
        together when somebody looks at it."""
        if not self.has_permission(request):
            return []
        found = super().get_app_list
        if app_label:
            return found(request, app_label)
        listed: Any = SimpleLazyObject(lambda: found(request))
        return listed  # type: ignore[no-any-return]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # before the admin's own, whose last one takes every address
        return [*operator.urls(self), *suggesting.urls(self), *promotion_page.urls(self), *super().get_urls()]

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The quick search's answers. The theme's own keeps them for five minutes, longer than a right may last."""
        context = {"results": finding.answers(request)}
        return TemplateResponse(
            request, "unfold/helpers/command_results.html", context, headers={"HX-Trigger": "search"}
        )

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        return LabelledChoices.as_view(admin_site=self)(request)
