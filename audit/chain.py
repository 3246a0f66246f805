"""A chain over the log, so that a change made past all guards of the database is found.

Each link's digest covers one entry and the digest before it. Links are made once a minute for the entries committed
since, so nobody who writes an entry waits for anybody; entries cannot be changed, so links have a table of their own.
Each round ends with a seal: the digest marked with a key that is not in the database. Who rewrites entries and the
whole chain after them, as the database's owner could, still cannot make the marks. What nobody can see from here is
an entry that was taken away within the minute before it had a link."""

import hashlib
import json
from datetime import UTC, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from audit.models import Entry, Fault, Link, Seal, Verification
from common.sealing import keyring

BATCH = 2000
LATE = timedelta(hours=1)  # no transaction lasts longer: an entry that turns up later was put in past the guards
LOCK = 0x4C4E02
log = structlog.get_logger("audit")


def content_of(entry: Entry) -> bytes:
    """All columns of an entry, in one way of writing them."""
    columns: list[Any] = [entry.pk, entry.at.astimezone(UTC).isoformat(timespec="microseconds"), entry.by_id]
    columns += [entry.act, entry.about_type, entry.about_id, entry.purpose, entry.reason, entry.request_id]
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()


def digest_of(before: str, entry: Entry) -> str:
    return hashlib.sha256(before.encode() + content_of(entry)).hexdigest()


def seal_all() -> int:
    """Link every entry that is committed; returns how many."""
    total = 0
    while made := seal_batch():
        total += made
    return total


@transaction.atomic
def seal_batch() -> int:
    """Link up to `BATCH` entries, oldest first, and seal the last of them. One at a time: a second run at the same
    moment does nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    entries = list(_without_link().filter(pk__gt=_settled()).order_by("pk")[:BATCH])
    if not entries:
        return 0
    last = Link.objects.order_by("-number").first()
    number, digest = (last.number, last.digest) if last else (0, "")
    links = []
    for place, entry in enumerate(entries, start=number + 1):
        digest = digest_of(digest, entry)
        links.append(Link(number=place, entry=entry, digest=digest))
    Link.objects.bulk_create(links)
    _seal(links[-1].number, entries[-1].pk, digest)
    return len(links)


def _seal(number: int, up_to: int, digest: str) -> None:
    ring = keyring()
    mark = ring.fingerprint(_marked(digest))
    Seal.objects.create(number=number, up_to=up_to, digest=digest, key_id=ring.writing, mark=mark)


def _seal_under_new_key() -> None:
    """Mark the chain's end once more when keys were rotated: a mark vouches for everything before it."""
    last = Seal.objects.order_by("-pk").first()
    if last and last.key_id != keyring().writing and keyring().is_fingerprint_of(_marked(last.digest), last.mark):
        _seal(last.number, last.up_to, last.digest)


def _without_link() -> QuerySet[Entry]:
    return Entry.objects.exclude(Exists(Link.objects.filter(entry=OuterRef("pk"))))


def _settled() -> int:
    """Up to which entry nothing can come any more. Entries of transactions that ended out of order lie beyond it."""
    seal = Seal.objects.filter(at__lt=timezone.now() - LATE).order_by("-number").first()
    return seal.up_to if seal else 0


def _marked(digest: str) -> bytes:
    return b"audit chain " + digest.encode()


class Broken(Exception):
    """Where the chain does not hold: what is wrong, and the first entry that it is wrong with."""

    def __init__(self, fault: str, entry_id: int | None = None) -> None:
        super().__init__(fault, entry_id)
        self.fault, self.entry_id = fault, entry_id


def verify() -> Verification:
    """Link what is committed, go through the whole chain, and write down what came of it. Reads the whole log once:
    about ten seconds for a million entries."""
    seal_all()
    _seal_under_new_key()
    links, broken = 0, None
    try:
        links = _walk()
        _look_for_strays()
    except Broken as found:
        broken = found
        log.error("audit_chain_broken", fault=found.fault, entry=found.entry_id)
    return Verification.objects.create(
        links=links,
        fault=broken.fault if broken else "",
        entry_id=broken.entry_id if broken else None,
        head=Link.objects.order_by("-number").values_list("digest", flat=True).first() or "",
    )


def _walk() -> int:
    """How many links hold; raises `Broken` at the first that does not. In pieces by key, not with a server's cursor:
    psycopg would wait for itself where an unfinished one is collected during another query."""
    last = Seal.objects.order_by("-pk").first()
    before, number = "", 0
    while links := list(Link.objects.select_related("entry").filter(number__gt=number).order_by("number")[:BATCH]):
        seals = _seals_by_number(number, links[-1].number)
        for link in links:
            number += 1
            if link.number != number:
                raise Broken(Fault.MISSING, _entry_of(number))
            before = digest_of(before, link.entry)
            if before != link.digest:
                raise Broken(Fault.CHANGED, link.entry_id)
            for seal in seals.get(number, ()):
                _check_mark(seal, before, is_last=seal == last)
    if number < max(_linked_before(), last.number if last else 0):
        raise Broken(Fault.MISSING, _entry_of(number + 1))
    return number


def _seals_by_number(after: int, until: int) -> dict[int, list[Seal]]:
    found: dict[int, list[Seal]] = {}
    for seal in Seal.objects.filter(number__gt=after, number__lte=until).order_by("pk"):
        found.setdefault(seal.number, []).append(seal)
    return found


def _check_mark(seal: Seal, digest: str, *, is_last: bool) -> None:
    """A mark of a key that is gone since says nothing; later ones vouch for it, so the last one must be readable."""
    ring = keyring()
    is_readable = is_last or seal.key_id in ring.ids
    if seal.digest != digest or (is_readable and not ring.is_fingerprint_of(_marked(digest), seal.mark)):
        raise Broken(Fault.MARK, seal.up_to)


def _entry_of(number: int) -> int | None:
    """The entry of a link whose entry is gone."""
    return Link.objects.filter(number=number).values_list("entry_id", flat=True).first()


def _linked_before() -> int:
    """How long the chain was when it was last found whole."""
    last = Verification.objects.filter(fault="").order_by("-pk").first()
    return last.links if last else 0


def _look_for_strays() -> None:
    stray = _without_link().filter(at__lt=timezone.now() - LATE).order_by("pk").first()
    if stray:
        raise Broken(Fault.STRAY, stray.pk)
