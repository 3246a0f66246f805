"""Small honest files of every kind that is taken, as a telephone or an office would make them."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (24, 16), color: str = "#1c5757", **more: Any) -> bytes:
    """A picture in one colour."""
    drawn = BytesIO()
    Image.new("RGB", size, color).save(drawn, kind, **more)
    return drawn.getvalue()


def pdf(*pages: str, catalog: str = "", page: str = "", more: str = "") -> bytes:
    """A PDF with a line of text on each page; `catalog`, `page` and `more` are put into its objects as they are."""
    pages = pages or ("Bien ban",)
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        f"1 0 obj<</Type/Catalog/Pages 2 0 R{catalog}>>endobj",
        f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>endobj",
        "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj",
    ]
    for number, text in enumerate(pages):
        drawn = f"BT /F1 24 Tf 40 700 Td ({text}) Tj ET"
        objects += [
            f"{10 + 2 * number} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
            f"/Resources<</Font<</F1 3 0 R>>>>/Contents {11 + 2 * number} 0 R{page}>>endobj",
            f"{11 + 2 * number} 0 obj<</Length {len(drawn)}>>stream\n{drawn}\nendstream endobj",
        ]
    return "\n".join(["%PDF-1.4", *objects, more, "trailer<</Root 1 0 R>>", "%%EOF\n"]).encode()


def recording(text: str = "", frames: int = 12) -> bytes:
    """Silence of a few frames (MPEG-2, layer III), each of which carries a text that survives the cleaning."""
    frame = b"\xff\xf3\x40\xc4" + text.encode()[:100].ljust(100, b"\0")  # 32 kbit/s at 22,050 Hz: 104 bytes
    return frame * frames


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP of these parts."""
    packed = BytesIO()
    with ZipFile(packed, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return packed.getvalue()


_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def letter(
    body: str = "<w:p><w:r><w:t>Chào</w:t></w:r></w:p>",
    *,
    types: str = "",
    links: str = "",
    parts: dict[str, str | bytes] | None = None,
    main: str = _MAIN,
) -> bytes:
    """A Word file; what is given is put into it as it is."""
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/>{types}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument"'
            ' Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{_LINKS}">{links}</Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
        }
        | (parts or {})
    )


PNG, JPEG, PDF = picture(), picture("JPEG"), pdf()


def upload(name: str = "anh.png", content: bytes = PNG) -> SimpleUploadedFile:
    """A file as a form sends it."""
    return SimpleUploadedFile(name, content)
