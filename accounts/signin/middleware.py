"""A session counts only with a second factor."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

PASSED_AT = "second_factor_passed_at"
ACTIVE_AT = "active_at"
IDLE_ENDED = "idle_ended"
WRITTEN_EVERY = 60  # seconds: a click more often costs no write


class SecondFactorMiddleware:
    """Empty a session that names a person but did not pass the second factor, or passed it longer ago than a session
    may last, or in which nothing happened for `SESSION_IDLE_MINUTES`: to every page and to the API they are nobody.
    Every request is activity except the page's own question how long it still lasts. Asks nothing where there is no
    session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            session = request.session
            if SESSION_KEY in session:
                self._look_at(request, session)
        return self.get_response(request)

    def _look_at(self, request: HttpRequest, session: SessionBase) -> None:
        if not is_whole(session):
            session.flush()
        elif seconds_left(session) <= 0:
            session.flush()
            if request.path.startswith("/console/"):
                session[IDLE_ENDED] = True  # for the sign-in page
        elif (request.method != "GET" or request.path != reverse("session_state")) and (
            time.time() - session.get(ACTIVE_AT, session[PASSED_AT]) >= WRITTEN_EVERY
        ):
            session[ACTIVE_AT] = time.time()


def seconds_left(session: SessionBase) -> int:
    """How long this session still lasts if nothing happens in it."""
    last = session.get(ACTIVE_AT, session[PASSED_AT])
    return int(last + settings.SESSION_IDLE_MINUTES * 60 - time.time())


def is_whole(session: SessionBase) -> bool:
    """Was the second factor passed, and recently enough?"""
    at = session.get(PASSED_AT)
    return isinstance(at, float) and time.time() - at < settings.SESSION_COOKIE_AGE
