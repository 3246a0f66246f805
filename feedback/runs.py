"""How a worker goes through a run: it takes one, says how far it is, and leaves it to another one if it dies."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiClient
from feedback.models.runs import RunState

IMPORTED = "import"  # the source of files that no system of ours sends
STEP = 50  # rows between two words on how far it is
SECONDS = 120  # of one worker for one run; a task is ended after 270


def sources() -> dict[str, str]:
    """From where submissions may come in bulk, each with what people call it: files, and the systems that send. One
    query."""
    from feedback.api.senders import source_of

    clients = ApiClient.objects.filter(may_send=True).select_related("user").order_by("user__username")
    found = {IMPORTED: _("file of one's own (letters, lists)")}
    for client in clients:
        client.user.client = client  # type: ignore[assignment]
        found[source_of(client.user)] = client.name
    return found


def take(model: Any) -> Any:
    """The run that has waited longest, taken for this worker; None where nothing is to be done. Two queries."""
    with transaction.atomic():
        at = timezone.now()
        waiting = model.objects.to_do(at).select_for_update(skip_locked=True, of=("self",))
        run = waiting.order_by("touched_at").first()
        if run is not None:
            run.state, run.touched_at = RunState.RUNNING, at
            run.save(update_fields=["state", "touched_at"])
        return run


class Paused(Exception):
    """The worker has spent its time on this run; whoever comes next goes on with it."""


def teller(run: Any) -> Callable[[int], None]:
    """Says every so many rows how far the run is, for whoever looks on. Raises `Paused` when time is up."""
    ends = time.monotonic() + SECONDS

    def tell(done: int) -> None:
        if done % STEP and done != run.total:
            return
        _move(run, done=done)
        if time.monotonic() > ends:
            _move(run, state=RunState.WAITING)
            raise Paused

    return tell


def finish(run: Any, state: str, **columns: Any) -> None:
    """The run came to its end."""
    at = timezone.now()
    _move(run, state=state, finished_at=at, **columns)


def _move(run: Any, **columns: Any) -> None:
    moment: datetime = timezone.now()
    for name, value in {**columns, "touched_at": moment}.items():
        setattr(run, name, value)
    run.save(update_fields=[*columns, "touched_at"])
