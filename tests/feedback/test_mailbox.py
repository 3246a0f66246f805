"""Letters from a real maildir and from a real IMAP server: each a case once, each answered once, and no loops."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import SimpleTestCase, TestCase, override_settings
from pysasl.hashing import BuiltinHash

from common.identifiers import normalised
from config.checks import mailbox as mailbox_check
from feedback import receipts, tasks
from feedback.mailbox import letters, taking
from feedback.mailbox.boxes import opened
from feedback.models import Attachment, Case, Note, ReceivedMail, Reporter, Submission
from feedback.models.mails import MailOutcome
from tests.feedback import factories as make
from tests.files import PNG

OWN = "phan-anh@soyte.example.vn"
FAILS = {"times": 0}


class SometimesSilent(EmailBackend):
    """A mail server that does not answer as often as it is told not to."""

    def send_messages(self, messages: Any) -> int:
        if FAILS["times"]:
            FAILS["times"] -= 1
            raise ConnectionRefusedError
        return super().send_messages(messages)


@contextmanager
def maildir_in(folder: Path) -> Iterator[Path]:
    """An empty maildir, and the settings that read it."""
    box = folder / "thu"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    with override_settings(MAILBOX_URL=f"maildir://{box}", MAILBOX_ADDRESS=OWN, MAILBOX_CHANNEL="EMAIL"):
        yield box


def put(box: Path, content: bytes, name: str) -> None:
    """Deliver a letter as mail servers do: written elsewhere, then moved."""
    (box / "tmp" / name).write_bytes(content)
    (box / "tmp" / name).rename(box / "new" / name)


def letter(number: str = "1", **changes: str) -> bytes:
    """A plain letter; `None` leaves a header out."""
    heads = {
        "From": "Canary Tên <canary@example.vn>",
        "To": OWN,
        "Subject": "=?utf-8?Q?Ch=E1=BB=9D_l=C3=A2u?=",
        "Message-ID": f"<{number}@example.vn>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    } | {name.replace("_", "-"): value for name, value in changes.items() if name != "text"}
    head = "".join(f"{name}: {value}\r\n" for name, value in heads.items() if value)
    return f"{head}\r\n{changes.get('text', make.BODY)}\r\n".encode()


def with_files(*parts: tuple[str, bytes]) -> bytes:
    """A letter with attachments."""
    lines = [letter(Content_Type="multipart/mixed; boundary=edge", Content_Transfer_Encoding="", text="")]
    lines.append("--edge\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nXem ảnh kèm theo.\r\n".encode())
    for name, content in parts:
        head = f'--edge\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
        lines.append(head.encode() + content + b"\r\n")
    return b"".join([*lines, b"--edge--\r\n"])


class MaildirTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()

    def setUp(self) -> None:
        FAILS["times"] = 0
        folder = self.enterContext(TemporaryDirectory())
        self.box = self.enterContext(maildir_in(Path(folder)))

    def deliver(self, *contents: bytes) -> None:
        for nth, content in enumerate(contents):
            put(self.box, content, f"{time.monotonic_ns()}.{nth}")
        tasks.read_mailbox()

    def outcomes(self) -> list[str]:
        return list(ReceivedMail.objects.order_by("pk").values_list("outcome", flat=True))

    def test_a_letter_becomes_a_case_and_gets_its_receipt(self) -> None:
        self.deliver(letter())
        case = Case.objects.get()
        self.assertEqual((case.channel.code, case.title, case.body), ("EMAIL", "Chờ lâu", make.BODY))
        identity = Reporter.objects.get().open()
        self.assertEqual((identity.name, identity.email), ("Canary Tên", "canary@example.vn"))
        (answer,) = mail.outbox
        self.assertEqual((answer.to, answer.from_email), (["canary@example.vn"], OWN))
        self.assertEqual(answer.extra_headers["Auto-Submitted"], "auto-replied")
        self.assertEqual(answer.extra_headers["In-Reply-To"], "<1@example.vn>")
        code = next(line.split(": ")[1] for line in answer.body.splitlines() if line.count("-") == 5)
        self.assertEqual(receipts.case_of(normalised(code)), case)
        self.assertNotIn(make.BODY, answer.body)
        self.assertEqual(self.outcomes(), [MailOutcome.CASE])

    def test_nothing_that_tells_who_wrote_stays_outside_the_seal(self) -> None:
        self.deliver(letter())
        row = ReceivedMail.objects.get()
        whole = f"{vars(row)} {vars(Submission.objects.get())}"
        self.assertNotIn("canary", whole.lower())

    def test_the_same_letter_twice_is_one_case_with_one_receipt(self) -> None:
        self.deliver(letter(), letter())
        self.deliver(letter())
        self.assertEqual((Case.objects.count(), len(mail.outbox)), (1, 1))

    def test_while_the_mail_server_is_silent_the_letter_waits_for_its_answer(self) -> None:
        with override_settings(EMAIL_BACKEND=f"{__name__}.SometimesSilent"):
            FAILS["times"] = 1
            self.deliver(letter(), letter("2", From="Bình <binh@example.vn>"))
            self.assertEqual((Case.objects.count(), len(mail.outbox)), (2, 1))
            tasks.read_mailbox()
            tasks.read_mailbox()
        self.assertEqual((Case.objects.count(), len(mail.outbox)), (2, 2))
        self.assertFalse(ReceivedMail.objects.filter(answered_at=None).exists())

    def test_what_machines_send_is_neither_a_case_nor_answered(self) -> None:
        signs: tuple[dict[str, str], ...] = (
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-generated; x=1"},
            {"Precedence": "bulk"},
            {"List_Id": "<tin.example.vn>"},
            {"X_Lang_Nghe": "receipt"},
            {"Return_Path": "<>"},
            {"Content_Type": "multipart/report; boundary=x"},
            {"From": "MAILER-DAEMON@example.vn"},
            {"From": "no-reply@example.vn"},
            {"From": OWN},
            {"From": ""},
            {"From": "không phải địa chỉ"},
            {"From": "An <an@example.vn>", "Reply_To": f"<{OWN}>"},
        )
        self.deliver(*(letter(str(nth), **sign) for nth, sign in enumerate(signs)))
        self.assertEqual(self.outcomes(), [MailOutcome.AUTOMATIC] * len(signs))
        self.assertEqual((Case.objects.count(), mail.outbox), (0, []))
        self.deliver(letter("x", Auto_Submitted="no"))
        self.assertEqual(Case.objects.count(), 1)

    def test_our_own_receipt_that_comes_back_is_a_loop(self) -> None:
        self.deliver(letter())
        self.deliver(mail.outbox[0].message().as_bytes())
        self.assertEqual((self.outcomes()[-1], Case.objects.count(), len(mail.outbox)), ("auto", 1, 1))

    def test_an_answer_to_the_receipt_is_added_to_its_case(self) -> None:
        self.deliver(letter())
        number = mail.outbox[0].extra_headers["Message-ID"]
        self.deliver(letter("2", In_Reply_To=number, text="Xin bổ sung: khoa Khám bệnh."))
        self.assertEqual((Case.objects.count(), self.outcomes()[-1]), (1, MailOutcome.ADDED))
        self.assertEqual(Note.objects.get().text, "Xin bổ sung: khoa Khám bệnh.")
        self.assertEqual(len(mail.outbox), 1)
        self.deliver(letter("3", In_Reply_To="<bien-nhan.khong-co@x>"))
        self.assertEqual(Case.objects.count(), 2)

    @override_settings(MAILBOX_PER_HOUR=3)
    def test_who_writes_very_often_is_grouped_and_not_answered(self) -> None:
        self.deliver(*(letter(str(nth), text=f"Lần {nth}") for nth in range(8)))
        self.assertEqual((Case.objects.count(), len(mail.outbox), Note.objects.count()), (3, 3, 5))
        self.deliver(letter("x", From="Bình <binh@example.vn>"))
        self.assertEqual((Case.objects.count(), len(mail.outbox)), (4, 4))

    def test_attachments_are_taken_by_their_content_and_the_others_counted(self) -> None:
        self.deliver(with_files(("anh.png", PNG), ("vi-rut.exe", b"MZ"), ("gia.png", b"<svg/>"), ("../a.png", PNG)))
        names = sorted(Attachment.objects.values_list("name", flat=True))
        self.assertEqual((names, ReceivedMail.objects.get().left_out), (["a.png", "anh.png"], 2))
        self.assertIn("2", mail.outbox[0].body)
        self.assertEqual(Case.objects.get().body, "Xem ảnh kèm theo.")

    @override_settings(MAILBOX_MAX_BYTES=1000)
    def test_a_letter_that_is_too_large_is_not_read(self) -> None:
        self.deliver(letter(text="x" * 2000), letter("2"))
        self.assertEqual(sorted(self.outcomes()), ["case", "refused"])

    def test_without_a_mailbox_nothing_is_read(self) -> None:
        with override_settings(MAILBOX_URL=""):
            self.deliver(letter())
        self.assertFalse(ReceivedMail.objects.exists())


class LetterTests(SimpleTestCase):
    def test_words_are_found_whatever_they_are_wrapped_in(self) -> None:
        page = "<style>p{}</style><p>Chờ&nbsp;lâu</p><script>x()</script>Không ai giải thích<br>hết"
        found = letters.read(letter(Content_Type="text/html; charset=utf-8", text=page))
        self.assertEqual(found.text, "Chờ lâu\nKhông ai giải thích\nhết")
        self.assertEqual(letters.read(letter(text="Cho\u031b\u0300")).text, "Chờ")
        self.assertEqual(len(letters.read(letter(text="x" * 50_000)).text), 20_000)
        self.assertEqual(letters.read(b"").text, "")

    def test_a_letter_tells_nobody_who_wrote_it(self) -> None:
        self.assertNotIn("canary", repr(letters.read(letter())).lower())


class ImapTests(TestCase):
    """Against a server that is not ours."""

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()

    def test_letters_are_read_from_a_server_and_marked_there(self) -> None:
        with (
            TemporaryDirectory() as folder,
            served(Path(folder)) as address,
            override_settings(MAILBOX_URL=address, MAILBOX_ADDRESS=OWN, MAILBOX_MAX_BYTES=50_000),
        ):
            with opened() as box:
                self.assertEqual(len(box.waiting()), 3)
            self.assertEqual(taking.take_in().read, 3)
            self.assertEqual((Case.objects.count(), len(mail.outbox)), (1, 1))
            self.assertEqual(
                sorted(ReceivedMail.objects.values_list("outcome", flat=True)), ["auto", "case", "refused"]
            )
            with opened() as box:
                self.assertEqual(box.waiting(), [])
            self.assertEqual(taking.take_in().read, 0)


class SettingTests(SimpleTestCase):
    def test_a_mailbox_that_cannot_work_is_told_at_the_start(self) -> None:
        with TemporaryDirectory() as folder:
            for url, found in (
                ("", []),
                ("imaps://a:b@mail.example.vn/INBOX", []),
                ("imap://a:b@127.0.0.1/INBOX", []),
                ("imap://a:b@mail.example.vn/INBOX", ["langnghe.E018"]),
                (f"maildir://{folder}", ["langnghe.E019"]),
            ):
                with override_settings(MAILBOX_URL=url, MAILBOX_ADDRESS=OWN):
                    self.assertEqual([one.id for one in mailbox_check(None)], found)
            with override_settings(MAILBOX_URL="imaps://a:b@x/", MAILBOX_ADDRESS="x@example.invalid"):
                self.assertEqual([one.id for one in mailbox_check(None)], ["langnghe.W018"])


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A real IMAP server with three letters, and the address by which it is read."""
    port = _free_port()
    users = folder / "pymap-etc-passwd"
    inbox = folder / "phananh"
    for name in ("new", "cur", "tmp"):
        (inbox / name).mkdir(parents=True)
    for nth, content in enumerate((letter(), letter("2", Precedence="bulk"), letter("3", text="x" * 60_000))):
        put(inbox, content, f"1700000000.{nth}.x")
    users.write_text("phananh:::::phananh:\n")
    hashed = BuiltinHash(rounds=1000).hash("mat-khau")
    (folder / "pymap-etc-shadow").write_text(f"phananh:{hashed}:::::::\n")
    words = [sys.executable, "-c", "from pymap.main import main; main()"]
    server = subprocess.Popen(
        [*words, "--port", str(port), "--no-tls", "maildir", str(folder)], stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield f"imap://phananh:mat-khau@127.0.0.1:{port}/INBOX"
    finally:
        server.terminate()
        server.wait(10)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError
