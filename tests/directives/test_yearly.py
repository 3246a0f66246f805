"""The annual report pack: what it counts as of a moment, that it stays as it was frozen, and who may do what."""

import io
import zipfile
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document as Paper
from openpyxl import load_workbook

from audit.models import Act, Entry
from common.exceptions import InvalidInput, ReasonRequired, RightMissing
from common.papers.layout import digest_of
from directives.choices import FileForm, Status
from directives.models import Indicator, PackFile, ReportPack
from directives.yearly import deeds
from directives.yearly.content import drawn_up
from tests.directives import factories as make
from tests.directives.factories import fresh
from tests.directives.reporting_made import YEAR, Reports
from tests.forms import form_in


class Packs(Reports, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.set_up()

    def frozen(self, **changes: Any) -> ReportPack:
        as_of = changes.pop("as_of", timezone.now())
        given = {
            "as_of": as_of, "digest": digest_of(drawn_up(YEAR, as_of, "")), "findings": "Đa số đơn vị làm tốt.",
            "reason": "", "by": fresh(self.team.checker),
        }  # fmt: skip
        return deeds.freeze(YEAR, **(given | changes))


class ContentTests(Packs):
    def test_each_duty_is_counted_once_where_it_belongs(self) -> None:
        self.reported(self.assigned(self.team.hospital, 3), to=Status.ACCEPTED)
        self.reported(self.assigned(self.team.hospital, 6), to=Status.RETURNED)
        self.assigned(self.team.other, 6)
        self.assigned(self.team.other, 6, YEAR - 1)
        content = drawn_up(YEAR, timezone.now(), "")
        # due, on time, late, missing, returned, accepted: all of last year, so what came today came late
        counts = [3, 0, 2, 1, 1, 1]
        self.assertEqual(content["by_obligation"][-1][1:], counts)
        self.assertEqual(content["by_directive"][0], ["12/CT-SYT", *counts])
        self.assertEqual([row[0] for row in content["by_type"]], ["Bệnh viện đa khoa", "Tổng số"])

    def test_the_same_moment_gives_the_same_report_whatever_happens_later(self) -> None:
        one = self.reported(self.assigned(self.team.hospital, 6))
        other = self.assigned(self.team.other, 6)
        then = timezone.now()
        before = digest_of(drawn_up(YEAR, then, "x"))
        self.step(one, Status.ACCEPTED, self.team.checker)
        self.reported(other)
        self.assertEqual(digest_of(drawn_up(YEAR, then, "x")), before)
        self.assertNotEqual(digest_of(drawn_up(YEAR, timezone.now(), "x")), before)

    def test_values_of_another_base_are_told_and_not_put_beside_others(self) -> None:
        self.reported(self.assigned(self.team.hospital, 6, YEAR - 1), "40")
        Indicator.objects.update(base="nhân viên có hợp đồng")
        self.reported(self.assigned(self.team.hospital, 6), "80")
        one = drawn_up(YEAR, timezone.now(), "")["indicators"][0]
        self.assertEqual((one["median"], one["before"]), ("80.00", None))
        self.assertEqual(one["otherwise"], [[1, YEAR - 1, "nhân viên, %"]])

    def test_no_facility_is_named(self) -> None:
        self.reported(self.assigned(self.team.hospital, 6))
        pack = self.frozen()
        self.assertNotIn("Lam Kiều", str(pack.content))

    def test_more_of_everything_takes_no_more_queries(self) -> None:
        def counted() -> int:
            drawn_up(YEAR, timezone.now(), "")
            with CaptureQueriesContext(connection) as found:
                drawn_up(YEAR, timezone.now(), "")
            return len(found)

        self.reported(self.assigned(self.team.hospital, 3))
        before = counted()
        make.obligation(fresh(self.team.checker), make.directive(fresh(self.team.checker), "13/CT-SYT"), part="2")
        Indicator.objects.create(obligation=self.duty, code="I2", name="Khác", base="đơn vị", is_asked=False)
        for month in (6, 9):
            self.reported(self.assigned(self.team.hospital, month))
            self.reported(self.assigned(self.team.other, month))
        self.assertEqual(counted(), before)


class FreezingTests(Packs):
    def test_the_files_come_out_byte_for_byte_again_and_say_what_was_frozen(self) -> None:
        self.reported(self.assigned(self.team.hospital, 6))
        pack = self.frozen()
        kept = {one.form: bytes(one.content) for one in pack.files.all()}
        self.assertEqual(set(kept), set(FileForm.values))
        again = deeds.files_of(ReportPack.objects.get(pk=pack.pk))
        self.assertEqual({str(form): content for form, content in again.items()}, kept)
        said = [row[0] for row in load_workbook(io.BytesIO(kept["xlsx"])).active.iter_rows(values_only=True)]
        self.assertIn("12/CT-SYT.1 – Tập huấn hằng quý", said)
        paper = "\n".join(one.text for one in Paper(io.BytesIO(kept["docx"])).paragraphs)
        for words in ("Đa số đơn vị làm tốt.", pack.digest, f"Năm {YEAR}"):
            self.assertIn(words, paper)
        with zipfile.ZipFile(io.BytesIO(kept["docx"])) as archive:
            self.assertEqual({part.date_time for part in archive.infolist()}, {(1980, 1, 1, 0, 0, 0)})

    def test_another_edition_says_why_and_the_first_stays(self) -> None:
        first = self.frozen()
        with self.assertRaises(ReasonRequired):
            self.frozen()
        second = self.frozen(reason="bổ sung báo cáo của hai đơn vị")
        self.assertEqual((second.number, second.former), (2, first))
        self.assertEqual(ReportPack.objects.get(pk=first.pk).digest, first.digest)

    def test_figures_that_moved_while_somebody_read_are_not_frozen(self) -> None:
        one, as_of = self.assigned(self.team.hospital, 6), timezone.now()
        shown = digest_of(drawn_up(YEAR, as_of, ""))
        Indicator.objects.update(name="Tên khác")
        self.reported(one)
        with self.assertRaises(InvalidInput):
            self.frozen(as_of=timezone.now(), digest=shown)
        with self.assertRaises(InvalidInput):
            self.frozen(as_of=timezone.now() + timedelta(days=1))
        self.assertFalse(ReportPack.objects.exists())

    def test_what_was_frozen_cannot_be_changed_and_a_file_that_was_is_not_handed_out(self) -> None:
        pack = self.frozen()
        for change in (lambda: ReportPack.objects.update(year=2020), lambda: PackFile.objects.all().delete()):
            with self.assertRaises((DatabaseError, Exception)), transaction.atomic():
                change()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE directives_packfile DISABLE TRIGGER USER")
            cursor.execute("UPDATE directives_packfile SET content = 'x'")
            cursor.execute("ALTER TABLE directives_packfile ENABLE TRIGGER USER")
        with self.assertRaises(deeds.NotAsFrozen):
            deeds.handed_out(pack, "xlsx", by=fresh(self.team.checker))

    def test_who_may_not_freeze(self) -> None:
        for person in (self.team.officer, self.team.director, self.team.writer):
            with self.assertRaises(RightMissing):
                self.frozen(by=fresh(person))


class PackPageTests(Packs):
    def url(self, name: str, *args: Any) -> str:
        return reverse(f"admin:directives_assignment_{name}", args=args)

    def test_looked_at_frozen_and_fetched(self) -> None:
        self.reported(self.assigned(self.team.hospital, 6))
        self.client.force_login(fresh(self.team.checker))
        address = self.url("pack_preview", YEAR)
        form = form_in(self.client.get(address), "digest") | {"findings": ["Tốt."]}
        answer = self.client.post(address, form)
        pack = ReportPack.objects.get()
        self.assertRedirects(answer, self.url("pack", YEAR, 1))
        self.assertEqual(pack.content["findings"], "Tốt.")
        self.assertContains(self.client.get(self.url("packs")), pack.digest[:16])
        for form_name in FileForm.values:
            fetched = self.client.get(self.url("pack_file", YEAR, 1, form_name))
            self.assertEqual(fetched.content, bytes(pack.files.get(form=form_name).content))
        self.assertEqual(Entry.objects.filter(act=Act.EXPORT).count(), 2)

    def test_facilities_have_no_packs_and_readers_only_read(self) -> None:
        self.frozen()
        self.client.force_login(fresh(self.team.writer))
        for address in (self.url("packs"), self.url("pack", YEAR, 1), self.url("pack_file", YEAR, 1, "xlsx")):
            self.assertEqual(self.client.get(address).status_code, 403)
        self.client.force_login(fresh(self.team.director))
        self.assertEqual(self.client.get(self.url("pack", YEAR, 1)).status_code, 200)
        self.assertEqual(self.client.post(self.url("pack_preview", YEAR), {}).status_code, 403)
        self.assertEqual(self.client.get(self.url("pack_preview", 1999)).status_code, 404)
        self.assertEqual(self.client.get(self.url("pack", YEAR, 7)).status_code, 404)
