"""The auditor's pages: found by each filter, the same number of queries however long, nothing of a reporter."""

from datetime import timedelta

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit import chain
from audit.models import Act, Entry, Verification
from audit.services import record
from audit.words import sentence
from feedback.choices import Status
from tests.feedback import factories as make

LIST = "admin:audit_entry_changelist"


class PageTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.auditor = make.person("auditor")
        cls.case = make.case_in(Status.FORWARDED, cls.team)
        cls.look = record(Act.VIEW, by=cls.team.lead, about=cls.case)
        cls.sign_in = record(Act.SIGN_IN, by=cls.team.officer, about=cls.team.officer)

    def setUp(self) -> None:
        self.client.force_login(self.auditor)

    def shown(self, **words: str) -> list[int]:
        return [row.pk for row in self.client.get(reverse(LIST), words).context_data["cl"].result_list]

    def test_each_filter_finds(self) -> None:
        today = timezone.localdate()
        tomorrow = f"{today + timedelta(days=1):%d/%m/%Y}"
        both = [self.sign_in.pk, self.look.pk]
        for words, found in (
            ({}, both),
            ({"act": "view"}, [self.look.pk]),
            ({"person": self.team.officer.username}, [self.sign_in.pk]),
            ({"person": "không có ai"}, []),
            ({"case": self.case.reference.lower()}, [self.look.pk]),
            ({"case": "PA-1999-000001"}, []),
            ({"since": f"{today:%d/%m/%Y}", "until": f"{today:%d/%m/%Y}"}, both),
            ({"since": tomorrow}, []),
            ({"since": "hôm qua", "act": "lạ"}, both),
        ):
            with self.subTest(words=words):
                self.assertEqual(self.shown(**words), found)

    def test_other_columns_cannot_be_asked(self) -> None:
        self.assertIn(self.client.get(reverse(LIST), {"reason__startswith": "x"}).status_code, (302, 400))

    def test_entries_read_as_sentences(self) -> None:
        page = self.client.get(reverse(LIST))
        self.assertContains(page, f"Đã xem phản ánh {self.case.reference} (mật)")
        one = self.client.get(reverse("admin:audit_entry_change", args=[self.look.pk]))
        self.assertContains(one, self.case.reference)
        self.assertContains(one, str(self.team.lead))

    def test_only_the_auditor_and_only_to_read(self) -> None:
        for role in ("officer", "lead", "director", "sysadmin", "facility_officer"):
            self.client.force_login(make.person(role))
            with self.subTest(role=role):
                self.assertEqual(self.client.get(reverse(LIST)).status_code, 403)
        self.client.force_login(self.auditor)
        page = reverse("admin:audit_entry_change", args=[self.look.pk])
        self.assertEqual(self.client.post(page, {"reason": "khác"}).status_code, 403)

    def test_a_longer_list_costs_no_more_queries(self) -> None:
        self.shown()
        with CaptureQueriesContext(connection) as few:
            self.shown()
        for _more in range(60):
            record(Act.VIEW, by=make.person("officer"), about=self.case)
        record(Act.SIGN_IN, by=self.team.lead, about=self.team.lead)
        with CaptureQueriesContext(connection) as many:
            self.assertEqual(len(self.shown()), 50)
        self.assertEqual(len(few), len(many))

    def test_pages_go_on_by_key(self) -> None:
        for _more in range(60):
            record(Act.VIEW, by=self.team.lead, about=self.case)
        first = self.client.get(reverse(LIST)).context_data["cl"]
        second = self.client.get(reverse(LIST) + first.next_url).context_data["cl"]
        self.assertEqual(len(first.result_list) + len(second.result_list), Entry.objects.count())
        self.assertLess(second.result_list[0].pk, first.result_list[-1].pk)

    def test_every_filter_has_its_index(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            for condition in ("true", "by_id = 1", "act = 'view'", "at > now()"):
                cursor.execute(
                    f"EXPLAIN SELECT * FROM audit_entry WHERE {condition} ORDER BY at DESC, id DESC LIMIT 51"
                )
                self.assertIn("Index", str(cursor.fetchall()))

    def test_the_last_verification_is_told(self) -> None:
        self.assertContains(self.client.get(reverse(LIST)), "Nhật ký chưa được kiểm tra")
        chain.verify()
        self.assertContains(self.client.get(reverse(LIST)), "không mục nào bị sửa")
        Verification.objects.create(links=2, fault="changed", entry_id=self.look.pk)
        answer = self.client.get(reverse(LIST))
        self.assertContains(answer, 'role="alert"')
        self.assertContains(answer, f"số {self.look.pk}")

    def test_the_days_add_up(self) -> None:
        kinds = self.client.get(reverse(LIST)).context_data["kinds"]
        self.assertEqual({kind.act: kind.total for kind in kinds}, {"view": 1, "sign_in": 1})
        self.assertEqual([kind.days[-1].count for kind in kinds], [1, 1])

    def test_the_reporter_stays_masked_for_the_auditor(self) -> None:
        case = make.case(reporter={"name": "Nguyễn Thị Bí Mật", "phone": "0900000777"})
        record(Act.REVEAL, by=self.team.officer, about=case, purpose="verify", reason="gọi lại xác minh")
        entry = Entry.objects.get(act=Act.REVEAL)
        for page in (
            reverse(LIST),
            reverse("admin:audit_entry_change", args=[entry.pk]),
            reverse("admin:feedback_case_change", args=[case.pk]),
            reverse("admin:feedback_case_reporter", args=[case.pk]),
        ):
            text = self.client.get(page).content.decode()
            for canary in ("Bí Mật", "0900000777", "0900 000 777", "900000777"):
                self.assertNotIn(canary, text)
        self.assertEqual(self.client.get(reverse("admin:feedback_case_reporter", args=[case.pk])).status_code, 403)

    def test_a_role_given_names_the_role(self) -> None:
        record(Act.ROLE, by=self.team.lead, about=self.team.officer, reason="granted: Giám sát nội bộ (#7)")
        page = self.client.get(reverse(LIST))
        self.assertContains(page, f"Đã cấp vai trò cho tài khoản {self.team.officer.username}")
        self.assertContains(page, "Giám sát nội bộ (#7)")

    def test_every_kind_of_act_has_a_sentence_of_its_own(self) -> None:
        said = {}
        for act in Act:
            said[act] = sentence(Entry(act=act, about_type="feedback.case", about_id=1), "X")
            self.assertNotEqual(said[act], f"{act.label} X", act)
        self.assertEqual(len(set(said.values())), len(Act))
