"""Who told us. Apart from the case and under seal: no history, no search, no export, no log holds it in the clear.

The only way to read it is `feedback.services.reveal_reporter`, after an audit entry (docs/adr/0006)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Sealed
from common.receipts import Receipted
from common.sealing import keyring
from feedback.visibility import RECEIPT, REPORTER

NUMBER, LAST_SIX, LAST_FOUR = "number_mark", "last_six_mark", "last_four_mark"
MARKS = {NUMBER: None, LAST_SIX: 6, LAST_FOUR: 4}  # column: how many of the last digits


def digits_of(phone: str) -> str:
    """A telephone number as digits, in the form of the country: +84 912… and 0912… are one number."""
    digits = re.sub(r"\D", "", phone)
    abroad = digits.removeprefix("00")
    is_national = phone.strip().startswith(("+84", "0084", "84")) and abroad.startswith("84") and len(abroad) > 10
    return f"0{abroad[2:].removeprefix('0')}" if is_national else digits


@dataclass(frozen=True)
class Identity:
    """What a reporter gave of themselves, opened. Its `repr` shows nothing, so that no log or traceback can."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


class Reporter(Sealed):
    """The person behind one submission: only what they gave, only for reaching them, and only under seal.

    The seal is bound to the submission: a row exchanged with another one's does not open. The marks know a caller again
    without opening anything (`feedback.callers`); a confidential case has none."""

    named_by = "submission_id"
    of_key = (*Sealed.of_key, *MARKS)
    submission = models.OneToOneField(
        "feedback.Submission", models.PROTECT, related_name="reporter", verbose_name=_("submission")
    )
    number_mark = models.BigIntegerField(null=True, editable=False)
    last_six_mark = models.BigIntegerField(null=True, editable=False)
    last_four_mark = models.BigIntegerField(null=True, editable=False)
    access = REPORTER

    class Meta(Sealed.Meta):
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        default_permissions = ()
        indexes = [
            *Sealed.Meta.indexes,
            # who rang before; whose number ends so
            models.Index(
                fields=["number_mark"], name="reporter_by_number", condition=models.Q(number_mark__isnull=False)
            ),
            models.Index(
                fields=["last_six_mark"], name="reporter_by_last_six", condition=models.Q(last_six_mark__isnull=False)
            ),
            models.Index(
                fields=["last_four_mark"],
                name="reporter_by_last_four",
                condition=models.Q(last_four_mark__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @classmethod
    def of(cls, submission: Any, given: Mapping[str, str], *, is_known_again: bool = False) -> "Reporter":
        """A reporter to save: `given` may hold name, phone, email, address."""
        marks = cls.marks(given.get("phone", "") if is_known_again else "")
        return cls(submission=submission, **cls.under_seal(submission.pk, given), **marks)

    @classmethod
    def marks(cls, phone: str) -> dict[str, int | None]:
        """The columns that know a number again; empty ones for what has fewer digits. Microseconds, no query."""
        digits = digits_of(phone)
        if len(digits) < max(filter(None, MARKS.values())):
            return dict.fromkeys(MARKS)
        parts = {column: digits[-last:] if last else digits for column, last in MARKS.items()}
        return {column: keyring().marks(f"{column} {part}".encode())[0] for column, part in parts.items()}

    def seal_again(self) -> None:
        """Marks are of the key as well."""
        super().seal_again()
        if self.number_mark is not None:
            for column, mark in self.marks(self.opened()["phone"]).items():
                setattr(self, column, mark)

    def open(self) -> Identity:
        """Who it is. Raises `CannotOpen`."""
        return Identity(**self.opened())


class Receipt(Receipted):
    """What lets a reporter follow a case."""

    case = models.ForeignKey("feedback.Case", models.PROTECT, related_name="receipts", verbose_name=_("case"))
    access = RECEIPT

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        default_permissions = ()
