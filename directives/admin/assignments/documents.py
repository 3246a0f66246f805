"""The documents that prove what was reported."""

from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_GET

from directives.models import EvidenceFile


@require_GET
def evidence(request: HttpRequest, token: str) -> FileResponse:
    """A file of evidence, always as a download."""
    if not request.user.has_perm("directives.view_assignment"):
        raise PermissionDenied
    found = EvidenceFile.objects.visible_to(request.user).filter(token=token[:32]).first()
    if found is None:
        raise Http404
    answer = FileResponse(found.file.open("rb"), content_type=found.content_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return answer
