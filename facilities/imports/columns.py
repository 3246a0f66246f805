"""The columns of a file of facilities: how they may be headed, and how a cell is read."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.text import fold
from facilities.choices import (
    FacilityType,
    FormerArea,
    HospitalClass,
    ManagingBody,
    Ownership,
    Supervisor,
    TechnicalLevel,
)
from facilities.models.values import NUMBER
from facilities.words import KINDS, key_of

FEW = 8  # choices that a message can list


class BadCell(ValueError):
    """What a cell holds cannot be read; the text says why."""


def _chosen(choices: Any, words: Mapping[str, Iterable[str]]) -> Callable[[str], str]:
    """A reader of codes and of the Vietnamese words for them."""
    by_word = {fold(code): code for code in choices.values}
    by_word |= {key_of(word): code for code, said in words.items() for word in said}

    def read(text: str) -> str:
        code = by_word.get(fold(text)) or by_word.get(key_of(text))
        if code is None:
            if len(choices.values) > FEW:
                raise BadCell(
                    gettext("“%s” is not known; the template's second sheet lists what may stand here.") % text
                )
            sentence = gettext("“%(text)s” is none of: %(codes)s")
            raise BadCell(sentence % {"text": text, "codes": ", ".join(choices.values)})
        return code

    return read


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        digits = re.sub(r"[\s.,](?=\d{3}\b)", "", text)
        if not re.fullmatch(r"\d{1,9}", digits):
            raise BadCell(gettext("“%s” is not a whole number.") % text)
        if not least <= int(digits) <= most:
            sentence = gettext("%(number)s is not between %(least)s and %(most)s.")
            raise BadCell(sentence % {"number": text, "least": least, "most": most})
        return int(digits)

    return read


def _text(longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > longest:
            raise BadCell(gettext("Longer than %d characters.") % longest)
        return text

    return read


def read_code(text: str) -> str:
    if not re.fullmatch(r"[\w.\-/]{1,32}", text):
        raise BadCell(gettext("“%s” is no code: letters, digits, dots, dashes and slashes, at most 32.") % text)
    return text


def read_day(text: str) -> date:
    """A Vietnamese date (d/m/Y), also with dots or dashes, or an ISO one."""
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    raise BadCell(gettext("“%s” is not a date; write day/month/year, for example 31/12/2025.") % text)


def read_yes_no(text: str) -> bool:
    answer = {"co": True, "1": True, "x": True, "yes": True, "khong": False, "0": False, "no": False}.get(fold(text))
    if answer is None:
        raise BadCell(gettext("“%s” is neither yes nor no.") % text)
    return answer


def read_names(text: str) -> list[str]:
    names = [name.strip() for name in re.split(r"[|;\n]", text) if name.strip()]
    if any(len(name) > 200 for name in names):
        raise BadCell(gettext("Longer than %d characters.") % 200)
    return list(dict.fromkeys(names))


def read_hotlines(text: str) -> list[str]:
    numbers = []
    for said in re.split(r"[|;,/\n]", text):
        number = re.sub(r"[\s.()\-]", "", said)
        if number and not re.match(NUMBER.regex, number):
            raise BadCell(gettext("“%s” is no telephone number.") % said.strip())
        numbers += [number] if number else []
    return list(dict.fromkeys(numbers))


@dataclass(frozen=True)
class Column:
    """One column: its name in code, its heading in the template, other headings that mean it, its reader."""

    name: str
    heading: str
    label: Any
    read: Callable[[str], Any]
    also: tuple[str, ...] = ()
    example: str = ""


OWNERSHIP_WORDS = {
    "public": ["công lập", "nhà nước", "công"],
    "private": ["tư nhân", "ngoài công lập", "tư"],
    "foreign": ["có vốn nước ngoài", "vốn đầu tư nước ngoài", "nước ngoài"],
    "none": ["không xác định", "chưa xác định", "không phép"],
}
BODY_WORDS = {
    "DOH": ["Sở Y tế", "SYT"],
    "COMMUNE_PC": ["UBND cấp xã", "UBND xã", "UBND phường", "Ủy ban nhân dân cấp xã", "Ủy ban nhân dân xã"],
    "MOH": ["Bộ Y tế", "BYT"],
    "MOD": ["Bộ Quốc phòng", "Quân đội"],
    "MPS": ["Bộ Công an", "Công an"],
    "MINISTRY": ["Bộ, ngành khác", "Bộ ngành khác", "Bộ ngành", "Bộ Giao thông vận tải", "Bộ Xây dựng"],
    "UNIVERSITY": ["Trường đại học", "Đại học"],
    "PRIVATE": ["Tư nhân", "Chủ tư nhân"],
}
FORMER_WORDS = {
    "tphcm_cu": ["TP.HCM cũ", "TP.HCM", "Thành phố Hồ Chí Minh"],
    "binh_duong": ["Bình Dương", "Bình Dương cũ"],
    "ba_ria_vung_tau": ["Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu cũ", "BR-VT", "BRVT"],
}
LEVEL_WORDS = {"initial": ["ban đầu"], "basic": ["cơ bản"], "specialised": ["chuyên sâu"]}
CLASS_WORDS = {
    "special": ["đặc biệt", "hạng đặc biệt"],
    "1": ["I", "hạng I", "hạng 1"],
    "2": ["II", "hạng II", "hạng 2"],
    "3": ["III", "hạng III", "hạng 3"],
    "4": ["IV", "hạng IV", "hạng 4"],
}

COLUMNS = (
    Column("code", "Mã cơ sở", _("code"), read_code, ("mã", "mã cskcb"), "79-0001"),
    Column("name", "Tên cơ sở", _("name"), _text(200), ("tên", "tên đơn vị"), "Phòng khám Đa khoa Ví Dụ"),
    Column("type", "Loại hình", _("kind of facility"), _chosen(FacilityType, KINDS),
           ("loại", "hình thức tổ chức", "loại hình cơ sở"), "PKDK"),
    Column("ownership", "Sở hữu", _("ownership"), _chosen(Ownership, OWNERSHIP_WORDS),
           ("hình thức sở hữu",), "private"),
    Column("managing_body", "Cơ quan chủ quản", _("managing body"), _chosen(ManagingBody, BODY_WORDS),
           ("chủ quản", "cơ quan quản lý", "đơn vị chủ quản"), "PRIVATE"),
    Column("supervisor", "Cơ quan quản lý chuyên môn", _("professional supervisor"),
           _chosen(Supervisor, BODY_WORDS), ("quản lý chuyên môn",), "DOH"),
    Column("ward_code", "Mã phường xã", _("code of the ward"), _text(10), ("mã phường", "mã xã", "mã đvhc")),
    Column("ward", "Phường xã", _("ward or commune"), _text(100),
           ("phường", "xã", "phường/xã/đặc khu"), "Phường Bến Thành"),
    Column("former_area", "Tỉnh thành cũ", _("former province"), _chosen(FormerArea, FORMER_WORDS),
           ("tỉnh cũ", "khu vực", "địa bàn cũ")),
    Column("address", "Địa chỉ", _("address"), _text(250), (), "1 Đường Ví Dụ"),
    Column("licence_number", "Số giấy phép hoạt động", _("licence number"), _text(60),
           ("licence_no", "số giấy phép", "gphđ", "giấy phép hoạt động", "số gphđ")),
    Column("technical_level", "Cấp chuyên môn kỹ thuật", _("technical level"),
           _chosen(TechnicalLevel, LEVEL_WORDS), ("cấp chuyên môn",)),
    Column("hospital_class", "Hạng bệnh viện", _("hospital class"), _chosen(HospitalClass, CLASS_WORDS), ("hạng",)),
    Column("responsible_person", "Người chịu trách nhiệm chuyên môn", _("professionally responsible"), _text(120)),
    Column("scope", "Phạm vi hoạt động", _("licensed scope"), _text(5000), ("phạm vi hoạt động chuyên môn",)),
    Column("takes_insurance", "Khám bảo hiểm y tế", _("treats under health insurance"), read_yes_no,
           ("bhyt", "kcb bhyt")),
    Column("beds", "Số giường", _("licensed beds"), _number(0, 20_000),
           ("giường", "số giường bệnh", "giường được cấp phép")),
    Column("visits_per_year", "Lượt khám mỗi năm", _("visits per year"), _number(0, 50_000_000),
           ("số lượt khám", "lượt khám", "lượt khám/năm")),
    Column("founded", "Năm thành lập", _("year founded"), _number(1800, 2100)),
    Column("valid_from", "Hoạt động từ ngày", _("in existence from"), read_day, ("ngày hoạt động", "từ ngày")),
    Column("opening_hours", "Giờ làm việc", _("opening hours"), _text(200), ("giờ hoạt động",)),
    Column("aliases", "Tên gọi khác", _("other names"), read_names, ("tên khác",), "Ví Dụ|PKĐK Ví Dụ"),
    Column("former_names", "Tên cũ", _("former name"), read_names, ("tên trước đây", "former_name")),
    Column("hotlines", "Đường dây nóng", _("hotlines"), read_hotlines, ("hotline", "điện thoại đường dây nóng")),
)  # fmt: skip
COLUMN_BY_NAME = {column.name: column for column in COLUMNS}
_BY_HEADING = {fold(heading): column for column in COLUMNS for heading in (column.name, column.heading, *column.also)}


def column_of(heading: str) -> Column | None:
    """The column a heading means, whatever its accents, case and blanks."""
    return _BY_HEADING.get(fold(heading))
