"""The console's own stylesheet, script and mark, on top of the theme's."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse


def stylesheet(request: HttpRequest) -> str:
    return static("console/console.css")


def colours(request: HttpRequest) -> str:
    return static("console/colours.css")


def script(request: HttpRequest) -> str:
    return static("console/console.js")


def idle_script(request: HttpRequest) -> str:
    return static("console/idle.js")


def mark(request: HttpRequest) -> str:
    """An ear and a wave: the sign of the house."""
    return static("public/icon.svg")


def language_action(request: HttpRequest) -> str:
    return reverse("accounts:language")
