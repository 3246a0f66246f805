"""A visit from its preparation to its end: the table of moves, what each step asks for, the team, the checklist, and
what comes back."""

from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from django.utils import timezone

from accounts.models import Membership, Recusal
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, StaleVersion
from directives.choices import Status as Duty
from directives.models import Assignment
from inspections import checklist, correcting, preparing, recording, transitions
from inspections.choices import CorrectionStatus, Result
from inspections.choices import Status as S
from inspections.models import ChecklistItem, CorrectiveAction, Finding, Inspection, InspectionPast
from links.models import Link, Relation
from tests.directives import factories as duties
from tests.feedback import factories as cases
from tests.feedback.factories import fresh
from tests.inspections import factories as make

TABLE = {
    (S.PREPARED, S.OPENED), (S.PREPARED, S.CANCELLED), (S.OPENED, S.RECORDED), (S.OPENED, S.CANCELLED),
    (S.RECORDED, S.CLOSED), (S.CLOSED, S.RECORDED),
}  # fmt: skip


class Visits(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = make.Team()
        cls.by = cls.team.inspector

    def prepared(self, **given) -> Inspection:
        return make.visit(self.by, self.team.hospital, **given)

    def opened(self) -> Inspection:
        return make.opened(self.by, self.team.hospital)

    def recorded(self, **given) -> Inspection:
        return make.recorded(self.by, self.team.hospital, **given)

    def closed(self, **given) -> Inspection:
        made = self.recorded(**given)
        make.verified(make.demand_of(made), self.team.writer, self.team.second)
        return make.step(made, S.CLOSED, self.by)


class MoveTests(Visits):
    def test_the_moves_and_nothing_else(self) -> None:
        self.assertEqual(set(transitions.MOVES), TABLE)
        rows = {
            S.PREPARED: self.prepared(), S.OPENED: self.opened(), S.RECORDED: self.recorded(),
            S.CLOSED: self.closed(kind="fees"), S.CANCELLED: make.step(self.prepared(), S.CANCELLED, self.by),
        }  # fmt: skip
        for state, row in rows.items():
            for to in S:
                if (state, to) in TABLE and (state, to) != (S.CLOSED, S.RECORDED):
                    continue
                with self.subTest(state=state, to=to), self.assertRaises(MoveRefused):
                    make.step(row, to, self.by)

    def test_each_step_takes_its_right_a_reason_and_the_version_that_was_read(self) -> None:
        made = self.prepared()
        for who in (self.team.director, self.team.auditor):
            with self.subTest(who=who), self.assertRaises(RightMissing):
                make.step(made, S.CANCELLED, who)
        with self.assertRaises(ReasonRequired):
            make.step(made, S.CANCELLED, self.by, " ")
        with self.assertRaises(StaleVersion):
            transitions.move(made, S.CANCELLED, by=fresh(self.by), reason="x", version=made.version + 1)
        make.step(made, S.CANCELLED, self.by, "cơ sở tạm dừng hoạt động")
        self.assertIn("cơ sở tạm dừng", InspectionPast.objects.order_by("-history_id")[0].history_change_reason)

    def test_what_is_missing_is_named(self) -> None:
        made = self.prepared()
        preparing.leave(made, made.team.get().pk, by=fresh(self.by))
        with self.assertRaises(InvalidInput) as refused:
            make.step(made, S.OPENED, self.by)
        self.assertEqual(set(refused.exception.fields), {"team", "checklist"})
        made = self.opened()
        recording.find(
            made, {"kind": "fees", "severity": "serious", "text": "Thu sai", "basis": "Điều 3"}, by=fresh(self.by)
        )
        with self.assertRaises(InvalidInput) as refused:
            make.step(made, S.RECORDED, self.by)
        expected = {"ended_at", "present", "summary", "checklist", "corrections"}
        self.assertEqual(set(refused.exception.fields), expected)
        made = self.recorded()
        with self.assertRaises(InvalidInput) as refused:
            make.step(made, S.CLOSED, self.by)
        self.assertEqual(set(refused.exception.fields), {"corrections"})

    def test_an_item_that_fails_wants_its_finding(self) -> None:
        made = self.opened()
        item = ChecklistItem.objects.get(inspection=made)
        make.write_record(made, self.by)
        made.refresh_from_db()
        with self.assertRaises(InvalidInput) as refused:
            checklist.judge(made, {item.pk: {"result": "fails"}}, by=fresh(self.by), version=made.version)
        self.assertEqual(set(refused.exception.fields), {f"remark-{item.pk}"})
        said = {item.pk: {"result": "fails", "remark": "Không có bảng."}}
        checklist.judge(made, said, by=fresh(self.by), version=made.version)
        with self.assertRaises(InvalidInput) as refused:
            make.step(made, S.RECORDED, self.by)
        self.assertEqual(set(refused.exception.fields), {"findings"})
        found = make.found(made, self.by, item=item, basis="")
        self.assertEqual(found.basis, item.basis)
        make.step(made, S.RECORDED, self.by)

    def test_the_database_deletes_nothing_and_knows_no_unopened_record(self) -> None:
        made = self.recorded()
        for statement in (
            "DELETE FROM inspections_inspection",
            "DELETE FROM inspections_finding",
            "UPDATE inspections_historicalinspection SET topic = 'x'",
            "UPDATE inspections_inspection SET opened_at = NULL",
        ):
            with (
                self.subTest(statement), self.assertRaises(DatabaseError), transaction.atomic(),
                connection.cursor() as cursor,
            ):  # fmt: skip
                cursor.execute(statement)
        self.assertTrue(Inspection.objects.filter(pk=made.pk, opened_at__isnull=False).exists())

    def test_a_finding_rests_on_something_and_stays_when_it_was_wrong(self) -> None:
        made = self.opened()
        with self.assertRaises(InvalidInput) as refused:
            make.found(made, self.by, basis=" ")
        self.assertEqual(set(refused.exception.fields), {"basis"})
        found = make.found(made, self.by)
        recording.find(made, {"is_struck": True}, by=fresh(self.by), finding=found, version=found.version)
        make.write_record(made, self.by)
        make.step(made, S.RECORDED, self.by)
        self.assertEqual(CorrectiveAction.objects.get().status, CorrectionStatus.DROPPED)
        self.assertTrue(Finding.objects.get().is_struck)

    def test_a_record_is_written_while_the_visit_is_open_only(self) -> None:
        for made in (self.prepared(), self.recorded()):
            with self.subTest(made.status), self.assertRaises(MoveRefused):
                make.found(made, self.by)
            with self.subTest(made.status), self.assertRaises(MoveRefused):
                recording.write_record(made, {"summary": "x"}, by=fresh(self.by), version=made.version)
        made = self.opened()
        later = timezone.now() + timedelta(hours=3)
        for given, name in (
            ({"started_at": later}, "started_at"),
            ({"started_at": timezone.now(), "ended_at": timezone.now() - timedelta(hours=1)}, "ended_at"),
        ):
            with self.subTest(name), self.assertRaises(InvalidInput) as refused:
                recording.write_record(made, given, by=fresh(self.by), version=made.version)
            self.assertEqual(set(refused.exception.fields), {name})

    def test_a_record_is_kept_bit_by_bit(self) -> None:
        """What is not there yet holds back nothing that is."""
        made = self.opened()
        nothing = {"started_at": None, "ended_at": None, "present": [], "summary": ""}
        made = recording.write_record(made, nothing | {"summary": "x"}, by=fresh(self.by), version=made.version)
        self.assertEqual((made.summary, made.started_at), ("x", None))
        began = timezone.now() - timedelta(hours=1)
        made = recording.write_record(made, nothing | {"started_at": began}, by=fresh(self.by), version=made.version)
        self.assertEqual((made.summary, made.started_at), ("", began))


class TeamTests(Visits):
    def test_nobody_goes_who_is_kept_from_the_facility_or_belongs_to_it(self) -> None:
        made = self.prepared()
        Recusal.objects.create(
            user=self.team.second, facility=self.team.hospital, reason="người nhà", recorded_by=self.team.lead
        )
        Membership.objects.create(user=self.team.checker, facility=self.team.hospital)
        for who in (self.team.second, self.team.checker):
            with self.subTest(who=who), self.assertRaises(InvalidInput) as refused:
                preparing.join(made, fresh(who), "member", by=fresh(self.by))
            self.assertEqual(set(refused.exception.fields), {"user"})
            self.assertNotIn("người nhà", str(refused.exception.fields))
        with self.assertRaises(InvalidInput):
            preparing.join(made, fresh(self.team.auditor), "member", by=fresh(self.by))  # conducts none
        preparing.join(made, fresh(self.team.officer), "secretary", by=fresh(self.by))

    def test_a_recusal_that_came_later_keeps_the_visit_from_being_opened(self) -> None:
        made = self.prepared()
        checklist.add_own(made, "Hồ sơ bệnh án", "", by=fresh(self.by))
        preparing.join(made, fresh(self.team.second), "member", by=fresh(self.by))
        Recusal.objects.create(
            user=self.team.second, facility=self.team.hospital, reason="người nhà", recorded_by=self.team.lead
        )
        with self.assertRaises(InvalidInput) as refused:
            make.step(made, S.OPENED, self.by)
        self.assertEqual(set(refused.exception.fields), {"conflict"})
        preparing.leave(made, made.team.get(user=self.team.second).pk, by=fresh(self.by))
        make.step(made, S.OPENED, self.by)

    def test_one_leads_and_nobody_twice(self) -> None:
        made = self.prepared()
        for who, role, name in ((self.by, "member", "user"), (self.team.second, "lead", "role")):
            with self.subTest(name), self.assertRaises(InvalidInput) as refused:
                preparing.join(made, fresh(who), role, by=fresh(self.by))
            self.assertEqual(set(refused.exception.fields), {name})


class ChecklistTests(Visits):
    def test_it_holds_every_obligation_open_on_the_day_once(self) -> None:
        keeper, now = self.team.checker, timezone.now()
        today = timezone.localdate()
        rows = {}
        for code in ("open", "submitted", "accepted", "withdrawn", "later", "twice", "elsewhere"):
            duty = duties.obligation(keeper, duties.directive(keeper, f"{len(rows) + 20}/CT-SYT"), title=f"Việc {code}")
            place = self.team.other if code == "elsewhere" else self.team.hospital
            rows[code] = duties.assigned(duty, place, today + timedelta(days=20))
            if code == "twice":
                duties.assigned(duty, place, today + timedelta(days=50))
        changes = {
            "submitted": {"status": Duty.SUBMITTED},
            "accepted": {"status": Duty.ACCEPTED, "accepted_at": now},
            "withdrawn": {"status": Duty.WITHDRAWN},
        }
        for code, change in changes.items():
            Assignment.objects.filter(pk=rows[code].pk).update(**change)
        made = self.prepared(planned_at=now + timedelta(days=3))
        Assignment.objects.filter(pk=rows["later"].pk).update(made_at=now + timedelta(days=9))
        self.assertEqual(checklist.generate(made, by=fresh(self.by)), 3)
        items = list(ChecklistItem.objects.filter(inspection=made))
        self.assertEqual({item.text for item in items}, {"Việc open", "Việc submitted", "Việc twice"})
        self.assertEqual([item.position for item in items], [1, 2, 3])
        twice = next(item for item in items if item.text == "Việc twice")
        self.assertEqual(twice.assignment_id, rows["twice"].pk)
        self.assertIn("1.a", twice.basis)
        checklist.add_own(made, "Bảng giá", "", by=fresh(self.by))
        self.assertEqual(checklist.generate(made, by=fresh(self.by)), 0)

    def test_what_was_accepted_after_the_day_was_open_on_it(self) -> None:
        keeper = self.team.checker
        row = duties.assigned(duties.obligation(keeper), self.team.hospital)
        Assignment.objects.filter(pk=row.pk).update(
            status=Duty.ACCEPTED, accepted_at=timezone.now(), made_at=timezone.now() - timedelta(days=30)
        )
        day = timezone.localdate() - timedelta(days=2)
        self.assertEqual([one.pk for one in checklist.open_on(self.team.hospital.pk, day)], [row.pk])
        self.assertFalse(checklist.open_on(self.team.hospital.pk, timezone.localdate()).exists())
        later = duties.assigned(duties.obligation(keeper, duties.directive(keeper, "99/CT-SYT")), self.team.hospital)
        self.assertEqual([one.pk for one in checklist.open_on(self.team.hospital.pk, day)], [row.pk])
        self.assertEqual([one.pk for one in checklist.open_on(self.team.hospital.pk, timezone.localdate())], [later.pk])

    def test_items_are_judged_at_the_open_visit(self) -> None:
        made = self.prepared()
        item = checklist.add_own(made, "Bảng giá", "", by=fresh(self.by))
        said = {item.pk: {"result": str(Result.CONFORMS), "evidence": "Ảnh chụp quầy thu phí"}}
        with self.assertRaises(MoveRefused):
            checklist.judge(made, said, by=fresh(self.by), version=made.version)
        made = make.step(made, S.OPENED, self.by)
        with self.assertRaises(StaleVersion):
            checklist.judge(made, said, by=fresh(self.by), version=made.version - 1)
        checklist.judge(made, said, by=fresh(self.by), version=made.version)
        item.refresh_from_db()
        self.assertEqual((item.result, item.evidence), ("conforms", "Ảnh chụp quầy thu phí"))
        other = checklist.add_own(self.prepared(), "Khác", "", by=fresh(self.by))
        made.refresh_from_db()
        checklist.judge(made, {other.pk: {"result": "conforms"}}, by=fresh(self.by), version=made.version)
        other.refresh_from_db()
        self.assertEqual(other.result, "")


class RepeatTests(Visits):
    def test_the_same_kind_after_verification_opens_what_was_verified_and_its_visit(self) -> None:
        first = self.closed(kind="hotline")
        other = self.closed(kind="fees")
        second = self.recorded(kind="hotline")
        first.refresh_from_db()
        self.assertEqual((first.status, first.closed_at), (S.RECORDED, None))
        self.assertEqual(make.demand_of(first).status, CorrectionStatus.REOPENED)
        self.assertEqual(Finding.objects.get(inspection=second).repeats, Finding.objects.get(inspection=first))
        self.assertTrue(Link.objects.filter(relation=Relation.RECURRED, target_id=second.pk).exists())
        self.assertIn(second.reference, InspectionPast.objects.filter(id=first.pk)[0].history_change_reason)
        self.assertEqual(make.demand_of(other).status, CorrectionStatus.VERIFIED)
        demand = make.demand_of(first)
        with self.assertRaises(InvalidInput) as refused:
            correcting.answer(demand, "Đã làm lại", [], by=fresh(self.team.writer), version=demand.version)
        self.assertEqual(set(refused.exception.fields), {"files"})
        again = make.verified(demand, self.team.writer, self.team.second)
        self.assertEqual(again.status, CorrectionStatus.VERIFIED)
        make.step(first, S.CLOSED, self.by)

    def test_nothing_comes_back_elsewhere_or_before_it_was_verified(self) -> None:
        first = self.recorded()
        self.recorded()
        self.assertEqual(make.demand_of(first).status, CorrectionStatus.OPEN)
        make.verified(make.demand_of(first), self.team.writer, self.team.second)
        make.recorded(self.by, self.team.other)
        self.assertEqual(make.demand_of(first).status, CorrectionStatus.VERIFIED)
        self.assertFalse(Finding.objects.filter(repeats__isnull=False).exists())

    def test_what_is_of_no_kind_comes_back_only_for_the_same_obligation(self) -> None:
        first = self.closed(kind="other")
        self.recorded(kind="other")
        self.assertEqual(make.demand_of(first).status, CorrectionStatus.VERIFIED)


class TriggerTests(Visits):
    def test_a_case_that_one_sees_stands_with_the_visit(self) -> None:
        made, case = self.prepared(), cases.case()
        officer = self.team.officer
        self.assertEqual(preparing.trigger_named(case.reference.lower(), fresh(officer)), case)
        self.assertIsNone(preparing.trigger_named(case.reference, fresh(self.team.writer)))
        preparing.add_trigger(made, case, by=fresh(officer), reason="ba phản ánh trong tháng")
        row = Link.objects.get(target_id=made.pk)
        self.assertEqual((row.relation, row.source_id, row.by), (Relation.TRIGGERED, case.pk, officer))
        with self.assertRaises(InvalidInput):
            preparing.add_trigger(made, case, by=fresh(self.by), reason="x")  # a division sees its own cases only
        with self.assertRaises(ReasonRequired):
            preparing.add_trigger(made, case, by=fresh(officer), reason="")
