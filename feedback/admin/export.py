"""The list as a file: what its reader sees in it, written down before the first byte goes out."""

import csv
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Act
from audit.services import record_first
from common.exceptions import MoveRefused
from facilities.imports.writing import harmless
from feedback.models import Case
from feedback.visibility import sees_as_facility

RIGHT = "feedback.export_case"
MOST = 20_000  # what a slow machine writes within ten seconds, well inside the web server's patience
CHUNK = 2000
BOM = "\ufeff"  # by this a spreadsheet knows that the letters are Vietnamese


def exported(request: HttpRequest, rows: Any, filters: dict[str, Any], *, is_searched: bool) -> FileResponse:
    """These rows of the list as a file. It is written whole to the disk before anything goes out, so memory stays flat
    and nobody gets half a list; the entry in the log holds how many and which filters, not what was searched for.

    Raises `PermissionDenied`, `MoveRefused` for too many rows, `NotRecorded`. One query for the rows."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - the answer closes it
    count = _write(file, rows, is_facility=sees_as_facility(request.user))
    if count > MOST:
        file.close()
        text = ngettext(
            "More than %(most)s case: narrow the list first.", "More than %(most)s cases: narrow the list first.", MOST
        )
        raise MoveRefused(text % {"most": MOST})
    said = [f"{name}={getattr(value, 'pk', value)}" for name, value in filters.items() if value] + ["q"] * is_searched
    record_first(Act.EXPORT, by=request.user, about=Case(), reason=f"{count}: {' '.join(said)}")
    file.seek(0)
    name = f"phan-anh-{timezone.localtime():%Y%m%d-%H%M}.csv"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _write(file: IO[bytes], rows: Any, *, is_facility: bool) -> int:
    """Write heading and rows; returns how many rows there are, one more than `MOST` when there are too many."""
    count = 0
    file.write(BOM.encode())
    heading = [_("Case"), _("Title"), _("Facility"), _("Field"), _("Urgency"), _("Status"), _("Confidential")]
    heading += [_("Received"), _("Due"), _("Ended")]
    heading += [] if is_facility else [_("Responsible"), _("Escalation level")]
    for line in _lines(heading, rows, is_facility):
        file.write(line.encode())
        count += 1
    return count - 1


class _Echo:
    """What the CSV writer writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def _lines(heading: list[str], rows: Any, is_facility: bool) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(heading)
    for case in rows[: MOST + 1].iterator(chunk_size=CHUNK):
        yield writer.writerow([harmless(value) for value in _row(case, is_facility)])


def _row(case: Case, is_facility: bool) -> list[Any]:
    """A case as the list shows it. The title of a confidential one stays in the console: it begins what was told."""
    row = [
        case.reference,
        "" if case.is_confidential else case.title,
        case.facility.name if case.facility else case.facility_said,
        case.category.label if case.category else "",
        case.get_urgency_display(),
        case.get_status_display(),
        _("yes") if case.is_confidential else "",
        *(_moment(at) for at in (case.received_at, case.due_at, case.ended_at)),
    ]
    return row if is_facility else [*row, case.assignee or "", case.escalation_level or ""]


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M}" if at else ""
