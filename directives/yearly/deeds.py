"""Freezing the annual report with its files, and handing them out."""

from datetime import date, datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Act
from audit.services import record_first
from common.days import midnight
from common.exceptions import InvalidInput, ReasonRequired, Refused, RightMissing
from common.papers.layout import digest_of, mark_of
from common.papers.letter import letter
from common.papers.spreadsheet import spreadsheet
from common.scope import as_system
from common.text import clean, has_unstorable
from directives.choices import FileForm
from directives.models import PackFile, ReportPack
from directives.yearly.content import drawn_up
from directives.yearly.documents import Edition, laid_out

log = structlog.get_logger("directives.yearly")
DRAW_UP = "directives.draw_up_pack"
FIRST_YEAR = 2024
LONGEST = 20_000
WAYS = {FileForm.XLSX: spreadsheet, FileForm.DOCX: letter}


class NotAsFrozen(Refused):
    """What is kept is not what was frozen: nothing is handed out."""

    code = "not_as_frozen"
    status = 500
    message = gettext_lazy("This file is not as it was frozen, so it is not handed out. Tell the administrator.")


def years(now: datetime) -> list[int]:
    """The years that may be reported on, the latest first."""
    return list(range(timezone.localtime(now).year, FIRST_YEAR - 1, -1))


@transaction.atomic
def freeze(year: int, *, as_of: datetime, digest: str, findings: str, reason: str, by: Any) -> ReportPack:
    """Freeze what was shown: the report as of that moment, which is drawn up again and must be the same.

    Raises `RightMissing`, `InvalidInput`, `ReasonRequired`."""
    now = timezone.now()
    if not by.has_perm(DRAW_UP):
        raise RightMissing
    wrong: dict[str, list[Any]] = {}
    if year not in years(now):
        wrong["year"] = [_("Choose one of the offered values.")]
    if has_unstorable(findings + reason) or len(findings) > LONGEST:
        wrong["findings"] = [_("At most %(count)s characters, and none that cannot be stored.") % {"count": LONGEST}]
    if not midnight(date(year, 1, 1)) <= as_of <= now:
        wrong["as_of"] = [_("Look at the report again before you freeze it.")]
    if wrong:
        raise InvalidInput(wrong)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('directives_reportpack'))")
    former = ReportPack.objects.filter(year=year).order_by("-number").first()
    if former and not clean(reason):
        raise ReasonRequired
    figures = drawn_up(year, as_of, "")
    if digest_of(figures) != digest:
        raise InvalidInput({"digest": [_("The figures changed while you read: look again, then freeze.")]})
    content = figures | {"findings": findings.strip()}
    with as_system():
        made = ReportPack.objects.create(
            year=year, number=former.number + 1 if former else 1, as_of=as_of, content=content,
            digest=digest_of(content), reason=clean(reason) if former else "", former=former, by=by,
            maker=by.get_full_name() or by.get_username(), at=now,
        )  # fmt: skip
        PackFile.objects.bulk_create(
            PackFile(pack=made, form=form, content=file, digest=mark_of(file)) for form, file in files_of(made).items()
        )
    return made


def files_of(pack: ReportPack) -> dict[FileForm, bytes]:
    """The files of a pack, made from what it froze: each time the same bytes."""
    former = pack.former
    edition = Edition(
        pack.number, pack.maker, pack.at, former.number if former else 0, former.digest if former else "", pack.reason
    )
    document = laid_out(pack.content, edition)
    return {form: make(document) for form, make in WAYS.items()}


def handed_out(pack: ReportPack, form: str, *, by: Any) -> bytes:
    """A file of a pack, after it proved to be what was frozen and was written down.

    Raises `Http404`, `NotAsFrozen`, `NotRecorded`."""
    found = PackFile.objects.visible_to(by).select_related("pack").filter(pack=pack, form=form).first()
    if found is None:
        raise Http404
    content = bytes(found.content)
    if mark_of(content) != found.digest or digest_of(found.pack.content) != found.pack.digest:
        log.error("pack_not_as_frozen", pack=pack.pk, form=form)
        raise NotAsFrozen
    record_first(Act.EXPORT, by=by, about=pack, reason=f"{form} {found.digest[:12]}")
    return content
