"""What obliges somebody and what does not: aims, reproaches, sanctions, entry into force, money, formulas."""

import re

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .lines import bare
from .parties import names_at_start
from .verbs import DUTY_VERBS


class Kind(TextChoices):
    """What a passage is that proposes no duty."""

    HEAD = "head", _("Head of the letter")
    SUBJECT = "subject", _("Subject")
    RECIPIENTS = "recipients", _("Addressees")
    RULE = "rule", _("Page number or drawn rule")
    PREAMBLE = "preamble", _("Introduction")
    BASIS = "basis", _("Legal basis")
    HEADING = "heading", _("Heading")
    CONTENTS = "contents", _("Detail of the item before it")
    AIM = "aim", _("Aim or target")
    PAST = "past", _("Account of what was")
    SANCTION = "sanction", _("Sanction")
    FORCE = "force", _("Entry into force")
    FUNDING = "funding", _("Funding")
    PROMISE = "promise", _("What the issuer will do")
    FORMULA = "formula", _("Formula or general appeal")
    COPIES = "copies", _("Copies and signature")
    ANNEX = "annex", _("Heading of an annex")


_SECTIONS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.AIM, re.compile(r"(?:muc dich|muc tieu|chi tieu|quan diem|phuong cham)\b")),
    (
        Kind.PAST,
        re.compile(
            r"(?:tinh hinh|ket qua (?:dat duoc|thuc hien)|nhung ket qua|ton tai|han che|danh gia chung"
            r"|nguyen nhan|thuc trang|dac diem|uu diem|nhung ton tai)\b(?!.*:\s*$)"
        ),
    ),
    (Kind.FUNDING, re.compile(r"(?:kinh phi|nguon kinh phi|du toan kinh phi)\b")),
    (
        Kind.FORMULA,
        re.compile(
            r"(?:pham vi dieu chinh|doi tuong ap dung|giai thich tu ngu|can cu phap ly"
            r"|co so phap ly|can cu)\b"
        ),
    ),
)
_DOCUMENT = r"(?:cong van|chi thi|ke hoach|quyet dinh|cong dien|van ban|thong bao|quy dinh|huong dan|quy che)"
_ASIDE: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.FORCE,
        re.compile(
            rf"(?:cac |nhung )?(?:{_DOCUMENT}|noi dung|quy dinh)\b.{{0,160}}\b(?:co hieu luc"
            rf"|het hieu luc|thay the|bi bai bo|duoc bai bo)\b|bai bo (?:{_DOCUMENT}|cac)"
            rf"|{_DOCUMENT} nay (?:duoc )?(?:pho bien|gom|ap dung)"
        ),
    ),
    (
        Kind.SANCTION,
        re.compile(
            r".*\b(?:se|phai) (?:bi|xem xet|xu ly|kien nghi|phe binh|khong xet)\b"
            r"|.{0,200}\bvi pham\b.{0,80}\bbi (?:xu ly|xu phat|phe binh)|(?:neu|truong hop|don vi nao"
            r"|ca nhan nao|co so nao|to chuc)\b.{0,200}\bchiu trach nhiem (?:truoc|hoan toan)"
            r"|.{0,120}\bchiu trach nhiem truoc .{0,60}\b(?:neu|khi) "
        ),
    ),
    (
        Kind.PROMISE,
        re.compile(
            r"(?:so y te|bo y te|uy ban nhan dan \w+|ubnd \w+|chu tich uy ban nhan dan \w+"
            r"|giam doc so(?: y te)?) (?:\w+ ){0,3}se\b"
        ),
    ),
    (Kind.FUNDING, re.compile(r"(?:kinh phi|nguon kinh phi|nguon von|nguon luc tai chinh|tu nguon)\b")),
    (Kind.AIM, re.compile(r"(?:phan dau|muc tieu|chi tieu|muc dich)\b")),
    (
        Kind.FORMULA,
        re.compile(
            rf".{{0,80}}\b(?:vuong mac|kho khan),?.{{0,160}}\b(?:phan anh|bao cao|lien he|trao doi"
            rf"|kien nghi|gui)\b|.*\bchiu trach nhiem thi hanh\b|tren day la\b|(?:noi dung|de cuong|mau"
            rf"|hinh thuc) bao cao\b"
            rf"|ban hanh kem theo {_DOCUMENT} nay|(?:gui|ban hanh|dinh) kem|\(?kem theo\b|(?:chi tiet"
            rf"|noi dung chi tiet|mau bao cao|phu luc)\b.{{0,60}}(?:kem theo|dinh kem)"
            rf"|che do bao cao.{{0,80}}phu luc|(?:so y te|van phong|uy ban nhan dan|ubnd"
            rf"|bo y te).{{0,40}}(?:thong bao|tran trong).{{0,80}}(?:de biet|thuc hien|phoi hop)\W*$"
            rf"|rat mong|tran trong"
        ),
    ),
)
_APPEAL = re.compile(
    r"(?:(?:so y te|bo y te|giam doc so(?: y te)?|uy ban nhan dan tinh"
    r"|chu tich uy ban nhan dan tinh) )?(?:yeu cau|de nghi) [^.;]{3,110}?"
    r"(?:nghiem tuc|khan truong|quan tam|tich cuc|phoi hop)?[^.;]{0,40}?(?:to chuc |trien khai "
    r"|quan triet,? )*(?:thuc hien|trien khai)(?: nghiem tuc| nghiem| tot)?"
    r"(?: (?:cac )?(?:noi dung|nhiem vu)? ?(?:tren|neu tren|cua|theo)? ?(?:dung|cong van|chi thi"
    r"|ke hoach|cong dien)?(?: nay| tren)?)?[\s./]*$"
)
_CUE = re.compile(
    r"\b(?:yeu cau|de nghi|phan cong|giao(?= (?:so|phong|van phong|cac|giam doc|trung tam|benh vien"
    r"|chanh|truong|thu truong|ubnd|uy ban|chi cuc|don vi|cuc|vu|to)))\b"
)
_PAST = re.compile(r"\b(?:da|tung)\b.{0,120}$")
_SOON = re.compile(r"\b(?:truoc|cham nhat|hoan thanh|trong vong|bao cao ngay|bao ngay)\b")
_ACTS = re.compile(
    r"\b(?:bao cao|gui|thuc hien|chap hanh|trien khai|khan truong|chu dong|to chuc|hoan thanh|ra soat"
    r"|phan cong|nop|theo doi)\b"
)
_SUBJECT = re.compile(r"\b(?:thu truong|giam doc|cac don vi|don vi|cac co so|cac benh vien|truong tram)\b")
_STARTS_WITH_VERB = re.compile(rf"(?:{DUTY_VERBS}|giai thich|khong duoc|moi|chup|rut kinh nghiem)\b")


