"""The console's own stylesheet, on top of the theme's."""

from django.http import HttpRequest
from django.templatetags.static import static


def stylesheet(request: HttpRequest) -> str:
    return static("console/console.css")
