"""Which clocks run when: by law and by policy, from which moment, and what ends them."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from deadlines.models import Deadline
from deadlines.services import deadlines_of
from deadlines.sweep import sweep
from incidents import services
from incidents.choices import Paper, Status
from incidents.classification import Claim
from incidents.models import Incident
from incidents.subject import recipients, urgent
from tests.feedback.factories import fresh
from tests.incidents import factories as make
from tests.incidents.factories import SEVERE, Team

HOUR = timedelta(hours=1)
VERY_SERIOUS = {"harm": "I", "serious_item": 13, "deaths": 1, "more_feared": True}


class ClockTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()

    def draft(self, **changes) -> Incident:
        return make.draft(self.team.writer, self.team.hospital, **changes)

    def sent(self, **changes) -> Incident:
        return make.step(self.draft(**changes), Status.SUBMITTED, self.team.writer)

    def clocks(self, incident: Incident) -> dict[str, Deadline]:
        return {clock.obligation: clock for clock in deadlines_of(incident)}

    def test_a_voluntary_report_has_none(self) -> None:
        incident = self.sent()
        self.assertEqual((self.clocks(incident), incident.due_at), ({}, None))

    def test_at_once_counts_from_the_noticing_of_a_draft_and_ends_when_it_is_sent(self) -> None:
        incident = self.draft(**SEVERE)
        clock = self.clocks(incident)["report_incident"]
        self.assertEqual((clock.starts_at, clock.due_at), (incident.detected_at, incident.detected_at + 2 * HOUR))
        self.assertEqual((clock.derivation["nature"], clock.derivation["rule"]), ("policy", "LD02"))
        incident = make.step(incident, Status.SUBMITTED, self.team.writer)
        self.assertTrue(self.clocks(incident)["report_incident"].on_time)

    def test_a_late_report_is_late_for_good(self) -> None:
        incident = self.sent(noticed=timezone.now() - 3 * HOUR, **SEVERE)
        self.assertFalse(self.clocks(incident)["report_incident"].on_time)

    def test_a_draft_that_turns_out_mild_drops_its_clock(self) -> None:
        incident = self.draft(**SEVERE)
        changes = {"harm": "D", "serious_item": None}
        incident = services.edit(incident, changes, by=fresh(self.team.writer), version=incident.version)
        self.assertEqual(self.clocks(incident)["report_incident"].state, "cancelled")
        self.assertIsNone(incident.due_at)

    def test_another_moment_of_noticing_moves_the_clock(self) -> None:
        incident = self.draft(**SEVERE)
        earlier = incident.detected_at - HOUR
        changes = {"detected_at": earlier, "occurred_at": earlier - HOUR}
        incident = services.edit(incident, changes, by=fresh(self.team.writer), version=incident.version)
        self.assertEqual(incident.due_at, earlier + 2 * HOUR)

    def test_the_very_serious_one_is_phoned_within_the_hour_by_law(self) -> None:
        incident = self.draft(**VERY_SERIOUS)
        clock = self.clocks(incident)["phone_report"]
        self.assertEqual(clock.due_at, incident.detected_at + HOUR)
        self.assertEqual((clock.derivation["nature"], clock.derivation["rule"]), ("legal", "LD01"))
        self.assertEqual(urgent([incident.pk, self.draft(**SEVERE).pk]), {incident.pk})
        called = incident.detected_at + timedelta(minutes=20)
        services.give(incident, Paper.PHONE, given_at=called, said="Sở Y tế, Bộ Y tế", by=fresh(self.team.writer))
        self.assertTrue(self.clocks(incident)["phone_report"].on_time)

    def test_sending_starts_the_quick_report_and_the_sixty_days(self) -> None:
        incident = self.sent(**SEVERE)
        clocks = self.clocks(incident)
        self.assertEqual(clocks["quick_report"].due_at, incident.submitted_at + 24 * HOUR)
        self.assertEqual(clocks["quick_report"].derivation["nature"], "legal")
        self.assertEqual(clocks["analyse"].starts_at, incident.submitted_at)
        self.assertGreaterEqual(clocks["analyse"].due_at - incident.submitted_at, timedelta(days=60))
        self.assertEqual(clocks["analyse"].derivation["amount"], 60)
        self.assertEqual(incident.due_at, clocks["quick_report"].due_at)
        services.give(incident, Paper.QUICK, given_at=timezone.now(), said="số 1", by=fresh(self.team.checker))
        incident.refresh_from_db()
        self.assertEqual(incident.due_at, clocks["analyse"].due_at)

    def test_a_return_keeps_the_clocks_of_the_first_sending(self) -> None:
        incident = make.step(self.sent(**SEVERE), Status.RETURNED, self.team.checker)
        before = {name: clock.due_at for name, clock in self.clocks(incident).items()}
        incident = make.step(incident, Status.SUBMITTED, self.team.writer)
        self.assertEqual({name: clock.due_at for name, clock in self.clocks(incident).items()}, before)

    def test_raising_starts_them_then_and_lowering_drops_them(self) -> None:
        incident = self.sent()
        services.reclassify(
            incident, Claim("G", 28), reason="nặng hơn", by=fresh(self.team.checker), version=incident.version
        )
        incident.refresh_from_db()
        self.assertEqual(self.clocks(incident)["quick_report"].starts_at, incident.mandatory_at)
        asked = services.reclassify(
            incident, Claim("E"), reason="nhẹ hơn", by=fresh(self.team.writer), version=incident.version
        )
        services.answer_lowering(asked, agrees=True, answer="đồng ý", by=fresh(self.team.lead))
        incident.refresh_from_db()
        self.assertEqual({clock.state for clock in self.clocks(incident).values()} - {"done"}, {"cancelled"})
        self.assertIsNone(incident.due_at)

    def test_nobody_of_the_department_is_told_of_a_draft(self) -> None:
        incident = self.draft(**SEVERE)
        own = {self.team.writer.pk, self.team.colleague.pk, self.team.head.pk}
        for role in ("responsible", "unit", "unit_head", "lead", "director"):
            with self.subTest(role=role):
                self.assertLessEqual(set(recipients(role, [incident.pk])[incident.pk]), own)
        self.assertEqual(recipients("lead", [incident.pk])[incident.pk], [self.team.head.pk])
        make.step(incident, Status.SUBMITTED, self.team.writer)
        self.assertEqual(recipients("lead", [incident.pk])[incident.pk], [self.team.lead.pk])
        self.assertEqual(recipients("director", [incident.pk])[incident.pk], [self.team.director.pk])

    def test_the_sweep_tells_the_facilitys_head_of_a_late_draft(self) -> None:
        from notifications.models import Outbox

        incident = self.draft(noticed=timezone.now() - 3 * HOUR, **SEVERE)
        sweep()
        told = set(Outbox.objects.filter(about_id=incident.pk).values_list("recipient_id", flat=True))
        self.assertIn(self.team.head.pk, told)
        self.assertFalse(told & {self.team.lead.pk, self.team.director.pk, self.team.checker.pk})
