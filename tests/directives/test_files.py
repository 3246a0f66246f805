"""From files to text: every form that is read, every fault said in one sentence."""

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter

from directives.files import reading
from directives.files.reading import MAX_BYTES, UnreadableLetter, text_of
from directives.reading.letter import read_letter
from tests.directives.test_letters import LETTERS, expected, letter, told

NAME = "phu-lang-quyet-dinh-77"


def word(*paragraphs: str, table: list[list[str]] | None = None) -> bytes:
    document, stream = Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        grid = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
    document.save(stream)
    return stream.getvalue()


def pdf(*, password: str = "") -> bytes:
    writer, stream = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_each_encoding_that_says_itself(encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert text_of(mark + letter(NAME).encode(encoding)) == letter(NAME)


def test_a_word_document_reads_as_its_text():
    content = word(*(line for line in letter(NAME).split("\n") if line))
    assert read_letter(text_of(content)).as_json() == read_letter(letter(NAME)).as_json()


def test_the_rows_of_a_word_table_are_duties():
    content = word(
        "Số: 5/KH-SYT",
        "Kính gửi: Các bệnh viện.",
        "Sở Y tế phân công như sau:",
        table=[
            ["TT", "Nội dung", "Đơn vị thực hiện", "Thời hạn"],
            ["1", "Báo cáo\nsố liệu", "Các trung tâm y tế", "Ngày 10 hằng tháng"],
        ],
    )
    (clause,) = read_letter(text_of(content)).clauses
    assert (clause.party, clause.text, clause.recurrence) == ("TTYT", "Báo cáo số liệu", "FREQ=MONTHLY;BYMONTHDAY=10")


def test_numbers_that_word_writes_itself_are_read():
    document, stream = Document(), io.BytesIO()
    for text in ("Số: 5/CT-SYT", "Kính gửi: Các bệnh viện.", "Sở Y tế yêu cầu:"):
        document.add_paragraph(text)
    document.add_paragraph("Các trạm y tế:", style="List Number")
    document.add_paragraph("Mở cửa đúng giờ;", style="List Bullet")
    document.add_paragraph("Gửi báo cáo trước ngày 05 hằng tháng.", style="List Bullet")
    document.add_paragraph("Các bệnh viện công khai giá dịch vụ.", style="List Number")
    document.save(stream)
    clauses = read_letter(text_of(stream.getvalue())).clauses
    assert [(clause.part, clause.party) for clause in clauses] == [("1-1", "TYT"), ("1-2", "TYT"), ("2", "HOSP")]


def test_a_pdf_with_text_gives_the_duties_of_its_letter():
    content = (LETTERS / "an-tho-don-doc-402.pdf").read_bytes()
    proposal, table = read_letter(text_of(content)).as_json(), expected("an-tho-don-doc-402")
    assert [told(clause) for clause in proposal["clauses"]] == [told(clause) for clause in table["clauses"]]
    assert (proposal["number"], proposal["date"], proposal["signer"]) == (
        table["number"],
        table["date"],
        table["signer"],
    )


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(11):
            archive.writestr(f"word/{number}.xml", b"0" * (10 * 1024 * 1024))
    return stream.getvalue()


def entities() -> bytes:
    """A document whose XML grows a thousandfold when it is parsed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word("x"))) as whole, zipfile.ZipFile(stream, "w") as archive:
        for entry in whole.infolist():
            content = whole.read(entry)
            if entry.filename == "word/document.xml":
                declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
                content = f"<!DOCTYPE d [{declared}]><d>&e9;</d>".encode()
            archive.writestr(entry, content)
    return stream.getvalue()


FAULTS = {
    "empty": (lambda: b"", "trống"),
    "blank": (lambda: b" \r\n", "trống"),
    "too large": (lambda: b"a" * (MAX_BYTES + 1), "20 MB"),
    "old Vietnamese encoding": (lambda: "Kính gửi".encode()[:2] + b"\xf5\xfe Nguy\xd4n", "UTF-8"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8"),
    "binary": (lambda: b"a\x00b", "TXT, DOCX"),
    "old Word": (lambda: b"\xd0\xcf\x11\xe0" + b"0" * 600, ".docx"),
    "broken Word": (lambda: word("a")[:900], "hỏng"),
    "a zip of something else": (lambda: _zip(), "hỏng"),
    "zip bomb": (bomb, "giải nén"),
    "growing XML": (entities, "hỏng"),
    "Word without text": (lambda: word(""), "bản quét"),
    "broken PDF": (lambda: b"%PDF-1.7\n1 0 obj << >>", "hỏng"),
    "scan": (pdf, "bản quét"),
    "locked PDF": (lambda: pdf(password="x"), "mật khẩu"),
}


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")
    return stream.getvalue()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_file_is_said_in_words(fault):
    content, word_of_it = FAULTS[fault]
    with pytest.raises(UnreadableLetter) as refused:
        text_of(content())
    assert word_of_it in str(refused.value)


def test_a_pdf_locked_only_against_changes_is_read():
    whole = PdfWriter(clone_from=PdfReader(Path(LETTERS / "an-tho-don-doc-402.pdf")))
    whole.encrypt(user_password="", owner_password="x", algorithm="RC4-128")
    stream = io.BytesIO()
    whole.write(stream)
    assert "402/SYT-VP" in text_of(stream.getvalue())


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_PAGES", 0)
    with pytest.raises(UnreadableLetter, match="trang"):
        text_of((LETTERS / "an-tho-don-doc-402.pdf").read_bytes())
