"""A session counts only with a second factor."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

PASSED_AT = "second_factor_passed_at"


class SecondFactorMiddleware:
    """Empty a session that names a person but did not pass the second factor, or passed it longer ago than a session
    may last: to every page and to the API they are nobody. Asks nothing where there is no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            session = request.session
            if SESSION_KEY in session and not is_whole(session):
                session.flush()
        return self.get_response(request)


def is_whole(session: SessionBase) -> bool:
    """Was the second factor passed, and recently enough?"""
    at = session.get(PASSED_AT)
    return isinstance(at, float) and time.time() - at < settings.SESSION_COOKIE_AGE
