"""What surrounds every page: sign-in, language, quick search, error pages."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.test import TestCase, override_settings
from django.urls import reverse
from unfold.settings import get_config

from feedback.choices import Status
from tests.feedback import factories as make


class FrameTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()

    def test_sign_in_names_the_department(self) -> None:
        self.assertContains(self.client.get("/console/login/?next=/console/feedback/case/"), "Sở Y tế")

    def test_a_wrong_password_is_said_in_words(self) -> None:
        answer = self.client.post("/console/login/", {"login": "nobody", "password": "x"})
        self.assertContains(answer, "errornote")

    def test_the_language_is_switched_by_a_form_of_its_own(self) -> None:
        self.client.force_login(self.team.officer)
        self.assertContains(self.client.get(reverse("admin:index")), 'action="/tai-khoan/ngon-ngu/"')
        self.client.post("/tai-khoan/ngon-ngu/", {"language": "en", "next": "/console/"})
        self.assertContains(self.client.get(reverse("admin:index")), "To do now")

    def test_the_quick_search_finds_cases_and_pages_one_may_open(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team, body="Nhà vệ sinh khoa khám rất bẩn")
        for user, words, is_found in (
            (self.team.officer, "nha ve sinh", True),
            (self.team.officer, case.reference, True),
            (self.team.stranger, case.reference, False),
            (make.person("sysadmin"), case.reference, False),
        ):
            self.client.force_login(user)
            text = self.client.get(reverse("admin:search"), {"s": words, "extended": "1"}).content.decode()
            with self.subTest(user=user.username, words=words):
                self.assertEqual(case.reference in text, is_found)
        for odd in ("", " ", "\x00", "x" * 5000, "%", "'"):
            self.assertIn(self.client.get(reverse("admin:search"), {"s": odd, "page": "x"}).status_code, (200, 400))

    def test_responses_carry_the_policy_without_inline_scripts(self) -> None:
        self.client.force_login(self.team.officer)
        policy = self.client.get(reverse("admin:index"))["Content-Security-Policy"]
        self.assertRegex(policy, "(^|; )script-src 'self' 'unsafe-eval'(;|$)")
        self.assertRegex(policy, "(^|; )style-src 'self'(;|$)")

    def test_the_palette_holds_every_colour_of_the_theme(self) -> None:
        palette = Path(finders.find("console/colours.css")).read_text()
        for name, weights in get_config()["COLORS"].items():
            for weight in weights:
                self.assertIn(f"--color-{name}-{weight}:", palette)
        self.client.force_login(self.team.officer)
        self.assertNotContains(self.client.get(reverse("admin:index")), "<style")

    def test_no_page_of_ours_holds_an_inline_script(self) -> None:
        case = make.case_in(Status.ANSWERED, self.team)
        self.client.force_login(self.team.officer)
        for page in (
            reverse("admin:index"),
            reverse("admin:feedback_case_changelist"),
            reverse("admin:feedback_case_change", args=[case.pk]),
            reverse("admin:feedback_case_step", args=[case.pk, Status.CHECKED]),
            reverse("admin:feedback_case_correction", args=[case.pk]),
            "/console/login/",
        ):
            text = self.client.get(page).content.decode()
            with self.subTest(page=page):
                self.assertNotRegex(text, r"<script(?![^>]*\bsrc=)[^>]*>")
                self.assertNotRegex(text, r"\son(click|load|submit|change)=")


@override_settings(DEBUG=False)
class ErrorPageTests(TestCase):
    def test_each_says_what_happened_and_what_to_do(self) -> None:
        self.assertContains(self.client.get("/khong-co-trang-nay/"), "404", status_code=404)
        self.assertContains(self.client.get("/?a=%00"), "400", status_code=400)

    def test_a_form_without_its_token_is_explained(self) -> None:
        from django.test import Client

        strict = Client(enforce_csrf_checks=True)
        self.assertEqual(strict.post("/tai-khoan/ngon-ngu/", {"language": "en"}).status_code, 403)

    def test_the_page_for_our_own_faults_asks_no_database(self) -> None:
        from django.template.loader import render_to_string

        with self.assertNumQueries(0):
            self.assertIn("500", render_to_string("errors/500.html", {"authority_name": "Sở Y tế"}))
