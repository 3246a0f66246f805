"""How a citizen follows a case by receipt (`common.receipts`)."""

from common.receipts import code_from, shown
from feedback.models import Case, Receipt

__all__ = ["case_of", "code_from", "issue", "shown"]


def issue(case: Case, code: str) -> Receipt:
    """Keep what is needed to recognise a receipt again."""
    return Receipt.issue(code, case=case)


def case_of(typed: str) -> Case | None:
    """The case behind what somebody typed, or None."""
    receipt = Receipt.recognised(typed, "case__channel", "case__facility")
    return receipt.case if receipt else None
