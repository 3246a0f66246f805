"""Incidents at many rows, beside raw SQL."""

from collections.abc import Iterable

from console.bench.stage import Stage
from console.bench.table import Row, measures
from incidents.bench import bench_incidents

INCIDENTS = 200_000


@measures("incidents")
def incidents(stage: Stage) -> Iterable[Row]:
    """List, detail and returns: their rows are written for this measure and taken back."""
    for one in bench_incidents(INCIDENTS, repeat=max(stage.rounds, 3)):
        yield Row(
            "", f"incidents: {one.work}, at {INCIDENTS:,}", f"{one.ours * 1000:,.1f} ms",
            raw=f"{one.raw * 1000:,.1f} ms", ratio=one.ours / one.raw,
        )  # fmt: skip
