"""The analysis of Annex IV: its gate element by element, its moves, its clock, its pages."""

from datetime import timedelta

from django.http import Http404
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, StaleVersion
from deadlines.choices import Obligation, State
from deadlines.services import deadlines_of
from incidents import analysing, services
from incidents.analysis_completeness import NEEDED, lacks
from incidents.choices import AnalysisStatus, Paper, Part, Status
from incidents.models import Analysis, Remark
from notifications.models import Outbox
from tests.feedback.factories import fresh
from tests.incidents import analyses
from tests.incidents import factories as make
from tests.incidents.factories import SEVERE, Team

S = AnalysisStatus


class AnalysisTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.incident = make.sent(cls.team.writer, cls.team.hospital, **SEVERE)

    def written(self, **changes) -> Analysis:
        return analyses.written(self.incident, self.team.writer, **changes)

    def test_the_report_stands_in_it_to_begin_with(self) -> None:
        begun = analysing.open_analysis(self.incident, by=fresh(self.team.writer))
        self.assertEqual((begun.details, begun.treatment), (self.incident.description, self.incident.treatment))
        again = analysing.open_analysis(self.incident, by=fresh(self.team.colleague))
        self.assertEqual((again.pk, again.version), (begun.pk, begun.version))

    def test_only_its_facility_begins_and_writes_it_and_only_after_the_report(self) -> None:
        begun = self.written()
        for who in (self.team.checker, self.team.head, self.team.director):
            with self.subTest(who=who), self.assertRaises((RightMissing, Http404)):
                analysing.write(begun, {"details": "khác"}, by=fresh(who), version=begun.version)
        draft = make.draft(self.team.writer, self.team.hospital)
        with self.assertRaises(MoveRefused):
            analysing.open_analysis(draft, by=fresh(self.team.writer))

    def test_each_missing_element_keeps_it_from_being_sent_by_its_name(self) -> None:
        today, noticed = timezone.localdate(), timezone.localtime(self.incident.detected_at)
        future = (timezone.now() + timedelta(days=1)).isoformat()
        whole = analyses.complete(self.incident)
        head, member = whole["experts"]
        cases: dict[str, list] = {name: [{name: [] if name in ("types", "causes") else ""}] for name in NEEDED}
        cases |= {
            "timeline": [
                {"timeline": []},
                {"timeline": whole["timeline"][:1]},
                {"timeline": [*whole["timeline"], {"at": future, "text": "mai"}]},
            ],
            "whys": [{"whys": []}, {"whys": ["một"]}],
            "factors": [{"factors": {}}, {"factors": {"CA1.2": "chỉ một"}}],
            "guidance": [{"guidance": ""}],
            "impact_other": [{"impacts": ["OI7"]}],
            "experts": [
                {"experts": []},
                {"experts": [head]},
                {"experts": [head | {"is_head": False}, member]},
                {"experts": [head, member | {"is_head": True}]},
                {"experts": [head, member | {"signed_on": ""}]},
                {"experts": [head, member | {"signed_on": (today + timedelta(days=1)).isoformat()}]},
                {"experts": [head, member | {"signed_on": (noticed.date() - timedelta(days=1)).isoformat()}]},
            ],
        }
        written = self.written()
        self.assertEqual(lacks(written, self.incident.detected_at, timezone.now()), {})
        for name, changes in cases.items():
            for change in changes:
                with self.subTest(name=name, change=change):
                    written = analysing.write(
                        written, whole | change, by=fresh(self.team.writer), version=written.version
                    )
                    with self.assertRaises(InvalidInput) as refused:
                        analyses.step(written, S.SUBMITTED, self.team.writer)
                    self.assertEqual(set(refused.exception.fields), {name})
        written.refresh_from_db()
        self.assertEqual((written.status, written.submitted_at), (S.DRAFT, None))

    def test_the_moves_and_nothing_else(self) -> None:
        known = {
            (S.DRAFT, S.SUBMITTED),
            (S.SUBMITTED, S.ACCEPTED),
            (S.SUBMITTED, S.RETURNED),
            (S.RETURNED, S.SUBMITTED),
        }
        self.assertEqual(set(analysing.MOVES), known)
        written = self.written()
        for to in (S.ACCEPTED, S.RETURNED, S.DRAFT, "khác"):
            with self.subTest(to=to), self.assertRaises(MoveRefused):
                analyses.step(written, to, self.team.writer)
        sent = analyses.step(written, S.SUBMITTED, self.team.writer)
        for who in (self.team.writer, self.team.lead):
            with self.subTest(who=who), self.assertRaises(RightMissing):
                analyses.step(sent, S.ACCEPTED, who)
        with self.assertRaises(ReasonRequired):
            analyses.step(sent, S.ACCEPTED, self.team.checker, reason=" ")
        with self.assertRaises(StaleVersion):
            analysing.move(sent, S.ACCEPTED, by=fresh(self.team.checker), reason="đủ", version=sent.version - 1)
        done = analyses.step(sent, S.ACCEPTED, self.team.checker)
        self.assertEqual(done.status, S.ACCEPTED)
        with self.assertRaises(MoveRefused):
            analysing.write(done, {"details": "khác"}, by=fresh(self.team.writer), version=done.version)

    def test_sending_ends_the_clock_of_the_sixty_days(self) -> None:
        clock = deadlines_of(self.incident).get(obligation=Obligation.ANALYSE)
        self.assertEqual(clock.state, State.RUNNING)
        sent = analyses.step(self.written(), S.SUBMITTED, self.team.writer)
        clock.refresh_from_db()
        self.assertEqual((clock.state, clock.finished_at, clock.on_time), (State.DONE, sent.submitted_at, True))
        with self.assertRaises(MoveRefused):  # the paper would say it twice
            services.give(
                self.incident, Paper.ANALYSIS, given_at=timezone.now(), said="số 5", by=fresh(self.team.writer)
            )
        returned = analyses.step(
            sent, S.RETURNED, self.team.checker, remarks={Part.CAUSES: "Chưa tới nguyên nhân gốc."}
        )
        again = analyses.step(returned, S.SUBMITTED, self.team.writer)
        self.assertEqual(again.submitted_at, sent.submitted_at)

    def test_a_return_says_what_is_missing_part_by_part(self) -> None:
        sent = analyses.step(self.written(), S.SUBMITTED, self.team.writer)
        for remarks in ({}, {Part.CAUSES: "  "}, {"c9": "không có phần này"}, {Part.CAUSES: "x" * 2001}):
            with self.subTest(remarks=remarks), self.assertRaises(InvalidInput):
                analyses.step(sent, S.RETURNED, self.team.checker, remarks=remarks)
        asked = {Part.CAUSES: "Hỏi tiếp vì sao.", Part.EXPERTS: "Thiếu đại diện khoa Dược."}
        returned = analyses.step(sent, S.RETURNED, self.team.checker, remarks=asked)
        self.assertEqual(dict(Remark.objects.values_list("part", "text")), asked)
        self.assertTrue(returned.is_writable)

    def test_each_side_is_told_of_what_the_other_did(self) -> None:
        def told(template: str) -> set[int]:
            return set(Outbox.objects.filter(template=template).values_list("recipient", flat=True))

        sent = analyses.step(self.written(), S.SUBMITTED, self.team.writer)
        self.assertEqual(told("analysis_submitted"), {self.team.checker.pk, self.team.second.pk})
        returned = analyses.step(sent, S.RETURNED, self.team.checker, remarks={Part.DETAILS: "Nói rõ hơn."})
        self.assertEqual(told("analysis_returned"), {self.team.writer.pk, self.team.colleague.pk, self.team.head.pk})
        again = analyses.step(returned, S.SUBMITTED, self.team.writer)
        analyses.step(again, S.ACCEPTED, self.team.checker)
        self.assertEqual(told("analysis_accepted"), {self.team.writer.pk, self.team.colleague.pk, self.team.head.pk})

    def test_rubbish_is_refused_and_nothing_stored(self) -> None:
        written = self.written()
        for name, value in (
            ("types", ["IT99"]),
            ("causes", ["IT03.7"]),
            ("factors", {"CA9.9": "x"}),
            ("impacts", ["OI9"]),
            ("details", "x" * 20_001),
            ("findings", "a\x00b"),
            ("timeline", [{"at": "hôm qua", "text": "x"}]),
            ("timeline", [{"text": "x"}]),
            ("timeline", [{"at": "2026-01-01T08:00:00", "text": "no zone"}]),
            ("timeline", [{"at": "0001-01-01T08:00:00+07:00", "text": "no such year"}]),
            ("timeline", [{"at": "2026-01-01T08:00:00+07:00", "text": "x" * 1001}]),
            ("whys", ["x"] * 101),
            ("experts", [{"name": "x", "post": "", "is_head": True, "signed_on": "32/13"}]),
            ("discussed", "có lẽ"),
            ("status", "accepted"),
        ):
            with self.subTest(name=name, value=str(value)[:40]), self.assertRaises(InvalidInput):
                analysing.write(written, {name: value}, by=fresh(self.team.writer), version=written.version)
        kept = Analysis.objects.get()
        self.assertEqual((kept.version, kept.details, kept.types), (written.version, written.details, written.types))

    def test_a_time_line_is_put_in_order(self) -> None:
        whole = analyses.complete(self.incident)
        written = self.written(timeline=whole["timeline"][::-1])
        self.assertEqual(written.timeline, whole["timeline"])


class AnalysisPageTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.incident = make.sent(cls.team.writer, cls.team.hospital)

    def signed_in(self, user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def address(self, name: str, *more) -> str:
        return reverse(f"admin:incidents_incident_{name}", args=[self.incident.pk, *more])

    def posted(self, client: Client, **changes) -> dict:
        """The form as a browser sends it back."""
        sent: dict = {}
        for field in client.get(self.address("analysis_edit")).context["form"]:
            value = field.value()
            if isinstance(value, list):
                sent[field.html_name] = value
            elif value not in (None, False, ""):
                is_box = getattr(field.field.widget, "input_type", "") == "checkbox"
                sent[field.html_name] = "on" if is_box else field.field.widget.format_value(value)
        return sent | changes

    def test_it_is_begun_written_sent_returned_and_accepted(self) -> None:
        writer, checker = self.signed_in(self.team.writer), self.signed_in(self.team.checker)
        self.assertEqual(checker.get(self.address("analysis")).status_code, 404)
        self.assertIn(self.address("analysis_begin"), writer.get(self.address("change")).content.decode())
        self.assertRedirects(writer.post(self.address("analysis_begin")), self.address("analysis_edit"))
        self.assertEqual(checker.get(self.address("analysis")).status_code, 404)  # its facility's business still
        today = timezone.localdate().isoformat()
        body = self.posted(
            writer,
            timeline_0_at="2026-01-02T08:00", timeline_0_text="Lấy thuốc", timeline_2_at="2026-01-02T07:00",
            timeline_2_text="Giao ca", types=["IT03.7"], causes=["CA1.2"], **{"factor_CA1.2": "Không đối chiếu"},
            whys_0_text="Giống nhau", whys_1_text="Không phân ngăn", root_cause="Tủ thuốc", corrective="Xếp lại",
            advice="Kiểm tra chéo", findings="Sai quy định", discussed="yes", conforms="no", impacts=["OI2"],
            experts_0_name="Nguyễn Văn Bách", experts_0_is_head="on", experts_0_signed_on=today,
            experts_2_name="Phạm Thị Cúc", experts_2_post="Điều dưỡng trưởng", experts_2_signed_on=today,
        )  # fmt: skip
        self.assertRedirects(writer.post(self.address("analysis_edit"), body), self.address("analysis"))
        kept = Analysis.objects.get()
        self.assertEqual([row["text"] for row in kept.timeline], ["Giao ca", "Lấy thuốc"])
        self.assertEqual([row["name"] for row in kept.experts], ["Nguyễn Văn Bách", "Phạm Thị Cúc"])
        page = writer.get(self.address("analysis")).content.decode()
        self.assertNotIn("data-lacks", page)
        self.assertIn("Không đối chiếu", page)
        step = {"version": kept.version, "reason": "đã đủ"}
        self.assertRedirects(writer.post(self.address("analysis_step", "submitted"), step), self.address("analysis"))
        step = {"version": kept.version + 1, "reason": "chưa đủ"}
        answer = checker.post(self.address("analysis_step", "returned"), step)
        self.assertEqual(answer.status_code, 200)  # not one part says what is missing
        checker.post(self.address("analysis_step", "returned"), step | {"a4": "Hỏi tiếp vì sao"})
        self.assertIn("Hỏi tiếp vì sao", writer.get(self.address("analysis_edit")).content.decode())
        writer.post(self.address("analysis_step", "submitted"), {"version": kept.version + 2, "reason": "đã bổ sung"})
        checker.post(self.address("analysis_step", "accepted"), {"version": kept.version + 3, "reason": "đạt"})
        self.assertEqual(Analysis.objects.get().status, S.ACCEPTED)

    def test_what_was_left_alone_is_no_wish(self) -> None:
        analyses.written(self.incident, self.team.writer)
        writer, before = self.signed_in(self.team.writer), Analysis.objects.values().get()
        answer = writer.post(self.address("analysis_edit"), self.posted(writer))
        self.assertEqual(answer.status_code, 302)
        after = Analysis.objects.values().get()
        self.assertEqual({name for name in after if after[name] != before[name]}, {"version"})

    def test_two_writers_choose_field_by_field(self) -> None:
        written = analyses.written(self.incident, self.team.writer)
        writer = self.signed_in(self.team.writer)
        mine = self.posted(writer, root_cause="Của tôi", advice="Chỉ tôi sửa")
        analysing.write(
            written, {"root_cause": "Của người khác"}, by=fresh(self.team.colleague), version=written.version
        )
        answer = writer.post(self.address("analysis_edit"), mine)
        self.assertEqual(answer.status_code, 409)
        hidden: MultiValueDict = MultiValueDict()
        for name, value in answer.context["hidden"]:
            hidden.appendlist(name, value)
        chosen = {"wished": answer.context["wished"], "pick-root_cause": "theirs", "pick-advice": "mine"}
        writer.post(self.address("analysis_edit"), dict(hidden.lists()) | chosen)
        kept = Analysis.objects.get()
        self.assertEqual((kept.root_cause, kept.advice), ("Của người khác", "Chỉ tôi sửa"))
        self.assertEqual(kept.timeline, written.timeline)

    def test_half_a_row_keeps_what_was_typed_and_says_what_is_missing(self) -> None:
        analyses.written(self.incident, self.team.writer)
        writer = self.signed_in(self.team.writer)
        for change in (
            {"timeline_3_text": "Không có giờ", "timeline_3_at": ""},
            {"timeline_3_at": "2026-01-02T08:00", "timeline_3_text": ""},
            {"timeline_3_at": "hôm qua", "timeline_3_text": "Sai giờ"},
            {"timeline_3_at": "0001-01-01T00:00", "timeline_3_text": "Năm đầu tiên"},
            {"timeline_150_at": "2026-01-02T08:00", "timeline_150_text": ""},
            {
                f"timeline_{number}_{part}": value
                for number in range(101)
                for part, value in (("at", "2026-01-02T08:00"), ("text", "x"))
            },
            {"experts_2_post": "Không tên"},
            {"experts_2_name": "Ai đó", "experts_2_signed_on": "31/31"},
        ):
            with self.subTest(change=change):
                answer = writer.post(self.address("analysis_edit"), self.posted(writer, **change, advice="Giữ lại"))
                self.assertEqual(answer.status_code, 200)
                page = answer.content.decode()
                self.assertIn("Giữ lại", page)
                self.assertIn("ln-error", page)

    def test_status_of_the_report_decides_whether_it_may_begin(self) -> None:
        draft = make.draft(self.team.writer, self.team.hospital)
        writer = self.signed_in(self.team.writer)
        self.assertNotIn(
            "phan-tich/lap", writer.get(f"/console/incidents/incident/{draft.pk}/change/").content.decode()
        )
        self.assertEqual(draft.status, Status.DRAFT)
