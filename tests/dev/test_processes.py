"""The real thing: dev.py in a small checkout of its own, killed in the rudest way."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.dev import install, state
from config.dev.guard import dying_with_parent

pytestmark = pytest.mark.slow

SETTINGS = """
import os
import environ
SECRET_KEY, DEBUG, ALLOWED_HOSTS = os.environ["SECRET_KEY"], False, ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.staticfiles"]
DATABASES = {"default": environ.Env.db_url_config(os.environ["DATABASE_URL"])}
CELERY_BROKER_URL = os.environ["REDIS_URL"]
ROOT_URLCONF, STATIC_URL, STATIC_ROOT = "config.urls", "/static/", os.environ["STATIC_ROOT"]
"""
URLS = """
from django.db import connection
from django.http import JsonResponse
from django.urls import path

def ready(request):
    connection.ensure_connection()
    return JsonResponse({"status": "ok"})

urlpatterns = [path("health/ready", ready)]
"""
CELERY = """
import os
from celery import Celery
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
"""


class Checkout:
    """A small project with our dev.py in it, in a path with a space."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(state.ROOT / "config" / "dev", root / "config" / "dev")
        for name in ("dev.py", "manage.py", "config/wsgi.py", "config/__init__.py"):
            shutil.copy(state.ROOT / name, root / name)
        for name, text in (("settings", SETTINGS), ("urls", URLS), ("celery", CELERY)):
            (root / "config" / f"{name}.py").write_text(text, encoding="utf-8")
        shutil.copytree(state.ROOT / "requirements", root / "requirements")
        (root / ".venv").symlink_to(install.VENV)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """dev.py, without the servers of the test run that this test is part of."""
        outside = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "STATIC_ROOT", "MEDIA_ROOT", "BASE_URL"}
        return subprocess.Popen(
            [sys.executable, "dev.py", *arguments],
            cwd=self.root,
            env={name: value for name, value in os.environ.items() if name not in outside},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=dying_with_parent(signal.SIGTERM),  # a killed test run leaves nothing either
        )

    def run(self, *arguments: str) -> str:
        """What a verb printed, once it has ended."""
        return self.start(*arguments).communicate(timeout=120)[0]

    def processes(self) -> list[str]:
        """Command lines that belong to this checkout."""
        listed = subprocess.run(["ps", "-wweo", "args"], capture_output=True, text=True, check=True)
        places = {str(self.root), str(state.state_home(self.root, is_root=os.geteuid() == 0))}
        return [line for line in listed.stdout.splitlines() if any(place in line for place in places)]


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    made = Checkout(tmp_path / "a checkout")
    yield made
    made.run("stop", "--wipe")
    assert made.processes() == []


def wait_for(program: "subprocess.Popen[str]", words: str) -> str:
    """Read what a program prints until some words come."""
    said = ""
    assert program.stdout is not None
    for line in program.stdout:
        said += line
        if words in line:
            return said
    pytest.fail(f"{words!r} never came:\n{said}")


def is_quiet(checkout: Checkout, seconds: float = 30) -> bool:
    """Whether every process of the checkout has ended before the time is over."""
    end = time.monotonic() + seconds
    while checkout.processes() and time.monotonic() < end:
        time.sleep(0.1)
    return not checkout.processes()


def test_nothing_is_left_after_kill_9_and_the_next_start_is_clean(checkout):
    first = checkout.start("run", "--no-demo")
    wait_for(first, "Ctrl-C stops everything")
    titles = " ".join(checkout.processes())
    assert all(name in titles for name in ("bin/postgres", "valkey-server", "gunicorn", "celery"))
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert is_quiet(checkout)
    second = checkout.start("run", "--no-demo")
    said = wait_for(second, "Ctrl-C stops everything")
    assert "Migrating" not in said
    second.send_signal(signal.SIGINT)
    assert "Stopping" in second.communicate(timeout=180)[0]
    assert second.returncode == 130
    assert is_quiet(checkout, 1)


def test_the_death_of_one_part_ends_all_and_says_which(checkout):
    program = checkout.start("run", "--no-demo")
    wait_for(program, "Ctrl-C stops everything")
    listed = subprocess.run(["ps", "-wweo", "pid,args"], capture_output=True, text=True, check=True).stdout
    worker = next(
        line for line in listed.splitlines() if f"{checkout.root}/.venv/bin/celery" in line and "guard" not in line
    )
    os.kill(int(worker.split()[0]), signal.SIGKILL)
    said = program.communicate(timeout=180)[0]
    assert program.returncode == 1
    assert "The worker ended by itself" in said
    assert is_quiet(checkout, 1)


def test_a_second_run_is_refused_and_stop_ends_the_first(checkout):
    program = checkout.start("run", "--no-demo")
    wait_for(program, "Ctrl-C stops everything")
    address = json.loads((checkout.root / ".run" / "run.json").read_text(encoding="utf-8"))["address"]
    assert f"running already in this checkout at {address}" in checkout.run("run")
    assert "Applying" not in checkout.run("manage", "showmigrations")  # joins the servers that run already
    assert program.poll() is None
    assert checkout.run("stop") == "Stopped.\n"
    program.communicate(timeout=180)
    assert is_quiet(checkout, 1)
