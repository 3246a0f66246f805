"""What arrives at the citizen's doors when nobody means well, or the line is bad: made anew from a seed, as many as one
likes."""

from random import Random
from typing import Any
from urllib.parse import quote, quote_from_bytes

from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.files import JPEG, PDF, PNG, letter, recording

TEXTS = (
    "Chờ lâu quá ở quầy phát thuốc.",
    "Cho\u031b\u0300 la\u0302u qua\u0301",
    "\u202eđảo chiều\u202c",
    "👩‍⚕️👨‍👩‍👧‍👦" * 20,
    "a\u200d\u200b\ufeffb",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800",
    "\x1b[31m",
    "\r\n.\r\n",
    "'; DROP TABLE feedback_case;--",
    "{{7*7}}${7*7}<%=7%>",
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A1",
    "%s%n%x",
    "../../etc/passwd",
    "\N{COMBINING DIAERESIS}" * 3000,
    "x" * 20_001,
    "x" * 19_999,
    " " * 5000,
    "\n" * 5000,
    "null",
    "true",
    "-1",
    "9" * 400,
    "１２３",
    "٣",
    "NaN",
    "[]",
    "{}",
    "\ufffd" * 9,
    "𝕊𝕠́",
    "ﷺ" * 400,
    "İıſK",
    "a" * 5001,
    "",
)
DAYS = (
    "31/02/2026",
    "00/00/0000",
    "2026-13-45",
    "9999-12-31",
    "0001-01-01",
    "1/1/1",
    "99999999",
    "٢٠/١١/٢٠٢٦",
    "tomorrow",
    "20112026",
)
PHONES = ("0912 345 678", "+84" * 30, "０９１２", "tel:115", "(", "1" * 16, "12")
MAILS = ("a@b", "@", "a@b.vn\nBcc: x@y.vn", "a" * 300 + "@b.vn", "é@x.vn", "nguoidan@example.vn")
NAMES = (
    "body",
    "facility_said",
    "facility",
    "occurred_on",
    "category",
    "name",
    "phone",
    "email",
    "is_confidential",
    "key",
    "language",
    "find",
    "code",
    "act",
    "text",
    "satisfaction",
    "comment",
    "files",
    "lạ",
    "body[]",
    "__proto__",
)
FILES = (
    PNG,
    JPEG,
    PDF,
    letter(),
    recording(),
    b"<svg/>",
    b"",
    b"MZ",
    PNG[:30],
    b"%PDF-1.4",
    b"PK\3\4",
    b"\xff\xd8\xff" + b"\0" * 99,
)
TYPES = (
    "application/json",
    "text/plain",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "application/xml",
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data; boundary=a; charset=base64",
    "",
    "a/b; c" * 50,
)
SEND, SECRET, FOLLOW = "/phan-anh/", "/phan-anh/kin/", "/tra-cuu/"


class Sender:
    """Sends one bad thing after the other."""

    def __init__(self, client: Client, seed: int, key: Any, code: str) -> None:
        self.client, self.random, self.key, self.code = client, Random(seed), key, code

    def send(self) -> Any:
        """One request, of a way drawn at random; gives the answer."""
        ways = (
            self._form,
            self._form,
            self._form,
            self._with_files,
            self._raw,
            self._cut,
            self._odd_bytes,
            self._query,
        )
        return self.random.choice(ways)()

    def _fields(self, door: str) -> dict[str, Any]:
        draw = self.random
        given: dict[str, Any] = {}
        if door == FOLLOW:
            given = {
                "code": draw.choice((self.code, self.code[:-1], "0" * 26)),
                "act": draw.choice(("add", "rate", "", "xoá")),
            }
        else:
            given = {"key": self.key() if draw.random() < 0.7 else "x:y:z", "body": draw.choice(TEXTS)}
        for _field in range(draw.randrange(7)):
            name = draw.choice(NAMES)
            if name not in given or draw.random() < 0.2:
                given[name] = self._value(name)
        return given

    def _value(self, name: str) -> Any:
        pool = {"occurred_on": DAYS, "phone": PHONES, "email": MAILS}.get(name, TEXTS)
        value = self.random.choice(pool if self.random.random() < 0.8 else TEXTS)
        return [value, self.random.choice(TEXTS)] if self.random.random() < 0.1 else value

    def _door(self) -> str:
        return self.random.choice((SEND, SEND, SECRET, FOLLOW))

    def _form(self) -> Any:
        door = self._door()
        pairs = []
        for name, value in self._fields(door).items():
            for one in value if isinstance(value, list) else [value]:
                encoded = quote_from_bytes(one.encode("utf-8", "surrogatepass"))
                pairs.append(f"{quote(name)}={encoded}")
        return self.client.post(door, "&".join(pairs), content_type="application/x-www-form-urlencoded")

    def _with_files(self) -> Any:
        return self.client.generic("POST", *self._multipart())

    def _multipart(self) -> tuple[str, bytes, str]:
        door = self._door()
        fields = {
            name: [one.encode("utf-8", "replace").decode() for one in (value if isinstance(value, list) else [value])]
            for name, value in self._fields(door).items()
            if name != "files"
        }
        body = encode_multipart(BOUNDARY, fields)
        parts = b""
        for number in range(self.random.choice((1, 1, 2, 6, 9))):
            name = self.random.choice(("a.png", "../../x", '"; x="', "\u202eexe.gpj", "é" * 300, "")).encode()
            parts += b"--" + BOUNDARY.encode() + b'\r\nContent-Disposition: form-data; name="files"; filename="' + name
            parts += (
                b'"\r\nContent-Type: image/png\r\n\r\n' + self.random.choice(FILES[5:] if number else FILES) + b"\r\n"
            )
        return door, parts + body, MULTIPART_CONTENT

    def _cut(self) -> Any:
        door, body, kind = self._multipart()
        return self.client.generic("POST", door, body[: self.random.randrange(len(body))], kind)

    def _odd_bytes(self) -> Any:
        door, body, kind = self._multipart()
        changed = bytearray(body)
        for _byte in range(self.random.choice((1, 5, 50))):
            changed[self.random.randrange(len(changed))] = self.random.randrange(256)
        return self.client.generic("POST", door, bytes(changed), kind)

    def _raw(self) -> Any:
        body = self.random.choice(
            (b"", b"\xff\xfe", b"{", b"&&&===", b"a=" * 700, b"%", b"%zz=%", self.random.randbytes(300))
        )
        return self.client.generic(
            self.random.choice(("POST", "POST", "PUT", "DELETE")), self._door(), body, self.random.choice(TYPES)
        )

    def _query(self) -> Any:
        path = self.random.choice(("/cong-khai/", "/phan-anh/co-so.json", "/", "/tra-cuu/", "/phan-anh/", "/thoat/"))
        name = self.random.choice(("q", "co-so", "linh-vuc", "truoc", "code", "find", "x[]"))
        value = self.random.choice(TEXTS).encode("utf-8", "surrogatepass")[:1500]
        return self.client.get(f"{path}?{name}={quote_from_bytes(value)}")
