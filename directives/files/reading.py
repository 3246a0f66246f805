"""From the bytes of a file to the text of a letter. What is inside decides, not the name."""

import io
import zipfile
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from common.exceptions import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 100 * 1024 * 1024  # a Word document is a zip file: what it would fill once opened
MAX_PARTS = 2_000
MAX_PAGES = 200
OLD_WORD = b"\xd0\xcf\x11\xe0"
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class UnreadableLetter(Refused):
    """A file of which no text can be had."""

    code = "unreadable_letter"
    status = 400


def text_of(content: bytes) -> str:
    """The text of a TXT, DOCX or PDF file. Raises `UnreadableLetter` in words."""
    if len(content) > MAX_BYTES:
        raise UnreadableLetter(_("The file is larger than %d MB. Send the letter without its attachments.") % 20)
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableLetter(_("The file is empty."))
    if content.startswith(OLD_WORD):
        raise UnreadableLetter(
            _("This is an old Word file (.doc) or one with a password. Save it as .docx and send that.")
        )
    if content.startswith(b"PK\x03\x04"):
        return _of_word(content)
    if b"%PDF-" in content[:1024]:
        return _of_pdf(content)
    return _of_plain(content)


# --- plain text ---


def _of_plain(content: bytes) -> str:
    marked = next((encoding for mark, encoding in BYTE_ORDER_MARKS if content.startswith(mark)), None)
    try:
        text = content.decode(marked or "utf-8")
    except UnicodeDecodeError as fault:
        raise UnreadableLetter(
            _("The text is in an encoding that cannot be told for certain. Save it as UTF-8 and send that.")
        ) from fault
    if "\x00" in text:
        raise UnreadableLetter(_("This is not a text. Send the letter as TXT, DOCX or PDF with text."))
    return text


# --- Word ---


def _of_word(content: bytes) -> str:
    from docx import Document  # read in when it is needed: the web process starts without it
    from docx.table import Table

    from .numbering import Numbering

    _refuse_bomb(content)
    try:
        document = Document(io.BytesIO(content))
        numbering = Numbering(document)
        parts = [
            _drawn(block) if isinstance(block, Table) else numbering.marker(block) + block.text
            for block in document.iter_inner_content()
        ]
    except Exception as fault:  # a broken document fails in as many ways as its parts; none of them is our fault
        raise UnreadableLetter(_("The file is damaged or is not a Word document (.docx).")) from fault
    text = "\n\n".join(parts)
    if not text.strip():
        raise UnreadableLetter(_("The Word document holds no text: it may be a scan. Have it recognised first."))
    return text


def _refuse_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise UnreadableLetter(_("The file is damaged or is not a Word document (.docx).")) from fault
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise UnreadableLetter(_("The file is far larger once unpacked than a letter can be."))


def _drawn(table: object) -> str:
    """A table as text: drawn, or, where it only sets the head or the signature side by side, in two columns."""
    rows = [_cells(row) for row in table.rows]  # type: ignore[attr-defined]
    if all(len(row) < 3 for row in rows):
        return "\n".join(line for row in rows for line in _side_by_side(row))
    return "\n".join(f"| {' | '.join(' '.join(cell.split()) for cell in row)} |" for row in rows)


def _cells(row: object) -> list[str]:
    """The cells of a row, a merged one once."""
    cells: list[str] = []
    last = None
    for cell in row.cells:  # type: ignore[attr-defined]
        if cell._tc is not last:
            cells.append(cell.text)
        last = cell._tc
    return cells


def _side_by_side(cells: Iterable[str]) -> list[str]:
    """The left column first, then the right one: head and signature read alike in any order."""
    return [line for cell in cells for line in [*cell.split("\n"), ""]]


# --- PDF ---


def _of_pdf(content: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError("password needed")
        count = len(reader.pages)
        if count <= MAX_PAGES:
            text = "\n".join(page.extract_text() for page in reader.pages)
    except FileNotDecryptedError as fault:
        raise UnreadableLetter(_("The PDF is locked with a password. Send it without one.")) from fault
    except Exception as fault:  # as for Word: anything may be broken in a PDF
        raise UnreadableLetter(_("The file is damaged or is not a PDF.")) from fault
    if count > MAX_PAGES:
        raise UnreadableLetter(
            _("The PDF has more than %d pages. Send the letter without its attachments.") % MAX_PAGES
        )
    if len(text.split()) < count * 3:
        raise UnreadableLetter(
            _("The PDF holds pictures of pages and no text: it is a scan. Have it recognised first.")
        )
    return text
