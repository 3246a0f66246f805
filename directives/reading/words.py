"""A proposal for a person to read: what was found, where, and what was not."""

from collections.abc import Iterator, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.text import short

from .parties import ALL, CDC, HOSP, SYT, TTYT, TYT
from .proposal import Clause, Passage, Proposal
from .timing import ONCE

WIDTH = 100


def party_in_words(party: str) -> str:
    """The classes by their names, everybody else as the letter names them."""
    names = {
        ALL: _("all units"),
        HOSP: _("hospitals and bedded centres"),
        CDC: _("the disease-control centre"),
        TTYT: _("medical centres"),
        TYT: _("health stations"),
        SYT: _("the department of health"),
    }
    return "; ".join(str(names.get(one, one)) for one in party.split(";"))


def lines_in_words(numbers: Sequence[int]) -> str:
    """ "lines 12-14", for looking it up in the letter."""
    if not numbers:
        return ""
    if len(numbers) == 1:
        return _("line %d") % numbers[0]
    return _("lines %(first)d-%(last)d") % {"first": min(numbers), "last": max(numbers)}


def _when(clause: Clause) -> str:
    due = date_format(clause.due, "SHORT_DATE_FORMAT") if clause.due else None
    if clause.recurrence is None:
        return _("no day named: standing, or whenever the occasion comes")
    if clause.recurrence == ONCE:
        return _("once, until %s") % due if due else _("once, within a time from the letter")
    rule = clause.recurrence.replace("\n", " + ")
    return (
        _("again and again: %(rule)s, first until %(due)s") % {"rule": rule, "due": due}
        if due
        else (_("again and again: %s") % rule)
    )


def proposal_in_words(proposal: Proposal) -> Iterator[str]:
    """The proposal line by line."""
    yield from _head(proposal)
    yield ""
    count = len(proposal.clauses)
    yield ngettext("%d duty is proposed:", "%d duties are proposed:", count) % count
    for clause in proposal.clauses:
        yield from _clause(clause)
    yield ""
    yield _("Read, and no duty:")
    for passage in proposal.passages:
        yield from _passage(passage)
    yield ""
    yield _("Not read:") if proposal.unread else _("Every line was read.")
    for line in proposal.unread:
        yield f"  {lines_in_words([line.number])}: {short(line.text, WIDTH)}"


def _head(proposal: Proposal) -> Iterator[str]:
    written_on = date_format(proposal.written_on, "SHORT_DATE_FORMAT") if proposal.written_on else None
    for label, value in (
        (_("Number"), proposal.number),
        (_("Date of the letter"), written_on),
        (_("Issuer"), proposal.issuer),
        (_("Signer"), proposal.signer),
        (_("Subject"), proposal.subject),
        (_("Addressees"), " ".join(proposal.recipients)),
        (_("Legal bases"), ", ".join(proposal.bases)),
        (_("Documents named"), ", ".join(proposal.cites)),
    ):
        yield f"{label}: {value or _('not found')}"


def _clause(clause: Clause) -> Iterator[str]:
    yield f"  {clause.part}  {short(clause.text, WIDTH)}  ({lines_in_words(clause.numbers)})"
    yield f"      {_('Who is obliged')}: {party_in_words(clause.party)}"
    yield f"      {_('Until when')}: {_when(clause)}"
    if clause.evidence:
        yield f"      {_('To be shown')}: {clause.evidence}"


def _passage(passage: Passage) -> Iterator[str]:
    yield f"  {lines_in_words(passage.numbers)}: {passage.kind.label}: {short(passage.text, WIDTH)}"
