"""Deeds over the registry. Callers import from here."""

from facilities.services.deeds import (
    MAY_ADD,
    MAY_CHANGE,
    change,
    end,
    lift_ended_suspensions,
    put_under,
    register,
    register_many,
    rename,
    reopen,
    settle_licence,
)
from facilities.services.hotlines import MAY_VERIFY, note_call
from facilities.services.loading import load_areas, load_demo_facilities, load_divisions
from facilities.services.wording import refresh_area_words, refresh_words

__all__ = [
    "MAY_ADD",
    "MAY_CHANGE",
    "MAY_VERIFY",
    "change",
    "end",
    "lift_ended_suspensions",
    "load_areas",
    "load_demo_facilities",
    "load_divisions",
    "note_call",
    "put_under",
    "refresh_area_words",
    "refresh_words",
    "register",
    "register_many",
    "rename",
    "reopen",
    "settle_licence",
]
