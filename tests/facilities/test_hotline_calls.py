"""Ringing posted numbers: who may, what is kept, what three unanswered calls mean, and what the public reads."""

from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.exceptions import InvalidInput, MoveRefused, RightMissing
from facilities.choices import FacilityStatus
from facilities.models import Hotline, HotlineCall
from facilities.services import note_call
from feedback.models import Channel
from feedback.reference import load
from tests.feedback import factories as make
from tests.public.pages import findable

QUEUE, REGISTER = "/console/facilities/hotline/kiem-tra/", "/duong-day-nong/"


class HotlineCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        findable(cls.team.hospital)
        findable(cls.team.other_hospital)
        cls.line = Hotline.objects.create(
            facility=cls.team.hospital, number="0900000111", purpose="Góp ý", posted_since="2026-01-05"
        )
        cls.other = Hotline.objects.create(facility=cls.team.other_hospital, number="0900000222")

    def ring(self, *results: str, line: Hotline | None = None) -> None:
        for result in results:
            self.hour = getattr(self, "hour", 0) + 1  # later calls are later
            at = timezone.now() - timedelta(hours=100 - self.hour)
            HotlineCall.objects.create(hotline=line or self.line, at=at, by=self.team.operator, result=result)

    def fresh(self) -> Hotline:
        return Hotline.objects.with_calls().get(pk=self.line.pk)

    def queue(self, name: str = "to-verify") -> list[str]:
        self.client.force_login(self.team.operator)
        return [row.number for row in self.client.get(QUEUE, {"queue": name}).context_data["rows"]]

    def press(self, user: Any, **given: str) -> Any:
        self.client.force_login(user)
        return self.client.post(reverse("admin:facilities_hotline_call", args=[self.line.pk]), given)


class CallTests(HotlineCase):
    def test_a_call_keeps_who_rang_when_and_what_came_of_it(self) -> None:
        self.press(self.team.operator, result="answered", note="Điều dưỡng trực nghe máy.")
        call = HotlineCall.objects.get()
        self.assertEqual((call.by, call.result), (self.team.operator, "answered"))
        self.assertEqual(call.note, "Điều dưỡng trực nghe máy.")
        self.assertLess(timezone.now() - call.at, timedelta(minutes=1))

    def test_the_same_press_twice_is_one_call(self) -> None:
        for _press in range(2):
            self.press(self.team.operator, result="unanswered")
        self.assertEqual(HotlineCall.objects.count(), 1)

    def test_only_three_unanswered_in_a_row_or_a_wrong_number_is_failing(self) -> None:
        for results, is_failing in (
            ((), False),
            (("unanswered", "unanswered"), False),
            (("unanswered", "answered", "unanswered", "unanswered"), False),
            (("answered", "unanswered", "unanswered", "unanswered"), True),
            (("wrong",), True),
            (("wrong", "answered"), False),
        ):
            with self.subTest(results=results), transaction.atomic():
                self.ring(*results)
                self.assertEqual(self.fresh().is_failing, is_failing)
                self.assertEqual(self.line in Hotline.objects.with_calls().failing(), is_failing)
                self.assertEqual(self.line.number in self.queue("failing"), is_failing)
                transaction.set_rollback(True)

    def test_the_queue_holds_what_was_never_rung_what_did_not_answer_and_what_is_long_ago(self) -> None:
        self.assertEqual(self.queue(), ["0900000111", "0900000222"])
        self.ring("answered")
        self.assertEqual(self.queue(), ["0900000222"])
        self.ring("unanswered")
        self.assertEqual(self.queue(), ["0900000222", "0900000111"])
        self.ring("wrong", line=self.other)
        self.assertEqual(self.queue(), ["0900000111"])
        self.assertEqual(self.queue("failing"), ["0900000222"])
        long_ago = timezone.now() - timedelta(days=181)
        third = Hotline.objects.create(facility=self.team.hospital, number="0900000333")
        HotlineCall.objects.create(hotline=third, at=long_ago, by=self.team.lead, result="answered")
        self.assertEqual(self.queue(), ["0900000333", "0900000111"])

    def test_what_is_not_in_use_is_not_rung(self) -> None:
        Hotline.objects.filter(pk=self.line.pk).update(is_active=False)
        with self.assertRaises(MoveRefused):
            note_call(self.line, "answered", note="", by=make.fresh(self.team.operator))
        self.team.other_hospital.status = FacilityStatus.ENDED
        self.team.other_hospital.valid_to = timezone.localdate()
        self.team.other_hospital.save()
        self.assertEqual(self.queue("all"), [])

    def test_only_those_who_verify_may(self) -> None:
        for person, status in (
            (self.team.operator, 200),
            (self.team.officer, 200),
            (self.team.lead, 200),
            (self.team.quality_officer, 403),
            (self.team.division_officer, 403),
            (self.team.auditor, 403),
        ):
            self.client.force_login(person)
            self.assertEqual(self.client.get(QUEUE).status_code, status)
            if status == 403:
                self.assertEqual(self.press(person, result="answered").status_code, 403)
                with self.assertRaises(RightMissing):
                    note_call(self.line, "answered", note="", by=make.fresh(person))
        self.assertFalse(HotlineCall.objects.exists())

    def test_what_is_odd_is_refused(self) -> None:
        by = make.fresh(self.team.operator)
        for result, note in (("maybe", ""), ("", ""), ("answered", "x" * 301), ("answered", "a\x00b")):
            with self.assertRaises(InvalidInput):
                note_call(self.line, result, note=note, by=by)

    def test_calls_are_never_changed_or_deleted(self) -> None:
        self.ring("answered")
        for deed in (HotlineCall.objects.all().delete, lambda: HotlineCall.objects.update(result="wrong")):
            with self.assertRaises(DatabaseError), transaction.atomic():
                deed()

    def test_the_queue_and_the_register_cost_the_same_whatever_there_is(self) -> None:
        def cost(path: str) -> int:
            with CaptureQueriesContext(connection) as seen:
                self.client.get(path)
            return len(seen)

        self.client.force_login(self.team.operator)
        paths = (QUEUE, REGISTER, REGISTER + "?q=lam+kieu", reverse("admin:facilities_hotline_changelist"))
        before = [cost(path) for path in paths]
        for number in range(20):
            line = Hotline.objects.create(facility=self.team.hospital, number=f"09000010{number:02d}")
            self.ring("answered", "unanswered", line=line)
        self.assertEqual([cost(path) for path in paths], before)


