"""Telling cases block by block, in several processes where there are many: the same blocks, whoever tells them.

Each block has its own random source and its own stretch of numbers, so that the rows depend on the seed and the day and
on nothing else. Between blocks the numbers of the smaller tables have gaps, as those of any sequence may."""

import gc
import multiprocessing
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.pool import AsyncResult, Pool
from random import Random

from feedback.demo.almanac import Almanac
from feedback.demo.extras import Kept
from feedback.demo.rows import Tables
from feedback.demo.showcase import Showcase, Wish, wishes_of
from feedback.demo.telling import Teller
from feedback.demo.words import words
from feedback.demo.world import World

SIZE = 2_000
MOST_PROCESSES = 4
# how many numbers a block keeps for itself, per case; the average is a half of this or less
RESERVED = {
    "feedback.Case": 1,
    "feedback.Submission": 1,
    "feedback.Reporter": 1,
    "feedback.HistoricalCase": 14,
    "deadlines.Deadline": 7,
    "feedback.Answer": 3,
    "feedback.Reply": 3,
    "feedback.Note": 3,
    "deadlines.Escalation": 8,
    "deadlines.Pause": 2,
    "links.Link": 1,
    "notifications.InboxItem": 40,
}


class TooManyRows(Exception):
    """A block gave out more numbers than were kept for it."""


@dataclass(frozen=True)
class Setting:
    """What all blocks share. `first` is where each table's numbers begin, `cases` how many there are in all."""

    world: World
    almanac: Almanac
    seed: int
    cases: int
    first: Mapping[str, int]
    first_reference: int


@dataclass(frozen=True)
class Block:
    """Some consecutive arrivals; `before` cases come before them."""

    number: int
    before: int
    moments: Sequence[datetime]
    wishes: Sequence[tuple[datetime, Wish]]

    @property
    def cases(self) -> int:
        return len(self.moments) + len(self.wishes)


@dataclass
class Told:
    """A block's rows, ready for COPY, and how far its numbers went."""

    cases: int
    lines: list[tuple[str, bytes]]
    last: dict[str, int]
    rows: int
    kept: Kept = field(default_factory=Kept)


def blocks_of(setting: Setting) -> list[Block]:
    """All arrivals, cut into blocks."""
    wishes = wishes_of(setting.almanac, most=setting.cases // 4)
    arrivals = list(setting.almanac.arrivals(setting.cases - len(wishes), Random(f"{setting.seed} arrivals")))
    blocks: list[Block] = []
    before = 0
    for number, start in enumerate(range(0, max(len(arrivals), 1), SIZE)):
        moments = arrivals[start : start + SIZE]
        is_last = start + SIZE >= len(arrivals)
        here = [wish for wish in wishes if is_last or wish[0] <= moments[-1]]
        wishes = wishes[len(here) :]
        blocks.append(Block(number, before, moments, here))
        before += blocks[-1].cases
    return blocks


class Workshop:
    """Tells blocks, one after the other; what was worked out for one serves the next."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.teller = Teller(setting.world, words(), setting.almanac, cases=setting.cases)

    def tell(self, block: Block) -> Told:
        """One block, the same wherever it is told."""
        setting, kept = self.setting, Kept()
        tables, first = Tables(), self._first_numbers(block)
        for label, table in tables.all.items():
            table.begin(first.get(label, 1))
        random = Random(f"{setting.seed} {block.number}")
        self.teller.begin(tables, random, setting.first_reference + block.before)
        showcase = Showcase(self.teller, random, block.wishes)
        for at in block.moments:
            for case in showcase.until(at):
                kept.consider(case)
            kept.consider(self.teller.tell(at))
        for case in showcase.until(setting.almanac.now):
            kept.consider(case)
        return self._told(block, tables, kept)

    def _first_numbers(self, block: Block) -> dict[str, int]:
        """By tables: one number a case, or the room kept by the blocks before."""
        return {label: self.setting.first[label] + block.before * reserved for label, reserved in RESERVED.items()}

    def _told(self, block: Block, tables: Tables, kept: Kept) -> Told:
        last, rows = {}, 0
        for label, reserved in RESERVED.items():
            given_out = tables.all[label].given_out()
            if given_out > block.cases * reserved:
                raise TooManyRows(f"{label}: {given_out} rows for {block.cases} cases")
            last[label] = tables.all[label].first + given_out
            rows += given_out
        rows += len(tables.entry.lines)
        lines = [(table.copy_statement, table.take()) for table in tables.all.values() if table.lines]
        return Told(block.cases, lines, last, rows, kept)


def processes_for(cases: int, large: int) -> int:
    """How many processes make rows: one for small loads, where starting more costs more than it gives."""
    return min(os.cpu_count() or 1, MOST_PROCESSES) if cases >= large and sys.platform == "linux" else 1


@contextmanager
def telling(setting: Setting, processes: int) -> Iterator[Callable[[Sequence[Block]], Iterator[Told]]]:
    """A way to have blocks told, in order, by some processes side by side. Enter it before any thread starts.

    The processes are forks of this one and leave its database connection alone."""
    global _workshop
    _workshop = Workshop(setting)
    if processes < 2:
        yield lambda blocks: map(_tell_here, blocks)
        return
    context = multiprocessing.get_context("fork")
    gc.freeze()  # what the forks share is no litter: looking for some would only make copies of it
    try:
        with context.Pool(processes, initializer=_begin, initargs=(os.getpid(),)) as pool:
            yield lambda blocks: _side_by_side(pool, blocks, 2 * processes)
    finally:
        gc.unfreeze()


def _side_by_side(pool: Pool, blocks: Sequence[Block], most: int) -> Iterator[Told]:
    """A few blocks are under way at a time, so that memory does not grow when the database is slower."""
    under_way: deque[AsyncResult[Told]] = deque()
    for block in blocks:
        under_way.append(pool.apply_async(_tell_here, (block,)))
        if len(under_way) > most:
            yield under_way.popleft().get()
    while under_way:
        yield under_way.popleft().get()


_workshop: Workshop  # inherited by the forks; a pool would have to send it with each block


def _tell_here(block: Block) -> Told:
    told = _workshop.tell(block)
    if not gc.isenabled():
        gc.collect(0)  # cases point to their twins and back
    return told


def _begin(parent: int) -> None:
    """A process that tells looks for litter between blocks only, and ends by itself when its parent was killed."""
    gc.disable()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
