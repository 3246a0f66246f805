"""WSGI entrance for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_ROLE", "langnghe_app")  # whoever serves strangers owns no table

application = get_wsgi_application()
# Every address with its views, before the first request and once for all workers: half of what a page cost that a fresh
# process served first.
get_resolver().reverse_dict  # noqa: B018 - reading it fills it
