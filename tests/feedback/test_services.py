"""Correcting, noting, revealing, rating."""

from django.http import Http404
from django.test import TestCase

from audit.models import Act, Entry, Purpose
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, StaleVersion
from deadlines.models import Deadline
from feedback.choices import Status
from feedback.models import Case, Note, SearchEntry
from feedback.services import add_from_reporter, add_note, edit, rate, reveal_reporter
from tests.feedback import factories as make

WHY = "gọi lại xác minh ngày khám và khoa"


class ServiceTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()

    def test_a_correction_keeps_who_why_and_judges_the_clock_again(self) -> None:
        case = make.case(urgency="S4")
        case.refresh_from_db()
        before = case.due_at
        edited = edit(
            case,
            {"urgency": "S1"},
            by=make.fresh(self.team.officer),
            reason="người bệnh đang bị giữ",
            version=1,
        )
        self.assertEqual(edited.history.first().history_change_reason, "người bệnh đang bị giữ")
        self.assertLess(edited.due_at, before)
        self.assertEqual(edited.due_at, min(Deadline.objects.filter(about_id=case.pk).values_list("due_at", flat=True)))

    def test_a_stale_correction_changes_nothing(self) -> None:
        case = make.case()
        officer = make.fresh(self.team.officer)
        edit(case, {"urgency": "S2"}, by=officer, reason="nặng hơn", version=1)
        with self.assertRaises(StaleVersion) as refused:
            edit(case, {"urgency": "S4"}, by=officer, reason="nhẹ hơn", version=1)
        self.assertEqual(refused.exception.extra["current_version"], 2)
        case.refresh_from_db()
        self.assertEqual(case.urgency, "S2")

    def test_refusals(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team)
        officer, hospital = make.fresh(self.team.officer), make.fresh(self.team.quality_officer)
        for refusal, by, changes, reason in [
            (InvalidInput, officer, {"status": "closed"}, "x"),
            (ReasonRequired, officer, {"urgency": "S1"}, " "),
            (RightMissing, hospital, {"urgency": "S1"}, "x"),
            (Http404, make.fresh(self.team.stranger), {"urgency": "S1"}, "x"),
            (InvalidInput, officer, {"facility": self.team.other_hospital}, "x"),
        ]:
            with self.subTest(refusal=refusal), self.assertRaises(refusal):
                edit(case, changes, by=by, reason=reason, version=case.version)

    def test_a_case_made_confidential_leaves_the_search(self) -> None:
        case = make.case()
        edit(case, {"is_confidential": True}, by=make.fresh(self.team.lead), reason="theo yêu cầu", version=1)
        self.assertFalse(SearchEntry.objects.filter(case=case).exists())

    def test_revealing_writes_who_asked_before_it_shows(self) -> None:
        case = make.case(reporter={"phone": "0900000009"})
        shown = reveal_reporter(case, by=make.fresh(self.team.officer), purpose=Purpose.VERIFY, reason=WHY)
        self.assertEqual(shown[0].phone, "0900000009")
        entry = Entry.objects.get(act=Act.REVEAL)
        self.assertEqual((entry.by, entry.about_id), (self.team.officer, case.pk))

    def test_a_facility_never_learns_who_reported(self) -> None:
        case = make.case_in(Status.FORWARDED, self.team, reporter={"phone": "0900000009"})
        with self.assertRaises(RightMissing):
            reveal_reporter(case, by=make.fresh(self.team.quality_officer), purpose=Purpose.OTHER, reason=WHY)
        self.assertTrue(Entry.objects.filter(act=Act.REFUSED, by=self.team.quality_officer).exists())

    def test_revealing_needs_a_reason(self) -> None:
        with self.assertRaises(ReasonRequired):
            reveal_reporter(make.case(), by=make.fresh(self.team.officer), purpose=Purpose.VERIFY, reason="")

    def test_notes_are_refused_in_words(self) -> None:
        case = make.case()
        officer = make.fresh(self.team.officer)
        for text in ("", " ", "a\x00", "x" * 6000):
            with self.assertRaises(InvalidInput):
                add_note(case, text, audience="department", by=officer)
        with self.assertRaises(InvalidInput):
            add_note(case, "được", audience="everyone", by=officer)
        self.assertFalse(Note.objects.exists())

    def test_an_unsatisfied_reporter_is_heard_and_the_lead_is_told(self) -> None:
        from notifications.models import Outbox

        case = make.case_in(Status.REPLIED, self.team)
        rate(case, "no", comment="Vẫn phải chờ.", by=None)
        case.refresh_from_db()
        self.assertEqual((case.satisfaction, case.history.count()), ("no", case.version))
        self.assertTrue(Outbox.objects.filter(recipient=self.team.lead, template="case_unsatisfied").exists())

    def test_what_the_reporter_adds_reaches_whoever_has_the_case_or_the_lead(self) -> None:
        from notifications.models import Outbox

        for case, told in ((make.case(), self.team.lead), (make.case_in(Status.WAITING, self.team), self.team.officer)):
            note = add_from_reporter(case, "Tôi khám ngày hôm qua.")
            self.assertEqual((note.audience, note.by), ("department", None))
            rows = Outbox.objects.filter(template="case_word", about_id=case.pk)
            self.assertEqual(set(rows.values_list("recipient", flat=True)), {told.pk})

    def test_a_case_without_a_reply_is_not_rated(self) -> None:
        with self.assertRaises(MoveRefused):
            rate(make.case(), "yes", comment="", by=None)


class VersionTests(TestCase):
    def test_each_change_is_one_version_and_one_history_row(self) -> None:
        make.seed()
        team = make.Team()
        case = make.case_in(Status.CLOSED, team)
        self.assertEqual(
            list(case.history.order_by("version").values_list("version", flat=True)),
            list(range(1, case.version + 1)),
        )
        self.assertEqual(Case.objects.get(pk=case.pk).version, case.version)
