"""Two client libraries that are not ours, over real HTTP: `civicbot` sends and reads, `georeport` reads JSON and XML.

(`three` and `open311`, the best known ones, are of the days of Python 2 and no longer start.)"""

from civicbot.http import HttpError, HttpTransport, RateLimiter
from civicbot.open311 import Open311Client
from civicbot.registry import Endpoint
from django.test import LiveServerTestCase, override_settings
from georeport import GeoReport

from accounts.services import issue_token
from feedback.choices import Status
from feedback.models import Case
from tests.api import factories as make
from tests.open311.apps import SENT
from tests.open311.test_reading import FIELDS, _team

JURISDICTION = "soyte.example.vn"


@override_settings(OPEN311_JURISDICTION=JURISDICTION)
class ForeignClientTests(LiveServerTestCase):
    def setUp(self) -> None:
        make.seed()
        self.hospital = make.facility()
        app = make.system("ung-dung", may_send=True, channel_code="APP_YTTT")[0]
        self.key = issue_token(app)
        endpoint = Endpoint("soyte", "Sở Y tế", f"{self.live_server_url}/open311/v2", write=True)
        at_once = HttpTransport(rate_limiter=RateLimiter(min_interval=0))
        self.sender = Open311Client(endpoint, at_once, jurisdiction_id=JURISDICTION)
        self.readers = {
            form: GeoReport(f"{self.live_server_url}/open311/v2", JURISDICTION, output_format=form)
            for form in ("json", "xml")
        }

    def send(self, key: str, **changes: object) -> list[dict[str, str]]:
        """As the library sends, its own check of the service's questions included."""
        given = {name: value for name, value in SENT.items() if name != "service_code"}
        given["attributes"] = {"CONFIDENTIAL": "no", "OCCURRED_ON": "2026-01-05"}
        prepared = self.sender.create_request(
            SENT["service_code"], dry_run=False, confirm="SEND", api_key=key, validate_remote=True, **(given | changes)
        )
        self.assertEqual(prepared.warnings, [])
        return prepared.response

    def test_a_library_sends_and_reads_back(self) -> None:
        first = self.send(self.key)
        self.assertEqual(self.send(self.key), first)
        case = Case.objects.get()
        self.assertEqual(first[0]["service_request_id"], case.reference)
        self.assertEqual((str(case.occurred_on), case.category.code), ("2026-01-05", "QUYTRINH.01"))
        with self.assertRaises(HttpError) as refusal:
            self.send("sai")
        self.assertEqual(refusal.exception.status, 403)
        with self.assertRaises(HttpError) as refusal:
            self.send(self.key, phone="0" * 30)
        self.assertEqual(refusal.exception.status, 400)
        self.assertIn("phone", refusal.exception.body)
        with self.assertRaises(HttpError) as refusal:
            self.sender.get_request(case.reference)  # not published, and this library shows no key when it reads
        self.assertEqual(refusal.exception.status, 404)
        self.assertEqual(self.sender.list_requests(page_size=10), [])

    def test_both_libraries_read_what_is_published(self) -> None:
        team = _team(self.hospital)
        cases = [make.case_in(Status.CLOSED, team, category="QUYTRINH.01") for _ in range(2)]
        newest = [case.reference for case in reversed(cases)]
        for form, reader in self.readers.items():
            with self.subTest(form=form):
                services = reader.get_service_list()
                self.assertIn("QUYTRINH.01", [one["service_code"] for one in services])
                definition = reader.get_service_definition("QUYTRINH.01")
                self.assertEqual(definition["service_code"], "QUYTRINH.01")
                told = reader.get_service_requests(status="closed")
                self.assertEqual([one["service_request_id"] for one in told], newest)
                one = reader.get_service_request(newest[0])
                self.assertEqual(set(one), FIELDS)
                self.assertEqual(one["status_notes"], make.GIVEN["public_summary"])
        self.assertEqual(self.sender.get_request(newest[0])["service_request_id"], newest[0])
        found = self.sender.list_requests(service_request_ids=newest, status="open")
        self.assertEqual([one["service_request_id"] for one in found], newest)
