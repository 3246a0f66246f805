"""Which model suggests: the last one that somebody chose, else the one that comes with the program."""

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from common.exceptions import MoveRefused, RightMissing
from suggestions.engine.knowledge import DATA
from suggestions.engine.model import Model, shipped
from suggestions.models import CHOOSE_MODEL, LearntModel, ModelSwitch


@dataclass(frozen=True)
class InUse:
    """A model under the name that is kept beside choices."""

    model: Model
    version: str


def in_use() -> InUse:
    """The model that suggests now. One small query; what it names is kept by the process."""
    chosen = ModelSwitch.objects.order_by("-id").values_list("model_id", flat=True).first()
    return InUse(_learnt(chosen), f"L{chosen}") if chosen else InUse(shipped(), shipped_version())


@lru_cache(maxsize=2)
def _learnt(key: int) -> Model:
    return Model.read(bytes(LearntModel.objects.values_list("stored", flat=True).get(pk=key)))


@cache
def shipped_version() -> str:
    """The name of the model that comes with the program: other weights, another name."""
    return f"0-{hashlib.sha256((DATA / 'model.npz').read_bytes()).hexdigest()[:8]}"


@transaction.atomic
def choose(key: int | None, *, by: Any, knows_it_is_worse: bool = False) -> ModelSwitch:
    """Let another model suggest from now on; `None` is the one that comes with the program.

    Raises `RightMissing`, `Http404`, and `MoveRefused` for the model that is in use, or for one that was worse than it
    on cases that neither had read, unless the person says that they know."""
    if not by.has_perm(CHOOSE_MODEL):
        raise RightMissing
    last = ModelSwitch.objects.order_by("-id").values_list("model_id", flat=True).first()
    if last == key:
        raise MoveRefused(_("This model suggests already."))
    model = LearntModel.objects.defer("stored").filter(pk=key).first() if key is not None else None
    if key is not None and model is None:
        raise Http404
    if model is not None and model.is_worse and not knows_it_is_worse:
        raise MoveRefused(_("This model was worse than the one in use. Tick that you know it, to use it all the same."))
    return ModelSwitch.objects.create(model=model, by=by)


def former() -> tuple[int | None, bool]:
    """The model before the one in use, and whether there was a change at all: the way back is one step."""
    keys = list(ModelSwitch.objects.order_by("-id").values_list("model_id", flat=True)[:2])
    return (keys[1] if len(keys) > 1 else None), bool(keys)
