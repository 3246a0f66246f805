"""What the benchmark's gunicorn serves: the real application, and the raw view beside it in the same processes."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from console.bench import raw

real = get_wsgi_application()

# counted as always, but a benchmark asks more often than any client may
settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"intake": "10000000/min", "public": "10000000/min"}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    serve = raw.application if environ["PATH_INFO"].startswith(raw.PREFIX) else real
    return serve(environ, start_response)
