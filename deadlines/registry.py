"""What the engine knows about the records that have deadlines: each case app fills this in its `AppConfig.ready`.

So the engine reaches cases without importing them."""

from collections.abc import Callable, ItemsView, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from accounts.access import Term


@dataclass(frozen=True)
class Subject:
    """How to name records of one model, who is told about them, and what escalating them changes.

    All of it works on many records at once: one or two queries a batch, however many records.
    `references(ids)` what people call them; `address(id)` the path of their page in the console;
    `recipients(role, ids)` user ids per record, a missing or empty entry meaning nobody;
    `visible_ids(user)` a queryset of ids, used as a subquery;
    `unread` says, as a declaration about deadlines, which of a visible record's the reader does not read all the same;
    `on_escalated([(id, level), …])` runs inside the sweep's transaction, after the sweep locked these records, and
    must only raise what it derives (`greatest`), because a record comes again with every step;
    `on_moved([id, …])` runs in the transaction in which due moments of these records changed without a deed of their
    app;
    `urgent(ids)` those for which nobody is left in peace at night;
    `reassign([(id, person), …])` hands records over by the app's own deed, in the sweep's transaction as well; what
    cannot be handed over stays where it is;
    `overview(is_late)` the path of a list of what is late, or of what is due soon, for whoever has too much of it;
    `deadline_page(id, deadline)` the path of the page of one deadline;
    `choices` by condition of a rule, gives the codes there are with their words; a condition that is not there says
    nothing about these records."""

    references: Callable[[list[int]], dict[int, str]]
    address: Callable[[int], str]
    recipients: Callable[[str, list[int]], dict[int, list[int]]]
    visible_ids: Callable[[Any], Any]
    on_escalated: Callable[[list[tuple[int, int]]], None] | None = None
    on_moved: Callable[[list[int]], None] | None = None
    urgent: Callable[[list[int]], set[int]] | None = None
    reassign: Callable[[list[tuple[int, int]]], None] | None = None
    overview: Callable[[bool], str] | None = None
    deadline_page: Callable[[int, int], str] | None = None
    unread: Term | None = None
    choices: Mapping[str, Callable[[], Sequence[tuple[str, Any]]]] = field(default_factory=dict)

    def page_of(self, record: int, deadline: int) -> str:
        """Where one deadline of a record is explained and answered; the record's page where there is no such page."""
        return self.deadline_page(record, deadline) if self.deadline_page else self.address(record)


class SubjectUnknown(LookupError):
    """A model whose app did not register it."""

    def __init__(self, label: str) -> None:
        super().__init__(f"{label} has no deadlines: register a Subject for it in its app's AppConfig.ready.")


_SUBJECTS: dict[str, Subject] = {}


def register(model_label: str, subject: Subject) -> None:
    """Let records of `app_label.model` have deadlines."""
    _SUBJECTS[model_label.lower()] = subject


def subjects() -> ItemsView[str, Subject]:
    """All registered subjects with their model labels."""
    return _SUBJECTS.items()


def subject_of(label: str) -> Subject:
    """The subject of a model label; raises `SubjectUnknown`."""
    try:
        return _SUBJECTS[label.lower()]
    except KeyError:
        raise SubjectUnknown(label) from None


def label_of(record: Model) -> str:
    """`app_label.model` of a record."""
    return record._meta.label_lower


def content_type(label: str) -> ContentType:
    """The content type of a model label; cached by Django after the first question."""
    return ContentType.objects.get_by_natural_key(*label.lower().split("."))


def label_of_type(content_type_id: int) -> str:
    """The model label of a content type; cached by Django after the first question."""
    return ".".join(ContentType.objects.get_for_id(content_type_id).natural_key())


def record_of(content_type_id: int, pk: int) -> Model:
    """The record behind a deadline, to name it: its model and key are known, nothing is read."""
    model = ContentType.objects.get_for_id(content_type_id).model_class()
    if model is None:
        raise SubjectUnknown(label_of_type(content_type_id))
    return model(pk=pk)


def has_reference(label: str) -> bool:
    """Have the records of a model label a column that says what people call them?"""
    return any(about.name == "reference" for about in apps.get_model(label)._meta.concrete_fields)


def table_of(label: str) -> str:
    """The database table of a model label."""
    return str(apps.get_model(label)._meta.db_table)
