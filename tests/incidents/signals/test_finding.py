"""Signals from reports that were sent: found once, told to the division, judged with a reason."""

from datetime import timedelta

from django.db import connection
from django.http import Http404
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.exceptions import InvalidInput, ReasonRequired, RightMissing, StaleVersion
from facilities.models import Facility
from incidents.choices import Verdict
from incidents.models import Signal, SignalPast
from incidents.signals import finding
from incidents.signals.change import threshold_for
from incidents.signals.counting import figures
from incidents.tasks import find_signals
from notifications.models import Outbox
from tests.feedback import factories as make
from tests.forms import changed, form_in
from tests.incidents import factories as incident
from tests.incidents.signals.planting import plant, steady


def alarm_threshold(percent: int) -> float:
    return threshold_for(1.0, percent / 100)


class SignalTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = incident.Team()
        Facility.objects.filter(pk__in=[cls.team.hospital.pk, cls.team.other.pk]).update(beds=300)
        plant(cls.team.hospital, cls.team.writer, {**steady(1, until=8), **dict.fromkeys(range(1, 9), 4)})
        plant(cls.team.other, cls.team.stranger, steady(1))
        find_signals()
        cls.signal = Signal.objects.get(facility=cls.team.hospital)

    def test_a_rise_is_found_at_its_facility_with_the_figures_it_stood_on(self) -> None:
        found = self.signal
        self.assertEqual(found.kind, "IT07")
        self.assertGreaterEqual(found.statistic, found.threshold)
        self.assertEqual(found.figures["baseline"], 104)
        self.assertEqual(found.figures["unit"], "bed_days")
        self.assertEqual(found.figures["voluntary"], found.figures["year"])
        self.assertFalse(Signal.objects.filter(facility=self.team.other).exists())

    def test_looking_again_finds_nothing_new(self) -> None:
        before = Signal.objects.count()
        find_signals()
        self.assertEqual(Signal.objects.count(), before)
        self.assertEqual(
            Outbox.objects.filter(template="signal_found", about_id=self.signal.pk, channel="inbox").count(), 2
        )

    def test_the_division_is_told_and_no_facility(self) -> None:
        told = set(Outbox.objects.filter(template="signal_found").values_list("recipient_id", flat=True))
        self.assertEqual(told, {self.team.checker.pk, self.team.second.pk})

    def test_drafts_and_facilities_without_exposure_are_not_counted(self) -> None:
        clinic = make.facility("PK1", "Phòng khám Sen Hồng")
        plant(clinic, self.team.writer, {**steady(1, until=8), **dict.fromkeys(range(1, 9), 9)})
        plant(self.team.other, self.team.stranger, dict.fromkeys(range(1, 9), 9), "IT03.1")
        find_signals()
        self.assertFalse(Signal.objects.filter(facility=clinic).exists())
        self.assertFalse(Signal.objects.filter(kind="IT03").exists())  # nothing is known of it before

    def test_the_bed_days_of_a_week_are_those_of_the_beds_on_record_then(self) -> None:
        hospital = Facility.objects.get(pk=self.team.hospital.pk)
        for days, beds in ((600, 100), (300, 200)):
            hospital.beds = beds
            hospital._history_date = timezone.now() - timedelta(days=days)  # type: ignore[attr-defined]
            hospital.save()
        exposures = figures(timezone.now()).places[hospital.pk].exposures
        self.assertEqual((exposures[0], exposures[80], exposures[-1]), (700, 700, 1400))

    def test_it_is_judged_with_a_reason_and_what_was_said_stays(self) -> None:
        by, version = make.fresh(self.team.checker), self.signal.version
        with self.assertRaises(ReasonRequired):
            finding.judge(self.signal, Verdict.REAL, reason=" ", by=by, version=version)
        with self.assertRaises(InvalidInput):
            finding.judge(self.signal, Verdict.OPEN, reason="x", by=by, version=version)
        with self.assertRaises(RightMissing):
            finding.judge(self.signal, Verdict.REAL, reason="x", by=make.fresh(self.team.auditor), version=version)
        for stranger in (self.team.writer, self.team.elsewhere, self.team.officer):
            with self.assertRaises(Http404):
                finding.judge(self.signal, Verdict.REAL, reason="x", by=make.fresh(stranger), version=version)
        judged = finding.judge(self.signal, Verdict.LOOKING, reason="gọi cơ sở", by=by, version=version)
        with self.assertRaises(StaleVersion):
            finding.judge(self.signal, Verdict.REAL, reason="x", by=by, version=version)
        finding.judge(judged, Verdict.REPORTING, reason="khoa mới mở hộp thư", by=by, version=judged.version)
        past = SignalPast.objects.filter(id=self.signal.pk).order_by("history_id")
        self.assertEqual([row.verdict for row in past], ["open", "looking", "reporting"])

    def test_the_pages_show_chart_funnel_share_and_silence(self) -> None:
        for number in range(5):
            Facility.objects.filter(pk=make.facility(f"H{number}", f"Bệnh viện số {number}").pk).update(beds=300)
        self.client.force_login(self.team.checker)
        shown = self.client.get(reverse("admin:incidents_incident_signals"))
        self.assertEqual(len(shown.context_data["silent"]), 5)
        shares = [name for name, *_rest in shown.context_data["shares"]]
        self.assertEqual(shares, ["Bệnh viện Đa khoa Lam Kiều", "Bệnh viện Đa khoa Trúc Vân"])
        self.assertContains(shown, "<polyline", count=5)
        page = self.client.get(reverse("admin:incidents_incident_signal", args=[self.signal.pk]))
        self.assertEqual(page.context_data["chart"].kind, "u")
        self.assertContains(page, "data-out")
        form = form_in(page, "version")
        sent = changed(form, verdict="chance", reason="đã xem lại")
        self.assertEqual(self.client.post(page.request["PATH_INFO"], sent).status_code, 302)
        self.signal.refresh_from_db()
        self.assertEqual(self.signal.verdict, "chance")

    def test_the_target_of_false_alarms_is_set_and_shown_and_kept_with_the_signal(self) -> None:
        self.assertEqual(self.signal.figures["false_alarms"], 2)
        self.client.force_login(self.team.checker)
        page = reverse("admin:incidents_incident_signals")
        delays = "16 tuần (1 báo cáo/tuần)"
        shown = self.client.get(page, headers={"accept-language": "vi"})
        self.assertContains(shown, 'data-false-alarms="2"')
        self.assertContains(shown, delays)
        with override_settings(SIGNAL_FALSE_ALARMS_PERCENT=1):
            self.assertLess(alarm_threshold(2), alarm_threshold(1))
            shown = self.client.get(page, headers={"accept-language": "vi"})
            self.assertContains(shown, 'data-false-alarms="1"')
            self.assertNotContains(shown, delays)  # they were measured at 2

    def test_a_stricter_target_finds_less(self) -> None:
        plant(self.team.other, self.team.stranger, {**steady(1, until=5), **dict.fromkeys(range(1, 6), 3)}, "IT03.1")
        with override_settings(SIGNAL_FALSE_ALARMS_PERCENT=1):
            find_signals()
        strict = set(Signal.objects.filter(kind="IT03").values_list("facility", "week"))
        with override_settings(SIGNAL_FALSE_ALARMS_PERCENT=20):
            find_signals()
        lenient = set(Signal.objects.filter(kind="IT03").values_list("facility", "week"))
        self.assertLess(len(strict), len(lenient))

    def test_another_division_is_shown_no_figure(self) -> None:
        self.client.force_login(self.team.elsewhere)
        shown = self.client.get(reverse("admin:incidents_incident_signals"))
        self.assertNotContains(shown, "Bệnh viện")
        self.assertEqual(shown.context_data["signals"], [])
        self.client.force_login(self.team.writer)
        self.assertEqual(self.client.get(reverse("admin:incidents_incident_signals")).status_code, 403)

    def test_rubbish_in_the_address_asks_for_everything(self) -> None:
        self.client.force_login(self.team.checker)
        shown = self.client.get(reverse("admin:incidents_incident_signals"), {"kind": "'", "unit": "x"})
        self.assertEqual((shown.context_data["kind"], shown.context_data["unit"]), ("ALL", "bed_days"))

    def test_the_page_takes_the_same_queries_however_many_facilities(self) -> None:
        self.client.force_login(self.team.checker)
        address = reverse("admin:incidents_incident_signals")
        self.client.get(address)
        counts = []
        for number in range(2):
            with CaptureQueriesContext(connection) as asked:
                self.client.get(address)
            counts.append(len(asked))
            for one in range(6):
                Facility.objects.filter(pk=make.facility(f"N{number}{one}", f"Bệnh viện {one}").pk).update(beds=50)
        self.assertEqual(counts[0], counts[1])
