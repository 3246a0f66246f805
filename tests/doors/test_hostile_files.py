"""Hostile files at every door that takes files: a clear answer, no fault, no leak, and what was kept comes back as a
download that a browser does not open. `dev.py test tests/doors/test_hostile_files.py --hostile 312` sends the whole zoo
to each; without it one of every family (all of them go through the common gate in tests/uploads)."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.test import TestCase
from django.urls import reverse

from accounts.services import issue_token
from feedback import tasks
from feedback.choices import Audience, Status
from feedback.models import Attachment, Case, CaseImport, Channel, ReceivedMail
from feedback.models.runs import RunState
from feedback.transitions import MOVES
from tests.api.factories import system
from tests.conftest import LINES
from tests.console.test_case_page import address
from tests.console.test_steps import StepTestCase
from tests.doors.posting import LONG_ENOUGH, MOST_GROWTH, WARMING_UP, held, traceless_browser, unkept_records
from tests.feedback import factories as make
from tests.feedback.test_mailbox import maildir_in, put, with_files
from tests.files import upload
from tests.open311.apps import SENT, V2
from tests.public.pages import FOLLOW, SEND, PageTests, code_in
from tests.uploads.test_zoo import harmless
from tests.uploads.zoo import Beast, zoo

FEW = 12  # one of every family
SECRET = "/phan-anh/kin/"
KEPT = r"^phan-anh/[0-9a-f]{2}/[0-9a-f]{32}\.(jpg|png|webp|pdf|mp3|docx|xlsx)$"


def some(count: int) -> list[Beast]:
    """So many of them, of every family in turn."""
    families: dict[str, list[Beast]] = {}
    for beast in zoo():
        families.setdefault(beast.family, []).append(beast)
    in_turn = chain.from_iterable(zip_longest(*families.values()))
    return [beast for beast in in_turn if beast is not None][:count]


class HostileTests(TestCase):
    """What the doors share. The zoo is made before the memory is looked at, and the browser keeps no pages: that of a
    duty lists more documents each time."""

    def setUp(self) -> None:
        super().setUp()
        self.client = traceless_browser(self)

    many = FEW

    @pytest.fixture(autouse=True)
    def how_many(self, request: pytest.FixtureRequest) -> None:
        self.many = int(request.config.getoption("--hostile") or FEW)

    def beasts(self) -> Iterator[Beast]:
        """One after the other; the memory is looked at after a quarter and at the end."""
        self.answers: Counter[str] = Counter()
        chosen = some(self.many)
        before = held()
        with unkept_records():
            for nth, beast in enumerate(chosen):
                if nth == len(chosen) // 4:
                    before = held()
                with self.subTest(beast.family, name=beast.name):
                    yield beast
        growth = held() - before
        self.memory = f"{before / 1024**2:.0f} MiB {growth / before:+.1%}"
        is_whole = self.many >= LONG_ENOUGH // 4
        self.assertLessEqual(growth, MOST_GROWTH * before if is_whole else WARMING_UP, self.memory)

    def look_at_what_was_kept(self, door: str) -> None:
        """Under names of ours, and nothing of it active."""
        kept = Attachment.objects.all()
        self.assertTrue(kept)
        for one in kept:
            self.assertRegex(one.file.name, KEPT)
            harmless(Beast("", one.name, b""), one.file.read(), one.extension)
            one.file.close()
        answered = ", ".join(f"{count} × {what}" for what, count in sorted(self.answers.items()))
        LINES.append(f"Hostile files at {door}: {answered}; {len(kept)} kept, all harmless; memory {self.memory}")


class PublicDoorTests(HostileTests, PageTests):
    def test_each_is_refused_in_words_or_kept_harmless(self) -> None:
        code = self.code_of_a_case()
        for beast in self.beasts():
            sent = self.send(files=[upload(beast.name, beast.content)])
            secret = self.client.post(
                SECRET, {"key": self.key(), "body": make.BODY, "files": [upload(beast.name, beast.content)]}
            )
            if self.many > FEW and sum(self.answers.values()) % 60 == 0:
                code = self.code_of_a_case()  # or what one case may hold would answer for the door
            added = self.follow(code, act="add", text="Thêm.", files=[upload(beast.name, beast.content)])
            for answer in (sent, secret, added):
                self.assertIn(answer.status_code, (200, 422))
                self.answers[str(answer.status_code)] += 1
            for answer in (sent, secret):
                self.assertEqual(answer.status_code == 200, bool(code_in(answer)))
            if beast.is_refused:
                self.assertEqual((sent.status_code, secret.status_code, added.status_code), (422, 422, 422))
        self.look_at_what_was_kept(f"{SEND}, {SECRET} and {FOLLOW}")

    def test_nothing_is_served_to_people_without_an_account(self) -> None:
        self.send(files=[upload()])
        name = Attachment.objects.get().file.name
        for path in (f"/tep/{name}", f"/media/{name}", f"/static/{name}"):
            self.assertEqual(self.client.get(path).status_code, 404)
        for door in (SEND, FOLLOW):
            self.assertNotContains(self.client.get(door), name)


class ConsoleDoorTests(HostileTests, StepTestCase):
    def test_each_is_refused_in_words_or_comes_back_as_a_download(self) -> None:
        form = self.given(MOVES[Status.FORWARDED, Status.ANSWERED].asks)
        for beast in self.beasts():
            case = make.case_in(Status.FORWARDED, self.team)
            sent = [upload(beast.name, beast.content)]
            answer = self.send(self.team.quality_officer, case, Status.ANSWERED, **form, files=sent)
            self.assertIn(answer.status_code, (302, 422))
            self.answers[str(answer.status_code)] += 1
            if beast.is_refused:
                self.assertEqual(answer.status_code, 422)
        kept = Attachment.objects.exclude(audience=Audience.CITIZEN)
        self.assertTrue(kept)
        self.client.force_login(self.team.lead)
        for one in kept:
            got = self.client.get(address(one.case, "attachment", one.token))
            self.assertEqual(got.status_code, 200)
            self.assertTrue(got["Content-Disposition"].startswith("attachment"))
            self.assertEqual(got["X-Content-Type-Options"], "nosniff")
            self.assertNotRegex(got["Content-Type"], "html|svg|xml$|script")
        self.look_at_what_was_kept("a step in the console")


class CivicAppDoorTests(HostileTests):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.key = issue_token(system("ung-dung", may_send=True, channel_code="APP_YTTT")[0])

    def test_each_is_refused_in_words_or_kept_harmless(self) -> None:
        for beast in self.beasts():
            sent = {"api_key": self.key, "media": upload(beast.name, beast.content)}
            answer = self.client.post(f"{V2}requests.json", SENT | sent)
            self.assertIn(answer.status_code, (200, 400))
            self.answers[str(answer.status_code)] += 1
            if beast.is_refused:
                self.assertEqual(answer.status_code, 400)
                self.assertTrue(json.loads(answer.content)[0]["description"])
        self.look_at_what_was_kept(f"{V2}requests")


class MailboxDoorTests(HostileTests):
    """A letter is a case whatever hangs on it; what is not taken is left out."""

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()

    def test_each_is_left_out_or_kept_harmless(self) -> None:
        with TemporaryDirectory() as folder, maildir_in(Path(folder)) as box:
            for nth, beast in enumerate(self.beasts()):
                letter = with_files((beast.name, beast.content))
                letter = letter.replace(b"<1@example.vn>", f"<{nth}@example.vn>".encode())
                put(box, letter.replace(b"canary@example.vn", f"canary{nth}@example.vn".encode()), f"{nth:06}")
                was = Attachment.objects.count()
                tasks.read_mailbox()
                is_kept = Attachment.objects.count() > was
                self.answers["kept" if is_kept else "left out"] += 1
                if beast.is_refused:
                    self.assertFalse(is_kept)
        self.assertEqual(ReceivedMail.objects.count(), self.many)
        self.assertEqual(Case.objects.count(), self.many)
        self.look_at_what_was_kept("the mailbox")


class ImportDoorTests(HostileTests):
    """Where a list of cases is expected, whatever it is called."""

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.lead = make.person("lead")
        cls.given: dict[str, Any] = {"source": "import", "channel": Channel.objects.get(code="LETTER").pk}

    def test_each_is_refused_in_words_and_nothing_is_stored(self) -> None:
        self.client.force_login(self.lead)
        for beast in self.beasts():
            for name in (beast.name, "danh-sach.xlsx"):
                given = self.given | {"file": upload(name, beast.content or b" ")}
                answer = self.client.post(reverse("admin:feedback_caseimport_add"), given)
                self.assertIn(answer.status_code, (200, 302))
                self.answers["taken for a trial run" if answer.status_code == 302 else "refused"] += 1
            tasks.work_through_runs()
        self.assertFalse(CaseImport.objects.filter(state=RunState.WAITING).exists())
        self.assertFalse(CaseImport.objects.filter(rows__outcome="new").exists())
        self.assertFalse(Case.objects.exists())
        answered = ", ".join(f"{count} × {what}" for what, count in sorted(self.answers.items()))
        LINES.append(f"Hostile files at the import of cases: {answered}; nothing stored; memory {self.memory}")
