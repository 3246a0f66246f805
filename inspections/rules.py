"""What every deed of inspections asks first: the row as it stands and locked, its version, the right, the reason."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.exceptions import InvalidInput, ReasonRequired, RightMissing, StaleVersion
from common.reasons import REASON_LENGTH
from common.text import clean, has_unstorable

MANAGE, APPROVE = "inspections.manage_plan", "inspections.approve_plan"
CONDUCT, ANSWER = "inspections.conduct_inspection", "inspections.answer_correction"
EVERY = "inspections.view_every_inspection"
ENGINE = ""  # no person makes this move
LONGEST = 10_000


@dataclass(frozen=True)
class Move:
    """One arrow: the right it takes, the button's words and look, the reason where nobody has to think of one."""

    right: str
    label: Promise
    tone: str = "plain"
    is_gate: bool = False
    reason: Promise | str = ""


def locked(row: Any, by: Any, version: int | None = None, *related: str) -> Any:
    """The row as it stands, nobody else writing it. Raises `Http404`, `StaleVersion`."""
    model: Any = type(row)
    rows = model.objects.visible_to(by).select_for_update(of=("self",)).select_related(*related or ("facility",))
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise Http404
    if version is not None and found.version != version:
        raise StaleVersion(current_version=found.version)
    return found


def require(by: Any, right: str) -> None:
    """Raises `RightMissing`; nobody holds the right to what only the engine does."""
    if not right or not by.has_perm(right):
        raise RightMissing


def checked_reason(reason: str) -> str:
    """The reason, cleaned. Raises `ReasonRequired`, `InvalidInput`."""
    if has_unstorable(reason) or len(clean(reason)) > REASON_LENGTH:
        raise InvalidInput({"reason": [_("At most %(count)s characters.") % {"count": REASON_LENGTH}]})
    if not clean(reason):
        raise ReasonRequired
    return clean(reason)


def told(step: Move, why: str) -> str:
    """A step with its reason, for the history: in the language of the department, whoever makes it."""
    with override(settings.LANGUAGE_CODE):
        return f"{step.label}: {why}"


def refuse_wrong(row: models.Model, names: tuple[str, ...]) -> None:
    """Every field that cannot be stored, by its name. Raises `InvalidInput`."""
    others = [about.name for about in row._meta.fields if about.name not in names]
    wrong: dict[str, list[Any]] = {}
    try:
        row.clean_fields(exclude=others)
        row.validate_constraints()
    except ValidationError as refusal:
        wrong = {name: list(words) for name, words in refusal.message_dict.items()}
    for name in names:
        value = getattr(row, name, "")
        if isinstance(value, str) and (has_unstorable(value) or len(value) > LONGEST):
            wrong[name] = [_("At most %(count)s characters.") % {"count": LONGEST}]
    if wrong:
        raise InvalidInput(wrong)


def save(row: Any, *, by: Any, reason: str, is_new: bool = False) -> None:
    """Write a row as its next version, with who and why. As the system, the row locked."""
    if not is_new and hasattr(row, "version"):
        row.version += 1
    row._history_user, row._change_reason = by, reason
    row.save()


def next_reference(prefix: str, sequence: str) -> str:
    """The next number of a kind of record; gaps say nothing about anybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        return f"{prefix}-{timezone.localdate().year}-{cursor.fetchone()[0]:06d}"
