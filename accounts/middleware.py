"""The language of a page: the person's choice, never the browser's header."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from common.public.pages import COOKIE


class ChosenLanguageMiddleware:
    """Vietnamese unless this person chose otherwise: signed in by their account, else by the switch's cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


def chosen_language(request: HttpRequest) -> str:
    """The language code for this request; reads the session's user only where a session exists."""
    chosen = request.COOKIES.get(COOKIE, "")
    if not chosen and settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        chosen = request.user.language
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
