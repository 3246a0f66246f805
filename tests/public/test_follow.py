"""The follow-up page: nothing without the code, everything with it, and every deed once."""

import re

from django.utils import timezone

from feedback.choices import Audience, Status
from feedback.models import Attachment, Case, Note
from feedback.public.progress import SENTENCES, progress_of
from feedback.receipts import case_of, code_from, shown
from feedback.services import add_note
from notifications.models import Outbox
from tests.feedback import factories as make
from tests.files import upload
from tests.public.pages import FOLLOW, PageTests, text_of

SECRET = "1f" * 32


class FollowTests(PageTests):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.team = make.Team()

    def case_in(self, status: Status, **changes) -> tuple[Case, str]:
        case = make.case_in(status, self.team, source="public", channel="WEB", receipt_secret=SECRET, **changes)
        return case, code_from(SECRET)

    def test_the_code_is_read_however_it_is_typed(self) -> None:
        code = self.code_of_a_case()
        reference = Case.objects.get().reference
        for typed in (
            code,
            code.lower(),
            shown(code),
            f"  {shown(code).lower()} ",
            " ".join(code),
            code.replace("0", "o"),
        ):
            self.assertContains(self.follow(typed), reference)

    def test_every_wrong_code_gets_the_same_answer(self) -> None:
        code = self.code_of_a_case()
        other_verifier = code_from("ab" * 32)
        answers = set()
        for wrong in (
            "",
            "x",
            "0" * 26,
            code[:9] + other_verifier[9:],
            other_verifier,
            "\x00" * 26,
            "é" * 26,
            "a" * 90_000,
        ):
            response = self.follow(wrong)
            self.assertEqual(response.status_code, 404)
            answers.add(re.sub(r'(id="id_code" class="code" value=)"[^"]*"', r"\1", text_of(response)))
        self.assertEqual(len(answers), 1)

    def test_the_reference_opens_nothing(self) -> None:
        self.code_of_a_case()
        self.assertEqual(self.follow(Case.objects.get().reference).status_code, 404)

    def test_a_code_in_the_address_opens_nothing(self) -> None:
        code = self.code_of_a_case()
        response = self.client.get(FOLLOW, {"code": code})
        self.assertNotIn(Case.objects.get().reference, text_of(response))
        self.assertNotIn(code, text_of(response))

    def test_the_page_is_kept_nowhere_and_holds_the_code_in_no_address(self) -> None:
        code = self.code_of_a_case()
        response = self.follow(code)
        self.assertEqual((response["Cache-Control"], response["Referrer-Policy"]), ("no-store", "no-referrer"))
        self.assertNotRegex(text_of(response), rf'(href|action|src)="[^"]*{code[:9]}')

    def test_every_status_has_its_sentence(self) -> None:
        self.assertEqual(set(SENTENCES), set(Status))

    def test_each_status_can_be_looked_at(self) -> None:
        for number, status in enumerate(Status):
            secret = f"{number:02x}" * 32
            make.case_in(status, self.team, source="public", channel="WEB", receipt_secret=secret)
            with self.subTest(status=status):
                self.assertContains(self.follow(code_from(secret)), f'data-status="{status}"')

    def test_the_text_the_facilitys_answer_and_inner_notes_stay_inside(self) -> None:
        case, code = self.case_in(Status.ANSWERED, reporter={"name": "Canary Tên", "phone": "0900000009"})
        officer = make.fresh(self.team.officer)
        add_note(case, "Ghi chú nội bộ canary", audience=Audience.DEPARTMENT, by=officer)
        add_note(case, "Ghi chú cho cơ sở canary", audience=Audience.FACILITY, by=officer)
        text = text_of(self.follow(code))
        for secret in ("canary", "Canary", "0900000009", make.BODY, make.GIVEN["findings"], officer.username):
            self.assertNotIn(secret, text)

    def test_a_confidential_case_does_not_name_the_facility(self) -> None:
        _case, code = self.case_in(Status.RECEIVED, is_confidential=True, facility="T01")
        self.assertNotIn(self.team.hospital.name, text_of(self.follow(code)))

    def test_the_reply_and_the_result_are_shown(self) -> None:
        _case, code = self.case_in(Status.PUBLISHED)
        response = self.follow(code)
        self.assertContains(response, make.GIVEN["reply"])
        self.assertContains(response, make.GIVEN["public_summary"])
        self.assertContains(response, 'aria-current="step"')

    def test_a_question_is_shown_and_can_be_answered_with_a_file(self) -> None:
        case, code = self.case_in(Status.WAITING)
        self.assertContains(self.follow(code), make.GIVEN["question"])
        response = self.follow(code, act="add", text="Ngày 20/11, quầy 3.", files=[upload()])
        self.assertContains(response, "Ngày 20/11, quầy 3.")
        note = Note.objects.get(case=case, by=None)
        self.assertEqual((note.text, note.audience), ("Ngày 20/11, quầy 3.", Audience.DEPARTMENT))
        self.assertEqual(Attachment.objects.get(case=case).audience, Audience.DEPARTMENT)

    def test_a_reload_adds_nothing(self) -> None:
        case, code = self.case_in(Status.RECEIVED)
        for _number in range(3):
            self.follow(code, act="add", text="Bổ sung.", files=[upload()])
        self.assertEqual((Note.objects.filter(case=case).count(), Attachment.objects.filter(case=case).count()), (1, 1))

    def test_whoever_has_the_case_hears_of_words_and_of_files(self) -> None:
        case, code = self.case_in(Status.WAITING)
        self.follow(code, act="add", text="Ngày 20/11.")
        self.follow(code, act="add", text="", files=[upload()])
        self.follow(code, act="add", text="", files=[upload()])
        told = Outbox.objects.filter(template="case_word", recipient=case.assignee, channel="inbox")
        self.assertEqual((told.count(), Note.objects.filter(case=case, by=None).count()), (2, 2))

    def test_what_cannot_be_kept_is_said_and_kept_on_the_page(self) -> None:
        _case, code = self.case_in(Status.RECEIVED)
        for sent in (
            {"text": " "},
            {"text": "a\x00b"},
            {"text": "a" * 5001},
            {"text": "ổn", "files": [upload("a.svg", b"<svg/>")]},
        ):
            response = self.follow(code, act="add", **sent)
            self.assertContains(response, 'role="alert"', status_code=422)
        self.assertContains(response, "ổn", status_code=422)
        self.assertFalse(Note.objects.exists())
        self.assertFalse(Attachment.objects.exists())

    def test_endless_messages_come_to_an_end(self) -> None:
        case, code = self.case_in(Status.RECEIVED)
        now = timezone.now()
        Note.objects.bulk_create(Note(case=case, at=now, text=f"{n}", audience="department") for n in range(50))
        self.assertEqual(self.follow(code, act="add", text="thêm nữa").status_code, 422)

    def test_markup_is_shown_as_text(self) -> None:
        _case, code = self.case_in(Status.RECEIVED)
        response = self.follow(code, act="add", text="<script>alert(1)</script>")
        self.assertNotIn("<script>alert", text_of(response))

    def test_satisfaction_is_asked_only_after_a_reply(self) -> None:
        _case, code = self.case_in(Status.CONFIRMED)
        self.assertNotContains(self.follow(code), 'name="satisfaction"')
        response = self.follow(code, act="rate", satisfaction="yes")
        self.assertEqual(response.status_code, 422)
        self.assertEqual(Case.objects.get(pk=_case.pk).satisfaction, "")

    def test_each_answer_is_kept_once(self) -> None:
        case, code = self.case_in(Status.REPLIED)
        self.assertContains(self.follow(code), 'name="satisfaction"')
        self.assertEqual(self.follow(code, act="rate").status_code, 422)
        self.assertEqual(self.follow(code, act="rate", satisfaction="bad").status_code, 422)
        self.assertNotContains(
            self.follow(code, act="rate", satisfaction="partly", comment="Còn chậm."), 'name="satisfaction"'
        )
        self.follow(code, act="rate", satisfaction="no", comment="Còn chậm.")
        case.refresh_from_db()
        self.assertEqual(case.satisfaction, "partly")
        self.assertEqual(Note.objects.filter(case=case, by=None).count(), 1)

    def test_who_is_not_satisfied_is_heard_by_the_lead_once(self) -> None:
        _case, code = self.case_in(Status.CLOSED)
        for _number in range(2):
            self.follow(code, act="rate", satisfaction="no", comment="Chưa trả lời đúng câu hỏi.")
        told = Outbox.objects.filter(template="case_unsatisfied", recipient=self.team.lead)
        self.assertEqual(told.values("channel").distinct().count(), told.count())
        self.assertGreater(told.count(), 0)

    def test_a_merged_case_follows_the_one_that_goes_on(self) -> None:
        case, _code = self.case_in(Status.MERGED)
        progress = progress_of(case_of(_code))
        self.assertEqual(len(progress.steps), 4)

    def test_the_language_changes_on_the_page_itself(self) -> None:
        _case, code = self.case_in(Status.RECEIVED)
        self.assertContains(self.follow(code, language="en"), "The department has your feedback.")
        self.assertContains(self.client.post(FOLLOW, {"language": "vi", "code": ""}), '<html lang="vi">')

    def test_guessing_is_slowed_down(self) -> None:
        for _number in range(20):
            self.follow("0" * 26)
        response = self.follow("0" * 26)
        self.assertEqual(response.status_code, 429)
        self.assertIn("Retry-After", response.headers)

    def test_what_is_no_form_gets_a_page(self) -> None:
        response = self.client.post(
            FOLLOW, "code=" + "a" * 10_000_000, content_type="application/x-www-form-urlencoded"
        )
        self.assertEqual(response.status_code, 413)
