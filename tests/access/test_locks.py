"""Two locks, and each holds alone: the matrix once with `visible_to` showing everything, once with policies that look
away."""

import logging
import random
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import TestCase

from accounts.access.policies import declared
from accounts.access.rows import VisibleRows
from common import statements
from tests.access.cells import Asker, Cell, Tally, cells_of
from tests.access.routes import ROUTES, patterns
from tests.access.test_matrix import MOST_TOLD, SEED
from tests.access.world import World
from tests.conftest import LINES

SAMPLE = 700
READING = ("GET", "OPTIONS")


@pytest.mark.slow
class LockTests(TestCase):
    world: World
    is_full: bool

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = World()

    def setUp(self) -> None:
        logging.disable(logging.WARNING)
        self.addCleanup(logging.disable, logging.NOTSET)
        statements._kept.clear()  # statements that were written while both locks held
        self.addCleanup(statements._kept.clear)

    def ask(self, title: str) -> None:
        """Every address that reads, by many readers: not one word or reference that is not theirs."""
        every = [cell for cell in cells_of(self.world, ROUTES, patterns()) if cell.method in READING]
        dice = random.Random(SEED)
        chosen = every if self.is_full else _one_of_each(every, dice) + dice.sample(every, SAMPLE)
        tally, asker = Tally(), Asker(self.world, ROUTES)
        for cell in chosen:
            asker.ask(cell, tally)
        foreign = [fault for fault in tally.wrong if ": shows " in fault]
        LINES.append(f"Leak matrix, {title}: {len(chosen)} cells, {len(foreign)} with what is not theirs")
        told = "\n".join(foreign[:MOST_TOLD])
        self.assertEqual(foreign, [], f"{len(foreign)} foreign answers, for example:\n{told}")

    def test_the_database_holds_alone(self) -> None:
        def everything(rows: Any, user: Any, **of: Any) -> Any:
            return rows.filter(**of)

        with (
            patch.object(VisibleRows, "visible_to", everything),
            patch.object(VisibleRows, "visible_parts", everything),
        ):
            self.ask("visible_to showing everything")

    def test_queries_hold_alone(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for model in declared():
                cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE ROW LEVEL SECURITY")
        self.ask("policies looking away")


def _one_of_each(cells: list[Cell], dice: random.Random) -> list[Cell]:
    """Each address once, by somebody."""
    shuffled = dice.sample(cells, len(cells))
    return list({cell.route: cell for cell in shuffled}.values())
