"""The OpenAPI document: valid, complete, and true to what the endpoints answer."""

import json
from typing import Any

from django.core.management import call_command
from django.test import SimpleTestCase, TestCase
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker

from common.api.schema import document_in
from feedback.choices import Status
from tests.api import factories as make

DOCUMENT = json.loads(document_in("vi"))
METHODS = ("get", "post", "patch")


def problems_of(value: Any, schema: dict[str, Any]) -> list[str]:
    """Where a value departs from a schema of the document."""
    whole = schema | {"components": DOCUMENT["components"]}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


class DocumentTests(SimpleTestCase):
    def test_it_is_valid_and_made_without_a_warning(self) -> None:
        call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")
        self.assertEqual(DOCUMENT["openapi"], "3.1.0")

    def test_every_operation_has_words_answers_and_examples_that_fit(self) -> None:
        self.assertGreater(len(operations()), 12)
        for path, method, operation in operations():
            with self.subTest(path=path, method=method):
                self.assertTrue(operation["summary"])
                bodies = [operation["requestBody"]] if method != "get" else []
                bodies += [answer for answer in operation["responses"].values() if "content" in answer]
                for body in bodies:
                    for content in body["content"].values():
                        self.assertTrue(content.get("examples"), content)
                        for example in content["examples"].values():
                            self.assertEqual(problems_of(example["value"], content["schema"]), [])

    def test_every_refusal_is_a_problem_document(self) -> None:
        for path, method, operation in operations():
            refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
            self.assertIn("400", refusals)
            if "security" in operation:
                self.assertLessEqual({"401", "403"}, set(refusals), (path, method))
            for answer in refusals.values():
                self.assertEqual(list(answer["content"]), [make.PROBLEM])

    def test_it_tells_how_callers_prove_who_they_are(self) -> None:
        self.assertEqual(set(DOCUMENT["components"]["securitySchemes"]), {"token", "cookieAuth"})

    def test_it_comes_in_both_languages(self) -> None:
        vietnamese, english = document_in("vi"), document_in("en")
        self.assertNotEqual(vietnamese, english)
        self.assertIn("tiếp nhận", vietnamese.decode())


class AnswerTests(TestCase):
    """Real answers, held against what the document says of them."""

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.closed = make.case_in(Status.CLOSED, cls.team)
        cls.forwarded = make.case_in(Status.FORWARDED, cls.team)
        cls.reader = make.system("kho-du-lieu", may_read=True)[1]
        cls.sender = make.system("cong-1022", may_send=True, channel_code="P1022")[1]

    def fits(self, answer: Any, path: str, method: str = "get") -> None:
        described = DOCUMENT["paths"][path][method]["responses"][str(answer.status_code)]
        schema = described["content"][answer["Content-Type"]]["schema"]
        self.assertEqual(problems_of(answer.json(), schema), [])

    def test_lists_fit(self) -> None:
        for name in ("cases", "facilities", "channels", "categories", "deadlines", "areas"):
            for caller in (self.reader, make.Caller(user=self.team.lead)):
                self.fits(caller.get(f"/api/v1/{name}/"), f"/api/v1/{name}/")
                self.fits(caller.get(f"/api/v1/{name}/?x=1"), f"/api/v1/{name}/")
        self.fits(make.Caller().get("/api/v1/"), "/api/v1/")

    def test_a_row_holds_exactly_the_named_fields(self) -> None:
        named = set(DOCUMENT["components"]["schemas"]["CaseRow"]["properties"])
        row = self.reader.get(make.LIST).json()["results"][0]
        self.assertEqual(set(row), named)

    def test_cases_fit_from_every_side(self) -> None:
        path = "/api/v1/cases/{reference}/"
        for caller in (self.reader, make.Caller(user=self.team.officer), make.Caller(user=self.team.quality_officer)):
            for case in (self.closed, self.forwarded):
                self.fits(caller.get(make.case_path(case)), path)
        self.fits(self.reader.get("/api/v1/cases/x/"), path)
        document = make.Caller(user=self.team.officer).get(make.case_path(self.closed)).json()
        self.assertEqual(set(document), set(DOCUMENT["components"]["schemas"]["CaseDocument"]["properties"]))
        self.fits(self.reader.get("/api/v1/facilities/T01/"), "/api/v1/facilities/{code}/")

    def test_writing_fits(self) -> None:
        officer, path = make.Caller(user=self.team.officer), make.case_path(self.forwarded)
        body = {"urgency": "S2", "reason": "x"}
        self.fits(officer.send("PATCH", path, body), "/api/v1/cases/{reference}/", "patch")
        self.fits(officer.send("PATCH", path, body, If_Match='"1"'), "/api/v1/cases/{reference}/", "patch")
        version = f'"{self.forwarded.version}"'
        for move in ({"to": "closed", "reason": "x"}, {"to": "triaged", "reason": "x"}):
            answer = officer.post(f"{path}moves/", move, If_Match=version)
            self.fits(answer, "/api/v1/cases/{reference}/moves/", "post")
        self.fits(officer.post(f"{path}notes/", {"text": "x"}), "/api/v1/cases/{reference}/notes/", "post")
        for key in ("A-1", "A-1", ""):
            answer = self.sender.post(make.INTAKE, {"body": "Chờ lâu."}, Idempotency_Key=key)
            self.fits(answer, make.INTAKE, "post")


class PageTests(TestCase):
    def test_index_schema_and_docs_are_open_and_plain(self) -> None:
        self.assertIn("/api/v1/cases/", self.client.get("/api/v1/").json()["cases"])
        self.assertEqual(self.client.get("/api/v1/schema/?lang=en").json()["openapi"], "3.1.0")
        docs = self.client.get("/api/v1/docs/")
        self.assertContains(docs, "swagger-ui")
        for inline in (b"<style", b"<script>", b"style="):
            self.assertNotIn(inline, docs.content)
        self.assertNotIn("unsafe", docs["Content-Security-Policy"])


class ViewerTests(TestCase):
    def test_the_viewer_is_given_its_own_labels_in_the_page_language(self) -> None:
        shown = self.client.get(reverse("api:docs"), headers={"accept-language": "vi"})
        self.assertContains(shown, '<li data-said="Try it out">Dùng thử</li>')
