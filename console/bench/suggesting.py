"""What a text suggests: asked for as the operator's screen asks while somebody types, and beside a case's page."""

from collections.abc import Iterable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from console.bench.stage import Stage
from console.bench.table import Row, measures, p95, times
from feedback.choices import ENDED
from feedback.models import Case

LIMIT = 0.3
TEXTS = 40  # of the newest cases that name a facility, and as many that name none


@measures("suggestion")
def suggestions(stage: Stage) -> Iterable[Row]:
    """Facility, category, urgency, scope and cases of the same matter for texts of newest cases, beginning to end."""
    cases = Case.objects.filter(is_confidential=False).order_by("-pk")
    texts = [
        *cases.filter(facility=None).values_list("body", "facility__code")[:TEXTS],
        *cases.exclude(facility=None).values_list("body", "facility__code")[:TEXTS],
    ]
    client, address = _client(stage, "operator"), reverse("admin:suggestions_for_call")
    took = [
        _timed(client, "post", address, {"body": body, "facility": code or ""})
        for _round in range(stage.rounds + 1)
        for body, code in texts
    ][len(texts) :]  # the first round is for what a process reads once
    yield Row("", f"suggestions for a call, {len(texts)} texts", times(took), "p95 ≤ 300 ms", is_met=p95(took) <= LIMIT)
    officer = _client(stage, "officer")
    pages = [
        f"{reverse('admin:suggestions_for_case', args=[pk])}?phan=1"
        for pk in cases.exclude(status__in=ENDED).values_list("pk", flat=True)[:TEXTS]
    ]
    took = [_timed(officer, "get", page) for _round in range(stage.rounds + 1) for page in pages][len(pages) :]
    name = f"suggestions beside a case, {len(pages)} cases"
    yield Row("", name, times(took), "p95 ≤ 300 ms", is_met=p95(took) <= LIMIT)


def _client(stage: Stage, role: str) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = stage.cookies[role]
    return client


def _timed(client: Any, method: str, address: str, given: dict[str, str] | None = None) -> float:
    began = perf_counter()
    answer = getattr(client, method)(address, given, HTTP_HOST="127.0.0.1")
    assert answer.status_code == 200, answer.status_code
    return perf_counter() - began
