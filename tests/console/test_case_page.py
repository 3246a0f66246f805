"""The case page: who gets it, what they read on it, and that there is no other door to a case."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Act, Entry
from deadlines import extensions
from deadlines.services import deadlines_of
from feedback import services
from feedback.choices import Audience, Status
from feedback.models import Attachment, Case, Note
from feedback.transitions import MOVES, allowed_moves
from tests.feedback import factories as make
from tests.files import PNG


def address(case: Case | int, page: str = "change", *more: str) -> str:
    return reverse(f"admin:feedback_case_{page}", args=[case if isinstance(case, int) else case.pk, *more])


class PageTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()

    def get(self, user: AbstractUser, where: str) -> Any:
        self.client.force_login(user)
        return self.client.get(where)


class WhoGetsItTests(PageTestCase):
    def test_right_people_get_it_others_hear_that_it_is_not_there(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        team = self.team
        for user in (team.officer, team.lead, team.director, team.quality_officer, team.auditor):
            self.assertEqual(self.get(user, address(case)).status_code, 200, user.username)
        absent = self.get(team.stranger, address(987654))
        for user in (team.stranger, team.operator, team.division_officer):
            with self.subTest(user=user.username):
                answer = self.get(user, address(case))
                self.assertEqual((answer.status_code, absent.status_code), (404, 404))

    def test_every_page_under_a_case_is_as_closed_as_the_case(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        self.client.force_login(self.team.stranger)
        for page, more in (("step", ("answered",)), ("attachment", ("a" * 32,))):
            self.assertEqual(self.client.get(address(case, page, *more)).status_code, 404, page)
        self.assertEqual(self.client.get(address(case, "correction")).status_code, 404)
        self.assertEqual(self.client.get(address(case, "reporter")).status_code, 404)
        self.assertEqual(
            self.client.post(address(case, "note"), {"text": "a", "audience": "facility"}).status_code, 404
        )

    def test_confidential_cases_are_for_few_and_each_look_is_recorded(self) -> None:
        case = make.case(channel="HOTLINE_VBMT")
        self.assertEqual(self.get(self.team.officer, address(case)).status_code, 404)
        self.assertEqual(self.get(self.team.lead, address(case)).status_code, 200)
        self.assertEqual(Entry.objects.get(act=Act.VIEW).by, self.team.lead)
        refused = self.client.post(address(case, "note"), {"text": ""})  # it comes back within the page
        self.assertContains(refused, case.reference)
        self.assertEqual(Entry.objects.filter(act=Act.VIEW).count(), 2)

    def test_a_look_that_cannot_be_recorded_shows_nothing_and_says_why(self) -> None:
        case = make.case(channel="HOTLINE_VBMT", title="Cò mồi ở cổng")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_entry ADD CONSTRAINT shut CHECK (false) NOT VALID")
        answer = self.get(self.team.lead, address(case))
        self.assertContains(answer, "nhật ký giám sát", status_code=503)
        self.assertNotContains(answer, "Cò mồi", status_code=503)

    def test_there_is_no_other_door(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        self.client.force_login(self.team.lead)
        for door in ("add/", f"{case.pk}/delete/", f"{case.pk}/history/", f"{case.pk}/", "import/", "export/"):
            with self.subTest(door=door):
                self.assertEqual(self.client.get(f"/console/feedback/case/{door}").status_code, 404)
                self.assertEqual(self.client.post(f"/console/feedback/case/{door}", {"post": "yes"}).status_code, 404)
        self.assertEqual(self.client.post(address(case), {"title": "x", "_save": "1"}).status_code, 405)
        case.refresh_from_db()
        self.assertNotEqual(case.title, "x")


class WhatIsReadTests(PageTestCase):
    def test_steps_offered_are_those_allowed(self) -> None:
        people = (self.team.officer, self.team.lead, self.team.quality_officer, self.team.division_officer)
        for status in (Status.RECEIVED, Status.ASSIGNED, Status.FORWARDED, Status.ANSWERED, Status.CHECKED):
            case = make.case_in(status, self.team)
            for user in people:
                if not Case.objects.visible_to(make.fresh(user)).filter(pk=case.pk).exists():
                    continue
                with self.subTest(status=status, user=user.username):
                    text = self.get(user, address(case)).content.decode()
                    offered = {target for _source, target in MOVES if f'data-move="{target}"' in text}
                    self.assertEqual(offered, set(allowed_moves(case, make.fresh(user))))

    def test_a_facility_reads_nothing_internal(self) -> None:
        case = make.case_in(Status.RETURNED, self.team, reporter={"name": "Nguyễn Thị Bí Mật", "phone": "0911222333"})
        Case.objects.filter(pk=case.pk).update(escalation_level=3)
        services.add_note(case, "GHI CHÚ NỘI BỘ", audience=Audience.DEPARTMENT, by=make.fresh(self.team.officer))
        services.add_note(case, "GHI CHÚ CHUNG", audience=Audience.FACILITY, by=make.fresh(self.team.officer))
        text = self.get(self.team.quality_officer, address(case)).content.decode()
        self.assertIn("GHI CHÚ CHUNG", text)
        for secret in (
            "GHI CHÚ NỘI BỘ",
            "Bí Mật",
            "0911222333",
            "ln-level",
            'id="nguoi-phan-anh"',
            'data-action="correct"',
        ):
            self.assertFalse(secret in text, secret)

    def test_a_conclusion_is_the_department_s_until_the_reporter_was_told(self) -> None:
        checked, replied = make.case_in(Status.CHECKED, self.team), make.case_in(Status.REPLIED, self.team)
        self.assertEqual(self.get(self.team.quality_officer, address(checked)).context_data["outcome"], "")
        self.assertNotEqual(self.get(self.team.quality_officer, address(replied)).context_data["outcome"], "")
        self.assertNotEqual(self.get(self.team.officer, address(checked)).context_data["outcome"], "")

    def test_a_result_under_review_is_not_shown_to_the_facility(self) -> None:
        review = make.case_in(Status.IN_REVIEW, self.team)
        words = make.GIVEN["public_summary"]
        self.assertNotContains(self.get(self.team.quality_officer, address(review)), words)
        self.assertContains(self.get(self.team.officer, address(review)), words)

    def test_nobody_reads_the_reporter_on_the_page(self) -> None:
        case = make.case(reporter={"name": "Nguyễn Thị Bí Mật", "phone": "0911222333"})
        text = self.get(self.team.lead, address(case)).content.decode()
        self.assertFalse("Bí Mật" in text or "0911222333" in text)

    def test_what_people_wrote_is_shown_as_text(self) -> None:
        case = make.case(body="<script>alert(1)</script> <b>đậm</b>", title="<img src=x onerror=alert(1)>")
        text = self.get(self.team.officer, address(case)).content.decode()
        self.assertFalse("<script>alert" in text or "<img src=x" in text or "<b>đậm" in text)

    def test_deadlines_are_explained(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        clocks = self.get(self.team.officer, address(case)).context_data["clocks"]
        self.assertEqual({clock.deadline.obligation for clock in clocks}, {"acknowledge", "answer", "resolve"})
        self.assertTrue(all(clock.lines for clock in clocks))
        clocks = self.get(self.team.quality_officer, address(case)).context_data["clocks"]
        self.assertEqual({clock.deadline.obligation for clock in clocks}, {"answer"})

    def test_each_deadline_leads_to_its_days_in_both_languages(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        page = self.get(self.team.officer, address(case))
        for clock in page.context_data["clocks"]:
            self.assertContains(page, clock.url)
            answer = self.client.get(clock.url)
            explained, (_code, _name, other) = answer.context_data["explained"], answer.context_data["other"]
            self.assertEqual(len(explained.lines), len(other.lines))
            self.assertContains(answer, explained.lines[-1].said)
            self.assertContains(answer, other.lines[-1].said)
            self.assertNotEqual(explained.rule, other.rule)
            self.assertTrue(all(len(week) == 7 for week in answer.context_data["weeks"]))

    def test_a_facility_reads_the_days_of_its_own_clock_only(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        clocks = self.get(self.team.officer, address(case)).context_data["clocks"]
        self.client.force_login(self.team.quality_officer)
        found = {clock.deadline.obligation: self.client.get(clock.url).status_code for clock in clocks}
        self.assertEqual(found, {"answer": 200, "acknowledge": 404, "resolve": 404})

    def test_one_asks_for_a_longer_term_and_another_grants_it(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        clocks = self.get(self.team.officer, address(case)).context_data["clocks"]
        answer = next(clock for clock in clocks if clock.deadline.obligation == "answer")
        wanted = {"ask": "1", "amount": str(answer.deadline.derivation["amount"] * 2), "reason": "chờ hội đồng"}
        too_much = self.client.post(answer.url, wanted | {"amount": "99"})
        self.assertEqual((too_much.status_code, too_much.context_data["ask_form"].has_error("amount")), (200, True))
        self.assertRedirects(self.client.post(answer.url, wanted), answer.url)
        self.assertIsNone(self.client.get(answer.url).context_data["answer_form"])
        self.assertEqual(self.client.post(answer.url, {"grant": "1", "reason": "tự duyệt"}).status_code, 403)
        self.assertContains(self.get(self.team.lead, answer.url), "chờ hội đồng")
        self.assertRedirects(self.client.post(answer.url, {"grant": "1", "reason": "có căn cứ"}), answer.url)
        answer.deadline.refresh_from_db()
        self.assertGreater(answer.deadline.due_at, answer.deadline.original_due_at)
        self.assertNotContains(self.get(self.team.quality_officer, answer.url), "chờ hội đồng")

    def test_a_case_is_listed_by_the_longer_term(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        before = case.due_at
        for deadline in deadlines_of(case).running():
            asked = extensions.ask(
                deadline, amount=extensions.longest_of(deadline), reason="x", by=make.fresh(self.team.officer)
            )
            extensions.grant(asked, reason="x", by=make.fresh(self.team.lead))
        case.refresh_from_db()
        self.assertEqual(case.due_at, min(deadlines_of(case).running().values_list("due_at", flat=True)))
        self.assertGreater(case.due_at, before)

    def test_the_number_of_queries_does_not_grow_with_the_story(self) -> None:
        def cost(case: Case) -> int:
            self.get(self.team.officer, address(case))
            with CaptureQueriesContext(connection) as seen:
                self.client.get(address(case))
            return len(seen)

        case = make.case_in(Status.CLOSED, self.team)
        before = cost(case)
        for number in range(10):
            Note.objects.create(case=case, at=case.received_at, by=self.team.officer, text=str(number))
        self.assertEqual(cost(case), before)
        self.assertLessEqual(before, 36)


class FileTests(PageTestCase):
    def file_of(self, case: Case, audience: str) -> Attachment:
        from django.utils import timezone

        from feedback import files

        upload = SimpleUploadedFile("ảnh chụp.png", PNG, "image/png")
        checked = files.checked_all([upload])
        return files.keep(checked, case=case, audience=audience, by=None, at=timezone.now())[0]

    def test_a_file_is_a_download_for_those_of_its_audience(self) -> None:
        case, other = make.case_in(Status.FORWARDED, self.team), make.case()
        ours, shared = self.file_of(case, Audience.DEPARTMENT), self.file_of(case, Audience.FACILITY)
        answer = self.get(self.team.officer, address(case, "attachment", ours.token))
        self.assertTrue(b"".join(answer.streaming_content).startswith(b"\x89PNG"))
        self.assertTrue(answer["Content-Disposition"].startswith("attachment"))
        self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", answer["Content-Security-Policy"])
        self.assertEqual(
            self.get(self.team.quality_officer, address(case, "attachment", shared.token)).status_code, 200
        )
        self.assertEqual(self.get(self.team.quality_officer, address(case, "attachment", ours.token)).status_code, 404)
        self.assertEqual(self.get(self.team.stranger, address(case, "attachment", shared.token)).status_code, 404)
        self.assertEqual(self.get(self.team.officer, address(other, "attachment", ours.token)).status_code, 404)
        self.client.logout()
        self.assertEqual(self.client.get(address(case, "attachment", ours.token)).status_code, 302)


class NoteTests(PageTestCase):
    def write(self, user: AbstractUser, case: Case, **form: str) -> Any:
        self.client.force_login(user)
        return self.client.post(address(case, "note"), form)

    def test_a_note_is_kept_with_its_audience(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        self.write(self.team.officer, case, text="Đã gọi bệnh viện", audience="facility")
        note = Note.objects.get(case=case)
        self.assertEqual((note.text, note.audience, note.by), ("Đã gọi bệnh viện", "facility", self.team.officer))

    def test_a_facility_cannot_write_for_the_department_alone(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        answer = self.write(self.team.quality_officer, case, text="xin gia hạn", audience="department")
        self.assertEqual(answer.status_code, 200)
        self.assertContains(answer, "xin gia hạn")
        self.assertFalse(Note.objects.exists())

    def test_an_empty_or_unstorable_note_is_refused_and_kept_on_the_page(self) -> None:
        case = make.case()
        for text in ("", "   ", "a\x00b"):
            self.assertEqual(self.write(self.team.officer, case, text=text, audience="department").status_code, 200)
        self.assertFalse(Note.objects.exists())

    def test_who_may_not_note_has_no_form(self) -> None:
        case = make.case()
        self.assertNotContains(self.get(self.team.auditor, address(case)), 'data-form="note"')
        self.write(self.team.auditor, case, text="a", audience="department")
        self.assertFalse(Note.objects.exists())


class RevealTests(PageTestCase):
    def test_others_have_no_such_page(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team, reporter={"phone": "0911222333"})
        for user in (self.team.quality_officer, self.team.director, self.team.auditor):
            self.client.force_login(user)
            self.assertEqual(
                self.client.post(address(case, "reporter"), {"reason": "a"}).status_code, 403, user.username
            )
