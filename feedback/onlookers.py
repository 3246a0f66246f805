"""Who is told, on the floors above, that a call is on record or that a case was filed anew.

They fill these lists when they start. They are told after the commit and nothing waits for them: what goes wrong there
is logged and costs nobody their call or their correction."""

from collections.abc import Callable, Collection
from functools import partial

from django.db import transaction

from feedback.models import Case

RECORDED: list[Callable[[Case, str], None]] = []  # a call, with the seal of what its form showed beside it
FILED: list[Callable[[Case, Collection[str]], None]] = []  # a correction, with the names of the fields that it set


def tell_recorded(case: Case, shown: str) -> None:
    """A call became a new case."""
    for told in RECORDED:
        transaction.on_commit(partial(told, case, shown), robust=True)


def tell_filed(case: Case, names: Collection[str]) -> None:
    """What a case is filed under was corrected."""
    for told in FILED:
        transaction.on_commit(partial(told, case, frozenset(names)), robust=True)
