"""PDF: each page drawn as it is seen, and a new paper made of the pictures.

What a reader program could run, fetch, unfold or tell (scripts, actions, attachments, form programs, author, hidden
layers, words under black bars) is not copied, because nothing but the look of the pages is."""

import re
from io import BytesIO

import pypdfium2 as pdfium

from common.cleaning import Outcome, Unclean, limits

SCALE = 150 / 72  # dots per point: small print stays readable
LONGEST = 2600  # pixels of a side, however large the sheet is
QUALITY = 80
_MARGIN = 512  # bytes at the beginning and at the end
_MOMENT = re.compile(rb"(/CreationDate\(D:)(\d{14})([^)]{0,8}\))")
_NUMBER = re.compile(rb"/ID ?\[<[0-9A-F]{32}> ?<[0-9A-F]{32}>\]")


def clean(content: bytes, most: int) -> tuple[Outcome, bytes]:
    """The same pages as pictures, without anything else."""
    try:
        sent = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as fault:
        raise Unclean(Outcome.LOCKED if "password" in str(fault).lower() else Outcome.BROKEN) from None
    pages = len(sent)
    if not pages:
        raise Unclean(Outcome.BROKEN)
    if pages > most:
        raise Unclean(Outcome.TOO_MANY_PAGES)
    limits.allow_for(pages)
    sent.init_forms()  # what was filled in is drawn too; this build of the library knows no scripts
    made = pdfium.PdfDocument.new()
    for number in range(pages):
        _draw(sent, number, made)
    copy = BytesIO()
    made.save(copy)
    return Outcome.CLEAN, _timeless(copy.getvalue())


def _timeless(paper: bytes) -> bytes:
    """The same without the moment of drawing and the random number that the library writes: the same paper sent twice
    gives the same bytes, by which a retry is recognised."""
    head, tail = paper[:_MARGIN], paper[-_MARGIN:]
    head = _MOMENT.sub(lambda found: found[1] + b"0" * len(found[2]) + found[3], head, count=1)
    tail = _NUMBER.sub(lambda found: re.sub(rb"[0-9A-F]", b"0", found[0]), tail)
    return head + paper[_MARGIN:-_MARGIN] + tail if len(paper) > 2 * _MARGIN else paper


def _draw(sent: pdfium.PdfDocument, number: int, made: pdfium.PdfDocument) -> None:
    page = sent[number]
    width, height = page.get_size()
    if not (0 < width < 20_000 and 0 < height < 20_000):
        raise Unclean(Outcome.TOO_MANY_PIXELS)
    scale = min(SCALE, LONGEST / max(width, height))
    seen = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    page.close()
    jpeg = BytesIO()
    seen.save(jpeg, "JPEG", quality=QUALITY)
    picture = pdfium.PdfImage.new(made)
    picture.load_jpeg(jpeg, inline=True, autoclose=False)
    picture.set_matrix(pdfium.PdfMatrix().scale(width, height))
    sheet = made.new_page(width, height)
    sheet.insert_obj(picture)
    sheet.gen_content()
    sheet.close()
