"""The pages of alerts: what people see, and that nobody's words are lost."""

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incidents.alerts import receiving, writing
from incidents.choices import AlertStatus, ReceiptState
from incidents.models import Alert
from tests.feedback import factories as make
from tests.forms import changed, form_in
from tests.incidents import factories as incident
from tests.incidents.alerts import making


def page(name: str, *args: int) -> str:
    return reverse(f"admin:incidents_incident_{name}", args=args)


class AlertPageTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = incident.Team()
        cls.alert = making.published(cls.team.checker, cls.team.second, cls.team.hospital, cls.team.other)

    def test_the_whole_way_by_the_pages(self) -> None:
        self.client.force_login(self.team.checker)
        begun = self.client.post(page("alert_begin"))
        alert = Alert.objects.latest("pk")
        self.assertRedirects(begun, page("alert_edit", alert.pk))
        form = form_in(self.client.get(page("alert_edit", alert.pk)), "version")
        typed = {
            "title": "Nhầm đường dùng",
            "body": "Tiêm nhầm đường.",
            "advice": "Nối khớp riêng.",
            "facilities": "T01",
        }
        self.assertEqual(self.client.post(page("alert_edit", alert.pk), changed(form, **typed)).status_code, 302)
        self.step(alert, "waiting")
        self.client.force_login(self.team.second)
        shown = self.client.get(page("alert_step", alert.pk, "published"))
        self.assertContains(shown, "Tiêm nhầm đường.")
        self.step(alert, "published")
        self.client.force_login(self.team.writer)
        self.assertContains(self.client.get(page("receipts")), "Nhầm đường dùng")
        receipt = making.at(self.team.hospital, alert)
        form = form_in(self.client.get(page("receipt", receipt.pk)), "version")
        self.assertEqual(self.client.post(page("receipt", receipt.pk), changed(form, read="1")).status_code, 302)
        form = form_in(self.client.get(page("receipt", receipt.pk)), "version")
        empty = self.client.post(page("receipt", receipt.pk), changed(form, not_applicable="1"))
        self.assertContains(empty, 'role="alert"')
        answered = changed(form, applied="1", text="Đã thay toàn bộ khớp nối.")
        self.assertEqual(self.client.post(page("receipt", receipt.pk), answered).status_code, 302)
        self.client.force_login(self.team.checker)
        self.assertContains(self.client.get(page("alert", alert.pk)), "Đã thay toàn bộ khớp nối.")

    def step(self, alert: Alert, to: str) -> None:
        form = form_in(self.client.get(page("alert_step", alert.pk, to)), "version")
        answer = self.client.post(page("alert_step", alert.pk, to), changed(form, reason="đã đọc kỹ"))
        self.assertRedirects(answer, page("alert", alert.pk))

    def test_two_people_writing_lose_nothing(self) -> None:
        alert = making.written(self.team.checker, self.team.hospital)
        address = page("alert_edit", alert.pk)
        self.client.force_login(self.team.checker)
        mine = form_in(self.client.get(address), "version")
        by = make.fresh(self.team.second)
        writing.write(alert, {"title": "Của người kia", "advice": "Việc khác"}, by=by, version=alert.version)
        met = self.client.post(address, changed(mine, title="Của tôi"))
        self.assertContains(met, "Của người kia", status_code=409)
        self.assertContains(met, "Của tôi", status_code=409)
        alert.refresh_from_db()
        self.assertEqual(alert.title, "Của người kia")
        chosen = form_in(met, "version") | {"pick-title": ["mine"]}
        self.assertEqual(self.client.post(address, chosen).status_code, 302)
        alert.refresh_from_db()
        self.assertEqual((alert.title, alert.advice), ("Của tôi", "Việc khác"))

    def test_a_step_on_an_older_state_is_told(self) -> None:
        alert = making.written(self.team.checker, self.team.hospital)
        self.client.force_login(self.team.checker)
        form = form_in(self.client.get(page("alert_step", alert.pk, "waiting")), "version")
        by = make.fresh(self.team.second)
        writing.write(alert, {"title": "Khác"}, by=by, version=alert.version)
        self.assertEqual(self.client.post(page("alert_step", alert.pk, "waiting"), form).status_code, 409)

    def test_an_unknown_code_of_a_facility_is_told_by_name(self) -> None:
        alert = making.written(self.team.checker, self.team.hospital)
        self.client.force_login(self.team.checker)
        form = form_in(self.client.get(page("alert_edit", alert.pk)), "version")
        self.assertContains(self.client.post(page("alert_edit", alert.pk), changed(form, facilities="ZZ9")), "ZZ9")

    def test_the_pages_take_the_same_queries_however_many_facilities(self) -> None:
        self.client.force_login(self.team.checker)
        many = [make.facility(f"Q{n}", f"Bệnh viện số {n}") for n in range(12)]
        large = making.published(self.team.checker, self.team.second, *many)
        for address in (page("alert", self.alert.pk), page("alert", large.pk)):
            self.client.get(address)  # what a process remembers
        counts = [self.queries(page("alert", one.pk)) for one in (self.alert, large)]
        self.assertEqual(counts[0], counts[1])
        before = self.queries(page("alerts"))
        making.published(self.team.checker, self.team.second, *many)
        self.assertEqual(self.queries(page("alerts")), before)
        self.client.force_login(self.team.writer)
        self.queries(page("receipts"))
        before = self.queries(page("receipts"))
        making.published(self.team.checker, self.team.second, self.team.hospital)
        self.assertEqual(self.queries(page("receipts")), before)

    def queries(self, address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            self.assertEqual(self.client.get(address).status_code, 200)
        return len(asked)

    def test_the_picture_counts_who_did_what_and_who_is_late(self) -> None:
        receipt = making.at(self.team.hospital, self.alert)
        by = make.fresh(self.team.writer)
        receiving.answer(receipt, ReceiptState.NOT_APPLICABLE, text="Không có khí.", by=by, version=receipt.version)
        self.client.force_login(self.team.director)
        shown = self.client.get(page("alert", self.alert.pk), {"state": "not_applicable"})
        self.assertEqual([row.facility for row, _tone, _files in shown.context_data["receipts"]], [self.team.hospital])
        self.assertEqual(shown.context_data["counted"]["all"], 2)

    def test_a_withdrawn_text_asks_nothing_of_anybody(self) -> None:
        making.step(self.alert, AlertStatus.WITHDRAWN, self.team.second)
        self.client.force_login(self.team.writer)
        receipt = making.at(self.team.hospital, self.alert)
        self.assertNotContains(self.client.get(page("receipt", receipt.pk)), 'data-form="receipt"')
