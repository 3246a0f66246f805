"""What every public page that holds one person's words does: it is kept nowhere, and its language is switched from
within a form without losing what was typed."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "ngon_ngu"  # the language that somebody chose without an account
View = Callable[..., HttpResponse]


def personal(view: View) -> View:
    """For pages that hold what one person typed or may read: kept nowhere, telling other sites nothing."""

    @wraps(view)
    def answered(request: HttpRequest, **named: str) -> HttpResponse:
        language = _chosen_here(request)
        with translation.override(language or translation.get_language()):
            response = view(request, **named)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        if language:
            response["Content-Language"] = language
            response.set_cookie(
                COOKIE,
                language,
                max_age=365 * 86400,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    return answered


def _chosen_here(request: HttpRequest) -> str:
    """The language switched to from within a form, which sends along what was typed so far."""
    language = request.POST.get("language", "") if request.method == "POST" else ""
    return language if language in dict(settings.LANGUAGES) else ""
