"""Deeds over the registry. Callers import from here."""

from facilities.services.deeds import (
    change,
    end,
    put_under,
    register,
    register_many,
    rename,
    reopen,
    settle_licence,
)
from facilities.services.loading import load_areas, load_demo_facilities, load_divisions
from facilities.services.wording import refresh_words

__all__ = [
    "change",
    "end",
    "load_areas",
    "load_demo_facilities",
    "load_divisions",
    "put_under",
    "refresh_words",
    "register",
    "register_many",
    "rename",
    "reopen",
    "settle_licence",
]
