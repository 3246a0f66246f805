"""Who told us. Apart from the case and under seal: no history, no search, no export, no log holds it in the clear.

The only way to read it is `feedback.services.reveal_reporter`, after an audit entry (docs/adr/0006)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Sealed
from common.receipts import Receipted
from feedback.visibility import RECEIPT, REPORTER


@dataclass(frozen=True)
class Identity:
    """What a reporter gave of themselves, opened. Its `repr` shows nothing, so that no log or traceback can."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


class Reporter(Sealed):
    """The person behind one submission: only what they gave, only for reaching them, and only under seal.

    The seal is bound to the submission: a row exchanged with another one's does not open. (An index over telephone
    numbers, keyed, that knows a caller again without opening anything gets its place here.)"""

    named_by = "submission_id"
    submission = models.OneToOneField(
        "feedback.Submission", models.PROTECT, related_name="reporter", verbose_name=_("submission")
    )
    access = REPORTER

    class Meta(Sealed.Meta):
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"

    @classmethod
    def of(cls, submission: Any, given: Mapping[str, str]) -> "Reporter":
        """A reporter to save: `given` may hold name, phone, email, address."""
        return cls(submission=submission, **cls.under_seal(submission.pk, given))

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
