"""Each step exactly once: many sweepers, dying sweepers, bad rows, busy records, outages."""

import os
import subprocess
import sys
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test import TestCase, TransactionTestCase, override_settings
from django.utils import timezone

from deadlines import registry, services
from deadlines.choices import Level
from deadlines.models import Deadline, Escalation, Heartbeat
from deadlines.sweep import sweep
from deadlines.tasks import sweep_deadlines
from notifications.delivery import deliver
from notifications.models import Outbox
from notifications.services import enqueue
from notifications.templates import render
from tests.deadlines import factories as make


def hours_ago(count):
    return timezone.now() - timedelta(hours=count)


class WithSweep:
    """A rule of 24 hours with the usual ladder of four steps, and somebody for each role."""

    def make(self):
        make.calendar()
        self.people = {role: make.person(role) for role in ("responsible", "unit", "unit_head", "lead", "director")}
        self.staff = make.Staff()
        self.staff.by_role = {role: [person.pk] for role, person in self.people.items()}
        self.ladder = make.usual_ladder()
        make.rule(self.ladder)

    def known(self, **changes):
        context = make.registered(make.subject_for(self.staff, **changes))
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)

    def opened(self, hours, name="record"):
        return make.opened(make.record(name), self.people["responsible"], hours_ago(hours))

    def told(self):
        return sorted(Outbox.objects.values_list("recipient__username", "template"))


class SweepTest(WithSweep, TestCase):
    def setUp(self):
        self.make()
        self.known()

    def test_nothing_due_writes_nothing(self):
        self.opened(1)
        done = sweep()
        self.assertEqual((done.steps, Outbox.objects.count()), (0, 0))

    def test_due_step_is_written_told_and_left_behind(self):
        deadline = self.opened(23.5)
        done = sweep()
        deadline.refresh_from_db()
        self.assertEqual((done.deadlines, done.steps, done.messages), (1, 1, 1))
        self.assertEqual((deadline.step, deadline.next_at), (1, deadline.moments[1]))
        entry = Escalation.objects.get()
        self.assertEqual((entry.step, entry.due_at, entry.recipients), (1, deadline.moments[0], 1))
        self.assertEqual(self.told(), [("responsible", "deadline_reminder")])

    def test_a_message_about_a_moment_that_may_still_move_says_so(self):
        for hours, is_provisional in ((25.5, True), (25.6, False)):
            row = self.opened(hours, name=f"{hours}")
            Deadline.objects.filter(pk=row.pk).update(is_provisional=is_provisional)
            sweep()
            params = Outbox.objects.filter(key__startswith=f"deadline:{row.pk}:").first().params
            self.assertEqual(params.get("provisional"), "due_at" if is_provisional else None)
            self.assertEqual("(tạm tính)" in render("deadline_passed", params).body, is_provisional)

    def test_second_sweep_does_nothing(self):
        self.opened(26)
        sweep()
        self.assertEqual((sweep().steps, Outbox.objects.count()), (0, 3))

    def test_task_run_twice_does_nothing_more(self):
        self.opened(26)
        sweep_deadlines()
        sweep_deadlines()
        self.assertEqual((Escalation.objects.count(), Outbox.objects.count()), (3, 3))

    def test_after_an_outage_every_step_is_recorded_and_each_person_told_once_with_the_highest(self):
        deadline = self.opened(100)
        done = sweep()
        deadline.refresh_from_db()
        self.assertEqual(done.steps, 4)
        self.assertEqual(list(Escalation.objects.values_list("step", "recipients")), [(1, 0), (2, 0), (3, 0), (4, 4)])
        self.assertEqual(Outbox.objects.count(), 4)
        self.assertEqual(
            set(Outbox.objects.values_list("key", flat=True)), {f"deadline:{deadline.pk}:1:{deadline.ladder_id}:4"}
        )
        self.assertEqual((deadline.next_at, deadline.level), (None, Level.DIRECTOR))

    def test_highest_level_reaches_the_case_app(self):
        deadline = self.opened(26)
        sweep()
        self.assertEqual(self.staff.raised, [(deadline.about_id, Level.LEAD)])

    def test_message_holds_reference_and_codes_only(self):
        deadline = self.opened(24.5)
        sweep()
        message = Outbox.objects.first()
        self.assertEqual(
            message.params,
            {
                "reference": f"GR-{deadline.about_id}",
                "obligation": "answer",
                "due_at": deadline.due_at.replace(microsecond=0).isoformat(),
            },
        )
        self.assertEqual(message.url, f"/console/auth/group/{deadline.about_id}/change/")

    def test_empty_roles_fall_to_the_next_above_and_never_end_with_nobody(self):
        superuser = make.person("root", is_superuser=True)
        for present, told in (
            (["unit_head", "lead"], "unit_head"),
            (["lead"], "lead"),
            (["director"], "director"),
            ([], "root"),
        ):
            with self.subTest(present=present):
                self.staff.by_role = {role: [self.people[role].pk] for role in present}
                self.opened(24.5, name=told)
                sweep()
                self.assertEqual({name for name, _template in self.told()}, {told})
                Outbox.objects.all().delete()
        self.assertTrue(superuser.is_active)

    def test_people_who_left_do_not_count_as_somebody(self):
        self.people["responsible"].is_active = False
        self.people["responsible"].save()
        self.opened(23.5)
        sweep()
        self.assertEqual(self.told(), [("unit", "deadline_reminder")])

    def test_queries_do_not_grow_with_the_batch(self):
        counts = []
        sweep()  # reads the rulebook
        for size in (1, 30):
            for n in range(size):
                self.opened(24.5, name=f"{size}-{n}")
            with self.subTest(size=size), self.assertNumQueries(21):
                done = sweep()
            counts.append(done.deadlines)
        self.assertEqual(counts, [1, 30])

    def test_sweep_leaves_a_heartbeat(self):
        sweep()
        self.assertLess(timezone.now() - Heartbeat.objects.get(name="sweep").at, timedelta(seconds=5))

    def test_ledger_cannot_be_changed_or_removed(self):
        self.opened(24.5)
        sweep()
        for change in (lambda rows: rows.update(level=3), lambda rows: rows.delete()):
            with self.assertRaises(DatabaseError), transaction.atomic():
                change(Escalation.objects.all())

    def test_limit_takes_the_oldest_first(self):
        old, new = self.opened(30, "old"), self.opened(25, "new")
        sweep(limit=1)
        self.assertEqual(set(Escalation.objects.values_list("deadline_id", flat=True)), {old.pk})
        self.assertEqual(Deadline.objects.get(pk=new.pk).step, 0)


