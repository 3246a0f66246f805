"""How often a system may call: one counter per client and minute. Without the cache nobody is stopped."""

import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from redis import Redis, RedisError
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle


class ClientThrottle(BaseThrottle):
    """The rate of the view's `throttle_scope` (settings), for each API client by itself: one step of a counter."""

    left = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        rate = api_settings.DEFAULT_THROTTLE_RATES[view.throttle_scope]
        client = getattr(request.user, "client", None)
        if rate is None or client is None:
            return True
        most, seconds = SimpleRateThrottle.parse_rate(self, rate)
        assert most is not None and seconds is not None
        window, into = divmod(time.time(), seconds)
        self.left = seconds - into
        try:
            return _counted(f"ln:api:{view.throttle_scope}:{client.id}:{int(window)}", seconds) <= most
        except (RedisError, OSError):
            return True

    def wait(self) -> float:
        return self.left


def _counted(key: str, seconds: int) -> int:
    """One step of the counter, which Redis forgets after its time."""
    count = int(_redis().incr(key))
    if count == 1:
        _redis().expire(key, seconds * 2)
    return count


@lru_cache
def _redis() -> Redis:
    """The cache's server, asked directly: the cache's own `incr` asks twice."""
    return Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=1, socket_connect_timeout=1)
