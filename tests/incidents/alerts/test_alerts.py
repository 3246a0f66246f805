"""An alert from its writer to the facilities: second person, receipts, clocks, editions, withdrawal."""

from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.exceptions import (
    InvalidInput,
    MoveRefused,
    ReasonRequired,
    RightMissing,
    SecondPersonNeeded,
    StaleVersion,
)
from deadlines.choices import State
from deadlines.models import Deadline
from deadlines.sweep import sweep
from facilities.models import Facility
from incidents.alerts import receiving, writing
from incidents.alerts.audience import by_code, chosen
from incidents.choices import AlertStatus, ReceiptState
from incidents.models import Alert, AlertEdition, AlertPast, AlertReceipt
from links.models import Link
from notifications.models import Outbox
from tests.feedback import factories as make
from tests.incidents import factories as incident
from tests.incidents.alerts import making

S, R = AlertStatus, ReceiptState
EVERY_PAIR = [(one, other) for one in S for other in S]


def clocks(receipt: AlertReceipt) -> dict[str, str]:
    rows = Deadline.objects.about(receipt).order_by("pk")
    return {row.obligation: row.state for row in rows}


def told(template: str) -> set[int]:
    return set(Outbox.objects.filter(template=template).values_list("recipient_id", flat=True))


class AlertTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = incident.Team()
        cls.alert = making.published(cls.team.checker, cls.team.second, cls.team.hospital)
        cls.receipt = making.at(cls.team.hospital, cls.alert)

    def answer(self, state: R, text: str = "", by: object = None) -> AlertReceipt:
        self.receipt.refresh_from_db()
        person = make.fresh(by or self.team.writer)
        return receiving.answer(self.receipt, state, text=text, by=person, version=self.receipt.version)

    def test_the_moves_are_those_of_the_table_and_no_others(self) -> None:
        for source, target in EVERY_PAIR:
            if (source, target) not in writing.MOVES:
                alert = making.written(self.team.checker, self.team.hospital)
                edition = {"edition": 1, "published_at": timezone.now()} if source == S.PUBLISHED else {}
                Alert.objects.filter(pk=alert.pk).update(status=source, **edition)
                with self.subTest(source=source, target=target), self.assertRaises(MoveRefused):
                    making.step(alert, target, self.team.second)

    def test_whoever_handed_it_over_cannot_publish_it(self) -> None:
        alert = making.step(making.written(self.team.checker, self.team.hospital), S.WAITING, self.team.checker)
        self.assertNotIn(S.PUBLISHED, writing.allowed_moves(alert, make.fresh(self.team.checker)))
        with self.assertRaises(SecondPersonNeeded):
            making.step(alert, S.PUBLISHED, self.team.checker)
        with self.assertRaises(IntegrityError), transaction.atomic():
            AlertEdition.objects.create(
                alert=alert, number=1, title="a", body="b", advice="c", asked_by=self.team.checker,
                published_by=self.team.checker, published_at=timezone.now(), reason="d",
            )  # fmt: skip

    def test_rights_reasons_and_versions_are_asked_for(self) -> None:
        alert = making.written(self.team.checker, self.team.hospital)
        with self.assertRaises(ReasonRequired):
            making.step(alert, S.WAITING, self.team.checker, reason="  ")
        with self.assertRaises(RightMissing):
            making.step(alert, S.WAITING, self.team.lead)  # publishes, does not write
        with self.assertRaises(StaleVersion):
            writing.write(alert, {"title": "khác"}, by=make.fresh(self.team.second), version=1)
        for stranger in (self.team.writer, self.team.officer, self.team.elsewhere):
            with self.subTest(stranger=stranger), self.assertRaises(Http404):
                making.step(alert, S.WAITING, stranger)
        with self.assertRaises(RightMissing):
            writing.start(by=make.fresh(self.team.writer))
        with self.assertRaises(RightMissing):
            writing.start(by=make.fresh(self.team.elsewhere))

    def test_what_lacks_something_is_not_handed_over(self) -> None:
        for changes, field in (
            ({"title": ""}, "title"), ({"body": " "}, "body"), ({"advice": ""}, "advice"),
            ({"facilities": []}, "types"), ({"facilities": [], "types": ["NHS"]}, "types"),
        ):  # fmt: skip
            alert = making.written(self.team.checker, self.team.hospital, **changes)
            with self.subTest(changes=changes), self.assertRaises(InvalidInput) as refused:
                making.step(alert, S.WAITING, self.team.checker)
            self.assertEqual(list(refused.exception.fields), [field])

    def test_what_cannot_be_stored_is_refused_field_by_field(self) -> None:
        for changes in (
            {"title": "a\x00b"},
            {"title": "a" * 300},
            {"types": ["XX"]},
            {"kind": "x"},
            {"status": "published"},
        ):
            with self.subTest(changes=changes), self.assertRaises(InvalidInput):
                making.written(self.team.checker, self.team.hospital, **changes)

    def test_it_goes_to_those_who_were_chosen_by_sort_and_to_those_named(self) -> None:
        clinic = make.facility("PK9", "Phòng khám Sen Hồng")
        Facility.objects.filter(pk=clinic.pk).update(type="PKDK")
        today = timezone.localdate()
        by_kind = making.written(self.team.checker, types=["PKDK"])
        self.assertEqual(list(chosen(by_kind, today)), [clinic])
        both = making.written(self.team.checker, self.team.hospital, types=["PKDK"], classes=["1"])
        self.assertEqual(list(chosen(both, today)), [self.team.hospital])
        self.assertEqual(by_code(["pk9", " PK9 ", "", "KHÔNG"]), ([clinic.pk], ["KHÔNG"]))
        self.assertEqual(list(chosen(Alert(), today)), [])

    def test_publishing_gives_receipts_clocks_and_messages(self) -> None:
        self.assertEqual((self.receipt.state, self.alert.edition), (R.UNREAD, 1))
        self.assertEqual(clocks(self.receipt), {"read_alert": State.RUNNING, "apply_alert": State.RUNNING})
        self.assertEqual(self.receipt.due_at, Deadline.objects.get(obligation="read_alert").due_at)
        members = {self.team.writer.pk, self.team.colleague.pk, self.team.head.pk}
        self.assertEqual(told("alert_published"), members)
        self.assertIn(self.team.lead.pk, told("alert_waiting"))
        self.assertFalse(AlertReceipt.objects.filter(facility=self.team.other).exists())

    def test_three_hundred_facilities_take_no_more_statements_than_three(self) -> None:
        places = [make.facility(f"B{n}", f"Bệnh viện số {n}") for n in range(30)]
        counted = []
        for few in (places[:3], places[3:]):
            alert = making.step(making.written(self.team.checker, *few), S.WAITING, self.team.checker)
            second = make.fresh(self.team.second)
            with self.subTest(count=len(few)):
                with CaptureQueriesContext(connection) as asked:
                    writing.move(alert, S.PUBLISHED, by=second, reason="đã đọc", version=alert.version)
                counted.append(len(asked))
                self.assertEqual(alert.receipts.count(), len(few))
        self.assertEqual(counted[0], counted[1])

    def test_reading_and_applying_end_their_clocks(self) -> None:
        read = self.answer(R.READ)
        self.assertEqual((read.state, read.edition_read), (R.READ, 1))
        self.assertEqual(clocks(read), {"read_alert": State.DONE, "apply_alert": State.RUNNING})
        with self.assertRaises(MoveRefused):
            self.answer(R.READ)
        with self.assertRaises(InvalidInput):
            self.answer(R.APPLIED, "  ")
        applied = self.answer(R.APPLIED, "Đã dán nhãn 120 đầu nối.")
        self.assertEqual((applied.state, applied.answered_by_id), (R.APPLIED, self.team.writer.pk))
        self.assertEqual(set(clocks(applied).values()), {State.DONE})
        self.assertIsNone(applied.due_at)

    def test_that_it_does_not_apply_takes_a_reason(self) -> None:
        with self.assertRaises(InvalidInput):
            self.answer(R.NOT_APPLICABLE)
        done = self.answer(R.NOT_APPLICABLE, "Cơ sở không có hệ thống khí trung tâm.")
        self.assertEqual(set(clocks(done).values()), {State.DONE})

    def test_only_people_who_write_for_the_facility_answer(self) -> None:
        for person, refusal in (
            (self.team.head, RightMissing),
            (self.team.checker, RightMissing),
            (self.team.stranger, Http404),
        ):
            with self.subTest(person=person), self.assertRaises(refusal):
                self.answer(R.READ, by=person)
        with self.assertRaises(StaleVersion):
            receiving.answer(self.receipt, R.READ, by=make.fresh(self.team.writer), version=99)
        with self.assertRaises(MoveRefused):
            self.answer(R.UNREAD)

    def test_a_facility_reads_the_published_words_and_not_what_is_being_written(self) -> None:
        making.step(self.alert, S.DRAFT, self.team.checker, reason="sửa")
        self.alert.refresh_from_db()
        writing.write(self.alert, {"body": "MỚI"}, by=make.fresh(self.team.checker), version=self.alert.version)
        reading = receiving.reading_of(self.receipt.pk, make.fresh(self.team.writer))
        self.assertEqual((reading.newest.body, reading.needs_reading), (making.TEXT["body"], True))
        self.assertFalse(reading.is_withdrawn)
        with self.assertRaises(Http404):
            receiving.reading_of(self.receipt.pk, make.fresh(self.team.stranger))

    def test_a_correction_tells_those_who_read_the_former_and_starts_their_clock_anew(self) -> None:
        late = making.published(self.team.checker, self.team.second, self.team.hospital, self.team.other)
        self.receipt = making.at(self.team.hospital, late)
        self.answer(R.APPLIED, "Đã làm.")
        making.step(late, S.DRAFT, self.team.checker, reason="sai liều")
        making.step(late, S.WAITING, self.team.checker)
        making.step(late, S.PUBLISHED, self.team.second)
        members = {self.team.writer.pk, self.team.colleague.pk, self.team.head.pk}
        self.assertEqual(told("alert_corrected"), members)  # the other facility had not read it
        self.assertEqual(Deadline.objects.about(self.receipt).running().count(), 1)
        self.receipt.refresh_from_db()
        self.assertEqual(self.receipt.state, R.APPLIED)
        again = self.answer(R.READ)
        self.assertEqual((again.edition_read, again.state), (2, R.APPLIED))
        self.assertFalse(Deadline.objects.about(self.receipt).running().exists())
        self.assertEqual(late.editions.count(), 2)

    def test_withdrawal_ends_every_clock_and_every_answer(self) -> None:
        making.step(self.alert, S.WITHDRAWN, self.team.second, reason="không còn phù hợp")
        self.assertEqual(set(clocks(self.receipt).values()), {State.CANCELLED})
        self.assertIn(self.team.writer.pk, told("alert_withdrawn"))
        with self.assertRaises(MoveRefused):
            self.answer(R.READ)
        self.receipt.refresh_from_db()
        self.assertIsNone(self.receipt.due_at)
        self.assertTrue(receiving.reading_of(self.receipt.pk, make.fresh(self.team.writer)).is_withdrawn)

    def test_a_draft_that_is_withdrawn_tells_nobody(self) -> None:
        making.step(making.written(self.team.checker, self.team.other), S.WITHDRAWN, self.team.checker)
        self.assertEqual(told("alert_withdrawn"), set())

    def test_who_lets_it_lie_is_reminded_and_the_department_is_told_at_last(self) -> None:
        past = timezone.now() - timedelta(days=30)
        for clock in Deadline.objects.about(self.receipt):
            moments = [past] * len(clock.positions)
            Deadline.objects.filter(pk=clock.pk).update(due_at=past, next_at=past, moments=moments)
        sweep()
        people = set(Outbox.objects.filter(template__startswith="deadline").values_list("recipient_id", flat=True))
        self.assertIn(self.team.writer.pk, people)
        self.assertIn(self.team.lead.pk, people)
        self.assertNotIn(self.team.stranger.pk, people)

    def test_where_it_comes_from_is_an_audited_link_that_facilities_never_see(self) -> None:
        happened = incident.sent(self.team.stranger, self.team.other)
        by = make.fresh(self.team.checker)
        with self.assertRaises(InvalidInput):
            writing.add_source(self.alert, "SC-2026-999999", by=by, reason="cùng loại")
        writing.add_source(self.alert, happened.reference.lower(), by=by, reason="cùng loại")
        writing.add_source(self.alert, happened.reference, by=by, reason="lần nữa")
        self.assertEqual(Link.objects.filter(target_id=self.alert.pk).count(), 1)
        self.assertEqual(writing.sources_of(self.alert, by), [happened])
        self.assertEqual(writing.sources_of(self.alert, make.fresh(self.team.writer)), [])

    def test_every_state_stays_in_the_history(self) -> None:
        past = AlertPast.objects.filter(id=self.alert.pk).order_by("history_id")
        self.assertEqual([row.status for row in past], [S.DRAFT, S.DRAFT, S.WAITING, S.PUBLISHED])
        self.assertEqual(past.last().history_user, self.team.second)
