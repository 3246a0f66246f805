"""The head of a letter (Decree 30/2020/NĐ-CP, annex I): issuer, number, place and date, kind, subject, addressees."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from .citations import CITATION
from .lines import Line, bare, joined
from .markers import DASHES, ends_sentence, is_title, marker_of, starts_small
from .paragraphs import Setting, is_ornament, is_page_number

KINDS = (
    "chi thi|ke hoach|cong dien|quyet dinh|thong bao|huong dan|phuong an|chuong trinh|quy dinh|quy che|to trinh|bao cao"
    "|nghi quyet|cong van|de an|ket luan"
)
MOST_LINES = 60  # within which the body begins

_MOTTO = re.compile(
    r"\bcong\s+hoa\s+xa\s+hoi\s+chu\s+nghia\s+viet\s+nam\b|\bdoc\s*lap\s*-+\s*tu\s*do\s*-+\s*hanh\s*phuc\b"
)
_KIND = re.compile(rf"(?:{KINDS})\s*:?$")
_NUMBER = re.compile(r"\bso\s*[:.]\s*(?=\d|/|\s)|^so\s+(?=\d+\s*/)")
_DATED = re.compile(r"[^,;]{0,80}?,?\s*ngay\s+(?P<day>\d{1,2})\s+thang\s+(?P<month>\d{1,2})\s+nam\s+(?P<year>\d{4})\b")
_UNDATED = re.compile(r"[^,;]{2,30},\s*ngay[\s.…]*(?:\d{1,2})?[\s.…]*thang[\s.…]*(?:\d{1,2})?[\s.…]*nam\s*(?:\d{4})?")
_SUBJECT = re.compile(r"v\s*/\s*v\s*:?\s*|ve viec\s*:?\s*")
_SUBJECT_WORDS = re.compile(r"(?:v\s*/\s*v|ve viec|ve)\s*:?\s+")
_URGENT = re.compile(r"\(?(?:hoa toc|thuong khan|khan|toi mat|tuyet mat|mat|du thao|hen gio)\b[\s\w/:]{0,20}\)?$")
_ADDRESSED = re.compile(r"kinh\s*gui\s*:?\s*")
_WIRED = re.compile(r".*\bdien\s*:$")
_AGENCY = re.compile(
    r"(?:uy ban nhan dan|ubnd|so|bo|tinh|thanh pho|benh vien|trung tam|chi cuc|cuc|huyen|xa|phuong"
    r"|dac khu|tinh uy|hoi dong|ban|cong ty|tram|vien|van phong|"
    r"chinh phu|thu tuong|khu vuc|phong kham|ban chi dao|dang uy|quan)\b"
)
_PLACE = re.compile(r"(?:tinh|thanh pho|tp\.?|huyen|xa|phuong|dac khu|thi xa)\s+")
_SPEAKING = re.compile(
    r"\b((?:Sở|Bộ|Chi cục) [A-ZĐ][\w]*(?: [a-zđ]\w+)?|Ủy ban nhân dân \w+|UBND \w+|Bệnh viện [A-ZĐ][\w ]{2,30}?)"
    r" (?:yêu cầu|đề nghị|nhận thấy|chỉ đạo|phân công|giao|thông báo|ban hành|hướng dẫn)\b"
)
_DEPARTMENT = re.compile(r"so y te\b")
_DRAWN = re.compile(r"[-_=*~.\s]*$")
_COLUMNS = re.compile(r"\s{3,}")


@dataclass
class Heading:
    """What the head says. `numbers` are its lines by what they are; the body begins at the index `body`."""

    number: str | None = None
    written_on: date | None = None
    kind: str | None = None
    agencies: list[str] = field(default_factory=list)
    subject: str | None = None
    recipients: list[str] = field(default_factory=list)
    numbers: dict[int, str] = field(default_factory=dict)
    body: int = 0
    has_motto: bool = False
    is_undated: bool = False


class _Reader:
    """Goes down the lines until one belongs to no part of a head."""

    def __init__(self, lines: Sequence[Line], setting: Setting) -> None:
        self.lines, self.setting, self.head = lines, setting, Heading()
        self.subject: list[str] = []
        self.state = self._top
        self.last: Line | None = None

    def read(self) -> Heading:
        for index, line in enumerate(self.lines[: MOST_LINES * 2]):
            if line.is_blank:
                continue
            if is_ornament(line) or (is_page_number(line) and self.head.numbers):
                self._is(line, "rule")
            elif not self.state(line):
                break
            self.head.body = index + 1
            self.last = line
        self.head.subject = _without_about(joined(self.subject)) or None
        return self.head

    def _is(self, line: Line, part: str) -> bool:
        self.head.numbers[line.number] = part
        return True

    def _gap(self, line: Line) -> bool:
        return self.last is not None and line.number - self.last.number > 1 and not self.setting.is_double_spaced

    def _top(self, line: Line) -> bool:
        addressed = _ADDRESSED.match(bare(line.text))
        if addressed or _WIRED.match(bare(line.text)) and is_title(line.text):
            return self._addressed(line, addressed.end() if addressed else len(line.text))
        pieces = [piece for piece in self._columns(line) if piece]
        known = all([self._piece(piece, line) for piece in pieces])
        return self._is(line, "head") if known else self._is_before_motto(line)

    def _is_before_motto(self, line: Line) -> bool:
        """A line of unknown meaning still belongs to the head when the motto or the number comes after it."""
        following = [each for each in self.lines if line.number < each.number <= line.number + 6]
        if self.head.has_motto or not any(_MOTTO.search(bare(each.text)) for each in following) or self.head.numbers:
            return False
        return self._is(line, "head")

    def _columns(self, line: Line) -> list[str]:
        """The columns of a line, without motto, number and date, which are noted here."""
        text = line.text
        if motto := _MOTTO.search(bare(text)):
            self.head.has_motto = True
            text = text[: motto.start()] + "   " + text[motto.end() :]
        if (dated := _DATED.search(bare(text))) and self.head.written_on is None and _is_head_date(text, dated):
            self.head.written_on = _date(dated)
            start = self._place_start(text, dated)
            text = text[:start] + "   " + text[dated.end() :]
        elif undated := _UNDATED.search(bare(text)):
            self.head.is_undated = True
            text = text[: undated.start()] + "   " + text[undated.end() :]
        return [piece.strip() for piece in _COLUMNS.split(text.strip()) if not _DRAWN.match(piece)]

    def _place_start(self, text: str, dated: re.Match[str]) -> int:
        """Where "Lam Sơn, ngày …" begins: after the number, when both stand on one line."""
        before = text[: dated.start() + dated[0].lower().rfind("ngay")]
        number = CITATION.search(before)
        wide = [gap.end() for gap in _COLUMNS.finditer(before)]
        return max([dated.start(), number.end() if number else 0, *wide[-1:]])

    def _piece(self, piece: str, line: Line) -> bool:
        plain = bare(piece)
        if self.head.number is None and (marked := _NUMBER.search(plain)) and marked.start() < 12:
            found = CITATION.match(" ".join(piece[marked.end() :].split()))
            self.head.number = re.sub(r"\s", "", found["number"]) if found else None
            return True
        if about := _SUBJECT.match(plain):
            self.subject.append(piece[about.end() :])
            self.state = self._about
            return True
        if _URGENT.match(plain) or re.match(r"\((?:kem theo|ban hanh kem|du thao)", plain):
            return True
        if _KIND.match(plain) and is_title(piece):
            return self._titled(plain)
        return self._agency(piece)

    def _titled(self, plain: str) -> bool:
        self.state = self._top if self.head.kind else self._about_title
        self.head.kind = self.head.kind or plain.strip(" :")
        return True

    def _agency(self, piece: str) -> bool:
        is_agency = _AGENCY.match(bare(piece)) is not None and len(piece) < 80 and not ends_sentence(piece)
        if is_agency and (is_title(piece) or self.head.number is None) and marker_of(piece) is None:
            if not self.head.kind:
                self.head.agencies.append(" ".join(piece.split()))
            return is_title(piece) or len(piece.split()) < 9
        return is_title(piece) and marker_of(piece) is None and self.head.body < MOST_LINES and bool(self.head.numbers)

    def _about(self, line: Line) -> bool:
        """The subject goes on until a blank line, the addressees, or what belongs to the other column."""
        plain = bare(line.text)
        ends = self._gap(line) and not starts_small(line.text)
        if ends or _ADDRESSED.match(plain) or _MOTTO.match(plain) or _URGENT.match(plain) or marker_of(line.text):
            self.state = self._top
            return self._top(line)
        pieces = [piece for piece in self._columns(line) if piece]
        if pieces:
            self.subject.append(pieces[0])
        return self._is(line, "subject")

    def _about_title(self, line: Line) -> bool:
        """Under "CHỈ THỊ" stands what it is about, up to a blank line or the first sentence."""
        plain = bare(line.text)
        opens = re.match(r"can cu|thuc hien|thoi gian qua|trong |de |qua |nham ", plain) and not starts_small(line.text)
        is_sentence = ends_sentence(line.text) and not starts_small(line.text)
        if self.subject and (self._gap(line) or opens or is_sentence or marker_of(line.text) or _WIRED.match(plain)):
            self.state = self._top
            return self._top(line)
        if not self.subject and (opens or marker_of(line.text) or _ADDRESSED.match(plain)):
            self.state = self._top
            return self._top(line)
        self.subject.append(line.text)
        return self._is(line, "subject")

    def _addressed(self, line: Line, end: int) -> bool:
        rest = line.text[end:].strip()
        if rest:
            self.head.recipients.append(rest)
        self.state = self._recipients
        return self._is(line, "recipients")

    def _recipients(self, line: Line) -> bool:
        marker = marker_of(line.text)
        recipients = self.head.recipients
        if marker and marker.rank in DASHES:
            recipients.append(line.text[marker.end :])
            return self._is(line, "recipients")
        if marker or _URGENT.match(bare(line.text)):
            return False
        if not recipients:
            recipients.append(line.text)
            return self._is(line, "recipients")
        unfinished = not recipients[-1].rstrip().endswith((".", ";", "./."))
        goes_on = starts_small(line.text) or recipients[-1].endswith(",") or not self._gap(line)
        if unfinished and goes_on and not re.match(r"(?:thuc hien|can cu|ngay|trong|de|tiep|qua)\b", bare(line.text)):
            recipients[-1] = joined([recipients[-1], line.text])
            return self._is(line, "recipients")
        return False


def _is_head_date(text: str, dated: re.Match[str]) -> bool:
    """ "Lam Sơn, ngày …" ends its line or column; "… ngày 24 tháng 8 năm 2024 của Bộ Y tế" does not."""
    return not re.match(r"\s?\S", text[dated.end() :]) and "kem theo" not in bare(text)


def _date(dated: re.Match[str]) -> date | None:
    try:
        return date(int(dated["year"]), int(dated["month"]), int(dated["day"]))
    except ValueError:
        return None


def _without_about(subject: str) -> str:
    about = _SUBJECT_WORDS.match(bare(subject))
    return (subject[about.end() :] if about else subject).strip(" .")


def read_heading(lines: Sequence[Line], setting: Setting) -> Heading:
    """The head of the letter; a text without one has its body at the first line."""
    return _Reader(lines, setting).read()


def issuer_of(heading: Heading, body: str) -> str | None:
    """Who issued the letter, spelled as in a sentence: "Sở Y tế tỉnh Lam Sơn"."""
    agencies: list[str] = []
    for line in heading.agencies:
        if agencies and _PLACE.match(bare(line)) and not _PLACE.search(bare(agencies[-1])):
            agencies[-1] = f"{agencies[-1]} {line}"
        else:
            agencies.append(line)
    # the symbol names the issuer: a board whose letter is a "…/KH-SYT" speaks for the department
    if len(agencies) > 1 and re.search(r"\bSYT\b", heading.number or "") and not _DEPARTMENT.match(bare(agencies[-1])):
        above = [place for place, line in enumerate(agencies) if _DEPARTMENT.match(bare(line))]
        agencies = agencies[: above[-1] + 1] if above else agencies
    if not agencies:
        speaking = _SPEAKING.search(body)
        return speaking[1] if speaking else None
    name = _spelled(agencies[-1], body)
    place = _PLACE.search(bare(agencies[-2])) if len(agencies) > 1 else None
    if bare(name).startswith(("so ", "van phong ")) and place and not _PLACE.search(bare(name)):
        return f"{name} {_spelled(agencies[-2][place.start() :], body)}"
    return name


def _spelled(name: str, body: str) -> str:
    """A name in capitals as the letter spells it elsewhere, or as such names are spelled."""
    name = re.sub(r"^UBND\b", "ỦY BAN NHÂN DÂN", name)
    if not is_title(name):
        return name.strip()
    place = _PLACE.search(bare(name))
    if place and place.start() == 0:
        return name[: place.end()].lower() + _capitalised(name[place.end() :])
    head, tail = (name[: place.start()], name[place.start() :]) if place else (name, "")
    spelled = _as_elsewhere(head.strip(), body)
    return f"{spelled} {_spelled(tail, body)}".strip()


def _as_elsewhere(name: str, body: str) -> str:
    fixed = {"uy ban nhan dan": "Ủy ban nhân dân", "so y te": "Sở Y tế", "bo y te": "Bộ Y tế"}
    if bare(name) in fixed:
        return fixed[bare(name)]
    for found in re.finditer(re.escape(bare(name)), bare(body)):
        printed = body[found.start() : found.end()]
        if not is_title(printed):
            return printed[:1].upper() + printed[1:]
    return name.capitalize()


def _capitalised(name: str) -> str:
    return " ".join(word.capitalize() for word in name.split())
