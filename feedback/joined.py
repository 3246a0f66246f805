"""What the page of a case shows of those that were merged into it, to a reader who sees both."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from feedback.choices import Status
from feedback.models import Attachment, Case, Note
from feedback.timeline import Entry
from links.models import Relation
from links.services import links_of

_SAME_ACT = timedelta(seconds=10)  # both histories are written in one transaction, a moment apart


@dataclass(frozen=True)
class Joined:
    """A case that was merged into the one shown, with what belongs to its own reporter."""

    case: Case
    files: list[Attachment]
    words: list[Note]


def joined_to(case: Case, reader: Any) -> list[Joined]:
    """Those that the reader sees, oldest first. One query, three where there are any."""
    cases = list(Case.objects.visible_to(reader).filter(merged_into=case).select_related("channel").order_by("id"))
    if not cases:
        return []
    files = list(Attachment.objects.visible_to(reader).filter(case__in=cases))
    words = list(Note.objects.visible_to(reader).filter(case__in=cases, by=None))
    return [
        Joined(
            one,
            [file for file in files if file.case_id == one.pk],
            [word for word in words if word.case_id == one.pk],
        )
        for one in cases
    ]


def name_targets(cases: Iterable[Case], reader: Any) -> None:
    """Set `joined_to` on those of these cases that were merged: the reference of the one in which they go on, where the
    reader sees that one. One query, whatever their number, and none where nothing was merged."""
    merged = [(case, case.merged_into_id) for case in cases if case.merged_into_id is not None]
    if not merged:
        return
    targets = {into for _case, into in merged}
    seen = dict(Case.objects.visible_to(reader).filter(pk__in=targets).values_list("pk", "reference"))
    for case, into in merged:
        case.joined_to = seen.get(into, "")  # type: ignore[attr-defined]


def with_merges(case: Case, told: list[Entry], reader: Any) -> list[Entry]:
    """Say of each step that changed nothing in this case itself which case came in or went out by it. Two or three
    queries, none where the story has no such step; nothing is said of a case that the reader does not see."""
    blank = [entry for entry in told if entry.kind == "edit" and not entry.changes]
    if not blank:
        return told
    links = [
        row.source_id for row in links_of(case) if row.relation == Relation.MERGED_INTO and row.target_id == case.pk
    ]
    if not links:
        return told
    seen = dict(Case.objects.visible_to(reader).filter(pk__in=links).values_list("pk", "reference"))
    past = Case.history.model.objects.filter(id__in=seen).order_by("history_id")  # type: ignore[attr-defined]
    moments = list(past.values_list("id", "status", "merged_into", "history_date"))
    return [_said(entry, case, seen, moments) if entry in blank else entry for entry in told]


def _said(entry: Entry, case: Case, seen: dict[int, str], moments: list[tuple[Any, ...]]) -> Entry:
    inside: set[int] = set()
    near: list[tuple[timedelta, str]] = []
    for pk, status, into, at in moments:
        is_inside = status == Status.MERGED and into == case.pk
        if is_inside != (pk in inside):
            words = _("%(case)s was merged into this case") if is_inside else _("The merge of %(case)s was undone")
            near.append((abs(at - entry.at), words % {"case": seen[pk]}))
            inside ^= {pk}
    found = min(near, default=(_SAME_ACT * 2, ""))
    return replace(entry, kind="merge", what=found[1]) if found[0] <= _SAME_ACT else entry
