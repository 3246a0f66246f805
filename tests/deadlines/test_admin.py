"""The console's pages: a stranger, somebody without the record, the right person."""

from datetime import timedelta

from django.contrib.auth.models import Permission
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from deadlines.models import CalendarDay, Deadline, DeadlineRule, Ladder
from deadlines.sweep import sweep
from tests.deadlines import factories as make
from tests.forms import form_in


class AdminTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        make.calendar()
        cls.officer = make.person("officer", is_staff=True)
        cls.stranger = make.person("stranger", is_staff=True)
        mine = Permission.objects.filter(content_type__app_label="deadlines")
        for user in (cls.officer, cls.stranger):
            user.user_permissions.set(mine)
        make.rule(make.usual_ladder())

    def setUp(self):
        self.staff = make.Staff()
        self.staff.by_role = {"lead": [self.officer.pk]}
        context = make.registered(make.subject_for(self.staff))
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.record = make.record()
        self.officer.groups.add(self.record)
        self.deadline = make.opened(self.record, self.officer, timezone.now() - timedelta(hours=30))
        self.client.force_login(self.officer)

    def get(self, name, *args, **query):
        return self.client.get(reverse(f"admin:deadlines_{name}", args=args), query)

    def test_list_shows_deadlines_of_records_one_may_see(self):
        self.assertContains(self.get("deadline_changelist"), f"GR-{self.record.pk}")
        self.client.force_login(self.stranger)
        self.assertNotContains(self.get("deadline_changelist"), f"GR-{self.record.pk}")
        self.assertEqual(self.get("deadline_change", self.deadline.pk).status_code, 302)

    def test_page_explains_and_shows_the_ledger(self):
        sweep()
        page = self.get("deadline_change", self.deadline.pk)
        self.assertContains(page, Deadline.objects.get().derivation["source"])
        self.assertEqual(page.status_code, 200)

    def test_list_filters(self):
        for standing, count in (("", 1), ("late", 1), ("paused", 0), ("ended", 0), ("all", 1)):
            with self.subTest(standing=standing):
                page = self.get("deadline_changelist", **({"standing": standing} if standing else {}))
                self.assertEqual(page.context["cl"].result_count, count)

    def test_nothing_is_changed_by_hand(self):
        self.assertEqual(self.get("deadline_add").status_code, 403)
        url = reverse("admin:deadlines_deadline_change", args=[self.deadline.pk])
        self.assertEqual(self.client.post(url, {"state": "done"}).status_code, 403)
        self.assertEqual(self.get("deadline_delete", self.deadline.pk).status_code, 403)

    def test_queries_do_not_grow_with_the_rows(self):
        self.get("deadline_changelist")
        with CaptureQueriesContext(connection) as few:
            self.get("deadline_changelist")
        for n in range(20):
            other = make.record(f"r{n}")
            self.officer.groups.add(other)
            make.opened(other, self.officer, timezone.now())
        with CaptureQueriesContext(connection) as many:
            self.get("deadline_changelist")
        self.assertEqual(len(few), len(many))

    def test_reference_pages_open(self):
        rows = {
            "deadlinerule": DeadlineRule.objects.first(),
            "ladder": Ladder.objects.get(code="urgent"),
            "calendarday": CalendarDay.objects.first(),
        }
        for model, row in rows.items():
            with self.subTest(model=model):
                self.assertEqual(self.get(f"{model}_changelist").status_code, 200)
                self.assertEqual(self.get(f"{model}_change", row.pk).status_code, 200)
                self.assertEqual(self.get(f"{model}_add").status_code, 200)

    def test_calendar_list_by_year(self):
        page = self.get("calendarday_changelist", year="2026")
        self.assertContains(page, "2026")
        self.assertEqual(page.context["cl"].result_count, CalendarDay.objects.filter(date__year=2026).count())

    def test_new_day_in_the_calendar_needs_a_source(self):
        url = reverse("admin:deadlines_calendarday_add")
        page = self.client.post(url, {"date": "09/03/2026", "kind": "off", "note": "", "source": ""})
        self.assertEqual(page.status_code, 200)
        self.assertFalse(CalendarDay.objects.filter(date="2026-03-09").exists())
        self.client.post(url, {"date": "09/03/2026", "kind": "off", "note": "", "source": "Quyết định"})
        self.assertTrue(CalendarDay.objects.filter(date="2026-03-09").exists())

    def test_day_that_is_there_already_is_a_sentence_not_an_error(self):
        url = reverse("admin:deadlines_calendarday_add")
        page = self.client.post(url, {"date": "01/01/2026", "kind": "off", "note": "", "source": "again"})
        self.assertEqual(page.status_code, 200)
        self.assertTrue(page.context["errors"])

    def test_ladder_is_changed_by_ticking_roles(self):
        ladder = Ladder.objects.get(code="urgent")
        steps = list(ladder.steps.order_by("position"))
        url = reverse("admin:deadlines_ladder_change", args=[ladder.pk])
        form = form_in(self.client.get(url), "opened")
        for n in range(len(steps)):
            form[f"steps-{n}-roles"] = ["unit_head", "director"]
        answer = self.client.post(url, form)
        self.assertEqual(answer.status_code, 302, answer.context and answer.context["errors"])
        steps[0].refresh_from_db()
        self.assertEqual(steps[0].roles, ["unit_head", "director"])

    def test_rule_that_lasts_no_time_is_refused_in_words(self):
        rule = DeadlineRule.objects.get(code="S1.ACK")
        url = reverse("admin:deadlines_deadlinerule_change", args=[rule.pk])
        form = form_in(self.client.get(url), "opened")
        self.assertEqual(self.client.post(url, {**form, "amount": 0}).status_code, 200)
        self.assertEqual(self.client.post(url, {**form, "amount": 20}).status_code, 302)
        rule.refresh_from_db()
        self.assertEqual((rule.amount, rule.history.count()), (20, 1))
