"""Correcting, noting, revealing, rating."""

from django.http import Http404
from django.test import TestCase

from audit.models import Act, Entry, Purpose
from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, StaleVersion
from deadlines.models import Deadline
from deadlines.services import deadlines_of
from feedback import timeline
from feedback.choices import Status
from feedback.models import Case, Note, SearchEntry
from feedback.services import accept as accept_case
from feedback.services import add_from_reporter, add_note, edit, rate, reveal_reporter
from feedback.transitions import move
from tests.feedback import factories as make

WHY = "gọi lại xác minh ngày khám và khoa"


class ServiceTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()

    def clocks(self, case: Case) -> dict[tuple[str, int], Deadline]:
        return {(clock.obligation, clock.cycle): clock for clock in deadlines_of(case)}

    def converted(self, case: Case, kind: str) -> Case:
        officer = make.fresh(self.team.officer)
        case.refresh_from_db()
        return edit(case, {"kind": kind}, by=officer, reason="đơn có chữ ký", version=case.version)

    def test_another_kind_before_the_law_is_taken_up_first_and_the_old_clock_is_kept(self) -> None:
        for kind, accept, resolve in (("KHIEUNAI", "LD09", "LD10"), ("TOCAO", "LD12", "LD13")):
            with self.subTest(kind=kind):
                case = make.case_in(Status.TRIAGED, self.team)
                before = self.clocks(case)["resolve", 1].due_at
                case = self.converted(case, kind)
                clocks = self.clocks(case)
                old, new = clocks["resolve", 1], clocks["accept", 1]
                self.assertEqual((old.state, old.due_at, old.on_time), ("cancelled", before, None))
                self.assertEqual((new.state, new.derivation["rule"]), ("running", accept))
                self.assertGreater(new.starts_at, old.starts_at)
                self.assertEqual(case.due_at, min(deadlines_of(case).running().values_list("due_at", flat=True)))
                lead = make.fresh(self.team.lead)
                case = accept_case(case, by=lead, reason="Thông báo thụ lý số 12", version=case.version)
                clocks = self.clocks(case)
                self.assertEqual((clocks["accept", 1].state, clocks["accept", 1].on_time), ("done", True))
                self.assertEqual(clocks["resolve", 2].derivation["rule"], resolve)
                self.assertEqual(clocks["resolve", 2].starts_at, clocks["accept", 1].finished_at)
                story = [entry for entry in timeline.entries(case, lead) if entry.text]
                self.assertEqual([entry.kind for entry in story[:2]], ["accepted", "edit"])
                self.assertIn(resolve, story[0].text)
                self.assertIn(accept, story[1].text)
                self.assertIn("được giữ lại", story[1].text)
                self.assertEqual(len(story[1].text.splitlines()), 2)
                self.assertEqual({entry.audience for entry in story[:2]}, {"department"})
                with self.assertRaises(MoveRefused):
                    accept_case(case, by=lead, reason="lần nữa", version=case.version)

    def test_taking_up_takes_a_right_a_reason_and_the_newest_version(self) -> None:
        case = self.converted(make.case_in(Status.TRIAGED, self.team), "KHIEUNAI")
        officer = make.fresh(self.team.officer)
        for refusal, by, reason, version in [
            (Http404, make.fresh(self.team.stranger), "x", case.version),
            (StaleVersion, officer, "x", case.version - 1),
            (ReasonRequired, officer, " ", case.version),
            (InvalidInput, officer, "x" * 3000, case.version),
        ]:
            with self.subTest(refusal=refusal), self.assertRaises(refusal):
                accept_case(case, by=by, reason=reason, version=version)
        self.assertEqual(self.clocks(case)["accept", 1].state, "running")

    def test_a_complaint_is_taken_up_from_the_moment_of_receipt_and_by_handing_it_on(self) -> None:
        case = make.case(kind="KHIEUNAI")
        clocks = self.clocks(case)
        self.assertEqual(set(clocks), {("acknowledge", 1), ("accept", 1)})
        self.assertEqual(clocks["accept", 1].starts_at, case.received_at)
        case = make.case_in(Status.FORWARDED, self.team, kind="KHIEUNAI")
        clocks = self.clocks(case)
        self.assertEqual(clocks["accept", 1].state, "done")
        self.assertEqual(clocks["resolve", 1].derivation["rule"], "LD10")
        self.assertEqual(clocks["resolve", 1].starts_at, clocks["accept", 1].finished_at)

    def test_what_is_no_complaint_after_all_has_its_ordinary_clock_again(self) -> None:
        case = self.converted(self.converted(make.case_in(Status.TRIAGED, self.team), "KHIEUNAI"), "PHANANH")
        clocks = self.clocks(case)
        self.assertEqual([clocks[key].state for key in (("accept", 1), ("resolve", 1))], ["cancelled"] * 2)
        self.assertEqual(clocks["resolve", 2].state, "running")
        self.assertNotIn("LD", clocks["resolve", 2].derivation["rule"])

    def test_the_result_is_to_be_published_from_the_reply_on(self) -> None:
        case = make.case_in(Status.REPLIED, self.team)
        clock = self.clocks(case)["publish", 1]
        self.assertEqual((clock.state, clock.derivation["rule"]), ("running", "DEFAULT.PUBLISH"))
        self.assertEqual(case.due_at, clock.due_at)
        closed = move(
            case, Status.CLOSED, by=make.fresh(self.team.lead), reason="không công khai", version=case.version
        )
        clock = self.clocks(closed)["publish", 1]
        self.assertEqual((clock.state, clock.on_time, clock.reason), ("cancelled", None, "không công khai"))
        published = make.case_in(Status.PUBLISHED, self.team)
        clock = self.clocks(published)["publish", 1]
        self.assertEqual((clock.state, clock.on_time), ("done", True))

    def test_a_complaint_that_is_examined_again_has_the_clock_of_the_second_examination(self) -> None:
        case = make.case_in(Status.IN_REVIEW, self.team, kind="KHIEUNAI")
        self.assertEqual(self.clocks(case)["resolve_again", 1].derivation["rule"], "LD11")
        ordinary = make.case_in(Status.IN_REVIEW, self.team)
        self.assertNotIn(("resolve_again", 1), self.clocks(ordinary))

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
