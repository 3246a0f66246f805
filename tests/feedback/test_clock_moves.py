"""What every move does to every clock: starts it, ends it with a verdict, drops it, lets it stand or run on."""

from django.test import TestCase

from deadlines.models import Deadline
from feedback.choices import Status as S
from feedback.models import Case
from feedback.transitions import MOVES, move
from tests.feedback import factories as make

CHANGES = {  # state before (None: no such clock) and after → word
    (None, "running"): "opened",
    ("running", "paused"): "paused",
    ("paused", "running"): "resumed",
    ("running", "done"): "done",
    ("paused", "done"): "done",
    ("running", "cancelled"): "dropped",
    ("paused", "cancelled"): "dropped",
    ("cancelled", "running"): "back",
}
BEGUN_AGAIN = {"acknowledge": "opened", "resolve": "opened"}
EVERY_MOVE: dict[tuple[S, S], dict[str, str]] = {
    (S.RECEIVED, S.TRIAGED): {"acknowledge": "done"},
    (S.RECEIVED, S.FORWARDED): {"acknowledge": "done", "answer": "opened"},
    (S.RECEIVED, S.ASSIGNED): {"acknowledge": "done", "answer": "opened"},
    (S.RECEIVED, S.WAITING): {"acknowledge": "done", "resolve": "paused"},
    (S.RECEIVED, S.OUT_OF_SCOPE): {"acknowledge": "done", "resolve": "dropped"},
    (S.RECEIVED, S.TRANSFERRED): {"acknowledge": "done", "resolve": "dropped"},
    (S.RECEIVED, S.MERGED): {"acknowledge": "dropped", "resolve": "dropped"},
    (S.TRIAGED, S.FORWARDED): {"answer": "opened"},
    (S.TRIAGED, S.ASSIGNED): {"answer": "opened"},
    (S.TRIAGED, S.WAITING): {"resolve": "paused"},
    (S.TRIAGED, S.REPLIED): {"resolve": "done", "publish": "opened"},
    (S.TRIAGED, S.OUT_OF_SCOPE): {"resolve": "dropped"},
    (S.TRIAGED, S.TRANSFERRED): {"resolve": "dropped"},
    (S.TRIAGED, S.MERGED): {"resolve": "dropped"},
    (S.WAITING, S.TRIAGED): {"resolve": "resumed"},
    (S.WAITING, S.OUT_OF_SCOPE): {"resolve": "dropped"},
    (S.WAITING, S.CLOSED): {"resolve": "dropped"},
    (S.ASSIGNED, S.ANSWERED): {"answer": "done", "check": "opened"},
    (S.ASSIGNED, S.FORWARDED): {},
    (S.ASSIGNED, S.TRIAGED): {"answer": "dropped"},
    (S.FORWARDED, S.ANSWERED): {"answer": "done", "check": "opened"},
    (S.FORWARDED, S.TRIAGED): {"answer": "dropped"},
    (S.RETURNED, S.ANSWERED): {"answer": "done", "check": "opened"},
    (S.ANSWERED, S.RETURNED): {"check": "done", "answer": "opened"},
    (S.ANSWERED, S.CHECKED): {},
    (S.CHECKED, S.CONFIRMED): {"check": "done"},
    (S.CHECKED, S.ANSWERED): {},
    (S.CONFIRMED, S.REPLIED): {"resolve": "done", "publish": "opened"},
    (S.REPLIED, S.PUBLISHED): {"publish": "done"},
    (S.REPLIED, S.CLOSED): {"publish": "dropped"},
    (S.PUBLISHED, S.CLOSED): {},
    (S.CLOSED, S.IN_REVIEW): {"check": "opened"},
    (S.IN_REVIEW, S.FORWARDED): {"check": "done", "answer": "opened"},
    (S.IN_REVIEW, S.ASSIGNED): {"check": "done", "answer": "opened"},
    (S.IN_REVIEW, S.CHECKED): {},
    (S.OUT_OF_SCOPE, S.RECEIVED): BEGUN_AGAIN,
    (S.TRANSFERRED, S.RECEIVED): BEGUN_AGAIN,
    (S.MERGED, S.RECEIVED): {"acknowledge": "back", "resolve": "back"},
    (S.MERGED, S.TRIAGED): {"resolve": "back"},
}
# a complaint is taken up first, or refused with a reason, which is as good; its clocks never stand
OF_A_COMPLAINT: dict[tuple[S, S], dict[str, str]] = {
    (S.RECEIVED, S.FORWARDED): {"acknowledge": "done", "accept": "done", "answer": "opened", "resolve": "opened"},
    (S.RECEIVED, S.WAITING): {"acknowledge": "done"},
    (S.RECEIVED, S.OUT_OF_SCOPE): {"acknowledge": "done", "accept": "done"},
    (S.RECEIVED, S.TRANSFERRED): {"acknowledge": "done", "accept": "done"},
    (S.TRIAGED, S.REPLIED): {"accept": "done", "publish": "opened"},
    (S.TRIAGED, S.TRANSFERRED): {"accept": "done"},
    (S.WAITING, S.CLOSED): {"accept": "dropped"},
    (S.CLOSED, S.IN_REVIEW): {"check": "opened", "resolve_again": "opened"},
    (S.TRANSFERRED, S.RECEIVED): {"acknowledge": "opened", "accept": "opened"},
}


class ClockMoveTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.target = make.case()
        cls.superuser = make.person("lead")
        cls.superuser.is_superuser = True
        cls.superuser.save()

    def states(self, case: Case) -> dict[tuple[str, int], str]:
        rows = Deadline.objects.about(case)
        for row in rows:
            self.assertEqual(row.on_time, True if row.state == "done" else None)
            self.assertEqual(bool(row.reason), row.state == "cancelled")
        return {(row.obligation, row.cycle): row.state for row in rows}

    def check(self, expected: dict[tuple[S, S], dict[str, str]], **fields: str) -> None:
        for (source, to), changes in expected.items():
            with self.subTest(source=source, to=to):
                case = make.case_before(source, to, self.team, **fields)
                before = self.states(case)
                given = make.given_for(self.team, self.target)
                moved = move(case, to, by=self.superuser, reason="thử", version=case.version, given=given)
                after = self.states(moved)
                changed = {key: (before.get(key), state) for key, state in after.items() if before.get(key) != state}
                self.assertEqual({key[0]: CHANGES[change] for key, change in changed.items()}, changes)
                running = [row.due_at for row in Deadline.objects.about(moved).running()]
                self.assertEqual(moved.due_at, min(running, default=None))

    def test_the_table_names_every_move(self) -> None:
        self.assertEqual(set(EVERY_MOVE), set(MOVES))

    def test_each_move_does_to_each_clock_what_the_table_says(self) -> None:
        self.check(EVERY_MOVE)

    def test_a_complaint_is_taken_up_or_refused(self) -> None:
        self.check(OF_A_COMPLAINT, kind="KHIEUNAI")
