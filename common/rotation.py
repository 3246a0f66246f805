"""What `manage.py rotate_keys` seals anew beside the models that are `Sealed`: rows of libraries, told by the apps that
keep them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Elsewhere:
    """`count` says how many rows lie under which key; `rotate` seals anew and returns how many do not open."""

    label: str
    count: Callable[[], Counter[str]]
    rotate: Callable[[], int]


ELSEWHERE: list[Elsewhere] = []
