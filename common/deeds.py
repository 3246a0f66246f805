"""What the console's forms did to records without a history of their own: who, when, which fields, from what to what.

Written into Django's log of the admin, without the record's title: a title is for those who may see the record."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.text import capfirst

from common.values import plain
from common.versions import compared

KINDS = {ADDITION: "+", CHANGE: "~"}
REMOVED = "-"


@dataclass(frozen=True)
class Deed:
    """One thing that one saving did to a record or one of its parts; values are as `common.values.plain` keeps them."""

    at: Any
    by: Any
    kind: str
    reason: str
    part: str
    fields: list[tuple[Any, Any, Any]]


def in_short(form: Any, formsets: Iterable[Any], *, is_new: bool) -> list[dict[str, Any]]:
    """What saved forms changed, as the log keeps it: one entry for the record, one for each changed part."""
    record = {"kind": "+" if is_new else "~", "fields": _changed(form), "reason": form.cleaned_data.get("reason", "")}
    return [record, *(entry for formset in formsets or () for entry in _parts(formset))]


def _parts(formset: Any) -> Iterator[dict[str, Any]]:
    model = formset.model._meta.label_lower
    gone = {id(form) for form in getattr(formset, "deleted_forms", ())}
    for form in formset.forms:
        is_old = form in formset.initial_forms
        if not form.has_changed() and id(form) not in gone:
            continue
        kind = REMOVED if id(form) in gone else "~" if is_old else "+"
        if kind != REMOVED or is_old:
            yield {"kind": kind, "model": model, "name": str(form.instance), "fields": _changed(form)}


def _changed(form: Any) -> dict[str, list[Any]]:
    changed = set(form.changed_data)
    return {
        name: [plain(form.initial.get(name)), plain(form.cleaned_data.get(name))]
        for name, _about in compared(form)
        if name in changed
    }


def log(by: Any, record: Model, flag: int, message: str | list[dict[str, Any]]) -> LogEntry:
    """Write one entry. A text (a deed that has no form) is told as its reason."""
    told = message if isinstance(message, list) else [{"kind": KINDS[flag], "fields": {}, "reason": str(message)}]
    entry = _entry(by, record, flag, told)
    entry.save()
    return entry


def log_many(by: Any, told: Mapping[Model, list[dict[str, Any]]], flag: int) -> None:
    """Write one entry for each record. One statement."""
    LogEntry.objects.bulk_create(_entry(by, record, flag, each) for record, each in told.items())


def _entry(by: Any, record: Model, flag: int, told: list[dict[str, Any]]) -> LogEntry:
    return LogEntry(
        user_id=by.pk,
        content_type=ContentType.objects.get_for_model(record, for_concrete_model=False),
        object_id=str(record.pk),
        object_repr=f"{record._meta.label_lower} {record.pk}",
        action_flag=flag,
        change_message=json.dumps(told),
    )


def of(record: Model, most: int) -> list[Deed]:
    """The newest deeds over a record, newest first. One query."""
    kind = ContentType.objects.get_for_model(record, for_concrete_model=False)
    rows = LogEntry.objects.filter(content_type=kind, object_id=str(record.pk)).select_related("user")
    return [deed for row in rows.order_by("-action_time", "-id")[:most] for deed in _read(row, record)]


def _read(row: LogEntry, record: Model) -> Iterator[Deed]:
    try:
        entries = json.loads(row.change_message)
    except ValueError:  # an entry of before, or of another tool: that something happened is still true
        entries = [{"kind": KINDS.get(row.action_flag, "~"), "fields": {}}]
    for entry in entries if isinstance(entries, list) else []:
        model: Any = apps.get_model(entry["model"]) if "model" in entry else type(record)
        part = f"{capfirst(str(model._meta.verbose_name))}: {entry['name']}" if "model" in entry else ""
        fields = [(about, *pair) for name, pair in entry.get("fields", {}).items() if (about := _column(model, name))]
        if fields or part or entry.get("reason") or entry.get("kind") != "~":
            yield Deed(row.action_time, row.user, entry.get("kind", "~"), entry.get("reason", ""), part, fields)


def _column(model: Any, name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
