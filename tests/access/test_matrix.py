"""The leak matrix: every reader at every address, in every way, and not one word that is not for them.

`dev.py test` asks a sample: each route by each method once, each reader often, at least 5,000 cells. `dev.py test
tests/access --matrix` asks all of them. What is right stands in `tests.access.policy` and in the table of routes."""

import gc
import logging
import random
from collections.abc import Iterable, Iterator
from typing import Any

from django.test import TestCase

from tests.access import policy
from tests.access.cells import DENIALS, Asker, Cell, Tally, Target, cells_of
from tests.access.routes import ROUTES, STANDS, patterns
from tests.access.world import World, planted
from tests.conftest import LINES, WHOLE_MATRIX

SAMPLE = 5000
SPREAD = 16  # parts of the whole, each of which may run on a core of its own
SEED = 20261129
MOST_TOLD = 40


def sample_of(cells: list[Cell], seed: int) -> list[Cell]:
    """Every route by every method once, and others by chance; always the same for the same routes.

    A page that one may read is drawn for GET and POST only: by the other methods it is the same page, and drawing
    pages is what takes the time."""
    dice = random.Random(seed)
    mixed = dice.sample([cell for cell in cells if not _is_same_page(cell)], SAMPLE * 4)
    first = {(cell.route, cell.method): cell for cell in [*dice.sample(cells, len(cells)), *mixed]}
    chosen = set(first.values())
    others = (cell for cell in mixed if cell not in chosen)
    return [*first.values(), *(cell for cell, _count in zip(others, range(SAMPLE - len(first)), strict=False))]


def _is_same_page(cell: Cell) -> bool:
    return cell.method not in ("GET", "POST") and ROUTES[cell.route].expect(cell) not in DENIALS


