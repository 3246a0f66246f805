"""What must be right about an installation before it serves anybody, as system checks with ids.

`manage.py check` runs E001-E004 and W001; `manage.py check --deploy` adds E010-E012; `manage.py check --database
default` adds E020 and E021. A value that cannot even be read stops the start in `config.environment`."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

OLDEST_POSTGRESQL = 150000


@register(Tags.security)
def data_formats(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Nothing that can carry code may be read from the broker."""
    if set(settings.CELERY_ACCEPT_CONTENT) == {"json"} and settings.CELERY_TASK_SERIALIZER == "json":
        return []
    return [Error("Celery must read and write JSON only: anything else can carry code.", id="langnghe.E001")]


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


@register(Tags.security, deploy=True)
def dangerous_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Settings that are comfortable at a desk and dangerous in production."""
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("DEBUG=1 shows the inside of the system to everybody.", id="langnghe.E010"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS=* lets others put their address into our messages.", id="langnghe.E011"))
    if settings.DEMO:
        found.append(Error("DEMO=1 lets invented people sign in.", id="langnghe.E013"))
    if not settings.IS_HTTPS:
        found.append(Error("BASE_URL must begin with https:// in production.", id="langnghe.E012"))
    return found


@register(Tags.database)
def database_keeps_its_word(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """What was acknowledged must survive a crash: an old or a careless server is refused."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, current_setting('fsync'),"
                " current_setting('full_page_writes'), current_setting('synchronous_commit')"
            )
            version, *promises = cursor.fetchone()
        if version < OLDEST_POSTGRESQL:
            found.append(Error("PostgreSQL 15 or newer is needed.", id="langnghe.E020"))
        if "off" in promises:
            found.append(
                Error(
                    "fsync, full_page_writes or synchronous_commit is off: a crash would lose what was acknowledged.",
                    id="langnghe.E021",
                )
            )
    return found
