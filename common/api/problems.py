"""What every API endpoint shares: errors as `application/problem+json` (RFC 9457), versions as ETags."""

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from common.exceptions import Refused, StaleVersion, VersionRequired
from common.text import number_in

PROBLEM_TYPE = "application/problem+json"


def title_of(status: int, code: str) -> str:
    """A sentence for people, in the language of the request."""
    titles = {
        "bad_request": _("The request cannot be read."),
        "invalid": _("Some fields are missing or wrong."),
        "forbidden": _("You do not have the right to do this."),
        "not_authenticated": _("Sign in, or send a token."),
        "authentication_failed": _("The token is wrong, expired or withdrawn."),
        "not_found": _("Not found."),
        "method_not_allowed": _("This address does not take this method."),
        "unsupported_media_type": _("Send JSON (application/json)."),
        "length_required": _("Send the length of the body (Content-Length)."),
        "throttled": _("Too many requests. Try again a little later."),
        "too_large": _("Too large."),
        "server_error": _("Something went wrong on our side. It was recorded; try again later."),
        "interrupted": _("Interrupted for a moment. Send the same again in a few seconds: it is kept once."),
    }
    return titles.get(code, _("The request was refused."))


def problem_body(status: int, code: str, detail: str | None = None, **extra: object) -> dict[str, object]:
    """The members of one problem document; `type` is a name, not an address, so that it never moves."""
    return {
        "type": f"urn:langnghe:problem:{code}",
        "title": title_of(status, code) if detail is None else detail,
        "status": status,
        "code": code,
        **extra,
    }


def problem(status: int, code: str, detail: str | None = None, **extra: object) -> JsonResponse:
    """A problem document outside REST framework's reach (middleware, error handlers, thin views)."""
    return JsonResponse(
        problem_body(status, code, detail, **extra),
        status=status,
        content_type=PROBLEM_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler: every refusal, ours or a library's, in one form. None means a real fault."""
    headers: dict[str, str] = {}
    if isinstance(exc, Refused):
        body = problem_body(exc.status, exc.code, str(exc), **exc.extra)
    elif isinstance(exc, ModelError):
        body = problem_body(400, "invalid", None, fields=exc.message_dict if hasattr(exc, "error_dict") else {})
    elif isinstance(exc, Http404):
        body = problem_body(404, "not_found")
    elif isinstance(exc, PermissionDenied):
        body = problem_body(403, "forbidden")
    elif isinstance(exc, exceptions.APIException):
        body, headers = _from_framework(exc)
    else:
        return None
    set_rollback()
    response = Response(body, status=int(str(body["status"])), headers=headers)
    response.content_type = PROBLEM_TYPE
    return response


def _from_framework(exc: exceptions.APIException) -> tuple[dict[str, object], dict[str, str]]:
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = str(exc.auth_header)
    if isinstance(exc, exceptions.Throttled) and exc.wait is not None:
        headers["Retry-After"] = str(int(exc.wait) + 1)
    if isinstance(exc, exceptions.ValidationError):
        return problem_body(400, "invalid", None, fields=exc.detail), headers
    code = {"parse_error": "bad_request", "permission_denied": "forbidden"}.get(exc.default_code, exc.default_code)
    return problem_body(exc.status_code, code), headers


def etag_of(version: int, content: bytes = b"") -> str:
    """The ETag of a record: its version, and a mark of the content where more than the record's own fields is told."""
    return f'"{version}-{hashlib.sha256(content).hexdigest()[:12]}"' if content else f'"{version}"'


def version_from(request: HttpRequest) -> int:
    """The version that a write names in `If-Match`: an ETag as it was read, or just the version in quotes.

    Raises `VersionRequired` or `StaleVersion`."""
    value = request.headers.get("If-Match", "").strip()
    if value in ("", "*"):
        raise VersionRequired
    number = number_in(value.removeprefix("W/").strip('"').partition("-")[0], 11)
    if number is None:
        raise StaleVersion
    return number