def section_of(heading: str) -> Kind | None:
    """What the items under a heading are, when they are no duties."""
    plain = bare(heading)
    return next((kind for kind, pattern in _SECTIONS if pattern.match(plain)), None)


def aside(text: str) -> Kind | None:
    """Why a passage that looks like an item is none."""
    plain = bare(text)
    found = next((kind for kind, pattern in _ASIDE if pattern.match(plain)), None)
    return found or (Kind.FORMULA if _APPEAL.match(plain) else None)


def obliges(paragraph: str) -> bool:
    """Does a paragraph without a marker oblige somebody, by what is asked or by whom it names to act?"""
    return any(
        _asks(sentence) and not aside(sentence) for sentence in re.split(r"(?<=[.;])\s+(?=[A-ZĐÀ-Ỹ])", paragraph)
    )


def _asks(sentence: str) -> bool:
    plain = bare(sentence)
    cue = _CUE.search(plain)
    if cue:
        return not _PAST.search(plain[: cue.start()]) and ("đã" not in sentence[: cue.start()])
    names = names_at_start(sentence)
    if names and not names.is_whole:
        return _SOON.search(plain) is not None or _STARTS_WITH_VERB.match(plain, names.end) is not None
    when = re.match(r"(?:khi|truong hop|neu|ngay sau khi|nhan duoc|dinh ky|hang)\b", plain)
    subject = _SUBJECT.search(plain) if when else None
    return subject is not None and _ACTS.search(plain, subject.end()) is not None


def addressed_in(paragraph: str) -> int | None:
    """Where in a paragraph those are named who are asked, after "yêu cầu", "đề nghị" or "giao"."""
    plain = bare(paragraph)
    for cue in _CUE.finditer(plain):
        if names_at_start(paragraph[cue.end() :].lstrip()):
            return cue.end() + len(paragraph[cue.end() :]) - len(paragraph[cue.end() :].lstrip())
    return None


def starts_with_verb(text: str) -> bool:
    return _STARTS_WITH_VERB.match(bare(text)) is not None
