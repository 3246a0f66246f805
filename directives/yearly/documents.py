"""A frozen annual report, or its preview, laid out once for paper and spreadsheet. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime

from common.papers.layout import Cell, Document, Part, Sheet, digest_of, moment, share
from directives.yearly import wording as w

COUNT_WIDTHS = (5.9, 1.5, 1.5, 1.5, 1.6, 1.5, 1.5, 1.6)
INDICATOR_WIDTHS = (6.0, 1.4, 1.7, 1.6, 1.6, 1.8, 2.5)


@dataclass(frozen=True)
class Edition:
    """Which edition it is, who froze it and when, and what it replaces."""

    number: int
    maker: str
    at: datetime
    former_number: int = 0
    former_digest: str = ""
    reason: str = ""


def laid_out(content: Mapping[str, Any], edition: Edition | None) -> Document:
    """The document: the same content and edition always give the same."""
    as_of = parse_datetime(content["as_of"])
    assert as_of is not None  # we wrote it
    return Document(
        heading=("", content["authority"].upper()),
        title=w.TITLE,
        period=w.PERIOD % content["year"],
        addressee="",
        grounds=w.GROUNDS,
        parts=list(_parts(content)),
        signature=[w.FROZEN if edition else w.DRAFT],
        small_print=list(_small_print(content, as_of, edition)),
        at=edition.at if edition else as_of,
        name=w.NAME,
    )


def _parts(content: Mapping[str, Any]) -> Iterator[Part]:
    known = content["directives"]
    said = (
        f"Số văn bản trong sổ: {known['directives']}. Số nhiệm vụ: {known['obligations']}, "
        f"trong đó đang có hiệu lực: {known['open']}."
    )
    yield Part(w.PARTS["directives"], [_counts("by_directive", w.BY_DIRECTIVE, content["by_directive"])], said)
    yield Part(w.PARTS["obligations"], [_counts("by_obligation", w.BY_OBLIGATION, content["by_obligation"])])
    yield Part(
        w.PARTS["units"],
        [
            _counts("by_type", w.BY_TYPE, content["by_type"]),
            _counts("by_former", w.BY_FORMER, content["by_former"]),
        ],
    )
    indicators = [_indicator(one) for one in content["indicators"]]
    yield Part(
        w.PARTS["indicators"],
        [Sheet("indicators", w.INDICATOR, indicators, ("", *w.INDICATOR_COUNTS), False, INDICATOR_WIDTHS)]
        if indicators
        else [],
        "" if indicators else w.NO_TEXT,
    )
    merits: Sequence[tuple[Cell, ...]] = [tuple(row) for row in content["merits"]]
    yield Part(
        w.PARTS["emulation"],
        [Sheet("merits", w.MERIT, merits, ("", *w.MERIT_COUNTS), False)] if merits else [],
        "" if merits else w.NO_TEXT,
    )
    yield Part(w.PARTS["words"], [], content["findings"] or w.NO_TEXT)


def _counts(key: str, title: str, rows: Sequence[Sequence[Any]]) -> Sheet:
    lines = [(*row, share(row[2], row[1])) for row in rows]
    return Sheet(key, title, lines, ("", *w.COUNTS), True, COUNT_WIDTHS)


def _indicator(one: Mapping[str, Any]) -> tuple[Cell, ...]:
    name = f"{one['name']} ({one['unit']}; {one['base']})" if one["unit"] else f"{one['name']} ({one['base']})"
    remarks = "; ".join(w.OTHERWISE % tuple(each) for each in one["otherwise"])
    if one["is_yes_no"]:
        now = w.YES % (one["yes"], one["count"]) if one["count"] else ""
        before = w.YES % (one["before_yes"], one["before_count"]) if one["before_count"] else ""
        return name, one["count"], now, None, None, before, remarks
    return (
        name,
        one["count"],
        *(_number(one[key]) for key in ("median", "least", "most", "before")),
        remarks,
    )


def _number(text: str | None) -> Decimal | None:
    """Without noughts that say nothing: 80 and not 80,00."""
    if text is None:
        return None
    value = Decimal(text)
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()


def _small_print(content: Mapping[str, Any], as_of: datetime, edition: Edition | None) -> Iterator[str]:
    yield w.AS_OF % moment(as_of)
    if edition is None:
        return
    yield w.EDITION % (edition.number, edition.maker, moment(edition.at), digest_of(content))
    if edition.former_number:
        yield w.REPLACES % (edition.former_number, edition.former_digest, edition.reason)
