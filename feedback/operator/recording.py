"""What an operator's call becomes: a case, or at one keystroke a case that ends at once and still counts."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import User
from feedback.choices import CallEnd, Kind, Status
from feedback.intake import Incoming, Received, receive
from feedback.models import Case
from feedback.transitions import move

SOURCE = "console"


@dataclass(frozen=True)
class QuickOutcome:
    """A call that needs no handling: its key on the keyboard, what to tell the caller, and what is kept of it."""

    code: CallEnd
    key: str
    guidance: Promise
    text: Promise
    category: str

    @property
    def label(self) -> str:
        return str(self.code.label)


QUICK = (
    QuickOutcome(
        CallEnd.OUT_OF_SCOPE,
        "F2",
        _("“This is not for the health sector to decide. For all city matters please ring 1022.”"),
        _("Call outside the health sector; the caller was told whom to ring."),
        "KHAC.02",
    ),
    QuickOutcome(
        CallEnd.PRANK,
        "F4",
        _("Hang up politely; nothing needs to be said."),
        _("Prank or empty call."),
        "KHAC.02",
    ),
    QuickOutcome(
        CallEnd.EMERGENCY,
        "F8",
        _("“Please hang up and ring 115 now. Stay with the patient and keep this telephone free.”"),
        _("The caller needed emergency help and was told to ring 115."),
        "KHAC.01",
    ),
    QuickOutcome(
        CallEnd.GUIDANCE,
        "F9",
        _("“For licences and online dossiers ring 1900.638.563, or look at the public service portal.”"),
        _("Question about an administrative procedure; the caller was guided."),
        "KHAC.01",
    ),
)
QUICK_BY_CODE = {str(outcome.code): outcome for outcome in QUICK}


def source_id(by: User, form_key: str) -> str:
    """The number of a call at its source: this operator's form."""
    return f"{by.pk}-{form_key}"


@transaction.atomic
def record_ended(incoming: Incoming, outcome: QuickOutcome, *, by: User) -> Received:
    """Take a call in and end it as out of scope, both or neither. A second try changes nothing.

    A call on the secret line that this person cannot see once it is saved waits for somebody who can end it.
    What is kept is in the department's language, whatever language the operator reads."""
    with override(settings.LANGUAGE_CODE):
        text = str(outcome.text)
    call = replace(
        incoming,
        kind=Kind.OUT_OF_SCOPE,
        body=incoming.body or text,
        category=incoming.category or outcome.category,
        ended_as=outcome.code,
    )
    received = receive(call, by=by)
    case = received.case
    if received.is_new and Case.objects.visible_to(by).filter(pk=case.pk).exists():
        move(case, Status.OUT_OF_SCOPE, by=by, reason=text, version=case.version)
    return received
