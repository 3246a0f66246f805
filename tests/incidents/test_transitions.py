"""Who moves a report where, what keeps it from being sent, and what survives."""

from datetime import timedelta
from itertools import product

from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import TestCase
from django.utils import timezone

from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, StaleVersion
from incidents.choices import Status
from incidents.completeness import NEEDED
from incidents.models import Incident
from incidents.transitions import MOVES, move
from tests.feedback.factories import fresh
from tests.incidents import factories as make
from tests.incidents.factories import SEVERE, Team

S = Status
REACHED = {
    S.DRAFT: (),
    S.SUBMITTED: (S.SUBMITTED,),
    S.RETURNED: (S.SUBMITTED, S.RETURNED),
    S.ACCEPTED: (S.SUBMITTED, S.ACCEPTED),
    S.DROPPED: (S.DROPPED,),
}


class MoveTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()

    def actor(self, to: Status):
        return self.team.checker if to in (S.ACCEPTED, S.RETURNED) else self.team.writer

    def incident_in(self, status: Status) -> Incident:
        made = make.draft(self.team.writer, self.team.hospital)
        for to in REACHED[status]:
            made = make.step(made, to, self.actor(to))
        return made

    def test_every_pair_is_a_move_of_the_table_or_refused(self) -> None:
        for source, target in product(S, S):
            with self.subTest(source=source, target=target), transaction.atomic():
                incident = self.incident_in(source)
                if (source, target) in MOVES:
                    self.assertEqual(make.step(incident, target, self.actor(target)).status, target)
                else:
                    # a dropped draft or a draft is not there for the department
                    with self.assertRaises((MoveRefused, Http404)):
                        make.step(incident, target, self.actor(target))
                transaction.set_rollback(True)

    def test_the_facility_does_not_check_itself_and_the_department_sends_nothing(self) -> None:
        incident = self.incident_in(S.SUBMITTED)
        for person in (self.team.writer, self.team.head, self.team.lead):
            with self.subTest(person=person), self.assertRaises(RightMissing):
                make.step(incident, S.ACCEPTED, person)
        incident = self.incident_in(S.RETURNED)
        for person in (self.team.checker, self.team.head):
            with self.subTest(person=person), self.assertRaises(RightMissing):
                make.step(incident, S.SUBMITTED, person)

    def test_a_strangers_incident_is_not_there(self) -> None:
        incident = self.incident_in(S.DRAFT)
        for person in (self.team.stranger, self.team.checker, self.team.lead, self.team.officer):
            with self.subTest(person=person), self.assertRaises(Http404):
                make.step(incident, S.SUBMITTED, person)

    def test_a_stale_version_changes_nothing(self) -> None:
        incident = self.incident_in(S.SUBMITTED)
        with self.assertRaises(StaleVersion):
            move(incident, S.ACCEPTED, by=fresh(self.team.checker), reason="đủ", version=incident.version - 1)
        incident.refresh_from_db()
        self.assertEqual(incident.status, S.SUBMITTED)

    def test_a_return_takes_remarks_which_stay_in_the_history(self) -> None:
        incident = self.incident_in(S.SUBMITTED)
        with self.assertRaises(ReasonRequired):
            make.step(incident, S.RETURNED, self.team.checker, reason="  ")
        make.step(incident, S.RETURNED, self.team.checker, reason="Thiếu giờ xảy ra")
        self.assertEqual(incident.history.first().history_change_reason, "Thiếu giờ xảy ra")

    def test_sending_names_the_division_and_the_moment_once(self) -> None:
        incident = self.incident_in(S.RETURNED)
        first = incident.submitted_at
        again = make.step(incident, S.SUBMITTED, self.team.writer)
        self.assertEqual((again.division, again.submitted_at), (self.team.division, first))


class GateTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()

    def refused(self, **changes):
        incident = make.draft(self.team.writer, self.team.hospital, **changes)
        with self.assertRaises(InvalidInput) as refusal:
            make.step(incident, S.SUBMITTED, self.team.writer)
        return set(refusal.exception.fields)

    def test_each_missing_element_is_named(self) -> None:
        for name in NEEDED:
            blank = None if name in ("occurred_at", "detected_at") else ""
            with self.subTest(name=name):
                self.assertEqual(self.refused(**{name: blank}), {name})

    def test_a_severe_one_needs_its_item_and_its_reporters_name(self) -> None:
        self.assertEqual(self.refused(harm="H"), {"serious_item"})
        self.assertEqual(self.refused(people={}, **SEVERE), {"reporter_name"})

    def test_a_voluntary_one_may_be_anonymous(self) -> None:
        incident = make.sent(self.team.writer, self.team.hospital, people={"reporter": {}})
        self.assertEqual((incident.status, incident.is_named), (S.SUBMITTED, False))

    def test_days_that_cannot_be(self) -> None:
        now = timezone.now()
        hour = timedelta(hours=1)
        self.assertEqual(self.refused(occurred_at=now - hour, detected_at=now - 2 * hour), {"detected_at"})
        self.assertEqual(
            self.refused(occurred_at=now + hour, detected_at=now + 2 * hour), {"occurred_at", "detected_at"}
        )

    def test_contradictions_stay_in_a_draft_and_are_refused_when_it_is_sent(self) -> None:
        self.assertEqual(self.refused(harm="C", serious_item=2), {"serious_item"})
        self.assertEqual(self.refused(harm="C", deaths=1), {"deaths"})
        self.assertEqual(self.refused(harm="I", serious_item=2), {"deaths"})
        self.assertEqual(self.refused(harm="G", serious_item=2, exception="khẩn cấp"), {"exception"})

    def test_the_database_holds_it_too(self) -> None:
        incident = make.sent(self.team.writer, self.team.hospital, **SEVERE)
        for wrong in (
            {"is_named": False},
            {"harm": ""},
            {"harm": "C"},
            {"detected_at": incident.occurred_at - timedelta(days=1)},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(IntegrityError), transaction.atomic():
                Incident.objects.filter(pk=incident.pk).update(**wrong)
