"""The clean copy of a file, made in a child process with limits (`common.cleaning`)."""

import subprocess
import sys
from tempfile import TemporaryFile
from typing import IO

import structlog
from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext_lazy as _

from common.cleaning import Outcome
from common.uploads import kinds
from common.uploads.kinds import FileKind
from common.uploads.refusing import FileRefused

SECONDS = 45  # by the wall clock; the child's own limit of CPU time is far below
log = structlog.get_logger("common.uploads")

SENTENCES = {
    Outcome.BROKEN: _("%(name)s is damaged, or too odd to be opened safely."),
    Outcome.TOO_MANY_PIXELS: _("%(name)s has too many points. Send it in a smaller size."),
    Outcome.TOO_MANY_PAGES: _("%(name)s has too many pages. Send the pages that matter."),
    Outcome.TOO_MUCH_INSIDE: _("%(name)s unpacks to far more than it seems. Send it in parts."),
    Outcome.ACTIVE: _(
        "%(name)s holds macros, embedded programs or links to other files. Save it without them, or as PDF."
    ),
    Outcome.LOCKED: _("%(name)s is locked with a password. Send it without one."),
}


def clean_copy(sent: File, kind: FileKind, name: str) -> tuple[FileKind, File]:
    """What is kept instead of what was sent, and which kind it is. Raises `FileRefused`. A fraction of a second for a
    picture, some tenths of a second per page."""
    made = TemporaryFile()  # noqa: SIM115 - it outlives this function, as the content of what it returns
    with TemporaryFile() as given:
        for chunk in sent.chunks():
            given.write(chunk)
        given.seek(0)
        outcome = _cleaned(kind, given, made)
    if outcome in (Outcome.CLEAN, Outcome.CLEAN_WORD, Outcome.CLEAN_EXCEL):
        found = {Outcome.CLEAN_WORD: kinds.WORD, Outcome.CLEAN_EXCEL: kinds.EXCEL}.get(outcome, kind)
        made.seek(0)
        return found, File(made, name)
    made.close()
    raise FileRefused(SENTENCES[outcome] % {"name": name})


def _cleaned(kind: FileKind, given: IO[bytes], made: IO[bytes]) -> Outcome:
    most = settings.UPLOAD_MAX_PAGES if kind is kinds.PDF else settings.UPLOAD_MAX_PIXELS
    words = [sys.executable, "-E", "-s", "-B", "-m", "common.cleaning", kind.cleaner, str(most)]
    try:
        # without our environment: it holds the keys
        done = subprocess.run(
            words, stdin=given, stdout=made, stderr=subprocess.DEVNULL, env={}, cwd=settings.BASE_DIR, timeout=SECONDS,
            check=False,
        )  # fmt: skip
        return Outcome(done.returncode)
    except subprocess.TimeoutExpired:
        return Outcome.BROKEN
    except ValueError:  # a signal, or the interpreter's own end: it ran out of what it may use, or was brought down
        log.warning("cleaning_ended_early", kind=kind.cleaner, status=done.returncode)
        return Outcome.BROKEN
    except OSError as fault:
        log.error("cleaning_cannot_start", fault=type(fault).__name__)
        raise FileRefused(
            _("Files cannot be looked at right now. Send the text without them, and add them later.")
        ) from None
