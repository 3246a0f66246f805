"""Are two texts about one matter? What speaks for it and against it, as numbers. Pure, without numpy.

Two people tell one event in other words; one person tells two events in the same words. So likeness alone says little:
places, days, amounts and words like "lần này" count as well."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from itertools import pairwise

from suggestions.engine.features import Read, counted
from suggestions.engine.knowledge import DATA, Phrasebook
from suggestions.engine.words import Text, readable

_AMOUNT = re.compile(r"(\d+(?:[.,]\d+)*)\s*(tr|triệu|trieu|k|ngàn|ngan|nghìn|nghin|đồng|dong|đ)?(\d)?\b")
_SCALE = {"tr": 1e6, "triệu": 1e6, "trieu": 1e6, "k": 1e3, "ngàn": 1e3, "ngan": 1e3, "nghìn": 1e3, "nghin": 1e3}
# one thing under several names, accent-free
ALIKE = (
    "me|ma|bam|ba cu|bau", "cha|ba|bo|tia|ong gia", "con|chau|be|con trai|con gai|con nit|thang nho|con nho|thang cu",
    "vo|ba xa|nha em|san phu|ba de", "chong|ong xa", "ong|cu|bac|cu ong", "em|em trai|em gai", "te|nga|truot|nga xuong",
    "hong|hu|hong hoc|be", "nhan tin|goi|lien lac", "thuoc|vien", "mo|phau thuat|rach", "tiem|chich", "de|sinh|sanh",
    "mat cap|mat trom|trom|lay cap", "quat|nat|mang|chui|la", "doi|bat|yeu cau", "tra|hoan", "lo|nham|lon|sai",
    "het|khong con|thieu", "tien|phi|gia", "chet|tu vong|qua doi|mat", "cho|doi", "bao da day|da day|bao tu",
    "ha ap|huyet ap", "khuya|dem|toi", "dien thoai|may", "dien|den", "nam|o", "tre|cham|muon|lau",
    "xe cuu thuong|xe cap cuu",
    "ban|dang|dinh", "phim|mri|cong huong tu|ct", "dien thoai|zalo",
)  # fmt: skip
STOP = frozenset(
    (  # noqa: SIM905 - a list of words, read as one
        "la va co cho thi ma nay do o tai cua khong toi em minh tui anh chi di vao ra roi thi bi duoc de voi "
        "da dang se nhung cac mot hai cai con ca nguoi benh vien phong kham tram y te nha bac si a oi luon "
        "qua len xuong lai hom so bao goi noi hoi xin de nghi"
    ).split()
)
_AGAIN = Phrasebook({
    "other": [(one, 3.0) for one in (
        "lần này|bữa nay thì|nay thì|nay lại|lần nữa|vụ trước|việc trước|chuyện trước|hôm trước + xong|lần trước",
        "đã xong|đã ổn|đã hoàn|đã trả|tìm được rồi|giải quyết rồi|xin lỗi rồi|hoàn rồi|trả lại rồi|sửa rồi|ổn rồi|"
        "lấy lại được|xong rồi|đã hết|vụ khác|chuyện khác|việc khác|kệ họ|chỉ bực chuyện|không liên quan",
        "đã + nay|giờ|lần này", "hôm trước + nay|lần này|bữa nay", "lại gọi|gọi lại|gọi lần nữa|gọi lần hai")],
    "same": [(one, 3.0) for one in (
        "đã gửi|đã phản ánh|gửi ứng dụng|gửi lên ứng dụng|gửi app|nộp phản ánh|vừa gửi|vừa nộp|gọi cho chắc|gọi thêm|"
        "chưa thấy ai trả lời|gửi kèm hình|bổ sung|đã gọi về sở|gọi về sở rồi|có gửi trên mạng|nhắc lại|nhắn lại",)],
})  # fmt: skip
_SAME_AS = {word: group.partition("|")[0] for group in reversed(ALIKE) for word in group.split("|")}
_SLOT = re.compile(
    r"\b(khoa|phòng|phong|cổng|cong|lầu|lau|tầng|tang|khu|hẻm|hem|giường|giuong|quầy|quay|dãy|day) "
    r"([a-z]?\d+[a-z]?|[^\W\d_]+)\b"
)


@dataclass(frozen=True)
class Told:
    """One report as it is compared."""

    read: Read
    body: str
    facility: str | None
    at: datetime
    channel: str = ""

    @classmethod
    def of(cls, body: str, facility: str | None, at: datetime, channel: str = "") -> "Told":
        return cls(Read.of(body), body, facility, at, channel)

    @cached_property
    def words(self) -> frozenset[str]:
        syllables = self.read.text.folded
        single = {_SAME_AS.get(one, one) for one in syllables if one not in STOP}
        pairs = {f"{one} {two}" for one, two in pairwise(syllables) if not {one, two} <= STOP}
        return frozenset(single | pairs | {_SAME_AS[pair] for pair in pairs if pair in _SAME_AS})

    @cached_property
    def said(self) -> dict[str, str]:
        """Pairs of words as they were written, by how they are compared."""
        spelt, folded = self.read.text.spelt, self.read.text.folded
        return {
            f"{one} {two}": f"{first} {second}"
            for (one, two), (first, second) in zip(pairwise(folded), pairwise(spelt), strict=True)
        }

    @cached_property
    def parts(self) -> dict[str, float]:
        """Parts of words with their heights, brought to length one."""
        counts = counted(self.read)["part"]
        heights = {part: 1 + math.log(times) for part, times in counts.items()}
        length = math.sqrt(sum(height * height for height in heights.values())) or 1.0
        return {part: height / length for part, height in heights.items()}

    @cached_property
    def amounts(self) -> frozenset[float]:
        found = set()
        for number, unit, tail in _AMOUNT.findall(self.body.lower()):
            plain = number.replace(".", "") if re.search(r"\.\d{3}\b", number) else number.replace(",", ".")
            try:
                value = float(plain)
            except ValueError:
                continue
            value *= _SCALE.get(unit, 1)
            if tail and unit in _SCALE:
                value += int(tail) * _SCALE[unit] / 10
            found.add(value)
        return frozenset(one for one in found if one > 2)

    @cached_property
    def slots(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, value in _SLOT.findall(self.body.lower()):
            found.setdefault(Text.of(name).folded[0], set()).add(Text.of(value).folded[0])
        return found


def likeness(one: Told, two: Told, rarity: Mapping[str, float]) -> dict[str, float]:
    """What speaks for one matter and, as names that begin with a minus, against it. `rarity` says how telling a word
    is; one that it does not know is telling. The channel is left out on purpose (docs/suggestions.md)."""
    shared = one.words & two.words
    hours = abs((one.at - two.at).total_seconds()) / 3600
    later = _AGAIN.weigh((two if two.at >= one.at else one).read.text)
    slots = [one.slots[name] & two.slots[name] for name in one.slots.keys() & two.slots.keys()]
    both = one.amounts & two.amounts
    is_elsewhere = bool(one.facility and two.facility and one.facility != two.facility)
    smaller = min(_sum(one.words, rarity), _sum(two.words, rarity)) or 1.0
    likeness = {
        "words": math.log1p(_sum(shared, rarity)) / 5,
        "within": _sum(shared, rarity) / smaller,
        "parts": _cosine(one.parts, two.parts),
        "category": _alike(one.read, two.read),
        "numbers": min(len(both), 3) / 3,
    }
    return {name: 0.0 if is_elsewhere else value for name, value in likeness.items()} | {
        "place": float(any(slots)),
        "same facility": float(one.facility is not None and one.facility == two.facility),
        "within two days": float(hours <= 48),
        "told before": float("same" in later),
        "-elsewhere": float(is_elsewhere),
        "-days": math.log1p(hours / 12),
        "-after five days": float(hours > 120),
        "-other matter": float("other" in later),
        "-numbers apart": float(bool(one.amounts and two.amounts) and not both),
        "-place apart": float(bool(slots) and not any(slots)),
    }


def alike_in(one: Told, two: Told, rarity: Mapping[str, float]) -> tuple[str, ...]:
    """The most telling pairs of words that both reports share, for people to read."""
    shared = sorted(one.words & two.words, key=lambda word: (-rarity.get(f"f:{word}", 4.0), word))
    pairs = [word for word in shared if " " in word][:4]
    as_said = one.said | two.said
    return tuple(readable(as_said.get(word, word)) for word in pairs)


def _alike(one: Read, two: Read) -> float:
    codes = set(one.known) | set(two.known)
    pairs = [(one.known.get(code, (0.0, []))[0], two.known.get(code, (0.0, []))[0]) for code in codes]
    return sum(map(min, pairs)) / (sum(map(max, pairs)) or 1.0)


def _cosine(one: Mapping[str, float], two: Mapping[str, float]) -> float:
    if len(two) < len(one):
        one, two = two, one
    return sum(value * two[part] for part, value in one.items() if part in two)


def _sum(words: frozenset[str], rarity: Mapping[str, float]) -> float:
    return sum(rarity.get(f"f:{word}", 6.0 if " " in word else 4.5) - 1.0 for word in words)


@dataclass(frozen=True)
class Judge:
    """How much each sign weighs; from which sum two reports are offered as one matter."""

    weights: Mapping[str, float]
    bias: float
    offered_from: float

    def probability(self, one: Told, two: Told, rarity: Mapping[str, float]) -> float:
        """How likely both are about one matter, between 0 and 1."""
        signs = likeness(one, two, rarity)
        return 1 / (1 + math.exp(-self.bias - sum(self.weights[name] * value for name, value in signs.items())))


@cache
def shipped_judge() -> Judge:
    """The judge that comes with the program."""
    return Judge(**json.loads((DATA / "pairs.json").read_text(encoding="utf-8")))
