"""The same cause comes back: the review of an effective action reopens by itself, and both incidents are linked."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.utils import timezone

from incidents.choices import ActionStatus as S
from incidents.choices import AnalysisStatus, Status
from incidents.models import Action, ActionPast, Incident
from links.models import Link, Relation
from notifications.models import Outbox
from tests.incidents import actions, analyses
from tests.incidents import factories as make
from tests.incidents.factories import SEVERE, Team


class RecurrenceTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.first = make.sent(cls.team.writer, cls.team.hospital, causes=["CA1.2"], types=["IT03.7"], **SEVERE)
        planned = actions.planned(cls.team.writer, cls.team.hospital, cls.first)
        cls.action = actions.effective(planned, cls.team.writer, cls.team.checker)

    def state(self) -> str:
        return Action.objects.get(pk=self.action.pk).status

    def now(self, **changes) -> Incident:
        """An incident of this minute, written and not sent yet."""
        by, place = self.team.writer, changes.pop("facility", self.team.hospital)
        by = self.team.stranger if place == self.team.other else by
        moment = timezone.now().replace(second=0, microsecond=0)
        given = {"occurred_at": moment, "detected_at": moment, "harm": "D"} | changes
        return make.draft(by, place, **given)

    def sent(self, **changes) -> Incident:
        drafted = self.now(**changes)
        by = self.team.stranger if drafted.facility_id == self.team.other.pk else self.team.writer
        return make.step(drafted, Status.SUBMITTED, by)

    def test_a_report_that_names_the_cause_reopens_the_review(self) -> None:
        Outbox.objects.all().delete()
        again = self.sent(causes=["CA1.2", "CA3.1"])
        self.assertEqual(self.state(), S.REOPENED)
        action = Action.objects.get(pk=self.action.pk)
        self.assertIsNotNone(action.due_at)
        kind, own = (ContentType.objects.get_for_model(model) for model in (Incident, Action))
        links = Link.objects.filter(relation=Relation.RECURRED, target_type=kind, target_id=again.pk)
        ends = {(link.source_type, link.source_id) for link in links}
        self.assertEqual(ends, {(kind, self.first.pk), (own, self.action.pk)})
        told = set(Outbox.objects.filter(template="action_recurred").values_list("recipient_id", flat=True))
        team = self.team
        people = {team.writer.pk, team.colleague.pk, team.head.pk, team.checker.pk, team.second.pk}
        self.assertEqual(told, people)
        past = ActionPast.objects.filter(id=action.pk).latest("history_id")
        self.assertIn(again.reference, past.history_change_reason)
        self.assertTrue(past.history_user.is_engine)

    def test_an_analysis_that_finds_the_cause_reopens_it_when_it_is_sent(self) -> None:
        again = self.sent(**SEVERE)
        self.assertEqual(self.state(), S.EFFECTIVE)
        written = analyses.written(again, self.team.writer)
        self.assertEqual(self.state(), S.EFFECTIVE)  # a draft is the facility's business
        analyses.step(written, AnalysisStatus.SUBMITTED, self.team.writer)
        self.assertEqual(self.state(), S.REOPENED)

    def test_what_says_nothing_about_it_leaves_it_alone(self) -> None:
        before = timezone.now() - timedelta(days=2)
        for name, changes in (
            ("another cause", {"causes": ["CA4.1"]}),
            ("no cause yet", {"causes": []}),
            ("another facility", {"causes": ["CA1.2"], "facility": self.team.other}),
            ("before it was done", {"causes": ["CA1.2"], "occurred_at": before, "detected_at": before}),
        ):
            with self.subTest(name=name):
                self.sent(**changes)
                self.assertEqual(self.state(), S.EFFECTIVE)
        self.now(causes=["CA1.2"])  # only written
        self.assertEqual(self.state(), S.EFFECTIVE)

    def test_an_action_may_be_about_some_types_only(self) -> None:
        narrow = actions.planned(self.team.writer, self.team.hospital, types=["IT03.7"], causes=["CA4.2"])
        narrow = actions.effective(narrow, self.team.writer, self.team.checker)
        self.sent(causes=["CA4.2"], types=["IT07.1"])
        narrow.refresh_from_db()
        self.assertEqual(narrow.status, S.EFFECTIVE)
        self.sent(causes=["CA4.2"], types=["IT03.7"])
        narrow.refresh_from_db()
        self.assertEqual(narrow.status, S.REOPENED)
        own = ContentType.objects.get_for_model(Action)
        self.assertTrue(Link.objects.filter(source_type=own, source_id=narrow.pk).exists())  # it has no incident

    def test_only_what_was_found_effective_reopens_and_once(self) -> None:
        waiting = actions.planned(self.team.writer, self.team.hospital, self.first)
        self.sent(causes=["CA1.2"])
        version = Action.objects.get(pk=self.action.pk).version
        self.sent(causes=["CA1.2"])
        self.assertEqual(Action.objects.get(pk=self.action.pk).version, version)
        waiting.refresh_from_db()
        self.assertEqual(waiting.status, S.OPEN)

    def test_the_review_ends_with_a_new_deed_or_with_a_reason(self) -> None:
        self.sent(causes=["CA1.2"])
        action = Action.objects.get(pk=self.action.pk)
        action = actions.step(actions.done(action, self.team.writer), S.VERIFIED, self.team.checker)
        self.assertEqual(action.status, S.VERIFIED)
