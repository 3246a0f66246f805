"""The invented cases keep every rule that real ones keep."""

from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any
from unittest.mock import patch

from django.core.management import call_command
from django.db.models import F
from django.test import TestCase
from django.utils import timezone

from accounts.models import Membership, User
from common.keyset import NEWEST_FIRST, capped_counts, cut
from common.text import fold
from deadlines import editions
from deadlines.choices import LIVE, State
from deadlines.models import Deadline, Escalation
from deadlines.planning import schedule, term_of
from deadlines.rules import authority_of
from deadlines.sweep import sweep
from deadlines.verification import verify
from facilities.models import Facility
from feedback import search
from feedback.choices import ENDED, Status
from feedback.demo.loading import load
from feedback.intake import Incoming, receive
from feedback.models import Answer, Case, DayCount, Reply, Reporter, SearchEntry, Submission
from feedback.transitions import MOVES
from links.models import Link
from tests.feedback import factories as make

CASES = 400


def is_found(case: Case, text: str) -> bool:
    """What the rule of the search says of a case, told without its index: a syllable, or neighbours."""
    words, asked = search.words_of(case.title, case.body, case.facility_said), fold(text).split()
    if case.is_confidential:
        return False
    if len(asked) == 1:
        return asked[0] in words
    return all(f"_{first}_{second}" in words for first, second in pairwise(asked))


