"""Every page of the console with a record in its address, asked for one that there is not: never a fault."""

import re
from itertools import cycle
from urllib.parse import quote

from django.test import TestCase
from django.urls import reverse

from accounts.models import User
from tests.access.routes import patterns
from tests.feedback import factories as make

NO_RECORDS = ("abc", "²", "9" * 40, "9" * 5000, "%00")
ARGUMENT = re.compile(r"<[^>]+>")
REFUSALS = (301, 302, 400, 403, 404, 405)  # 400: NUL is refused at the door
FAR_DAYS = ("31/12/9999", "9999-12-31", "01/01/0001", "0001-01-01", "31/12/2999", "01/01/1900", "²", "hôm qua")


class RubbishAddressTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        make.case()
        cls.person = User.objects.create_superuser("quan-tri", password=None, is_staff=True)

    def setUp(self) -> None:
        self.client.force_login(self.person)

    def test_no_page_fails_over_a_record_that_there_is_not(self) -> None:
        met, methods = 0, cycle(("GET", "POST"))  # five kinds of nothing: each meets both
        for name, pattern in patterns().items():
            if not (pattern.startswith("console/") and ARGUMENT.search(pattern)):
                continue
            met += 1
            for nothing in NO_RECORDS:
                address = "/" + ARGUMENT.sub(nothing if "%" in nothing else quote(nothing), pattern)
                method = next(methods)
                with self.subTest(name=name, nothing=nothing[:20], method=method):
                    self.assertIn(self.client.generic(method, address).status_code, REFUSALS)
        self.assertGreater(met, 100)

    def test_no_list_fails_over_a_day_far_away(self) -> None:
        for name in ("feedback_case", "incidents_incident", "audit_entry"):
            for day in FAR_DAYS:
                for word in ("since", "until"):
                    with self.subTest(list=name, word=word, day=day):
                        address = reverse(f"admin:{name}_changelist")
                        self.assertEqual(self.client.get(address, {word: day}).status_code, 200)

    def test_the_calendar_is_shown_whatever_the_year(self) -> None:
        for year in ("99999", "0", "²", "-1", "9" * 5000, "abc"):
            with self.subTest(year=year[:20]):
                answer = self.client.get(reverse("admin:deadlines_calendarday_changelist"), {"year": year})
                self.assertEqual(answer.status_code, 200)
