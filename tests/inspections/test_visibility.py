"""Who sees what of inspections: by the declarations, by the database's own policies, and on every surface.

An inspection that was not opened does not exist for its facility."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.access.scope import on_behalf_of
from accounts.models import Recusal
from deadlines.models import Deadline
from deadlines.sweep import sweep
from inspections import amending, checklist, preparing
from inspections.choices import CorrectionStatus, Status
from inspections.models import (
    Answer,
    AnswerFile,
    ChecklistItem,
    CorrectiveAction,
    CorrectivePast,
    Finding,
    Inspection,
    InspectionPast,
    Member,
)
from links.services import shown as links_shown
from notifications.models import InboxItem, Outbox
from tests.feedback import factories as cases
from tests.feedback.factories import fresh
from tests.inspections import factories as make

MODELS: list[Any] = list(apps.get_app_config("inspections").get_models())
SURFACES = (
    "admin:index", "admin:inspections_inspection_changelist", "admin:inspections_correctiveaction_changelist",
    "admin:notifications_inboxitem_changelist", "admin:directives_assignment_changelist",
    "admin:feedback_case_changelist", "admin:deadlines_duty_changelist",
)  # fmt: skip


class Seen(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = make.Team()
        cls.by = cls.team.inspector
        cls.people = (cls.team.writer, cls.team.head)
        cls.case = cls.forwarded()
        cls.hidden = make.visit(cls.by, cls.team.hospital, topic="Kiểm tra quầy thuốc zqhidden")
        checklist.add_own(cls.hidden, "Hoá đơn thuốc", "", by=fresh(cls.by))
        preparing.join(cls.hidden, fresh(cls.team.officer), "member", by=fresh(cls.by))
        preparing.add_trigger(cls.hidden, cls.case, by=fresh(cls.team.officer), reason="ba phản ánh")

    @classmethod
    def forwarded(cls) -> Any:
        made = cases.case()
        return cases.move(
            made, "forwarded", by=fresh(cls.team.officer), reason="theo quy trình", version=made.version,
            given={"facility": cls.team.hospital.code},
        )  # fmt: skip

    def rows(self, user: Any) -> dict[str, int]:
        """What the database itself shows this person of every table of the app, without any condition of ours."""
        with on_behalf_of(fresh(user)), connection.cursor() as cursor:
            found = {}
            for model in MODELS:
                cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
                found[model.__name__] = cursor.fetchone()[0]
        return {name: count for name, count in found.items() if count}

    def visible(self, user: Any) -> dict[str, int]:
        """The same by the declarations."""
        reader = fresh(user)
        found = {model.__name__: model._default_manager.all() for model in MODELS}
        managers = {model.__name__: getattr(model, "objects", None) for model in MODELS}
        counts = {}
        for model in MODELS:
            rows = managers[model.__name__] or found[model.__name__]
            seen = rows.visible_to(reader) if hasattr(rows, "visible_to") else self.past(model, reader)
            counts[model.__name__] = seen.count()
        return {name: count for name, count in counts.items() if count}

    def past(self, model: Any, reader: Any) -> Any:
        from accounts.access import condition

        return model.objects.filter(condition(model.access, reader))

    def page(self, user: Any, address: str, *args: Any) -> Any:
        self.client.force_login(fresh(user))
        return self.client.get(reverse(address, args=args))


class BeforeOpeningTests(Seen):
    def test_nothing_of_it_is_shown_to_its_facility_by_the_declarations_or_the_database(self) -> None:
        for who in (*self.people, self.team.stranger):
            with self.subTest(who=who):
                self.assertEqual((self.visible(who), self.rows(who)), ({}, {}))
        for who in (self.by, self.team.director, self.team.auditor, self.team.officer):
            with self.subTest(who=who):
                self.assertEqual(self.rows(who), self.visible(who))
                self.assertEqual(self.rows(who)["Inspection"], 1)

    def test_no_surface_tells_of_it(self) -> None:
        for who in self.people:
            for address in SURFACES:
                page = self.page(who, address)
                with self.subTest(who=who, address=address):
                    self.assertNotContains(page, self.hidden.reference)
                    self.assertNotContains(page, "zqhidden")
            self.assertEqual(self.page(who, "admin:inspections_inspection_change", self.hidden.pk).status_code, 404)
            case_page = self.page(who, "admin:feedback_case_change", self.case.pk)
            self.assertEqual(case_page.status_code, 200)
            self.assertNotContains(case_page, self.hidden.reference)
            self.client.force_login(fresh(who))
            answer = self.client.get(reverse("admin:search"), {"s": self.hidden.reference})
            self.assertNotContains(answer, "zqhidden")
        self.assertContains(self.page(self.by, SURFACES[1]), self.hidden.reference)

    def test_the_lists_do_not_even_name_what_is_being_prepared(self) -> None:
        page = self.page(self.team.writer, "admin:inspections_inspection_changelist")
        for queue in ("coming", "prepared", "cancelled"):
            self.assertNotContains(page, f'data-queue="{queue}"')
        self.client.force_login(fresh(self.team.writer))
        with_it = self.client.get(reverse(SURFACES[1]), {"queue": "prepared"})
        self.assertNotContains(with_it, self.hidden.reference)

    def test_nobody_of_it_is_told_and_no_clock_runs(self) -> None:
        sweep()
        people = [who.pk for who in (*self.people, self.team.stranger)]
        about = {"about_type__app_label": "inspections", "recipient__in": people}
        self.assertFalse(Outbox.objects.filter(**about).exists() or InboxItem.objects.filter(**about).exists())
        self.assertFalse(Deadline.objects.filter(about_type__app_label="inspections").exists())
        told = Outbox.objects.filter(template="inspection_team").values_list("recipient", flat=True)
        self.assertEqual(set(told), {self.team.officer.pk})

    def test_a_case_tells_its_facility_nothing_of_the_visit_it_led_to_even_afterwards(self) -> None:
        self.assertEqual(
            [one.reference for one in links_shown(self.case, fresh(self.team.officer))], [self.hidden.reference]
        )
        self.assertEqual(links_shown(self.case, fresh(self.team.writer)), [])
        make.step(self.hidden, Status.OPENED, self.by)
        self.assertEqual(links_shown(self.case, fresh(self.team.writer)), [])
        seen_by_division = links_shown(self.hidden, fresh(self.by))  # a division that does not see the case
        self.assertEqual(seen_by_division, [])

    def test_what_was_called_off_unopened_stays_unknown(self) -> None:
        make.step(self.hidden, Status.CANCELLED, self.by)
        for who in self.people:
            self.assertEqual((self.visible(who), self.rows(who)), ({}, {}))


class AfterOpeningTests(Seen):
    def test_opened_it_is_there_and_its_findings_come_with_the_finished_record(self) -> None:
        make.step(self.hidden, Status.OPENED, self.by)
        make.found(self.hidden, self.by, text="Thiếu hoá đơn zqfound")
        for who in self.people:
            with self.subTest(who=who):
                self.assertEqual(self.rows(who), {"Inspection": 1, "Member": 2})
                self.assertEqual(self.visible(who), self.rows(who))
                self.assertNotContains(self.page(who, "admin:inspections_inspection_change", self.hidden.pk), "zqfound")
        self.assertEqual(self.rows(self.team.stranger), {})
        make.write_record(self.hidden, self.by)
        make.step(self.hidden, Status.RECORDED, self.by)
        demand = make.demand_of(self.hidden)
        make.answered(demand, self.team.writer)
        expected = {
            "Inspection": 1, "Member": 2, "Finding": 1, "CorrectiveAction": 1, "Answer": 1, "AnswerFile": 1,
            "HistoricalCorrectiveAction": 2,
        }  # fmt: skip
        for who in self.people:
            with self.subTest(who=who):
                self.assertEqual(self.rows(who), expected)
                self.assertEqual(self.visible(who), expected)
                page = self.page(who, "admin:inspections_inspection_change", self.hidden.pk)
                self.assertContains(page, "zqfound")
                self.assertContains(page, demand.reference)
                for hidden in ("Hoá đơn thuốc", self.case.reference, make.REASON, 'id="buoc"'):
                    self.assertNotContains(page, hidden)
                self.assertContains(self.page(who, "admin:inspections_inspection_print", self.hidden.pk), "zqfound")
                self.assertTrue(Deadline.objects.visible_to(fresh(who)).exists())
        self.assertEqual(self.rows(self.team.stranger), {})
        self.assertFalse(Deadline.objects.visible_to(fresh(self.team.stranger)).exists())

    def test_the_facility_is_told_of_opening_and_record(self) -> None:
        make.step(self.hidden, Status.OPENED, self.by)
        told = Outbox.objects.filter(template="inspection_opened").values_list("recipient", flat=True)
        self.assertEqual(set(told), {self.team.writer.pk, self.team.colleague.pk, self.team.head.pk})

    def test_whoever_is_kept_from_the_facility_sees_nothing_of_it(self) -> None:
        made = make.recorded(self.by, self.team.hospital)
        Recusal.objects.create(
            user=self.team.director, facility=self.team.hospital, reason="người nhà", recorded_by=self.team.lead
        )
        self.assertEqual((self.visible(self.team.director), self.rows(self.team.director)), ({}, {}))
        page = self.page(self.team.director, "admin:inspections_inspection_change", made.pk)
        self.assertEqual(page.status_code, 404)
        self.assertIn("Inspection", self.rows(self.team.auditor))

    def test_every_table_of_the_app_was_asked(self) -> None:
        make.step(self.hidden, Status.OPENED, self.by)
        make.found(self.hidden, self.by)
        make.write_record(self.hidden, self.by)
        make.step(self.hidden, Status.RECORDED, self.by)
        make.answered(make.demand_of(self.hidden), self.team.writer)
        make.approved(self.team)
        amending.propose(self.hidden, {"kind": "adds", "text": "Bổ sung.", "reason": "sót"}, by=fresh(self.by))
        self.assertEqual(set(self.rows(self.team.auditor)), {model.__name__ for model in MODELS})
        for model in (Inspection, Member, ChecklistItem, Finding, CorrectiveAction, Answer, AnswerFile):
            self.assertTrue(model.objects.visible_to(fresh(self.team.auditor)).exists())
        self.assertTrue(InspectionPast.objects.exists() and CorrectivePast.objects.exists())


class PageTests(Seen):
    """What pages offer, and what they cost."""

    def queries(self, user: Any, address: str, *args: Any) -> int:
        self.page(user, address, *args)
        with CaptureQueriesContext(connection, ) as asked:  # fmt: skip
            self.assertEqual(self.client.get(reverse(address, args=args)).status_code, 200)
        return len(asked)

    def test_lists_and_pages_cost_the_same_however_much_stands_on_them(self) -> None:
        made = make.recorded(self.by, self.team.hospital)
        line = make.approved(self.team)
        pages = [
            ("admin:inspections_inspection_changelist",), ("admin:inspections_correctiveaction_changelist",),
            ("admin:inspections_inspection_change", made.pk), ("admin:inspections_plan_change", line.plan_id),
            ("admin:inspections_plan_changelist",), ("admin:index",),
        ]  # fmt: skip
        before = [self.queries(self.by, *page) for page in pages]
        for number in range(3):
            other = make.recorded(self.by, self.team.hospital, kind=("fees", "staff", "records")[number])
            make.visit(self.by, self.team.other)
        rows = ChecklistItem.objects.filter(inspection=other).values("text", "basis")[0]
        ChecklistItem.objects.bulk_create(
            ChecklistItem(inspection=made, position=9 + number, **rows) for number in range(20)
        )
        Finding.objects.bulk_create(
            Finding(
                inspection=made, facility=self.team.hospital, kind="fees", severity="minor", text="x", basis="y",
                at=timezone.now(), by=self.by,
            )
            for _number in range(10)
        )  # fmt: skip
        self.assertEqual([self.queries(self.by, *page) for page in pages], before)

    def test_a_list_goes_on_by_key(self) -> None:
        for number in range(3):
            make.visit(self.by, self.team.other, planned_at=timezone.now() + timedelta(days=number))
        self.client.force_login(fresh(self.by))
        from inspections.admin.listing import InspectionAdmin

        per_page, InspectionAdmin.list_per_page = InspectionAdmin.list_per_page, 2
        self.addCleanup(setattr, InspectionAdmin, "list_per_page", per_page)
        first = self.client.get(reverse(SURFACES[1]))
        second = self.client.get(reverse(SURFACES[1]) + first.context_data["cl"].next_url)
        seen = [row.pk for page in (first, second) for row in page.context_data["cl"].result_list]
        self.assertEqual(len(set(seen)), 4)
        self.assertEqual(seen, list(Inspection.objects.values_list("pk", flat=True)))

    def test_a_whole_visit_by_its_pages(self) -> None:
        """From the list to the closed inspection, as people do it."""
        self.client.force_login(fresh(self.by))
        soon = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT08:00")
        given = {
            "version": 0, "facility": self.team.hospital.pk, "topic": "Thu viện phí", "legal_basis": "QĐ 7",
            "planned_at": soon,
        }  # fmt: skip
        self.send("admin:inspections_inspection_start", (), given)
        made = Inspection.objects.get(topic="Thu viện phí")
        at = (made.pk,)
        self.send("admin:inspections_inspection_items", at, {"text": "Bảng giá", "basis": "Điều 59"})
        self.send("admin:inspections_inspection_items", at, {"generate": "1"})
        self.step(made, Status.OPENED)
        item = ChecklistItem.objects.get(inspection=made)
        said = {f"result-{item.pk}": "fails", f"remark-{item.pk}": "Chưa niêm yết"}
        self.send("admin:inspections_inspection_checklist", at, self.versioned(made) | said)
        found = {"item": item.pk, "kind": "fees", "severity": "serious", "text": "Chưa niêm yết giá.", "version": 0}
        self.send("admin:inspections_inspection_find", at, found)
        finding = Finding.objects.get(inspection=made)
        self.assertEqual(finding.basis, "Điều 59")
        day = (timezone.localdate() + timedelta(days=9)).isoformat()
        wanted = {"version": 0, "text": "Niêm yết giá.", "due_on": day}
        self.send("admin:inspections_inspection_demand", (made.pk, finding.pk), wanted)
        began = (timezone.localtime() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
        ended = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
        record = {"started_at": began, "ended_at": ended, "present": ["director", "finance"], "summary": "Đã xem."}
        self.send("admin:inspections_inspection_record", at, self.versioned(made) | record)
        self.step(made, Status.RECORDED)
        demand = make.demand_of(made)
        self.client.force_login(fresh(self.team.writer))
        answer = {"version": demand.version, "text": "Đã niêm yết.", "files": make.evidence().upload}
        self.send("admin:inspections_correctiveaction_answer", (demand.pk,), answer)
        self.client.force_login(fresh(self.team.second))
        self.step(demand, CorrectionStatus.VERIFIED, "admin:inspections_correctiveaction_step")
        self.step(made, Status.CLOSED)
        made.refresh_from_db()
        self.assertEqual(made.status, Status.CLOSED)

    def versioned(self, row: Any) -> dict[str, Any]:
        row.refresh_from_db()
        return {"version": row.version}

    def step(self, row: Any, to: str, address: str = "admin:inspections_inspection_step") -> None:
        self.send(address, (row.pk, to), self.versioned(row) | {"reason": make.REASON})

    def send(self, address: str, args: tuple[Any, ...], given: dict[str, Any]) -> None:
        shown = self.client.get(reverse(address, args=args))
        self.assertEqual(shown.status_code, 200, address)
        answer = self.client.post(reverse(address, args=args), given)
        form = (answer.context or {}).get("form") if answer.status_code == 200 else None
        self.assertEqual(answer.status_code, 302, f"{address} {form.errors if form else ''}")

    def test_what_was_typed_stays_when_somebody_was_quicker(self) -> None:
        self.client.force_login(fresh(self.by))
        given = {"version": 99, "topic": "Của tôi", "legal_basis": "QĐ", "planned_at": "2027-01-05T08:00"}
        page = self.client.post(reverse("admin:inspections_inspection_prepare", args=[self.hidden.pk]), given)
        self.assertEqual(page.status_code, 409)
        self.assertContains(page, "Của tôi", status_code=409)
        self.hidden.refresh_from_db()
        self.assertNotEqual(self.hidden.topic, "Của tôi")
