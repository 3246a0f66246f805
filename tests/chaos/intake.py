"""The crash run of intake: real web workers and a real PostgreSQL, killed at random while clients at three doors send
and send again; then each receipt is looked up. No receipt without its case, no submission that became two."""

import os
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random, SystemRandom

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.models import Count

from config.dev.state import Place
from config.dev.terminal import say
from deadlines.models import Deadline
from feedback import receipts
from feedback.models import Attachment, Case, Receipt, SearchEntry, Submission
from tests.api import factories as make
from tests.chaos.database import Database
from tests.chaos.senders import DOORS, Citizen, Client, Told
from tests.chaos.web import THREADS, WORKERS, WebServer

EACH = 3  # clients at each door
KILL, STRIKE, END_ALL = (0.1, 0.4), (3.0, 8.0), (40.0, 80.0)  # seconds between two of them, at random
WAYS = ("session", "kill -9", "immediate stop")
ONCE_MORE = 150  # how many of the submissions are sent again when all is calm


class IntakeRun:
    """One crash run on a database that is made for it."""

    def __init__(self, place: Place, folder: Path, *, minutes: float, kills: int, seed: int | None) -> None:
        self.seconds, self.most, self.folder = minutes * 60, kills, folder
        self.seed = SystemRandom().randrange(10**6) if seed is None else seed
        self.random = Random(self.seed)
        self.database = Database(place)
        self.web = WebServer(place, folder)
        self.kills: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.ends = threading.Event()

    def go(self) -> int:
        """Set up, kill, let the clients finish, count; 1 when anything is wrong."""
        self.database.make()
        call_command("collectstatic", verbosity=0, interactive=False)
        clients = self._clients()
        connections.close_all()
        threads = [threading.Thread(target=client.send_for_ever, daemon=True) for client in clients]
        try:
            self.web.start(self._environment())
            for thread in threads:
                thread.start()
            self._kill()
            self.ends.set()
            while any(thread.is_alive() for thread in threads):
                self.web.tend()
                time.sleep(0.05)
            self._once_more(clients)
        finally:
            self.ends.set()
            self.web.stop()
        return self._judge([one for client in clients for one in client.told])

    def _environment(self) -> dict[str, str]:
        """As `dev.py run` serves: with the role that may do least, and connections that are kept."""
        ours = {"DATABASE_ROLE": "langnghe_app", "DB_CONN_MAX_AGE": "600", "NUM_PROXIES": "1"}
        ours |= {"BASE_URL": self.web.address, "WEB_WORKERS": str(WORKERS), "WEB_THREADS": str(THREADS)}
        return {**os.environ, **ours}

    def _clients(self) -> list[Client]:
        make.seed()
        clients: list[Client] = []
        for door in DOORS:
            for nth in range(EACH):
                name, token = f"{door.__name__.lower()}-{nth}", ""
                if door is not Citizen:
                    token = make.issue_token(
                        make.open_client(name, may_read=False, may_send=True, channel_code="APP_YTTT")
                    )
                dice = Random(f"{self.seed} {name}")
                clients.append(door(name, self.web.address, token, dice, self.counts, self.faults, self.ends))
        return clients

    # --- meanwhile ---------------------------------------------------------------------------------------------------

    def _kill(self) -> None:
        say(f"{self.seconds:.0f} s of kills at most while submissions arrive, seed {self.seed} …")
        blows = {self._kill_worker: KILL, self._strike: STRIKE, self._end_all: END_ALL}
        began = time.monotonic()
        next_at = {blow: began + self.random.uniform(*span) for blow, span in blows.items()}
        while time.monotonic() < began + self.seconds and (not self.most or self.kills.total() < self.most):
            self.web.tend()
            for blow, span in blows.items():
                if time.monotonic() >= next_at[blow]:
                    blow()
                    next_at[blow] = time.monotonic() + self.random.uniform(*span)
            time.sleep(0.01)

    def _kill_worker(self) -> None:
        self.kills["web worker"] += self.web.kill_worker(self.random)

    def _end_all(self) -> None:
        self.kills["web server"] += self.web.kill_all()

    def _strike(self) -> None:
        self.kills[f"database: {self.database.strike(self.random, WAYS)}"] += 1

    def _once_more(self, clients: list[Client]) -> None:
        """All is calm: the same submissions again, which get the same answers."""
        sent = [(client, one) for client in clients for one in client.told]
        for client, one in self.random.sample(sent, min(ONCE_MORE, len(sent))):
            client.send(one)

    # --- afterwards --------------------------------------------------------------------------------------------------

    def _judge(self, told: list[Told]) -> int:
        found = self._found(told)
        lost = self._lost(told)
        say(f"intake, kills: {self.kills.total()} ({_listed(self.kills)})")
        say(f"intake, tries: {_listed(self.counts)}")
        say(f"intake, submissions: {len(told)}, answers that held a receipt: {sum(len(one.answers) for one in told)}")
        say(f"intake, cases: {Case.objects.count()}, {_listed(found)}")
        for fault in [*self.faults, *lost][:20]:
            say(f"intake, fault: {fault}")
        is_idle = not self.kills or not told or not self.counts["cut off"]  # then it showed nothing
        is_rude = bool(self.counts["HTTP 500"])  # the database being away is 503, and when to come again
        return int(bool(self.faults or lost or any(found.values()) or is_idle or is_rude))

    def _found(self, told: list[Told]) -> Counter[str]:
        """How often each thing happened that must never happen."""
        stored = Counter(Case.objects.values_list("body", flat=True))
        found = Counter({"receipts without a case": 0, "double cases": 0, "not whole": 0})
        for one in told:
            found["receipts without a case"] += bool(one.answers) and not stored[one.text]
            found["double cases"] += max(stored[one.text] - 1, 0)
            found["never answered"] += not one.answers
            found["answered differently"] += len(set(one.answers)) > 1
        found["sent by nobody"] = len(set(stored) - {one.text for one in told})
        total = Case.objects.count()
        clocks = set(Deadline.objects.values_list("about_id", flat=True))
        found["not whole"] += Case.objects.exclude(pk__in=clocks).count()
        found["not whole"] += Case.objects.annotate(parts=Count("submissions")).exclude(parts=1).count()
        found["not whole"] += abs(Case.history.count() - total) + abs(SearchEntry.objects.count() - total)
        found["not whole"] += abs(Submission.objects.count() - total)
        citizens = [one for one in told if one.door == Citizen.door]
        found["not whole"] += abs(Receipt.objects.count() - len(citizens))
        found["pictures lost or double"] = self._files([one for one in citizens if one.has_file])
        return found

    def _files(self, told: list[Told]) -> int:
        """Each picture that was sent with an answered form is there, once; how many are not."""
        kept = Counter(Attachment.objects.values_list("case__body", flat=True))
        wrong = sum(kept[one.text] != 1 for one in told) + sum(kept.values()) - len(told)
        for one in Attachment.objects.all():
            path = Path(settings.MEDIA_ROOT) / one.file.name
            wrong += not (path.is_file() and path.stat().st_size)
        return wrong

    def _lost(self, told: list[Told]) -> list[str]:
        """Receipts that lead to another text than the one that was sent, or nowhere."""
        texts = dict(Case.objects.values_list("reference", "body"))
        lost = []
        for one in told:
            for receipt in set(one.answers):
                if one.door == Citizen.door:
                    case = receipts.case_of(receipt)
                    text = case.body if case else None
                else:
                    text = texts.get(receipt)
                if text != one.text:
                    lost.append(f"{one.door}: the receipt of {one.text!r} leads to {text!r}")
        return lost


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
