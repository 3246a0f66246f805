"""What a form showed, kept in the form: so that saving it can tell what somebody else changed meanwhile.

A state is read off the forms of a page, the record's own and those of its parts, so it holds what the writer saw and
nothing else. It travels signed, as one hidden field."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.forms.models import InlineForeignKeyField
from django.utils import timezone

from common.values import plain

FIELD = "opened"
SALT = "common.versions"
Row = dict[str, Any]


class Opened(forms.CharField):
    """The hidden field that carries the state; never a change by itself."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="", required=False, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


@dataclass(frozen=True)
class Page:
    """The forms that one page shows: the record's, and those of its parts that the writer may change."""

    form: forms.ModelForm
    formsets: Sequence[Any]

    def state(self) -> "State":
        """What these forms show now."""
        record = self.form.instance
        return State(
            of=f"{record._meta.label}:{record.pk}",
            version=getattr(record, "version", None),
            at=timezone.now().isoformat(),
            fields=shown(self.form),
            parts={
                formset.prefix: {str(form.instance.pk): shown(form) for form in formset.initial_forms}
                for formset in self.formsets
            },
        )


@dataclass(frozen=True)
class State:
    """The values of a record and its parts, as a page showed them."""

    of: str
    version: int | None
    at: str
    fields: Row = field(default_factory=dict)
    parts: dict[str, dict[str, Row]] = field(default_factory=dict)

    def token(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    @classmethod
    def read(cls, token: str, of: str) -> "State | None":
        """The state that a form sent back; None when it sent none, a broken one, or that of another record."""
        try:
            state = cls(**signing.loads(token, salt=SALT))
        except (signing.BadSignature, TypeError):
            return None
        return state if state.of == of else None

    def is_same(self, other: "State") -> bool:
        """Did nothing change between the two that either of them shows?"""
        if self.version != other.version or set(self.parts) - set(other.parts):
            return False
        pairs = [(self.fields, other.fields)]
        for prefix, rows in other.parts.items():
            before = self.parts.get(prefix, rows)
            if set(before) != set(rows):
                return False
            pairs += [(before[key], row) for key, row in rows.items()]
        return all(old.get(name, value) == value for old, new in pairs for name, value in new.items())

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


def compared(form: forms.ModelForm) -> Iterator[tuple[str, Any]]:
    """The fields of a form that write a column, each with its column; neither keys nor what the form holds fixed."""
    meta = form._meta.model._meta  # type: ignore[attr-defined]
    for name, about in form.fields.items():
        if about.disabled or isinstance(about, InlineForeignKeyField) or name == meta.pk.name:
            continue
        try:
            yield name, meta.get_field(name)
        except FieldDoesNotExist:
            continue


def shown(form: forms.ModelForm) -> Row:
    """The values that a form shows before anybody types into it."""
    return {name: plain(form.get_initial_for_field(form.fields[name], name)) for name, _about in compared(form)}
