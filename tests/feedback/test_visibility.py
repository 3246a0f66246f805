"""Who sees which cases, role by role."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import TestCase
from django.utils import timezone

from accounts.access.scope import on_behalf_of
from accounts.models import ApiClient, Recusal, User
from accounts.roles import ROLES
from deadlines.models import Deadline, Duty, Extension, Pause
from feedback.admin.page import clocks_of
from feedback.choices import Audience, Status
from feedback.models import Answer, Attachment, Case, CaseRecusal, Note
from feedback.services import add_note, edit
from feedback.transitions import move
from tests.api.factories import Caller, case_path
from tests.feedback import factories as make


class VisibilityTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        team = cls.team = make.Team()
        cls.cases = {
            "new": make.case(facility="T01"),
            "recorded": make.case(by=team.operator),
            "forwarded": make.case_in(Status.FORWARDED, team),
            "answered": make.case_in(Status.ANSWERED, team),
            "assigned": make.case_in(Status.ASSIGNED, team),
            "confidential": make.case(channel="HOTLINE_VBMT"),
        }
        Case.objects.filter(pk=cls.cases["assigned"].pk).update(assignee=None)

    def seen(self, user) -> set[str]:
        pks = set(Case.objects.visible_to(user).values_list("pk", flat=True))
        return {name for name, case in self.cases.items() if case.pk in pks}

    def test_each_role_sees_its_cases_and_no_other(self) -> None:
        team = self.team
        everything = set(self.cases)
        ordinary = everything - {"confidential"}
        expected = [
            (team.operator, {"recorded"}),
            (team.officer, ordinary),
            (team.division_officer, {"assigned"}),
            (team.lead, everything),
            (team.director, everything),
            (team.auditor, everything),
            (team.quality_officer, {"forwarded", "answered"}),
            (team.stranger, set()),
            (make.person("sysadmin"), set()),
            (make.person("api_intake"), set()),
            (AnonymousUser(), set()),
        ]
        for user, names in expected:
            with self.subTest(user=str(user)):
                self.assertEqual(self.seen(make.fresh(user) if user.pk else user), names)

    def test_a_switched_off_account_sees_nothing(self) -> None:
        self.team.lead.is_active = False
        self.assertEqual(self.seen(self.team.lead), set())

    def test_the_officer_in_charge_sees_a_confidential_case(self) -> None:
        Case.objects.filter(pk=self.cases["confidential"].pk).update(assignee=self.team.officer)
        self.assertIn("confidential", self.seen(make.fresh(self.team.officer)))
        self.assertNotIn("confidential", self.seen(make.fresh(self.team.second_officer)))

    def test_membership_that_ended_shows_nothing(self) -> None:
        self.team.quality_officer.memberships.update(valid_from="2020-01-01", valid_to="2021-01-01")
        self.assertEqual(self.seen(make.fresh(self.team.quality_officer)), set())

    def test_taking_back_hides_the_case_from_the_facility(self) -> None:
        from feedback.transitions import move

        case = self.cases["forwarded"]
        move(case, Status.TRIAGED, by=make.fresh(self.team.officer), reason="nhầm cơ sở", version=case.version)
        self.assertEqual(self.seen(make.fresh(self.team.quality_officer)), {"answered"})

    def test_an_api_client_sees_only_its_facilities(self) -> None:
        reader = make.person("api_read")
        self.assertEqual(self.seen(make.fresh(reader)), set(self.cases) - {"confidential"})
        client = ApiClient.objects.create(user=reader, name="kho dữ liệu", may_read=True)
        client.facilities.add(self.team.other_hospital)
        self.assertEqual(self.seen(make.fresh(reader)), set())

    def test_the_facility_reads_notes_meant_for_it(self) -> None:
        case = self.cases["forwarded"]
        for audience in ("department", "facility", "citizen"):
            add_note(case, f"ghi chú {audience}", audience=audience, by=make.fresh(self.team.officer))
        read = Note.objects.visible_to(make.fresh(self.team.quality_officer)).values_list("audience", flat=True)
        self.assertEqual(set(read), {"facility", "citizen"})
        self.assertEqual(Note.objects.visible_to(make.fresh(self.team.stranger)).count(), 0)
        self.assertEqual(Note.objects.visible_to(make.fresh(self.team.officer)).count(), 3)

    def test_the_next_facility_reads_nothing_of_the_one_before(self) -> None:
        team, officer = self.team, make.fresh(self.team.officer)
        case = make.case_in(Status.ANSWERED, team)
        add_note(case, "cho cơ sở trước", audience="facility", by=officer)
        case = edit(case, {"facility": team.other_hospital}, by=officer, reason="nhầm cơ sở", version=case.version)
        self.assertFalse(Case.objects.visible_to(make.fresh(team.stranger)).filter(pk=case.pk).exists())
        Case.objects.filter(pk=case.pk).update(status=Status.TRIAGED)
        to_other = {"facility": team.other_hospital.code}
        case = move(case, Status.FORWARDED, by=officer, reason="đúng nơi", version=case.version, given=to_other)
        add_note(case, "cho cơ sở sau", audience="facility", by=officer)
        stranger = make.fresh(team.stranger)
        self.assertEqual([note.text for note in Note.objects.visible_to(stranger)], ["cho cơ sở sau"])
        self.assertFalse(Answer.objects.visible_to(stranger).exists())
        self.assertTrue(Answer.objects.visible_to(officer).filter(case=case).exists())

    def sent_on(self) -> tuple[Case, Deadline, Deadline]:
        """A case that the hospital answered and the other one has now, with the clock of either. All that can hang on
        a clock hangs on the first."""
        team, officer = self.team, make.fresh(self.team.officer)
        case = make.case_in(Status.ANSWERED, team)
        before = Deadline.objects.about(case).get(obligation="answer")
        at, by = before.starts_at, {"reason": "BI MAT", "by": officer}
        Pause.objects.create(deadline=before, starts_at=at, ends_at=at + timedelta(seconds=1), **by)
        asked = {"amount": 9, "asked_by": officer, "asked_at": at, "reason": "BI MAT", "due_before": before.due_at}
        Extension.objects.create(deadline=before, **asked)
        Duty.objects.create(deadline=before, ladder=before.ladder, step=1, person=officer, given_at=at)
        case = edit(case, {"facility": team.other_hospital}, by=officer, reason="nhầm cơ sở", version=case.version)
        Case.objects.filter(pk=case.pk).update(status=Status.TRIAGED)
        to_other = {"facility": team.other_hospital.code}
        case = move(case, Status.FORWARDED, by=officer, reason="đúng nơi", version=case.version, given=to_other)
        return case, before, Deadline.objects.about(case).get(obligation="answer", cycle=2)

    def test_the_next_facility_reads_nothing_of_until_when_the_one_before_had_to_answer(self) -> None:
        case, before, now = self.sent_on()
        on_it = [(model, model._base_manager.filter(deadline=before).get().pk) for model in (Pause, Extension, Duty)]
        limits = {"kho-sau": [self.team.other_hospital], "kho-hai": [self.team.hospital, self.team.other_hospital]}
        systems = {}
        for name, facilities in limits.items():
            systems[name] = make.person("api_read")
            ApiClient.objects.create(user=systems[name], name=name, may_read=True).facilities.set(facilities)
        readers = [(self.team.stranger, False), (self.team.officer, True), (self.team.lead, True)]
        readers += [(systems["kho-sau"], False), (systems["kho-hai"], True)]
        for person, reads in readers:
            reader = make.fresh(person)
            rows: list[tuple[Any, int, bool]] = [(Deadline, now.pk, True), (Deadline, before.pk, reads)]
            rows += [(model, pk, reads) for model, pk in on_it]
            for model, pk, is_read in rows:
                with self.subTest(reader=str(reader), model=model.__name__):
                    self.assertEqual(Deadline.objects.visible_to(reader).filter(pk=before.pk).exists(), reads)
                    with on_behalf_of(reader), connection.cursor() as cursor:
                        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table} WHERE id = %s", [pk])
                        self.assertEqual(cursor.fetchone(), (int(is_read),))

    def test_the_page_and_the_api_show_the_next_facility_its_own_clock_only(self) -> None:
        case, before, now = self.sent_on()
        for reader, shown in ((self.team.stranger, [now]), (self.team.officer, [now, before])):
            reader = make.fresh(reader)
            clocks = [clock.deadline for clock in clocks_of(case, reader) if clock.deadline.obligation == "answer"]
            self.assertEqual(set(clocks), set(shown))
            told = Caller(user=reader).get(case_path(case)).json()["deadlines"]
            cycles = [each["cycle"] for each in told if each["obligation"] == "answer"]
            self.assertEqual(sorted(cycles), sorted(clock.cycle for clock in shown))

    def test_a_facility_that_gets_its_case_back_reads_its_earlier_clock_again(self) -> None:
        team, officer = self.team, make.fresh(self.team.officer)
        case = make.case_in(Status.FORWARDED, team)
        for to, given in ((Status.TRIAGED, {}), (Status.FORWARDED, {"facility": team.hospital.code})):
            case = move(case, to, by=officer, reason="xem lại", version=case.version, given=given)
        mine = Deadline.objects.visible_to(make.fresh(team.quality_officer)).filter(about_id=case.pk)
        self.assertEqual(mine.filter(obligation="answer").count(), 2)

    def test_a_facility_reads_nothing_of_a_divisions_time_with_its_case(self) -> None:
        team, officer = self.team, make.fresh(self.team.officer)
        case = make.case_in(Status.CLOSED, team)
        hospital = make.fresh(team.quality_officer)
        clocks = Deadline.objects.about(case).filter(obligation="answer")
        own = set(clocks.values_list("pk", flat=True))
        answers = set(Answer.objects.filter(case=case).values_list("pk", flat=True))
        case = move(
            case,
            Status.IN_REVIEW,
            by=make.fresh(team.lead),
            reason="xem lại",
            version=case.version,
            given={"assignee": team.second_officer.username},
        )
        given = {"division": team.division.code, "assignee": team.division_officer.username}
        case = move(case, Status.ASSIGNED, by=officer, reason="phòng xem", version=case.version, given=given)
        self.assertTrue(case.is_released)
        say = {"findings": "BI MAT CUA PHONG", "proposed_outcome": "OC01"}
        by = make.fresh(team.division_officer)
        case = move(case, Status.ANSWERED, by=by, reason="xong", version=case.version, given=say)
        self.assertEqual(clocks.count(), len(own) + 1)
        limited = make.person("api_read")
        ApiClient.objects.create(user=limited, name="kho", may_read=True).facilities.set([team.hospital])
        every = (set(clocks.values_list("pk", flat=True)), set(Answer.objects.filter(case=case).values_list(flat=True)))
        for reader, expected in ((hospital, (own, answers)), (limited, (own, answers)), (officer, every)):
            reader = make.fresh(reader)
            with self.subTest(reader=str(reader)):
                self.assertTrue(Case.objects.visible_to(reader).filter(pk=case.pk).exists())
                read = Deadline.objects.visible_to(reader).filter(about_id=case.pk, obligation="answer")
                said = Answer.objects.visible_to(reader).filter(case=case)
                self.assertEqual((set(read.values_list("pk", flat=True)), set(said.values_list(flat=True))), expected)
                with on_behalf_of(reader):
                    read = Deadline.objects.filter(about_id=case.pk, obligation="answer")
                    said = Answer.objects.filter(case=case)
                    found = (set(read.values_list("pk", flat=True)), set(said.values_list(flat=True)))
                self.assertEqual(found, expected)

    def test_a_limited_system_reads_no_answer_of_a_facility_that_is_none_of_its_own(self) -> None:
        team, officer = self.team, make.fresh(self.team.officer)
        case = make.case_in(Status.ANSWERED, team)
        case = edit(case, {"facility": team.other_hospital}, by=officer, reason="nhầm cơ sở", version=case.version)
        answer = Answer.objects.get(case=case)
        file = {"token": "t" * 32, "file": "x", "name": "x", "extension": ".txt", "size": 1, "content_type": "x"}
        Attachment.objects.create(
            case=case, answer=answer, at=timezone.now(), by=officer, audience=Audience.FACILITY, **file
        )
        for limits, count in (([team.other_hospital], 0), ([team.hospital, team.other_hospital], 1), ([], 1)):
            with self.subTest(limits=limits):
                reader = make.person("api_read")
                ApiClient.objects.create(user=reader, name="kho dữ liệu", may_read=True).facilities.set(limits)
                reader = make.fresh(reader)
                self.assertTrue(Case.objects.visible_to(reader).filter(pk=case.pk).exists())
                for parts in (Answer, Attachment):
                    self.assertEqual(parts.objects.visible_to(reader).filter(case=case).count(), count)


class RecusalTests(TestCase):
    """A recusal beats every allow, through every door."""

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        team = cls.team = make.Team()
        cls.root = User.objects.create_superuser("goc", password=None)
        cls.here = make.case_in(Status.FORWARDED, team)
        cls.elsewhere = make.case(facility="T02")
        cls.nowhere = make.case()

    def keep_from_case(self, user: User) -> CaseRecusal:
        return CaseRecusal.objects.create(
            case=self.here, user=user, reason="người nhà", by=self.team.lead, at=timezone.now()
        )

    def keep_from_facility(self, user: User, **days: Any) -> None:
        Recusal.objects.create(
            user=user, facility=self.team.hospital, reason="từng làm việc", recorded_by=self.team.lead, **days
        )

    def seen(self, user: User) -> set[str]:
        pks = set(Case.objects.visible_to(make.fresh(user)).values_list("pk", flat=True))
        return {name for name in ("here", "elsewhere", "nowhere") if getattr(self, name).pk in pks}

    def test_who_is_named_in_a_case_does_not_see_it(self) -> None:
        for user in (self.team.officer, self.team.lead, self.team.director, self.team.auditor, self.root):
            with self.subTest(user=str(user)):
                self.assertEqual(self.seen(user), {"here", "elsewhere", "nowhere"})
                self.keep_from_case(user)
                self.assertEqual(self.seen(user), {"elsewhere", "nowhere"})

    def test_who_is_kept_from_a_facility_sees_no_case_of_it_and_those_without_any(self) -> None:
        for user in (self.team.officer, self.team.director, self.root):
            with self.subTest(user=str(user)):
                self.keep_from_facility(user)
                self.assertEqual(self.seen(user), {"elsewhere", "nowhere"})

    def test_the_facilitys_own_officer_and_the_recorder_are_kept_out_too(self) -> None:
        self.keep_from_case(self.team.quality_officer)
        self.assertEqual(self.seen(self.team.quality_officer), set())
        Case.objects.filter(pk=self.here.pk).update(recorded_by=self.team.operator)
        self.assertEqual(self.seen(self.team.operator), {"here"})
        self.keep_from_facility(self.team.operator)
        self.assertEqual(self.seen(self.team.operator), set())

    def test_parts_of_the_case_go_with_it(self) -> None:
        add_note(self.here, "ghi chú", audience="department", by=make.fresh(self.team.officer))
        self.assertTrue(Note.objects.visible_to(make.fresh(self.root)).exists())
        self.keep_from_facility(self.root)
        self.assertFalse(Note.objects.visible_to(make.fresh(self.root)).exists())

    def test_a_recusal_holds_from_its_first_day_until_its_last(self) -> None:
        today = timezone.localdate()
        self.keep_from_facility(self.team.lead, valid_to=today)
        self.keep_from_facility(self.team.lead, valid_from=today + timedelta(days=1))
        self.assertEqual(self.seen(self.team.lead), {"here", "elsewhere", "nowhere"})
        self.keep_from_facility(self.team.lead, valid_from=today)
        self.assertEqual(self.seen(self.team.lead), {"elsewhere", "nowhere"})

    def test_a_lifted_one_holds_no_longer(self) -> None:
        kept = self.keep_from_case(self.team.officer)
        kept.lifted_by, kept.lifted_at, kept.lift_reason = self.team.director, timezone.now(), "nhầm người"
        kept.save()
        self.assertIn("here", self.seen(self.team.officer))

    def test_neither_the_person_nor_who_recorded_it_lifts_it(self) -> None:
        kept = self.keep_from_case(self.team.officer)
        kept.lifted_at, kept.lift_reason = timezone.now(), "nhầm người"
        for by in (self.team.officer, self.team.lead):
            kept.lifted_by = by
            with self.subTest(by=str(by)), self.assertRaises(IntegrityError), transaction.atomic():
                kept.save()

    def test_recusals_and_their_history_cannot_be_deleted(self) -> None:
        kept = self.keep_from_case(self.team.officer)
        self.keep_from_facility(self.team.officer)
        rows = (CaseRecusal.objects, Recusal.objects, kept.history, Recusal.history)
        for found in rows:
            with self.subTest(model=found.model.__name__), self.assertRaises(DatabaseError), transaction.atomic():
                found.all().delete()

    def test_both_lists_cost_one_query(self) -> None:
        user = make.fresh(self.team.officer)
        with self.assertNumQueries(1):
            self.assertEqual((user.recused_facilities, user.recused_cases), (frozenset(), frozenset()))


class RoleTests(TestCase):
    def test_seeding_roles_twice_keeps_what_people_changed(self) -> None:
        from django.contrib.auth.models import Group

        from accounts.services import seed_roles

        make.seed()
        group = Group.objects.get(name="Giám sát nội bộ")
        group.permissions.clear()
        seed_roles()
        self.assertEqual(group.permissions.count(), 0)
        self.assertEqual(Group.objects.count(), len(ROLES))

    def test_people_with_a_permission_do_not_include_superusers_and_leavers(self) -> None:
        make.seed()
        lead, left = make.person("lead"), make.person("lead")
        User.objects.filter(pk=left.pk).update(is_active=False)
        User.objects.create_superuser("goc", password=None)
        self.assertEqual(list(User.objects.with_permission("feedback.lead_working_group")), [lead])
