"""What every test starts from: the database of the run, no leftovers between tests."""

import os

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Two runs on one server need two names: `PYTEST_DB` chooses one."""
    name = os.environ.get("PYTEST_DB")
    if name:
        from django.conf import settings

        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
