"""What the tests of GeoReport share: a civic app that posts forms and reads both formats."""

from itertools import count
from typing import Any
from urllib.parse import urlencode

from defusedxml.ElementTree import fromstring
from django.test import TestCase, override_settings

from accounts.services import issue_token
from tests.api import factories as make

V2 = "/open311/v2/"
SENT = {
    "service_code": "QUYTRINH.01",
    "address_string": "Bệnh viện Đa khoa Lam Kiều, 12 đường Hoa Mai",
    "description": "Chờ hơn ba giờ mới được khám, không ai giải thích.",
    "first_name": "Canary",
    "last_name": "Tên",
    "phone": "0900000001",
    "email": "canary@example.vn",
}
_addresses = count(1)
FORM = "application/x-www-form-urlencoded; charset=utf-8"


@override_settings(OPEN311_JURISDICTION="soyte.example.vn")
class AppTests(TestCase):
    """Tests with one app that may send, `key`, and one that may not."""

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.hospital = make.facility()
        cls.app = make.system("ung-dung", may_send=True, channel_code="APP_YTTT")[0]
        cls.key = issue_token(cls.app)

    def setUp(self) -> None:
        nth = next(_addresses)  # what one test asks does not count against another
        self.client.defaults["REMOTE_ADDR"] = f"10.31.{nth >> 8}.{nth & 255}"

    def ask(self, path: str, **asked: Any) -> Any:
        return self.client.get(f"{V2}{path}", asked)

    def post(self, given: Any = SENT, *, form: str = "json", key: str | None = None, **headers: str) -> Any:
        """Post a form as apps do; `given` may be bytes."""
        if not isinstance(given, bytes):
            token = self.key if key is None else key
            given = urlencode(given | ({"api_key": token} if token else {}), doseq=True).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic("POST", f"{V2}requests.{form}", given, content_type=FORM, headers=named)

    def number_of(self, answer: Any) -> str:
        self.assertEqual(answer.status_code, 200, answer.content)
        return answer.json()[0]["service_request_id"]

    def refused(self, answer: Any, status: int) -> str:
        """What a refusal says; that it is one, in both formats."""
        self.assertEqual(answer.status_code, status, answer.content)
        if answer["Content-Type"].startswith("application/json"):
            errors = answer.json()
        else:
            root = fromstring(answer.content)
            self.assertEqual(root.tag, "errors")
            errors = [{child.tag: child.text for child in error} for error in root.findall("error")]
        self.assertTrue(errors)
        for error in errors:
            self.assertEqual((set(error), str(error["code"])), ({"code", "description"}, str(status)))
            self.assertTrue(error["description"])
        return " ".join(error["description"] for error in errors)
