"""The draft of a call: it comes back to who typed it, it is read by nobody else, and it goes with the case."""

from datetime import timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import TestCase, override_settings
from django.utils import timezone

from accounts.access.scope import on_behalf_of
from feedback.models import Case, Draft
from feedback.operator import drafts
from feedback.tasks import drop_old_drafts
from tests.feedback import factories as make
from tests.public.pages import hidden, text_of

RECORD = "/console/ghi-nhan/"
DRAFT = RECORD + "ban-nhap/"
KEY = "0123456789abcdef" * 2
TYPED = {"key": KEY, "phone": "0912345678", "body": "Chờ từ sáng đến trưa.", "is_confidential": "on", "urgency": "S2"}


class DraftTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()

    def setUp(self) -> None:
        self.client.force_login(self.team.operator)

    def put(self, content: Any = TYPED) -> HttpResponse:
        return self.client.put(DRAFT, content, content_type="application/json")

    def save(self, key: str = KEY, **changes: Any) -> HttpResponse:
        call = {"key": key, "body": make.BODY, "channel": "HOTLINE_SYT"}
        return self.client.post(RECORD, call | changes)

    def made_old(self, hours: int) -> None:
        Draft.objects.update(saved_at=timezone.now() - timedelta(hours=hours))

    def test_what_was_typed_comes_back_with_the_form(self) -> None:
        said = self.put().json()["saved_at"]
        page = self.client.get(RECORD)
        text = text_of(page)
        self.assertIn('value="0912345678"', text)
        self.assertIn(TYPED["body"], text)
        self.assertRegex(text, r'name="is_confidential"[^>]* checked')
        self.assertRegex(text, r'value="S2"[^>]* checked')
        self.assertIn(said, text)
        self.assertEqual(hidden(page, "key"), KEY)
        self.assertIn("no-store", page["Cache-Control"])

    def test_the_last_words_replace_the_ones_before(self) -> None:
        self.put()
        self.put(TYPED | {"body": "Câu sau."})
        self.assertEqual(Draft.objects.get().opened()["body"], "Câu sau.")

    def test_nothing_of_it_stands_in_the_database_in_the_clear(self) -> None:
        self.put()
        with connection.cursor() as cursor:
            cursor.execute("SELECT d::text, encode(sealed, 'escape') FROM feedback_draft d")
            row = " ".join(cursor.fetchone())
        self.assertNotIn("0912345678", row)
        self.assertNotIn("sáng", row)

    def test_it_is_its_operators_alone(self) -> None:
        self.put()
        with on_behalf_of(make.fresh(self.team.operator)):
            self.assertEqual(Draft.objects.count(), 1)
        for other in (self.team.lead, self.team.auditor, make.person("operator"), make.person("sysadmin")):
            with self.subTest(reader=other.username), on_behalf_of(make.fresh(other)):
                self.assertEqual(Draft.objects.count(), 0)
        self.client.force_login(make.person("operator"))
        self.assertNotContains(self.client.get(RECORD), "0912345678")
        self.client.delete(DRAFT)
        self.assertTrue(Draft.objects.exists())

    def test_one_pasted_into_anothers_row_does_not_open(self) -> None:
        self.put()
        Draft.objects.update(owner=self.team.lead)
        self.client.force_login(self.team.lead)
        with self.assertLogs("common.sealing", "ERROR"):
            page = self.client.get(RECORD)
        self.assertNotContains(page, "0912345678")
        self.assertContains(page, 'class="rec-draft" role="alert"')

    def test_it_goes_with_the_case(self) -> None:
        self.put()
        self.assertEqual(self.save().status_code, 302)
        self.assertTrue(Case.objects.exists())
        self.assertFalse(Draft.objects.exists())

    def test_it_goes_with_a_call_that_ends_at_once(self) -> None:
        self.put()
        self.save(outcome="prank")
        self.assertFalse(Draft.objects.exists())

    def test_it_stays_while_the_call_is_refused(self) -> None:
        self.put()
        self.assertEqual(self.save(body=" ").status_code, 422)
        self.assertTrue(Draft.objects.exists())

    def test_another_forms_call_leaves_it(self) -> None:
        self.put()
        self.save("f" * 32)
        self.assertTrue(Draft.objects.exists())

    def test_words_that_arrive_after_the_call_are_not_kept(self) -> None:
        self.save()
        self.assertEqual(self.put().status_code, 409)
        self.assertFalse(Draft.objects.exists())

    def test_a_draft_of_a_recorded_call_does_not_come_back(self) -> None:
        self.put()
        row = Draft.objects.values().get()
        self.save()
        Draft.objects.create(**row)  # both at once: the words were written after the call had been looked for
        self.assertNotContains(self.client.get(RECORD), "0912345678")

    def test_the_form_that_came_back_is_one_call_however_often_it_is_sent(self) -> None:
        self.put()
        key = hidden(self.client.get(RECORD), "key")
        self.save(key)
        self.save(key)
        self.assertEqual(Case.objects.count(), 1)

    def test_it_can_be_thrown_away(self) -> None:
        self.put()
        for _again in range(2):
            self.assertEqual(self.client.delete(DRAFT).status_code, 204)
        self.assertFalse(Draft.objects.exists())
        self.assertNotEqual(hidden(self.client.get(RECORD), "key"), KEY)

    def test_after_a_shift_it_is_gone(self) -> None:
        self.put()
        self.made_old(hours=11)
        drop_old_drafts()
        self.assertContains(self.client.get(RECORD), "0912345678")
        self.made_old(hours=12)
        self.assertNotContains(self.client.get(RECORD), "0912345678")
        for _again in range(2):
            drop_old_drafts()
            self.assertFalse(Draft.objects.exists())

    def test_what_no_form_of_ours_sends_is_not_kept(self) -> None:
        odd = [f'{{"key": "{KEY}", "body": {body}}}' for body in ("5", "null", '"\\u0000"', '"\\ud800"')]
        for content in ("x", "[]", "{}", '{"key": 1}', *odd):
            with self.subTest(content=content):
                self.assertEqual(self.put(content).status_code, 422)
        self.assertEqual(self.put(TYPED | {"body": "a" * 100_001}).status_code, 422)
        self.assertFalse(Draft.objects.exists())

    def test_only_what_the_form_asks_for_is_kept(self) -> None:
        self.put(TYPED | {"csrfmiddlewaretoken": "x", "note": "y"})
        self.assertEqual(Draft.objects.get().opened(), TYPED)

    def test_only_those_who_record_have_one(self) -> None:
        for person in (self.team.quality_officer, self.team.auditor, self.team.stranger):
            self.client.force_login(person)
            self.assertEqual(self.put().status_code, 403)
            self.assertEqual(self.client.delete(DRAFT).status_code, 403)
        self.client.logout()
        self.assertEqual(self.put().status_code, 302)
        self.assertFalse(Draft.objects.exists())

    def test_a_new_key_seals_it_anew(self) -> None:
        with override_settings(FIELD_KEYS={"old": b"o" * 32}):
            self.put()
        with override_settings(FIELD_KEYS={"new": b"n" * 32, "old": b"o" * 32}):
            out = StringIO()
            call_command("rotate_keys", stdout=out)
            self.assertIn("feedback.Draft: 1 under new (seals)", out.getvalue())
        with override_settings(FIELD_KEYS={"new": b"n" * 32}):
            kept = drafts.of(make.fresh(self.team.operator))
            self.assertEqual(kept.opened()["phone"], "0912345678")
