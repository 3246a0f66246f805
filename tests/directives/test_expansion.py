"""Every facility of a class gets exactly what its class owes, once; what is owed no more is taken back."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deadlines.choices import DayKind
from deadlines.models import CalendarDay
from directives import expansion, reference, register, tasks
from directives.choices import Status
from directives.models import Assignment, AssignmentPast, ExpansionRun, Obligation, PartyRule
from directives.register import CARRY, CLOSE
from facilities import services as registry
from facilities.models import Facility
from tests.directives import factories as make
from tests.directives.factories import LONG_REASON, Team, fresh

NOW = timezone.localdate


def rows(**wanted: Any) -> set[tuple[str, str, str]]:
    """What is open: obligation, facility, day."""
    found = Assignment.objects.filter(status=Status.OPEN, **wanted)
    return {
        (a.obligation.code, a.facility.code, a.period.isoformat())
        for a in found.select_related("obligation", "facility")
    }


def number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM directives_assignment_id_seq")
        return int(cursor.fetchone()[0])


class ExpansionTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = Team()
        cls.by = fresh(cls.team.checker)
        cls.directive = make.directive(cls.by)
        cls.yearly = make.obligation(cls.by, cls.directive, starts_on=NOW() - timedelta(days=400))
        cls.standing = make.obligation(cls.by, cls.directive, part="2", recurrence="")

    def facility(self, code: str, kind: str = "BVDK", **more: Any) -> Facility:
        facility = Facility(code=code, name=f"Cơ sở {code}", type=kind, is_demo=True, **more)
        return registry.register(facility, by=fresh(self.team.lead))

    def test_every_hospital_gets_each_period_and_a_standing_one_once(self) -> None:
        expansion.expand()
        days = {row.period for row in Assignment.objects.filter(obligation=self.yearly)}
        self.assertTrue(all((day.month, day.day) == (11, 10) for day in days))
        until = NOW() + timedelta(days=366)
        self.assertEqual(max(days), date(until.year - (until < date(until.year, 11, 10)), 11, 10))
        for facility in (self.team.hospital, self.team.other):
            self.assertEqual(Assignment.objects.filter(facility=facility, obligation=self.yearly).count(), len(days))
        self.assertEqual(Assignment.objects.filter(obligation=self.standing, due_at=None).count(), 2)

    def test_twice_changes_nothing_and_burns_no_number(self) -> None:
        expansion.expand()
        before, last = list(Assignment.objects.order_by("pk").values()), number()
        self.assertIsNone(expansion.expand())
        again = expansion.expand(is_forced=True)
        self.assertEqual((again.made, again.withdrawn), (0, 0))
        self.assertEqual(list(Assignment.objects.order_by("pk").values()), before)
        self.assertEqual(number(), last)
        tasks.expand_obligations()
        self.assertEqual(ExpansionRun.objects.count(), 2)

    def test_a_new_facility_gets_exactly_its_class_when_the_task_runs(self) -> None:
        PartyRule.objects.create(party="TYT", type="TYT")
        make.obligation(self.by, self.directive, part="3", parties=["TYT"], recurrence="")
        expansion.expand()
        self.facility("B9")
        self.facility("S1", "TYT")
        self.facility("N1", "NT")
        tasks.expand_obligations()
        codes = {
            facility: {code for code, where, _day in rows() if where == facility} for facility in ("B9", "S1", "N1")
        }
        self.assertEqual(codes["B9"], {self.yearly.code, self.standing.code})
        self.assertEqual(codes["S1"], {f"{self.directive.code}.3"})
        self.assertEqual(codes["N1"], set())

    def test_a_facility_of_another_class_owes_what_was_due_and_no_more(self) -> None:
        expansion.expand()
        facility = Facility.objects.get(pk=self.team.hospital.pk)
        facility.type = "PKDK"
        registry.change(facility, by=fresh(self.team.lead), reason="đổi hình thức", version=facility.version)
        tasks.expand_obligations()
        left = Assignment.objects.filter(facility=facility, status=Status.OPEN)
        self.assertTrue(left.exists())
        self.assertFalse(left.filter(due_on__gte=NOW()).exists())
        self.assertFalse(left.filter(due_on=None).exists())
        facility.type = "BVDK"
        registry.change(facility, by=fresh(self.team.lead), reason="đổi lại", version=facility.version)
        tasks.expand_obligations()
        self.assertTrue(Assignment.objects.filter(facility=facility, status=Status.OPEN, due_on=None).exists())

    def test_a_facility_that_ended_owes_nothing_but_what_it_handed_in_stays(self) -> None:
        expansion.expand()
        facility = Facility.objects.get(pk=self.team.hospital.pk)
        kept = Assignment.objects.filter(facility=facility).earliest("pk")
        Assignment.objects.filter(pk=kept.pk).update(status=Status.SUBMITTED, handed_in_at=timezone.now())
        registry.end(facility, on=NOW(), by=fresh(self.team.lead), reason="sáp nhập", successor=self.team.other)
        tasks.expand_obligations()
        self.assertEqual(list(Assignment.objects.filter(facility=facility).exclude(status=Status.WITHDRAWN)), [kept])
        past = AssignmentPast.objects.filter(facility=facility, status=Status.WITHDRAWN)
        self.assertEqual(past.count(), Assignment.objects.filter(facility=facility).count() - 1)
        self.assertFalse(past.filter(history_change_reason=""))
        registry.reopen(Facility.objects.get(pk=facility.pk), by=fresh(self.team.lead), reason="nhầm")
        tasks.expand_obligations()
        self.assertTrue(Assignment.objects.filter(facility=facility, due_on=None, status=Status.OPEN).exists())

    def test_medical_centres_until_2026_and_commune_stations_since(self) -> None:
        reference.load()
        station, centre = self.facility("S1", "TYT"), self.facility("C1", "TTYT")
        asked = Obligation.objects.get(code="HT25-14")
        asked.starts_on = date(2025, 1, 1)
        asked.save()
        expansion.expand(today=date(2025, 12, 1))
        days = {
            facility.code: sorted(
                str(day)
                for day in Assignment.objects.filter(facility=facility, obligation=asked).values_list(
                    "period", flat=True
                )
            )
            for facility in (station, centre)
        }
        self.assertEqual(days["C1"], ["2025-12-31"])
        self.assertEqual(days["S1"], [])
        expansion.expand(today=date(2026, 11, 1))
        self.assertEqual(
            [
                str(d)
                for d in Assignment.objects.filter(facility=station, obligation=asked).values_list("period", flat=True)
            ],
            ["2026-12-31"],
        )

    def test_a_day_off_that_is_entered_later_moves_what_is_open(self) -> None:
        expansion.expand()
        ahead = Assignment.objects.filter(obligation=self.yearly, due_on__gt=NOW()).latest("period")
        CalendarDay.objects.create(date=ahead.due_on, kind=DayKind.OFF, note="Nghỉ", source="thử")
        tasks.expand_obligations()
        moved = Assignment.objects.get(pk=ahead.pk)
        self.assertGreater(moved.due_on, ahead.due_on)
        self.assertEqual(moved.period, ahead.period)

    def test_a_changed_rule_takes_back_what_it_no_longer_asks_for(self) -> None:
        expansion.expand()
        self.yearly.recurrence = "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1"
        self.yearly.save()
        tasks.expand_obligations()
        ahead = Assignment.objects.filter(obligation=self.yearly, due_on__gte=NOW(), status=Status.OPEN)
        self.assertEqual({(row.period.month, row.period.day) for row in ahead}, {(6, 1)})

    def test_closing_takes_back_and_carrying_on_leaves(self) -> None:
        expansion.expand()
        newer = make.directive(self.by, "99/CT-SYT")
        choices = {self.yearly.pk: CLOSE, self.standing.pk: CARRY}
        register.supersede(self.directive, newer, choices, by=self.by, reason=LONG_REASON, version=1)
        self.assertEqual({row[0] for row in rows()}, {self.standing.code})
        expansion.expand(is_forced=True)
        self.assertEqual({row[0] for row in rows()}, {self.standing.code})

    def test_as_many_statements_for_many_as_for_few(self) -> None:
        def statements() -> int:
            with CaptureQueriesContext(connection) as counted:
                expansion.expand(is_forced=True)
            return len(counted)

        for place in range(4):
            make.obligation(self.by, self.directive, part=f"{place}", recurrence="FREQ=MONTHLY")
        few = statements()
        for place in range(8):
            self.facility(f"M{place}")
        self.assertLessEqual(statements(), few)
        self.assertGreater(Assignment.objects.count(), 10 * 4 * 12)

    def test_the_founding_obligations_over_the_years(self) -> None:
        reference.load()
        asked = Obligation.objects.filter(code__in=["HN30-2", "TT43-1"])
        asked.update(starts_on=date(2024, 1, 1))
        Facility.objects.update(managing_body="DOH")
        expansion.expand(today=date(2029, 12, 31))
        of = Assignment.objects.filter(
            facility=self.team.hospital, period__range=(date(2024, 1, 1), date(2030, 12, 31))
        )
        november = dict(of.filter(obligation__code="HN30-2").values_list("period", "due_on"))
        self.assertEqual(sorted(november), [date(year, 11, 10) for year in range(2024, 2031)])
        self.assertEqual([november[date(year, 11, 10)].day for year in range(2024, 2031)], [11, 10, 10, 10, 10, 12, 11])
        halves = sorted(of.filter(obligation__code="TT43-1").values_list("period", flat=True))
        self.assertEqual(
            halves, [date(year, month, day) for year in range(2024, 2031) for month, day in ((6, 30), (12, 31))]
        )
