"""Writing together, adding, lowering with a second person, and who is named."""

from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404
from django.test import TestCase
from django.utils import timezone

from audit.models import Act, Entry
from common.exceptions import InvalidInput, MoveRefused, RightMissing, SecondPersonNeeded, StaleVersion
from incidents import services
from incidents.choices import Paper, Status
from incidents.classification import Claim
from incidents.models import Incident, Named, Reclassification
from tests.feedback.factories import fresh
from tests.incidents import factories as make
from tests.incidents.factories import LONG_REASON, SEVERE, Team

S = Status


class Base(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()

    def draft(self, **changes) -> Incident:
        return make.draft(self.team.writer, self.team.hospital, **changes)

    def sent(self, **changes) -> Incident:
        return make.sent(self.team.writer, self.team.hospital, **changes)


class WritingTests(Base):
    def test_what_the_circular_leaves_out_is_told_where_it_goes(self) -> None:
        for code in ("EX1", "EX2", "EX3"):
            with self.subTest(code=code), self.assertRaises(InvalidInput) as refusal:
                services.start(self.team.hospital, by=fresh(self.team.writer), excluded=code)
            self.assertIn("43/2018", refusal.exception.fields["excluded"][0])
        self.assertFalse(Incident.objects.exists())

    def test_one_reports_for_ones_own_facility_only(self) -> None:
        for person in (self.team.stranger, self.team.checker, self.team.lead, self.team.head):
            with self.subTest(person=person), self.assertRaises(RightMissing):
                services.start(self.team.hospital, by=fresh(person))

    def test_the_second_of_two_writers_is_told_and_overwrites_nothing(self) -> None:
        incident = self.draft()
        mine, theirs = fresh(self.team.writer), fresh(self.team.colleague)
        services.edit(incident, {"ward": "Khoa Ngoại"}, by=theirs, version=incident.version)
        with self.assertRaises(StaleVersion):
            services.edit(incident, {"ward": "Khoa Nhi"}, by=mine, version=incident.version)
        incident.refresh_from_db()
        self.assertEqual(incident.ward, "Khoa Ngoại")

    def test_a_sent_report_is_not_written_over(self) -> None:
        incident = self.sent()
        with self.assertRaises(MoveRefused):
            services.edit(incident, {"ward": "x"}, by=fresh(self.team.writer), version=incident.version)

    def test_a_returned_report_keeps_its_classification(self) -> None:
        incident = make.step(self.sent(), S.RETURNED, self.team.checker)
        with self.assertRaises(InvalidInput):
            services.edit(incident, {"harm": "A"}, by=fresh(self.team.writer), version=incident.version)
        services.edit(incident, {"ward": "Khoa Nhi"}, by=fresh(self.team.writer), version=incident.version)

    def test_rubbish_is_refused_in_words(self) -> None:
        incident = self.draft()
        for rubbish in (
            {"harm": "Z"},
            {"ward": "a\x00b"},
            {"types": ["IT99.9"]},
            {"serious_item": 29},
            {"ward": "x" * 201},
            {"occurred_at": datetime(1, 1, 1, tzinfo=timezone.get_current_timezone())},  # before year 1 in UTC
            {"detected_at": datetime(9999, 12, 31, 23, 59, tzinfo=UTC)},  # after year 9999 here
        ):
            with self.subTest(rubbish=rubbish), self.assertRaises(InvalidInput):
                services.edit(incident, rubbish, by=fresh(self.team.writer), version=incident.version)

    def test_an_addendum_leaves_what_was_said(self) -> None:
        incident = self.sent()
        services.add(incident, "Người bệnh đã ổn định.", by=fresh(self.team.colleague))
        with self.assertRaises(RightMissing):
            services.add(incident, "x", by=fresh(self.team.checker))
        self.assertEqual([row.text for row in incident.addenda.all()], ["Người bệnh đã ổn định."])
        with self.assertRaises(DatabaseError), transaction.atomic():
            incident.addenda.update(text="khác")


class LoweringTests(Base):
    def ask(self, incident: Incident, claim: Claim, by=None) -> Reclassification:
        incident.refresh_from_db()
        return services.reclassify(
            incident, claim, reason="đánh giá lại", by=fresh(by or self.team.writer), version=incident.version
        )

    def test_raising_holds_at_once_and_the_original_stays(self) -> None:
        incident = self.sent()
        self.ask(incident, Claim("G", 28))
        incident.refresh_from_db()
        self.assertEqual((incident.harm, incident.level, incident.serious_item), ("G", "NC3", 28))
        row = incident.reclassifications.get()
        self.assertEqual((row.before["letter"], row.after["letter"], row.is_agreed), ("D", "G", True))

    def test_lowering_waits_for_a_second_person(self) -> None:
        incident = self.sent(**SEVERE)
        asked = self.ask(incident, Claim("F"))
        incident.refresh_from_db()
        self.assertEqual(incident.harm, "G")
        with self.assertRaises(MoveRefused):
            self.ask(incident, Claim("E"))
        services.answer_lowering(asked, agrees=True, answer="đồng ý", by=fresh(self.team.checker))
        incident.refresh_from_db()
        self.assertEqual((incident.harm, incident.serious_item, incident.mandatory_at), ("F", None, None))
        self.assertEqual(
            incident.reclassifications.get().before, {"letter": "G", "item": 4, "exception": "", "deaths": 0}
        )

    def test_the_asker_is_not_the_second_person(self) -> None:
        asked = self.ask(self.sent(**SEVERE), Claim("F"), by=self.team.checker)
        with self.assertRaises(SecondPersonNeeded):
            services.answer_lowering(asked, agrees=True, answer="đồng ý", by=fresh(self.team.checker))
        with self.assertRaises(RightMissing):
            services.answer_lowering(asked, agrees=True, answer="đồng ý", by=fresh(self.team.writer))
        with self.assertRaises(IntegrityError), transaction.atomic():
            Reclassification.objects.filter(pk=asked.pk).update(
                decided_by=self.team.checker, decided_at=timezone.now(), is_agreed=True
            )

    def test_a_no_changes_nothing(self) -> None:
        incident = self.sent(**SEVERE)
        asked = self.ask(incident, Claim("F"))
        services.answer_lowering(asked, agrees=False, answer="chưa đủ cơ sở", by=fresh(self.team.lead))
        incident.refresh_from_db()
        self.assertEqual((incident.harm, incident.serious_item), ("G", 4))
        with self.assertRaises(MoveRefused):
            services.answer_lowering(asked, agrees=True, answer="đồng ý", by=fresh(self.team.checker))

    def test_raising_to_mandatory_takes_a_name(self) -> None:
        incident = self.sent(people={})
        with self.assertRaises(InvalidInput):
            self.ask(incident, Claim("G", 28))


class NamedTests(Base):
    def look(self, incident: Incident, by) -> dict[str, dict[str, str]]:
        return services.reveal(incident, by=fresh(by), purpose="verify", reason=LONG_REASON)

    def test_names_lie_under_seal_and_nowhere_else(self) -> None:
        incident = self.sent(**SEVERE)
        self.assertEqual(Named.objects.filter(incident=incident).count(), 2)
        with connection.cursor() as cursor:
            for table in (
                "incidents_named",
                "incidents_incident",
                "incidents_historicalincident",
                "notifications_outbox",
            ):
                cursor.execute(
                    f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%%Hoa Sen%%' OR t::text LIKE '%%Ngọc Mai%%'"
                )
                self.assertEqual(cursor.fetchone()[0], 0)

    def test_looking_is_written_down_first(self) -> None:
        incident = self.sent(**SEVERE)
        found = self.look(incident, self.team.checker)
        self.assertEqual(found["patient"]["name"], "Lê Thị Hoa Sen")
        self.assertEqual(found["reporter"]["name"], "Trần Ngọc Mai")
        entry = Entry.objects.get(act=Act.REVEAL, about_type="incidents.incident", about_id=incident.pk)
        self.assertEqual((entry.by_id, entry.reason), (self.team.checker.pk, LONG_REASON))

    def test_who_reported_voluntarily_is_shown_to_nobody_alone(self) -> None:
        """Not even at the facility: `tests.incidents.test_naming`."""
        incident = self.sent()
        for person in (self.team.checker, self.team.lead, self.team.colleague):
            with self.subTest(person=person):
                self.assertEqual(set(self.look(incident, person)), {"patient"})

    def test_others_are_refused_and_it_is_written_down(self) -> None:
        incident = self.sent(**SEVERE)
        for person in (self.team.head, self.team.director, self.team.auditor):
            with self.subTest(person=person), self.assertRaises(RightMissing):
                self.look(incident, person)
        self.assertEqual(Entry.objects.filter(act=Act.REFUSED, about_id=incident.pk).count(), 3)
        for person in (self.team.stranger, self.team.officer, self.team.elsewhere):
            with self.subTest(person=person), self.assertRaises(Http404):
                self.look(incident, person)

    def test_a_short_reason_shows_nothing(self) -> None:
        with self.assertRaises(InvalidInput):
            services.reveal(self.sent(), by=fresh(self.team.checker), purpose="verify", reason="vì cần")
        self.assertFalse(Entry.objects.filter(act=Act.REVEAL).exists())

    def test_what_is_given_later_joins_and_an_anonymous_report_forgets(self) -> None:
        incident = self.draft(**SEVERE)
        by = fresh(self.team.writer)
        incident = services.edit(incident, {}, {"reporter": {"phone": "0900000001"}}, by=by, version=incident.version)
        self.assertEqual(self.look(incident, by)["reporter"], {"name": "Trần Ngọc Mai", "phone": "0900000001"})
        incident = services.edit(incident, {}, {"reporter": {}}, by=by, version=incident.version)
        self.assertEqual((incident.is_named, self.look(incident, by)["reporter"]), (False, {}))


class PaperTests(Base):
    def test_each_side_records_its_own_once(self) -> None:
        incident = self.sent(**SEVERE)
        at, writer, checker = timezone.now(), fresh(self.team.writer), fresh(self.team.checker)
        with self.assertRaises(RightMissing):
            services.give(incident, Paper.QUICK, given_at=at, said="Bộ Y tế", by=writer)
        with self.assertRaises(RightMissing):
            services.give(incident, Paper.ANALYSIS, given_at=at, said="số 1", by=checker)
        services.give(incident, Paper.QUICK, given_at=at, said="Bộ Y tế, số 12", by=checker)
        with self.assertRaises(MoveRefused):
            services.give(incident, Paper.QUICK, given_at=at, said="Bộ Y tế, số 12", by=checker)

    def test_moments_that_cannot_be(self) -> None:
        incident = self.sent(**SEVERE)
        first = datetime(1, 1, 1, tzinfo=timezone.get_current_timezone())
        for at in (timezone.now() + timedelta(hours=1), incident.detected_at - timedelta(minutes=1), first):
            with self.subTest(at=at), self.assertRaises(InvalidInput):
                services.give(incident, Paper.QUICK, given_at=at, said="Bộ Y tế", by=fresh(self.team.checker))
