"""Joining two records."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from links.models import Link, Relation


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
