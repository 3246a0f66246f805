"""From a mailbox to cases: each letter once, each answered once, and no letter answered that a machine sent.

A letter is marked as read only when everything was done, the answer included: what breaks off is taken up again and
finds the same case and the same receipt. Where one sender writes very often, what comes is added to their last case,
unanswered: nothing is dropped, and two machines that answer each other come to rest."""

from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.exceptions import InvalidInput
from common.sealing import keyring
from feedback import files, receipts
from feedback.intake import Incoming, receive
from feedback.mailbox.boxes import Box, opened
from feedback.mailbox.letters import OWN_MARK, Letter, read
from feedback.models import Case, ReceivedMail, Submission
from feedback.models.mails import MailOutcome
from feedback.public import following
from feedback.services import NOTE_LENGTH

log = structlog.get_logger("feedback.mailbox")
SOURCE = "email"  # one of `accounts.services.DOORS`
MOST_AT_ONCE = 50
HOUR = timedelta(hours=1)


@dataclass
class Taken:
    """What one look into the mailbox did."""

    read: int = 0
    left: int = 0


def take_in() -> Taken:
    """Read what waits. Raises `OSError` where the mailbox does not answer; one bad letter stops only itself."""
    taken = Taken()
    with opened() as box:
        for name in box.waiting()[:MOST_AT_ONCE]:
            try:
                _take_one(box, name)
                box.done(name)
                taken.read += 1
            except (SMTPException, OSError):  # the answer did not get away: the letter waits for another try
                log.warning("mail_waits")
                taken.left += 1
    return taken


def _take_one(box: Box, name: str) -> None:
    if box.size(name) > settings.MAILBOX_MAX_BYTES:
        _note(keyring().fingerprint(name.encode()), "", MailOutcome.REFUSED)
        return
    letter = read(box.content(name))
    mark, sender = keyring().fingerprint(letter.mark.encode()), _sender_of(letter)
    known = ReceivedMail.objects.filter(mark=mark).first()
    if known is None:
        known = _dealt_with(letter, mark, sender)
    if known.outcome == MailOutcome.CASE and known.answered_at is None:
        _answer(letter, known)


def _sender_of(letter: Letter) -> str:
    return keyring().fingerprint(f"sender {letter.address.lower()}".encode())


def _dealt_with(letter: Letter, mark: str, sender: str) -> ReceivedMail:
    """What becomes of a new letter, written down in the same transaction."""
    if letter.is_automatic:
        return _note(mark, sender, MailOutcome.AUTOMATIC)
    with transaction.atomic():
        try:
            case = _answered_case(letter) or _last_case(sender)
            if case is not None:
                _add(case, letter)
                return _note(mark, sender, MailOutcome.ADDED, case=case, left_out=letter.left_out)
            case = receive(_incoming(letter), by=None).case
        except InvalidInput:
            log.warning("mail_refused")
            return _note(mark, sender, MailOutcome.REFUSED)
        return _note(mark, sender, MailOutcome.CASE, case=case, left_out=letter.left_out)


def _note(mark: str, sender: str, outcome: str, **more: Any) -> ReceivedMail:
    row, _is_new = ReceivedMail.objects.get_or_create(
        mark=mark, defaults={"sender": sender, "outcome": outcome, "at": timezone.now(), **more}
    )
    return row


def _answered_case(letter: Letter) -> Case | None:
    """The case whose receipt this letter answers: only who got it knows its number."""
    if not letter.answers_to:
        return None
    numbers = [mark.strip("<>").partition("@")[0].removeprefix("bien-nhan.") for mark in letter.answers_to]
    sent = Submission.objects.filter(source=SOURCE, source_id__in=numbers).select_related("case")
    found = sent.order_by("-received_at").first()
    return found.case if found else None


def _last_case(sender: str) -> Case | None:
    """The last case of somebody who wrote more than the rate within the hour; None for everybody else."""
    lately = ReceivedMail.objects.filter(sender=sender, at__gt=timezone.now() - HOUR)
    if lately.count() < settings.MAILBOX_PER_HOUR:
        return None
    last = lately.exclude(case=None).order_by("-at").select_related("case").first()
    return last.case if last else None


def _add(case: Case, letter: Letter) -> None:
    """Words and files of a further letter, beside what the reporter said before. Raises `InvalidInput`."""
    text = letter.text or letter.subject or _("(an e-mail without words)")
    following.add(case, text[:NOTE_LENGTH], [files.checked(upload) for upload in letter.uploads])


def _incoming(letter: Letter) -> Incoming:
    with override(settings.LANGUAGE_CODE):
        body = letter.text or letter.subject or _("(an e-mail without words)")
    reporter = {"name": letter.name, "email": letter.address}
    return Incoming(
        source=SOURCE,
        source_id=keyring().fingerprint(letter.mark.encode()),
        channel=settings.MAILBOX_CHANNEL,
        title=letter.subject,
        body=body,
        reporter={name: value for name, value in reporter.items() if value},
        uploads=letter.uploads,
        receipt_secret=_secret_of(letter),
    )


def _secret_of(letter: Letter) -> str:
    """What the receipt is drawn from: the same for the same letter, and known to nobody without our key."""
    return keyring().fingerprint(f"receipt {letter.mark}".encode())


def _answer(letter: Letter, known: ReceivedMail) -> None:
    """Send the receipt. Raises what a mail server raises while it does not answer; whoever cannot be reached at all is
    not tried again."""
    assert known.case is not None
    with override(settings.LANGUAGE_CODE):
        message = _receipt(letter, known)
    try:
        message.send()
    except SMTPRecipientsRefused:
        log.warning("mail_unanswered")
    except SMTPResponseException as fault:
        if fault.smtp_code < 500:
            raise
        log.warning("mail_unanswered")
    known.answered_at = timezone.now()
    known.save(update_fields=["answered_at"])


def _receipt(letter: Letter, known: ReceivedMail) -> EmailMessage:
    assert known.case is not None
    code = receipts.shown(receipts.code_from(_secret_of(letter)))
    keep = _(
        "Keep the code: whoever has it can read what becomes of your feedback. To add something, answer this e-mail."
    )
    lines = [
        _("The department has received your e-mail and will look into it."),
        _("Reference: %(reference)s") % {"reference": known.case.reference},
        _("Code to follow it: %(code)s") % {"code": code},
        _("Enter the code here: %(address)s") % {"address": f"{settings.BASE_URL}/tra-cuu/"},
        keep,
        _("In an emergency ring 115."),
    ]
    if known.left_out:
        lines.insert(
            1,
            _("Files that were left out, because of their kind, size or number: %(count)s") % {"count": known.left_out},
        )
    number = keyring().fingerprint(letter.mark.encode())
    headers = {
        "Message-ID": f"<bien-nhan.{number}@{settings.MAILBOX_ADDRESS.partition('@')[2] or 'localhost'}>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        OWN_MARK: "receipt",
    }
    if letter.message_id:
        headers |= {"In-Reply-To": letter.message_id, "References": letter.message_id}
    subject = _("Received: %(reference)s") % {"reference": known.case.reference}
    sender = settings.MAILBOX_ADDRESS or settings.DEFAULT_FROM_EMAIL
    return EmailMessage(subject, "\n\n".join(lines), from_email=sender, to=[letter.address], headers=headers)
