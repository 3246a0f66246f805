"""A correction gives a clock another rule, and with it another ladder: what the old one took neither blocks steps of
the new one that have the same numbers, nor is it said again by them."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from deadlines import services
from deadlines.choices import Action
from deadlines.ladder_words import story_of
from deadlines.ladders import Rung, Said
from deadlines.models import Deadline, Duty, Escalation
from deadlines.sweep import sweep
from deadlines.verification import verify
from notifications.models import Outbox
from tests.deadlines import factories as make

URGENT = {"urgency": "S1"}
HOURS = timedelta(hours=1)


class OtherLadder(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.calendar()
        cls.an, cls.lead, cls.director = make.person("an"), make.person("lead"), make.person("director")
        cls.staff = make.Staff()
        roles = {"responsible": cls.an, "lead": cls.lead, "director": cls.director}
        cls.staff.by_role = {role: [person.pk] for role, person in roles.items()}
        slow = make.ladder(
            make.step("after_due", 0, "responsible", level=1),
            make.step("after_due", 60, "lead", level=2, action="task", given_to="lead"),
            code="slow",
        )
        steep = make.ladder(
            make.step("after_due", 0, "responsible", level=1),
            make.step("after_due", 30, "director", level=3, action="task", given_to="director"),
            make.step("after_due", 6000, "lead", level=2),
            code="steep",
        )
        make.rule(slow, amount=24)
        make.rule(steep, amount=20, **URGENT)
        cls.slow, cls.steep, cls.record = slow, steep, make.record()

    def setUp(self) -> None:
        known = make.registered(make.subject_for(self.staff))
        known.__enter__()
        self.addCleanup(known.__exit__, None, None, None)

    def follow(self, facts: dict[str, str]) -> None:
        services.reconsider(self.record, facts=facts, by=self.an, reason="khẩn")

    def taken(self) -> list[tuple[str, int]]:
        return list(Escalation.objects.order_by("pk").values_list("ladder__code", "step"))

    def test_steps_with_the_numbers_of_the_old_ladder_happen_and_nothing_is_said_twice(self) -> None:
        make.opened(self.record, self.an, timezone.now() - 26 * HOURS)
        sweep()
        self.assertEqual(self.taken(), [("slow", 1), ("slow", 2)])
        self.follow(URGENT)
        sweep()
        # step 1 would tell the officer again what was told; step 2 has a number that the old ladder took already
        self.assertEqual(self.taken(), [("slow", 1), ("slow", 2), ("steep", 2)])
        self.assertEqual(set(Duty.objects.values_list("ladder__code", "step")), {("slow", 2), ("steep", 2)})
        told = Outbox.objects.filter(channel="inbox").values_list("recipient__username", flat=True)
        self.assertEqual(sorted(told), ["an", "director", "lead"])
        self.assertEqual(Deadline.objects.get().positions[-1], 3, "what is still to come is not left out")
        sweep()
        self.assertEqual(len(self.taken()), 3)
        self.assertEqual(verify().faults, {})
        with self.subTest("back again"):
            self.follow({})
            sweep()
            self.assertEqual(len(self.taken()), 3, "each step of a ladder once, also of one that the clock had before")
            self.assertEqual(verify().faults, {})

    def test_the_page_tells_each_step_in_the_words_of_its_own_ladder(self) -> None:
        deadline = make.opened(self.record, self.an, timezone.now() - 26 * HOURS)
        sweep()
        self.follow(URGENT)
        sweep()
        duties = {(duty.ladder_id, duty.step): duty for duty in Duty.objects.all()}
        story = story_of(Deadline.objects.get(pk=deadline.pk), duties)
        who = {(each.line.position, each.duty.person_id) for each in story if each.duty}
        self.assertEqual(who, {(2, self.lead.pk), (2, self.director.pk)})
        self.assertEqual(sorted(each.line.tone for each in story if each.is_taken), [1, 2, 3])

    def test_a_reminder_still_to_come_is_not_blocked_by_one_that_was_taken(self) -> None:
        self.slow.steps.all().delete()
        self.steep.steps.all().delete()
        for ladder, minutes in ((self.slow, 300), (self.steep, 60)):
            ladder.steps.create(position=1, **make.step("before_due", minutes, "responsible"))
        make.opened(self.record, self.an, timezone.now() - 19.5 * HOURS)
        sweep()
        self.assertEqual(self.taken(), [("slow", 1)])
        self.follow(URGENT)  # due in half an hour: this reminder is behind us, and the officer was reminded
        sweep()
        self.assertEqual(self.taken(), [("slow", 1)])
        self.steep.steps.update(amount=15)
        self.follow({})
        self.follow(URGENT)
        self.assertEqual(Deadline.objects.get().positions, [1])


def test_what_was_said_before_covers_the_same_action_up_to_its_level_and_no_later_moment() -> None:
    at = timezone.now()
    said = Said(at, {Action.NOTIFY: 1, Action.TASK: 2})

    def rung(level: int, action: Action) -> Rung:
        given_to = "lead" if action == Action.TASK else ""
        return Rung(1, "after_due", 0, "minutes", ("lead",), level, "deadline_passed", False, action, given_to)

    for level, action, moment, covered in (
        (1, Action.NOTIFY, at, True),
        (2, Action.NOTIFY, at, True),  # a task tells people as well
        (3, Action.NOTIFY, at, False),
        (2, Action.TASK, at, True),
        (1, Action.ACKNOWLEDGE, at, False),
        (1, Action.NOTIFY, at + HOURS, False),
    ):
        assert said.covers(rung(level, action), moment) is covered, (level, action)
