"""What several tests of directives need: a duty with an indicator, and facilities that reported on it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from common.uploads import checked
from directives import reporting, transitions
from directives.choices import Status
from directives.models import Assignment, EvidenceFile, Indicator
from facilities.models import Facility
from tests.directives import factories as make
from tests.directives.factories import Team, fresh
from tests.files import PDF

YEAR = timezone.localdate().year - 1  # a year that is over, whenever this runs


class Reports:
    """For test classes: `set_up` once, then reports in one line each."""

    team: Team
    duty: Any
    rate: Indicator

    @classmethod
    def set_up(cls) -> None:
        cls.team = Team()
        by = fresh(cls.team.checker)
        cls.duty = make.obligation(
            by, title="Tập huấn hằng quý", recurrence="FREQ=MONTHLY;INTERVAL=3", evidence="danh sách"
        )
        cls.rate = Indicator.objects.create(
            obligation=cls.duty, code="I1", name="Tỷ lệ nhân viên được tập huấn", kind="percent", unit="%",
            base="nhân viên", source="sổ tập huấn", least=0, most=100,
        )  # fmt: skip

    def assigned(self, facility: Facility, month: int, year: int = YEAR) -> Assignment:
        """An assignment due on the thirtieth of a month, known since the year began."""
        made = make.assigned(self.duty, facility, date(year, month, 30))
        Assignment.objects.filter(pk=made.pk).update(made_at=timezone.make_aware(datetime(year, 1, 1, 8)))  # noqa: DTZ001
        made.refresh_from_db()
        return made

    def writer_of(self, facility_id: int) -> Any:
        return fresh(self.team.writer if facility_id == self.team.hospital.pk else self.team.stranger)

    def file(self, facility_id: int, **more: Any) -> EvidenceFile:
        upload = checked(SimpleUploadedFile("danh-sach.pdf", PDF))
        return reporting.keep_file(facility_id, upload, title="Danh sách", by=self.writer_of(facility_id), **more)

    def reported(self, assignment: Assignment, value: str = "80", *, to: Status = Status.SUBMITTED) -> Assignment:
        """Handed in, and, where asked for, returned or accepted."""
        writer = self.writer_of(assignment.facility_id)
        draft = reporting.draft_of(assignment, by=writer)
        given = {self.rate.pk: (Decimal(value), "đổi cách tổ chức")}
        files = [self.file(assignment.facility_id)]
        reporting.write(assignment, "Đã làm.", given, files, by=writer, version=draft.version)
        moved = self.step(assignment, Status.SUBMITTED, writer)
        return moved if to == Status.SUBMITTED else self.step(moved, to, self.team.checker)

    def step(self, assignment: Assignment, to: Status, by: Any, reason: str = "theo quy trình") -> Assignment:
        assignment = Assignment.objects.get(pk=assignment.pk)
        return transitions.move(assignment, to, by=fresh(by), reason=reason, version=assignment.version)
