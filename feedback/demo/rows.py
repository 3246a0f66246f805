"""The rows of the invented cases as COPY takes them: one line of text each, columns in a fixed order.

Speed is the point here: a million cases are some fourteen million rows. Texts hold no tab, backslash or line break
(`words.py` sees to it), so that nothing needs escaping."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from django.apps import apps
from django.db.models import Model

NULL = "\\N"
FIXED = (  # what never changes in a case comes first, so that its history repeats one ready stretch of text
    *("id", "reference", "kind", "channel_id", "title", "body", "occurred_on", "recorded_by_id", "received_at"),
)
STATE = (
    *("status", "version", "category_id", "urgency", "complexity", "is_confidential", "facility_id", "facility_said"),
    *("area_id", "division_id", "assignee_id", "is_released", "checked_by_id", "outcome", "public_summary"),
    *("transferred_to", "merged_into_id", "satisfaction", "due_at", "escalation_level", "published_at", "ended_at"),
)
HISTORY = ("history_id", "history_date", "history_change_reason", "history_type", "history_user_id")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "feedback.Case": (*FIXED, *STATE, "updated_at"),
    "feedback.HistoricalCase": (*FIXED, *STATE, *HISTORY),
    "feedback.Submission": (
        *("id", "case_id", "channel_id", "source", "source_id", "fingerprint", "body", "received_at"),
        *("recorded_by_id", "ended_as"),
    ),
    "feedback.Reporter": (
        *("id", "submission_id", "sealed", "key_id"),
        *("number_mark", "last_six_mark", "last_four_mark"),
    ),
    "feedback.Answer": (
        *("id", "case_id", "at", "by_id", "facility_id", "findings", "measures_text", "measures", "proposed_outcome"),
    ),
    "feedback.Reply": ("id", "case_id", "at", "by_id", "text", "way"),
    "feedback.Note": ("id", "case_id", "at", "by_id", "text", "audience"),
    "feedback.SearchEntry": ("case_id", "words"),
    "deadlines.Deadline": (
        *("id", "about_type_id", "about_id", "reference", "obligation", "cycle", "state", "starts_at", "due_at"),
        *("original_due_at", "is_provisional", "finished_at", "on_time", "paused_at", "paused_total"),
        *("stands_until", "rule_id"),
        *("ladder_id", "calendar_version", "derivation", "moments", "positions", "planned_at", "step", "next_at"),
        *("level", "fault", "by_id", "ended_by_id", "reason", "acknowledged_at", "acknowledged_by_id"),
    ),
    "deadlines.Pause": ("id", "deadline_id", "starts_at", "ends_at", "reason", "by_id", "ended_by_id"),
    "deadlines.Escalation": (
        *("id", "deadline_id", "cycle", "ladder_id", "step", "level", "action", "due_at", "fired_at", "recipients"),
        "told_at",
    ),
    "links.Link": (
        "id",
        "source_type_id",
        "source_id",
        "relation",
        "target_type_id",
        "target_id",
        "by_id",
        "at",
        "reason",
    ),
    "notifications.InboxItem": (
        *("id", "key", "recipient_id", "template", "params", "about_type_id", "about_id", "url", "is_urgent", "at"),
        "read_at",
        "hidden_at",
    ),
}
OWN_KEY = {"feedback.SearchEntry": "", "feedback.HistoricalCase": "history_id"}  # where the number is not `id`


class ColumnsChanged(Exception):
    """A model has other columns than the demonstration knows."""


class Table:
    """Lines on their way into one table, and the numbers it gives out."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.lines: list[str] = []
        self.begin(1)

    def begin(self, first: int) -> None:
        """Give out numbers from `first` on."""
        self.first = first
        self.number = count(first).__next__

    def given_out(self) -> int:
        """How many numbers were given out; the next one given is not the one after."""
        return self.number() - self.first

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    @property
    def name(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def columns(self) -> tuple[str, ...]:
        return COLUMNS[self.label]

    @property
    def key(self) -> str:
        """The column that a sequence numbers; empty where none does."""
        return OWN_KEY.get(self.label, "id")

    @property
    def copy_statement(self) -> str:
        """How its lines go in."""
        return f"COPY {self.name} ({', '.join(self.columns)}) FROM STDIN"

    def take(self) -> bytes:
        """All lines so far, ready for COPY; the table begins anew."""
        taken = "".join(self.lines).encode()
        self.lines.clear()
        return taken


class Tables:
    """One `Table` for each kind of row."""

    def __init__(self) -> None:
        self.all = {label: Table(label) for label in COLUMNS}
        self.case = self.all["feedback.Case"]
        self.history = self.all["feedback.HistoricalCase"]
        self.submission = self.all["feedback.Submission"]
        self.reporter = self.all["feedback.Reporter"]
        self.answer = self.all["feedback.Answer"]
        self.reply = self.all["feedback.Reply"]
        self.note = self.all["feedback.Note"]
        self.entry = self.all["feedback.SearchEntry"]
        self.deadline = self.all["deadlines.Deadline"]
        self.pause = self.all["deadlines.Pause"]
        self.escalation = self.all["deadlines.Escalation"]
        self.link = self.all["links.Link"]
        self.inbox = self.all["notifications.InboxItem"]

    def check(self) -> None:
        """Refuse to write a table whose columns changed since. Raises `ColumnsChanged`."""
        for table in self.all.values():
            wanted = {str(each.column) for each in table.model._meta.concrete_fields if not each.generated}
            if differs := wanted.symmetric_difference(table.columns):
                raise ColumnsChanged(f"{table.label}: feedback/demo/rows.py does not fit: {', '.join(sorted(differs))}")


def line(*values: Any) -> str:
    """One row of any table; PostgreSQL reads Python's True, False and moments as they are."""
    return "\t".join([NULL if value is None else str(value) for value in values]) + "\n"


def key_of(thing: Any) -> Any:
    """The number of what a row points to."""
    return None if thing is None else thing.id


def binary(value: bytes) -> str:
    """Bytes as COPY's text reads them; the one value with backslashes."""
    return f"\\\\x{value.hex()}"
