"""What the API says of directives, obligations and assignments, as expressions that PostgreSQL turns into JSON.

Of reports figures and marks of files, no narrative and no file; the text of directives stays in the house."""

from typing import Any

from django.db.models import F, OuterRef, Q
from django.db.models.functions import Now

from common.api.rows import JsonText, documents, truth
from deadlines.choices import State
from deadlines.models import Deadline
from directives.choices import WRITABLE
from directives.models import ComplianceReport, Indicator, IndicatorValue, Lineage, ReportEvidence

DIRECTIVE = (
    "id", "code", "number", "issuer", "subject", "issued_on", "effective_on", "ends_on", "state", "version",
)  # fmt: skip
OBLIGATION = (
    "id", "code", "title", "parties", "evidence", "recurrence", "due_on", "days_after", "starts_on", "needs_second",
    "source", "state", "closed_on", "version",
)  # fmt: skip
ASSIGNMENT = (
    "id", "period", "due_on", "due_at", "status", "version", "made_at", "handed_in_at", "accepted_at",
)  # fmt: skip
INDICATOR = ("code", "name", "kind", "unit", "base", "source", "is_asked")


def directive_row() -> JsonText:
    return JsonText(**_fields(DIRECTIVE))


def directive_document(user: Any) -> JsonText:
    """One directive with what it goes back to."""
    lines = Lineage.objects.visible_to(user).filter(directive=OuterRef("pk")).order_by("relation", "id")
    return JsonText(**_fields(DIRECTIVE), goes_back_to=documents(lines, relation=F("relation"), code=F("other__code")))


def obligation_row() -> JsonText:
    return JsonText(**_obligation())


def obligation_document(user: Any) -> JsonText:
    """One obligation with the indicators it is measured by."""
    indicators = Indicator.objects.visible_to(user).filter(obligation=OuterRef("pk")).order_by("code")
    return JsonText(**_obligation(), indicators=documents(indicators, **_fields(INDICATOR)))


def _obligation() -> dict[str, Any]:
    return {
        **_fields(OBLIGATION),
        "directive": F("directive__code"),
        "carried_by": F("carried_by__code"),
        "clause": F("clause__part"),
    }


def assignment_row() -> JsonText:
    return JsonText(**_assignment())


def assignment_document(user: Any) -> JsonText:
    """One assignment with what was handed in on it, and its deadlines."""
    reports = ComplianceReport.objects.visible_to(user).filter(assignment=OuterRef("pk"), handed_in_at__isnull=False)
    values = IndicatorValue.objects.visible_to(user).filter(
        report__assignment=OuterRef("pk"), report__handed_in_at__isnull=False
    )
    proofs = ReportEvidence.objects.visible_to(user).filter(
        report__assignment=OuterRef("pk"), report__handed_in_at__isnull=False
    )
    return JsonText(
        **_assignment(),
        reports=documents(reports.order_by("number"), number=F("number"), handed_in_at=F("handed_in_at")),
        values=documents(
            values.order_by("report__number", "indicator__code"), report=F("report__number"),
            indicator=F("indicator__code"), value=F("value"), unit=F("unit"), base=F("base"), source=F("source"),
        ),
        evidence=documents(
            proofs.order_by("report__number", "id"), report=F("report__number"), document=F("file__evidence_id"),
            version=F("file__number"), sha256=F("file__sha256"), expires_on=F("file__expires_on"),
        ),
        deadlines=documents(
            Deadline.objects.of_shown("directives.assignment", OuterRef("pk"), user).order_by("due_at", "id"),
            obligation=F("obligation"), state=F("state"), starts_at=F("starts_at"), due_at=F("due_at"),
            on_time=F("on_time"), is_late=truth(Q(state=State.RUNNING, due_at__lte=Now())),
        ),
    )  # fmt: skip


def _assignment() -> dict[str, Any]:
    return {
        **_fields(ASSIGNMENT),
        "obligation": F("obligation__code"),
        "directive": F("directive__code"),
        "facility": F("facility__code"),
        "is_late": truth(Q(status__in=[str(one) for one in WRITABLE], due_at__lte=Now())),
    }


def _fields(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: F(name) for name in names}
