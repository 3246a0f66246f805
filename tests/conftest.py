"""What every test starts from: the database of the run, no leftovers between tests."""

import gc
import os
import time
from typing import Any

import pgtrigger
import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client, TransactionTestCase
from pytest_django import DjangoDbBlocker
from xdist.scheduler import LoadScopeScheduling

from accounts.signin.middleware import PASSED_AT
from tests import template_database


def pytest_addoption(parser: pytest.Parser) -> None:
    every = "every cell of the leak matrix, not a sample; 2/8: the second of eight parts of them"
    many = "how much rubbish each door gets in tests/doors, instead of a few dozen pieces"
    files = "how many of the hostile files each door gets in tests/doors, instead of a few of every family"
    parser.addoption("--rubbish", type=int, default=0, metavar="N", help=many)
    parser.addoption("--hostile", type=int, default=0, metavar="N", help=files)
    parser.addoption("--matrix", nargs="?", const="1/1", default="", metavar="PART/PARTS", help=every)


WHOLE_MATRIX = "WholeMatrix"  # how the classes that share the whole matrix begin
LINES: list[str] = []  # what tests counted, told at the end of the run
# Parts of the suite that share something outside the database: real processes with one broker and its queue; servers of
# crash runs; the counts of throttles, which these tests empty.
TOGETHER = {"browser": "processes", "chaos": "crash runs", "dev": "processes", "public": "throttles"}
# What takes long begins early, so that no core has a long one left when the others are done. Crash runs and real
# processes come before all: they wait most. An order only: a module that is missing here runs all the same.
LONGEST = (
    "tests/chaos/",
    "tests/browser/",
    "tests/dev/",
    "tests/access/test_",
    "tests/console/test_rubbish_choices.py",
    "tests/feedback/test_lost_edits.py",
    "tests/api/test_rude.py",
    "tests/public/",
    "tests/console/test_home.py",
    "tests/console/test_steps.py",
    "tests/console/test_two_people.py",
    "tests/deadlines/test_counts.py",
    "tests/deadlines/test_dates_and_events.py",
    "tests/feedback/test_access.py",
    "tests/demo/test_telling.py",
    "tests/deadlines/test_model.py",
    "tests/deadlines/test_calendar.py",
    "tests/console/test_",
    "tests/facilities/test_admin.py",
    "tests/deadlines/test_sweep.py",
    "tests/accounts/test_role_pages.py",
)


class OneModuleOneCore(LoadScopeScheduling):
    """Where the run is spread over cores, a module stays on one of them, and so do the parts that share something; only
    the whole leak matrix is one module for all cores.

    (xdist's own groups are written into ids that pytest 9 no longer reads.)"""

    def _split_scope(self, nodeid: str) -> str:
        module, _mark, name = nodeid.partition("::")
        if name.startswith(WHOLE_MATRIX):
            return nodeid
        part = module.split("/")[1]
        return TOGETHER.get(part, module)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneModuleOneCore:
    return OneModuleOneCore(config, log)


@pytest.hookimpl(trylast=True)  # after pytest-django's own order
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest modules begin, each still in its own order."""
    items.sort(key=lambda item: place_in_the_run(item.nodeid))


def place_in_the_run(nodeid: str) -> int:
    """How early a test runs: 0 is first."""
    return next((nth for nth, start in enumerate(LONGEST) if nodeid.startswith(start)), len(LONGEST))


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: it is not looked through for garbage again and again, and
    what tests leave behind not after each few hundred objects."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_sessionfinish(session: pytest.Session) -> None:
    sent = getattr(session.config, "workeroutput", None)
    if sent is not None:
        sent["lines"] = LINES


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    LINES.extend(getattr(node, "workeroutput", {}).get("lines", []))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for line in LINES:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session", autouse=True)
def counts_of_the_run() -> None:
    """What one core counts in the cache is not another's."""
    settings.CACHES["default"]["KEY_PREFIX"] = f"ln{os.environ.get('PYTEST_XDIST_WORKER', '')}"


class FewTurns(PBKDF2PasswordHasher):
    """The hash that we use, without the million turns that make guessing slow: they took half a second each time."""

    iterations = 10


@pytest.fixture(scope="session", autouse=True)
def passwords_in_few_turns() -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.{FewTurns.__name__}"]


@pytest.fixture(scope="session", autouse=True)
def static_files_by_their_names() -> None:
    """Pages name their static files without the manifest, which only exists after `collectstatic`."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(scope="session", autouse=True)
def attachments_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Attachments that tests keep go with the run."""
    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Two runs on one server need two names: `PYTEST_DB` chooses one."""
    name = os.environ.get("PYTEST_DB")
    if name:
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")  # one database for each core


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
) -> None:
    """Each process's own database: of a run on several cores only the first one migrates."""
    if not django_db_createdb:
        request.getfixturevalue("django_db_setup")
        return
    shared = tmp_path_factory.getbasetemp().parent
    with django_db_blocker.unblock():
        name = template_database.template(shared)
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = name
    request.getfixturevalue("django_db_setup")
    if name:
        with django_db_blocker.unblock():
            template_database.was_copied(shared)


_flush = TransactionTestCase._fixture_teardown


def _flush_what_is_kept(case: TransactionTestCase) -> None:
    with pgtrigger.ignore():  # the database lets nobody else empty these tables
        _flush(case)


TransactionTestCase._fixture_teardown = _flush_what_is_kept  # type: ignore[method-assign]

_with_password_only = Client.force_login


def _with_both_factors(client: Client, user: Any, backend: str | None = None) -> None:
    _with_password_only(client, user, backend)
    session = client.session
    session[PASSED_AT] = time.time()
    session.save()


Client.force_login = _with_both_factors  # type: ignore[method-assign]  # the way through the pages has tests of its own
