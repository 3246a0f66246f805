"""The base of every endpoint: who asks, which parameters are known, one page by key, errors as problem documents."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, QuerySet
from django.http import Http404, HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.filters import StrictFilters
from common.api.inputs import MOST_NAMED, StrictJSONParser, shown_name
from common.api.operations import Operation
from common.api.paging import BadCursor, Order, Page, Source, body_of, page_of, size_from
from common.api.problems import etag_of
from common.api.rows import JsonText
from common.exceptions import InvalidInput, Refused
from common.statements import Slot, statement

JSON = "application/json"
PAGING = ("cursor", "page_size")
PLAIN = "Token "  # how systems say who they are; other spellings are understood, the long way


class OneFormat(BaseContentNegotiation):
    """The API speaks JSON, whatever `Accept` says."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        content_type = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == content_type), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class ApiView(GenericAPIView):
    """An endpoint: JSON only, known query parameters only, no caches on the way, in the caller's own language."""

    content_negotiation_class = OneFormat
    metadata_class = None
    filter_backends: ClassVar[list[Any]] = []
    pagination_class = None
    parser_classes: ClassVar[list[Any]] = [StrictJSONParser]
    parameters: ClassVar[Mapping[str, Any]] = {}  # names of query parameters, with words for the schema
    operations: ClassVar[Mapping[str, Operation]] = {}  # by method, for the schema

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """What a system reads, without the framework's ways around it, which cost more than the answer. Whatever is not
        plain, or is refused, goes those ways from the beginning: they tell what is wrong."""
        if request.method == "GET" and not self.throttle_classes:
            answer = self._told_at_once(request, *args, **kwargs)
            if answer is not None:
                return answer
        return super().dispatch(request, *args, **kwargs)

    def _told_at_once(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse | None:
        is_plain = request.META.get("HTTP_AUTHORIZATION", "").startswith(PLAIN) and hasattr(self, "get")
        if not is_plain or not self.authentication_classes:
            return None
        self.request, self.args, self.kwargs = request, args, kwargs
        try:
            who = self.authentication_classes[0]().authenticate(request)
            if who is None:
                return None
            request.user, request.auth = who
            if not all(permission().has_permission(request, self) for permission in self.permission_classes):
                return None
            self._look_at_parameters(request)
            answer = self.get(request, *args, **kwargs)
        except (Http404, PermissionDenied, Refused, exceptions.APIException):
            return None
        if isinstance(answer, Response):
            return None  # that is drawn by the framework
        answer.headers["Allow"] = ", ".join(self.allowed_methods)
        return _finished(answer)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method not in self.allowed_methods:
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)
        self._look_at_parameters(request)

    def _look_at_parameters(self, request: Any) -> None:
        """Refuse what is not known here, and what came twice."""
        known = self.known_parameters()
        unknown = [name for name in request.GET if name not in known][:MOST_NAMED]
        if unknown:
            sentence = [_("This parameter is not known here.")]
            raise InvalidInput({shown_name(name): sentence for name in unknown})
        doubled = [name for name in request.GET if len(request.GET.getlist(name)) > 1]
        if doubled:
            raise InvalidInput({name: [_("Give this once.")] for name in doubled})

    def known_parameters(self) -> tuple[str, ...]:
        """Query parameters that this caller may use here."""
        return tuple(self.parameters)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Which methods the address takes, and nothing of what stands behind it."""
        return HttpResponse(status=204)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        return _finished(super().finalize_response(request, response, *args, **kwargs))


def _finished(response: Any) -> Any:
    response.headers["Content-Language"] = get_language() or ""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def json_response(body: bytes, status: int = 200, **headers: str) -> HttpResponse:
    """Bytes that are JSON already."""
    return HttpResponse(body, content_type=JSON, status=status, headers=headers)


def told_before(request: Request, etag: str) -> HttpResponse | None:
    """304 when the caller holds this very content already."""
    header = request.headers.get("If-None-Match", "")
    if not header or request.method not in ("GET", "HEAD"):
        return None
    if etag not in [tag.removeprefix("W/") for tag in parse_etags(header)]:
        return None
    return HttpResponse(status=304, headers={"ETag": etag})


class ListView(ApiView):
    """A list paged by key, its rows built by the database. Two queries: who asks, and the page.

    Subclasses say which rows (`rows`), in which order, and what a row says (`document`); both may depend on the
    caller's rights and on nothing else."""

    filterset_class: ClassVar[type[StrictFilters]]
    order: ClassVar[Order]
    has_plain_pages: ClassVar[bool] = True  # links and rows; a standard may ask for pages of another form

    def rows(self, request: Request) -> QuerySet[Any]:
        raise NotImplementedError

    def document(self, request: Request) -> JsonText:
        raise NotImplementedError

    def filters(self, request: Request) -> type[StrictFilters]:
        """The filters that this caller may use."""
        return self.filterset_class

    def known_parameters(self) -> tuple[str, ...]:
        return (*PAGING, *self.parameters, *self.filters(self.request).base_filters)

    def get(self, request: Request) -> HttpResponse:
        try:
            page = self.page(request, request.GET.get("cursor", ""), size_from(request.GET))
        except BadCursor:
            raise InvalidInput({"cursor": [_("This list did not give out this cursor.")]}) from None
        return json_response(body_of(request, page))

    def page(self, request: Request, cursor: str, size: int) -> Page:
        return page_of(self.source(request), self.order, size=size, cursor=cursor)

    def source(self, request: Request) -> Source:
        """The list as this caller sees and filters it."""
        filters = self.filters(request)
        return Source(
            rows=lambda: filters.applied(request, self.rows(request)),
            document=lambda: self.document(request),
            key=self._key(request, filters),
        )

    def _key(self, request: Request, filters: type[StrictFilters]) -> Hashable:
        """All that the statement depends on; None where it cannot be kept: for people, whose rights come from many
        places, and for filters that look things up anew each time."""
        given = {name: value for name, value in request.GET.items() if name in filters.base_filters}
        if request.auth is None or any(name in given for name in filters.never_kept):
            return None
        return (type(self).__name__, request.auth.rights, tuple(sorted(given.items())))


class DetailView(ApiView):
    """One record, built by the database. One that the caller may not see is answered like one that is not there. Two
    queries: who asks, and the record.

    Subclasses say of which model, how its document is built for a caller (`told`), and what the address names it by."""

    model: ClassVar[Any]
    told: ClassVar[Callable[[Any], JsonText]]
    named_by: ClassVar[tuple[str, Any]] = ("reference", CharField())

    def get(self, request: Request, **named: Any) -> HttpResponse:
        (asked,) = named.values()
        column, kind = self.named_by

        def build() -> QuerySet[Any]:
            rows = self.model.objects.visible_to(request.user).filter(**{column: Slot("asked", kind)})
            return rows.order_by().values_list(type(self).told(request.user), "version")

        key = (type(self).__name__, request.auth.rights) if request.auth else None
        rows = statement(key, build).rows(asked=asked)
        if not rows:
            raise Http404
        text, version = rows[0]
        body = text.encode()
        etag = etag_of(version, body)
        return told_before(request, etag) or json_response(body, ETag=etag)


class NotThere(ApiView):
    """Every address below /api/v1/ that is no endpoint, whatever the method."""

    permission_classes: ClassVar[list[Any]] = []
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
