"""Bytes that are no text are refused at the door, once for every page and endpoint."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from common import georeport
from common.api import problem, title_of


class BrokenTextMiddleware:
    """Refuse an address whose query holds NUL: PostgreSQL cannot store it, and no person types it.

    Bodies are checked where they are read (`common.text.has_unstorable` in forms, serializers and `receive`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\x00" in query or "\x00" in request.path:
            if request.path.startswith("/api/"):
                return problem(400, "bad_request")
            if request.path.startswith("/open311/"):
                return georeport.errors(georeport.format_of(request.path), 400, title_of(400, "bad_request"))
            return render(request, "errors/400.html", status=400)
        return self.get_response(request)


class WrongMethodMiddleware:
    """A page that is asked by a method it does not take says so; Django's own answer is empty."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render(request, "errors/405.html").content
        return response
