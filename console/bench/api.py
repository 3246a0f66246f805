"""The API beside raw SQL: lists, deep pages, details, intake."""

import itertools
import json
from collections.abc import Callable, Iterable
from random import Random
from time import perf_counter
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.models import User
from common.api.paging import told_of
from console.bench import raw
from console.bench.load import Ask, Outcome, get, hammer, one_by_one, post
from console.bench.stage import SENDER, Stage, leaving_no_rows
from console.bench.table import Row, measures, ms, p50, times
from deadlines.models import Deadline
from facilities.models import Facility
from feedback.api.views import NEWEST
from feedback.intake import Incoming, receive
from feedback.models import Case, Category, Channel
from feedback.search import words_of

CLIENTS = 8
LIST = "/api/v1/cases/"
FILTERS = (("status", "closed"), ("urgency", "S3"), ("channel", "P1022"), ("facility", "DEMO002"))
BODY = (
    "Chờ hơn ba giờ để lấy toa thuốc đã in sau khi khám tai mũi họng, hỏi hai lần ở bàn thư ký đều được trả lời là chưa"
    " có. Đến gần trưa mới lục ra toa đã in từ sáng. Đề nghị xem lại cách phát toa."
)
TITLE = "Chờ toa thuốc đã in hơn ba giờ"
REPORTER = {"name": "Nguyễn Thị An", "phone": "0900 000 123"}


def against_raw(stage: Stage, ours: Ask, theirs: Ask, clients: int) -> tuple[list[Outcome], list[Outcome]]:
    """Both in turn, `stage.rounds` times; the first second warms up and does not count."""
    outcomes: tuple[list[Outcome], list[Outcome]] = ([], [])
    for ask in (ours, theirs):
        hammer(stage.port, ask, clients=clients, seconds=1)
    for round_ in range(stage.rounds):
        for ask, found in zip((ours, theirs), outcomes, strict=True):
            first = (round_ + 1) * 1_000_000
            found.append(hammer(stage.port, ask, clients=clients, seconds=stage.seconds, first=first))
    return outcomes


def compared(number: str, work: str, ours: list[Outcome], theirs: list[Outcome], least: float | None) -> Row:
    """A row of requests per second."""
    figure, limit = p50([each.per_second for each in ours]), p50([each.per_second for each in theirs])
    took = [second for each in ours for second in each.took]
    took_raw = [second for each in theirs for second in each.took]
    return Row(
        number,
        work,
        f"{figure:,.0f} /s ({times(took)})",
        target=f"≥ {least:.0%} of raw" if least else "",
        raw=f"{limit:,.0f} /s ({times(took_raw)})",
        ratio=figure / limit,
        is_met=figure / limit >= least if least else None,
    )


@measures("P1")
def list_pages(stage: Stage) -> Iterable[Row]:
    """Pages of 100 of the list under four filters in turn."""
    ours = [stage.api(f"{LIST}?{name}={value}&page_size=100") for name, value in FILTERS]
    known = {
        "P1022": str(Channel.objects.get(code="P1022").pk),
        "DEMO002": str(Facility.objects.get(code="DEMO002").pk),
    }
    theirs = [get(f"{raw.PREFIX}list?{name}={known.get(value, value)}") for name, value in FILTERS]
    for clients, number in ((CLIENTS, "P1"), (1, "")):
        results = against_raw(stage, _cycle(ours), _cycle(theirs), clients)
        work = f"API list page of 100, filtered, {clients} client{'s' if clients > 1 else ''}"
        yield compared(number, work, *results, least=0.35 if number else None)


def _cycle(requests: list[bytes]) -> Ask:
    return lambda nth: requests[nth % len(requests)]


