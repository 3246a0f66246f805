"""The columns of a file of cases: how they may be headed, and what a row becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.text import fold
from facilities.imports.reading import UnreadableFile
from feedback.intake import Incoming
from feedback.reconciling.stating import day_in

YES, NO = ("1", "co", "x", "yes", "true"), ("", "0", "khong", "no", "false")


@dataclass(frozen=True)
class Column:
    """One column; `heading` is what the template says, the first of the words it answers to."""

    name: str
    heading: str
    label: Promise
    example: str
    other: tuple[str, ...] = ()

    def answers_to(self, heading: str) -> bool:
        return fold(heading) in {fold(self.heading), self.name, *self.other}


COLUMNS = (
    Column("source_id", "Mã tại nguồn", gettext_lazy("number at the source"), "PA-GIAY-0001", ("so thu tu", "ma")),
    Column("body", "Nội dung", gettext_lazy("what happened"), "Chờ hơn ba giờ mới được khám.", ("noi dung phan anh",)),
    Column("title", "Tóm tắt", gettext_lazy("in one line"), "Chờ lâu khi khám"),
    Column("kind", "Loại", gettext_lazy("kind"), "PHANANH"),
    Column("category", "Mã lĩnh vực", gettext_lazy("category"), "QUYTRINH.01", ("linh vuc",)),
    Column("urgency", "Mức độ khẩn", gettext_lazy("urgency"), "S3"),
    Column("facility", "Mã cơ sở", gettext_lazy("facility"), ""),
    Column(
        "facility_said",
        "Cơ sở (ghi theo lời kể)",
        gettext_lazy("facility, in the reporter's words"),
        "Bệnh viện gần chợ",
        ("co so", "ten co so"),
    ),
    Column("occurred_on", "Ngày xảy ra", gettext_lazy("day it happened"), "30/11/2026"),
    Column("is_confidential", "Giữ kín danh tính", gettext_lazy("confidential"), "không"),
    Column("name", "Họ tên người phản ánh", gettext_lazy("name"), "", ("ho ten", "nguoi phan anh")),
    Column("phone", "Điện thoại", gettext_lazy("telephone"), "", ("so dien thoai",)),
    Column("email", "E-mail", gettext_lazy("e-mail"), "", ("thu dien tu",)),
    Column("address", "Địa chỉ", gettext_lazy("address"), ""),
)
PERSONAL = ("name", "phone", "email", "address")
NEEDED = ("source_id", "body")


def places_of(headings: list[str]) -> tuple[dict[str, int], list[str]]:
    """Which column stands where, and what was not understood. Raises `UnreadableFile`."""
    found: dict[str, int] = {}
    notices = []
    for place, heading in enumerate(headings):
        column = next((each for each in COLUMNS if each.answers_to(heading)), None)
        if column is None:
            if heading:
                notices.append(_("The column “%s” is not known and was left out.") % heading[:100])
        elif column.name in found:
            notices.append(_("The column “%s” comes twice; the first one counts.") % heading[:100])
        else:
            found[column.name] = place
    missing = [column.heading for column in COLUMNS if column.name in NEEDED and column.name not in found]
    if missing:
        raise UnreadableFile(_("These columns are missing: %s. Start from the template.") % ", ".join(missing))
    return found, notices


def said_in(cells: list[str], places: Mapping[str, int]) -> dict[str, str]:
    """What a row says, by the names of the columns; empty cells say nothing."""
    said = {name: cells[place].strip() for name, place in places.items() if place < len(cells)}
    return {name: text for name, text in said.items() if text}


def incoming_of(said: Mapping[str, str], *, source: str, channel: str) -> Incoming:
    """A row as a submission. Raises `ValueError` in words for a cell that cannot be read."""
    given: dict[str, Any] = {
        name: said.get(name, "")
        for name in ("source_id", "body", "title", "category", "urgency", "facility", "facility_said")
    }
    if said.get("kind"):
        given["kind"] = said["kind"]
    return Incoming(
        source=source,
        channel=channel,
        occurred_on=day_in(said.get("occurred_on", "")),
        is_confidential=_flag(said.get("is_confidential", "")),
        reporter={name: said[name] for name in PERSONAL if said.get(name)},
        **given,
    )


def _flag(text: str) -> bool:
    folded = fold(text)
    if folded not in (*YES, *NO):
        raise ValueError(_("“%s” is neither yes nor no") % text[:20])
    return folded in YES


def label_of(name: str) -> str:
    """What a field of the entrance is called in the file."""
    wanted = name.removeprefix("reporter.")
    return next((column.heading for column in COLUMNS if column.name == wanted), name)
