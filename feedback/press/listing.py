"""The list of what was raised in public, and what a case's page shows of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from common.keyset import ASIDE_CAP, Order, capped_counts
from common.spans import in_words
from deadlines.choices import Obligation, State
from deadlines.models import Deadline, DeadlineQuerySet
from deadlines.registry import content_type
from feedback.choices import PRESS_CHANNEL
from feedback.models import Appearance, Case, PressEvent, PromptReport
from feedback.press.appearances import known_cases, may_attach
from feedback.press.reporting import may_report
from feedback.visibility import sees_as_facility

NEWEST_FIRST = Order("at", is_descending=True)
LABEL = "feedback.case"
STATES: dict[str, Promise] = {
    "": pgettext_lazy("raised in public", "All"),
    "waiting": pgettext_lazy("raised in public", "Waiting for the report"),
    "late": pgettext_lazy("raised in public", "Report late"),
    "reported": pgettext_lazy("raised in public", "Reported"),
}


def clocks() -> DeadlineQuerySet:
    """The clocks of prompt reports."""
    return Deadline.objects.filter(about_type=content_type(LABEL), obligation=Obligation.PROMPT_REPORT)


def waiting(reader: Any) -> QuerySet[PressEvent]:
    """The events on which a report is owed; by an index that holds just these."""
    return PressEvent.objects.visible_to(reader).filter(case__in=clocks().running().values("about_id"))


def late(reader: Any, at: datetime) -> QuerySet[PressEvent]:
    """Those of which it is late."""
    return PressEvent.objects.visible_to(reader).filter(case__in=clocks().late(at).values("about_id"))


def events(reader: Any, at: datetime, *, state: str = "", kind: str = "", facility: Any = None) -> QuerySet[PressEvent]:
    """The events that this reader sees, narrowed; an index for each way."""
    rows: QuerySet[PressEvent]
    if state == "waiting":
        rows = waiting(reader)
    elif state == "late":
        rows = late(reader, at)
    else:
        rows = PressEvent.objects.visible_to(reader)
        if state == "reported":
            rows = rows.filter(Exists(PromptReport.objects.filter(case=OuterRef("case"))))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(facility=facility) if facility is not None else rows


def counts(reader: Any, at: datetime) -> Mapping[str, Any]:
    """How many wait and how many are late. One statement."""
    return capped_counts({"waiting": waiting(reader), "late": late(reader, at)}, cap=ASIDE_CAP)


@dataclass(frozen=True)
class Row:
    """One event of the list: its case, where it stands in public, and how its prompt report does."""

    event: PressEvent
    first: Appearance | None
    more: int
    clock: Deadline | None
    took: str

    @property
    def case(self) -> Case:
        return self.event.case


def rows_of(found: Iterable[PressEvent], reader: Any) -> list[Row]:
    """What the list says of the events of one page. Four queries, however many events."""
    page = list(found)
    ids = [event.case_id for event in page]
    if not ids:
        return []
    appearances = Appearance.objects.visible_to(reader).filter(case__in=ids)
    first = {one.case_id: one for one in appearances.order_by("case", "-published_at", "-id")}
    many = dict(appearances.order_by().values_list("case").annotate(Count("id")))
    running = clocks().visible_to(reader).filter(about_id__in=ids).order_by("about_id", "cycle")
    newest = {clock.about_id: clock for clock in running}
    reports = PromptReport.objects.visible_to(reader).filter(case__in=ids, number=1)
    reported = {one.case_id: one for one in reports}
    return [
        Row(
            event,
            first.get(event.case_id),
            many.get(event.case_id, 1) - 1,
            newest.get(event.case_id),
            in_words(reported[event.case_id].took(event.published_at)) if event.case_id in reported else "",
        )
        for event in page
    ]


def shown_of(case: Case, reader: Any) -> dict[str, Any]:
    """What the page of a case shows of its standing in public; nothing, and no query, for any other case."""
    if case.channel.code != PRESS_CHANNEL:
        return {}
    event = PressEvent.objects.visible_parts(reader, case=case).first()
    appearances = list(Appearance.objects.visible_parts(reader, case=case).select_related("by"))
    reports = list(
        PromptReport.objects.visible_parts(reader, case=case).select_related("by", "facility").order_by("-number")
    )
    for one in reports:
        one.took_words = in_words(one.took(event.published_at)) if event else ""  # type: ignore[attr-defined]
    marks = [one.mark for one in appearances if one.mark]
    clock = Deadline.objects.of_shown(LABEL, case.pk, reader).filter(obligation=Obligation.PROMPT_REPORT)
    return {
        "press": {
            "event": event,
            "appearances": appearances,
            "reports": reports,
            "clock": clock.filter(state=State.RUNNING).first(),
            "twins": known_cases(marks, reader, but=case) if marks else [],
            "may_attach": may_attach(case, reader),
            "may_report": may_report(case, reader),
            "as_facility": sees_as_facility(reader),
        }
    }