class FaultTest(WithSweep, TestCase):
    def setUp(self):
        self.make()

    def test_one_bad_row_is_put_aside_for_an_hour_and_the_others_go_on(self):
        made = [make.record(f"r{n}") for n in range(7)]
        bad = made[3]

        def recipients(role, ids):
            if bad.pk in ids:
                raise KeyError("no such unit")
            return self.staff.recipients(role, ids)

        self.known(recipients=recipients)
        for each in made:
            make.opened(each, self.people["responsible"], hours_ago(24.5))
        with self.assertLogs("deadlines.sweep", "ERROR"):
            done = sweep()
        self.assertEqual((done.deadlines, done.held), (6, 1))
        held = Deadline.objects.get(about_id=bad.pk)
        self.assertEqual((held.fault, held.step), ("KeyError", 0))
        self.assertGreater(held.next_at, timezone.now() + timedelta(minutes=59))
        self.assertFalse(Escalation.objects.filter(deadline=held).exists())

    def test_row_put_aside_is_taken_when_the_fault_is_gone(self):
        self.known()
        deadline = self.opened(24.5)
        Deadline.objects.filter(pk=deadline.pk).update(fault="KeyError", next_at=hours_ago(0.1))
        sweep()
        deadline.refresh_from_db()
        self.assertEqual((deadline.fault, deadline.step), ("", 2))

    def test_unregistered_kind_of_record_is_put_aside(self):
        self.known()
        deadline = self.opened(24.5)
        with make.registered(make.subject_for(self.staff)):
            registry._SUBJECTS.clear()
            with self.assertLogs("deadlines.sweep", "ERROR"):
                done = sweep()
        self.assertEqual((done.held, Deadline.objects.get(pk=deadline.pk).fault), (1, "SubjectUnknown"))

    def test_missing_record_is_put_aside(self):
        self.known()
        deadline = self.opened(24.5)
        Deadline.objects.filter(pk=deadline.pk).update(about_id=0)
        with self.assertLogs("deadlines.sweep", "ERROR"):
            self.assertEqual(sweep().held, 1)

    def test_step_of_a_ladder_changed_by_hand_still_tells_the_lead(self):
        self.known()
        self.opened(24.5)
        self.ladder.steps.all().delete()
        sweep()
        self.assertEqual(self.told(), [("lead", "deadline_passed")])


