"""Too many requests from one network address are asked to wait; what was acknowledged before is always answered.

The count lives in the cache and is lost with it: without the cache everybody is let in, nothing is refused by fault."""

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from redis.exceptions import RedisError
from rest_framework.throttling import SimpleRateThrottle

from common.addresses import client_address

SUGGESTIONS_PER_FORM = 12  # typing one name asks this many times


class PublicThrottle(SimpleRateThrottle):
    """The `public` rate of the settings for one door, per client address (`common.addresses`)."""

    scope = "public"
    num_requests: int | None

    def __init__(self, door: str, times: int = 1) -> None:
        self.door = door
        super().__init__()
        if self.num_requests is not None:
            self.num_requests *= times

    def get_cache_key(self, request: Any, view: Any) -> str:
        """An address is personal data: the cache holds only a keyed hash of it."""
        hashed = hmac.digest(settings.SECRET_KEY.encode(), client_address(request).encode(), hashlib.sha256)
        return f"public:{self.door}:{hashed.hex()[:32]}"


def seconds_to_wait(request: HttpRequest, door: str, times: int = 1) -> int:
    """0 when this request may go on; otherwise after how many seconds to try again."""
    throttle = PublicThrottle(door, times)
    try:
        if throttle.allow_request(request, None):  # type: ignore[arg-type]
            return 0
    except (RedisError, OSError):
        return 0
    return int(throttle.wait() or 59) + 1
