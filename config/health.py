"""Is the process up (live), and can it do its work (ready)? For load balancers and for people on duty."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from common.scope import as_system
from console import operations
from deadlines.models import Heartbeat

T = TypeVar("T")


def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Each part that the work needs, `ok` or one word that says what is wrong; 503 when any is not ok.

    `operations` tells what the console's operations page tells: it is for those who watch, and takes no web server out
    of service, since none of them mends it."""
    parts = {name: _checked(check) for name, check in CHECKS.items()}
    is_ready = all(answer == "ok" for answer in parts.values())
    told = {"status": "ok" if is_ready else "not ready", **parts, "operations": _checked(_operations)}
    return JsonResponse(told, status=200 if is_ready else 503)


def _checked(check: Callable[[], T]) -> T | str:
    try:
        return check()
    except Exception as error:  # whatever is broken, this page must still say so
        return type(error).__name__


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    cache.set("health", "ok", 10)
    return "ok" if cache.get("health") == "ok" else "no answer"


def _storage() -> str:
    default_storage.exists("health")
    return "ok"


_migrated: list[bool] = []


def _migrations() -> str:
    # Once true it stays true for this process: new migrations come with a new process.
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "pending"
        _migrated.append(True)
    return "ok"


def _scheduler() -> str:
    beat = Heartbeat.objects.filter(name="sweep").first()
    limit = timezone.now() - timedelta(seconds=settings.SCHEDULER_SILENCE_LIMIT)
    if beat is None:
        return "never ran"
    return "ok" if beat.at >= limit else "silent"


def _operations() -> dict[str, Any]:
    with as_system():
        found = operations.findings(timezone.now())
    told = {finding.name: {"verdict": finding.verdict, "value": finding.value} for finding in found}
    return {"verdict": operations.worst_of(found), **told}


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "broker": _broker,
    "storage": _storage,
    "migrations": _migrations,
    "scheduler": _scheduler,
}
