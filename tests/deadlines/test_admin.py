"""The console's pages: a stranger, somebody without the record, the right person."""

from datetime import timedelta

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.access.policies import policy_of
from deadlines.choices import Confidence, Nature
from deadlines.models import CalendarDay, Deadline, DeadlineRule, Ladder, WorkingPeriod
from deadlines.sweep import sweep
from tests.deadlines import factories as make
from tests.forms import form_in
from tests.rights import hold


class AdminTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        make.calendar()
        cls.officer = make.person("officer", is_staff=True)
        cls.stranger = make.person("stranger", is_staff=True)
        mine = Group.objects.create(name="Xem thời hạn")
        mine.permissions.set(Permission.objects.filter(content_type__app_label="deadlines"))
        for user in (cls.officer, cls.stranger):
            hold(user, mine)
        make.rule(make.usual_ladder())

    def setUp(self):
        self.staff = make.Staff()
        self.staff.by_role = {"lead": [self.officer.pk]}
        context = make.registered(make.subject_for(self.staff))
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        with connection.cursor() as cursor:  # as `migrate` writes it for the kinds of records that are registered
            cursor.execute(policy_of(Deadline, Deadline.access))
        self.record = make.record()
        hold(self.officer, self.record)
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
            hold(self.officer, other)
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
        page = self.client.post(
            url, {"authority": "default", "date": "09/03/2026", "kind": "off", "note": "", "source": ""}
        )
        self.assertEqual(page.status_code, 200)
        self.assertFalse(CalendarDay.objects.filter(date="2026-03-09").exists())

    def test_a_day_is_counted_before_it_is_saved_and_kept_with_its_source(self):
        make.rule(Ladder.objects.get(code="test"), "resolve", "working_days", 5)
        make.opened(make.record("counted"), self.officer, make.at("2026-03-06 09:00"), "resolve")
        url = reverse("admin:deadlines_calendarday_add")
        given = {
            "authority": "default",
            "date": "09/03/2026",
            "kind": "off",
            "is_announced": "on",
            "note": "",
            "source": "Quyết định 5",
        }
        page = self.client.post(url, given)
        (told,) = page.context["messages"]
        self.assertIn(" 1 lùi lại", told.message)
        self.assertFalse(page.context["errors"])
        self.assertFalse(CalendarDay.objects.filter(date="2026-03-09").exists())
        form = form_in(page, "counted")
        self.assertEqual(form["source"], ["Quyết định 5"])
        self.client.post(url, {**form, "kind": "half"})  # another change is counted anew
        self.assertFalse(CalendarDay.objects.filter(date="2026-03-09").exists())
        self.client.post(url, form)
        (row,) = CalendarDay.history.filter(date="2026-03-09")
        self.assertEqual((row.history_user, row.history_change_reason), (self.officer, "Quyết định 5"))

    def test_words_about_a_day_move_nothing_and_are_saved_at_once(self):
        day = CalendarDay.objects.get(date="2026-01-02")
        url = reverse("admin:deadlines_calendarday_change", args=[day.pk])
        form = form_in(self.client.get(url), "counted")
        self.assertEqual(self.client.post(url, {**form, "note": "Nghỉ bù"}).status_code, 302)
        day.refresh_from_db()
        self.assertEqual(day.note, "Nghỉ bù")

    def test_hours_are_counted_before_they_are_saved(self):
        monday = WorkingPeriod.objects.filter(weekday=0).last()
        url = reverse("admin:deadlines_workingperiod_change", args=[monday.pk])
        form = form_in(self.client.get(url), "counted") | {"ends": "16:00"}
        page = self.client.post(url, form)
        self.assertEqual(page.status_code, 200)
        self.assertEqual(self.client.post(url, form_in(page, "counted")).status_code, 302)
        monday.refresh_from_db()
        self.assertEqual(f"{monday.ends:%H:%M}", "16:00")

    def test_day_that_is_there_already_is_a_sentence_not_an_error(self):
        url = reverse("admin:deadlines_calendarday_add")
        page = self.client.post(
            url, {"authority": "default", "date": "01/01/2026", "kind": "off", "note": "", "source": "again"}
        )
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

    def test_rule_that_lasts_for_ages_is_refused_in_words(self):
        rule = DeadlineRule.objects.first()
        rule.clock = "months"
        rule.amount, rule.longest = 1200, None
        rule.full_clean()
        rule.amount = 1201
        with self.assertRaises(ValidationError):
            rule.full_clean()

    def test_rule_is_read_and_chosen_in_words(self):
        rule = DeadlineRule.objects.filter(subject="feedback.case", urgency="S2").exclude(category="").first()
        page = self.get("deadlinerule_changelist", q=rule.code)
        self.assertContains(page, "Nghiêm trọng, ")
        self.assertNotContains(page, f"S2, {rule.category}")
        page = self.get("deadlinerule_change", rule.pk)
        self.assertContains(page, '<option value="feedback.case" selected>Phản ánh</option>', html=True)
        self.assertContains(page, '<option value="S2" selected>Nghiêm trọng</option>', html=True)
        form = form_in(page, "opened")
        self.assertEqual(self.client.post(page.wsgi_request.path, {**form, "urgency": "S9"}).status_code, 200)
        self.assertEqual(self.client.post(page.wsgi_request.path, {**form, "urgency": "S3"}).status_code, 302)
        rule.refresh_from_db()
        self.assertEqual((rule.subject, rule.urgency), ("feedback.case", "S3"))

    def test_conditions_of_other_records_are_chosen_in_words_too(self):
        page = self.get("deadlinerule_change", DeadlineRule.objects.get(code="LD02").pk)
        self.assertContains(page, '<option value="NC3" selected>NC3 – Tổn thương nặng</option>', html=True)
        self.assertNotContains(page, "KHIEUNAI")
        self.assertNotContains(page, '<option value="S2"')  # nobody tells the urgency of an incident
        page = self.get("deadlinerule_change", DeadlineRule.objects.get(code="LA01").pk)
        self.assertContains(page, '<option value="alert" selected>')
        page = self.get("deadlinerule_change", DeadlineRule.objects.get(code="LD06").pk)
        self.assertContains(page, '<option value="half_year" selected>')

    def test_conditions_belong_to_the_records_that_were_chosen(self):
        rule = DeadlineRule.objects.get(code="S1.ACK")
        url = reverse("admin:deadlines_deadlinerule_change", args=[rule.pk])
        form = {**form_in(self.client.get(url), "opened"), "subject": "incidents.incident", "urgency": ""}
        self.assertEqual(self.client.post(url, {**form, "kind": "KHIEUNAI"}).status_code, 200)
        self.assertEqual(self.client.post(url, {**form, "kind": "NC3"}).status_code, 302)
        rule.refresh_from_db()
        self.assertEqual((rule.subject, rule.kind), ("incidents.incident", "NC3"))

    def test_no_source_is_called_design(self):
        """Each rule names a document, or says that there is none and so has no force of law."""
        for rule in DeadlineRule.objects.all():
            with self.subTest(rule.code):
                self.assertNotIn("thiết kế", rule.source)
                if "chưa có văn bản" in rule.source:
                    self.assertEqual((rule.nature, rule.confidence), (Nature.POLICY, Confidence.DESIGN))

    def test_rule_that_lasts_no_time_is_refused_in_words(self):
        rule = DeadlineRule.objects.get(code="S1.ACK")
        url = reverse("admin:deadlines_deadlinerule_change", args=[rule.pk])
        form = form_in(self.client.get(url), "opened")
        self.assertEqual(self.client.post(url, {**form, "amount": 0}).status_code, 200)
        self.assertEqual(self.client.post(url, {**form, "amount": 20}).status_code, 302)
        rule.refresh_from_db()
        self.assertEqual((rule.amount, rule.history.count()), (20, 1))
