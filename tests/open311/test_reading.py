"""What comes back: published results for everybody, the state of its own requests for the app that sent them."""

from datetime import timedelta

from defusedxml.ElementTree import fromstring
from django.utils import timezone

from feedback.choices import Status
from feedback.models import Case, Category
from tests.api import factories as make
from tests.open311.apps import SENT, V2, AppTests

FIELDS = {
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
    *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime"),
    *("address", "address_id", "zipcode", "lat", "long", "media_url"),
}


class ReadingTests(AppTests):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.team = _team(cls.hospital)

    def case_in(self, status: Status, **changes: object) -> Case:
        given = {"category": "QUYTRINH.01", "reporter": {"name": "Canary Tên", "phone": "0900000001"}}
        return make.case_in(status, self.team, **(given | changes))

    def numbers(self, **asked: str) -> list[str]:
        answer = self.ask("requests.json", **asked)
        self.assertEqual(answer.status_code, 200, answer.content)
        return [one["service_request_id"] for one in answer.json()]

    def test_services_are_our_matters(self) -> None:
        listed = self.ask("services.json").json()
        self.assertEqual(len(listed), Category.objects.leaves().count())
        first = next(one for one in listed if one["service_code"] == "QUYTRINH.01")
        self.assertEqual(
            set(first), {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
        )
        self.assertEqual((first["type"], first["metadata"]), ("realtime", True))
        self.assertIn("(lĩnh vực: ", first["description"])  # nobody said another language
        root = fromstring(self.ask("services.xml").content)
        self.assertEqual((root.tag, len(root.findall("service"))), ("services", len(listed)))
        Category.objects.filter(code="QUYTRINH.01").update(valid_to=timezone.localdate())
        self.assertNotIn("QUYTRINH.01", [one["service_code"] for one in self.ask("services.json").json()])
        self.refused(self.ask("services/QUYTRINH.01.json"), 404)

    def test_a_definition_asks_the_same_in_both_formats(self) -> None:
        told = self.ask("services/QUYTRINH.01.json").json()
        self.assertEqual(told["service_code"], "QUYTRINH.01")
        self.assertEqual([one["order"] for one in told["attributes"]], [1, 2, 3])
        root = fromstring(self.ask("services/QUYTRINH.01.xml").content)
        self.assertEqual(root.tag, "service_definition")
        codes = [one.findtext("code") for one in root.findall("attributes/attribute")]
        self.assertEqual(codes, [one["code"] for one in told["attributes"]])
        keys = [one.findtext("key") for one in root.findall("attributes/attribute/values/value")]
        self.assertEqual(keys, ["no", "yes"])
        self.refused(self.ask("services/X.xml"), 404)

    def test_discovery_leads_here(self) -> None:
        for address in ("/open311/discovery", "/open311/v2/discovery"):
            told = self.client.get(f"{address}.json").json()
            self.assertTrue(told["endpoints"][0]["url"].endswith("/open311/v2"))
            root = fromstring(self.client.get(f"{address}.xml").content)
            formats = [one.text for one in root.findall("endpoints/endpoint/formats/format")]
            self.assertEqual(formats, ["text/xml", "application/json"])
            self.assertEqual(set(told), {child.tag for child in root})

    def test_everybody_reads_published_results_and_nothing_else(self) -> None:
        for status in Status:
            if status not in (Status.PUBLISHED, Status.CLOSED):
                self.case_in(status)
        secret = self.case_in(Status.PUBLISHED)
        Case.objects.filter(pk=secret.pk).update(is_confidential=True)
        published, closed = self.case_in(Status.PUBLISHED), self.case_in(Status.CLOSED)
        self.assertEqual(self.numbers(), [closed.reference, published.reference])
        told = self.ask("requests.json").json()[0]
        self.assertEqual(set(told), FIELDS)
        self.assertEqual((told["status"], told["address_id"]), ("closed", self.hospital.code))
        self.assertIsNone(told["description"])
        self.assertTrue(told["requested_datetime"].endswith("T00:00:00+07:00"), "minutes are nobody's business")
        answer = self.ask("requests.xml").content.decode()
        for secret in ("Canary", "0900000001", closed.body):
            self.assertNotIn(secret, answer)
        for case in Case.objects.exclude(pk__in=[published.pk, closed.pk]):
            self.refused(self.ask(f"requests/{case.reference}.json"), 404)

    def test_a_facility_is_named_only_after_a_conclusion(self) -> None:
        case = self.case_in(Status.PUBLISHED)
        Case.objects.filter(pk=case.pk).update(outcome="OC04")
        told = self.ask(f"requests/{case.reference}.json").json()[0]
        self.assertEqual((told["address"], told["address_id"]), (None, None))

    def test_an_app_follows_what_it_sent(self) -> None:
        number = self.number_of(self.post())
        told = self.ask(f"requests/{number}.json", api_key=self.key).json()[0]
        self.assertEqual((told["status"], told["service_code"]), ("open", "QUYTRINH.01"))
        self.assertTrue(told["requested_datetime"].endswith("Z"))
        self.assertEqual(self.numbers(api_key=self.key), [number])
        other = make.system("khac", may_send=True, may_read=True, channel_code="P1022")[1]
        for headers in ({}, other.headers):
            self.refused(self.client.get(f"{V2}requests/{number}.json", headers=headers), 404)
        Case.objects.update(status="out_of_scope", ended_at=timezone.now())
        self.assertEqual(self.ask(f"requests/{number}.json", api_key=self.key).json()[0]["status"], "closed")
        self.assertEqual(self.numbers(api_key=self.key, status="open"), [])

    def test_what_was_sent_in_confidence_does_not_come_back(self) -> None:
        number = self.number_of(self.post(SENT | {"attribute[CONFIDENTIAL]": "yes"}))
        self.refused(self.ask(f"requests/{number}.json", api_key=self.key), 404)
        self.assertEqual(self.numbers(api_key=self.key), [])

    def test_lists_are_narrowed_as_the_specification_says(self) -> None:
        old, new = self.case_in(Status.CLOSED), self.case_in(Status.CLOSED, category="THAIDO.01")
        past = timezone.now() - timedelta(days=100)
        Case.objects.filter(pk=old.pk).update(received_at=past, published_at=past + timedelta(days=20))
        self.assertEqual(self.numbers(), [new.reference])
        start = (past - timedelta(days=1)).isoformat()
        self.assertEqual(self.numbers(start_date=start), [old.reference])
        self.assertEqual(self.numbers(end_date=(past + timedelta(days=1)).isoformat()), [old.reference])
        self.assertEqual(self.numbers(service_code="THAIDO.01,QUYTRINH.01"), [new.reference])
        self.assertEqual(self.numbers(service_code="QUYTRINH.01"), [])
        self.assertEqual(self.numbers(status="open"), [])
        self.assertEqual(self.numbers(status="open,closed"), [new.reference])
        both = f"{old.reference},{new.reference}, PA-2026-999999"
        self.assertEqual(self.numbers(service_request_id=both, status="open"), [new.reference, old.reference])
        self.assertEqual(self.numbers(start_date=start, page_size="1", page="2"), [])

    def test_pages_are_as_long_as_asked(self) -> None:
        cases = [self.case_in(Status.CLOSED) for _ in range(3)]
        newest = [case.reference for case in reversed(cases)]
        self.assertEqual(self.numbers(page_size="2"), newest[:2])
        self.assertEqual(self.numbers(page_size="2", page="2"), newest[2:])

    def test_a_list_takes_few_queries_whatever_its_length(self) -> None:
        for _ in range(3):
            self.case_in(Status.CLOSED)
        with self.assertNumQueries(1):
            self.numbers()
        with self.assertNumQueries(2):
            self.numbers(api_key=self.key)

    def test_odd_questions_are_refused_in_words(self) -> None:
        for asked, named in (
            ({"status": "done"}, "status"),
            ({"start_date": "2026-01-01"}, "start_date"),
            ({"start_date": "2026-01-01T00:00:00"}, "start_date"),
            ({"start_date": "0001-01-01T00:00:00Z"}, "start_date"),
            ({"end_date": "9999-12-31T23:59:59-14:00"}, "end_date"),
            ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, "start_date"),
            ({"page": "0"}, "page"),
            ({"page": "99999999999999999999"}, "page"),
            ({"page_size": "1001"}, "page_size"),
            ({"page_size": "²"}, "page_size"),
        ):
            for form in ("json", "xml"):
                self.assertIn(named, self.refused(self.ask(f"requests.{form}", **asked), 400))
        self.refused(self.ask("requests.json", api_key="sai"), 403)
        self.refused(self.ask("services.xml", jurisdiction_id="elsewhere.org"), 404)
        self.assertEqual(self.ask("services.xml", jurisdiction_id="soyte.example.vn").status_code, 200)
        self.assertEqual(self.ask("requests.json", extensions="true", jurisdiction_id="").status_code, 200)

    def test_addresses_that_are_none_are_answered_in_the_same_form(self) -> None:
        for path in ("services", "requests.csv", "requests/.json", "nothing.json", "services/a/b.xml", "tokens/.xml"):
            self.refused(self.client.get(f"{V2}{path}"), 404)
        self.refused(self.client.get(f"{V2}requests.json?x=%00"), 400)
        self.refused(self.client.get(f"{V2}services/%00.xml"), 400)
        self.refused(self.client.get(f"{V2}requests/%f0%9f%92%a9.xml"), 404)
        for method in ("PUT", "DELETE", "PATCH"):
            answer = self.client.generic(method, f"{V2}requests.xml")
            self.refused(answer, 405)
            self.assertEqual(answer["Allow"], "GET, HEAD, OPTIONS, POST")
        self.assertEqual(self.client.options(f"{V2}services.xml").status_code, 204)

    def test_many_readings_from_one_address_are_told_to_wait(self) -> None:
        answers = [self.ask("requests/PA-2026-000001.xml") for _ in range(121)]
        self.refused(answers[-1], 429)
        self.assertGreater(int(answers[-1]["Retry-After"]), 0)


def _team(hospital: object) -> make.Team:
    """The people of a case, at the hospital that is there already."""
    found = make.Team.__new__(make.Team)
    found.hospital, found.division = hospital, make.division()
    found.officer = make.person("officer", division=found.division)
    found.second_officer = make.person("officer", division=found.division)
    found.lead = make.person("lead")
    found.quality_officer = make.person("facility_officer", facility=hospital)
    return found
