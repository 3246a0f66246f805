"""The words of a text as the engine compares them: spelt out from chat spelling, tones in one place. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from common.text import fold

# Chat and desk spellings, read from their accent-free form.
SPELT_OUT = {
    "k": "không", "ko": "không", "kg": "không", "kh": "không", "hok": "không", "hông": "không", "hổng": "không",
    "hem": "không", "khum": "không", "khong": "không", "dc": "được", "đc": "được", "đk": "được", "bs": "bác sĩ",
    "bsi": "bác sĩ", "sỹ": "sĩ", "bv": "bệnh viện", "bvdk": "bệnh viện đa khoa", "nv": "nhân viên",
    "nvyt": "nhân viên y tế", "bn": "bệnh nhân", "bhyt": "bảo hiểm y tế", "bh": "bảo hiểm",
    "bhxh": "bảo hiểm xã hội", "cc": "cấp cứu", "xn": "xét nghiệm", "kq": "kết quả", "sa": "siêu âm",
    "pk": "phòng khám", "pkdk": "phòng khám đa khoa", "pkđk": "phòng khám đa khoa", "tyt": "trạm y tế",
    "yt": "y tế", "đd": "điều dưỡng", "dd": "điều dưỡng", "ng": "người", "nt": "nhắn tin", "đt": "điện thoại",
    "dt": "điện thoại", "sđt": "số điện thoại", "sdt": "số điện thoại", "hs": "hồ sơ", "hsba": "hồ sơ bệnh án",
    "wc": "nhà vệ sinh", "vx": "vắc xin", "vacxin": "vắc xin", "vaccine": "vắc xin", "vắcxin": "vắc xin",
    "vaccin": "vắc xin", "ksk": "khám sức khỏe", "cchn": "chứng chỉ hành nghề", "gphn": "giấy phép hành nghề",
    "gphđ": "giấy phép hoạt động", "gphd": "giấy phép hoạt động", "dvc": "dịch vụ công",
    "tthc": "thủ tục hành chính", "r": "rồi", "z": "vậy", "j": "gì", "mik": "mình", "cx": "cũng", "trc": "trước",
    "vs": "với", "tr": "triệu", "hđ": "hóa đơn", "đki": "đăng ký", "dki": "đăng ký", "vk": "vợ", "tmv": "thẩm mỹ viện",
    "cccd": "căn cước", "gđ": "gia đình", "biểu": "bảo", "kêu": "gọi", "chích": "tiêm", "vô": "vào", "dơ": "bẩn",
    "mắc": "đắt", "hư": "hỏng", "coi": "xem", "sanh": "sinh", "má": "mẹ", "mền": "chăn", "toa": "đơn",
}  # fmt: skip
# the same words told in the south are one word: accent-free spellings of them only where nothing else is spelt so
_FOLDED_TOO = ("k", "ko", "bs", "bv", "toa", "kêu", "chích", "sanh")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "aăâeêioôơuưy"
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_NUMBER_AND_UNIT = re.compile(r"(\d+)(tr|k|trieu|ngan|nghin)(\d*)\b")


def with_tone_last(syllable: str) -> str:
    """One spelling for "hoà" and "hòa": the tone mark behind the syllable."""
    apart = unicodedata.normalize("NFD", syllable)
    tone = "".join(char for char in apart if char in _TONES)
    return unicodedata.normalize("NFC", "".join(char for char in apart if char not in _TONES)) + tone


def readable(words: str) -> str:
    """Words as people write them: each tone mark on its vowel again."""
    return " ".join(_with_tone_inside(syllable) for syllable in words.split(" "))


def _with_tone_inside(syllable: str) -> str:
    apart = unicodedata.normalize("NFD", syllable)
    tone = next((char for char in apart if char in _TONES), "")
    if not tone:
        return unicodedata.normalize("NFC", apart)
    bare = unicodedata.normalize("NFC", "".join(char for char in apart if char not in _TONES))
    at = _vowel_of(bare)
    return unicodedata.normalize("NFC", f"{bare[: at + 1]}{tone}{bare[at + 1 :]}")


def _vowel_of(bare: str) -> int:
    """Where the tone mark of a syllable stands: on a marked vowel, else on the second of two before a consonant and in
    the middle of three, else on the first."""
    marked = [at for at, char in enumerate(bare) if char in "ăâêôơư"]
    if marked:
        return marked[-1]
    glide = 2 if bare[:2] == "qu" or (bare[:2] == "gi" and len(bare) > 2 and bare[2] in _VOWELS) else 0
    vowels = [at for at, char in enumerate(bare) if char in _VOWELS and at >= glide]
    if not vowels:
        return len(bare) - 1
    is_open = vowels[-1] == len(bare) - 1
    return vowels[0] if len(vowels) == 1 or (len(vowels) == 2 and is_open) else vowels[1]


_SPELT = {with_tone_last(short): [with_tone_last(word) for word in long.split()] for short, long in SPELT_OUT.items()}
_SPELT |= {fold(short): [with_tone_last(word) for word in SPELT_OUT[short].split()] for short in _FOLDED_TOO}


@dataclass(frozen=True)
class Text:
    """A text in syllables: as written (`spelt`) and without accents (`folded`), position by position."""

    spelt: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Text":
        lower = unicodedata.normalize("NFC", text).lower()
        syllables: list[str] = []
        for word in _WORD.findall(lower):
            toned = with_tone_last(word)
            syllables.extend(_SPELT.get(toned, (toned,)))
        return cls(tuple(syllables))

    @cached_property
    def folded(self) -> tuple[str, ...]:
        return tuple(fold(syllable) or syllable for syllable in self.spelt)

    @cached_property
    def is_accented(self) -> bool:
        """Written with accents? Then "quạt" is no "quát"."""
        marked = sum(one != bare for one, bare in zip(self.spelt, self.folded, strict=True))
        return marked * 5 >= len(self.spelt)

    @property
    def syllables(self) -> tuple[str, ...]:
        """In the form in which phrases are looked for."""
        return self.spelt if self.is_accented else self.folded
