"""Returns: figures as of a moment, signing what was shown, files that are the same each time, corrections, lateness."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any

import docx
import pgtrigger
import time_machine
from django.db import DatabaseError, transaction
from django.test import SimpleTestCase, TestCase
from django.utils import timezone
from openpyxl import load_workbook

from audit.models import Act, Entry
from common.days import midnight
from common.exceptions import InvalidInput, MoveRefused, RightMissing, StaleVersion
from common.papers.layout import digest_of, share
from common.papers.letter import letter
from common.papers.spreadsheet import spreadsheet
from common.scope import as_system
from deadlines.models import Deadline
from incidents import services
from incidents.choices import AnalysisStatus, Capacity, FileForm, ReturnKind, ReturnStatus, Status
from incidents.classification import Claim
from incidents.models import Incident, Return, ReturnEdition, ReturnFile
from incidents.returns import deeds, wording
from incidents.returns.content import drawn_up
from incidents.returns.documents import laid_out
from incidents.returns.periods import Period, ended, last_ended
from tests.feedback.factories import fresh
from tests.incidents import actions, analyses
from tests.incidents import factories as make
from tests.incidents.factories import SEVERE, Team

HALF, QUARTER = ReturnKind.SYNTHESIS, ReturnKind.LETTER
SPRING = datetime(2026, 4, 14, 3, 0, tzinfo=UTC)  # a Tuesday morning in the first half of 2026
SUMMER = datetime(2026, 7, 2, 3, 0, tzinfo=UTC)  # the half-year has just ended
WORDS = {"findings": "Nguyên nhân chính là xếp thuốc.\nCòn lại do giao tiếp.", "solutions": "Đã dán nhãn cảnh báo."}


class PeriodTests(SimpleTestCase):
    def test_periods_end_where_the_next_begins_by_the_clock_in_vietnam(self) -> None:
        half, quarter = Period(HALF, 2026, 2), Period(QUARTER, 2026, 4)
        self.assertEqual((half.starts, half.ends), (midnight(date(2026, 7, 1)), midnight(date(2027, 1, 1))))
        self.assertEqual((quarter.starts, quarter.next), (midnight(date(2026, 10, 1)), Period(QUARTER, 2027, 1)))
        self.assertEqual(Period(HALF, 2026, 1).former, Period(HALF, 2025, 2))
        self.assertEqual((str(half), str(quarter)), ("6 tháng cuối năm 2026", "Quý IV năm 2026"))

    def test_the_period_that_ended_last(self) -> None:
        for moment, half, quarter in (
            (datetime(2026, 6, 30, 16, 59, 59, tzinfo=UTC), (2025, 2), (2026, 1)),  # a second before midnight there
            (datetime(2026, 6, 30, 17, 0, tzinfo=UTC), (2026, 1), (2026, 2)),
            (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), (2026, 2), (2026, 4)),
        ):
            for kind, expected in ((HALF, half), (QUARTER, quarter)):
                found = last_ended(kind, moment)
                self.assertEqual((found.year, found.part), expected, (moment, kind))
        self.assertEqual(len(set(ended(QUARTER, SUMMER, 8))), 8)

    def test_shares_have_one_decimal_and_halves_go_up(self) -> None:
        cases = {(1, 3): "33,3 %", (2, 3): "66,7 %", (1, 16): "6,3 %", (0, 5): "0,0 %", (-1, 4): "−25,0 %", (0, 0): ""}
        self.assertEqual({pair: share(*pair) for pair in cases}, cases)


class ReturnTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        with time_machine.travel(SPRING):
            cls.team = team = Team()
            cls.mild = make.sent(team.writer, team.hospital, types=["IT03.7", "IT03.3", "IT01.5"], causes=["CA1.2"])
            cls.near = make.sent(team.writer, team.hospital, harm="A", ward="khoa  nội", reporter_role="REP2")
            cls.severe = make.sent(team.writer, team.hospital, types=["IT01.6"], ward="Phòng mổ", **SEVERE)
            cls.elsewhere = make.sent(team.stranger, team.other, **SEVERE)
            cls.unsent = make.draft(team.writer, team.hospital)
        with time_machine.travel(SUMMER):
            deeds.open_due()
        cls.own = Return.objects.get(kind=HALF, facility=team.hospital)
        cls.letter = Return.objects.get(kind=QUARTER)

    def content(self, found: Return | None = None, at: datetime = SUMMER) -> dict[str, Any]:
        return drawn_up(found or self.own, at, WORDS)

    def table(self, key: str, **more: Any) -> dict[str, int]:
        table = next(one for one in self.content(**more)["tables"] if one["key"] == key)
        return {label: count for label, count, _before in table["rows"]}

    def signed(self, found: Return, by: Any, at: datetime = SUMMER) -> ReturnEdition:
        """Written and signed by somebody who looked at it then."""
        with time_machine.travel(at, tick=False):
            found.refresh_from_db()
            writer = self.team.checker if found.facility_id is None else by
            found = deeds.write(found, WORDS, by=fresh(writer), version=found.version)
            digest = digest_of(drawn_up(found, at, WORDS))
            return deeds.sign(found, as_of=at, digest=digest, by=fresh(by), version=found.version)


class FigureTests(ReturnTests):
    def test_every_table_adds_up_to_the_number_of_reports(self) -> None:
        for found, count in ((self.own, 3), (self.letter, 4)):
            for table in self.content(found)["tables"]:
                self.assertEqual(sum(row[1] for row in table["rows"]), count, table)
                self.assertEqual(table["total"], [count, 0])

    def test_actions_planned_in_the_period_are_counted_as_they_stood_then(self) -> None:
        with time_machine.travel(SPRING + timedelta(days=1)):
            first = actions.planned(self.team.writer, self.team.hospital, self.severe)
            actions.planned(self.team.writer, self.team.hospital, self.severe, kind="W4")
            actions.planned(self.team.stranger, self.team.other, self.elsewhere)
        with time_machine.travel(SUMMER + timedelta(days=1)):  # what comes later is not in it
            actions.done(first, self.team.writer)
            actions.planned(self.team.writer, self.team.hospital, self.severe)
        stands, strengths = self.content()["actions"]
        self.assertEqual({label: count for label, count, _before in stands["rows"] if count}, {"Đang thực hiện": 2})
        self.assertEqual({label: count for label, count, _before in strengths["rows"] if count}, {"Mạnh": 1, "Yếu": 1})
        self.assertEqual(self.content(self.letter)["actions"][0]["total"], [3, 0])
        later = self.content(at=SUMMER + timedelta(days=2))["actions"][0]["rows"]
        self.assertIn(["Đã thực hiện, chờ xác nhận", 1, 0], later)
        text = texts_of(letter(laid_out(self.content(), None)))
        for title in (wording.ACTIONS, wording.BY_STRENGTH):
            self.assertIn(title, text)

    def test_what_was_signed_before_actions_were_counted_is_laid_out_as_it_was(self) -> None:
        old = self.content()
        del old["actions"]
        text = texts_of(letter(laid_out(old, None)))
        self.assertNotIn(wording.ACTIONS, text)
        self.assertIn(WORDS["solutions"], text)

    def test_drafts_and_other_facilities_are_left_out(self) -> None:
        self.assertEqual(self.table("duty"), {wording.DUTIES[True]: 1, wording.DUTIES[False]: 2})
        letters = {label[0]: count for label, count in self.table("letters").items()}
        self.assertEqual(letters, {"A": 1, "B": 0, "C": 0, "D": 1, "E": 0, "F": 0, "G": 1, "H": 0, "I": 0})
        self.assertEqual(list(self.table("levels").values()), [1, 1, 0, 1])

    def test_what_ticks_several_groups_is_counted_in_each_and_taken_off_once(self) -> None:
        types = self.table("types")
        self.assertEqual(len(types), 11 + 2)
        self.assertEqual((types["Thuốc và dịch truyền"], types[wording.UNTICKED], types[wording.REPEATED]), (1, 1, -1))
        self.assertEqual(self.table("boxes")[wording.REPEATED], -2)
        self.assertEqual(self.table("causes")[wording.UNTICKED], 2)

    def test_places_are_gathered_however_they_are_spelled(self) -> None:
        self.assertEqual(self.table("places"), {"Khoa Nội": 2, "Phòng mổ": 1})
        self.assertNotIn("Khoa Nội", self.table("places", found=self.letter))

    def test_figures_are_those_of_the_moment_whatever_happens_later(self) -> None:
        before = self.content()
        with time_machine.travel(SUMMER + timedelta(days=3)):
            services.reclassify(
                self.mild, Claim("F"), reason="nặng hơn", by=fresh(self.team.writer), version=self.mild.version
            )
            make.step(self.severe, Status.ACCEPTED, self.team.checker)
            analyses.written(self.severe, self.team.writer)
        self.assertEqual(self.content(), before)
        later = SUMMER + timedelta(days=4)
        letters = {label[0]: count for label, count in self.table("letters", at=later).items()}
        self.assertEqual((letters["D"], letters["F"]), (0, 1))
        self.assertEqual(self.table("analyses", at=later)[wording.STANDS[AnalysisStatus.DRAFT]], 1)
        self.assertEqual(self.table("analyses")[wording.STANDS["missing"]], 1)

    def test_causes_are_those_of_the_analysis_once_it_was_sent(self) -> None:
        made = analyses.written(self.severe, self.team.writer)
        self.assertEqual(self.table("causes", at=timezone.now())[wording.UNTICKED], 2)
        analyses.step(made, AnalysisStatus.SUBMITTED, self.team.writer)
        causes = self.table("causes", at=timezone.now())
        self.assertEqual((causes[wording.UNTICKED], causes["Nhân viên"], causes[wording.REPEATED]), (1, 2, -1))

    def test_a_report_belongs_to_the_period_in_which_it_was_first_sent(self) -> None:
        with time_machine.travel(SUMMER):
            late = make.sent(self.team.writer, self.team.hospital)
        self.assertEqual(self.content(at=SUMMER + timedelta(hours=1))["tables"][0]["total"], [3, 0])
        self.assertGreaterEqual(Incident.objects.get(pk=late.pk).submitted_at, self.own.ended_at)

    def test_the_former_period_stands_beside(self) -> None:
        autumn = Return(kind=HALF, facility=self.team.hospital, year=2026, part=2)
        self.assertEqual(self.content(autumn, SUMMER)["tables"][0]["total"], [0, 3])

    def test_figures_cost_two_queries_however_many_reports(self) -> None:
        own = Return.objects.select_related("facility").get(pk=self.own.pk)
        with as_system(), self.assertNumQueries(2):
            self.content(own)


class SigningTests(ReturnTests):
    def test_what_was_shown_is_frozen_closed_and_its_clock_ends(self) -> None:
        edition = self.signed(self.own, self.team.head)
        self.own.refresh_from_db()
        self.assertEqual((self.own.status, self.own.signed_at), (ReturnStatus.SIGNED, SUMMER))
        self.assertEqual((edition.number, edition.capacity, edition.former), (1, Capacity.HEAD, None))
        self.assertEqual(edition.digest, digest_of(edition.content))
        clock = Deadline.objects.about(self.own).get()
        self.assertEqual((clock.obligation, clock.on_time), ("hand_in", True))
        with self.assertRaises(MoveRefused):
            deeds.write(self.own, WORDS, by=fresh(self.team.writer), version=self.own.version)
        with self.assertRaises(DatabaseError), transaction.atomic():
            ReturnEdition.objects.update(digest="0" * 64)

    def test_a_facility_with_a_single_account_signs_by_order(self) -> None:
        edition = self.signed(self.own, self.team.writer)
        self.assertEqual(edition.capacity, Capacity.BY_ORDER)
        self.assertIn("TL. THỦ TRƯỞNG ĐƠN VỊ", texts_of(bytes(edition.files.get(form=FileForm.DOCX).content)))

    def test_nobody_signs_what_was_not_shown(self) -> None:
        writer = fresh(self.team.writer)
        with time_machine.travel(SUMMER, tick=False):
            found = deeds.write(self.own, WORDS, by=writer, version=self.own.version)
            digest = digest_of(drawn_up(found, SUMMER, WORDS))
            for wrong in ({"digest": "0" * 64}, {"as_of": SUMMER + timedelta(1)}, {"as_of": SPRING}):
                with self.assertRaises(InvalidInput):
                    deeds.sign(found, **{"as_of": SUMMER, "digest": digest, **wrong}, by=writer, version=found.version)
            with self.assertRaises(StaleVersion):
                deeds.sign(found, as_of=SUMMER, digest=digest, by=writer, version=found.version - 1)
        self.assertFalse(ReturnEdition.objects.exists())

    def test_words_are_asked_for(self) -> None:
        with time_machine.travel(SUMMER, tick=False), self.assertRaises(InvalidInput) as refused:
            digest = digest_of(drawn_up(self.own, SUMMER, {}))
            deeds.sign(self.own, as_of=SUMMER, digest=digest, by=fresh(self.team.head), version=self.own.version)
        self.assertEqual(set(refused.exception.fields), {"findings", "solutions"})

    def test_who_may_not(self) -> None:
        for person in (self.team.checker, self.team.director, self.team.auditor):
            with self.assertRaises(RightMissing):
                deeds.write(self.own, WORDS, by=fresh(person), version=self.own.version)
            with self.assertRaises(RightMissing):
                deeds.sign(self.own, as_of=SUMMER, digest="", by=fresh(person), version=self.own.version)
        for person in (self.team.checker, self.team.lead):
            with self.assertRaises(RightMissing):
                deeds.sign(self.letter, as_of=SUMMER, digest="", by=fresh(person), version=self.letter.version)

    def test_the_division_writes_the_letter_and_the_director_signs(self) -> None:
        edition = self.signed(self.letter, self.team.director)
        text = texts_of(bytes(edition.files.get(form=FileForm.DOCX).content))
        self.assertIn("Cục Quản lý Khám, chữa bệnh", text)
        self.assertIn("Số cơ sở có báo cáo trong kỳ: 2.", text)
        self.assertNotIn("Lam Kiều", text)

    def test_a_correction_is_another_edition_that_names_the_former(self) -> None:
        first = self.signed(self.own, self.team.head)
        self.own.refresh_from_db()
        later = SUMMER + timedelta(days=30)
        with time_machine.travel(later):
            deeds.correct(self.own, reason="Phân loại lại", by=fresh(self.team.writer), version=self.own.version)
            services.reclassify(
                self.mild, Claim("F"), reason="nặng hơn", by=fresh(self.team.writer), version=self.mild.version
            )
        second = self.signed(self.own, self.team.head, later + timedelta(hours=1))
        self.own.refresh_from_db()
        self.assertEqual((second.number, second.former, second.reason), (2, first, "Phân loại lại"))
        self.assertEqual(self.own.signed_at, SUMMER)  # the first one was on time
        text = texts_of(bytes(second.files.get(form=FileForm.DOCX).content))
        self.assertIn(first.digest, text)
        self.assertIn("Phân loại lại", text)
        self.assertNotEqual(first.digest, second.digest)
        self.assertEqual(ReturnFile.objects.filter(edition=first).count(), 2)

    def test_what_was_not_signed_is_not_corrected(self) -> None:
        with self.assertRaises(MoveRefused):
            deeds.correct(self.own, reason="x", by=fresh(self.team.writer), version=self.own.version)


class FileTests(ReturnTests):
    def test_files_are_made_again_byte_for_byte(self) -> None:
        edition = self.signed(self.own, self.team.head)
        with time_machine.travel(SUMMER + timedelta(days=400)):
            again = deeds.files_of(ReturnEdition.objects.get(pk=edition.pk))
        for form in FileForm:
            self.assertEqual(bytes(edition.files.get(form=form).content), again[form])
        content = drawn_up(self.own, edition.as_of, WORDS)
        self.assertEqual(content, edition.content)  # and from the history as well

    def test_nothing_in_them_tells_when_they_were_packed(self) -> None:
        document = laid_out(self.content(), None)
        for made in (spreadsheet(document), letter(document)):
            with zipfile.ZipFile(io.BytesIO(made)) as packed:
                self.assertEqual({part.date_time for part in packed.infolist()}, {(1980, 1, 1, 0, 0, 0)})
                core = packed.read("docProps/core.xml").decode()
            self.assertIn("2026-07-02T03:00:00Z", core)
            self.assertNotIn(f"{timezone.now():%Y-%m-%dT}", core)

    def test_the_spreadsheet_has_numbers_and_no_formula(self) -> None:
        told = {"findings": "=HYPERLINK(1)", "solutions": "-"}
        book = load_workbook(io.BytesIO(spreadsheet(laid_out(drawn_up(self.own, SUMMER, told), None))))
        cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
        self.assertEqual({cell.data_type for cell in cells}, {"s", "n"})
        by_label = {row[0].value: row for row in book.active.iter_rows()}
        self.assertEqual(by_label[wording.DUTIES[True]][1].value, 1)
        self.assertEqual(by_label[wording.DUTIES[True]][2].value, "33,3 %")
        self.assertIn(wording.DRAFT, by_label)

    def test_the_letter_says_all_parts_and_the_moment(self) -> None:
        text = texts_of(letter(laid_out(self.content(), None)))
        for part in (
            *(title for title, _keys in wording.PARTS),
            wording.LAST_PART["half_year"],
            *WORDS["findings"].split("\n"),
        ):
            self.assertIn(part, text)
        self.assertIn("10:00:00 ngày 02/07/2026", text)
        self.assertIn("Bệnh viện Đa khoa Lam Kiều".upper(), text)

    def test_only_what_was_signed_is_handed_out_and_it_is_written_down(self) -> None:
        edition = self.signed(self.own, self.team.head)
        for form in FileForm:
            made = deeds.handed_out(edition, form, by=fresh(self.team.checker))
            self.assertEqual(made, bytes(edition.files.get(form=form).content))
        entry = Entry.objects.filter(act=Act.EXPORT).latest("id")
        self.assertEqual((entry.about_type, entry.about_id), ("incidents.returnedition", edition.pk))

    def test_a_file_that_was_changed_is_not_handed_out(self) -> None:
        edition = self.signed(self.own, self.team.head)
        with pgtrigger.ignore("incidents.ReturnFile:append_only"):
            ReturnFile.objects.filter(form=FileForm.XLSX).update(content=b"x")
        with self.assertRaises(deeds.NotAsSigned):
            deeds.handed_out(edition, FileForm.XLSX, by=fresh(self.team.checker))
        self.assertTrue(deeds.handed_out(edition, FileForm.DOCX, by=fresh(self.team.checker)))
        self.assertEqual(Entry.objects.filter(act=Act.EXPORT).count(), 1)


class OpeningTests(ReturnTests):
    def test_each_facility_that_takes_part_and_the_department_has_one_and_a_second_run_finds_nothing(self) -> None:
        found = set(Return.objects.values_list("kind", "facility__code", "year", "part"))
        expected = {(HALF, "T01", 2026, 1), (HALF, "T02", 2026, 1), (QUARTER, None, 2026, 2)}
        self.assertEqual(found, expected)
        with time_machine.travel(SUMMER + timedelta(days=1)):
            self.assertEqual(deeds.open_due(), 0)

    def test_it_is_due_fifteen_days_after_the_period_by_department_policy(self) -> None:
        clock = Deadline.objects.about(self.own).get()
        self.assertEqual(clock.due_at, midnight(date(2026, 7, 16)))
        self.assertEqual((self.own.due_at, clock.rule.nature), (clock.due_at, "policy"))

    def test_periods_long_past_open_by_hand_only(self) -> None:
        with time_machine.travel(datetime(2027, 3, 10, tzinfo=UTC)):
            self.assertEqual(deeds.open_due(), 0)
            writer = fresh(self.team.writer)
            offered = [str(period) for _unit, period in deeds.to_begin(writer, timezone.now())]
            self.assertEqual(offered[0], "6 tháng cuối năm 2026")
            self.assertNotIn("6 tháng đầu năm 2026", offered)
            begun = deeds.begin(self.team.hospital, Period(HALF, 2026, 2), by=writer)
            self.assertTrue(begun.due_at < timezone.now())
            with self.assertRaises(RightMissing):
                deeds.begin(self.team.other, Period(HALF, 2026, 2), by=writer)
            with self.assertRaises(RightMissing):
                deeds.begin(None, Period(QUARTER, 2026, 4), by=writer)

    def test_each_sees_what_is_theirs(self) -> None:
        expected = {
            "writer": {self.own}, "stranger": {Return.objects.get(facility=self.team.other)}, "officer": set(),
            "elsewhere": set(), "checker": set(Return.objects.all()), "director": set(Return.objects.all()),
        }  # fmt: skip
        for name, returns in expected.items():
            self.assertEqual(set(Return.objects.visible_to(fresh(getattr(self.team, name)))), returns, name)

    def test_what_is_being_written_is_the_facilitys_business(self) -> None:
        deeds.write(self.own, WORDS, by=fresh(self.team.writer), version=self.own.version)
        self.assertEqual(deeds.texts_of(self.own, fresh(self.team.head)), WORDS)
        self.assertEqual(deeds.texts_of(self.own, fresh(self.team.director)), {"findings": "", "solutions": ""})


def texts_of(content: bytes) -> str:
    """All words of a DOCX."""
    paper = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])
