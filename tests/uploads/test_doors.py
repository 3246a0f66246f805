"""Some of the hostile files at each door where people without and with an account hand files over: a clear answer, no
fault, and what was kept comes back as a download that a browser does not open."""

from feedback.choices import Audience, Status
from feedback.models import Attachment
from feedback.transitions import MOVES
from tests.console.test_case_page import address
from tests.console.test_steps import StepTestCase
from tests.feedback import factories as make
from tests.files import upload
from tests.public.pages import FOLLOW, SEND, PageTests, code_in
from tests.uploads.test_zoo import harmless
from tests.uploads.zoo import Beast, zoo

EACH = 3  # of every family; the whole zoo goes through the common gate in `test_zoo`


def some() -> list[Beast]:
    """The first few of every family."""
    chosen: dict[str, list[Beast]] = {}
    for beast in zoo():
        if len(chosen.setdefault(beast.family, [])) < EACH:
            chosen[beast.family].append(beast)
    return [beast for beasts in chosen.values() for beast in beasts]


class PublicDoorTests(PageTests):
    def test_each_is_refused_in_words_or_kept_harmless(self) -> None:
        code = self.code_of_a_case()
        for beast in some():
            with self.subTest(beast.family, name=beast.name):
                sent = self.send(files=[upload(beast.name, beast.content)])
                added = self.follow(code, act="add", text="Thêm.", files=[upload(beast.name, beast.content)])
                self.assertIn(sent.status_code, (200, 422))
                self.assertEqual(sent.status_code == 200, bool(code_in(sent)))
                self.assertIn(added.status_code, (200, 422))
                if beast.is_refused:
                    self.assertEqual((sent.status_code, added.status_code), (422, 422))
        kept = Attachment.objects.all()
        self.assertTrue(kept)
        for one in kept:
            self.assertRegex(one.file.name, r"^phan-anh/[0-9a-f]{2}/[0-9a-f]{32}\.(jpg|png|webp|pdf|mp3|docx|xlsx)$")
            harmless(Beast("", one.name, b""), one.file.read(), one.extension)

    def test_nothing_is_served_to_people_without_an_account(self) -> None:
        self.send(files=[upload()])
        name = Attachment.objects.get().file.name
        for path in (f"/tep/{name}", f"/media/{name}", f"/static/{name}"):
            self.assertEqual(self.client.get(path).status_code, 404)
        for door in (SEND, FOLLOW):
            self.assertNotContains(self.client.get(door), name)


class ConsoleDoorTests(StepTestCase):
    def test_each_is_refused_in_words_or_comes_back_as_a_download(self) -> None:
        form = self.given(MOVES[Status.FORWARDED, Status.ANSWERED].asks)
        for beast in some():
            case = make.case_in(Status.FORWARDED, self.team)
            sent = [upload(beast.name, beast.content)]
            answer = self.send(self.team.quality_officer, case, Status.ANSWERED, **form, files=sent)
            with self.subTest(beast.family, name=beast.name):
                self.assertIn(answer.status_code, (302, 422))
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
