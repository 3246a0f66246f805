"""Saved filters and calls to hotlines of the planted world."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from facilities.models import HotlineCall
from feedback import saved_filters


def plant(world: Any, planted: Callable[[int, str], str]) -> None:
    """A filter that one officer keeps for themselves, one that the lead's deputy shares, and a call to A's number."""
    world.filters = {}
    for place, (name, by) in enumerate((("filter_private", "officer_2"), ("filter_shared", "lead_2"))):
        number = world.numbers[name] = 57 + place
        words = {"urgency": "S1", "queue": "all"}
        world.filters[name] = saved_filters.keep(
            f"Khẩn {planted(number, 'sv')}", words, is_shared=name == "filter_shared", by=world.by(by)
        )
    world.hotline_call = HotlineCall.objects.create(
        hotline=world.hotline, at=timezone.now(), by=world.people["lead_2"], result="answered"
    )
