"""New passwords: which are refused, and the way to one by mail."""

import re
from datetime import timedelta

import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client, TestCase
from django.utils import timezone

from accounts.models import User
from accounts.signin import throttling
from accounts.signin.models import Attempt
from accounts.signin.passwords import HardToGuess
from accounts.tasks import forget_old_attempts
from audit.models import Act, Entry
from tests.feedback import factories as make

FORGOTTEN, CODE, NEW = "/console/mat-khau/quen/", "/console/mat-khau/ma/", "/console/mat-khau/moi/"
GOOD = "rung-tram-tra-su-47"


class GuessableTests(TestCase):
    def test_what_attackers_try_first_is_refused(self) -> None:
        user = User(username="lan.nguyen", display_name="Nguyễn Thị Lan", email="lan.nguyen@example.invalid")
        for password in (
            "password123", "qwertyuiop12", "iloveyou1234", "nguyenthilan1", "lannguyen2026", "matkhau2026",
            "langnghe123", "benhvien2026", "aaaaaaaaaaaa", "abcdefghijkl", "P@ssw0rd2026",
        ):  # fmt: skip
            with self.subTest(password=password), self.assertRaises(ValidationError):
                HardToGuess().validate(password, user)

    def test_words_without_relation_are_taken(self) -> None:
        for password in (GOOD, "trâu vàng uống trà sen 5", "7Gk!vq2Lw#xPz", "x" * 10 + "đom đóm bay qua cầu khỉ " * 40):
            with self.subTest(password=password[:20]):
                validate_password(password)


class ResetTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.officer = make.person("officer", name="lan.nguyen")
        cls.officer.email = "Lan.Nguyen@example.invalid"
        cls.officer.set_password("mat khau cu cua lan 19")
        cls.officer.save()

    def ask(self, email: str = "lan.nguyen@example.invalid", client: Client | None = None):
        return (client or self.client).post(FORGOTTEN, {"email": email})

    def code(self) -> str:
        return re.search(r"^Mã của anh/chị: (\S+)$", mail.outbox[-1].body, re.M)[1]

    def test_a_code_by_mail_leads_to_a_new_password_and_ends_all_sessions(self) -> None:
        elsewhere = Client()
        elsewhere.force_login(self.officer)
        self.assertRedirects(self.ask(), CODE)
        self.assertEqual([each.to for each in mail.outbox], [["lan.nguyen@example.invalid"]])
        self.assertIn("Mã của anh/chị", mail.outbox[0].body)
        self.assertNotIn("http", mail.outbox[0].body)
        self.assertRedirects(self.client.post(CODE, {"code": self.code()}), NEW)
        self.assertContains(self.client.post(NEW, {"password1": "matkhau2026", "password2": "matkhau2026"}), "dễ đoán")
        self.assertRedirects(self.client.post(NEW, {"password1": GOOD, "password2": GOOD}), "/console/login/")
        self.officer.refresh_from_db()
        self.assertTrue(self.officer.check_password(GOOD))
        self.assertEqual(elsewhere.get("/console/").status_code, 302)
        self.assertEqual(self.client.get("/console/").status_code, 302, "a new password alone signs nobody in")
        entry = Entry.objects.get(act=Act.SESSIONS)
        self.assertEqual((entry.by, entry.reason), (self.officer, "password_reset"))

    def test_who_has_no_password_makes_one_with_a_code(self) -> None:
        self.officer.set_unusable_password()
        self.officer.save()
        self.ask()
        self.client.post(CODE, {"code": self.code()})
        self.client.post(NEW, {"password1": GOOD, "password2": GOOD})
        self.officer.refresh_from_db()
        self.assertTrue(self.officer.check_password(GOOD))

    def test_nobody_learns_whether_an_address_has_an_account(self) -> None:
        off = make.person("officer", name="da.nghi")
        off.email, off.is_active = "da.nghi@example.invalid", False
        off.save()
        system = User.objects.create_user("he-thong-khac", email="he-thong@example.invalid", is_staff=False)
        seen = []
        for email in ("lan.nguyen@example.invalid", "khong.co@example.invalid", off.email, system.email):
            client = Client()
            first = self.ask(email, client)
            pages = [first.headers["Location"], client.get(CODE), client.post(CODE, {"code": "SAISAI"})]
            texts = [getattr(page, "content", b"").decode().replace(email, "") for page in pages]
            seen.append([re.sub(r'(value|nonce)="[^"]*"', "", text) for text in texts])
        self.assertEqual(len(mail.outbox), 1)
        for other in seen[1:]:
            self.assertEqual(seen[0], other)

    def test_the_mail_goes_out_after_the_answer(self) -> None:
        from accounts.signin.views import ForgottenPage

        sent_before_closing = []
        original = ForgottenPage.form_valid

        def watched(page, form):
            answer = original(page, form)
            sent_before_closing.append(len(mail.outbox))
            return answer

        ForgottenPage.form_valid = watched
        self.addCleanup(setattr, ForgottenPage, "form_valid", original)
        self.ask()
        self.assertEqual((sent_before_closing, len(mail.outbox)), ([0], 1))

    def test_a_wrong_code_opens_nothing_and_three_end_it(self) -> None:
        self.ask()
        for _try in range(3):
            self.client.post(CODE, {"code": "SAISAI"})
        self.client.post(CODE, {"code": self.code()})
        self.assertEqual(self.client.get(NEW).status_code, 302)

    def test_the_code_holds_for_ten_minutes(self) -> None:
        self.ask()
        with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
            self.assertEqual(self.client.post(CODE, {"code": self.code()}).status_code, 302)
            self.assertNotEqual(self.client.get(NEW).status_code, 200)

    def test_many_mails_to_one_address_wait(self) -> None:
        for _mail in range(3):
            self.ask(client=Client())
        answer = self.ask(client=Client())
        self.assertEqual((answer.status_code, len(mail.outbox)), (429, 3))
        self.assertGreater(int(answer.headers["Retry-After"]), 500)
        self.assertContains(answer, "Đã thử quá nhiều lần", status_code=429)


class AttemptTests(TestCase):
    def test_counts_that_decide_nothing_any_more_go(self) -> None:
        now = timezone.now()
        for mark, hours, waits in (("old", 3, None), ("fresh", 0, None), ("waiting", 3, now + timedelta(minutes=5))):
            Attempt.objects.create(
                kind="account", mark=mark, failures=1, last_at=now - timedelta(hours=hours), waits_until=waits
            )
        forget_old_attempts()
        forget_old_attempts()
        self.assertEqual(set(Attempt.objects.values_list("mark", flat=True)), {"fresh", "waiting"})
        self.assertEqual(throttling.forget_old(), 0)