class DemoTests(TestCase):
    now: Any
    history: dict[int, list[Any]]

    @classmethod
    def setUpTestData(cls):
        call_command("load_reference", stdout=open("/dev/null", "w"))  # noqa: SIM115
        cls.now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
        cls.loaded = load(CASES, seed=1, now=cls.now)
        cls.history = defaultdict(list)
        for row in Case.history.order_by("id", "history_id"):
            cls.history[row.id].append(row)

    def steps(self):
        for rows in self.history.values():
            for old, new in pairwise(rows):
                if old.status != new.status:
                    yield old, new

    def test_all_cases_are_there(self):
        self.assertEqual(Case.objects.count(), CASES)
        self.assertEqual(self.loaded.cases, CASES)
        self.assertEqual(Submission.objects.count(), CASES)

    def test_every_status_occurs(self):
        self.assertEqual(set(Case.objects.values_list("status", flat=True)), set(Status.values))

    def test_every_step_is_a_move_of_the_table(self):
        for old, new in self.steps():
            self.assertIn((Status(old.status), Status(new.status)), MOVES, old.reference)

    def test_history_begins_with_the_receipt_and_goes_forward(self):
        for rows in self.history.values():
            self.assertEqual((rows[0].history_type, rows[0].status, rows[0].version), ("+", Status.RECEIVED, 1))
            self.assertEqual(rows[0].history_date, rows[0].received_at)
            for old, new in pairwise(rows):
                self.assertLessEqual(old.history_date, new.history_date)
                self.assertEqual(new.version, old.version + 1)
                self.assertLessEqual(new.history_date, self.now)

    def test_every_step_says_why_and_who(self):
        for _old, new in self.steps():
            self.assertTrue(new.history_change_reason)
            self.assertIsNotNone(new.history_user_id)

    def test_whoever_made_a_step_may_make_it(self):
        rights = {user.pk: user.get_all_permissions() for user in User.objects.all()}
        for old, new in self.steps():
            move = MOVES[Status(old.status), Status(new.status)]
            self.assertIn(move.right, rights[new.history_user_id], f"{old.status} → {new.status}")

    def test_nobody_confirms_their_own_check(self):
        for old, new in self.steps():
            if MOVES[Status(old.status), Status(new.status)].not_by:
                self.assertNotEqual(old.checked_by_id, new.history_user_id)

    def test_a_facility_answers_for_itself_and_a_division_for_itself(self):
        places = dict(Membership.objects.exclude(facility=None).values_list("user_id", "facility_id"))
        divisions = dict(Membership.objects.exclude(division=None).values_list("user_id", "division_id"))
        for old, new in self.steps():
            if new.status == Status.ANSWERED and old.status in (Status.FORWARDED, Status.RETURNED):
                self.assertEqual(places[new.history_user_id], old.facility_id)
            if new.status == Status.ANSWERED and old.status == Status.ASSIGNED:
                self.assertEqual(divisions[new.history_user_id], old.division_id)

    def test_a_review_is_by_another_officer(self):
        for old, new in self.steps():
            if new.status == Status.IN_REVIEW:
                self.assertNotIn(new.assignee_id, (None, old.assignee_id, old.checked_by_id))

    def test_a_case_is_what_its_last_version_says(self):
        names = [each.attname for each in Case.history.model.tracked_fields if each.name != "escalation_level"]
        for case in Case.objects.all():
            last = self.history[case.pk][-1]
            self.assertEqual(case.version, len(self.history[case.pk]))
            self.assertEqual(
                {name: getattr(case, name) for name in names}, {name: getattr(last, name) for name in names}
            )
            self.assertGreaterEqual(case.escalation_level, last.escalation_level)
            self.assertGreaterEqual(case.updated_at, last.history_date)

    def test_answers_and_replies_stand_beside_their_steps(self):
        answers = Counter(Answer.objects.values_list("case_id", flat=True))
        replies = Counter(Reply.objects.values_list("case_id", flat=True))
        wanted_answers, wanted_replies = Counter(), Counter()
        for old, new in self.steps():
            wanted_answers[new.id] += new.status == Status.ANSWERED and old.status != Status.CHECKED
            wanted_replies[new.id] += new.status == Status.REPLIED
        self.assertEqual(answers, +wanted_answers)
        self.assertEqual(replies, +wanted_replies)

    def test_some_cases_were_answered_twice(self):
        self.assertGreater(max(Counter(Answer.objects.values_list("case_id", flat=True)).values()), 1)

    def test_merged_cases_are_linked(self):
        merged = Case.objects.filter(status=Status.MERGED)
        self.assertTrue(merged)
        for case in merged:
            self.assertTrue(Link.objects.filter(source_id=case.pk, target_id=case.merged_into_id).exists())
            self.assertEqual(case.facility_id or case.merged_into.facility_id, case.merged_into.facility_id)

    # --- clocks ------------------------------------------------------------------------------------------------------

    def test_a_case_is_due_when_its_nearest_running_clock_is(self):
        due: dict[int, Any] = {}
        for about_id, due_at in Deadline.objects.running().values_list("about_id", "due_at"):
            due[about_id] = min(due.get(about_id, due_at), due_at)
        for case in Case.objects.all():
            self.assertEqual(case.due_at, due.get(case.pk), case.reference)

    def test_ended_cases_have_no_clock_running(self):
        ended = Case.objects.filter(status__in=ENDED).values("pk")
        self.assertFalse(Deadline.objects.filter(about_id__in=ended, state__in=LIVE).exists())

    def test_waiting_cases_have_their_clocks_paused(self):
        waiting = Case.objects.filter(status=Status.WAITING).values("pk")
        self.assertFalse(Deadline.objects.running().filter(about_id__in=waiting).exists())
        self.assertTrue(Deadline.objects.filter(about_id__in=waiting, state=State.PAUSED).exists())

    def test_verdicts_follow_from_the_moments(self):
        done = Deadline.objects.filter(state=State.DONE)
        self.assertTrue(done.filter(on_time=False).exists())
        self.assertFalse(done.filter(on_time=True, finished_at__gt=F("due_at")).exists())
        self.assertFalse(done.filter(on_time=False, finished_at__lte=F("due_at")).exists())

    def test_due_moments_are_those_of_the_engine(self):
        reference = editions.current()
        for deadline in Deadline.objects.prefetch_related("pauses"):
            pauses = [(each.starts_at, each.ends_at) for each in deadline.pauses.all() if each.ends_at]
            planned = schedule(
                reference,
                term_of(deadline.derivation),
                deadline.ladder_id,
                deadline.starts_at,
                authority=authority_of(deadline.derivation),
                pauses=pauses,
            )
            self.assertEqual(planned.due_at, deadline.due_at, deadline.reference)
            if not pauses and "earlier" not in deadline.derivation:
                self.assertEqual((planned.moments, planned.positions), (deadline.moments, deadline.positions))

    def test_nothing_differs_when_every_clock_is_verified(self):
        found = verify()
        self.assertEqual(found.shown, [])
        self.assertGreater(found.pauses, 5)

    def test_the_ledger_holds_exactly_the_steps_taken(self):
        fired = defaultdict(set)
        for row in Escalation.objects.all():
            fired[row.deadline_id].add((row.step, row.due_at))
            self.assertLessEqual(row.fired_at, self.now)
        for deadline in Deadline.objects.all():
            taken = set(zip(deadline.positions, deadline.moments, strict=True))
            self.assertLessEqual(
                {pair for pair in list(zip(deadline.positions, deadline.moments, strict=True))[: deadline.step]},
                fired[deadline.pk],
            )
            later = {pair for pair in taken if pair[1] >= (deadline.finished_at or self.now)}
            self.assertFalse(later & fired[deadline.pk])
            expected = deadline.moments[deadline.step] if deadline.step < len(deadline.moments) else None
            self.assertEqual(deadline.next_at, expected if deadline.state == State.RUNNING else None)

    def test_the_first_sweep_has_only_a_handful_of_steps_to_take(self):
        due = Deadline.objects.running().filter(next_at__lte=timezone.now()).count()
        self.assertGreater(due, 0)
        swept = sweep()
        self.assertEqual(swept.held, 0)
        self.assertTrue(due <= swept.deadlines < 20, (due, swept.deadlines))  # others may fall due meanwhile

    # --- who may know what -------------------------------------------------------------------------------------------

    def test_no_real_facility_stands_beside_an_invented_case(self):
        self.assertFalse(Case.objects.filter(facility__is_demo=False).exists())
        self.assertFalse(Facility.objects.filter(is_demo=False).exists())

    def test_reporters_have_numbers_that_cannot_ring(self):
        people = [reporter.open() for reporter in Reporter.objects.all()]
        self.assertTrue(people)
        for person in people:
            self.assertRegex(person.phone, r"^0900 000 \d{3}$")
            self.assertTrue(not person.email or person.email.endswith("@example.invalid"))

    def test_confidential_cases_are_never_released_or_indexed(self):
        confidential = Case.objects.filter(is_confidential=True)
        self.assertTrue(confidential)
        self.assertFalse(confidential.filter(is_released=True).exists())
        self.assertFalse(SearchEntry.objects.filter(case__is_confidential=True).exists())
        self.assertEqual(SearchEntry.objects.count(), Case.objects.filter(is_confidential=False).count())
        self.assertFalse(Case.objects.filter(channel__is_confidential=True, is_confidential=False).exists())

    def test_cases_are_found_by_the_same_words_and_marks_as_real_ones(self):
        for case in Case.objects.all():
            self.assertTrue(make.entry_is_true(case), case.reference)

    def test_everybody_finds_all_that_they_see_and_nothing_else(self):
        for name in (
            *("truc.duong-day-nong", "lan.to-cong-tac", "to.truong", "dung.kiem-tra", "thao.nghiep-vu-y"),
            *("cbql.lam-kieu", "cbql.truc-van", "giam.sat", "quan.tri", "kho-du-lieu-nganh"),
        ):
            reader = User.objects.get(username=name)
            seen = Case.objects.visible_to(reader)
            for text in ("bệnh viện", "thuốc", "giấy phép hành nghề", "bac si"):
                wanted = {case for case in seen if is_found(case, text)}
                if wanted:  # where nothing holds the phrase, words that stand apart are looked for
                    self.assertEqual(set(search.matching(seen, text, reader=reader)), wanted, (name, text))

    def test_matches_beyond_the_named_ones_are_found_with_every_filter(self):
        for text in ("bệnh viện", "thuốc"):
            everything = set(search.matching(Case.objects.all(), text))
            with patch.object(search, "NAMED", 3):
                self.assertEqual(set(search.matching(Case.objects.all(), text)), everything)
                every, text_found = Case.objects.filter(status=Status.CLOSED), search.look(text)
                closed = text_found.among(every)
                self.assertEqual(set(closed), {case for case in everything if case.status == Status.CLOSED})
                self.assertEqual(capped_counts({"": text_found.parts(every)}), {"": closed.count()})
                first = cut(closed, NEWEST_FIRST, size=5)
                second = cut(closed, NEWEST_FIRST, size=5, after=first.after)
                self.assertEqual([*first.rows, *second.rows], list(closed.order_by("-received_at", "-id")[:10]))

    def test_a_facility_sees_what_was_released_to_it(self):
        officer = User.objects.get(username="cbql.lam-kieu")
        seen = Case.objects.visible_to(officer)
        wanted = Case.objects.filter(facility__code="DEMO001", is_released=True)
        self.assertEqual(set(seen), set(wanted))

    # --- and after it ------------------------------------------------------------------------------------------------

    def test_the_day_counts_are_counted(self):
        total = DayCount.objects.filter(scope="all", dimension="total")
        self.assertEqual(sum(total.values_list("received", flat=True)), CASES)

    def test_the_next_real_case_gets_the_next_numbers(self):
        last = Case.objects.order_by("-pk").first()
        received = receive(Incoming(source="console", source_id="after", channel="LETTER", body="Xin hỏi."), by=None)
        self.assertGreater(received.case.pk, last.pk)
        self.assertGreater(received.case.reference[-6:], last.reference[-6:])

    def test_some_cases_have_pictures_and_some_can_be_followed(self):
        self.assertTrue(Case.objects.filter(attachments__isnull=False).exists())
        self.assertTrue([each for each in self.loaded.sign_ins if each.role == "citizen"])
