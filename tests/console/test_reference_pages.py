"""Channels and categories: read by everybody, changed by who may, with a reason, never deleted."""

from typing import Any

from django.test import TestCase
from django.urls import reverse

from feedback.models import Category, Channel
from tests.feedback import factories as make


class ReferencePageTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.channel = Channel.objects.get(code="HOTLINE_SYT")
        cls.category = Category.objects.get(code="QUYTRINH.01")

    def form(self, row: Channel | Category, **changes: Any) -> dict[str, Any]:
        """What the change form of a row sends."""
        page = self.client.get(self.address(row))
        fields = page.context_data["adminform"].form
        data = {field.html_name: field.value() for field in fields if str(field.value()) not in ("None", "", "False")}
        return data | changes

    def address(self, row: Channel | Category, page: str = "change") -> str:
        return reverse(f"admin:feedback_{row._meta.model_name}_{page}", args=[row.pk])

    def test_a_change_keeps_who_and_why(self) -> None:
        self.client.force_login(self.team.lead)
        data = self.form(self.channel, hours="7:00–17:00", reason="Công văn 123/SYT-NVY")
        self.assertEqual(self.client.post(self.address(self.channel), data).status_code, 302)
        newest = self.channel.history.first()
        self.assertEqual((newest.hours, newest.history_user), ("7:00–17:00", self.team.lead))
        self.assertEqual(newest.history_change_reason, "Công văn 123/SYT-NVY")
        self.assertContains(self.client.get(self.address(self.channel, "history")), "Công văn 123/SYT-NVY")

    def test_a_change_without_a_reason_is_refused(self) -> None:
        self.client.force_login(self.team.lead)
        answer = self.client.post(self.address(self.channel), self.form(self.channel, hours="7:00–17:00"))
        self.assertEqual(answer.status_code, 200)
        self.assertIn("reason", answer.context_data["adminform"].form.errors)

    def test_a_renamed_category_is_found_by_its_new_name(self) -> None:
        self.client.force_login(self.team.lead)
        data = self.form(self.category, name="Chờ khám quá lâu", reason="đổi tên")
        self.client.post(self.address(self.category), data)
        self.category.refresh_from_db()
        self.assertIn("cho kham qua lau", self.category.folded)

    def test_codes_stay(self) -> None:
        self.client.force_login(self.team.lead)
        self.client.post(self.address(self.channel), self.form(self.channel, code="KHAC", reason="thử"))
        self.channel.refresh_from_db()
        self.assertEqual(self.channel.code, "HOTLINE_SYT")

    def test_others_read_and_nobody_deletes(self) -> None:
        for user in (self.team.officer, self.team.quality_officer, self.team.operator):
            self.client.force_login(user)
            for row in (self.channel, self.category):
                self.assertEqual(self.client.get(self.address(row)).status_code, 200)
                self.assertEqual(self.client.post(self.address(row), {"name": "x", "reason": "x"}).status_code, 403)
        self.client.force_login(self.team.lead)
        for row in (self.channel, self.category):
            self.assertEqual(self.client.post(self.address(row, "delete"), {"post": "yes"}).status_code, 403)
