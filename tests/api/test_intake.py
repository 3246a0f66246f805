"""Sending feedback through the API: exactly once, refused in words, never a fault."""

import threading

from django.db import connection
from django.test import TestCase, TransactionTestCase, override_settings
from django.utils import timezone
from rest_framework.settings import api_settings

from deadlines.models import Deadline
from facilities.models import Facility
from feedback.models import Case, Reporter, Submission
from tests.api import factories as make

BODY = {
    "body": make.BODY,
    "category": "QUYTRINH.01",
    "facility": "T01",
    "occurred_on": "2026-01-05",
    "reporter": {"name": "Canary Tên", "phone": "0900000001"},
}


class IntakeTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.hospital = make.facility()
        cls.client_row, cls.sender = make.system("cong-1022", may_send=True, channel_code="P1022")

    def send(self, body: object = BODY, key: str = "A-1", caller: make.Caller | None = None) -> object:
        headers = {"Idempotency_Key": key} if key else {}
        return (caller or self.sender).post(make.INTAKE, body, **headers)

    def test_a_submission_becomes_a_case(self) -> None:
        answer = self.send()
        self.assertEqual(answer.status_code, 201, answer.content)
        case = Case.objects.get()
        told = answer.json()
        self.assertEqual((told["reference"], told["status"]), (case.reference, "received"))
        self.assertEqual(
            (case.channel.code, case.facility, case.recorded_by), ("P1022", self.hospital, self.client_row.user)
        )
        submission = Submission.objects.get()
        self.assertEqual((submission.source, submission.source_id), ("cong-1022", "A-1"))
        self.assertEqual(Reporter.objects.count(), 1)
        self.assertEqual(Deadline.objects.filter(about_id=case.pk).count(), 2)

    def test_only_who_may_read_the_case_is_given_its_address(self) -> None:
        answer = self.send()
        self.assertNotIn("Location", answer)
        self.assertNotIn("links", answer.json())
        reader = make.system("gui-va-doc", may_send=True, may_read=True, channel_code="P1022")[1]
        answer = self.send(key="A-2", caller=reader)
        self.assertEqual(answer.json()["links"]["case"], answer["Location"])
        address = make.case_path(Case.objects.latest("pk"))
        self.assertTrue(answer["Location"].endswith(address))
        self.assertEqual(reader.get(address).status_code, 200)

    def test_a_name_that_came_twice_is_refused(self) -> None:
        for body in ('{"body": "một", "body": "hai"}', '{"body": "một", "reporter": {"name": "A", "name": "B"}}'):
            answer = self.send(body.encode())
            self.assertEqual((answer.status_code, answer["Content-Type"]), (400, make.PROBLEM), answer.content)
            self.assertEqual(len(answer.json()["fields"]), 1)
        self.assertFalse(Case.objects.exists())

    def test_a_retry_gets_the_same_answer_whatever_became_of_the_case(self) -> None:
        first = self.send()
        Case.objects.update(status="triaged")
        again = self.send()
        self.assertEqual((again.status_code, again.content), (200, first.content))
        self.assertEqual(again["Idempotent-Replayed"], "true")
        self.assertNotIn("Idempotent-Replayed", first)
        self.assertEqual(Case.objects.count(), 1)

    def test_the_order_of_names_and_blanks_do_not_make_another_content(self) -> None:
        self.send()
        self.assertEqual(self.send(dict(reversed(BODY.items()))).status_code, 200)

    def test_another_content_under_the_same_key_is_refused(self) -> None:
        self.send()
        answer = self.send(BODY | {"body": "Chuyện khác."})
        self.assertEqual((answer.status_code, answer.json()["code"]), (409, "idempotency_key_reused"))

    def test_the_same_key_of_another_system_is_another_submission(self) -> None:
        other = make.system("ung-dung", may_send=True, channel_code="APP_YTTT")[1]
        self.assertEqual([self.send().status_code, self.send(caller=other).status_code], [201, 201])

    def test_a_refused_submission_leaves_its_key_free(self) -> None:
        self.assertEqual(self.send(BODY | {"facility": "X"}).status_code, 400)
        self.assertEqual(self.send().status_code, 201)

    def test_the_key_is_needed_and_printable(self) -> None:
        for key in ("", " ", "x" * 101, "a\tb", "khoá", "\x7f"):
            answer = self.send(key=key.encode().decode("latin-1"))
            self.assertEqual((answer.status_code, list(answer.json()["fields"])), (400, ["Idempotency-Key"]))
        self.assertEqual(self.send(key="x" * 100).status_code, 201)

    def test_a_system_sends_through_its_own_channel_only(self) -> None:
        answer = self.send(BODY | {"channel": "LETTER"})
        self.assertEqual((answer.status_code, list(answer.json()["fields"])), (400, ["channel"]))
        self.assertEqual(self.send(BODY | {"channel": "P1022"}).status_code, 201)
        free = make.system("tu-do", may_send=True)[1]
        self.assertEqual(list(self.send(caller=free).json()["fields"]), ["channel"])
        self.assertEqual(self.send(BODY | {"channel": "LETTER"}, caller=free).status_code, 201)

    def test_what_does_not_fit_is_named_and_nothing_is_kept(self) -> None:
        tomorrow = str(timezone.localdate() + timezone.timedelta(days=1))
        Facility.objects.filter(pk=make.facility("T09", "Phòng khám Đã Đóng").pk).update(
            status="ended", valid_to="2026-01-01"
        )
        for changes, fields in (
            ({"body": ""}, {"body"}),
            ({"body": 5}, {"body"}),
            ({"body": None}, {"body"}),
            ({"body": ["x"]}, {"body"}),
            ({"body": "a\x00b"}, {"body"}),
            ({"body": "a\ud800b"}, {"body"}),
            ({"body": "x" * 20_001}, {"body"}),
            ({"title": "x" * 201}, {"title"}),
            ({"title": {}}, {"title"}),
            ({"kind": "x"}, {"kind"}),
            ({"kind": []}, {"kind"}),
            ({"urgency": 1}, {"urgency"}),
            ({"category": "X", "facility": "Y", "area": "Z"}, {"category", "facility", "area"}),
            ({"facility": "T09"}, {"facility"}),
            ({"facility": 10**40}, {"facility"}),
            ({"occurred_on": tomorrow}, {"occurred_on"}),
            ({"occurred_on": "0001-01-01"}, {"occurred_on"}),
            ({"occurred_on": "05/01/2026"}, {"occurred_on"}),
            ({"occurred_on": 20260105}, {"occurred_on"}),
            ({"is_confidential": "true"}, {"is_confidential"}),
            ({"is_confidential": 1}, {"is_confidential"}),
            ({"reporter": "x"}, {"reporter"}),
            ({"reporter": []}, {"reporter"}),
            (
                {"reporter": {"name": 5, "phone": "x" * 21, "cccd": "1"}},
                {"reporter.name", "reporter.phone", "reporter.cccd"},
            ),
            ({"reporter": {"email": "a\x00"}}, {"reporter.email"}),
            ({"source": "console", "status": "closed", "uploads": []}, {"source", "status", "uploads"}),
            ({"\ud800": 1}, {"?"}),
        ):
            with self.subTest(changes=changes):
                answer = self.send(BODY | changes)
                self.assertEqual((answer.status_code, answer["Content-Type"]), (400, make.PROBLEM), answer.content)
                self.assertEqual(set(answer.json()["fields"]), fields)
                self.assertNotIn(b"Canary", answer.content)
        self.assertFalse(Submission.objects.exists())

    def test_what_is_no_json_object_is_refused(self) -> None:
        for content, status in (
            (b"", 400),
            (b"{", 400),
            (b"\xff\xfe", 400),
            (b'{"body": "\xc3\x28"}', 400),
            (b"[" * 100_000, 400),
            (b'{"a":' * 100_000, 400),
            (b"NaN", 400),
            (b'{"body": NaN}', 400),
            (b"1" * 5000, 400),
            (b"null", 400),
            (b"[]", 400),
            (b'"x"', 400),
            (b'\xef\xbb\xbf{"body": "x"}', 400),
            (b'{"body": "' + b"x" * 10_000_000 + b'"}', 413),
        ):
            answer = self.send(content)
            self.assertEqual((answer.status_code, answer["Content-Type"]), (status, make.PROBLEM), content[:20])
        self.assertFalse(Submission.objects.exists())

    def test_doubled_names_are_refused(self) -> None:
        answer = self.send(b'{"body": "a", "body": "Xep hang lau"}')
        self.assertEqual((answer.status_code, answer["Content-Type"]), (400, make.PROBLEM))
        self.assertFalse(Case.objects.exists())

    def test_other_content_types_are_refused(self) -> None:
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
            answer = self.sender.client.generic(
                "POST",
                make.INTAKE,
                b"a=b",
                content_type=content_type,
                headers=self.sender.headers | {"Idempotency-Key": "k"},
            )
            self.assertEqual((answer.status_code, answer["Content-Type"]), (415, make.PROBLEM), content_type)

    def test_a_body_in_chunks_is_not_taken_for_an_empty_one(self) -> None:
        answer = self.sender.client.generic(
            "POST",
            make.INTAKE,
            b"",
            headers=self.sender.headers | {"Idempotency-Key": "k", "Transfer-Encoding": "chunked"},
        )
        self.assertEqual((answer.status_code, answer["Content-Type"]), (411, make.PROBLEM))

    def test_only_who_may_send_does(self) -> None:
        make.ApiClient.objects.update(may_send=False)
        for caller, status in (
            (make.Caller(), 401),
            (self.sender, 403),
            (make.system("doc", may_read=True)[1], 403),
            (make.Caller(user=make.User.objects.create_superuser("goc", password=None, is_staff=True)), 403),
        ):
            self.assertEqual(self.send(caller=caller).status_code, status)
        self.assertFalse(Submission.objects.exists())

    def test_a_sender_reads_nothing(self) -> None:
        answer = self.send()
        self.assertNotIn("Location", answer)
        self.assertEqual(self.sender.get(f"/api/v1/cases/{answer.json()['reference']}/").status_code, 403)

    def test_an_account_named_like_a_door_of_ours_is_none(self) -> None:
        make.User.objects.filter(pk=self.client_row.user_id).update(username="public")
        self.send()
        self.assertEqual(Submission.objects.get().source, f"api-client-{self.client_row.pk}")

    @override_settings()
    def test_more_than_the_rate_is_told_to_wait(self) -> None:
        rates = api_settings.DEFAULT_THROTTLE_RATES
        before = rates["intake"]
        self.addCleanup(rates.__setitem__, "intake", before)
        rates["intake"] = "2/day"
        answers = [self.send(key=str(number)) for number in range(3)]
        self.assertEqual([answer.status_code for answer in answers], [201, 201, 429])
        self.assertGreater(int(answers[2]["Retry-After"]), 0)
        self.assertEqual(answers[2]["Content-Type"], make.PROBLEM)


class SimultaneousTests(TransactionTestCase):
    def test_the_same_submission_twice_at_once_is_one_case(self) -> None:
        make.seed()
        make.facility()
        sender = make.system("cong-1022", may_send=True, channel_code="P1022")[1]
        answers, start = [], threading.Barrier(4)

        def send() -> None:
            try:
                start.wait(10)
                answer = make.Caller(token=sender.headers["Authorization"].split()[1]).post(
                    make.INTAKE, BODY, Idempotency_Key="A-1"
                )
                answers.append((answer.status_code, answer.content))
            finally:
                connection.close()

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(status for status, _content in answers), [200, 200, 200, 201])
        self.assertEqual(len({content for _status, content in answers}), 1)
        self.assertEqual((Case.objects.count(), Submission.objects.count(), Reporter.objects.count()), (1, 1, 1))
