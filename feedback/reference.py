"""Channels and categories as published, from `data/taxonomy.json`. Seeding again adds what is new and touches nothing
that people changed."""

import json
from pathlib import Path
from typing import Any

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from common.text import fold
from feedback.choices import PRESS_CHANNEL, IntakeMethod
from feedback.models import Category, Channel

DATA = Path(__file__).parent / "data" / "taxonomy.json"
METHODS = {
    "APP_YTTT": IntakeMethod.API,
    "P1022": IntakeMethod.API,
    "DVC": IntakeMethod.API,
    "WEB": IntakeMethod.PUBLIC,
    "EMAIL": IntakeMethod.EMAIL,
    PRESS_CHANNEL: IntakeMethod.PRESS,  # with a form of its own
}
INTERNAL = ("TRANSFER", "PRESS", "SURVEY", "INSPECT")  # nobody writes to the department by these
ALWAYS = "24/24"  # Directive 09/CT-BYT of 2013: hotlines are open day and night
# who answers for a channel and what for, as published; branch numbers of 1900.638.563 were not found, so none is given
REGISTERED: dict[str, dict[str, Any]] = {
    "HOTLINE_SYT": {
        "owner": "Sở Y tế (bàn trực đường dây nóng)",
        "scope": "Chất lượng phục vụ, thái độ của nhân viên, thiếu sót tại cơ sở y tế",
        "hours": ALWAYS,
    },
    "HOTLINE_VBMT": {
        "owner": "Phòng Kiểm tra - Pháp chế, Sở Y tế",
        "scope": "Vẽ bệnh, moi tiền; tư vấn sai để trục lợi; y đức. Giữ kín danh tính, công khai kết quả",
        "hours": ALWAYS,
    },
    "HOTLINE_TTHC": {
        "owner": "Sở Y tế, mỗi phòng chuyên môn một nhánh",
        "scope": "Hướng dẫn thủ tục hành chính: giấy phép, hành nghề tư nhân, hồ sơ trực tuyến",
    },
    "P1022": {
        "owner": "Cổng thông tin 1022 của Thành phố",
        "scope": "Mọi vấn đề của Thành phố; phản ánh về y tế được chuyển đến Sở Y tế",
        "email": "1022@tphcm.gov.vn",
    },
    "APP_YTTT": {"owner": "Sở Y tế", "scope": "Phản ánh về y tế, kèm hình ảnh và vị trí"},
    "DVC": {"owner": "Sở Y tế", "scope": "Phản ánh, kiến nghị về thủ tục hành chính"},
    "C115": {"owner": "Trung tâm Cấp cứu 115", "scope": "Cấp cứu", "hours": ALWAYS},
    "HOTLINE_BYT": {
        "owner": "Bộ Y tế",
        "scope": "Đường dây nóng toàn quốc, chuyển theo ba cấp trực: bệnh viện, Sở Y tế, Bộ Y tế",
        "hours": ALWAYS,
    },
    "HOTLINE_BV": {"owner": "Bệnh viện", "scope": "Nơi tiếp nhận đầu tiên, ngay tại bệnh viện", "hours": ALWAYS},
    "BOX": {"owner": "Cơ sở khám, chữa bệnh", "scope": "Góp ý bằng giấy ngay tại cơ sở"},
    "LETTER": {"owner": "Văn phòng Sở Y tế", "scope": "Đơn, thư gửi Sở Y tế"},
    "RECEPTION": {"owner": "Sở Y tế", "scope": "Tiếp công dân trực tiếp và trực tuyến"},
    "WEB": {"owner": "Sở Y tế", "scope": "Gửi phản ánh và theo dõi bằng mã, không cần tài khoản", "hours": ALWAYS},
}
OWN_CHANNELS = [
    {
        "code": "WEB",
        "name_vi": "Trang phản ánh trực tuyến",
        "name_en": "Public web form",
        "source": "thiết kế",
    },
    {
        "code": "EMAIL",
        "name_vi": "Thư điện tử",
        "name_en": "E-mail",
        "source": "thiết kế",
    },
]


def load() -> dict[str, int]:
    """Seed what is missing; returns how many rows were added, by kind."""
    taxonomy = json.loads(DATA.read_text(encoding="utf-8"))
    return {"channels": _load_channels(taxonomy), "categories": _load_categories(taxonomy)}


def _load_channels(taxonomy: dict[str, Any]) -> int:
    have = set(Channel.objects.values_list("code", flat=True))
    _register(Channel.objects.filter(code__in=[*REGISTERED, *INTERNAL], owner="", scope="", hours=""))
    rows = [
        Channel(
            code=row["code"],
            name=row["name_vi"],
            name_en=row["name_en"],
            source=row["source"],
            contact=row.get("contact", ""),
            is_confidential=row.get("confidential_default", False),
            method=METHODS.get(row["code"], IntakeMethod.OPERATOR),
            position=position,
            is_published=row["code"] not in INTERNAL,
            **{"email": row.get("email", "")} | REGISTERED.get(row["code"], {}),
        )
        for position, row in enumerate(taxonomy["feedback_channels"] + OWN_CHANNELS)
        if row["code"] not in have
    ]
    bulk_create_with_history(rows, Channel)
    return len(rows)


def _register(channels: Any) -> None:
    """Say of channels from before the register who answers for them, where nobody has touched them since."""
    untouched = [channel for channel in channels if channel.history.count() == 1]
    for channel in untouched:
        for name, value in REGISTERED.get(channel.code, {}).items():
            setattr(channel, name, value)
        channel.is_published = channel.code not in INTERNAL
    fields = ["owner", "scope", "hours", "email", "is_published"]
    bulk_update_with_history(untouched, Channel, fields, default_change_reason="load_reference")


def _load_categories(taxonomy: dict[str, Any]) -> int:
    have = set(Category.objects.values_list("code", flat=True))
    roots = [_category(row, position) for position, row in enumerate(taxonomy["feedback_categories"])]
    new_roots = [root for root in roots if root.code not in have]
    bulk_create_with_history(new_roots, Category)
    by_code = {root.code: root for root in Category.objects.roots()}
    leaves = [
        _category(leaf, position, by_code[row["code"]])
        for row in taxonomy["feedback_categories"]
        for position, leaf in enumerate(row["items"])
        if leaf["code"] not in have
    ]
    bulk_create_with_history(leaves, Category)
    return len(new_roots) + len(leaves)


def _category(row: dict[str, Any], position: int, parent: Category | None = None) -> Category:
    return Category(
        code=row["code"],
        name=row["name_vi"],
        name_en=row["name_en"],
        source=row["source"],
        urgency=row["suggested_severity"],
        lead_unit=row.get("suggested_lead_unit", ""),
        parent=parent,
        position=position,
        folded=fold(f"{row['code']} {row['name_vi']} {row['name_en']}"),
    )
