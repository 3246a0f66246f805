"""The table of who sees what, as people read it."""

from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test import TestCase

from accounts.services import seed_roles


class ShowAccessTests(TestCase):
    def shown(self) -> str:
        seed_roles()
        out = StringIO()
        call_command("show_access", stdout=out)
        return out.getvalue()

    def test_the_page_in_the_docs_is_true(self) -> None:
        page = Path(settings.BASE_DIR, "docs", "access.md").read_text(encoding="utf-8")
        self.assertEqual(self.shown().strip(), page.strip(), "run: dev.py manage show_access --write docs/access.md")

    def test_a_role_without_rights_sees_nothing_and_nobody_sees_what_they_are_kept_from(self) -> None:
        rules = self.shown().split("## feedback.Case\n")[1].split("\n## ")[0]
        self.assertIn("| System administrator | nothing |", rules)
        seeing = [line for line in rules.splitlines() if line.startswith("| ") and "nothing" not in line][1:]
        self.assertTrue(seeing)
        for line in seeing:
            if "---" not in line:
                self.assertIn("recused cases", line)
