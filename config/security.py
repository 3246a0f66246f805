"""The content security policy and the other headers that tell a browser what our pages never do.

`STRICT` holds for everything but the console's own pages: code runs only where the page names it with this answer's
nonce, styles come from our files only. `CONSOLE` holds under /console/ once somebody signed in. The theme's Alpine
evaluates expressions in attributes (`tests/browser/test_policy.py` shows that it does nothing without) and writes style
attributes; scripts in the page and style elements stay forbidden there too, unless they carry the nonce."""

from functools import lru_cache
from typing import Any

from csp.constants import HEADER, NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
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
PLACE = "the-nonce"  # in a policy that is kept
NEVER_USED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
ALWAYS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in NEVER_USED),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SafetyHeadersMiddleware(CSPMiddleware):
    """Put the policy of the address's part of the site on every answer that has none, and the headers in `ALWAYS`.

    The package writes a policy anew for each answer, which costs as much as finding out who asks; ours are written
    once, and only the nonce is put in. Its decorators for single views do nothing here."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        nonce = getattr(request, "_csp_nonce", None)
        if _is_document(request, response):
            response.headers.setdefault(HEADER, _policy(is_for_console=False, has_nonce=False))
        elif not (settings.DEBUG and response.status_code in (404, 500)):  # Django's own pages about faults
            policy = _policy(is_for_console=is_console(request.path), has_nonce=nonce is not None)
            response.headers.setdefault(HEADER, policy.replace(PLACE, nonce or ""))
            if nonce is None:  # asked for from here on, it would not stand in the policy
                request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith(PRIVATE):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _is_document(request: HttpRequest, response: HttpResponseBase) -> bool:
    """An answer of the API that is no page: nobody put a nonce into it."""
    return request.path.startswith("/api/") and "json" in response.headers.get("Content-Type", "")


@lru_cache
def _policy(*, is_for_console: bool, has_nonce: bool) -> str:
    """A policy with `PLACE` where its nonce goes."""
    return build_policy(CONSOLE if is_for_console else None, nonce=PLACE if has_nonce else None)


def is_console(path: str) -> bool:
    """Is this a page that the theme's scripts run on?"""
    return path.startswith("/console/") and not path.startswith(SIGN_IN)
