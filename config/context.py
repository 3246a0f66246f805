"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def authority(request: HttpRequest) -> dict[str, str]:
    """The name of the department, for headings and footers."""
    return {"authority_name": settings.AUTHORITY_NAME}
