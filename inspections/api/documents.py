"""What the API says of inspections and of demands to correct, as expressions that PostgreSQL turns into JSON.

Codes, days and marks of files: no words of a record, of a finding, a demand or an answer, no checklist, nothing of what
gave rise to a visit, and nobody's name. Of the visit itself nothing before its record is finished."""

from typing import Any

from django.db.models import Case, F, OuterRef, Q, When
from django.db.models.functions import Now

from common.api.rows import JsonText, documents, truth
from deadlines.choices import State
from deadlines.models import Deadline
from inspections.choices import TO_DO
from inspections.models import Amendment, Answer, AnswerFile, CorrectiveAction, Finding

INSPECTION = (
    "reference", "kind", "topic", "legal_basis", "status", "version", "planned_at", "opened_at", "recorded_at",
    "closed_at",
)  # fmt: skip
CORRECTION = ("reference", "status", "version", "due_on", "due_at", "verified_at")
LATE = Q(status__in=[str(status) for status in TO_DO], due_at__lte=Now())


def inspection_row() -> JsonText:
    return JsonText(**_inspection())


def inspection_document(user: Any) -> JsonText:
    """One inspection with its findings, demands and amendments as far as this reader sees them."""
    of_it = {"inspection": OuterRef("pk")}
    findings = Finding.objects.visible_to(user).filter(**of_it, is_struck=False).order_by("id")
    corrections = CorrectiveAction.objects.visible_to(user).filter(**of_it).order_by("id")
    amendments = Amendment.objects.visible_to(user).filter(**of_it).order_by("id")
    return JsonText(
        **_inspection(),
        findings=documents(
            findings, id=F("id"), kind=F("kind"), severity=F("severity"), is_repeated=truth(Q(repeats__isnull=False))
        ),
        corrections=documents(corrections, **_fields(CORRECTION), finding=F("finding_id"), is_late=truth(LATE)),
        amendments=documents(
            amendments, kind=F("kind"), finding=F("finding_id"), state=F("state"), decided_at=F("decided_at")
        ),
    )


def _inspection() -> dict[str, Any]:
    return {
        **_fields(INSPECTION),
        "facility": F("facility__code"),
        "started_at": _once_recorded("started_at"),
        "ended_at": _once_recorded("ended_at"),
    }


def _once_recorded(name: str) -> Case:
    """A column of the record, which is the team's own while it is being written."""
    return Case(When(recorded_at__isnull=False, then=F(name)))


def correction_row() -> JsonText:
    return JsonText(**_correction())


def correction_document(user: Any) -> JsonText:
    """One demand with when it was answered, the marks of what was sent with the answers, and its deadlines."""
    of_it = {"correction": OuterRef("pk")}
    answers = Answer.objects.visible_to(user).filter(**of_it).order_by("at", "id")
    files = AnswerFile.objects.visible_to(user).filter(**of_it).order_by("id")
    return JsonText(
        **_correction(),
        answers=documents(answers, id=F("id"), at=F("at")),
        evidence=documents(files, answer=F("answer_id"), sha256=F("sha256"), size=F("size"), type=F("content_type")),
        deadlines=documents(
            Deadline.objects.of_shown("inspections.correctiveaction", OuterRef("pk"), user).order_by("due_at", "id"),
            obligation=F("obligation"), state=F("state"), starts_at=F("starts_at"), due_at=F("due_at"),
            on_time=F("on_time"), is_late=truth(Q(state=State.RUNNING, due_at__lte=Now())),
        ),
    )  # fmt: skip


def _correction() -> dict[str, Any]:
    return {
        **_fields(CORRECTION),
        "inspection": F("inspection__reference"),
        "facility": F("facility__code"),
        "finding": F("finding_id"),
        "kind": F("finding__kind"),
        "severity": F("finding__severity"),
        "is_late": truth(LATE),
    }


def _fields(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: F(name) for name in names}
