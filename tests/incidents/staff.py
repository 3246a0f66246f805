"""What the tests of the page for staff share: a browser without scripts, and the form as that browser sends it."""

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.test import TestCase, override_settings
from django.utils import timezone

from incidents import receiving
from incidents.models import StaffReport
from incidents.public.views import KEYS
from incidents.receiving import Incoming
from tests.incidents import factories as make
from tests.public.pages import OWN_CACHE, findable, hidden

SEND, FOLLOW = "/su-co/", "/su-co/theo-doi/"
STORY = "Tiêm nhầm kháng sinh cho người bệnh giường bên cạnh."


def picked(**ago: float) -> str:
    """A moment as a telephone's picker writes it."""
    return (timezone.localtime() - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M")


def mild(**changes: Any) -> dict[str, Any]:
    """The least that a voluntary report takes."""
    return {"facility": "T01", "description": STORY, "ward": "Khoa Nội", "harm": "D"} | changes


def severe(**changes: Any) -> dict[str, Any]:
    """A mandatory report."""
    told = {"harm": "G", "detected_at": picked(minutes=10), "reporter_name": "Trần Ngọc Mai", "reporter_role": "REP1"}
    return mild(**told) | changes


@override_settings(CACHES=OWN_CACHE)
class StaffPageTests(TestCase):
    """Tests that send and read the page."""

    team: make.Team

    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = make.Team()
        findable(cls.team.hospital)
        findable(cls.team.other)

    def setUp(self) -> None:
        cache.clear()

    def key(self) -> str:
        return hidden(self.client.get(SEND), "key")

    def send(self, said: dict[str, Any], key: str = "", at: str = SEND, *, is_flood: bool = False) -> HttpResponse:
        if not is_flood:
            cache.clear()  # a test sends more in a second than a person in a minute
        return self.client.post(at, {"key": key or KEYS.new()} | said)

    def follow(self, code: str, **more: Any) -> HttpResponse:
        cache.clear()
        return self.client.post(FOLLOW, {"code": code} | more)


def taken_in(facility: Any, number: str = "1", people: Any = None, **said: Any) -> tuple[StaffReport, str]:
    """A report from staff and its receipt, without the page."""
    given = {"description": STORY, "ward": "Khoa Nội", "harm": "D"} | said
    secret = number.rjust(64, "0")
    received = receiving.receive(Incoming(f"s{number}", facility, given, secret, people or {}))
    return received.report, received.receipt
