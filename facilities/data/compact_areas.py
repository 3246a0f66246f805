"""Make areas.json from vietnamese-provinces-database (MIT). Run by hand when a new edition comes out:

python facilities/data/compact_areas.py vn_admin_units.json 2026-07-25
"""

import json
import sys
import unicodedata
from pathlib import Path

PREFIXES = {"phường": "ward", "xã": "commune", "đặc khu": "special_zone"}
PROVINCE_KEYS = ("Code", "Name", "FullName", "FullNameEn")


def bare(text: str) -> str:
    """The English name that follows from a Vietnamese one; only others are written down."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def compact(provinces: list[dict], edition: str) -> dict:
    """Rows as short lists: code, name, full name, English name, parts [code, kind, name, English if odd]."""
    return {
        "source": "github.com/thanglequoc/vietnamese-provinces-database (MIT, see the licence beside)",
        "edition": edition,
        "provinces": [
            [*(row[key] for key in PROVINCE_KEYS), [_part(part) for part in row["Wards"]]] for row in provinces
        ],
    }


def _part(row: dict) -> list[str]:
    prefix = row["FullName"].lower().removesuffix(row["Name"].lower()).strip()
    cells = [row["Code"], PREFIXES[prefix], row["Name"]]
    return cells if row["NameEn"] == bare(row["Name"]) else [*cells, row["NameEn"]]


def main(source: str, edition: str) -> None:
    rows = compact(json.loads(Path(source).read_text(encoding="utf-8")), edition)
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("[[", "[\n[").replace("],[", "],\n[")  # a line per area, so that editions compare
    Path(__file__).with_name("areas.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
