"""Corrective actions: planning, the table of moves, who verifies, clocks, and what a second person has to agree to."""

from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import TestCase
from django.utils import timezone

from common.exceptions import (
    InvalidInput,
    MoveRefused,
    ReasonRequired,
    RightMissing,
    SecondPersonNeeded,
    StaleVersion,
)
from deadlines.choices import Obligation, State
from deadlines.services import deadlines_of
from incidents.actions import services, transitions
from incidents.actions.completeness import lacks
from incidents.actions.subject import recipients
from incidents.choices import STRENGTHS, ActionKind, Concession, Effect
from incidents.choices import ActionStatus as S
from incidents.models import Action, ActionPast, ConcessionAsked, EffectCheck, Evidence, Progress
from notifications.models import Outbox
from tests.feedback.factories import fresh
from tests.incidents import actions
from tests.incidents import factories as make
from tests.incidents.factories import SEVERE, Team

TABLE = {
    (S.OPEN, S.DONE), (S.DONE, S.VERIFIED), (S.DONE, S.OPEN), (S.REOPENED, S.DONE), (S.REOPENED, S.EFFECTIVE),
    (S.VERIFIED, S.EFFECTIVE), (S.VERIFIED, S.REOPENED), (S.OPEN, S.WITHDRAWN), (S.REOPENED, S.WITHDRAWN),
    (S.EFFECTIVE, S.REOPENED),
}  # fmt: skip


class ActionTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.incident = make.sent(cls.team.writer, cls.team.hospital, **SEVERE)

    def planned(self, **changes) -> Action:
        return actions.planned(self.team.writer, self.team.hospital, self.incident, **changes)

    def done(self, **changes) -> Action:
        return actions.done(self.planned(**changes), self.team.writer)

    def verified(self) -> Action:
        return actions.step(self.done(), S.VERIFIED, self.team.checker)

    def clock(self, action: Action, obligation: str):
        return deadlines_of(action).filter(obligation=obligation).order_by("-cycle").first()

    def test_strength_follows_from_the_kind(self) -> None:
        self.assertEqual({kind.value[0] for kind in ActionKind}, set(STRENGTHS))
        for kind, strength in (("S3", "strong"), ("M4", "intermediate"), ("W4", "weak")):
            with self.subTest(kind=kind):
                action = self.planned(kind=kind)
                action.refresh_from_db()
                self.assertEqual(action.strength, strength)

    def test_only_its_facility_plans_and_only_after_the_report(self) -> None:
        for who in (self.team.checker, self.team.head, self.team.lead, self.team.stranger):
            with self.subTest(who=who), self.assertRaises(RightMissing):
                actions.planned(who, self.team.hospital, self.incident, owner=self.team.writer)
        draft = make.draft(self.team.writer, self.team.hospital)
        with self.assertRaises(MoveRefused):
            actions.planned(self.team.writer, self.team.hospital, draft)
        alone = actions.planned(self.team.writer, self.team.hospital)
        self.assertEqual((alone.incident, alone.division), (None, self.team.division))

    def test_what_cannot_be_is_refused_by_its_field(self) -> None:
        today = timezone.localdate()
        for name, changes in (
            ("title", {"title": ""}),
            ("kind", {"kind": "X9"}),
            ("due_on", {"due_on": None}),
            ("due_on", {"due_on": today - timedelta(days=1)}),
            ("due_on", {"due_on": today.replace(year=today.year + 9, day=1), "check_on": None}),
            ("check_on", {"check_on": today}),
            ("causes", {"causes": ["CA9.9"]}),
            ("owner", {"owner": self.team.stranger}),
            ("owner", {"owner": self.team.checker}),
            ("details", {"details": "a\x00b"}),
        ):
            with self.subTest(name=name, changes=changes), self.assertRaises(InvalidInput) as refused:
                self.planned(**changes)
            self.assertEqual(set(refused.exception.fields), {name})

    def test_each_missing_element_keeps_it_from_being_done_by_its_name(self) -> None:
        bare = self.planned(details="", causes=[], measure="", check_on=None)
        everything = {"details", "causes", "measure", "check_on", "progress", "evidence"}
        self.assertEqual(set(lacks(bare)), everything)
        with self.assertRaises(InvalidInput) as refused:
            actions.step(bare, S.DONE, self.team.writer)
        self.assertEqual(set(refused.exception.fields), everything)
        for name, change in (("details", ""), ("causes", []), ("measure", ""), ("check_on", None)):
            action = self.planned(**{name: change})
            services.report_progress(action, "Xong.", [actions.evidence()], by=fresh(self.team.writer))
            with self.subTest(name=name), self.assertRaises(InvalidInput) as refused:
                actions.step(action, S.DONE, self.team.writer)
            self.assertEqual(set(refused.exception.fields), {name})
        action = self.planned()
        services.report_progress(action, "Chưa có hình.", by=fresh(self.team.writer))
        self.assertEqual(set(lacks(action)), {"evidence"})

    def test_the_moves_and_nothing_else(self) -> None:
        self.assertEqual(set(transitions.MOVES), TABLE)
        made = {S.OPEN: self.planned(), S.DONE: self.done(), S.VERIFIED: self.verified()}
        for state, action in made.items():
            for to in S:
                if (state, to) in TABLE - transitions.BY_DEEDS:
                    continue
                for who in (self.team.writer, self.team.checker):
                    with self.subTest(state=state, to=to, who=who), self.assertRaises(MoveRefused):
                        actions.step(action, to, who)
        with self.assertRaises(ReasonRequired):
            actions.step(made[S.DONE], S.VERIFIED, self.team.checker, reason=" ")
        with self.assertRaises(StaleVersion):
            transitions.move(made[S.DONE], S.VERIFIED, by=fresh(self.team.checker), reason="đủ", version=1)
        with self.assertRaises(Http404):
            actions.step(made[S.DONE], S.VERIFIED, self.team.elsewhere)

    def test_whoever_answers_for_it_never_verifies_it(self) -> None:
        """Of a mandatory incident the department verifies; elsewhere a second person of the facility does as well."""
        severe = self.done()
        with self.assertRaises(RightMissing):
            actions.step(severe, S.VERIFIED, self.team.head)
        alone = actions.done(actions.planned(self.team.writer, self.team.hospital), self.team.writer)
        self.assertEqual(actions.step(alone, S.VERIFIED, self.team.head).status, S.VERIFIED)
        own = actions.planned(self.team.writer, self.team.hospital, owner=self.team.head)
        own = actions.done(own, self.team.writer)
        with self.assertRaises(SecondPersonNeeded):
            actions.step(own, S.VERIFIED, self.team.head)
        for who in (self.team.writer, self.team.colleague, self.team.lead):
            with self.subTest(who=who), self.assertRaises(RightMissing):
                actions.step(own, S.VERIFIED, who)

    def test_each_state_has_its_clock_and_what_ends_it(self) -> None:
        action = self.planned()
        due = timezone.localtime(self.clock(action, Obligation.ACT).due_at)
        self.assertEqual((due - timedelta(seconds=1)).date(), action.due_on)
        self.assertEqual((due.hour, due.minute), (0, 0))
        action = actions.done(action, self.team.writer)
        self.assertEqual(self.clock(action, Obligation.ACT).state, State.DONE)
        self.assertEqual(self.clock(action, Obligation.VERIFY_ACTION).state, State.RUNNING)
        action = actions.step(action, S.OPEN, self.team.checker)  # returned: what was owed is owed again
        self.assertEqual(self.clock(action, Obligation.VERIFY_ACTION).state, State.DONE)
        self.assertEqual(self.clock(action, Obligation.ACT).state, State.RUNNING)
        with self.assertRaises(InvalidInput):  # the words of the first time do not count again
            actions.step(action, S.DONE, self.team.writer)
        action = actions.step(actions.done(action, self.team.writer), S.VERIFIED, self.team.checker)
        first = self.clock(action, Obligation.CHECK_EFFECT)
        actions.check(action, Effect.TOO_EARLY, self.team.checker, next_on=action.check_on + timedelta(days=30))
        action.refresh_from_db()
        second = self.clock(action, Obligation.CHECK_EFFECT)
        first.refresh_from_db()
        self.assertEqual((first.state, second.state, second.cycle), (State.DONE, State.RUNNING, 2))
        self.assertEqual(second.due_at - first.due_at, timedelta(days=30))
        self.assertEqual(action.due_at, second.due_at)
        actions.check(action, Effect.NOT_EFFECTIVE, self.team.checker)
        action.refresh_from_db()
        self.assertEqual(action.status, S.REOPENED)
        self.assertEqual(self.clock(action, Obligation.REVIEW_ACTION).state, State.RUNNING)
        action = actions.step(action, S.EFFECTIVE, self.team.checker)
        self.assertEqual(action.due_at, None)
        self.assertFalse(deadlines_of(action).filter(state__in=(State.RUNNING, State.PAUSED)).exists())

    def test_an_effect_says_what_was_measured_and_when(self) -> None:
        action, today = self.verified(), timezone.localdate()
        for name, result, more in (
            ("result", "perhaps", {}),
            ("found", Effect.EFFECTIVE, {"found": " "}),
            ("checked_on", Effect.EFFECTIVE, {"checked_on": today + timedelta(days=1)}),
            ("checked_on", Effect.EFFECTIVE, {"checked_on": today - timedelta(days=1)}),
            ("next_on", Effect.TOO_EARLY, {}),
            ("next_on", Effect.TOO_EARLY, {"next_on": today}),
        ):
            with self.subTest(name=name, result=result), self.assertRaises(InvalidInput) as refused:
                actions.check(action, result, self.team.checker, **more)
            self.assertEqual(set(refused.exception.fields), {name})
        with self.assertRaises(RightMissing):
            actions.check(action, Effect.EFFECTIVE, self.team.writer)
        with self.assertRaises(MoveRefused):
            actions.check(self.planned(), Effect.EFFECTIVE, self.team.checker)
        self.assertFalse(EffectCheck.objects.exists())

    def test_stronger_and_earlier_hold_at_once_less_needs_a_second_person(self) -> None:
        action = self.planned(kind="M4", causes=["CA1.2", "CA4.1"])
        sooner = {"kind": "S2", "due_on": action.due_on - timedelta(days=7)}
        action = services.write(action, sooner, by=fresh(self.team.writer), version=action.version)
        self.assertEqual(self.clock(action, Obligation.ACT).cycle, 2)
        for name, change in (
            ("kind", {"kind": "W4"}),
            ("due_on", {"due_on": action.due_on + timedelta(days=1)}),
            ("causes", {"causes": ["CA1.2"]}),
        ):
            with self.subTest(name=name), self.assertRaises(InvalidInput) as refused:
                services.write(action, change, by=fresh(self.team.writer), version=action.version)
            self.assertEqual(set(refused.exception.fields), {name})
        later = {"due_on": action.due_on + timedelta(days=7)}
        asked = self.asked(action, Concession.WEAKER, wishes=later)
        with self.assertRaises(MoveRefused):  # one at a time, and nothing moves meanwhile
            self.asked(action, Concession.WITHDRAWAL)
        with self.assertRaises(MoveRefused):
            actions.done(action, self.team.writer)
        with self.assertRaises(RightMissing):
            services.answer(asked, agrees=True, answer="được", by=fresh(self.team.writer))
        services.answer(asked, agrees=False, answer="không đủ lý do", by=fresh(self.team.checker))
        action.refresh_from_db()
        self.assertEqual((action.due_on, action.kind), (asked.action.due_on, "S2"))
        again = self.asked(action, Concession.WEAKER, wishes=later)
        services.answer(again, agrees=True, answer="chờ đấu thầu", by=fresh(self.team.checker))
        action.refresh_from_db()
        self.assertEqual(action.due_on, later["due_on"])
        self.assertEqual(ConcessionAsked.objects.filter(before={"due_on": asked.before["due_on"]}).count(), 2)

    def asked(self, action: Action, what: str, **more) -> ConcessionAsked:
        action.refresh_from_db()
        return services.ask(
            action, what, reason="thiếu kinh phí", by=fresh(self.team.writer), version=action.version, **more
        )

    def test_a_withdrawal_takes_a_second_person_and_drops_the_clock(self) -> None:
        action = self.planned()
        asked = self.asked(action, Concession.WITHDRAWAL)
        services.answer(asked, agrees=True, answer="đã có hành động mạnh hơn", by=fresh(self.team.checker))
        action.refresh_from_db()
        self.assertEqual((action.status, action.due_at), (S.WITHDRAWN, None))
        self.assertEqual(self.clock(action, Obligation.ACT).state, State.CANCELLED)
        with self.assertRaises(MoveRefused):
            services.report_progress(action, "thêm", by=fresh(self.team.writer))

    def test_a_sent_action_is_not_rewritten(self) -> None:
        action = self.done()
        with self.assertRaises(MoveRefused):
            services.write(action, {"title": "khác"}, by=fresh(self.team.writer), version=action.version)

    def test_who_is_told(self) -> None:
        action = self.planned(owner=self.team.colleague)
        self.assertEqual(recipients("responsible", [action.pk])[action.pk], [self.team.colleague.pk])
        Outbox.objects.all().delete()
        action = actions.done(action, self.team.writer)
        told = set(Outbox.objects.filter(template="action_done").values_list("recipient_id", flat=True))
        self.assertEqual(told, {self.team.checker.pk, self.team.second.pk})
        self.assertEqual(set(recipients("unit", [action.pk])[action.pk]), told)

    def test_nothing_is_deleted(self) -> None:
        action = self.verified()
        actions.check(action, Effect.NOT_EFFECTIVE, self.team.checker)
        action.refresh_from_db()
        self.asked(action, Concession.WITHDRAWAL)
        for model in (Action, ActionPast, Progress, Evidence, EffectCheck, ConcessionAsked):
            with self.subTest(model=model.__name__):
                self.assertTrue(model._base_manager.exists())
                with self.assertRaises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"DELETE FROM {model._meta.db_table}")
