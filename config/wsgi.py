"""WSGI entrance for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_ROLE", "langnghe_app")  # whoever serves strangers owns no table

application = get_wsgi_application()
