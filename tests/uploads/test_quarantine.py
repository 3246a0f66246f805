"""The scanner's word: what it finds is refused, what it cannot be asked about stays closed until it answers."""

import tempfile
from pathlib import Path

from django.core.files.storage import default_storage
from django.test import TestCase, override_settings
from django.utils import timezone

from common.tasks import check_held_files
from common.templatetags.uploads import withheld
from common.uploads import FileRefused, checked, checked_all, served
from common.uploads.storage import FileHeld
from feedback import files
from feedback.choices import Audience, Status
from feedback.models import Attachment
from tests.console.test_case_page import PageTestCase, address
from tests.feedback import factories as make
from tests.files import PNG, letter, recording, upload
from tests.uploads.daemons import VIRUS, clamd

INFECTED = b"\xff\xf3\x40\xc4" + VIRUS.ljust(100, b"\0") + recording()


class ScannerTests(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = str(Path(folder.name) / "clamd.ctl")
        self.enterContext(override_settings(CLAMD_URL=f"unix://{self.place}"))

    def test_what_the_scanner_finds_is_refused_and_what_it_passes_is_free(self) -> None:
        with clamd(self.place):
            with self.assertRaisesMessage(FileRefused, ""):
                checked(upload("a.mp3", INFECTED))
            self.assertFalse(checked(upload("a.png", PNG)).upload.is_held)

    def test_without_an_answer_a_file_is_kept_closed(self) -> None:
        self.assertTrue(checked(upload("a.png", PNG)).upload.is_held)
        with clamd(self.place, most=10):
            self.assertTrue(checked(upload("a.png", PNG)).upload.is_held)

    @override_settings(CLAMD_URL="tcp://127.0.0.1:1")
    def test_a_scanner_on_another_host_that_is_down_is_no_fault(self) -> None:
        self.assertTrue(checked(upload("a.png", PNG)).upload.is_held)

    @override_settings(CLAMD_URL="")
    def test_without_a_scanner_in_the_settings_nothing_is_held(self) -> None:
        self.assertFalse(checked(upload("a.png", PNG)).upload.is_held)


class QuarantineTests(PageTestCase):
    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = str(Path(folder.name) / "clamd.ctl")
        self.enterContext(override_settings(CLAMD_URL=f"unix://{self.place}", MEDIA_ROOT=folder.name))
        self.case = make.case_in(Status.RECEIVED, self.team)

    def kept(self, name: str, content: bytes) -> Attachment:
        found = files.keep(
            checked_all([upload(name, content)]),
            case=self.case,
            audience=Audience.DEPARTMENT,
            by=None,
            at=timezone.now(),
        )[0]
        return Attachment.objects.get(pk=found.pk)

    def test_a_held_file_is_opened_by_nobody_and_the_page_says_so(self) -> None:
        held = self.kept("a.png", PNG)
        answer = self.get(self.team.lead, address(self.case, "attachment", held.token))
        self.assertEqual(answer.status_code, 423)
        self.assertIn("vi-rút", answer.content.decode())
        self.assertTrue(withheld(held))
        page = self.get(self.team.lead, address(self.case))
        self.assertContains(page, "data-held")
        self.assertNotContains(page, held.token)
        with self.assertRaises(FileHeld):
            held.file.open()

    def test_the_task_releases_once_the_scanner_answers_and_again_changes_nothing(self) -> None:
        fine = self.kept("a.png", PNG)
        check_held_files()
        self.assertEqual(served(fine).status_code, 423)
        with clamd(self.place):
            check_held_files()
            check_held_files()
        self.assertEqual(served(fine).status_code, 200)
        self.assertFalse(withheld(fine))

    def test_what_the_scanner_finds_later_stays_closed_for_good(self) -> None:
        bad = self.kept("a.mp3", INFECTED)
        fine = self.kept("b.docx", letter())
        with clamd(self.place):
            check_held_files()
        self.assertEqual((served(bad).status_code, served(fine).status_code), (423, 200))
        self.assertTrue(withheld(bad))
        self.assertEqual(list(default_storage.held()), [])

    def test_a_file_the_scanner_cannot_judge_holds_up_no_other(self) -> None:
        large = self.kept("a.mp3", recording(frames=600))
        small = self.kept("b.png", PNG)
        with clamd(self.place, most=10_000):
            check_held_files()
        self.assertEqual((served(large).status_code, served(small).status_code), (423, 200))

    def test_without_a_scanner_in_the_settings_what_waits_is_released(self) -> None:
        waits = self.kept("a.png", PNG)
        with override_settings(CLAMD_URL=""):
            check_held_files()
        self.assertEqual(served(waits).status_code, 200)
