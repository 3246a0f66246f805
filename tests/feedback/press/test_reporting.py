"""Recording what was raised in public, its prompt clock, and the facility's report that meets it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import connection
from django.http import Http404
from django.test import TestCase
from django.utils import timezone

from common.exceptions import InvalidInput, MoveRefused, RightMissing, StaleVersion
from deadlines.models import Deadline, DeadlineRule, Escalation
from deadlines.sweep import sweep
from deadlines.verification import verify
from feedback.choices import Status
from feedback.models import Appearance, Case, PressEvent, PromptReport, Submission
from feedback.press import appearances, listing, recording, reporting
from feedback.press.appearances import Raised
from feedback.press.recording import AlreadyRecorded, Matter
from feedback.press.reporting import Said
from feedback.transitions import move
from notifications.models import Outbox
from tests.feedback import factories as make

LINK = "https://baomau.example.vn/y-te/cho-ba-gio.html"
SAID = Said("Máy in toa hỏng hai giờ.", "Đã xin lỗi người bệnh, đã có máy in dự phòng.", "Bệnh viện xin lỗi.")
HOUR = timedelta(hours=1)


def raised(**changes: Any) -> Raised:
    now = timezone.now()
    return replace(
        Raised("press", now - 3 * HOUR, now - HOUR, outlet="Báo Mẫu", title="Chờ ba giờ lấy toa", link=LINK), **changes
    )


class PressTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()

    def record(self, by: Any = None, key: str = "a", raise_: Raised | None = None, **changes: Any) -> Case:
        options = {name: changes.pop(name) for name in ("is_separate", "is_forwarded") if name in changes}
        matter = Matter("Người dân phản ánh chờ lâu.", **({"facility": "T01"} | changes))
        by = make.fresh(by or self.team.officer)
        return recording.record(raise_ or raised(), matter, key=key, by=by, **options)

    def forwarded(self, **changes: Any) -> Case:
        return self.record(is_forwarded=True, **changes)

    def own(
        self, by: Any = None, key: str = "o", raise_: Raised | None = None, said: Said = SAID, **changes: Any
    ) -> Case:
        matter = Matter("Báo nêu chờ lâu.", **({"facility": "T01"} | changes))
        return recording.report_own(
            raise_ or raised(), matter, said, key=key, by=make.fresh(by or self.team.quality_officer)
        )

    def report(self, case: Case, by: Any = None, after: int = 0, said: Said = SAID) -> PromptReport:
        return reporting.report(case, said, after=after, by=make.fresh(by or self.team.quality_officer))

    def clocks(self, case: Case) -> list[Deadline]:
        return list(Deadline.objects.about(case).filter(obligation="prompt_report").order_by("cycle"))


class WhoMayTests(PressTestCase):
    def test_operators_officers_and_leads_record_and_nobody_else(self) -> None:
        for name in ("operator", "officer", "lead"):
            self.assertEqual(self.record(getattr(self.team, name), key=name, raise_=raised(link="")).version, 1)
        for name in ("quality_officer", "auditor", "director", "division_officer", "stranger"):
            with self.subTest(name), self.assertRaises(RightMissing):
                self.record(getattr(self.team, name), key=name)

    def test_a_facility_reports_of_itself_and_of_no_other(self) -> None:
        self.own()
        for by in (self.team.stranger, self.team.officer, self.team.operator, self.team.lead):
            with self.subTest(by=by.username), self.assertRaises(RightMissing):
                self.own(by, key="x")
        with self.assertRaises(RightMissing):
            self.own(facility="T02", key="y")

    def test_only_its_facility_reports_on_a_case(self) -> None:
        case = self.forwarded()
        for by in (self.team.stranger, self.team.operator, self.team.division_officer):
            with self.subTest(by=by.username), self.assertRaises(Http404):
                self.report(case, by)
        with self.assertRaises(RightMissing):
            self.report(case, self.team.officer)
        self.assertEqual(self.report(case).facility, self.team.hospital)

    def test_before_it_is_forwarded_the_facility_sees_nothing(self) -> None:
        case = self.record()
        self.assertFalse(Case.objects.visible_to(make.fresh(self.team.quality_officer)).exists())
        with self.assertRaises(Http404):
            self.report(case)

    def test_an_operator_does_not_forward(self) -> None:
        case = self.forwarded(by=self.team.operator)
        self.assertEqual((case.status, self.clocks(case)), (Status.RECEIVED, []))

    def test_a_recused_person_reports_nothing_of_that_facility(self) -> None:
        from accounts.models import Recusal

        user = self.team.quality_officer
        Recusal.objects.create(
            user=user, facility=self.team.hospital, reason="người nhà", recorded_by=self.team.lead,
            valid_from=timezone.localdate(),
        )  # fmt: skip
        self.assertEqual(recording.own_facilities(make.fresh(user)), [])


class RecordingTests(PressTestCase):
    def test_a_recorded_event_is_a_case_with_its_appearance(self) -> None:
        case = self.record()
        event = PressEvent.objects.get(case=case)
        seen = Appearance.objects.get(case=case)
        self.assertEqual(
            (case.channel.code, case.title, case.facility), ("PRESS", "Chờ ba giờ lấy toa", self.team.hospital)
        )
        self.assertEqual((event.kind, event.facility, event.published_at), ("press", case.facility, seen.published_at))
        self.assertEqual((seen.link, seen.outlet, seen.by), (LINK, "Báo Mẫu", self.team.officer))
        self.assertEqual(Submission.objects.get(case=case).source, "press")

    def test_a_second_press_of_the_button_is_the_same_case(self) -> None:
        said = raised()
        first, second = self.forwarded(raise_=said), self.forwarded(raise_=said)
        self.assertEqual((first.pk, Case.objects.count(), Appearance.objects.count()), (second.pk, 1, 1))

    def test_the_same_link_again_is_known_however_it_was_copied(self) -> None:
        case = self.record()
        with self.assertRaises(AlreadyRecorded) as known:
            self.record(
                self.team.lead,
                key="b",
                raise_=raised(link="http://m.baomau.example.vn/y-te/cho-ba-gio.html?fbclid=x#a"),
            )
        self.assertEqual([one.pk for one in known.exception.cases], [case.pk])
        self.assertEqual(Case.objects.count(), 1)
        other = self.record(key="c", is_separate=True)
        self.assertNotEqual(other.pk, case.pk)

    def test_of_a_case_that_one_does_not_see_nothing_is_said(self) -> None:
        self.record(self.team.officer)
        self.record(self.team.operator, key="b")  # an operator sees only what they recorded
        self.own(key="c")
        self.assertEqual(Case.objects.count(), 3)
        twins = appearances.known_cases(
            [appearances.checked(raised(), timezone.now()).mark], make.fresh(self.team.lead)
        )
        self.assertEqual(len(twins), 3)

    def test_a_merged_case_stands_for_the_one_that_goes_on(self) -> None:
        first = self.record()
        into = make.case(facility="T01", channel="PRESS")
        move(first, Status.MERGED, by=make.fresh(self.team.officer), reason="cùng việc", version=1,
             given={"target": into.reference})  # fmt: skip
        with self.assertRaises(AlreadyRecorded) as known:
            self.record(key="b")
        self.assertEqual([one.pk for one in known.exception.cases], [into.pk])

    def test_one_more_appearance_moves_the_beginning_back_and_is_kept_once(self) -> None:
        case = self.record()
        earlier = timezone.now() - 9 * HOUR
        more = raised(kind="social", link="https://trang.example.vn/bai/7", published_at=earlier)
        for _nth in range(2):
            appearances.attach(case, more, by=make.fresh(self.team.officer))
        self.assertEqual(Appearance.objects.filter(case=case).count(), 2)
        self.assertEqual(PressEvent.objects.get(case=case).published_at, earlier)
        self.assertEqual(PressEvent.objects.get(case=case).kind, "press")

    def test_an_appearance_belongs_to_a_matter_raised_in_public(self) -> None:
        with self.assertRaises(MoveRefused):
            appearances.attach(make.case(), raised(), by=make.fresh(self.team.officer))
        with self.assertRaises(Http404):
            appearances.attach(self.record(), raised(), by=make.fresh(self.team.stranger))
        from_elsewhere = make.case(channel="PRESS", facility="T01")  # sent by a system, without an event
        appearances.attach(from_elsewhere, raised(), by=make.fresh(self.team.officer))
        self.assertEqual(PressEvent.objects.get(case=from_elsewhere).facility, self.team.hospital)

    def test_bad_input_is_refused_field_by_field_and_nothing_is_kept(self) -> None:
        now = timezone.now()
        bad = {
            "link": raised(link="javascript:alert(1)"),
            "outlet": raised(outlet="x\x00"),
            "title": raised(title="x" * 201),
            "kind": raised(kind="rumour"),
            "published_at": raised(published_at=now + HOUR),
            "seen_at": raised(seen_at=now - 4 * HOUR),
        }
        for name, said in bad.items():
            with self.subTest(name), self.assertRaises(InvalidInput) as refused:
                self.record(raise_=said)
            self.assertIn(name, refused.exception.fields)
        with self.assertRaises(InvalidInput) as nowhere:
            self.record(raise_=raised(link="", outlet=" "))
        self.assertIn("link", nowhere.exception.fields)
        with self.assertRaises(InvalidInput):
            self.record(facility="KHONG-CO")
        with self.assertRaises(InvalidInput):
            self.own(said=Said("", "x\x00"))
        self.assertEqual((Case.objects.count(), Appearance.objects.count()), (0, 0))

    def test_the_facility_of_the_event_is_that_of_the_case(self) -> None:
        from feedback.services import edit

        case = self.record()
        edit(case, {"facility": self.team.other_hospital}, by=make.fresh(self.team.officer), reason="nhầm", version=1)
        self.assertEqual(PressEvent.objects.get(case=case).facility, self.team.other_hospital)


class ClockTests(PressTestCase):
    def test_the_clock_runs_from_forwarding_by_a_rule_that_can_be_changed(self) -> None:
        case = self.forwarded()
        (clock,) = self.clocks(case)
        self.assertEqual((clock.state, clock.due_at - clock.starts_at), ("running", 4 * HOUR))
        self.assertEqual(clock.derivation["rule"], "PRESS.PROMPT")
        rule = DeadlineRule.objects.get(code="PRESS.PROMPT")
        self.assertEqual((rule.confidence, rule.nature), ("unconfirmed", "policy"))
        self.assertIn("HT25", rule.source)
        DeadlineRule.objects.filter(pk=rule.pk).update(amount=6)
        (later,) = self.clocks(self.forwarded(key="b", raise_=raised(link="")))
        self.assertEqual(later.due_at - later.starts_at, 6 * HOUR)

    def test_an_emergency_has_less_time_and_other_channels_have_no_such_clock(self) -> None:
        (clock,) = self.clocks(self.forwarded(urgency="S1"))
        self.assertEqual(clock.due_at - clock.starts_at, 2 * HOUR)
        self.assertEqual(self.clocks(make.case_in(Status.FORWARDED, self.team)), [])

    def test_the_report_meets_it_and_the_department_is_told(self) -> None:
        case = self.forwarded()
        made = self.report(case)
        (clock,) = self.clocks(case)
        self.assertEqual((clock.state, clock.on_time, made.number), ("done", True, 1))
        told = Outbox.objects.filter(template="case_prompt_report")
        self.assertEqual({item.recipient_id for item in told}, {self.team.officer.pk})
        self.assertEqual(set(told[0].params), {"reference"})
        case.refresh_from_db()
        self.assertNotEqual(case.due_at, clock.due_at)

    def test_a_report_adds_to_the_one_that_its_writer_read(self) -> None:
        case = self.forwarded()
        self.report(case)
        with self.assertRaises(StaleVersion):
            self.report(case, said=Said("b", "b"))
        self.report(case, after=1, said=Said("c", "c"))
        self.assertEqual(list(case.prompt_reports.values_list("number", "happened")), [(1, SAID.happened), (2, "c")])

    def test_a_facility_that_comes_of_itself_is_measured_since_it_stood_in_public(self) -> None:
        for key, age, is_on_time in (("a", 3, True), ("b", 5, False)):
            now = timezone.now()
            case = self.own(key=key, raise_=raised(link="", published_at=now - age * HOUR, seen_at=now))
            (clock,) = self.clocks(case)
            self.assertEqual((clock.state, clock.on_time), ("done", is_on_time), key)
            self.assertTrue(case.is_released)
            self.assertTrue(Case.objects.visible_to(make.fresh(self.team.quality_officer)).filter(pk=case.pk).exists())
            self.assertFalse(Case.objects.visible_to(make.fresh(self.team.stranger)).filter(pk=case.pk).exists())
            event = PressEvent.objects.get(case=case)
            self.assertEqual(round(case.prompt_reports.get().took(event.published_at) / HOUR), age)

    def test_who_reported_is_not_asked_again_when_the_case_comes_to_it(self) -> None:
        case = self.own()
        case = move(case, Status.FORWARDED, by=make.fresh(self.team.officer), reason="xử lý", version=1,
                    given={"facility": "T01"})  # fmt: skip
        self.assertEqual([clock.state for clock in self.clocks(case)], ["done"])
        back = move(case, Status.TRIAGED, by=make.fresh(self.team.officer), reason="nhầm", version=2)
        move(
            back,
            Status.FORWARDED,
            by=make.fresh(self.team.officer),
            reason="xử lý",
            version=3,
            given={"facility": "T02"},
        )
        self.assertEqual([clock.state for clock in self.clocks(case)], ["done", "running"])

    def test_taking_back_drops_it_and_a_full_answer_meets_it(self) -> None:
        officer = self.team.officer
        case = move(self.forwarded(), Status.TRIAGED, by=make.fresh(officer), reason="nhầm", version=2)
        self.assertEqual([clock.state for clock in self.clocks(case)], ["cancelled"])
        case = move(
            case, Status.FORWARDED, by=make.fresh(officer), reason="xử lý", version=3, given={"facility": "T01"}
        )
        move(case, Status.ANSWERED, by=make.fresh(self.team.quality_officer), reason="trả lời", version=4,
             given=make.given_for(self.team))  # fmt: skip
        self.assertEqual([clock.state for clock in self.clocks(case)], ["cancelled", "done"])

    def test_no_report_is_taken_of_what_has_ended_or_was_taken_back(self) -> None:
        case = self.own()
        for status in (Status.TRANSFERRED,):
            move(case, status, by=make.fresh(self.team.officer), reason="khác", version=1,
                 given=make.given_for(self.team))  # fmt: skip
        with self.assertRaises(MoveRefused):
            self.report(case, after=1)

    def test_it_is_escalated_by_the_sweep_and_proven_by_verification(self) -> None:
        case = self.forwarded()
        self.own(key="z", raise_=raised(link="", published_at=timezone.now() - 30 * HOUR))
        self.assertEqual(set(verify().faults), set())
        with connection.cursor() as cursor:  # five hours go by
            cursor.execute(
                "UPDATE deadlines_deadline SET starts_at = starts_at - interval '5h', due_at = due_at - interval '5h',"
                " original_due_at = original_due_at - interval '5h', planned_at = planned_at - interval '5h',"
                " next_at = next_at - interval '5h',"
                " moments = ARRAY(SELECT each - interval '5h' FROM unnest(moments) each)"
                " WHERE about_id = %s AND obligation = 'prompt_report'",
                [case.pk],
            )
        sweep()
        (clock,) = self.clocks(case)
        self.assertTrue(Escalation.objects.filter(deadline=clock, level__gte=2).exists())
        people = set(Outbox.objects.filter(template__startswith="deadline_").values_list("recipient", flat=True))
        self.assertTrue({self.team.quality_officer.pk, self.team.lead.pk} <= people)
        self.assertEqual(set(verify().faults), set())

    def test_the_lists_of_what_waits_and_what_is_late(self) -> None:
        case, reported = self.forwarded(), self.forwarded(key="b", raise_=raised(link=""))
        self.report(reported)
        now, lead = timezone.now(), make.fresh(self.team.lead)

        def shown(at: Any = now, reader: Any = lead, **narrowed: Any) -> set[int]:
            return set(listing.events(reader, at, **narrowed).values_list("case", flat=True))

        self.assertEqual(shown(), {case.pk, reported.pk})
        self.assertEqual(shown(state="waiting"), {case.pk})
        self.assertEqual((shown(state="late"), shown(now + 5 * HOUR, state="late")), (set(), {case.pk}))
        self.assertEqual(shown(state="reported"), {reported.pk})
        self.assertEqual((shown(kind="press", facility=self.team.hospital), shown(kind="social")), (shown(), set()))
        self.assertEqual(shown(facility=self.team.other_hospital), set())
        self.assertEqual(shown(reader=make.fresh(self.team.quality_officer), state="waiting"), {case.pk})
        self.assertEqual(shown(reader=make.fresh(self.team.stranger)), set())
