"""The review after nine months: what counts, what is compared, and what stands apart."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import SimpleTestCase, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from audit.models import Act, Entry
from common.days import midnight
from directives.choices import Status
from directives.models import Indicator
from directives.review.comparing import Measure, Told, by_group, compared
from directives.review.figures import Months
from tests.directives.factories import fresh
from tests.directives.reporting_made import YEAR, Reports
from tests.feedback import factories as people

PERCENT, BEDS = Measure("%", "nhân viên"), Measure("%", "giường bệnh")


def told(facility: int, period: date, value: str, measure: Measure = PERCENT, *, is_before: bool = False) -> Told:
    return Told(facility, period, Decimal(value), measure, "", True, is_before)


def said(page: Any) -> str:
    return str(page.content.decode())


class ComparingTests(SimpleTestCase):
    def test_what_is_counted_otherwise_stands_apart_and_gives_no_difference(self) -> None:
        rows = [
            told(1, date(2026, 6, 30), "80"),
            told(1, date(2025, 6, 30), "20", BEDS, is_before=True),
            told(2, date(2026, 6, 30), "60"),
            told(2, date(2025, 6, 30), "50", is_before=True),
        ]
        found = compared(PERCENT, rows, {}, facilities=[1, 2])
        one, two = found.main.lines
        self.assertEqual((one.change, one.before, one.before_counts_otherwise), (None, None, True))
        self.assertEqual((two.change, two.before_counts_otherwise), (Decimal(10), False))
        self.assertEqual([table.measure for table in found.apart], [BEDS])
        self.assertEqual(found.apart[0].lines[0].before.value, Decimal(20))  # type: ignore[union-attr]
        self.assertEqual((found.main.summary.median, found.main.summary.median_before), (Decimal(70), Decimal(50)))

    def test_the_last_period_counts_and_all_are_shown(self) -> None:
        rows = [told(1, date(2026, 6, 30), "80"), told(1, date(2026, 3, 31), "90")]
        table = compared(PERCENT, rows, {}, facilities=[1]).main
        self.assertEqual(table.periods, [date(2026, 3, 31), date(2026, 6, 30)])
        self.assertEqual(table.lines[0].now.value, Decimal(80))  # type: ignore[union-attr]

    def test_who_reported_nothing_has_a_line_and_is_counted(self) -> None:
        table = compared(PERCENT, [], {7: [date(2026, 6, 30)]}, facilities=[7]).main
        self.assertEqual((table.summary.reporting, table.summary.missing, table.summary.median), (0, 1, None))
        self.assertEqual([name for name, _summary in by_group(table, lambda pk: f"nhóm {pk}")], ["nhóm 7"])

    def test_months_end_on_the_thirtieth_of_september_and_never_after_today(self) -> None:
        self.assertEqual(Months.of(2026, date(2026, 11, 30)).until, date(2026, 9, 30))
        self.assertEqual(Months.of(2026, date(2026, 5, 2)).until, date(2026, 5, 2))
        self.assertEqual(Months.of(2026, date(2026, 5, 2)).before.until, date(2025, 9, 30))


class Review(Reports, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.set_up()

    def page(self, person: Any, **words: Any) -> Any:
        self.client.force_login(fresh(person))
        return self.client.get(reverse("admin:directives_assignment_review"), {"year": YEAR, **words})


class ReviewPageTests(Review):
    def test_the_overview_has_definition_figures_and_what_is_missing(self) -> None:
        self.reported(self.assigned(self.team.hospital, 6, YEAR - 1), "40")
        self.reported(self.assigned(self.team.hospital, 3), "70")
        self.reported(self.assigned(self.team.hospital, 6), "80", to=Status.ACCEPTED)
        self.assigned(self.team.other, 6)
        page = self.page(self.team.checker)
        row = page.context["rows"][0]
        self.assertEqual((row["owed"], row["missing"], row["count"], row["accepted"]), (2, 1, 1, 1))
        self.assertEqual((row["now"], row["before"], row["change"]), ("80", "40", "+40"))
        for words in ("Tỷ lệ nhân viên được tập huấn", "nhân viên", "sổ tập huấn"):
            self.assertIn(words, said(page))

    def test_a_change_of_base_is_said_and_not_compared(self) -> None:
        self.reported(self.assigned(self.team.hospital, 6, YEAR - 1), "40")
        Indicator.objects.update(base="nhân viên có hợp đồng")
        self.reported(self.assigned(self.team.hospital, 6), "80")
        row = self.page(self.team.checker).context["rows"][0]
        self.assertEqual((row["now"], row["before"], row["change"]), ("80", "—", ""))
        self.assertEqual([(year, one.base, n) for year, one, n in row["otherwise"]], [(str(YEAR - 1), "nhân viên", 1)])
        page = self.page(self.team.checker, indicator=self.rate.pk)
        self.assertEqual([one["measure"].base for one in page.context["apart"]], ["nhân viên"])
        line = page.context["main"]["lines"][0]
        self.assertEqual((line["before"], line["change"], line["before_counts_otherwise"]), ("", "", True))
        self.assertIn("cách khác", said(page))

    def test_what_is_due_after_september_is_no_missing_report_but_counts_when_it_came_early(self) -> None:
        late = self.assigned(self.team.hospital, 11)
        for _then in ("open", "reported after September"):
            page = self.page(self.team.checker)
            self.assertEqual((page.context["rows"], page.context["idle"]), ([], [self.rate]))
            if late.status == Status.OPEN:
                late = self.reported(late, "55")
        early = midnight(date(YEAR, 9, 3))
        with connection.cursor() as cursor:  # as if it had been handed in then: the triggers keep what was handed in
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE directives_compliancereport DISABLE TRIGGER USER")
            cursor.execute("UPDATE directives_compliancereport SET handed_in_at = %s", [early])
            cursor.execute("ALTER TABLE directives_compliancereport ENABLE TRIGGER USER")
        self.assertEqual(self.page(self.team.checker).context["rows"][0]["count"], 1)

    def test_one_indicator_by_facility_area_and_class(self) -> None:
        self.reported(self.assigned(self.team.hospital, 3), "70")
        self.assigned(self.team.hospital, 6)
        page = self.page(self.team.checker, indicator=self.rate.pk)
        line = page.context["main"]["lines"][0]
        self.assertEqual(
            ([cell[:2] for cell in line["cells"]], line["missing"]), ([("70", False)], [date(YEAR, 6, 30)])
        )
        self.assertEqual(len(page.context["groups"]), 3)
        self.assertEqual(page.context["groups"][0][1][0][1]["now"], "70")
        self.assertEqual(self.page(self.team.checker, indicator=999_999).status_code, 404)

    def test_a_facility_sees_its_own_values_and_no_other(self) -> None:
        self.reported(self.assigned(self.team.hospital, 6), "80")
        self.reported(self.assigned(self.team.other, 6), "13.5")
        for words in ({}, {"indicator": self.rate.pk}):
            text = said(self.page(self.team.writer, **words))
            self.assertIn("80", text)
            self.assertNotIn("13,5", text)
            self.assertNotIn("Trúc Vân", text)
        self.client.force_login(fresh(people.person("operator")))
        self.assertEqual(self.client.get(reverse("admin:directives_assignment_review")).status_code, 403)

    def test_the_spreadsheet_holds_numbers_and_is_written_down(self) -> None:
        self.reported(self.assigned(self.team.hospital, 6, YEAR - 1), "40")
        Indicator.objects.update(base="nhân viên có hợp đồng", name="=1+1")
        self.reported(self.assigned(self.team.hospital, 6), "80")
        self.assigned(self.team.other, 6)
        self.client.force_login(fresh(self.team.checker))
        answer = self.client.get(reverse("admin:directives_assignment_review_file"), {"year": YEAR})
        book = load_workbook(io.BytesIO(answer.content))
        indicators, values, otherwise, missing = (list(sheet.values) for sheet in book.worksheets)
        self.assertEqual(indicators[1][0], "'=1+1")
        self.assertEqual((indicators[1][9], indicators[1][12]), (80, None))
        self.assertEqual([row[5] for row in values[1:]], [80])
        self.assertEqual([(row[5], row[7]) for row in otherwise[1:]], [(40, "nhân viên")])
        self.assertEqual([row[1] for row in missing[1:]], ["Bệnh viện Đa khoa Trúc Vân"])
        self.assertEqual(Entry.objects.filter(act=Act.EXPORT).count(), 1)

    def test_more_of_everything_takes_no_more_queries(self) -> None:
        def counted(**words: Any) -> int:
            self.page(self.team.checker, **words)
            with CaptureQueriesContext(connection) as found:
                self.page(self.team.checker, **words)
            return len(found)

        self.reported(self.assigned(self.team.hospital, 6), "80")
        before = counted(), counted(indicator=self.rate.pk)
        for number in range(3):
            Indicator.objects.create(
                obligation=self.duty, code=f"J{number}", name=f"Số {number}", base="đơn vị", is_asked=False
            )
        for month in (3, 6, 9):
            self.assigned(self.team.other, month)
            self.assigned(self.team.other, month, YEAR - 1)
        self.reported(self.assigned(self.team.hospital, 3), "60")
        self.assertEqual((counted(), counted(indicator=self.rate.pk)), before)
