"""Joining two records, and what a page shows of it."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.scope import as_system
from links.models import Link, Relation
from links.registry import describer

# how a relation reads from its other end
BACKWARDS: dict[str, Promise] = {
    Relation.MERGED_INTO: _("took in"),
    Relation.RELATED: _("related to"),
    Relation.CONVERTED: _("converted from"),
    Relation.TRIGGERED: _("arose from"),
    Relation.RECURRED: _("the same cause as"),
    Relation.ASKED_FOR: _("asked for after"),
}


@dataclass(frozen=True)
class Shown:
    """A link as one reader may see it: the relation in words, what is at its other end, and where that is."""

    relation: str
    label: Any
    reference: str
    url: str
    at: datetime


def link(source: Model, relation: Relation, target: Model, *, by: Any, reason: str) -> Link:
    """Say once that `source` stands in `relation` to `target`; saying it again changes nothing."""
    types = ContentType.objects.get_for_models(type(source), type(target))
    made, _new = Link.objects.get_or_create(
        source_type=types[type(source)],
        source_id=source.pk,
        relation=relation,
        target_type=types[type(target)],
        target_id=target.pk,
        defaults={"by": by, "reason": reason},
    )
    return made


def links_of(record: Model) -> list[Link]:
    """Every link of a record, in both directions, oldest first: for deeds, not for pages. One query."""
    kind = ContentType.objects.get_for_model(record)
    with as_system():
        here = Q(source_type=kind, source_id=record.pk) | Q(target_type=kind, target_id=record.pk)
        return list(Link.objects.filter(here).order_by("at", "id"))


def shown(record: Model, reader: Any, *, leaving_out: Container[str] = ()) -> list[Shown]:
    """The links of a record whose other end this reader sees too: one query, and what its app asks for each kind.
    `leaving_out`: relations that its page tells in another place."""
    kind = ContentType.objects.get_for_model(record)
    known_here = [row for row in links_of(record) if row.relation not in leaving_out]
    ends = [(row, *_other_end(row, kind.pk, record.pk)) for row in known_here]
    known = {
        type_id: _described(type_id, {end for _row, other, end, _words in ends if other == type_id}, reader)
        for type_id in {other for _row, other, _end, _words in ends}
    }
    return [
        Shown(row.relation, words, *known[other][end], at=row.at)
        for row, other, end, words in ends
        if end in known[other]
    ]


def _other_end(row: Link, kind: int, pk: int) -> tuple[int, int, Any]:
    if (row.source_type_id, row.source_id) == (kind, pk):
        return row.target_type_id, row.target_id, row.get_relation_display()
    return row.source_type_id, row.source_id, BACKWARDS[row.relation]


def _described(type_id: int, ids: Iterable[int], reader: Any) -> dict[int, tuple[str, str]]:
    """What the reader sees of these records; nothing of a kind that no app registered."""
    describe = describer(".".join(ContentType.objects.get_for_id(type_id).natural_key()))
    return dict(describe(ids, reader)) if describe else {}
