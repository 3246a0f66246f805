"""Reading cases: who sees which and which fields, paging, filters, ETags."""

from datetime import timedelta

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from feedback.choices import Status
from feedback.models import Case, Note
from feedback.services import add_note
from tests.api import factories as make
from tests.rights import give, no_roles


class SomeCases(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        team = cls.team = make.Team()
        cls.cases = {
            "new": make.case(facility="T02"),
            "forwarded": make.case_in(Status.FORWARDED, team),
            "answered": make.case_in(Status.ANSWERED, team),
            "closed": make.case_in(Status.CLOSED, team, reporter={"name": "Canary Tên", "phone": "0900000001"}),
            "confidential": make.case(channel="HOTLINE_VBMT"),
        }
        cls.client_row, cls.reader = make.system("kho-du-lieu", may_read=True)


class CaseReadingTests(SomeCases):
    def seen(self, caller: make.Caller, query: str = "") -> set[str]:
        answer = caller.get(make.LIST + query)
        self.assertEqual(answer.status_code, 200, answer.content)
        found = {row["reference"] for row in answer.json()["results"]}
        return {name for name, case in self.cases.items() if case.reference in found}

    def test_each_caller_sees_what_the_console_shows_them(self) -> None:
        team = self.team
        ordinary = set(self.cases) - {"confidential"}
        expected = [
            (self.reader, ordinary),
            (make.Caller(user=team.officer), ordinary),
            (make.Caller(user=team.lead), set(self.cases)),
            (make.Caller(user=team.quality_officer), {"forwarded", "answered", "closed"}),
            (make.Caller(user=team.stranger), set()),
        ]
        for caller, names in expected:
            with self.subTest(names=names):
                self.assertEqual(self.seen(caller), names)
                for name, case in self.cases.items():
                    status = caller.get(make.case_path(case)).status_code
                    self.assertEqual(status, 200 if name in names else 404, name)

    def test_strangers_and_callers_without_the_right_are_refused(self) -> None:
        sender = make.system("chi-gui", may_send=True)[1]
        not_staff = make.User.objects.create_user("ngoai", password=None)
        for caller, status in (
            (make.Caller(), 401),
            (make.Caller(token="0" * 64), 401),
            (make.Caller(token="không"), 401),
            (sender, 403),
            (make.Caller(user=not_staff), 403),
            (make.Caller(user=make.person("sysadmin")), 403),
        ):
            for path in (make.LIST, make.case_path(self.cases["new"])):
                answer = caller.get(path)
                self.assertEqual((answer.status_code, answer["Content-Type"]), (status, make.PROBLEM))
                self.assertNotIn(b"PA-2", answer.content)
        self.assertEqual(make.Caller().get(make.LIST)["WWW-Authenticate"], "Token")

    def test_a_case_of_others_is_answered_like_one_that_is_not_there(self) -> None:
        caller = make.Caller(user=self.team.stranger)
        hidden = caller.get(make.case_path(self.cases["answered"]))
        absent = caller.get("/api/v1/cases/PA-2026-999999/")
        self.assertEqual((hidden.status_code, hidden.content), (absent.status_code, absent.content))

    def test_a_limited_system_sees_only_its_facilities(self) -> None:
        self.client_row.facilities.add(self.team.other_hospital)
        self.assertEqual(self.seen(self.reader), {"new"})

    def test_rights_that_are_taken_away_are_gone_with_the_next_request(self) -> None:
        self.assertEqual(self.reader.get(make.LIST).status_code, 200)
        no_roles(self.client_row.user)
        self.assertEqual(self.reader.get(make.LIST).status_code, 403)
        give(self.client_row.user, "api_read", reason="kiểm thử")
        self.client_row.facilities.add(self.team.other_hospital)
        self.assertEqual(self.reader.get(make.case_path(self.cases["answered"])).status_code, 404)
        make.ApiClient.objects.update(may_read=False)
        self.assertEqual(self.reader.get(make.LIST).status_code, 403)

    def test_a_token_ends_with_its_client_its_day_and_its_withdrawal(self) -> None:
        from accounts.services import revoke_tokens

        for change in ({"expires_on": timezone.localdate()}, {"expires_on": None}):
            make.ApiClient.objects.filter(pk=self.client_row.pk).update(**change)
            self.assertEqual(self.reader.get(make.LIST).status_code, 401 if change["expires_on"] else 200)
        make.User.objects.filter(pk=self.client_row.user_id).update(is_active=False)
        self.assertEqual(self.reader.get(make.LIST).status_code, 401)
        make.User.objects.filter(pk=self.client_row.user_id).update(is_active=True)
        self.client_row.user.auth_token_set.update(expiry=timezone.now() - timedelta(seconds=1))
        self.assertEqual(self.reader.get(make.LIST).status_code, 401)
        self.client_row.user.auth_token_set.update(expiry=None)
        self.assertEqual(self.reader.get(make.LIST).status_code, 200)
        self.assertEqual(revoke_tokens(self.client_row), 1)
        self.assertEqual(self.reader.get(make.LIST).status_code, 401)

    def test_a_token_without_a_client_opens_nothing(self) -> None:
        from knox.models import AuthToken

        token = AuthToken.objects.create(self.team.lead, expiry=None)[1]
        self.assertEqual(make.Caller(token=token).get(make.LIST).status_code, 401)


class MaskTests(SomeCases):
    """Which fields each side reads."""

    def document(self, caller: make.Caller, name: str) -> dict:
        return caller.get(make.case_path(self.cases[name])).json()

    def test_nobody_reads_who_reported(self) -> None:
        for caller in (self.reader, make.Caller(user=self.team.lead), make.Caller(user=self.team.quality_officer)):
            text = caller.get(make.case_path(self.cases["closed"])).content + caller.get(make.LIST).content
            self.assertNotIn(b"Canary", text)
            self.assertNotIn(b"0900000001", text)

    def test_a_facility_reads_nothing_that_is_the_departments(self) -> None:
        hidden = {
            "complexity",
            "is_confidential",
            "division",
            "escalation_level",
            "transferred_to",
            "merged_into",
            "assignee",
            "recorded_by",
            "checked_by",
        }
        facility = self.document(make.Caller(user=self.team.quality_officer), "closed")
        department = self.document(make.Caller(user=self.team.officer), "closed")
        self.assertEqual(set(department) - set(facility), hidden)
        self.assertEqual({deadline["obligation"] for deadline in facility["deadlines"]}, {"answer"})
        self.assertGreater(len(department["deadlines"]), 1)

    def test_a_facility_reads_the_conclusion_once_the_reporter_knows_it(self) -> None:
        checked = make.case_in(Status.CHECKED, self.team)
        review = make.case_in(Status.IN_REVIEW, self.team)
        facility, department = make.Caller(user=self.team.quality_officer), make.Caller(user=self.team.officer)
        for case, expected in ((checked, ""), (review, ""), (self.cases["closed"], "OC01")):
            with self.subTest(case.status):
                read = facility.get(make.case_path(case)).json()
                self.assertEqual(read["outcome"], expected)
                self.assertEqual(bool(read["public_summary"]), bool(expected))
                self.assertEqual(department.get(make.case_path(case)).json()["outcome"], "OC01")
                rows = facility.get(f"{make.LIST}?reference={case.reference}").json()["results"]
                self.assertEqual([row["outcome"] for row in rows], [expected])

    def test_a_system_reads_an_answer_once_the_department_stands_behind_it(self) -> None:
        self.assertEqual(self.document(self.reader, "answered")["answers"], [])
        self.assertEqual(len(self.document(self.reader, "closed")["answers"]), 1)
        self.assertEqual(len(self.document(make.Caller(user=self.team.officer), "answered")["answers"]), 1)
        self.assertEqual(len(self.document(make.Caller(user=self.team.quality_officer), "answered")["answers"]), 1)

    def test_a_system_reads_a_reply_only_to_what_it_sent(self) -> None:
        self.assertEqual(self.document(self.reader, "closed")["replies"], [])
        self.cases["closed"].submissions.all()
        sent = make.case_in(Status.REPLIED, self.team, by=self.client_row.user)
        self.assertEqual(len(self.reader.get(make.case_path(sent)).json()["replies"]), 1)

    def test_notes_go_to_their_audience(self) -> None:
        case = self.cases["forwarded"]
        for audience in ("department", "facility", "citizen"):
            add_note(case, f"ghi chú {audience}", audience=audience, by=make.fresh(self.team.officer))
        for caller, audiences in (
            (make.Caller(user=self.team.officer), ["department", "facility", "citizen"]),
            (make.Caller(user=self.team.quality_officer), ["facility", "citizen"]),
            (self.reader, ["citizen"]),
        ):
            notes = caller.get(make.case_path(case)).json()["notes"]
            self.assertEqual([note["audience"] for note in notes], audiences)
        self.assertNotIn("by", notes[0])

    def test_what_a_system_sent_in_confidence_does_not_come_back(self) -> None:
        client, caller = make.system("hai-chieu", may_read=True, may_send=True, roles=("operator",))
        case = make.case(by=client.user, kind="TOCAO")
        self.assertEqual(caller.get(make.case_path(case)).status_code, 404)

    def test_looking_at_a_confidential_case_leaves_an_entry(self) -> None:
        make.Caller(user=self.team.lead).get(make.case_path(self.cases["confidential"]))
        self.assertEqual(Entry.objects.filter(act="view", by=self.team.lead).count(), 1)

    def test_a_merged_case_names_its_target_only_to_who_sees_it(self) -> None:
        target = self.cases["confidential"]
        Case.objects.filter(pk=self.cases["new"].pk).update(
            merged_into=target, status="merged", ended_at=timezone.now()
        )
        self.assertIsNone(self.document(self.reader, "new")["merged_into"])
        self.assertEqual(self.document(make.Caller(user=self.team.lead), "new")["merged_into"], target.reference)

    def test_lists_tell_of_a_merge_to_who_sees_the_other_case(self) -> None:
        case, target = self.cases["new"], self.cases["confidential"]
        Case.objects.filter(pk=case.pk).update(merged_into=target, status="merged", ended_at=timezone.now())
        for caller, told in ((self.reader, None), (make.Caller(user=self.team.lead), target.reference)):
            rows = {row["reference"]: row for row in caller.get(make.LIST).json()["results"]}
            self.assertEqual((rows[case.reference]["merged_into"], rows[case.reference]["is_open"]), (told, False))
            still = caller.get(f"{make.LIST}?is_open=true").json()["results"]
            self.assertNotIn(case.reference, [row["reference"] for row in still])

    def test_moves_are_those_of_the_caller(self) -> None:
        def moves(user: make.User) -> set[str]:
            return {move["to"] for move in self.document(make.Caller(user=user), "answered")["moves"]}

        self.assertEqual(moves(self.team.officer), {"returned", "checked"})
        self.assertEqual(moves(self.team.quality_officer), set())
        self.assertEqual(self.document(self.reader, "answered")["moves"], [])


class ConditionalTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.case = make.case_in(Status.FORWARDED, cls.team)
        cls.path = make.case_path(cls.case)

    def setUp(self) -> None:
        self.officer = make.Caller(user=self.team.officer)

    def test_the_etag_begins_with_the_version_and_follows_every_change(self) -> None:
        first = self.officer.get(self.path)
        etag = first["ETag"]
        self.assertTrue(etag.startswith(f'"{self.case.version}-'))
        same = self.officer.get(self.path, If_None_Match=etag)
        self.assertEqual((same.status_code, same.content, same["ETag"]), (304, b"", etag))
        self.assertEqual(self.officer.get(self.path, If_None_Match=f'"x", W/{etag}').status_code, 304)
        Note.objects.create(case=self.case, at=timezone.now(), by=self.team.officer, text="mới")
        self.assertEqual(self.officer.get(self.path, If_None_Match=etag).status_code, 200)

    def test_head_tells_the_same_without_a_body(self) -> None:
        head = self.officer.client.head(self.path)
        self.assertEqual((head.status_code, head.content), (200, b""))
        self.assertEqual(head["ETag"], self.officer.get(self.path)["ETag"])


class FilterTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        team = cls.team = make.Team()
        cls.cases = {
            "queue": make.case(category="QUYTRINH.01", facility="T01", urgency="S1", body="Xếp hàng lâu quá"),
            "praise": make.case(kind="KHEN", channel="LETTER", body="Cảm ơn bác sĩ"),
            "assigned": make.case_in(Status.ASSIGNED, team),
            "closed": make.case_in(Status.CLOSED, team),
        }
        Case.objects.filter(pk=cls.cases["praise"].pk).update(
            due_at=timezone.now() - timedelta(hours=1), received_at=timezone.now() - timedelta(days=40)
        )
        cls.reader = make.system("kho-du-lieu", may_read=True)[1]

    def test_every_filter_leaves_its_rows(self) -> None:
        today, long_ago = timezone.localdate(), timezone.localdate() - timedelta(days=30)
        for query, names in {
            "status=closed": {"closed"},
            "kind=KHEN": {"praise"},
            "channel=LETTER": {"praise"},
            "category=QUYTRINH.01": {"queue"},
            "category=QUYTRINH": {"queue"},
            "urgency=S1": {"queue"},
            "facility=T01": {"queue", "closed"},
            f"division={self.team.division.code}": {"assigned"},
            "is_open=true": {"queue", "praise", "assigned"},
            "is_open=false": {"closed"},
            "late=true": {"praise"},
            "late=false": {"queue", "assigned", "closed"},
            f"received_to={long_ago}": {"praise"},
            f"received_from={long_ago}": {"queue", "assigned", "closed"},
            f"received_to={today}": set(self.cases),
            f"received_from={today}T00:00:00+07:00&is_open=false": {"closed"},
            f"received_from={today}T00:00:00%2B07:00&is_open=false": {"closed"},
            "q=xep hang": {"queue"},
            "q=hàng lâu": {"queue"},
            f"q={self.cases['queue'].reference}": {"queue"},
            f"reference={self.cases['queue'].reference}": {"queue"},
            "status=closed&facility=T02": set(),
        }.items():
            with self.subTest(query=query):
                answer = self.reader.get(f"{make.LIST}?{query}")
                self.assertEqual(answer.status_code, 200, answer.content)
                found = {row["reference"] for row in answer.json()["results"]}
                self.assertEqual({name for name, case in self.cases.items() if case.reference in found}, names)

    def test_what_does_not_fit_is_refused_by_name(self) -> None:
        for query, field in {
            "statuz=closed": "statuz",
            "phone=090": "phone",
            "body__contains=x": "body__contains",
            "status=xyz": "status",
            "status=": "status",
            "status=closed&status=new": "status",
            "facility=99999999999999999999": "facility",
            "facility=%ff%fe": "facility",
            "channel=X": "channel",
            "category=%01": "category",
            "division=1": "division",
            "is_open=yes": "is_open",
            "late=1": "late",
            "received_from=yesterday": "received_from",
            "received_from=0001-01-01": "received_from",
            "received_to=9999-12-31": "received_to",
            "received_to=2026-02-30": "received_to",
            "received_to=2026-13-01T00:00": "received_to",
            "changed_since=x": "changed_since",
            "ordering=phone": "ordering",
            "ordering=received&changed_since=2026-01-01": "ordering",
            "page_size=0": "page_size",
            "page_size=201": "page_size",
            "page_size=-1": "page_size",
            "page_size=99999999999999999999": "page_size",
            "page_size=%D9%A3": "page_size",
            "cursor=x": "cursor",
            "cursor=%C3%A9": "cursor",
            "cursor=W10": "cursor",
            "cursor=WyJuZXdlc3QiLDAsMSxudWxsXQ": "cursor",
            "cursor=WyJuZXdlc3QiLDAsOTk5OTk5OTk5OTk5OTk5OTk5LDFd": "cursor",
            "cursor=bnVsbA": "cursor",
            "format=json": "format",
        }.items():
            with self.subTest(query=query):
                answer = self.reader.get(f"{make.LIST}?{query}")
                self.assertEqual((answer.status_code, answer["Content-Type"]), (400, make.PROBLEM))
                self.assertEqual(list(answer.json()["fields"]), [field])

    def test_a_facility_cannot_filter_by_what_it_cannot_read(self) -> None:
        answer = make.Caller(user=self.team.quality_officer).get(f"{make.LIST}?division={self.team.division.code}")
        self.assertEqual((answer.status_code, list(answer.json()["fields"])), (400, ["division"]))


class PagingTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.references = [make.case().reference for _ in range(7)]
        moment = timezone.now()
        Case.objects.update(received_at=moment)  # equal moments: only the id tells them apart
        cls.reader = make.system("kho-du-lieu", may_read=True)[1]

    def test_a_walk_meets_each_row_once_while_rows_arrive(self) -> None:
        met, path = [], f"{make.LIST}?page_size=2"
        while path:
            page = self.reader.get(path).json()
            met += [row["reference"] for row in page["results"]]
            make.case()
            path = page["next"]
        self.assertEqual(met, self.references[::-1])

    def test_the_way_back_is_the_same_way(self) -> None:
        first = self.reader.get(f"{make.LIST}?page_size=3").json()
        second = self.reader.get(first["next"]).json()
        third = self.reader.get(second["next"]).json()
        self.assertEqual((first["previous"], third["next"], len(third["results"])), (None, None, 1))
        self.assertEqual(self.reader.get(third["previous"]).json()["results"], second["results"])
        back = self.reader.get(self.reader.get(third["previous"]).json()["previous"]).json()
        self.assertEqual((back["results"], back["previous"]), (first["results"], None))

    def test_filters_stay_in_the_links(self) -> None:
        page = self.reader.get(f"{make.LIST}?page_size=2&is_open=true&urgency=S3").json()
        self.assertIn("is_open=true", page["next"])
        self.assertIn("urgency=S3", page["next"])

    def test_a_cursor_of_another_order_is_refused(self) -> None:
        page = self.reader.get(f"{make.LIST}?page_size=2").json()
        cursor = page["next"].split("cursor=")[1]
        self.assertEqual(self.reader.get(f"{make.LIST}?ordering=changed&cursor={cursor}").status_code, 400)

    def test_the_number_of_queries_does_not_grow_with_the_rows(self) -> None:
        officer = make.Caller(user=make.person("officer"))
        for caller, most in ((self.reader, 2), (officer, 8)):  # a person: who it is in 7, and the page
            counts = []
            for _ in range(2):
                with CaptureQueriesContext(
                    connection,
                ) as few:
                    caller.get(make.LIST)
                counts.append(len(few))
                for _ in range(30):
                    make.case()
            self.assertEqual(counts[0], counts[1])
            self.assertLessEqual(counts[0], most)

    def test_one_case_takes_two_queries(self) -> None:
        with self.assertNumQueries(2):
            self.reader.get(f"/api/v1/cases/{self.references[0]}/")
