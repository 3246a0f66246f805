"""What waits beside the reports, on the home page: returns, alerts, signals; each for whom it is."""

from datetime import timedelta

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from incidents.alerts import receiving
from incidents.choices import AlertStatus, ReceiptState, ReturnKind, Verdict
from incidents.models import Signal
from incidents.returns import deeds
from incidents.returns.periods import last_ended
from incidents.signals import finding
from tests.feedback.factories import fresh
from tests.incidents import factories as make
from tests.incidents.alerts import making

NAMES = ("returns", "alerts-to-answer", "alerts-to-publish", "signals")


class WaitingTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = team = make.Team()
        half, quarter = (last_ended(kind, timezone.now()) for kind in ReturnKind)
        deeds.begin(team.hospital, half, by=fresh(team.writer))
        deeds.begin(None, quarter, by=fresh(team.checker))
        cls.alert = making.published(team.checker, team.second, team.hospital)
        making.step(making.written(team.checker, team.other), AlertStatus.WAITING, team.checker)
        today = timezone.localdate()
        cls.signal = Signal.objects.create(
            division=team.division, kind="IT07", week=today, since=today - timedelta(weeks=4), observed=9, expected=3.0,
            statistic=6.0, threshold=5.0, found_at=timezone.now(),
        )  # fmt: skip

    def tiles(self, person: object) -> dict[str, int]:
        self.client.force_login(person)
        tiles = self.client.get(reverse("admin:index")).context_data["tiles"]
        return {tile.name: tile.count for tile in tiles if tile.name in NAMES}

    def test_each_is_told_of_what_is_theirs_to_do(self) -> None:
        expected = {
            "writer": {"returns": 1, "alerts-to-answer": 1},
            "checker": {"returns": 1, "signals": 1},
            "second": {"returns": 1, "alerts-to-publish": 1, "signals": 1},
            "stranger": {},
            "auditor": {},
            "officer": {},
        }
        for name, tiles in expected.items():
            self.assertEqual(self.tiles(getattr(self.team, name)), tiles, name)

    def test_what_was_done_waits_no_longer(self) -> None:
        receipt = making.at(self.team.hospital, self.alert)
        by = fresh(self.team.writer)
        receiving.answer(receipt, ReceiptState.APPLIED, text="Đã làm.", by=by, version=receipt.version)
        self.assertNotIn("alerts-to-answer", self.tiles(self.team.writer))
        checker = fresh(self.team.checker)
        finding.judge(self.signal, Verdict.CHANCE, reason="đã xem lại", by=checker, version=self.signal.version)
        self.assertNotIn("signals", self.tiles(self.team.checker))
