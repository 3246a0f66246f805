"""A doubling that is planted in a province of reports, found by the rule as it runs every week: from rows in the
database to signals, within the delay that the page states."""

from datetime import timedelta
from random import Random

from django.test import TestCase

from facilities.models import Facility
from incidents.models import Signal
from incidents.signals.counting import WEEKS
from incidents.tasks import find_signals
from tests.feedback import factories as make
from tests.incidents import factories as incident
from tests.incidents.signals.chance import drawn
from tests.incidents.signals.planting import last_monday, plant

RATE, MEDIAN, NINE_IN_TEN = 2.0, 9, 17  # incidents a week; within how many weeks, as `signals.change` states
HOSPITALS = 20


class DoublingTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        team, dice = incident.Team(), Random(43)
        cls.doubled = [make.facility(f"D{number}", f"Bệnh viện số {number}") for number in range(HOSPITALS)]
        cls.quiet = [make.facility(f"Q{number}", f"Bệnh viện số {HOSPITALS + number}") for number in range(HOSPITALS)]
        Facility.objects.filter(pk__in=[each.pk for each in cls.doubled + cls.quiet]).update(beds=300)
        for hospitals, then in ((cls.doubled, 2 * RATE), (cls.quiet, RATE)):
            for hospital in hospitals:
                weekly = {ago: drawn(dice, then if ago <= NINE_IN_TEN else RATE) for ago in range(1, WEEKS + 1)}
                plant(hospital, team.writer, weekly)
        find_signals()

    def test_it_is_signalled_within_the_stated_weeks(self) -> None:
        began = last_monday() - timedelta(weeks=NINE_IN_TEN)
        rows = Signal.objects.filter(facility__in=self.doubled, kind="IT07", week__gte=began)
        weeks = sorted((week - began).days // 7 + 1 for week in rows.values_list("week", flat=True))
        self.assertGreaterEqual(len(weeks), 0.9 * HOSPITALS)
        self.assertLessEqual(weeks[HOSPITALS // 2], MEDIAN)

    def test_the_hospitals_beside_them_stay_quiet(self) -> None:
        self.assertLessEqual(Signal.objects.filter(facility__in=self.quiet).count(), 1)  # 2% of twenty years

    def test_the_rise_of_all_together_is_signalled_too(self) -> None:
        self.assertTrue(Signal.objects.filter(facility=None, kind="IT07").exists())
