"""The Celery application: carries hints only, PostgreSQL holds everything that must not be lost."""

import os
from typing import Any

from celery import Celery, Task
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

from common.scope import system_session

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class SystemTask(Task):  # type: ignore[type-arg]
    """Nobody asks for work in the background: it is done for the system, and sees every row while it runs."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with system_session():
            return super().__call__(*args, **kwargs)


app = Celery("config", task_cls=SystemTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@setup_logging.connect
def use_django_logging(**_kwargs: object) -> None:
    """Worker and beat log as the web server does: one JSON line an event, from Django's LOGGING."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