class RegisterTests(HotlineCase):
    def register(self, **asked: str) -> str:
        self.client.logout()
        answer = self.client.get(REGISTER, asked)
        self.assertEqual(answer.status_code, 200)
        return answer.content.decode()

    def test_the_department_s_channels_say_what_for_who_and_when(self) -> None:
        text = self.register()
        for said in ("096.777.1010", "0989.401.155", "1900.638.563", "1900-9095", "duongdaynong@moh.gov.vn", "24/24"):
            self.assertIn(said, text)
        self.assertIn("Phòng Kiểm tra - Pháp chế", text)
        self.assertNotIn("Phát hiện qua kiểm tra", text)

    def test_where_to_ring_in_an_emergency_stands_first_and_a_bare_name_not_at_all(self) -> None:
        ways = self.register().split('id="ways"')[1]
        self.assertLess(ways.index("tel:115"), ways.index("096.777.1010"))
        self.assertNotIn("<strong>Thư điện tử</strong>", ways)
        Channel.objects.filter(code="EMAIL").update(email="phananh@example.org")
        self.assertIn("mailto:phananh@example.org", self.register())

    def test_branches_are_told_line_by_line(self) -> None:
        Channel.objects.filter(code="HOTLINE_TTHC").update(branches="1 – Giấy phép\n\n2 – Chứng chỉ hành nghề")
        self.assertInHTML("<li>2 – Chứng chỉ hành nghề</li>", self.register())

    def test_a_facility_s_number_tells_whether_it_leads_to_somebody(self) -> None:
        self.assertIn("Chưa xác minh", self.register(q="lam kieu"))
        self.ring("answered")
        self.assertIn("Có người nghe máy", self.register(q="bv lam kieu"))
        self.ring("unanswered", "unanswered", "unanswered")
        self.assertIn("badge-bad", self.register(q="lam kieu"))
        self.assertNotIn(str(self.team.operator), self.register())

    def test_a_name_without_accents_and_part_of_a_number_find_it(self) -> None:
        for asked in ("lam kieu", "LAM KIỀU", "0900 000 111", "0111"):
            text = self.register(q=asked)
            self.assertIn("0900000111", text)
            self.assertNotIn("0900000222", text)
        for asked in ("khong co", "%", "9" * 200, "' OR 1=1"):
            self.assertNotIn("0900000111", self.register(q=asked))

    def test_odd_pages_are_empty_or_the_first(self) -> None:
        for page in ("-1", "x", "9" * 30, "500", ""):
            self.register(trang=page)
        self.assertIn("0900000111", self.register(trang="x"))

    def test_english_readers_get_english(self) -> None:
        self.client.post(reverse("accounts:language"), {"language": "en", "next": REGISTER})
        text = self.client.get(REGISTER).content.decode()
        self.assertIn("Department hotline", text)

    def test_loading_again_changes_nothing_that_people_changed(self) -> None:
        channel = Channel.objects.get(code="HOTLINE_SYT")
        channel.owner = channel.scope = channel.hours = ""
        channel._change_reason = "đang xem lại"
        channel.save()
        load()
        channel.refresh_from_db()
        self.assertEqual(channel.owner, "")
