"""Error pages in the reader's language: what happened, what to do now, nothing of the inside."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg.errors import QueryCanceled

from common import georeport
from common.api import problem, title_of
from feedback.intake import BODY_LENGTH
from feedback.services import NOTE_LENGTH
from feedback.transitions import REASON_LENGTH

RETRY_AFTER = 5  # seconds; PostgreSQL is back within a few after a crash, a standby within a minute


def _answer(request: HttpRequest, status: int, code: str, **told: object) -> HttpResponse:
    if request.path.startswith("/open311/"):
        return georeport.errors(georeport.format_of(request.path), status, title_of(status, code))
    if request.path.startswith("/api/"):
        return problem(status, code)
    return render(request, f"errors/{status}.html", told, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _answer(request, 413, "too_large", text=BODY_LENGTH, note=NOTE_LENGTH, reason=REASON_LENGTH)
    return _answer(request, 400, "bad_request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, "forbidden")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours, or an interruption that passes: then when to send the same again. Asks no database."""
    if not _passes(sys.exception()):
        return _answer(request, 500, "server_error")
    answer = _answer(request, 503, "interrupted")
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def _passes(fault: BaseException | None) -> bool:
    """Whether the database was away, beginning anew or busy: not when a query of ours took too long."""
    if not isinstance(fault, (OperationalError, InterfaceError)):
        return False
    return not isinstance(fault.__cause__, QueryCanceled)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is too old or missing: say that reloading helps; nothing was saved."""
    answer = render(request, "errors/csrf.html", status=403)
    answer.is_no_refusal = True  # type: ignore[attr-defined] # nobody asked for what is not theirs
    return answer
