"""Sees refused answers on their way out."""

from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from audit import refusals
from audit.services import NotRecorded

REFUSED = (403, 404)


class RefusalMiddleware:
    """Note every 403 and 404 that somebody signed in gets from an address that exists, once the answer has left.

    A view that wrote its own entry, or whose refusal is none (a form that is too old), sets
    `response.is_no_refusal`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code in REFUSED and not getattr(response, "is_no_refusal", False):
            self._note_later(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """What may not happen unseen did not happen: say so. Nothing was shown, and what was written is taken back."""
        if isinstance(exception, NotRecorded):
            return render(request, "errors/unrecorded.html", {"sentence": str(exception)}, status=exception.status)
        return None

    def _note_later(self, request: HttpRequest, response: Any) -> None:
        match, user = request.resolver_match, getattr(request, "user", None)
        if match is None or not match.view_name or user is None or not user.is_authenticated:
            return
        request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
        method = request.method or ""
        # closers run when the server has sent the last byte
        response._resource_closers.append(partial(refusals.note, user, match, method=method, request_id=request_id))
