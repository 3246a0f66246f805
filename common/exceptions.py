"""Refusals: what a deed says when it will not be done. Raised by services and transitions in words, translated once
for the API (`common.api`) and once for the console (`common.admin.reporting_refusals`)."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type_of_text = str | Promise


class Refused(Exception):
    """A deed that will not be done, with a sentence for the person who asked.

    `code` is stable for machines, `status` is the HTTP answer, `extra` goes into the API's answer beside them."""

    code = "refused"
    status = 400
    message: type_of_text = _("This cannot be done.")

    def __init__(self, message: type_of_text | None = None, **extra: object) -> None:
        self.message = message if message is not None else self.message
        self.extra = extra
        super().__init__(str(self.message))

    def __str__(self) -> str:
        return str(self.message)


class StaleVersion(Refused):
    """Somebody else changed the record since the reader opened it."""

    code = "stale_version"
    status = 412
    message = _("Someone changed this record after you opened it. Look at the new state, then decide again.")


class VersionRequired(Refused):
    """A write that does not say which version it was looking at."""

    code = "version_required"
    status = 428
    message = _("Say which version you are changing: send the ETag you read as If-Match.")


class MoveRefused(Refused):
    """A move that the record's state does not allow; `allowed` names those it does."""

    code = "move_refused"
    status = 409
    message = _("The record's state does not allow this step.")


class RightMissing(Refused):
    """The person may see the record but not do this."""

    code = "right_missing"
    status = 403
    message = _("You do not have the right to do this.")


class SecondPersonNeeded(Refused):
    """The same person may not take both steps."""

    code = "second_person_needed"
    status = 409
    message = _("This step needs a second person: whoever checked the answer cannot confirm it.")


class ReasonRequired(Refused):
    """A move without a reason."""

    code = "reason_required"
    status = 400
    message = _("Give a reason: it stays in the history.")


class KeyReused(Refused):
    """An idempotency key that came before with another body."""

    code = "idempotency_key_reused"
    status = 409
    message = _("This idempotency key was used before with another content.")


class InvalidInput(Refused):
    """What was sent cannot be stored; `fields` maps each field to its sentences."""

    code = "invalid"
    status = 400
    message = _("Some fields are missing or wrong.")

    def __init__(self, fields: Mapping[str, list[type_of_text]], message: type_of_text | None = None) -> None:
        self.fields = {name: [str(sentence) for sentence in sentences] for name, sentences in fields.items()}
        super().__init__(message, fields=self.fields)
