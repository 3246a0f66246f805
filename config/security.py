"""The content security policy and the other headers that tell a browser what our pages never do.

`STRICT` holds for everything but the console's own pages: code runs only where the page names it with this answer's
nonce, styles come from our files only. `CONSOLE` holds under /console/ once somebody signed in. The theme's Alpine
evaluates expressions in attributes (`tests/browser/test_policy.py` shows that it does nothing without) and writes style
attributes; scripts in the page and style elements stay forbidden there too, unless they carry the nonce."""

from functools import lru_cache
from typing import Any

from csp.constants import HEADER, NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Directives = dict[str, list[Any]]

STRICT: Directives = {
    "default-src": [NONE],
    "script-src": [NONCE],
    "style-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
CONSOLE: Directives = {
    **STRICT,
    "script-src": [SELF, NONCE, UNSAFE_EVAL],
    "style-src": [SELF, NONCE],
    "style-src-attr": [UNSAFE_INLINE],
}
SIGN_IN = ("/console/login/", "/console/logout/", "/console/mat-khau/")  # pages that do without the theme's scripts
PRIVATE = ("/console/", "/api/", "/tai-khoan/")  # no copy stays anywhere, the browser included
NEVER_USED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
ALWAYS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in NEVER_USED),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SafetyHeadersMiddleware(CSPMiddleware):
    """Put the policy of the address's part of the site on every answer that has none, and the headers in `ALWAYS`."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None and is_console(request.path):
            parts.config = CONSOLE
        return parts

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if _is_document(request, response):
            response.headers.setdefault(HEADER, _policy_of_documents())
        else:
            response = super().process_response(request, response)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith(PRIVATE):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _is_document(request: HttpRequest, response: HttpResponseBase) -> bool:
    """An answer of the API that is no page: nobody put a nonce into it."""
    return request.path.startswith("/api/") and "json" in response.headers.get("Content-Type", "")


@lru_cache
def _policy_of_documents() -> str:
    """The strict policy without a nonce: written once, since writing it costs a short answer a twentieth."""
    return build_policy()


def is_console(path: str) -> bool:
    """Is this a page that the theme's scripts run on?"""
    return path.startswith("/console/") and not path.startswith(SIGN_IN)
