"""The API's own pages: its index and its browsable documentation."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.operations import Operation
from common.api.views import ApiView

PARTS = (
    "cases", "intake", "facilities", "areas", "channels", "categories", "deadlines", "incidents", "directives",
    "obligations", "assignments", "schema", "docs",
)  # fmt: skip


class Addresses(serializers.Serializer):
    """Where everything is."""

    def get_fields(self) -> dict[str, Any]:
        return {name: serializers.URLField() for name in PARTS}


class Index(ApiView):
    """Where everything is. For everybody: it tells addresses and nothing else."""

    authentication_classes: ClassVar[Any] = ()
    permission_classes: ClassVar[Any] = ()
    serializer_class = Addresses
    operations: ClassVar[Mapping[str, Operation]] = {
        "get": Operation(
            _("Where everything is"),
            problems=(400,),
            example={name: f"https://example.vn/api/v1/{name}/" for name in PARTS},
        )
    }

    def get(self, request: Request) -> Response:
        return Response({name: request.build_absolute_uri(reverse(f"api:{name}")) for name in PARTS})


# What Swagger UI says of itself, which knows English only: `static/api/docs.js` says it in the reader's language.
SAID_BY_VIEWER = {
    "Authorize": _("Authorize"),
    "Available authorizations": _("Available authorizations"),
    "Cancel": _("Cancel"),
    "Clear": _("Clear"),
    "Close": _("Close"),
    "Code": _("Code"),
    "Curl": _("Command line"),
    "Description": _("Description"),
    "Details": _("Details"),
    "Download": _("Download"),
    "Example Value": _("Example"),
    "Execute": _("Execute"),
    "Links": _("Links"),
    "Loading": _("Loading"),
    "Logout": _("Sign out"),
    "Media type": _("Media type"),
    "Name": _("Name"),
    "No links": _("No links"),
    "No parameters": _("No parameters"),
    "Parameters": _("Parameters"),
    "Request URL": _("Address asked"),
    "Request body": _("What is sent"),
    "Response body": _("Body of the answer"),
    "Response headers": _("Headers of the answer"),
    "Responses": _("Answers"),
    "Schema": _("Structure"),
    "Schemas": _("Structures"),
    "Server response": _("Answer of the server"),
    "Try it out": _("Try it out"),
    "required": _("required"),
}


class Docs(ApiView):
    """Swagger UI from our own static files; nothing stands inline, so the strict policy holds."""

    authentication_classes: ClassVar[Any] = ()
    permission_classes: ClassVar[Any] = ()
    schema = None

    def get(self, request: Request) -> HttpResponse:
        plain: HttpRequest = request._request
        return render(plain, "api/docs.html", {"schema": reverse("api:schema"), "words": dict(SAID_BY_VIEWER)})
