"""What a civic app sends becomes one case, whatever happens to the answer; what cannot be read is refused in its
form."""

from datetime import timedelta

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.settings import api_settings

from feedback.models import Attachment, Case, Reporter, Submission
from tests.api import factories as make
from tests.files import PNG
from tests.open311.apps import FORM, SENT, V2, AppTests


class SendingTests(AppTests):
    def test_a_request_becomes_a_case(self) -> None:
        answer = self.post()
        case = Case.objects.get()
        self.assertEqual(answer.json()[0]["service_request_id"], case.reference)
        self.assertEqual(set(answer.json()[0]), {"service_request_id", "service_notice", "account_id"})
        self.assertEqual((case.channel.code, case.category.code), ("APP_YTTT", "QUYTRINH.01"))
        self.assertEqual((case.body, case.facility_said), (SENT["description"], SENT["address_string"]))
        self.assertEqual((case.recorded_by, case.is_confidential), (self.app.user, False))
        identity = Reporter.objects.get().open()
        self.assertEqual((identity.name, identity.phone), ("Tên Canary", "0900000001"))

    def test_where_somebody_stood_goes_under_seal(self) -> None:
        place = {"address_string": "", "lat": "10.776530", "long": "106.700981"}
        self.number_of(self.post(SENT | place))
        case = Case.objects.get()
        self.assertNotIn("10.77", f"{case.body}{case.facility_said}{case.title}")
        self.assertEqual(Reporter.objects.get().open().address, "10.776530, 106.700981")

    def test_a_facility_is_named_by_its_code_or_in_words(self) -> None:
        for more, code, said in (
            ({"address_id": "T01"}, "T01", SENT["address_string"]),
            ({"address_id": "T01", "address_string": ""}, "T01", self.hospital.name),
            ({"address_id": "X-9", "address_string": ""}, None, "X-9"),
            ({"attribute[FACILITY]": "T01", "address_string": "Cổng sau"}, "T01", "T01, Cổng sau"),
            ({"attribute[FACILITY]": "Trạm Y tế Hạc Sơn", "address_string": ""}, None, None),
        ):
            with self.subTest(more=more):
                answer = self.post(SENT | more)
                if said is None:
                    self.assertIn("address_string", self.refused(answer, 400))
                    continue
                case = Case.objects.get(reference=self.number_of(answer))
                self.assertEqual((case.facility and case.facility.code, case.facility_said), (code, said))

    def test_answers_to_our_questions_are_kept(self) -> None:
        asked = {"attribute[OCCURRED_ON]": "2026-01-05T23:30:00-07:00", "attribute[CONFIDENTIAL][]": "yes"}
        self.number_of(self.post(SENT | asked))
        case = Case.objects.get()
        self.assertEqual((str(case.occurred_on), case.is_confidential), ("2026-01-06", True))

    def test_without_a_description_the_service_says_what_it_is_about(self) -> None:
        given = {name: value for name, value in SENT.items() if name != "description"}
        self.number_of(self.post(given | {"media_url": "https://anh.example.vn/1.jpg"}))
        case = Case.objects.get()
        self.assertIn(case.category.name, case.body)
        self.assertIn("https://anh.example.vn/1.jpg", case.body)

    def test_a_photograph_comes_along(self) -> None:
        media = SimpleUploadedFile("anh.png", PNG, content_type="image/png")
        answer = self.client.post(f"{V2}requests.json", SENT | {"api_key": self.key, "media": media})
        self.number_of(answer)
        self.assertEqual(Attachment.objects.get().name, "anh.png")

    def test_a_retry_gets_the_same_answer_within_a_day(self) -> None:
        now = (timezone.now() + timedelta(days=2)).replace(hour=16, minute=30)  # nearly midnight in Vietnam
        with time_machine.travel(now, tick=False):
            first = self.post()
        with time_machine.travel(now + timedelta(hours=23), tick=False):
            again = self.post()
        self.assertEqual((again.content, again["Idempotent-Replayed"]), (first.content, "true"))
        self.assertEqual((Case.objects.count(), Submission.objects.count()), (1, 1))
        with time_machine.travel(now + timedelta(hours=25), tick=False):
            later = self.post()
        self.assertNotEqual(self.number_of(later), self.number_of(first))
        self.number_of(self.post(SENT | {"phone": "0900000002"}))
        self.assertEqual(Case.objects.count(), 3)

    def test_another_photograph_is_another_request(self) -> None:
        for tail in (b"1", b"2", b"2"):
            media = SimpleUploadedFile("anh.png", PNG + tail, content_type="image/png")
            self.number_of(self.client.post(f"{V2}requests.json", SENT | {"api_key": self.key, "media": media}))
        self.assertEqual(Case.objects.count(), 2)

    def test_a_key_of_the_app_names_a_request_for_good(self) -> None:
        first = self.post(Idempotency_Key="app-1")
        again = self.post(Idempotency_Key="app-1")
        self.assertEqual(first.content, again.content)
        self.refused(self.post(SENT | {"description": "Chuyện khác."}, Idempotency_Key="app-1"), 409)
        self.refused(self.post(Idempotency_Key="khoá".encode().decode("latin-1")), 400)
        token = self.client.get(f"{V2}tokens/app-1.json", {"api_key": self.key})
        self.assertEqual(token.json(), [{"service_request_id": self.number_of(first), "token": "app-1"}])
        self.refused(self.ask("tokens/app-1.json"), 404)
        self.refused(self.ask("tokens/app-2.xml", api_key=self.key), 404)
        other = make.system("khac", may_send=True, channel_code="P1022")[1]
        self.refused(self.client.get(f"{V2}tokens/app-1.json", headers=other.headers), 404)

    def test_only_an_app_that_may_send_does(self) -> None:
        reader = make.issue_token(make.system("doc", may_read=True)[0])
        without_channel = make.issue_token(make.system("tu-do", may_send=True)[0])
        for key in ("", "sai", "sai khoá \u1ea3", reader, without_channel):
            for form in ("json", "xml"):
                self.refused(self.post(key=key, form=form), 403)
        officer = make.person("officer")
        self.client.force_login(officer)
        self.refused(self.post(key=""), 403)  # a session of ours is no key
        self.assertFalse(Submission.objects.exists())

    def test_what_does_not_fit_is_named_and_nothing_is_kept(self) -> None:
        tomorrow = str(timezone.localdate() + timedelta(days=1))
        for changes, status, named in (
            ({"service_code": ""}, 400, "service_code"),
            ({"service_code": "X"}, 404, "service_code"),
            ({"service_code": "QUYTRINH"}, 404, "service_code"),
            ({"service_code": "a\x00"}, 400, "service_code"),
            ({"address_id": "\x00"}, 400, "address_id"),
            ({"attribute[FACILITY]": "\x00"}, 400, "FACILITY"),
            ({"service_code": "x" * 5000}, 404, "service_code"),
            ({"jurisdiction_id": "elsewhere.org"}, 404, "jurisdiction_id"),
            ({"address_string": ""}, 400, "address_string"),
            ({"address_string": "x" * 201}, 400, "address_string"),
            ({"lat": "10"}, 400, "lat"),
            ({"lat": "nan", "long": "1"}, 400, "lat"),
            ({"lat": "91", "long": "1"}, 400, "lat"),
            ({"lat": "1e400", "long": "1"}, 400, "lat"),
            ({"description": "x" * 4001}, 400, "description"),
            ({"description": "a\x00b"}, 400, "description"),
            ({"phone": "x" * 21}, 400, "phone"),
            ({"email": "a\x00"}, 400, "email"),
            ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
            ({"media_url": "http://[x"}, 400, "media_url"),
            ({"description": ["một", "hai"]}, 400, "description"),
            ({"attribute[OCCURRED_ON]": tomorrow}, 400, "OCCURRED_ON"),
            ({"attribute[OCCURRED_ON]": "2026-02-30"}, 400, "OCCURRED_ON"),
            ({"attribute[OCCURRED_ON]": "0001-01-01T00:00:00+14:00"}, 400, "OCCURRED_ON"),
            ({"attribute[CONFIDENTIAL]": "true"}, 400, "CONFIDENTIAL"),
        ):
            for form in ("json", "xml"):
                with self.subTest(changes=changes, form=form):
                    said = self.refused(self.post(SENT | changes, form=form), status)
                    self.assertIn(named, said)
                    self.assertNotIn("Canary", said)
        self.assertFalse(Submission.objects.exists())

    def test_what_is_no_form_is_refused(self) -> None:
        key = f"&api_key={self.key}&service_code=QUYTRINH.01&address_string=x".encode()
        for body, status in (
            (b"description=\xc3\x28" + key, 400),
            (b"description=%C3%28" + key, 400),
            (b"description=%ed%a0%80" + key, 400),
            (b"&".join([b"a=1"] * 600) + key, 400),
            (b"description=" + b"x" * 3_000_000 + key, 413),
            (b"", 400),
            (b"\x00\xff\xfe", 400),
        ):
            for form in ("json", "xml"):
                self.refused(self.post(body, form=form), status)
        for content_type in ("application/json", "text/xml", "", "multipart/form-data", f"{FORM[:-5]}utf-7"):
            answer = self.client.generic("POST", f"{V2}requests.xml", b"{}", content_type=content_type)
            self.refused(answer, 403 if content_type.startswith("x") else 400)
        self.assertFalse(Submission.objects.exists())

    def test_composed_and_decomposed_text_are_stored_alike(self) -> None:
        self.number_of(self.post(SENT | {"description": "Cho\u031b\u0300 la\u0302u"}))
        self.assertEqual(Case.objects.get().body, "Chờ lâu")

    def test_answers_come_in_the_apps_language(self) -> None:
        notice = self.post().json()[0]["service_notice"]
        self.assertIn("Sở", notice)
        make.User.objects.filter(pk=self.app.user_id).update(language="en")
        self.assertIn("ring 115", self.post().json()[0]["service_notice"])

    def test_more_than_the_rate_is_told_to_wait(self) -> None:
        rates = api_settings.DEFAULT_THROTTLE_RATES
        self.addCleanup(rates.__setitem__, "intake", rates["intake"])
        rates["intake"] = "1/day"
        self.post(SENT)
        answer = self.post(SENT | {"description": "Nữa."})
        self.refused(answer, 429)
        self.assertGreater(int(answer["Retry-After"]), 0)
