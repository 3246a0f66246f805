"""What was read: proposals for a person to confirm, each with the lines it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .duties import Kind

START_WORDS = 8


@dataclass(frozen=True)
class Clause:
    """One duty as it is proposed."""

    part: str
    party: str
    text: str
    recurrence: str | None
    due: date | None
    evidence: str | None
    numbers: tuple[int, ...]

    @property
    def text_start(self) -> str:
        return " ".join(self.text.split()[:START_WORDS])


@dataclass(frozen=True)
class Passage:
    """What proposes no duty, and what it is instead."""

    kind: Kind
    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class UnreadLine:
    """A line that nothing was made of."""

    number: int
    text: str


@dataclass(frozen=True)
class Proposal:
    """A whole letter. Every line with something on it is in a clause, in a passage or among the unread."""

    number: str | None
    written_on: date | None
    issuer: str | None
    signer: str | None
    subject: str | None
    recipients: Sequence[str]
    cites: Sequence[str]
    bases: Sequence[str]
    clauses: Sequence[Clause]
    passages: Sequence[Passage]
    unread: Sequence[UnreadLine]

    def as_json(self) -> dict[str, object]:
        """The form in which expected tables are kept beside letters."""
        return {
            "number": self.number,
            "date": self.written_on.isoformat() if self.written_on else None,
            "issuer": self.issuer,
            "signer": self.signer,
            "subject": self.subject,
            "cites": list(self.cites),
            "clauses": [
                {
                    "part": clause.part,
                    "party": clause.party,
                    "text_start": clause.text_start,
                    "recurrence": clause.recurrence,
                    "due": clause.due.isoformat() if clause.due else None,
                    "evidence": clause.evidence,
                }
                for clause in self.clauses
            ],
        }
