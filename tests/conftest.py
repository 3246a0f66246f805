"""What every test starts from: the database of the run, no leftovers between tests."""

import os
import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.signin.middleware import PASSED_AT


@pytest.fixture(scope="session", autouse=True)
def static_files_by_their_names() -> None:
    """Pages name their static files without the manifest, which only exists after `collectstatic`."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(scope="session", autouse=True)
def attachments_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Attachments that tests keep go with the run."""
    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Two runs on one server need two names: `PYTEST_DB` chooses one."""
    name = os.environ.get("PYTEST_DB")
    if name:
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name


_with_password_only = Client.force_login


def _with_both_factors(client: Client, user: Any, backend: str | None = None) -> None:
    _with_password_only(client, user, backend)
    session = client.session
    session[PASSED_AT] = time.time()
    session.save()


Client.force_login = _with_both_factors  # type: ignore[method-assign]  # the way through the pages has tests of its own
