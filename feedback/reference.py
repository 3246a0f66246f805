"""Channels and categories as published, from `data/taxonomy.json`. Seeding again adds what is new and touches nothing
that people changed."""

import json
from pathlib import Path
from typing import Any

from simple_history.utils import bulk_create_with_history

from common.text import fold
from feedback.choices import IntakeMethod
from feedback.models import Category, Channel

DATA = Path(__file__).parent / "data" / "taxonomy.json"
METHODS = {
    "APP_YTTT": IntakeMethod.API,
    "P1022": IntakeMethod.API,
    "DVC": IntakeMethod.API,
    "WEB": IntakeMethod.PUBLIC,
    "EMAIL": IntakeMethod.EMAIL,
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
    rows = [
        Channel(
            code=row["code"],
            name=row["name_vi"],
            name_en=row["name_en"],
            source=row["source"],
            contact=row.get("contact") or row.get("email", ""),
            is_confidential=row.get("confidential_default", False),
            method=METHODS.get(row["code"], IntakeMethod.OPERATOR),
            position=position,
        )
        for position, row in enumerate(taxonomy["feedback_channels"] + OWN_CHANNELS)
        if row["code"] not in have
    ]
    bulk_create_with_history(rows, Channel)
    return len(rows)


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
