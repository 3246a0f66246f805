"""A flood of feedback is grouped, never dropped: what looks like one wave is linked to its first case, so that officers
meet it as one.

Two things make a wave: the same words again within a day, from wherever; or more than a few a minute from one network.
A confidential report is never grouped by its network: the link would tell where it came from. What a wave begins with
is remembered in the cache alone, as keyed hashes; without the cache nothing is grouped and everything is taken."""

import hashlib
import hmac

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import override
from redis.exceptions import RedisError

from accounts.services import engine
from common.addresses import client_address
from common.public.throttle import seconds_to_wait
from common.scope import as_system
from common.text import fold
from feedback.models import Case
from links.models import Relation
from links.services import link

MOST_IN_GROUP = 100  # then another group begins: a page that names thousands helps nobody
WORDS_SECONDS, NETWORK_SECONDS = 86_400, 900
SHORTEST = 25  # signs: "rất tốt, cảm ơn" is said by many who never met
log = structlog.get_logger("feedback.public")


def group(request: HttpRequest, case: Case) -> None:
    """Link a new case to the first of its wave, if it belongs to one. Never stands in the way of a receipt."""
    try:
        with override(settings.LANGUAGE_CODE):
            _group_by_words(case)
            if not case.is_confidential and seconds_to_wait(request, "wave"):
                network = _hashed(f"network {client_address(request)}")
                _join(case, network, NETWORK_SECONDS, _("One of many that came from one network within minutes."))
    except (RedisError, OSError) as fault:
        log.warning("flood_not_grouped", fault=type(fault).__name__)


def _group_by_words(case: Case) -> None:
    words = "".join(char for char in fold(case.body) if char.isalnum())
    if len(words) >= SHORTEST:
        _join(case, _hashed(f"words {words}"), WORDS_SECONDS, _("The same words as in the first one."))


def _join(case: Case, wave: str, seconds: int, reason: str) -> None:
    place = f"public:wave:{wave}"
    if cache.add(place, [case.pk, 1], seconds):
        return
    first, size = cache.get(place) or [case.pk, 0]
    if first == case.pk:
        return
    if size >= MOST_IN_GROUP:
        cache.set(place, [case.pk, 1], seconds)
        return
    cache.set(place, [first, size + 1], seconds)
    with as_system(), transaction.atomic():
        found = Case.objects.filter(pk=first).first()
        if found:
            link(case, Relation.RELATED, found, by=engine(), reason=reason)


def _hashed(text: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hex()[:32]
