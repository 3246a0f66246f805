"""One line a request: the one that tells how it ended."""

import json
import logging
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject
from django_structlog.middlewares import RequestMiddleware
from structlog.contextvars import bind_contextvars, clear_contextvars

log = logging.getLogger("langnghe.requests")  # its lines are JSON already (config.logs)


class RequestLogMiddleware(RequestMiddleware):
    """The library's, which gives each request an id and writes a fault down with its traceback; the usual line is
    written without the library's ways through several processors, which cost as much as a query."""

    def prepare(self, request: HttpRequest) -> None:
        request.id = str(uuid4())  # type: ignore[attr-defined]
        bind_contextvars(request_id=request.id)  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            self.bind_user_id(request)  # a system is known only when its token was read

    def handle_response(self, request: HttpRequest, response: HttpResponseBase) -> None:
        if response.streaming or hasattr(request, "_raised_exception"):
            super().handle_response(request, response)  # type: ignore[arg-type]
            return
        level = _level_of(response.status_code)
        if log.isEnabledFor(level):
            log.log(level, _line(request, response, level))
        clear_contextvars()


def _level_of(status: int) -> int:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return logging.ERROR
    return logging.WARNING if status >= HTTPStatus.BAD_REQUEST else logging.INFO


def _line(request: HttpRequest, response: HttpResponseBase, level: int) -> str:
    """Nothing personal: the address without its query."""
    said = {
        "event": "request_finished",
        "code": response.status_code,
        "request": f"{request.method} {request.path}",
        "request_id": request.id,  # type: ignore[attr-defined]
        "user_id": _user_of(request),
        "logger": log.name,
        "level": logging.getLevelName(level).lower(),
        "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
    }
    return json.dumps(said, ensure_ascii=False)


def _user_of(request: HttpRequest) -> int | None:
    """Who asked, as far as anybody looked: to ask now would open a session for a page that needs none."""
    user = getattr(request, "user", None)
    is_unknown = isinstance(user, SimpleLazyObject) and settings.SESSION_COOKIE_NAME not in request.COOKIES
    return None if user is None or is_unknown else user.pk
