"""One request, one transaction, one scope: what a page asks the database, it asks on behalf of who asks the page."""

from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from accounts.access.scope import NOBODY, become
from common.scope import entered

# health must answer while the database does not; tries at signing in count whatever becomes of their request, and
# lock nobody out while a password is being looked at
NOT_FOR = ("/health/", "/console/login/")
FAULT = 500


class ScopeMiddleware:
    """Open the transaction of a request with the scope of the session's person, or of nobody; token authentication and
    signing in put their own in its place (`accounts.access.scope.become`).

    An answer from 500 on takes back what was written; any other is committed before it is sent. Two small statements
    beside the transaction's own, and what is known of the reader: rights, units and recusals."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(NOT_FOR):
            return self.get_response(request)
        is_ours = not connection.in_atomic_block  # a test may have opened one around
        with entered(NOBODY):
            if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
                become(request.user)
            response = self.get_response(request)
            if response.status_code >= FAULT and is_ours:
                transaction.set_rollback(True)
        return response
