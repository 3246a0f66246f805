"""What would be proposed from this letter? For a person in words, for a program as JSON. Nothing is stored."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from common.exceptions import Refused
from directives.files.reading import MAX_BYTES, text_of
from directives.reading.letter import read_letter
from directives.reading.words import proposal_in_words


class Command(BaseCommand):
    help = (
        "Read a Vietnamese directive or official letter (TXT, DOCX, PDF with text) and print the duties it proposes,"
        " with the lines they come from, what is no duty, and what could not be read. Nothing is stored."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the letter")
        parser.add_argument("--json", action="store_true", help="print the proposal for a program")
        parser.add_argument("--language", choices=["vi", "en"], default="vi", help="of the words")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            try:
                proposal = read_letter(text_of(_content(options["file"])))
            except Refused as refused:
                raise CommandError(str(refused)) from refused
            if options["json"]:
                self.stdout.write(json.dumps(proposal.as_json(), ensure_ascii=False, indent=1))
                return
            for line in proposal_in_words(proposal):
                self.stdout.write(line)


def _content(path: Path) -> bytes:
    """The file's bytes, at most one more than are allowed."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as fault:
        raise CommandError(
            _("The file %(path)s cannot be opened: %(reason)s") % {"path": path, "reason": fault.strerror}
        ) from fault