@measures("P2")
def deep_page(stage: Stage) -> Iterable[Row]:
    """Page 1 beside the page that begins after nearly all rows; the place is looked up once, by offset."""
    pages = min(10_000, (Case.objects.filter(is_confidential=False).count() - 200) // 100)
    rows = Case.objects.filter(is_confidential=False).order_by("-received_at", "-id").values_list("received_at", "pk")
    at, number = rows[100 * (pages - 1) - 1]
    cursor = NEWEST.cursor((told_of(at), number))
    requests = [stage.api(f"{LIST}?page_size=100"), stage.api(f"{LIST}?page_size=100&cursor={cursor}")]
    first, deep = one_by_one(stage.port, requests, repeat=40 * stage.rounds, warm=10)
    ratio = p50(deep) / p50(first)
    yield Row(
        "P2",
        f"API page {pages:,} by cursor, 1 client",
        times(deep),
        target="≤ 1.2 × page 1",
        raw=f"page 1: {times(first)}",
        ratio=ratio,
        is_met=ratio <= 1.2,
        remarks="raw is our own page 1",
    )


@measures("P3")
def details(stage: Stage) -> Iterable[Row]:
    """Single cases all over the table."""
    references = some_references(500)
    kind = ContentType.objects.get_for_model(Case).pk
    ours = [stage.api(f"{LIST}{reference}/") for reference in references]
    theirs = [get(f"{raw.PREFIX}detail?reference={reference}&type={kind}") for reference in references]
    results = against_raw(stage, _cycle(ours), _cycle(theirs), CLIENTS)
    yield compared("P3", f"API detail, {CLIENTS} clients", *results, least=0.3)


def some_references(count: int) -> list[str]:
    """Ordinary cases all over the table, the same ones every time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM feedback_case")
        least, most = cursor.fetchone()
    random = Random("details")
    ids = [random.randint(least, most) for _nth in range(count * 2)]
    rows = Case.objects.filter(pk__in=ids, is_confidential=False).values_list("reference", flat=True)
    return list(rows[:count])


# --- writing ---------------------------------------------------------------------------------------------------------


def submission() -> dict[str, Any]:
    """One submission as the API takes it."""
    return {
        "body": BODY,
        "title": TITLE,
        "category": "QUYTRINH.04",
        "facility": "DEMO011",
        "reporter": REPORTER,
    }


def raw_submission() -> dict[str, Any]:
    """The same with everything looked up and worked out beforehand, for the raw transaction."""
    facility = Facility.objects.get(code="DEMO011")
    clock = Deadline.objects.filter(obligation="resolve").first()
    assert clock is not None
    return {
        "channel": Channel.objects.get(code="P1022").pk,
        "category": Category.objects.get(code="QUYTRINH.04").pk,
        "facility": facility.pk,
        "area": facility.area_id,
        "by": User.objects.get(username=SENDER).pk,
        "title": TITLE,
        "body": BODY,
        "fingerprint": "0" * 64,
        "sealed": "00" * 300,
        "about_type": clock.about_type_id,
        "rule": clock.rule_id,
        "ladder": clock.ladder_id,
        "calendar": clock.calendar_version,
        "derivation": json.dumps(clock.derivation),
        "words": words_of(TITLE, BODY),
    }


@measures("P4")
def intake(stage: Stage) -> Iterable[Row]:
    """Submissions over HTTP, each with a key of its own."""
    body, raw_body = json.dumps(submission()).encode(), json.dumps(raw_submission()).encode()
    token = f"Token {stage.tokens[SENDER]}"

    def ours(nth: int) -> bytes:
        return post("/api/v1/intake/", body, Authorization=token, Idempotency_Key=uuid4().hex)

    theirs = post(f"{raw.PREFIX}intake", raw_body)
    with leaving_no_rows():
        results = against_raw(stage, ours, lambda nth: theirs, CLIENTS)
    yield compared("P4", f"intake over HTTP, {CLIENTS} clients", *results, least=0.35)


@measures("receive")
def receive_in_process(stage: Stage) -> Iterable[Row]:
    """`receive()` without HTTP, one after the other, beside the raw transaction on one connection."""
    sender, given = User.objects.get(username=SENDER), raw_submission()
    wanted = submission()

    def ours() -> None:
        receive(Incoming(source="bench", source_id=uuid4().hex, channel="P1022", **wanted), by=sender)

    with leaving_no_rows():
        figure, limit = _in_turn(stage, ours, lambda: raw.intake(given))
    yield Row(
        "",
        "create through receive(), in process",
        f"{1 / figure:,.0f} /s ({ms(figure)})",
        raw=f"{1 / limit:,.0f} /s ({ms(limit)})",
        ratio=limit / figure,
        remarks="1 connection",
    )


def _in_turn(stage: Stage, *deeds: Callable[[], object]) -> list[float]:
    """Median seconds of each deed, done in turn."""
    took: list[list[float]] = [[] for _deed in deeds]
    for nth in itertools.count():
        if nth >= 100 * stage.rounds + 10:
            return [p50(each) for each in took]
        for deed, found in zip(deeds, took, strict=True):
            began = perf_counter()
            deed()
            if nth >= 10:
                found.append(perf_counter() - began)
    raise AssertionError
