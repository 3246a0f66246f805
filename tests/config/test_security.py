"""What every answer tells the browser, by the part of the site it belongs to."""

import os
import re
import subprocess
import sys

from django.test import Client, TestCase, override_settings

from config.dev.checks import PRODUCTION_LIKE
from config.dev.state import ROOT
from tests.feedback import factories as make

NONCE = re.compile(r"'nonce-([^']+)'")


class HeaderTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.officer = make.person("officer")

    def test_only_the_console_may_evaluate(self) -> None:
        for path in ("/", "/phan-anh/", "/tra-cuu/", "/cong-khai/", "/api/v1/", "/api/v1/docs/", "/console/login/"):
            with self.subTest(path=path):
                policy = self.client.get(path)["Content-Security-Policy"]
                self.assertNotIn("unsafe", policy)
                self.assertIn("frame-ancestors 'none'", policy)
        self.client.force_login(self.officer)
        policy = self.client.get("/console/")["Content-Security-Policy"]
        self.assertIn("'unsafe-eval'", policy)
        self.assertNotRegex(policy, "(script|style)-src [^;]*'unsafe-inline'")
        self.assertNotIn("unsafe", self.client.post("/console/logout/")["Content-Security-Policy"])

    def test_each_answer_has_a_nonce_of_its_own_and_its_scripts_carry_it(self) -> None:
        seen = set()
        for path in ("/phan-anh/", "/phan-anh/", "/api/v1/docs/", "/console/login/"):
            answer = self.client.get(path)
            nonce = NONCE.search(answer["Content-Security-Policy"]).group(1)
            seen.add(nonce)
            scripts = re.findall("<script[^>]*>", answer.content.decode())
            self.assertTrue(scripts)
            for script in scripts:
                self.assertIn(f'nonce="{nonce}"', script)
        self.assertEqual(len(seen), 4)

    def test_the_other_headers(self) -> None:
        answer = self.client.get("/")
        for name, value in {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }.items():
            self.assertEqual(answer[name], value)
        self.assertIn("camera=()", answer["Permissions-Policy"])
        with override_settings(SECURE_HSTS_SECONDS=31_536_000):
            self.assertIn("max-age=31536000", Client().get("/", secure=True)["Strict-Transport-Security"])

    def test_nothing_personal_is_kept_on_the_way(self) -> None:
        self.client.force_login(self.officer)
        for path in ("/console/", "/console/feedback/case/", "/console/phien/", "/api/v1/cases/", "/console/khong-co/"):
            with self.subTest(path=path):
                self.assertIn("no-store", self.client.get(path)["Cache-Control"])


def test_a_production_installation_has_nothing_to_complain_about() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**os.environ, **PRODUCTION_LIKE},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
