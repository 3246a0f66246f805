"""Who must not be told of which record: the apps that own the records say, when a message is about to be delivered."""

from collections.abc import Callable, Iterable

from django.contrib.contenttypes.models import ContentType

Pair = tuple[int, int]  # (person, record)
Kept = Callable[[Iterable[Pair]], set[Pair]]
Row = tuple[int, int, int | None, int | None]  # a message: its number, its recipient, the kind of record, the record
_KEPT: dict[str, Kept] = {}


def register(label: str, kept: Kept) -> None:
    """Let `kept` say, for records of the model `label`, in which of the pairs the person may not be told."""
    _KEPT[label.lower()] = kept


def withheld(rows: Iterable[Row]) -> list[int]:
    """The numbers of the messages that must not reach their recipient. What the owners of the records ask, once per
    kind of record that they declared; nothing for other messages."""
    by_kind: dict[int, list[Row]] = {}
    for row in rows:
        if row[2] is not None and row[3] is not None:
            by_kind.setdefault(row[2], []).append(row)
    found: list[int] = []
    for kind, messages in by_kind.items():
        about = ContentType.objects.get_for_id(kind)
        kept = _KEPT.get(f"{about.app_label}.{about.model}")
        if kept is not None:
            pairs = kept({(person, record) for _id, person, _kind, record in messages if record is not None})
            found += [number for number, person, _kind, record in messages if (person, record) in pairs]
    return found
