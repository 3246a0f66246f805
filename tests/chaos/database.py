"""The durable PostgreSQL of a crash run: made for it, hit in several ways, and brought back each time."""

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections

from config.dev import preparation, services
from config.dev.state import Place
from config.dev.terminal import Problem

PATIENCE = 120
# `session` kills one of its processes, which makes all the others begin anew; the rest end the whole server
BLOWS = {"kill -9": signal.SIGKILL, "immediate stop": signal.SIGQUIT, "restart": signal.SIGINT}


class Database:
    """One server with one database. The settings name it already, so `connections` reach it too."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.server, self.programs = services.postgres(place, services.DURABLE)

    def make(self) -> None:
        """A copy of a database that is migrated once for each state of the checkout."""
        made = f"made_{preparation.fingerprint(preparation.sources_of_the_database())[:16]}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {services.DATABASE} WITH (FORCE)")
            if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [made]).fetchone():
                server.execute(f"CREATE DATABASE {services.DATABASE} TEMPLATE {made}")
                return
            server.execute(f"CREATE DATABASE {services.DATABASE}")
            call_command("migrate", verbosity=0, skip_checks=True)
            connections.close_all()
            server.execute(f"CREATE DATABASE {made} TEMPLATE {services.DATABASE}")

    def address(self, database: str = services.DATABASE) -> str:
        return f"host={self.place.sockets} user={services.USER} dbname={database}"

    def strike(self, random: Random, ways: Sequence[str] = ("session", "kill -9", "restart")) -> str:
        """Hit it in one of these ways, and return which once it is back."""
        blow = random.choice(ways)
        if blow == "session":
            with self._session() as session:
                rows = session.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()").fetchall()
            with suppress(ProcessLookupError):  # it may have ended since
                os.kill(random.choice(rows)[0], signal.SIGKILL) if rows else None
            return blow
        postmaster = int((Path(self.server.command[2]) / "postmaster.pid").read_text().split("\n")[0])
        os.kill(postmaster, BLOWS[blow])
        self._bring_back(postmaster)
        return blow

    def _session(self) -> "psycopg.Connection[Any]":
        """A session of our own, as soon as the server has recovered from the blow before."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return psycopg.connect(self.address(), autocommit=True)
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def _bring_back(self, postmaster: int) -> None:
        """Start the server again as soon as the last process of the old one has gone."""
        until = time.monotonic() + PATIENCE
        while Path(f"/proc/{postmaster}").exists() and time.monotonic() < until:
            time.sleep(0.05)
        while True:
            try:
                services.ensure_started(self.server, self.place)
                return
            except Problem:  # a session of the old one still holds its memory
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
