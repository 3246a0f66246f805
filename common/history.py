"""The history page of a record: who changed what, when and why. Read-only, scoped like the record itself.

Stock pages offer old versions as forms (the history library) or the titles of records to whoever looks (Django's log
of recent actions), and skip the scope of the list; this one does not. Models without a history of their own are told
from `common.deeds`, what the console's forms did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.db.models import Field, Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common import deeds
from common.values import Names, in_words, labelled

TOGETHER = timedelta(seconds=2)
LONGEST_HISTORY = 1000  # rows read for one page; older ones are told as not shown


@dataclass(frozen=True)
class FieldChange:
    """One field of one change, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """What happened to one record or part of it; `part` names the part, empty for the record itself."""

    at: datetime
    by: Any
    kind: str
    reason: str
    part: str = ""
    fields: list[FieldChange] = field(default_factory=list)

    @property
    def title(self) -> str:
        return {"+": _("Created"), "~": _("Changed"), "-": _("Removed")}[self.kind]


@dataclass(frozen=True)
class Occasion:
    """What one person did in one go: the record and its parts, saved together."""

    at: datetime
    by: Any
    reason: str
    changes: list[Change]

    def includes(self, change: Change) -> bool:
        """Does the change belong here? Parts are saved a few milliseconds after their record."""
        is_together = abs(self.at - change.at) <= TOGETHER
        return is_together and (self.by, self.reason) == (change.by, change.reason)


class HistoryPage:
    """Admin mixin: `/history/` shows the changes of the record and of its parts.

    `history_parts` are names of reverse relations whose models keep a history; `history_hidden` are fields that are
    nobody's business (counters, derived columns)."""

    object_history_template = "admin/changes.html"
    history_parts: Sequence[str] = ()
    history_hidden: Sequence[str] = ("id", "version")
    history_per_page = 50

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if record is None or not self.has_view_or_change_permission(request, record):  # type: ignore[attr-defined]
            raise Http404  # the same answer for what is not there and for what is not theirs to see
        changes = changes_of(record, self.history_parts, self.history_hidden, reader=request.user)
        page = Paginator(occasions_of(changes), self.history_per_page).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("History: %s") % record,
            "opts": self.opts,  # type: ignore[attr-defined]
            "object": record,
            "original": record,
            "page": page,
            "is_cut": len(changes) >= LONGEST_HISTORY,
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


def changes_of(
    record: Any, parts: Iterable[str] = (), hidden: Iterable[str] = (), *, reader: Any = None
) -> list[Change]:
    """All changes of a record and its parts, newest first: one query per history table and per kind of link.

    A reader is told nothing of parts they may not see, nor the names of records they may not see."""
    skipped, names = set(hidden), Names(reader)
    if not hasattr(record, "history"):
        return _of_deeds(record, skipped, names)
    told = _told(record.history.all(), names, skipped, part=False)
    for part in parts:
        relation = record._meta.get_field(part)
        if reader is not None and not reader.has_perm(_right_to_see(relation.related_model)):
            continue
        link = relation.remote_field.name
        history = relation.related_model.history.filter(**{link: record.pk})
        told += _told(history, names, skipped | {link}, part=True)
    names.fetch()
    changes = [change for row in told if (change := row.in_words(names)) is not None]
    return sorted(changes, key=lambda change: change.at, reverse=True)


def happened_since(moment: datetime, record: Any, page: HistoryPage, reader: Any) -> list[Occasion]:
    """What others did to a record since `moment`, oldest first; empty when no history tells."""
    changes = changes_of(record, page.history_parts, page.history_hidden, reader=reader)
    newer = [change for change in changes if change.at >= moment - TOGETHER]
    return occasions_of(newer)[::-1]


def versions_after(version: int, record: Any, page: HistoryPage, reader: Any) -> list[Occasion]:
    """What others did to a record that counts its versions since somebody read `version`, oldest first."""
    first = record.history.filter(version__gt=version).order_by("history_id").first()
    return happened_since(first.history_date, record, page, reader) if first is not None else []


def _right_to_see(model: Any) -> str:
    return f"{model._meta.app_label}.view_{model._meta.model_name}"


def occasions_of(changes: Iterable[Change]) -> list[Occasion]:
    """Changes in order of time, those of one saving together, the record before its parts. Pure."""
    occasions: list[Occasion] = []
    for change in changes:
        if not occasions or not occasions[-1].includes(change):
            occasions.append(Occasion(change.at, change.by, change.reason, []))
        occasions[-1].changes.append(change)
    for occasion in occasions:
        occasion.changes.sort(key=lambda change: bool(change.part))
    return occasions


@dataclass(frozen=True)
class _Row:
    """A history row beside the one before it, not yet in words."""

    row: Any
    differences: list[tuple[Field, Any, Any]]
    part: bool

    def in_words(self, names: Names) -> Change | None:
        """The entry to show; None for a saved form that changed nothing and gave no reason."""
        row = self.row
        reason = row.history_change_reason or ""
        if row.history_type == "~" and not self.differences and not reason:
            return None
        kind = capfirst(str(row.instance_type._meta.verbose_name)) if self.part else ""
        return Change(
            at=row.history_date,
            by=row.history_user,
            kind=row.history_type,
            reason=reason,
            part=f"{kind}: {_as_it_was(row)}" if self.part else "",
            fields=[
                FieldChange(labelled(about), in_words(about, old, names), in_words(about, new, names))
                for about, old, new in self.differences
            ],
        )


def _told(history: Any, names: Names, hidden: set[str], *, part: bool) -> list[_Row]:
    newest = history.select_related("history_user").order_by("-history_date", "-history_id")
    rows_of: dict[Any, list[Any]] = {}
    for row in reversed(list(newest[:LONGEST_HISTORY])):
        rows_of.setdefault(getattr(row, row.instance_type._meta.pk.attname), []).append(row)
    told = []
    for rows in rows_of.values():
        fields = [about for about in rows[0].tracked_fields if about.name not in hidden]
        is_first = rows[0].history_type == "+"  # else it was there before histories were kept: its reason still counts
        told.append(_Row(rows[0], _compared(None, rows[0], fields, names) if is_first else [], part))
        told += [_Row(new, _compared(old, new, fields, names), part) for old, new in pairwise(rows)]
    return told


def _as_it_was(row: Any) -> Model:
    """The part as this row kept it; `row.instance` would read columns that have no history, one query a row."""
    return row.instance_type(**{about.attname: getattr(row, about.attname) for about in row.tracked_fields})


def _compared(old: Any, new: Any, fields: list[Field], names: Names) -> list[tuple[Field, Any, Any]]:
    differences = []
    for about in fields:
        before = getattr(old, about.attname) if old is not None else None
        after = getattr(new, about.attname)
        if before == after or (old is None and after in ("", None, False)):
            continue
        names.want(about, before)
        names.want(about, after)
        differences.append((about, before, after))
    return differences


def _of_deeds(record: Model, hidden: set[str], names: Names) -> list[Change]:
    """The changes that the console's forms made, for records without a history of their own."""
    told = deeds.of(record, LONGEST_HISTORY)
    for deed in told:
        for about, old, new in deed.fields:
            names.want(about, old)
            names.want(about, new)
    names.fetch()
    return [
        Change(
            at=deed.at,
            by=deed.by,
            kind=deed.kind,
            reason=deed.reason,
            part=deed.part,
            fields=[
                FieldChange(labelled(about), in_words(about, old, names), in_words(about, new, names))
                for about, old, new in deed.fields
                if about.name not in hidden
            ],
        )
        for deed in told
    ]
