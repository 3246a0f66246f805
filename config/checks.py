"""What must be right about an installation before it serves anybody, as system checks with ids.

`manage.py check` runs E001-E006, E018, E019, W001 and W018, and E010-E017 where the installation calls itself a
production one: its BASE_URL begins with https://, or `--deploy` is given. `manage.py check --database default` adds
E020, E021 and W020. A value that cannot even be read stops the start in `config.environment`."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

OLDEST_POSTGRESQL = 150000
OTHER_CONNECTIONS = 14  # of workers, beat, commands and people, as deploy/ has them

JSON_CACHE = "config.cache.JsonSerializer"
SECRET_BYTES = 32
MAILDIR = ("new", "cur", "tmp")


@register(Tags.security)
def data_formats(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Nothing that can carry code may be read from the broker, the cache or the session table."""
    found: list[CheckMessage] = []
    named = [getattr(settings, f"CELERY_{name}_SERIALIZER", "json") for name in ("TASK", "RESULT", "EVENT")]
    if set(settings.CELERY_ACCEPT_CONTENT) != {"json"} or set(named) != {"json"}:
        found.append(Error("Celery must read and write JSON only: anything else can carry code.", id="langnghe.E001"))
    if not settings.SESSION_SERIALIZER.endswith(".JSONSerializer"):
        found.append(Error("Sessions must be kept as JSON: anything else can carry code.", id="langnghe.E005"))
    caches: dict[str, Any] = settings.CACHES
    for name, cache in caches.items():
        is_none = cache["BACKEND"].endswith(".DummyCache")
        if not is_none and cache.get("OPTIONS", {}).get("serializer") != JSON_CACHE:
            found.append(Error(f"The cache “{name}” must keep JSON ({JSON_CACHE}), not pickles.", id="langnghe.E006"))
    return found


@register()
def storage(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Attachments need a place that this process can write to and that no web server hands out."""
    root = Path(settings.MEDIA_ROOT)
    nearest = next(folder for folder in (root, *root.parents) if folder.exists())
    if not os.access(nearest, os.W_OK):
        return [Error(f"MEDIA_ROOT ({root}) cannot be written to.", id="langnghe.E002")]
    if Path(settings.STATIC_ROOT) == root or Path(settings.STATIC_ROOT) in root.parents:
        return [Error("MEDIA_ROOT lies inside STATIC_ROOT: attachments would be public.", id="langnghe.E003")]
    return []


@register()
def languages(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The compiled Vietnamese catalogue must be there, or the whole console speaks English."""
    if any((Path(folder) / "vi" / "LC_MESSAGES" / "django.mo").exists() for folder in settings.LOCALE_PATHS):
        return []
    return [Error("The Vietnamese catalogue (locale/vi/LC_MESSAGES/django.mo) is missing.", id="langnghe.E004")]


@register()
def mail(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Mail that goes to the log reaches nobody."""
    if settings.IS_HTTPS and "console" in settings.EMAIL_BACKEND:
        return [Warning("EMAIL_URL is not set: mail is written to the log and reaches nobody.", id="langnghe.W001")]
    return []


@register()
def mailbox(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Feedback by e-mail needs a mailbox that can be read, a password that nobody listens to, and a way to answer."""
    found: list[CheckMessage] = []
    parts = urlsplit(settings.MAILBOX_URL)
    if parts.scheme == "imap" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        found.append(
            Error("MAILBOX_URL: imap:// would send the password unencrypted; use imaps://.", id="langnghe.E018")
        )
    if parts.scheme == "maildir" and not all((Path(unquote(parts.path)) / name).is_dir() for name in MAILDIR):
        found.append(Error("MAILBOX_URL: there is no maildir at this place.", id="langnghe.E019"))
    if settings.MAILBOX_URL and settings.MAILBOX_ADDRESS.endswith(".invalid"):
        sentence = "MAILBOX_ADDRESS is not set: receipts would come from an address that does not exist."
        found.append(Warning(sentence, id="langnghe.W018"))
    return found


@register(Tags.security)
def production_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The same where nobody thinks of `--deploy`: an address with https:// marks a production installation."""
    return _dangers() if settings.IS_HTTPS else []


@register(Tags.security, deploy=True)
def deployed_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An installation that is to be deployed without https:// is refused, and looked at all the same."""
    if settings.IS_HTTPS:
        return []
    return [*_dangers(), Error("BASE_URL must begin with https:// in production.", id="langnghe.E012")]


def _dangers() -> list[CheckMessage]:
    """Settings that are comfortable at a desk and dangerous in production."""
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("DEBUG=1 shows the inside of the system to everybody.", id="langnghe.E010"))
    if any(host == "*" for host in settings.ALLOWED_HOSTS):
        found.append(Error("ALLOWED_HOSTS=* lets others put their address into our messages.", id="langnghe.E011"))
    if settings.DEMO:
        found.append(Error("DEMO=1 lets invented people sign in.", id="langnghe.E013"))
    cookies = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY")
    open_ones = [name for name in cookies if not getattr(settings, name)]
    open_ones += [name for name in ("SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE") if not _stays_here(name)]
    if open_ones:
        found.append(Error(f"Cookies are not safe: {', '.join(open_ones)}.", id="langnghe.E014"))
    if not settings.FIELD_KEYS:
        found.append(Error("FIELD_KEYS is empty: who reported a case cannot be sealed.", id="langnghe.E015"))
    if len(set(settings.SECRET_KEY)) < 5 or len(settings.SECRET_KEY) < SECRET_BYTES:
        found.append(Error("SECRET_KEY is short or regular: sessions could be forged.", id="langnghe.E016"))
    if plain := [name for name, gateway in settings.GATEWAYS.items() if not gateway["url"].startswith("https://")]:
        found.append(Error(f"Messages would go out unencrypted: {', '.join(plain)}.", id="langnghe.E017"))
    return found


def _stays_here(name: str) -> bool:
    """Does the browser keep this cookie from requests that other sites make?"""
    return getattr(settings, name) in ("Lax", "Strict")


@register(Tags.database)
def database_keeps_its_word(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """What was acknowledged must survive a crash: an old or a careless server is refused."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, current_setting('fsync'),"
                " current_setting('full_page_writes'), current_setting('synchronous_commit'),"
                " current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
            )
            version, *promises, places = cursor.fetchone()
        if version < OLDEST_POSTGRESQL:
            found.append(Error("PostgreSQL 15 or newer is needed.", id="langnghe.E020"))
        if "off" in promises:
            found.append(
                Error(
                    "fsync, full_page_writes or synchronous_commit is off: a crash would lose what was acknowledged.",
                    id="langnghe.E021",
                )
            )
        if places < (wanted := settings.WEB_CONNECTIONS + OTHER_CONNECTIONS):
            found.append(
                Warning(
                    f"PostgreSQL allows {places} connections; web threads, workers and commands may want {wanted}.",
                    id="langnghe.W020",
                )
            )
    return found
