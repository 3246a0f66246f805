"""Incidents as a file: written whole to the disk and into the audit log before the first byte goes out."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.models import Act
from audit.services import record_first
from common.exceptions import InvalidInput, MoveRefused
from facilities.imports.writing import harmless
from incidents.exporting import fhir, mim
from incidents.exporting.coded import going_out
from incidents.models import Incident

RIGHT = "incidents.export_incident"
MOST = 10_000  # what a slow machine validates and writes within ten seconds
CHUNK = 1000
BOM = "\ufeff"  # by this a spreadsheet knows that the letters are Vietnamese


class Form(TextChoices):
    """The forms in which incidents go out."""

    NDJSON = "fhir-ndjson", gettext_lazy("HL7 FHIR R5, one AdverseEvent a line (NDJSON)")
    BUNDLE = "fhir-bundle", gettext_lazy("HL7 FHIR R5, one Bundle (JSON)")
    MIM_CSV = "mim-csv", gettext_lazy("WHO MIM PS as a table (CSV)")
    MIM_JSON = "mim-json", gettext_lazy("WHO MIM PS (JSON)")


@dataclass(frozen=True)
class _Written:
    """How one form is written: what stands before, between and after the incidents, and its ending and kind."""

    each: Callable[[Incident], str]
    before: Callable[[], str]
    between: str
    after: str
    ending: str
    kind: str


def _row(values: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([harmless(value) for value in values])
    return line.getvalue()


def _bundle_head() -> str:
    moment = timezone.localtime().isoformat(timespec="seconds")
    return f'{{"resourceType":"Bundle","type":"collection","timestamp":"{moment}","entry":['


def _mim_head() -> str:
    return f'{{"model":"{mim.MODEL}","incidents":['


_FORMS = {
    Form.NDJSON: _Written(fhir.line, lambda: "", "\n", "\n", "ndjson", "application/fhir+ndjson"),
    Form.BUNDLE: _Written(fhir.entry, _bundle_head, ",", "]}", "json", fhir.FHIR_JSON),
    Form.MIM_CSV: _Written(
        lambda incident: _row(mim.cells(incident)), lambda: BOM + _row(mim.HEADINGS), "", "", "csv", "text/csv"
    ),
    Form.MIM_JSON: _Written(
        lambda incident: json.dumps(mim.record(incident), ensure_ascii=False), _mim_head, ",", "]}", "json",
        "application/json",
    ),
}  # fmt: skip


def exported(rows: Any, form: str, *, by: Any, about: Incident, said: str) -> FileResponse:
    """The sent ones of these incidents as a file; `about` and `said` are what the log keeps of what was asked for.

    Raises `PermissionDenied`, `InvalidInput` for an unknown form, `MoveRefused` for none or too many, `NotRecorded`.
    One query for the rows."""
    if not by.has_perm(RIGHT):
        raise PermissionDenied
    if form not in Form.values:
        raise InvalidInput({"form": [_("Choose one of the offered values.")]})
    way = _FORMS[Form(form)]
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - the answer closes it
    try:
        count = _write(file, _texts(rows, way))
        _check(count)
        record_first(Act.EXPORT, by=by, about=about, reason=f"{count}: {form} {said}")
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"su-co-{form}-{timezone.localtime():%Y%m%d-%H%M}.{way.ending}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=f"{way.kind}; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _check(count: int) -> None:
    if not count:
        raise MoveRefused(_("There is no sent incident here: drafts do not go out."))
    if count > MOST:
        text = ngettext(
            "More than %(most)s incident: narrow the list first.",
            "More than %(most)s incidents: narrow the list first.",
            MOST,
        )
        raise MoveRefused(text % {"most": MOST})


def _texts(rows: Any, way: _Written) -> Iterator[tuple[int, str]]:
    """Every piece of the file with how many incidents it completes."""
    yield 0, way.before()
    is_first = True
    for incident in going_out(rows)[: MOST + 1].iterator(chunk_size=CHUNK):
        yield 1, ("" if is_first else way.between) + way.each(incident)
        is_first = False
    yield 0, way.after


def _write(file: IO[bytes], pieces: Iterable[tuple[int, str]]) -> int:
    count = 0
    for incidents, text in pieces:
        file.write(text.encode())
        count += incidents
    return count