def part_of(cells: list[Cell], nth: int, parts: int) -> list[Cell]:
    """The nth of so many parts, from 0; cells of one address stay together, so that what an absent record answers is
    asked once."""
    return cells[len(cells) * nth // parts : len(cells) * (nth + 1) // parts]


NOWHERE = "zq99zz"
FIELDS = (
    "rn",
    "re",
    "ra",
    "su",
    "no",
    "nf",
    "nb",
    "fi",
    "rt",
    "fn",
    "de",
    "pa",
    "sf",
    "sc",
    "bo",
    "ti",
    "fs",
    "au",
    "cr",
)
ASKED = (
    ("admin:feedback_case_changelist", "?q=%s&queue=all"),
    ("admin:feedback_case_changelist", "?body__contains=%s&queue=all"),
    ("admin:feedback_case_changelist", "?submissions__reporter__sealed__contains=%s"),
    ("admin:feedback_case_changelist", "?notes__text__contains=%s"),
    ("admin:search", "?s=%s"),
    ("admin:deadlines_deadline_changelist", "?q=%s"),
    ("admin:deadlines_deadline_changelist", "?reason__contains=%s"),
    ("admin:deadlines_deadline_changelist", "?pauses__reason__contains=%s"),
    ("admin:notifications_inboxitem_changelist", "?params__x__contains=%s"),
    ("admin:notifications_outbox_changelist", "?params__x__contains=%s"),
    ("admin:accounts_user_changelist", "?case_recusals__reason__contains=%s"),
    ("admin:facilities_facility_changelist", "?memberships__user__recusals__reason__contains=%s"),
    ("admin:feedback_channel_changelist", "?case__body__contains=%s"),
    ("admin:audit_entry_changelist", "?reason__contains=%s"),
    ("api:cases", "?q=%s"),
    ("api:cases", "?body__contains=%s"),
    ("api:deadlines", "?reason=%s"),
    ("public:results", "?co-so=%s"),
    ("public:results", "?q=%s"),
)
ASKED_EACH = 1  # hidden words for each question of each reader
ASKING = (
    "operator", "officer", "division_1", "director", "auditor", "facility_officer_a", "facility_director_b", "api_read",
    "api_read_a", "anonymous",
)  # fmt: skip


def questions(world: World, reader: str, dice: random.Random) -> Iterator[tuple[str, str, str]]:
    """Searches for words that this reader may not read: the address, the question, the word."""
    hidden = [
        planted(number, what)
        for name, number in world.numbers.items()
        for what in FIELDS
        if not policy.reads(reader, name, what) and not (what == "au" and reader in policy.ONLY_AUDITORS)
    ]
    for route, asked in ASKED:
        for canary in dice.sample(hidden, ASKED_EACH):
            yield route, asked, canary


class Asking(TestCase):
    """One world, and cells that are asked in it."""

    world: World

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = World()

    def setUp(self) -> None:
        logging.disable(logging.WARNING)
        self.addCleanup(logging.disable, logging.NOTSET)

    def ask(self, cells: Iterable[Cell], title: str) -> Tally:
        tally, asker = Tally(), Asker(self.world, ROUTES)
        gc.freeze()  # hundreds of thousands of cells that stay: looking through them again and again finds nothing
        for cell in cells:
            asker.ask(cell, tally)
        LINES.append(f"Leak matrix, {title}: {tally}")
        told = "\n".join(tally.wrong[:MOST_TOLD])
        self.assertEqual(tally.wrong, [], f"{len(tally.wrong)} wrong cells, for example:\n{told}")
        return tally


class MatrixTests(Asking):
    def test_every_route_has_a_row(self) -> None:
        known = set(patterns())
        self.assertEqual(known - set(ROUTES), set(), "addresses without a row in tests/access/routes.py")
        self.assertEqual(set(ROUTES) - known, set(), "rows without an address")

    def test_the_world_stands_as_the_rows_say(self) -> None:
        """Where the cases stand is written by hand too; this keeps both hands together."""
        self.assertEqual({name: case.status for name, case in self.world.cases.items()}, STANDS)

    def test_hidden_words_find_nothing(self) -> None:
        """Whoever searches for a word that they may not read gets what they get for a word that is nowhere; so do
        filters and orders by hidden columns."""
        asker, addresses, dice = Asker(self.world, ROUTES), patterns(), random.Random(SEED)
        pairs = [(reader, *asked) for reader in ASKING for asked in questions(self.world, reader, dice)]
        wrong = []
        for reader, route, asked, canary in pairs:

            def alike(reader: str = reader, route: str = route, asked: str = asked, canary: str = canary) -> bool:
                with_it, without = (
                    asker.plain(Cell(reader, route, addresses[route], "GET", Target(query=asked % word))).without(word)
                    for word in (canary, NOWHERE)
                )
                return with_it == without

            # pages say how long something is late in minutes: one may pass between the two questions, not three times
            if not any(alike() for _again in range(3)):
                wrong.append(f"{reader} {route} {asked % canary}")
        LINES.append(f"Leak matrix, hidden words: {len(pairs)} questions, {len(wrong)} wrong")
        self.assertEqual(wrong, [])

    def test_nobody_gets_what_is_not_theirs(self) -> None:
        every = list(cells_of(self.world, ROUTES, patterns()))
        self.assertGreater(len(every), 200_000)
        chosen: list[Any] = sample_of(every, SEED)
        self.assertGreaterEqual(len(chosen), SAMPLE)
        self.assertEqual({cell.reader for cell in chosen}, set(self.world.readers))
        self.ask(chosen, f"a sample of {len(every)}")


class Whole:
    """Every cell, spread over the cores; only where `--matrix` asks for it."""

    nth: int
    share: tuple[int, int]  # which part of how many `--matrix` asks for

    def test_nobody_gets_what_is_not_theirs(self: Any) -> None:
        every = list(cells_of(self.world, ROUTES, patterns()))
        asked = part_of(part_of(every, *self.share), self.nth, SPREAD)
        self.ask(asked, f"{len(asked)} of {len(every)}")


for _nth in range(SPREAD):
    _name = f"{WHOLE_MATRIX}{_nth:02}"
    globals()[_name] = type(_name, (Whole, Asking), {"nth": _nth, "__module__": __name__})
