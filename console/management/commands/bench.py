"""`manage.py bench`: the table of `docs/performance.md`."""

import traceback
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from console.bench import api, duties, growth, incidents, pages, policies, stage, suggesting, table, writing  # noqa: F401 - these register their measures
from console.bench.table import MEASURES, Row
from console.management.commands.load_demo import Bar

LATER = (Row("P9", "export of all cases as NDJSON or CSV", "later", target="≥ 50 % of COPY TO; memory flat"),)
ONLY_BY_NAME = ("growth",)
FAILED = "failed"


class Command(BaseCommand):
    """Measure what users wait for, beside raw SQL on the same rows in the same run."""

    help = "Measure the system beside raw SQL on the same rows; the rows are loaded once and kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=1_000_000, metavar="N", help="rows to measure at (1000000)")
        parser.add_argument("--only", nargs="+", metavar="NAME", help=f"some of: {', '.join(MEASURES)}")
        parser.add_argument("--growth", action="store_true", help="P12: also at 10,000 and 100,000 cases")
        parser.add_argument("--rounds", type=int, default=5, help="repetitions, all variants in turn (5)")
        parser.add_argument("--seconds", type=float, default=4.0, help="of load per repetition (4)")
        parser.add_argument("--json", type=Path, metavar="PATH", help="write the figures there as well")
        parser.add_argument("--write", type=Path, metavar="PATH", help="put the table into this page")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["only"] or [name for name in MEASURES if name not in ONLY_BY_NAME]
        if unknown := [name for name in names if name not in MEASURES]:
            raise CommandError(f"Nothing is called {', '.join(unknown)}. Known: {', '.join(MEASURES)}.")
        bar = Bar(is_quiet=False)
        try:
            loaded = stage.prepare(options["cases"], bar)
        except stage.NotForRealData:
            raise CommandError(
                "There are real facilities in this database; a benchmark needs one of its own."
            ) from None
        bar.end()
        rows: list[Row] = []
        with stage.staged(
            options["cases"], rounds=options["rounds"], seconds=options["seconds"], loaded=loaded
        ) as ready:
            for name in names:
                rows += self._measured(name, partial(MEASURES[name], ready))
            if options["growth"]:
                rows += self._measured("growth", partial(growth.grown, ready, options["rounds"]))
        if not options["only"]:
            rows += LATER
        self._tell(rows, options)
        if failed := [row.work for row in rows if row.figure == FAILED]:
            raise CommandError(f"Could not be measured: {', '.join(failed)}.")

    def _measured(self, name: str, measure: Callable[[], Iterable[Row]]) -> list[Row]:
        """The rows of one measure, shown at once; one that fails takes nothing of the others' half hour with it."""
        self.stderr.write(f"measuring {name} …")
        try:
            rows = list(measure())
        except Exception as fault:
            self.stderr.write(traceback.format_exc())
            rows = [Row("", name, FAILED, remarks=type(fault).__name__)]
        self.stderr.write(table.as_text(rows))
        return rows

    def _tell(self, rows: list[Row], options: dict[str, Any]) -> None:
        about = {"cases": options["cases"], **stage.about()}
        self.stdout.write(table.as_text(rows))
        if options["json"]:
            table.write_json(rows, about, options["json"])
        if options["write"]:
            words = (
                f"`python3 dev.py bench --cases {options['cases']} --rounds {options['rounds']} --seconds"
                f" {options['seconds']:g}` on {about['date']}: {about['machine']}, PostgreSQL"
                f" {about['postgresql']} (shared_buffers {about['shared_buffers']}), Python {about['python']}, gunicorn"
                " with 2 workers of 4 threads, load from a second process on loopback."
            )
            table.write_into(options["write"], f"{words}\n\n{table.as_markdown(rows)}")
