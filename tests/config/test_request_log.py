"""Each request leaves one JSON line that says who asked for what and how it ended, and nothing personal."""

import json
import logging

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, SimpleTestCase, TestCase
from structlog.contextvars import get_contextvars

from accounts.models import User
from config.request_log import RequestLogMiddleware


def lines_of(test, view, request: HttpRequest) -> list[dict]:
    with test.assertLogs("langnghe.requests") as found:
        RequestLogMiddleware(view)(request)
    return [json.loads(record.getMessage()) for record in found.records]


class LineTests(SimpleTestCase):
    def test_it_tells_the_address_without_its_query_and_the_id_that_other_lines_bear(self) -> None:
        seen = []

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(get_contextvars()["request_id"])
            return HttpResponse()

        (line,) = lines_of(self, view, RequestFactory().get("/api/v1/cases/?q=0900000123"))
        self.assertEqual(line["request"], "GET /api/v1/cases/")
        self.assertEqual((line["event"], line["code"], line["level"]), ("request_finished", 200, "info"))
        self.assertEqual([line["request_id"]], seen)
        self.assertIsNone(line["user_id"])
        self.assertNotIn("request_id", get_contextvars())

    def test_a_refusal_is_a_warning_and_a_fault_an_error(self) -> None:
        for status, level in ((302, "info"), (404, "warning"), (503, "error")):
            with self.subTest(status=status):
                (line,) = lines_of(self, lambda request, s=status: HttpResponse(status=s), RequestFactory().get("/"))
                self.assertEqual(line["level"], level)

    def test_a_long_answer_and_a_fault_are_told_by_the_library(self) -> None:
        request = RequestFactory().get("/")
        request._raised_exception = ValueError()  # type: ignore[attr-defined]
        with self.assertNoLogs("langnghe.requests", logging.INFO):
            RequestLogMiddleware(lambda request: HttpResponse(status=500))(request)


class UserTests(TestCase):
    def test_it_names_who_signed_in_by_number(self) -> None:
        person = User.objects.create_user("nguoi")
        self.client.force_login(person)
        with self.assertLogs("langnghe.requests") as found:
            self.client.get("/tra-cuu/")
        self.assertEqual(json.loads(found.records[0].getMessage())["user_id"], person.pk)

    def test_a_page_without_a_session_opens_none(self) -> None:
        with self.assertLogs("langnghe.requests") as found:
            answer = self.client.get("/tra-cuu/")
        self.assertIsNone(json.loads(found.records[0].getMessage())["user_id"])
        self.assertNotIn("sessionid", answer.cookies)
