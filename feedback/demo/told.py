"""One case while it is told."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from feedback.choices import Status
from feedback.demo.clocks import Clocks, Facts
from feedback.demo.drafts import Draft
from feedback.demo.rows import NULL, key_of
from feedback.demo.world import Person, Place, Topic, Unit


@dataclass(eq=False, slots=True)
class Told:
    """One case while it is told. The names are those of `feedback.models.Case`, since the moves' own functions write
    them."""

    id: int
    reference: str
    draft: Draft
    clocks: Clocks
    pace: float
    recorded_by: Person | None
    fixed: str = ""
    status: Status = Status.RECEIVED
    version: int = 1
    topic: Topic | None = None
    urgency: str = "S3"
    facility: Place | None = None
    facility_said: str = ""
    area_id: int | None = None
    division: Unit | None = None
    assignee: Person | None = None
    handler: Person | None = None  # who does the department's steps
    is_released: bool = False
    checked_by: Person | None = None
    outcome: str = ""
    public_summary: str = ""
    transferred_to: str = ""
    merged_into: "Told | None" = None
    satisfaction: str = ""
    due_at: datetime | None = None
    level: int = 0
    published_at: datetime | None = None
    ended_at: datetime | None = None
    updated_at: datetime | None = None
    measure: str = ""
    said: list[Any] = field(default_factory=list)

    @property
    def is_confidential(self) -> bool:
        return self.draft.is_confidential

    @property
    def checked_by_id(self) -> int | None:
        return key_of(self.checked_by)

    def facts(self) -> Facts:
        """In the order of `deadlines.rules.WEIGHTS`."""
        topic = self.topic
        return (
            self.draft.kind,
            self.urgency,
            "",
            topic.code if topic else "",
            topic.root if topic else "",
            self.facility.type if self.facility else "",
            self.draft.door.code,
        )

    def state(self) -> str:
        """The columns `rows.STATE`. Written out, since it is the most frequent row by far."""
        topic, facility, division = self.topic, self.facility, self.division
        assignee, checked_by, merged_into = self.assignee, self.checked_by, self.merged_into
        return (
            f"{self.status._value_}\t{self.version}\t{NULL if topic is None else topic.id}\t{self.urgency}\t\t"
            f"{self.draft.is_confidential}\t{NULL if facility is None else facility.id}\t{self.facility_said}\t"
            f"{self.area_id}\t{NULL if division is None else division.id}\t"
            f"{NULL if assignee is None else assignee.id}\t{self.is_released}\t"
            f"{NULL if checked_by is None else checked_by.id}\t{self.outcome}\t{self.public_summary}\t"
            f"{self.transferred_to}\t{NULL if merged_into is None else merged_into.id}\t{self.satisfaction}\t"
            f"{self.due_at or NULL}\t{self.level}\t{self.published_at or NULL}\t{self.ended_at or NULL}"
        )