DYING_SWEEPER = """
import os, django
django.setup()
from deadlines import registry
from deadlines.sweep import sweep
from tests.deadlines import factories as make
staff = make.Staff()
staff.by_role = dict.fromkeys(["responsible", "unit", "lead"], [{person}])
registry.register(make.LABEL, make.subject_for(staff, on_escalated=lambda levels: os._exit(9)))
sweep(batch=50)
"""


@pytest.mark.slow
@override_settings(MESSAGES_BEFORE_DIGEST=1_000_000)  # a few people get hundreds of messages here
class ManySweepersTest(WithSweep, TransactionTestCase):
    DEADLINES = 300

    def setUp(self):
        self.make()
        self.known()
        for n in range(self.DEADLINES):
            self.opened(24.5 + n % 40, name=f"r{n}")
        self.expected = {
            (row.pk, position)
            for row in Deadline.objects.all()
            for moment, position in zip(row.moments, row.positions, strict=True)
            if moment <= timezone.now()
        }

    def run_together(self, *jobs):
        ready, faults = Barrier(len(jobs)), []

        def run(job):
            try:
                ready.wait()
                job()
            except Exception as error:
                faults.append(error)
            finally:
                connection.close()

        threads = [Thread(target=run, args=[job]) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(faults, [])

    def assert_exactly_once(self):
        self.assertEqual(set(Escalation.objects.values_list("deadline_id", "step")), self.expected)
        self.assertEqual(Escalation.objects.count(), len(self.expected))
        keys = list(Outbox.objects.values_list("key", "recipient_id", "channel"))
        self.assertEqual(len(keys), len(set(keys)))
        told = {key for key, _person, _channel in keys if key.startswith("deadline:")}
        self.assertEqual(len(told), self.DEADLINES)

    def test_six_sweepers_at_once_take_each_step_once(self):
        self.run_together(*[lambda: sweep(batch=20)] * 6)
        self.assert_exactly_once()

    def test_finish_and_sweep_at_once_end_either_way_but_whole(self):
        rows = list(Deadline.objects.order_by("pk")[:100])
        officer = self.people["responsible"]

        def finish_them():
            for row in rows:
                with transaction.atomic():
                    about = Group.objects.select_for_update().get(pk=row.about_id)
                    services.finish(about, ["answer"], at=timezone.now(), by=officer)

        self.run_together(finish_them, *[lambda: sweep(batch=20)] * 3)
        sweep()
        for row in Deadline.objects.filter(pk__in=[row.pk for row in rows]):
            fired = set(row.escalations.values_list("step", flat=True))
            self.assertIn(fired, [set(), {position for pk, position in self.expected if pk == row.pk}])
            self.assertIsNone(row.next_at)

    def test_record_that_somebody_holds_is_left_alone_and_taken_later(self):
        row = Deadline.objects.order_by("next_at").first()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM auth_group WHERE id = %s FOR UPDATE", [row.about_id])
            found = []
            self.run_together(lambda: found.append(sweep()))
            self.assertEqual(found[0].busy, [row.pk])
            self.assertEqual(found[0].deadlines, self.DEADLINES - 1)
        self.assertEqual(sweep().deadlines, 1)
        self.assert_exactly_once()

    @override_settings(EMAIL_BACKEND="tests.notifications.backends.Slow")
    def test_slow_mail_does_not_delay_the_sweep(self):
        sweep(limit=5)
        type(self.people["lead"]).objects.update(email="somebody@example.invalid")
        enqueue("slow", to=[person.pk for person in self.people.values()], template="case_assigned")
        ends = {}

        def timed(name, job):
            def run():
                job()
                ends[name] = timezone.now()

            return run

        self.run_together(timed("mail", lambda: deliver(seconds=4)), timed("sweep", sweep))
        self.assertGreater(ends["mail"] - ends["sweep"], timedelta(seconds=2))
        self.assert_exactly_once()

    def test_killed_sweeper_leaves_nothing_and_the_next_takes_it_all(self):
        program = DYING_SWEEPER.format(person=self.people["lead"].pk)
        settings = connection.settings_dict
        host = settings["HOST"] or settings["OPTIONS"].get("host", "")
        url = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/{settings['NAME']}?host={host}"
        if settings["PORT"]:
            url += f"&port={settings['PORT']}"
        environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        died = subprocess.run([sys.executable, "-c", program], env=environment, check=False)
        self.assertEqual(died.returncode, 9)
        self.assertEqual((Escalation.objects.count(), Outbox.objects.count()), (0, 0))
        self.assertFalse(Deadline.objects.exclude(step=0).exists())
        sweep()
        self.assert_exactly_once()
