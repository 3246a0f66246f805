"""The OpenAPI document: made from views, filters, serializers and `Operation`s."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request

from common.api.filters import CodeFilter, MomentFilter, TruthFilter
from common.api.operations import Operation
from common.api.paging import DEFAULT_SIZE, LARGEST_SIZE
from common.api.problems import PROBLEM_TYPE, problem_body
from common.api.views import ApiView, ListView, json_response

_CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    409: "move_refused",
    412: "stale_version",
    413: "too_large",
    415: "unsupported_media_type",
    428: "version_required",
    429: "throttled",
}
_WORDS = {
    400: _("Something in the request is missing, wrong or not known here; `fields` names it."),
    401: _("No token or session, or one that is wrong, expired or withdrawn."),
    403: _("The caller does not have this right."),
    404: _("Absent, or not for this caller: both are answered alike."),
    409: _("The state does not allow it; `allowed` names the steps that it does allow."),
    412: _("Somebody else changed the record; `current_version` is the one to read."),
    413: _("The body is too large."),
    415: _("The body is not application/json."),
    428: _("The version is missing: send If-Match."),
    429: _("Too many requests; Retry-After tells how many seconds to wait."),
}


_TAGS = {  # the first part of an address, as people call it
    "": _("What there is"),
    "areas": _("Areas"),
    "incidents": _("Medical incidents"),
    "facilities": _("Facilities"),
    "channels": _("Channels"),
    "categories": _("Categories"),
    "cases": _("Cases"),
    "deadlines": _("Deadlines"),
    "directives": _("Directives"),
    "obligations": _("Obligations"),
    "assignments": _("Duties"),
    "inspections": _("Inspections"),
    "corrections": _("Demands to correct"),
    "intake": _("Intake"),
    "reconciliations": _("Reconciliation"),
}


class Problem(serializers.Serializer):
    """An error (RFC 9457). `code` and `type` are for machines and do not change, `title` is for people."""

    type = serializers.CharField(help_text="urn:langnghe:problem:<code>")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)
    allowed = serializers.ListField(child=serializers.CharField(), required=False)
    current_version = serializers.IntegerField(required=False)


class ApiSchema(AutoSchema):
    """Reads `view.operations[method]`; lists explain themselves."""

    @property
    def operation(self) -> Operation:
        return self.view.operations[self.method.lower()]

    @property
    def _is_list(self) -> bool:
        return isinstance(self.view, ListView) and self.method == "GET"

    @property
    def _has_plain_pages(self) -> bool:
        return self._is_list and bool(self.view.has_plain_pages)

    def get_operation_id(self) -> str:
        return f"{type(self.view).__name__}_{self.method.lower()}"

    def get_tags(self) -> list[str]:
        part = self.path.removeprefix(settings.SPECTACULAR_SETTINGS["SCHEMA_PATH_PREFIX"]).split("/")[1]
        return [str(_TAGS[part])]

    def get_summary(self) -> str:
        return str(self.operation.summary)

    def get_description(self) -> str:
        return str(self.operation.description or self.operation.summary)

    def get_override_parameters(self) -> list[Any]:
        found = [
            OpenApiParameter(
                header.name,
                location="header",
                required=header.is_required,
                description=str(header.words),
                examples=[OpenApiExample(header.name, value=header.example)],
            )
            for header in self.operation.headers
        ]
        answers = [status for status, serializer in _answers(self.operation).items() if serializer is not None]
        for header in self.operation.answer_headers:
            found.append(
                OpenApiParameter(header.name, location="header", description=str(header.words), response=answers)
            )
        if self._is_list:
            found += _list_parameters(self.view)
        return found

    def get_request_serializer(self) -> Any:
        return self.operation.sent

    def get_response_serializers(self) -> dict[Any, Any]:
        operation, found = self.operation, {}
        answers = operation.answers or {200: self.view.serializer_class}
        for status, serializer in answers.items():
            if self._has_plain_pages:
                serializer = _page_of(serializer)
            found[status] = OpenApiResponse(serializer, description=str(operation.summary))
        for status in operation.problems:
            example = OpenApiExample(
                _CODES[status], value=_problem_example(status), media_type=PROBLEM_TYPE, status_codes=[str(status)]
            )
            response = OpenApiResponse(Problem, description=str(_WORDS[status]), examples=[example])
            found[status, PROBLEM_TYPE] = response
        return found

    def get_examples(self) -> list[OpenApiExample]:
        operation, found = self.operation, []
        if operation.sent_example is not None:
            found.append(OpenApiExample("sent", value=operation.sent_example, request_only=True))
        if operation.example is not None:
            statuses = [str(status) for status, serializer in _answers(operation).items() if serializer is not None]
            value = operation.example
            if self._has_plain_pages:
                value = {"next": None, "previous": None, "results": [value]}
            found.append(OpenApiExample("answer", value=value, response_only=True, status_codes=statuses))
        return found


def _answers(operation: Operation) -> dict[int, Any]:
    return dict(operation.answers) or {200: Any}


def _problem_example(status: int) -> dict[str, object]:
    extra: dict[int, dict[str, object]] = {
        400: {"fields": {"status": [str(_("Choose one of the offered values."))]}},
        409: {"allowed": ["triaged", "forwarded"]},
        412: {"current_version": 4},
    }
    return problem_body(status, _CODES[status], None, **extra.get(status, {}))


@lru_cache
def _page_of(row: type[serializers.Serializer]) -> Any:
    """The page of a list: links and rows."""
    return inline_serializer(
        f"{row.__name__}Page",
        {
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": row(many=True),
        },
    )


def _list_parameters(view: ListView) -> list[OpenApiParameter]:
    found = [
        OpenApiParameter("cursor", str, description=str(_("Where a page begins: taken from next or previous."))),
        OpenApiParameter(
            "page_size",
            {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": DEFAULT_SIZE},
            description=str(_("Rows of one page.")),
        ),
    ]
    found += [OpenApiParameter(name, str, description=str(words)) for name, words in view.parameters.items()]
    for name, each in view.filterset_class.base_filters.items():
        found.append(OpenApiParameter(name, _type_of(each), description=str(each.label)))
    return found


def _type_of(each: Any) -> Any:
    if isinstance(each, TruthFilter):
        return bool
    if isinstance(each, MomentFilter):
        return {"type": "string", "examples": ["2026-11-25", "2026-11-25T08:00:00+07:00"]}
    if isinstance(each, CodeFilter):
        return str
    choices = each.extra.get("choices")
    return {"type": "string", "enum": [value for value, _label in choices]} if choices else str


@lru_cache
def document_in(language: str) -> bytes:
    """The OpenAPI document in a language. Made once: it costs a second, and only a new release changes it."""
    with translation.override(language):
        return json.dumps(SchemaGenerator().get_schema(request=None, public=True), ensure_ascii=False).encode()


class SchemaDocument(ApiView):
    """The OpenAPI 3.1 document of this API, in the reader's language or the one of `lang`."""

    authentication_classes = ()
    permission_classes = ()
    parameters: ClassVar[Mapping[str, Any]] = {"lang": ""}
    schema = None

    def get(self, request: Request) -> HttpResponse:
        language = request.GET.get("lang", "")
        known = dict(settings.LANGUAGES)
        return json_response(document_in(language if language in known else translation.get_language() or "vi"))
