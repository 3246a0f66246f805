"""Whatever is sent to whatever address: an answer below 500, a problem document for every refusal, nothing written."""

import string
from itertools import cycle, islice
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from feedback.choices import Status
from feedback.models import Case, Note
from tests.api import factories as make

V1 = "/api/v1/"
LISTS = ("cases/", "facilities/", "areas/", "channels/", "categories/", "deadlines/")
NAMES = (
    "status", "kind", "urgency", "channel", "category", "facility", "division", "is_open", "late", "received_from",
    "received_to", "changed_since", "ordering", "q", "reference", "cursor", "page_size", "type", "area", "parent",
    "in_use", "state", "obligation", "due_from", "managing_body", "former_area", "x",
)  # fmt: skip
VALUES = (
    "", " ", "0", "-1", "1e999", "99999999999999999999", "NaN", "null", "true", "false", "closed", "received",
    "running", "QUYTRINH", "T01", "2026-11-25", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59.9+14:00", "changed",
    "%00", "%ff%fe", "%ed%a0%80", "%F0%9F%92%A9", "\u202e", "'; DROP TABLE feedback_case; --", "a" * 3000, "{}", "[]",
    "WyJuZXdlc3QiLDAsMSwxXQ", "WyJuYW1lIiwwLCJhIiwxXQ", "WyJuYW1lIiwwLCJcdWQ4MDAiLDFd", "benh vien", "PA-2026-000001",
    "²", "٣", "%27", "%5C", "&", "!", "<:*>", "' | 'a", "bệnh:* & !viện",
)  # fmt: skip
UNKNOWN = "Không có tham số nào tên như vậy."
WORDS = (
    *NAMES,
    "body",
    "title",
    "reporter",
    "name",
    "to",
    "reason",
    "given",
    "text",
    "audience",
    "findings",
    "assignee",
)

scalars = some.one_of(
    some.none(),
    some.booleans(),
    some.integers(-(10**30), 10**30),
    some.floats(allow_nan=False, allow_infinity=False),
    some.text(max_size=40),
    some.sampled_from(
        ["\x00", "a\ud800", "T01", "triaged", "forwarded", "S1", "2026-01-01", "QUYTRINH.01", "x" * 30_000]
    ),
)
bodies = some.recursive(
    scalars,
    lambda inner: some.one_of(
        some.lists(inner, max_size=4),
        some.dictionaries(some.one_of(some.sampled_from(WORDS), some.text(max_size=10)), inner, max_size=5),
    ),
    max_leaves=12,
)
queries = some.lists(
    some.tuples(
        some.sampled_from(NAMES), some.one_of(some.sampled_from(VALUES), some.text(string.printable, max_size=20))
    ),
    max_size=4,
).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs).replace("#", "%23").replace(" ", "%20"))
quick = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.differing_executors]
)


class RudeTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.case = make.case_in(Status.FORWARDED, cls.team)
        cls.reader = make.system("doc", may_read=True)[1]
        cls.sender = make.system("gui", may_send=True, channel_code="P1022")[1]

    def setUp(self) -> None:
        self.officer = make.Caller(user=self.team.officer)

    def stands(self, answer: Any) -> None:
        self.assertLess(answer.status_code, 500)
        if answer.status_code >= 400:
            self.assertEqual(answer["Content-Type"], make.PROBLEM)
            self.assertEqual(answer.json()["status"], answer.status_code)

    @quick
    @given(queries, some.sampled_from(LISTS))
    def test_any_query_is_answered(self, query: str, path: str) -> None:
        for caller in (self.reader, self.officer):
            self.stands(caller.get(f"{V1}{path}?{query}"))

    @quick
    @given(bodies, some.sampled_from(("", '"1"', '"3"', "*", "W/", '"' + "9" * 40 + '"')))
    def test_any_body_is_answered(self, body: Any, version: str) -> None:
        before = (Case.objects.count(), Note.objects.count())
        path = make.case_path(self.case)
        for answer in (
            self.sender.post(make.INTAKE, body, Idempotency_Key="k"),
            self.officer.send("PATCH", path, body, If_Match=version),
            self.officer.post(f"{path}moves/", body, If_Match=version),
            self.officer.post(f"{path}notes/", body),
        ):
            self.stands(answer)
            if answer.status_code >= 400:
                self.assertEqual((Case.objects.count(), Note.objects.count()), before)
            before = (Case.objects.count(), Note.objects.count())

    @quick
    @given(some.binary(max_size=60))
    def test_any_bytes_are_answered(self, body: bytes) -> None:
        self.stands(self.sender.post(make.INTAKE, body, Idempotency_Key="k"))

    def test_any_value_for_any_name_is_answered(self) -> None:
        """Values are read for names that a list knows; another name is refused before its value, three times here."""
        others, read = cycle(VALUES), 0
        for path in LISTS:
            for name in NAMES:
                known = self.knows(path, name)
                read += known
                for value in VALUES if known else islice(others, 3):
                    answer = self.reader.get(f"{V1}{path}?{name}={value}")
                    self.stands(answer)
                    if not known:
                        self.assertEqual(answer.status_code, 400)
        self.assertGreater(read, 40)

    def knows(self, path: str, name: str) -> bool:
        return UNKNOWN not in self.reader.get(f"{V1}{path}?{name}=").content.decode()

    def test_odd_addresses_are_problem_documents(self) -> None:
        for path in (
            "cases", "cases/x", "cases//", "cases/%00/", "cases/%ff/", "cases/..%2f..%2f/", "nothing/", "cases/a/b/c/",
            "facilities/%F0%9F%92%A9/", "cases/'%20OR%20'1'='1/", f"cases/{'x' * 3000}/", "intake", "schema", "%", "//",
        ):  # fmt: skip
            for method in ("GET", "POST", "PUT", "DELETE"):
                answer = self.reader.send(method, V1 + path)
                self.assertIn(answer.status_code, (400, 404, 405), f"{method} {path}")
                self.stands(answer)

    def test_methods_that_an_address_does_not_take_are_refused_alike(self) -> None:
        addresses = [*LISTS, "", "intake/", "schema/", "docs/", "facilities/T01/"]
        addresses += [make.case_path(self.case).removeprefix(V1), make.case_path(self.case, "moves/").removeprefix(V1)]
        for path in addresses:
            for method in ("PUT", "DELETE", "TRACE", "PROPFIND"):
                for caller in (self.reader, make.Caller()):
                    answer = caller.send(method, V1 + path)
                    self.assertEqual(
                        (answer.status_code, answer["Content-Type"]), (405, make.PROBLEM), f"{method} {path}"
                    )
                    self.assertIn("Allow", answer)

    def test_options_tell_methods_and_nothing_else(self) -> None:
        seen, absent = make.case_path(self.case), f"{V1}cases/PA-2026-999999/"
        answers = [self.reader.send("OPTIONS", path, b"") for path in (seen, absent)]
        self.assertEqual([(answer.status_code, answer.content) for answer in answers], [(204, b"")] * 2)
        self.assertEqual(answers[0]["Allow"], answers[1]["Allow"])
        self.assertEqual(make.Caller().send("OPTIONS", seen, b"").status_code, 401)

    def test_errors_come_in_the_callers_language_never_in_the_headers(self) -> None:
        answer = self.reader.get(f"{V1}cases/?x=1", Accept_Language="en")
        self.assertEqual(answer["Content-Language"], "vi")
        make.User.objects.filter(username="doc").update(language="en")
        answer = self.reader.get(f"{V1}cases/?x=1", Accept_Language="vi")
        self.assertEqual(
            (answer["Content-Language"], answer.json()["title"]), ("en", "Some fields are missing or wrong.")
        )
        self.assertEqual(make.Caller().get(f"{V1}cases/")["Content-Language"], "vi")

    def test_nobodys_rows_are_an_empty_list(self) -> None:
        for person in (make.person("facility_officer"), make.person("division_officer")):
            answer = make.Caller(user=person).get(f"{V1}cases/")
            self.assertEqual((answer.status_code, answer.json()["results"]), (200, []))
        self.assertEqual(self.reader.get(f"{V1}cases/?q=!!!").json()["results"], [])

    def test_accept_is_not_a_way_to_other_formats(self) -> None:
        for accept in ("text/html", "application/xml", "image/png", "nonsense"):
            answer = self.reader.get(f"{V1}cases/", Accept=accept)
            self.assertEqual((answer.status_code, answer["Content-Type"]), (200, "application/json"))
