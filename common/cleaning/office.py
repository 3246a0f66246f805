"""Word and Excel files: unpacked within limits, refused with programs in them, packed anew without who wrote them."""

import posixpath
import re
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from common.cleaning import Outcome, Unclean, limits, pictures

MOST_PARTS, MOST_BYTES, MOST_RATIO, MOST_PIXELS = 2_000, 60 * 1024**2, 200, 50_000_000
SMALL = 1024 * 1024  # a little text packs very well: its ratio says nothing
_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": Outcome.CLEAN_WORD,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": Outcome.CLEAN_EXCEL,
}
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff")
_KEPT = re.compile(
    r"(\[Content_Types\]\.xml|(_rels|docProps|word|xl|customXml)/([\w \-]+/)*[\w \-]*[\w.]*"
    r"\.(xml|rels|vml|jpe?g|png|emf|wmf|gif|bmp|tiff?|bin|odttf))\Z"
)
_PRINTER = re.compile(r"xl/printerSettings/\w+\.bin\Z")  # names a computer; an empty one is read as none
# of programs, and of what fetches something when the file is opened
_ACTIVE_PART = re.compile(
    r"vba|macro|activex|embeddings|oleobject|externallinks|connections\.xml|querytables|dialogsheets|customui"
    r"|webextension|attachedtoolbars|\.bin\Z",
    re.IGNORECASE,
)
_ACTIVE_TYPE = re.compile(
    rb"macroEnabled|vbaProject|activeX|ms-office\.vba|oleObject|externalLink|macrosheet", re.IGNORECASE
)
_ACTIVE_FIELD = re.compile(r"\b(DDE(AUTO)?|INCLUDE(TEXT|PICTURE)|(LINK|DATABASE|IMPORT)\s+[\w\\\"]+\.)", re.IGNORECASE)
_ACTIVE_FORMULA = re.compile(r"\b(WEBSERVICE|RTD|CALL|REGISTER(\.ID)?|EXEC)\s*\(|\w\|\s*'", re.IGNORECASE)
_LINK = re.compile(r"(https?://|mailto:|tel:|#)", re.IGNORECASE)
_WHO = re.compile(r"author|initials|lastmodifiedby|userid|username|providerid|rsid\w*|personid", re.IGNORECASE)
_EMPTY = {
    "docProps/core.xml": b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def clean(content: bytes, most: int) -> tuple[Outcome, bytes]:
    """The same letter or table, packed anew."""
    try:
        sent = ZipFile(BytesIO(content))
    except BadZipFile:
        raise Unclean(Outcome.BROKEN) from None
    parts = dict(_unpacked(sent))
    outcome = _kind(parts.get("[Content_Types].xml", b""))
    limits.allow_for(4 * sum(name.lower().endswith(_PICTURES) for name in parts))
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            entry = ZipInfo(name)  # with the first day that a ZIP knows: when it was written is nobody's business
            entry.compress_type = ZIP_DEFLATED
            packed.writestr(entry, _cleaned(name, part, parts))
    return outcome, made.getvalue()


def _unpacked(sent: ZipFile) -> Iterator[tuple[str, bytes]]:
    entries = sent.infolist()
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Unclean(Outcome.TOO_MUCH_INSIDE)
    if len(names) != len(entries):  # which of two parts counts is up to the reader program
        raise Unclean(Outcome.BROKEN)
    for entry in entries:
        if entry.is_dir():
            continue
        if entry.flag_bits & 1:
            raise Unclean(Outcome.LOCKED)
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise Unclean(Outcome.TOO_MUCH_INSIDE)
        if _ACTIVE_PART.search(entry.filename) and not _PRINTER.match(entry.filename):
            raise Unclean(Outcome.ACTIVE)
        if ".." in entry.filename or not _KEPT.match(entry.filename):
            continue  # thumbnails, signatures and what else lies around; nothing that is read
        with sent.open(entry) as part:
            unpacked = part.read(entry.file_size + 1)
        if len(unpacked) > entry.file_size:
            raise Unclean(Outcome.BROKEN)
        yield entry.filename, unpacked


def _kind(types: bytes) -> Outcome:
    if _ACTIVE_TYPE.search(types):
        raise Unclean(Outcome.ACTIVE)
    for override in _parsed(types).iter("{*}Override"):
        if outcome := _MAIN.get(override.get("ContentType", "")):
            return outcome
    raise Unclean(Outcome.BROKEN)


def _cleaned(name: str, part: bytes, parts: Collection[str]) -> bytes:
    if name in _EMPTY:
        return _HEAD + _EMPTY[name]
    ending = name.lower()
    if ending.endswith(_PICTURES):
        return pictures.clean(part, MOST_PIXELS, pictures.IN_LETTERS)[1]
    if ending.endswith((".xml", ".rels", ".vml")):
        return _cleaned_text(name, part, parts)
    return b"" if _PRINTER.match(name) else part


def _cleaned_text(name: str, part: bytes, parts: Collection[str]) -> bytes:
    root = _parsed(part)
    _forget_missing(name, root, parts)
    _refuse_links(root)
    _refuse_fields(root)
    for element in root.iter(etree.Element):
        for attribute in element.attrib:
            if _WHO.fullmatch(etree.QName(attribute).localname):
                # Word wants to see somebody beside a change
                element.set(attribute, "" if "rsid" not in attribute.lower() else "00000000")
        if name.startswith(("xl/comments", "xl/persons")) and etree.QName(element).localname == "author":
            element.text = ""
    for comment in root.xpath("//comment() | //processing-instruction()"):
        if comment.getparent() is not None:
            comment.getparent().remove(comment)
    return _HEAD + etree.tostring(root)


def _forget_missing(name: str, root: etree._Element, parts: Collection[str]) -> None:
    """Take out what points to a part that was left behind."""
    for override in [*root.iter("{*}Override")]:
        if override.get("PartName", "").lstrip("/") not in parts:
            override.getparent().remove(override)
    base = PurePosixPath(name).parent.parent
    for link in [*root.iter("{*}Relationship")]:
        target = link.get("Target", "")
        place = posixpath.normpath(target.lstrip("/") if target.startswith("/") else str(base / target))
        if link.get("TargetMode", "").lower() != "external" and place not in parts and not target.startswith("#"):
            link.getparent().remove(link)


def _parsed(part: bytes) -> etree._Element:
    if b"<!DOCTYPE" in part[:4096] or b"<!ENTITY" in part:
        raise Unclean(Outcome.ACTIVE)
    try:
        root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError:
        raise Unclean(Outcome.BROKEN) from None
    if root.getroottree().docinfo.doctype:  # written in an encoding that hid it
        raise Unclean(Outcome.ACTIVE)
    return root


def _refuse_links(root: etree._Element) -> None:
    for link in root.iter("{*}Relationship"):
        if link.get("TargetMode", "").lower() != "external":
            continue
        is_read = link.get("Type", "").endswith("/hyperlink") and _LINK.match(link.get("Target", ""))
        if not is_read:
            raise Unclean(Outcome.ACTIVE)


def _refuse_fields(root: etree._Element) -> None:
    """Fields of Word (their words may be cut into many runs) and formulas of Excel that start or fetch something."""
    words = "".join(element.text or "" for element in root.iter("{*}instrText"))
    words += " ".join(str(value) for field in root.iter("{*}fldSimple") for value in field.attrib.values())
    if _ACTIVE_FIELD.search(words):
        raise Unclean(Outcome.ACTIVE)
    if any(element.text and _ACTIVE_FORMULA.search(element.text) for element in root.iter("{*}f", "{*}definedName")):
        raise Unclean(Outcome.ACTIVE)
