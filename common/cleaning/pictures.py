"""Pictures: decoded and drawn anew, so that nothing is left but what one sees."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from common.cleaning import Outcome, Unclean

LONGEST = 3200  # pixels of a side: a page of paper stays readable
QUALITY = 85
ALONE = ("JPEG", "PNG", "WEBP")
IN_LETTERS = ("JPEG", "PNG", "GIF", "BMP", "TIFF")


def clean(content: bytes, most: int, formats: tuple[str, ...] = ALONE) -> tuple[Outcome, bytes]:
    """The same picture without EXIF, place, author, comments, profile or further frames."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # judged here, from the head, before a pixel is decoded
    with Image.open(BytesIO(content), formats=formats) as picture:
        kind = "JPEG" if picture.format == "MPO" else str(picture.format)
        if picture.width * picture.height > most:
            raise Unclean(Outcome.TOO_MANY_PIXELS)
        # before anything else: a JPEG is then decoded at a fraction of its size
        picture.thumbnail((LONGEST, LONGEST), reducing_gap=2.0)
        upright = ImageOps.exif_transpose(picture)
    bare = Image.new(*_paper(upright, kind))
    bare.paste(upright.convert(bare.mode))
    drawn = BytesIO()
    bare.save(drawn, kind, **({"quality": QUALITY} if kind in ("JPEG", "WEBP") else {}))
    return Outcome.CLEAN, drawn.getvalue()


def _paper(picture: Image.Image, kind: str) -> tuple[str, tuple[int, int]]:
    """A new sheet for the picture: what it carries beside its pixels is not copied."""
    is_see_through = kind in ("PNG", "WEBP", "TIFF") and ("A" in picture.getbands() or "transparency" in picture.info)
    is_grey = picture.mode in ("1", "L") and "transparency" not in picture.info
    return ("RGBA" if is_see_through else "L" if is_grey else "RGB"), picture.size
