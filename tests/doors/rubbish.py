"""Malformed submissions, always the same for the same seed: what people, broken programs and attackers send."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote_from_bytes
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

LONG = "đ" * 30_000
TEXTS: tuple[str, ...] = (
    "", " ", "\x00", "a\x00b", "\x1b[31m", "\u202etxt.exe", "\ufeff", "\ufffe", "\U0010ffff", "e\u0323\u0302" * 40,
    "Bệnh viện".encode().decode("latin-1"), "Cho\u031b\u0300 la\u0302u", "👩‍👩‍👧‍👦" * 50, "\u0301" * 2000, LONG,
    "x" * 200_000, "<script>alert(1)</script>", "'; DROP TABLE feedback_case; --", "{{ 7*7 }}", "%s%n%x", "../../etc",
    "=HYPERLINK(\"x\")", "NaN", "null", "true", "-1", "9" * 400, "1e999", "2026-02-30", "0001-01-01", "9999-12-31",
    "\r\nSet-Cookie: x=1", "٣", "²", "T01", "QUYTRINH.01", "\t\t\n", "\u2028\u2029", "\xa0", "a" * 101, "0" * 21,
)  # fmt: skip
VALUES: tuple[Any, ...] = (*TEXTS, None, True, 0, -1, 10**40, 1.5, [], {}, [[]], {"": ""}, ["x"] * 50, {"a": {"b": 1}})
BYTES = (
    b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x00" * 20, b"\x80" * 40, b"%00", b"%ff%fe",
    b"%", b"%u0041", b"\xe2\x28\xa1", b"\x1f\x8b\x08\x00",
)  # fmt: skip
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_WORKBOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="A" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="r1" Type="{_OFFICE}/worksheet"'
    ' Target="worksheets/sheet1.xml"/></Relationships>',
}


@dataclass(frozen=True)
class Sent:
    """One request as it goes over the line."""

    body: bytes
    content_type: str


class Dice:
    """Draws rubbish. `fields` are those of a submission that would be taken."""

    def __init__(self, seed: int, fields: Mapping[str, Any]) -> None:
        self.dice = random.Random(seed)
        self.fields = dict(fields)

    def spoilt(self, values: tuple[Any, ...]) -> dict[str, Any]:
        """The submission with something wrong in one to three places, or missing, or unknown."""
        given = dict(self.fields)
        for name in self.dice.sample(sorted(given), self.dice.randint(1, min(3, len(given)))):
            if self.dice.random() < 0.15:
                del given[name]
            else:
                given[name] = self.dice.choice(values)
        if self.dice.random() < 0.2:
            given[self.dice.choice([*TEXTS, "id", "status", "source"])[:50]] = self.dice.choice(values)
        return given

    def broken(self, body: bytes) -> bytes:
        """Bytes that were cut, exchanged, doubled or put in."""
        if not body:
            return self.dice.choice(BYTES)
        place = self.dice.randrange(len(body))
        return self.dice.choice(
            (
                body[:place],
                body[:place] + self.dice.choice(BYTES) + body[place:],
                body[:place] + bytes([self.dice.randrange(256)]) + body[place + 1 :],
                body + body,
                self.dice.choice(BYTES),
                self.dice.randbytes(60),
            )
        )

    def as_json(self) -> Sent:
        kind = self.dice.random()
        if kind < 0.03:
            return Sent(self.dice.choice((b"[", b'{"a":')) * 50_000, "application/json")
        body = json.dumps(self.spoilt(VALUES), ensure_ascii=self.dice.random() < 0.5)
        raw = body.encode("utf-8", "surrogatepass")
        if self.dice.random() < 0.1:
            raw = raw.replace(b'"}', b'\\ud800"}', 1)
        return Sent(self.broken(raw) if kind > 0.6 else raw, self._type("application/json"))

    def as_form(self) -> Sent:
        pairs = [(name, value) for name, value in self.spoilt(TEXTS).items()]
        if self.dice.random() < 0.15:
            pairs += pairs
        if self.dice.random() < 0.03:
            pairs += [(f"x{number}", "1") for number in range(600)]
        body = "&".join(f"{_quoted(str(name))}={_quoted(str(value))}" for name, value in pairs).encode()
        if self.dice.random() < 0.35:
            body = self.broken(body)
        return Sent(body, self._type("application/x-www-form-urlencoded"))

    def as_multipart(self) -> Sent:
        edge = self.dice.choice(("edge", "e" * 60, "--", "x y"))
        lines = []
        for name, value in self.spoilt(TEXTS).items():
            lines.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n')
        name = self.dice.choice(("anh.png", "../a.pdf", "x" * 300 + ".jpg", "a\x00.png", "", "anh.svg"))
        lines.append(
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            f"Content-Type: {self.dice.choice(('image/png', 'x', ''))}\r\n\r\n\x89PNG\r\n\x1a\n\r\n--{edge}--\r\n"
        )
        body = "".join(lines).encode("utf-8", "surrogatepass")
        if self.dice.random() < 0.4:
            body = self.broken(body)
        return Sent(body, self._type(f"multipart/form-data; boundary={edge}"))

    def as_letter(self) -> Sent:
        """An e-mail: broken headers, encodings, parts within parts."""
        given = self.spoilt(TEXTS)
        charset = self.dice.choice(("utf-8", "latin-1", "x-khong-co", "utf-7", "cp1258"))
        encoding = self.dice.choice(("8bit", "base64", "quoted-printable", "x-la", "7bit"))
        subject = self.dice.choice((str(given.get("subject", "")), "=?utf-8?B?###?=", "=?x?Q?=ff?=", "x" * 5000))
        head = (
            f"From: {given.get('from', '')}\r\nSubject: {subject}\r\nMessage-ID: <{self.dice.random()}@x>\r\n"
            f"MIME-Version: 1.0\r\nDate: {given.get('date', '')}\r\n"
        )
        body = str(given.get("text", ""))
        if self.dice.random() < 0.5:
            deep = "".join(f"--e{n}\r\nContent-Type: multipart/mixed; boundary=e{n + 1}\r\n\r\n" for n in range(40))
            head += "Content-Type: multipart/mixed; boundary=e0\r\n"
            body = (
                f"{deep}--e40\r\nContent-Type: text/plain; charset={charset}\r\n"
                f"Content-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n--e40\r\n"
                f'Content-Disposition: attachment; filename="{given.get("file", "")}"\r\n\r\nx\r\n'
            )
        else:
            head += f"Content-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n"
        raw = f"{head}\r\n{body}".encode("utf-8", "surrogatepass")
        return Sent(self.broken(raw) if self.dice.random() < 0.4 else raw, "message/rfc822")

    def as_sheet(self) -> Sent:
        """A CSV file whose headings are right and whose rows are not."""
        rows = [";".join(self.fields)]
        for _row in range(self.dice.randint(0, 4)):
            given = self.spoilt(TEXTS)
            rows.append(";".join(str(given.get(name, "")) for name in self.fields))
        raw = "\n".join(rows).encode(self.dice.choice(("utf-8", "utf-16", "utf-8-sig")), "surrogatepass")
        return Sent(self.broken(raw) if self.dice.random() < 0.4 else raw, "text/csv")

    def as_workbook(self) -> Sent:
        """An Excel workbook: right headings over rows that are not, parts that are missing or of another kind."""
        texts = [value for value in TEXTS if value.isprintable()]  # others no program can put into XML, see `_cell`
        rows = [list(self.fields)]
        for _row in range(self.dice.randint(0, 4)):
            given = self.spoilt(TEXTS if self.dice.random() < 0.3 else tuple(texts))
            rows.append([str(given.get(name, "")) for name in self.fields])
        told = [[_text_cell(value) for value in rows[0]], *([self._cell(value) for value in row] for row in rows[1:])]
        lines = "".join(f"<row>{''.join(cells)}</row>" for cells in told)
        size = self.dice.choice(("", "", "", '<dimension ref="A1:XFD1048576"/>', '<dimension ref="?"/>'))
        sheet = f'<worksheet xmlns="{_MAIN}">{size}<sheetData>{lines}</sheetData></worksheet>'
        if self.dice.random() < 0.1:
            sheet = f'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/hostname">]>{sheet}'
        parts = _WORKBOOK | {"xl/worksheets/sheet1.xml": sheet}
        if self.dice.random() < 0.2:
            name = self.dice.choice(sorted(parts))
            del parts[name]
            if self.dice.random() < 0.5:
                parts[name] = self.dice.choice(("", "<a", "\x00", "<worksheet/>", "{}"))
        raw = _packed(parts)
        return Sent(self.broken(raw) if self.dice.random() < 0.4 else raw, "application/vnd.ms-excel")

    def _cell(self, value: str) -> str:
        if self.dice.random() < 0.98:
            return _text_cell(value)
        odd = ("s", "n", "b", "d", "e", "x")  # places in a table of strings that is not there, numbers, days, faults
        return f'<c t="{self.dice.choice(odd)}" s="{self.dice.choice((0, 14, 999))}"><v>{escape(value)}</v></c>'

    def _type(self, usual: str) -> str:
        odd = ("text/plain", "", "multipart/form-data", "application/xml", f"{usual}; charset=utf-7", usual * 3)
        return self.dice.choice(odd) if self.dice.random() < 0.05 else usual


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


def _text_cell(value: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def _packed(parts: Mapping[str, str]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content.encode("utf-8", "surrogatepass"))
    return packed.getvalue()
