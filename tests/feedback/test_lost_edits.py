"""Pairs of people who save at the same moment what both opened before: one is stored, the other is shown both.

Two threads, two connections, the real database. `EDIT_PAIRS` says how many pairs there are over the four doors
together: 100 unless told otherwise; `EDIT_PAIRS=1000 python3 dev.py test tests/feedback/test_lost_edits.py` runs the
thousand."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connections
from django.test import Client, TransactionTestCase
from django.urls import reverse

from accounts.models import User
from facilities.models import Facility, Hotline
from feedback.choices import Status
from feedback.models import Case
from tests.api.factories import Caller, case_path
from tests.console.test_case_page import address
from tests.feedback import factories as make
from tests.forms import changed, form_in

PAIRS = int(os.environ.get("EDIT_PAIRS", "100")) // 4
PATIENCE = 300  # seconds: on a busy machine one of the two may be late, which loses nobody anything
CONFLICT, SAVED = 409, 302
WHY = "theo quy trình"


class Pair:
    """Two people, each in a thread and with a connection of their own, who press at the same moment."""

    def __init__(self) -> None:
        self._people = [ThreadPoolExecutor(1), ThreadPoolExecutor(1)]
        self._start = Barrier(2)

    def press(self, first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
        def at_once(deed: Callable[[], Any]) -> Any:
            self._start.wait(timeout=PATIENCE)
            return deed()

        given = [person.submit(at_once, deed) for person, deed in zip(self._people, (first, second), strict=True)]
        return [answer.result(timeout=2 * PATIENCE) for answer in given]

    def leave(self) -> None:
        for person in self._people:
            person.submit(connections.close_all).result()
            person.shutdown()


@pytest.mark.slow
class LostEditTests(TransactionTestCase):
    def setUp(self) -> None:
        make.seed()
        self.team = make.Team()
        self.pair = Pair()
        self.addCleanup(self.pair.leave)

    def clients(self, *people: User) -> list[Client]:
        made = [Client() for _person in people]
        for client, person in zip(made, people, strict=True):
            client.force_login(person)
        return made

    def told_apart(self, answers: list[Any], saved: int, refused: int) -> int:
        """Exactly one was saved and the other refused; answers which one was refused."""
        self.assertEqual(sorted(answer.status_code for answer in answers), sorted([saved, refused]))
        return [answer.status_code for answer in answers].index(refused)

    def shown_and_chosen(self, page: Any, client: Client, url: str, carrier: str, key: str, mine: str) -> None:
        """The refused person sees what both made of it, keeps their own, and it is saved."""
        lines = {line.key: line for section in page.context_data["sections"] for line in section.rows}
        self.assertEqual((lines[key].mine, lines[key].is_wished), (mine, True))
        form = form_in(page, carrier) | {f"pick-{key}": ["mine"], "reason": [WHY]}
        self.assertEqual(client.post(url, form).status_code, SAVED)

    def test_the_form_of_a_case(self) -> None:
        people = self.clients(self.team.officer, self.team.second_officer)
        for number in range(PAIRS):
            case, is_same = make.case(), number % 2 == 0
            url = address(case, "correction")
            names = ["title", "title" if is_same else "facility_said"]
            forms = [
                changed(form_in(client.get(url), "version"), reason=WHY, **{name: f"{who} {number}"})
                for who, client, name in zip("AB", people, names, strict=True)
            ]
            answers = self.pair.press(*[partial(c.post, url, form) for c, form in zip(people, forms, strict=True)])
            with self.subTest(number=number):
                late = self.told_apart(answers, SAVED, CONFLICT)
                case.refresh_from_db()
                self.assertEqual((case.version, getattr(case, names[1 - late])), (2, f"{'BA'[late]} {number}"))
                mine, theirs = f"{'AB'[late]} {number}", f"{'BA'[late]} {number}"
                self.assertContains(answers[late], theirs, status_code=CONFLICT)
                self.shown_and_chosen(answers[late], people[late], url, "version", names[late], mine)
                case.refresh_from_db()
                self.assertEqual((case.version, getattr(case, names[late])), (3, mine))
                if not is_same:
                    self.assertEqual(getattr(case, names[1 - late]), theirs)

    def test_parts_of_a_facility(self) -> None:
        """Numbers in the table under a facility, both on its own page and one of them on the number's."""
        people = self.clients(*[User.objects.create_superuser(name) for name in ("quan-tri-a", "quan-tri-b")])
        hotline = Hotline.objects.create(facility=self.team.hospital, number="0283111222", purpose="Cấp cứu")
        whole = reverse("admin:facilities_facility_change", args=[self.team.hospital.pk])
        part = reverse("admin:facilities_hotline_change", args=[hotline.pk])
        for number in range(PAIRS):
            is_same, is_apart = number % 2 == 0, number % 4 > 1
            urls = [whole, part if is_apart else whole]
            columns = ["purpose", "purpose" if is_same else "source"]
            names = [("" if url == part else "hotlines-0-") + column for url, column in zip(urls, columns, strict=True)]
            forms = [
                changed(form_in(client.get(url), "opened"), **{name: f"{who} {number}"})
                for who, client, url, name in zip("AB", people, urls, names, strict=True)
            ]
            answers = self.pair.press(
                *[partial(c.post, u, form) for c, u, form in zip(people, urls, forms, strict=True)]
            )
            with self.subTest(number=number):
                late = self.told_apart(answers, SAVED, CONFLICT)
                hotline.refresh_from_db()
                mine, theirs = f"{'AB'[late]} {number}", f"{'BA'[late]} {number}"
                self.assertEqual(getattr(hotline, columns[1 - late]), theirs)
                self.assertContains(answers[late], theirs, status_code=CONFLICT)
                key = columns[late] if urls[late] == part else f"hotlines-{hotline.pk}-{columns[late]}"
                self.shown_and_chosen(answers[late], people[late], urls[late], "opened", key, mine)
                hotline.refresh_from_db()
                self.assertEqual(getattr(hotline, columns[late]), mine)
                if not is_same:
                    self.assertEqual(getattr(hotline, columns[1 - late]), theirs)
        self.assertEqual(Facility.objects.get(pk=self.team.hospital.pk).hotlines.count(), 1)

    def test_writes_of_the_api(self) -> None:
        people = [Caller(user=self.team.officer), Caller(user=self.team.second_officer)]
        for number in range(PAIRS):
            case, is_same = make.case(), number % 2 == 0
            path, names = case_path(case), ["title", "title" if is_same else "facility_said"]
            seen = [caller.get(path)["ETag"] for caller in people]
            bodies = [{name: f"{who} {number}", "reason": WHY} for who, name in zip("AB", names, strict=True)]
            answers = self.pair.press(
                *[
                    partial(c.send, "PATCH", path, body, If_Match=etag)
                    for c, body, etag in zip(people, bodies, seen, strict=True)
                ]
            )
            with self.subTest(number=number):
                late = self.told_apart(answers, 200, 412)
                self.assertEqual(answers[late].json()["current_version"], 2)
                again = people[late].send("PATCH", path, bodies[late], If_Match=people[late].get(path)["ETag"])
                self.assertEqual((again.status_code, again.json()["version"]), (200, 3))
                case.refresh_from_db()
                self.assertEqual(getattr(case, names[late]), f"{'AB'[late]} {number}")
                if not is_same:
                    self.assertEqual(getattr(case, names[1 - late]), f"{'BA'[late]} {number}")

    def test_actions_of_the_list(self) -> None:
        """Both take one case from the list; or one takes it while the other corrects it through the API."""
        people = self.clients(self.team.officer, self.team.second_officer)
        caller, url = Caller(user=self.team.second_officer), reverse("admin:feedback_case_changelist")
        for number in range(PAIRS):
            case, is_same = make.case(), number % 2 == 0
            chosen = {"action": "take_selected", "index": "0", "_selected_action": case.pk, f"version-{case.pk}": 1}
            correction = {"title": f"B {number}", "reason": WHY}
            deeds: list[Callable[[], Any]] = [partial(people[0].post, url, chosen)]
            if is_same:
                deeds.append(partial(people[1].post, url, chosen))
            else:
                deeds.append(partial(caller.send, "PATCH", case_path(case), correction, If_Match='"1"'))
            answers = self.pair.press(*deeds)
            with self.subTest(number=number):
                case.refresh_from_db()
                self.assertEqual((case.version, case.history.count()), (2, 2))
                told = [[str(one) for one in get_messages(answer.wsgi_request)] for answer in answers]
                refused = [any(line.startswith(f"{case.reference}: ") for line in lines) for lines in told]
                if is_same:
                    self.assertEqual((case.status, sorted(refused)), (Status.TRIAGED, [False, True]))
                    continue
                is_corrected = answers[1].status_code == 200
                self.assertEqual((refused[0], answers[1].status_code), (is_corrected, 200 if is_corrected else 412))
                if is_corrected:
                    people[0].post(url, chosen | {f"version-{case.pk}": 2})
                else:
                    caller.send("PATCH", case_path(case), correction, If_Match='"2"')
                case.refresh_from_db()
                self.assertEqual((case.status, case.title, case.version), (Status.TRIAGED, f"B {number}", 3))
        self.assertFalse(Case.objects.filter(status=Status.RECEIVED).exists())
