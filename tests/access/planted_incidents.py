"""Incidents of the planted world that came by the API, and files that its facilities show."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.grants import give
from common.uploads import checked
from incidents.models import SystemReport
from tests.files import recording


def plant(world: Any) -> None:
    """What came by the API, and the right to send more of it."""
    give(world.api_intake.user, "api_incident_reports", reason="kiểm thử")
    for name in ("incident_draft_a", "incident_a", "incident_b"):
        SystemReport.objects.create(
            incident=world.incidents[name], source="api-client-1", source_id=name, fingerprint="x",
            received_at=timezone.now(), answer={"reference": world.incidents[name].reference},
        )  # fmt: skip


def shown_file(number: int, planted: Callable[[int, str], str]) -> Any:
    """A file whose name and content only those find who read the answer that it goes with."""
    told = planted(number, "kc")
    return checked(SimpleUploadedFile(f"ghi-am-{told}.mp3", recording(told)))
