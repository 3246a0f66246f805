"""Two people changed one record: what each of them made of it, field by field, and what is sent in the end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.text import number_in
from common.values import EMPTY, Names, in_words, labelled, plain
from common.versions import Page, Row, State, compared, shown

WISHED, PICK, MINE = "wished", "pick-", "mine"
REMOVED = "DELETE"
MOST_ROWS = 1000


@dataclass(frozen=True)
class Difference:
    """One line of the page: what it was, what the other person made of it, what this person wants.

    `is_wished`: this person changed it, so there is something to choose; `is_contested`: the other one did too."""

    key: str
    label: str
    before: str
    theirs: str
    mine: str
    is_wished: bool
    is_contested: bool


@dataclass
class Section:
    """The lines of the record, or of one of its parts."""

    title: str
    rows: list[Difference] = field(default_factory=list)


class Merge:
    """Brings three states together: what the writer saw (`base`, None when unknown), what is stored, what was sent.

    After `compare`, `data` is what the page sends back: theirs wherever the writer had no wish of their own."""

    def __init__(self, base: State | None, stored: Page, sent: Page, data: QueryDict, reader: Any) -> None:
        self.base, self.stored, self.sent, self.data = base, stored, sent, data
        self.names = Names(reader)
        self.sections: list[Section] = []
        self._lines: list[tuple[Section, dict[str, Any]]] = []

    def compare(self) -> list[Section]:
        """The sections of the page, those without a line left out."""
        before = self.base.fields if self.base else None
        self._fields(self.stored.form, self.sent.form, before, self._section(""), ("", ""))
        sent = {formset.prefix: formset for formset in self.sent.formsets}
        for formset in self.stored.formsets:
            if formset.prefix in sent:
                self._part(formset, sent[formset.prefix])
        self.names.fetch()
        for section, line in self._lines:
            section.rows.append(self._told(**line))
        return [section for section in self.sections if section.rows]

    @property
    def wished(self) -> list[str]:
        return [row.key for section in self.sections for row in section.rows if row.is_wished]

    def _section(self, title: str) -> Section:
        self.sections.append(Section(title))
        return self.sections[-1]

    def _fields(self, stored: Any, sent: Any, before: Row | None, section: Section, prefixes: tuple[str, str]) -> None:
        """Compare one form; `prefixes` stand before its keys and before the names of its inputs."""
        now, (key, prefix) = shown(stored), prefixes
        for name, about in compared(stored):
            was = None if before is None else before.get(name, now[name])
            want, is_clean = _wanted(sent, name)
            is_wished = want not in (now[name], now[name] if was is None else was)
            has_changed = was is None or was != now[name]
            if not is_wished:
                put(self.data, stored[name], f"{prefix}{name}")
            if is_wished or (has_changed and was is not None and want != now[name]):
                marks = (is_wished, is_wished and has_changed)
                self._line(section, f"{key}{name}", about, was, now[name], want, is_clean, *marks)

    def _line(
        self, section: Section, key: str, about: Any, was: Any, now: Any, want: Any, is_clean: bool, *marks: bool
    ) -> None:
        for value in (was, now, want if is_clean else None):
            self.names.want(about, value)
        line = {"key": key, "about": about, "was": was, "now": now, "want": want, "is_clean": is_clean, "marks": marks}
        self._lines.append((section, line))

    def _told(self, *, about: Any, was: Any, now: Any, want: Any, is_clean: bool, key: str, marks: Any) -> Difference:
        if isinstance(about, str):  # a whole row, in words already
            return Difference(key, about, was, now, want, *marks)
        mine = in_words(about, want, self.names) if is_clean else str(want)
        before = "?" if was is None else in_words(about, was, self.names)
        return Difference(key, labelled(about), before, in_words(about, now, self.names), mine, *marks)

    def _part(self, stored: Any, sent: Any) -> None:
        prefix = stored.prefix
        rows = {str(form.instance.pk): form for form in stored.initial_forms}
        known = self.base.parts.get(prefix, {}) if self.base else None
        kind = capfirst(str(stored.model._meta.verbose_name))
        gone: dict[int, bool] = {}
        for index, pk in sent_rows(self.data, stored):
            if pk in rows:
                before = None if known is None else known.get(pk, {})
                section = self._section(f"{kind}: {rows[pk].instance}")
                place = f"{prefix}-{index}-"
                self._fields(rows[pk], sent.forms[index], before, section, (f"{prefix}-{pk}-", place))
                self._removal(section, f"{prefix}-{pk}-{REMOVED}", f"{place}{REMOVED}", before, rows[pk])
            else:
                gone[index] = self._gone(kind, f"{prefix}-new-", sent.forms[index], (known or {}).get(pk), len(gone))
        self._added(kind, prefix, rows, known)
        rebuild(self.data, stored, {index: "extra" if is_kept else "drop" for index, is_kept in gone.items()})

    def _removal(self, section: Section, key: str, name: str, before: Row | None, stored: Any) -> None:
        """This person removed the row. The other one may have changed it: then it is to be chosen."""
        if name in self.data:
            is_contested = before is None or any(before.get(field) != value for field, value in shown(stored).items())
            self._whole(section, key, _("The row"), "", _("stays"), _("removed"), is_wished=True, is_new=is_contested)

    def _gone(self, kind: str, key: str, sent: Any, before: Row | None, number: int) -> bool:
        """The other person removed a row; does this one want something of it?"""
        want = {name: _wanted(sent, name)[0] for name, _about in compared(sent)}
        is_wished = any((before or {}).get(name) != value for name, value in want.items())
        was, mine = self._row_in_words(sent, before or {}), self._row_in_words(sent, want)
        mine = mine if is_wished else ""
        section = self._section(kind)
        self._whole(section, f"{key}{number}", kind, was, _("removed"), mine, is_wished=is_wished, is_new=is_wished)
        return is_wished

    def _added(self, kind: str, prefix: str, rows: Mapping[str, Any], known: Mapping[str, Row] | None) -> None:
        for pk, form in rows.items():
            if known is not None and pk not in known:
                told = self._row_in_words(form, shown(form))
                section = self._section(kind)
                self._whole(section, f"{prefix}-{pk}", _("Added"), "", told, "", is_wished=False, is_new=True)

    def _whole(
        self, section: Section, key: str, label: str, was: str, now: str, mine: str, *, is_wished: bool, is_new: bool
    ) -> None:
        marks = (is_wished, is_wished and is_new)
        line = {"key": key, "about": label, "was": was or EMPTY, "now": now, "want": mine, "is_clean": True}
        self._lines.append((section, line | {"marks": marks}))

    def _row_in_words(self, form: Any, row: Row) -> str:
        told = []
        for name, about in compared(form):
            value = row.get(name)
            if value not in (None, "", []):
                self.names.want(about, value)
                self.names.fetch()
                told.append(f"{labelled(about)}: {in_words(about, value, self.names)}")
        return "; ".join(told)


def choose(data: QueryDict, stored: Page) -> None:
    """Take the choices out of what the conflict page sent, and put theirs where this person gave way.

    Where nothing was chosen theirs stays: nothing is overwritten without a word."""
    given_up = {key for key in data.getlist(WISHED) if data.get(f"{PICK}{key}") != MINE}
    for name, _about in compared(stored.form):
        if name in given_up:
            put(data, stored.form[name], name)
    for formset in stored.formsets:
        prefix, rows = formset.prefix, {str(form.instance.pk): form for form in formset.initial_forms}
        for index, pk in sent_rows(data, formset):
            for name, _about in compared(rows[pk]) if pk in rows else ():
                if f"{prefix}-{pk}-{name}" in given_up:
                    put(data, rows[pk][name], f"{prefix}-{index}-{name}")
            if f"{prefix}-{pk}-{REMOVED}" in given_up:
                data.pop(f"{prefix}-{index}-{REMOVED}", None)
        _drop_new(data, formset, given_up)
    for key in [key for key in data if key == WISHED or key.startswith(PICK)]:
        del data[key]


def _drop_new(data: QueryDict, formset: Any, given_up: set[str]) -> None:
    """Leave out the rows that the other person removed and this one no longer wants; they stand first of the new."""
    prefix, first = formset.prefix, _number(data, f"{formset.prefix}-INITIAL_FORMS")
    total = min(_number(data, f"{prefix}-TOTAL_FORMS"), MOST_ROWS)
    dropped = {first + number: "drop" for number in range(total - first) if f"{prefix}-new-{number}" in given_up}
    if dropped:
        rebuild(data, formset, dropped)


def sent_rows(data: QueryDict, formset: Any) -> Iterator[tuple[int, str]]:
    """The rows of a part that were sent as existing ones: place and key."""
    prefix, pk_name = formset.prefix, formset.model._meta.pk.name
    sent = min(_number(data, f"{prefix}-{name}_FORMS") for name in ("INITIAL", "TOTAL"))
    for index in range(min(sent, MOST_ROWS)):
        yield index, data.get(f"{prefix}-{index}-{pk_name}", "")


def rebuild(data: QueryDict, formset: Any, fates: Mapping[int, str]) -> None:
    """Number the rows of a part anew. `fates` says of a row that it is left out (`drop`) or becomes new (`extra`)."""
    if not fates:
        return
    prefix, pk_name = formset.prefix, formset.model._meta.pk.name
    initial = _number(data, f"{prefix}-INITIAL_FORMS")
    total = min(_number(data, f"{prefix}-TOTAL_FORMS"), MOST_ROWS)
    kept: list[dict[str, list[str]]] = []
    new: list[dict[str, list[str]]] = []
    revived: list[dict[str, list[str]]] = []
    for index in range(total):
        start = f"{prefix}-{index}-"
        row = {key.removeprefix(start): data.pop(key) for key in [key for key in data if key.startswith(start)]}
        if fates.get(index) == "extra":
            row[pk_name] = [""]
            revived.append(row)
        elif fates.get(index) != "drop":
            (kept if index < initial else new).append(row)
    rows = [*kept, *revived, *new]
    for index, row in enumerate(rows):
        for name, values in row.items():
            data.setlist(f"{prefix}-{index}-{name}", values)
    data[f"{prefix}-INITIAL_FORMS"], data[f"{prefix}-TOTAL_FORMS"] = str(len(kept)), str(len(rows))


def put(data: QueryDict, bound: forms.BoundField, name: str) -> None:
    """Write into `data`, under `name`, what a browser would send had nobody touched the field."""
    for key, values in sent_by(bound.field.widget, name, bound.value()).items():
        if values:
            data.setlist(key, values)
        else:
            data.pop(key, None)


def sent_by(widget: Any, name: str, value: Any) -> dict[str, list[str]]:
    """The pairs that a widget sends for a value; an empty list for a box that is not ticked."""
    widget = getattr(widget, "widget", widget)  # the frame with the links around a picker
    if isinstance(widget, forms.MultiWidget):
        parts: Any = value if isinstance(value, list | tuple) else widget.decompress(value)
        named: Any = zip(widget.widgets, widget.widgets_names, parts, strict=False)  # type: ignore[attr-defined]
        pairs: dict[str, list[str]] = {}
        for inner, suffix, part in named:
            pairs |= sent_by(inner, f"{name}{suffix}", part)
        return pairs
    if isinstance(widget, forms.CheckboxInput):
        return {name: ["on"] if widget.check_test(value) else []}
    written = widget.format_value(value)
    if isinstance(written, list | tuple):
        return {name: [str(one) for one in written if one is not None]}
    return {name: ["" if written is None else str(written)]}


def _wanted(form: Any, name: str) -> tuple[Any, bool]:
    """What was sent for a field, and whether it can be read; else the text as it was typed."""
    if name not in form.fields:
        return None, True
    if name in getattr(form, "cleaned_data", {}):
        return plain(form.cleaned_data[name]), True
    typed = form[name].data
    return (", ".join(map(str, typed)) if isinstance(typed, list | tuple) else typed or ""), False


def _number(data: QueryDict, name: str) -> int:
    return number_in(data.get(name, ""), 5) or 0
