"""A leaver's hand-over: everything moves at once, or nothing does."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

from django.db import connection
from django.test import Client, TestCase, TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from accounts import handover
from accounts.handover_pages import HandOverForm
from accounts.models import GrantState, Membership, Session, User
from audit.models import Act, Entry
from common.exceptions import InvalidInput, ReasonRequired, RightMissing, SecondPersonNeeded, StaleVersion
from deadlines.models import Duty
from deadlines.services import deadlines_of
from feedback import recusals, timeline
from feedback.admin.forms import officers
from feedback.choices import Status
from feedback.models import Case
from feedback.transitions import move
from notifications.models import Outbox
from tests.feedback import factories as make

WHY = "Chuyển công tác theo Quyết định 20/QĐ-SYT"
FORBIDDEN = 403


class HandOver(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.third = make.person("officer", division=cls.team.division)
        cls.cases = [make.case_in(Status.TRIAGED, cls.team) for _number in range(3)]
        cls.cases.append(make.case_in(Status.ANSWERED, cls.team))

    def hand_over(self, *receivers: User, by: User | None = None, deed: Any = handover.hand_over) -> handover.Outcome:
        return deed(self.team.officer, receivers, by=make.fresh(by or self.team.lead), reason=WHY)

    def held(self, person: User) -> int:
        return Case.objects.filter(assignee=person, is_open=True).count()


class MovingTests(HandOver):
    def test_everything_moves_in_turn_and_the_leaver_is_out(self) -> None:
        client = Client()
        client.force_login(self.team.officer)
        outcome = self.hand_over(self.team.second_officer, self.third)
        self.assertEqual(outcome.count, 4)
        self.assertEqual((self.held(self.team.officer), self.held(self.team.second_officer)), (0, 3))
        self.assertEqual(self.held(self.third), 1)
        leaver = make.fresh(self.team.officer)
        self.assertEqual((leaver.is_active, leaver.get_all_permissions()), (False, set()))
        self.assertFalse(leaver.scope.divisions)
        self.assertFalse(Session.objects.filter(user=leaver).exists())
        self.assertEqual(client.get("/console/").status_code, 302)
        self.assertEqual(Entry.objects.filter(act=Act.HAND_OVER, about_id=leaver.pk).count(), 1)
        told = Outbox.objects.filter(template="work_handed_over").values_list("recipient", flat=True)
        self.assertEqual(set(told), {self.team.second_officer.pk, self.third.pk})

    def test_tasks_of_late_deadlines_move_with_their_cases(self) -> None:
        clocks = [deadlines_of(case).order_by("id")[0] for case in self.cases]
        given = {"step": 1, "person": self.team.officer, "given_at": timezone.now()}
        for clock in clocks:
            Duty.objects.create(deadline=clock, ladder=clock.ladder, **given)
        shown = self.hand_over(self.team.second_officer, self.third, deed=handover.preview)
        self.assertEqual(shown.count, 8)
        self.assertEqual(Duty.objects.open().of(self.team.officer).count(), 4)
        outcome = self.hand_over(self.team.second_officer, self.third)
        self.assertEqual(outcome.work[-1].to, shown.work[-1].to)
        self.assertEqual(Duty.objects.open().of(self.team.second_officer).count(), 2)
        self.assertEqual(Duty.objects.open().of(self.third).count(), 2)

    def test_a_task_without_a_receiver_goes_to_whom_its_step_names_and_never_stays(self) -> None:
        clock = deadlines_of(self.cases[0]).order_by("id")[0]
        given = {"step": 1, "person": self.team.officer, "given_at": timezone.now()}
        duty = Duty.objects.create(deadline=clock, ladder=clock.ladder, **given)
        outcome = self.hand_over()
        self.assertEqual(outcome.work[-1].returned, [clock.reference])
        duty.refresh_from_db()
        self.assertEqual(duty.person, self.team.lead)

    def test_each_story_says_it_was_handed_over(self) -> None:
        self.hand_over(self.third)
        story = timeline.entries(Case.objects.get(pk=self.cases[0].pk), make.fresh(self.team.lead))
        self.assertEqual((story[0].kind, story[0].changes[0].new), ("handed", str(self.third)))
        self.assertNotIn(WHY, str(story))

    def test_a_preview_shows_the_same_and_changes_nothing(self) -> None:
        def everything() -> list[Any]:
            return [
                list(Case.objects.order_by("pk").values()),
                list(Membership.objects.values()),
                list(self.team.officer.role_grants.values()),
                Outbox.objects.count(),
                Entry.objects.count(),
                User.objects.get(pk=self.team.officer.pk).is_active,
            ]

        before = everything()
        shown = self.hand_over(self.team.second_officer, self.third, deed=handover.preview)
        self.assertEqual(everything(), before)
        done = self.hand_over(self.team.second_officer, self.third)
        self.assertEqual([moved.to for moved in shown.work], [moved.to for moved in done.work])

    def test_without_receivers_it_goes_back_to_the_queue(self) -> None:
        outcome = self.hand_over()
        self.assertEqual(sum(len(moved.returned) for moved in outcome.work), 4)
        self.assertFalse(Case.objects.filter(assignee__isnull=False).exists())

    def test_who_cannot_see_all_of_it_is_refused_by_name_and_nothing_moves(self) -> None:
        recusals.recuse_from_case(
            self.cases[2], self.third, by=make.fresh(self.team.lead), ground="family", reason="Người thân được nêu tên"
        )
        for unfit in (self.third, self.team.stranger, make.person("sysadmin")):
            with self.assertRaises(InvalidInput) as refused:
                self.hand_over(self.team.second_officer, unfit)
            self.assertIn(str(unfit), refused.exception.fields["receivers"][0])
            self.assertNotIn(str(self.team.second_officer), refused.exception.fields["receivers"][0])
        self.assertEqual(self.held(self.team.officer), 4)
        self.assertTrue(make.fresh(self.team.officer).is_active)

    def test_what_the_doer_is_kept_from_goes_back_unseen(self) -> None:
        recusals.recuse_from_case(
            self.cases[0], self.team.lead, by=make.fresh(self.team.director), ground="named", reason="Được nêu tên"
        )
        outcome = self.hand_over(self.third)
        self.assertEqual(sum(moved.hidden for moved in outcome.work), 1)
        self.assertNotIn(self.cases[0].reference, str(outcome.work))
        self.assertIsNone(Case.objects.get(pk=self.cases[0].pk).assignee)

    def test_who_may_and_whose(self) -> None:
        for by in (self.team.second_officer, make.person("sysadmin"), self.team.auditor):
            with self.assertRaises(RightMissing):
                self.hand_over(self.third, by=by)
        lead = make.fresh(self.team.lead)
        with self.assertRaises(SecondPersonNeeded):
            handover.hand_over(lead, [self.third], by=lead, reason=WHY)
        with self.assertRaises(InvalidInput):
            handover.hand_over(User.objects.create_superuser("goc"), [self.third], by=lead, reason=WHY)
        with self.assertRaises(ReasonRequired):
            handover.hand_over(self.team.officer, [self.third], by=lead, reason=" ")

    def test_memberships_and_roles_of_today_and_later_end_too(self) -> None:
        today = timezone.localdate()
        Membership.objects.create(user=self.team.officer, facility=self.team.hospital, valid_from=today)
        self.team.officer.role_grants.update(valid_from=today)
        outcome = self.hand_over(self.third)
        self.assertEqual((outcome.memberships, len(outcome.roles)), (2, 1))
        self.assertFalse(self.team.officer.role_grants.valid_on(today).exists())
        self.assertTrue(self.team.officer.role_grants.filter(state=GrantState.GRANTED).exists())


class PageTests(HandOver):
    ADDRESS = "/console/accounts/user/ban-giao/"

    def of(self, person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    def test_first_a_look_then_the_deed(self) -> None:
        lead = self.of(self.team.lead)
        sent = {"leaver": self.team.officer.pk, "receivers": [self.third.pk], "reason": WHY}
        look = lead.post(self.ADDRESS, sent | {"step": "look"})
        self.assertContains(look, 'data-outcome="preview"')
        self.assertContains(look, self.cases[0].reference)
        self.assertEqual(self.held(self.team.officer), 4)
        done = lead.post(self.ADDRESS, sent | {"step": "do"})
        self.assertContains(done, 'data-outcome="done"')
        self.assertEqual((self.held(self.team.officer), self.held(self.third)), (0, 4))

    def test_a_receiver_who_is_kept_from_it_is_named_on_the_form(self) -> None:
        recusals.recuse_from_case(
            self.cases[0], self.third, by=make.fresh(self.team.lead), ground="family", reason="Người thân được nêu tên"
        )
        sent = {"leaver": self.team.officer.pk, "receivers": [self.third.pk], "reason": WHY, "step": "do"}
        page = self.of(self.team.lead).post(self.ADDRESS, sent)
        self.assertContains(page, "không được xem hết")
        self.assertEqual(self.held(self.team.officer), 4)

    def test_only_lead_and_director_have_the_page(self) -> None:
        for person, status in (
            (self.team.director, 200),
            (self.team.officer, FORBIDDEN),
            (make.person("sysadmin"), FORBIDDEN),
        ):
            self.assertEqual(self.of(person).get(self.ADDRESS).status_code, status)
        self.assertContains(self.of(self.team.lead).get("/console/"), reverse("admin:accounts_user_hand_over"))


class LeftTests(HandOver):
    """Whoever has left, or leaves today, is given nothing: neither offered nor accepted, through any door."""

    def setUp(self) -> None:
        today = timezone.localdate()
        days = {
            "ended": {"valid_from": today - timedelta(days=90), "valid_to": today - timedelta(days=1)},
            "ends today": {"valid_from": today - timedelta(days=90), "valid_to": today + timedelta(days=1)},
            "not begun": {"valid_from": today + timedelta(days=1)},
        }
        self.gone = {"switched off": make.person("officer", division=self.team.division)}
        User.objects.filter(pk=self.gone["switched off"].pk).update(is_active=False)
        for name, valid in days.items():
            self.gone[name] = make.person("officer", division=self.team.division)
            self.gone[name].memberships.update(**valid)
        self.third.memberships.update(valid_from=today, valid_to=today + timedelta(days=2))  # tomorrow is the last day

    def test_they_are_not_offered(self) -> None:
        offered = {
            "hand over": HandOverForm(by=self.team.lead).fields["receivers"].queryset,  # type: ignore[attr-defined]
            "assign": officers(),
        }
        for door, people in offered.items():
            for name, person in self.gone.items():
                with self.subTest(door=door, who=name):
                    self.assertNotIn(person, people)
            self.assertIn(self.third, people)

    def test_they_are_not_accepted(self) -> None:
        case, lead = self.cases[0], make.fresh(self.team.lead)
        for name, person in self.gone.items():
            person = make.fresh(person)
            with self.subTest(door="hand over", who=name), self.assertRaises(InvalidInput) as refused:
                self.hand_over(self.third, person)
            self.assertEqual(list(refused.exception.fields), ["receivers"])
            for assignee in (person, person.username, person.pk):
                given = {"division": self.team.division.code, "assignee": assignee}
                with self.subTest(door="assign", who=name), self.assertRaises(InvalidInput) as refused:
                    move(case, Status.ASSIGNED, by=lead, reason=WHY, version=case.version, given=given)
                self.assertEqual(list(refused.exception.fields), ["assignee"])
        self.assertEqual(self.held(self.team.officer), 4)

    def test_the_leaver_is_no_receiver_of_their_own_work(self) -> None:
        sent = {"leaver": self.team.officer.pk, "receivers": [self.team.officer.pk], "reason": WHY, "step": "do"}
        client = Client()
        client.force_login(self.team.lead)
        page = client.post(PageTests.ADDRESS, sent)
        self.assertIn("receivers", page.context_data["form"].errors)
        self.assertNotContains(page, f'name="receivers" value="{self.team.officer.pk}"')
        self.assertTrue(make.fresh(self.team.officer).is_active)


class AtOnceTests(TransactionTestCase):
    def test_a_move_and_a_hand_over_of_the_same_case_lose_nothing(self) -> None:
        make.seed()
        team = make.Team()
        third = make.person("officer", division=team.division)
        for _round in range(5):
            leaver = make.person("officer", division=team.division)
            case = make.case_in(Status.TRIAGED, team)
            Case.objects.filter(pk=case.pk).update(assignee=leaver)
            barrier, faults = Barrier(2), []

            def moving(case: Case = case, barrier: Barrier = barrier, faults: list[Any] = faults) -> None:
                try:
                    barrier.wait()
                    move(
                        case,
                        Status.ASSIGNED,
                        by=make.fresh(team.second_officer),
                        reason="giao phòng",
                        version=case.version,
                        given={"division": team.division.code, "assignee": team.second_officer.username},
                    )
                except StaleVersion as refusal:
                    faults.append(refusal)
                finally:
                    connection.close()

            thread = Thread(target=moving)
            thread.start()
            barrier.wait()
            handover.hand_over(leaver, [third], by=make.fresh(team.lead), reason=WHY)
            thread.join()
            after = Case.objects.get(pk=case.pk)
            if faults:  # the hand-over came first: the move was told that the case had changed
                self.assertEqual((after.assignee, after.status), (third, Status.TRIAGED))
            else:  # the move came first: the case was no longer the leaver's
                self.assertEqual((after.assignee, after.status), (team.second_officer, Status.ASSIGNED))
            versions = list(after.history.order_by("version").values_list("version", flat=True))
            self.assertEqual(len(versions), len(set(versions)))
