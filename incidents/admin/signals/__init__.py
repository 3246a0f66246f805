"""Signals in the console: what the numbers ask, and one signal with its chart."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern

from incidents.admin.signals import views

Named = Callable[[str, Any, str], URLPattern]


def addresses(named: Named) -> list[URLPattern]:
    """The addresses of these pages."""
    return [
        named("tin-hieu/", views.signals, "signals"),
        named("tin-hieu/<int:signal_id>/", views.signal_page, "signal"),
    ]
