"""`manage.py load_demo`: invented, believable, reproducible data."""

import json
import os
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from directives.demo import load as load_directives
from feedback.demo.loading import LARGE, load
from feedback.demo.people import SignIn
from feedback.models import Case, Category
from incidents.demo import load as load_incidents
from inspections.demo import load as load_inspections

WIDTH = 30


class Command(BaseCommand):
    """Fill the database with invented facilities, people and cases. The same seed and day give the same cases."""

    help = "Load invented facilities, people and cases, the same for the same seed and day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=2000, metavar="N", help="how many cases (2000)")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed, other cases (1)")
        parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day it ends on (today)")
        parser.add_argument(
            "--signins", type=Path, metavar="PATH", help="write the sign-ins there instead of showing them"
        )
        parser.add_argument("--add", action="store_true", help="add to cases that are there already")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Invented people may sign in only in a demonstration: set DEMO=1.")
        if options["cases"] < 1:
            raise CommandError("--cases: at least 1.")
        if not Category.objects.exists():
            raise CommandError("The reference data is missing: run load_reference first.")
        if Case.objects.exists() and not options["add"]:
            raise CommandError("There are cases already. --add adds to them.")
        bar = Bar(is_quiet=options["quiet"])
        with transaction.atomic():
            loaded = load(options["cases"], seed=options["seed"], now=_now(options["today"]), progress=bar)
            bar.end()
            load_incidents()
            load_directives()
            load_inspections()
            self._tell_sign_ins(loaded.sign_ins, options["signins"])  # cases that nobody can look at help nobody
        if loaded.cases >= LARGE:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM")  # so that the first readers do not have to mark fourteen million rows
        seconds = loaded.seconds_rows + loaded.seconds_after
        self.stdout.write(
            f"{loaded.cases:,} cases, {loaded.rows:,} rows in {seconds:.1f} s"
            f" ({loaded.cases / seconds:,.0f} cases/s; indexes and counts {loaded.seconds_after:.1f} s)"
        )

    def _tell_sign_ins(self, sign_ins: list[SignIn], path: Path | None) -> None:
        rows = [{name: value for name, value in asdict(each).items() if value} for each in sign_ins]
        if path is None:
            for row in rows:
                secret = row.get("password") or f"Token {row['token']}"
                self.stdout.write(f"{row['role_vi']:<40} {row['user']:<28} {secret}")
            return
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(rows, file, ensure_ascii=False, indent=1)


def _now(today: date | None) -> datetime:
    """This hour; or, for a given day, its first moment, so that the same day gives the same rows."""
    if today is None:
        return timezone.localtime().replace(minute=0, second=0, microsecond=0)
    return timezone.make_aware(datetime.combine(today, time()))


class Bar:
    """How far it is, on stderr: a bar on a terminal, a line every tenth elsewhere."""

    def __init__(self, *, is_quiet: bool) -> None:
        self.is_quiet, self.is_terminal = is_quiet, sys.stderr.isatty()
        self.began, self.tenths = monotonic(), 0

    def __call__(self, done: int, count: int) -> None:
        if self.is_quiet or count < 2 * WIDTH:
            return
        seconds = monotonic() - self.began
        left = seconds / done * (count - done)
        words = f"{done:,} of {count:,} cases, {done / seconds:,.0f}/s, {left:.0f} s left"
        if self.is_terminal:
            full = WIDTH * done // count
            sys.stderr.write(f"\r[{'#' * full}{' ' * (WIDTH - full)}] {words}   ")
        elif 10 * done // count > self.tenths:
            self.tenths = 10 * done // count
            sys.stderr.write(f"{words}\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the terminal's line to whoever writes next."""
        if self.is_terminal and not self.is_quiet:
            sys.stderr.write("\n")
