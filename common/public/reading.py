"""Reading what was posted: what cannot be read is answered by a page in the reader's language, never by a fault."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

View = Callable[..., HttpResponse]
SPARE_FILES = 3  # a few files too many are named by the form, with the text kept; more than that is not even read
UNREADABLE = (
    UnreadablePostError,  # the line broke
    MultiPartParserError,
    BadRequest,
    SuspiciousOperation,  # too many fields or files
    LookupError,  # a file name in a character set that is none
    UnicodeError,
)


def reads_form(template: str) -> Callable[[View], View]:
    """Read the posted form before the view does: 413 for a too large one, 400 for one that is no form. `template` is
    the page that says what to do now."""

    def decorated(view: View) -> View:
        @wraps(view)
        def reading(request: HttpRequest, **named: str) -> HttpResponse:
            status = fault_of_form(request) if request.method == "POST" else 0
            return unreadable(request, template, status) if status else view(request, **named)

        return reading

    return decorated


def fault_of_form(request: HttpRequest) -> int:
    """The status that says why a posted form cannot be read; 0 when it can."""
    if _announced(request) > _limit():
        return 413
    if (request.encoding or "utf-8").lower() not in ("utf-8", "utf8"):
        return 400
    try:
        request.POST  # noqa: B018 - reading it is what may fail
    except RequestDataTooBig:
        return 413
    except UNREADABLE:
        return 400
    return 0


def unreadable(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """The page that says what to do now."""
    response = render(request, template, {"is_too_large": status == 413}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _limit() -> int:
    files = (settings.ATTACHMENT_MAX_COUNT + SPARE_FILES) * settings.ATTACHMENT_MAX_BYTES
    return files + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
