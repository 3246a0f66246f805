"""The history page of a record: who changed what, when and why. Read-only, scoped like the record itself.

The history library's own admin pages offer old versions as forms and skip the scope of the list; this one does not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.contrib.admin.utils import display_for_field, unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Field, ForeignKey, Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

EMPTY = "—"
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
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_or_change_permission(request, record):  # type: ignore[attr-defined]
            raise PermissionDenied
        changes = changes_of(record, self.history_parts, self.history_hidden)
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


def changes_of(record: Model, parts: Iterable[str] = (), hidden: Iterable[str] = ()) -> list[Change]:
    """All changes of a record and its parts, newest first: one query per history table and per kind of link."""
    skipped = set(hidden)
    names = _Names()
    told = _told(record.history.all(), names, skipped, part=False)  # type: ignore[attr-defined]
    for part in parts:
        relation = record._meta.get_field(part)
        link = relation.remote_field.name  # type: ignore[union-attr]
        history = relation.related_model.history.filter(**{link: record.pk})  # type: ignore[union-attr]
        told += _told(history, names, skipped | {link}, part=True)
    names.fetch()
    changes = [change for row in told if (change := row.in_words(names)) is not None]
    return sorted(changes, key=lambda change: change.at, reverse=True)


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


class _Names:
    """What linked records are called, fetched once per kind."""

    def __init__(self) -> None:
        self.wanted: dict[type[Model], set[Any]] = {}
        self.found: dict[type[Model], dict[Any, Model]] = {}

    def want(self, model: type[Model], key: Any) -> None:
        if key is not None:
            self.wanted.setdefault(model, set()).add(key)

    def fetch(self) -> None:
        for model, keys in self.wanted.items():
            self.found[model] = model._base_manager.in_bulk(keys)

    def of(self, model: type[Model], key: Any) -> str:
        return EMPTY if key is None else str(self.found.get(model, {}).get(key, key))


@dataclass(frozen=True)
class _Row:
    """A history row beside the one before it, not yet in words."""

    row: Any
    differences: list[tuple[Field, Any, Any]]
    part: bool

    def in_words(self, names: _Names) -> Change | None:
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
                FieldChange(capfirst(str(about.verbose_name)), _shown(about, old, names), _shown(about, new, names))
                for about, old, new in self.differences
            ],
        )


def _told(history: Any, names: _Names, hidden: set[str], *, part: bool) -> list[_Row]:
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


def _compared(old: Any, new: Any, fields: list[Field], names: _Names) -> list[tuple[Field, Any, Any]]:
    differences = []
    for about in fields:
        before = getattr(old, about.attname) if old is not None else None
        after = getattr(new, about.attname)
        if before == after or (old is None and after in ("", None, False)):
            continue
        if isinstance(about, ForeignKey):
            names.want(about.related_model, before)
            names.want(about.related_model, after)
        differences.append((about, before, after))
    return differences


def _shown(about: Field, value: Any, names: _Names) -> str:
    if isinstance(about, ForeignKey):
        return names.of(about.related_model, value)
    if value in (None, ""):
        return EMPTY
    if about.flatchoices:
        return str(dict(about.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(display_for_field(value, about, EMPTY))
