"""A signed return, or its preview, laid out once for paper and spreadsheet: headings, tables and small print."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from common.papers.layout import Document, Part, Sheet, digest_of, moment, share
from incidents.returns import wording as w

HEADINGS = ("", w.COUNT, w.SHARE, w.BEFORE)


@dataclass(frozen=True)
class Signature:
    """Who signed an edition, as what and when, and what it replaces."""

    number: int
    signer: str
    capacity: str
    at: datetime
    former_number: int = 0
    former_digest: str = ""
    reason: str = ""


def laid_out(content: Mapping[str, Any], signed: Signature | None) -> Document:
    """The document. Pure: the same content and signature always give the same."""
    kind = content["kind"]
    is_letter = kind == "quarter"
    as_of = parse_datetime(content["as_of"])
    assert as_of is not None  # we wrote it
    grounds = w.GROUNDS[kind] + (" " + w.REPORTING % content["facilities"] if is_letter else "")
    return Document(
        heading=("" if is_letter else content["authority"].upper(), content["unit"].upper()),
        title=w.LETTER if is_letter else w.SYNTHESIS,
        period=content["period"],
        addressee=w.TO[kind],
        grounds=grounds,
        parts=list(_parts(content)),
        signature=_signature(kind, signed),
        small_print=list(_small_print(content, as_of, signed)),
        at=signed.at if signed else as_of,
    )


def _parts(content: Mapping[str, Any]) -> Iterator[Part]:
    known = {table["key"]: _sheet(table) for table in content["tables"]}
    for title, keys in w.PARTS:
        text = content["findings"] if "causes" in keys else ""
        yield Part(title, [known[key] for key in keys], text)
    done = [_sheet(table) for table in content.get("actions", [])]
    yield Part(w.LAST_PART[content["kind"]], done, content["solutions"])


def _sheet(table: Mapping[str, Any]) -> Sheet:
    total, before = table["total"]
    rows = [(label, count, share(count, total), former) for label, count, former in table["rows"]]
    return Sheet(table["key"], table["title"], [*rows, (w.TOTAL, total, share(total, total), before)], HEADINGS)


def _signature(kind: str, signed: Signature | None) -> list[str]:
    if signed is None:
        return [w.DRAFT]
    return [w.CAPACITY[kind][signed.capacity], w.SIGNED % moment(signed.at), signed.signer]  # type: ignore[index]


def _small_print(content: Mapping[str, Any], as_of: datetime, signed: Signature | None) -> Iterator[str]:
    yield w.AS_OF % moment(as_of)
    if "actions" in content:
        yield w.ACTIONS_AS_OF
    if signed is None:
        return
    yield w.EDITION % (signed.number, digest_of(content))
    if signed.former_number:
        yield w.REPLACES % (signed.former_number, signed.former_digest, signed.reason)
