"""Closing an obligation or a whole directive: what becomes of what is under way, and that it can be taken back."""

from datetime import date, timedelta
from typing import Any

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from common.exceptions import InvalidInput, MoveRefused, ReasonRequired, RightMissing, StaleVersion
from deadlines.choices import State
from deadlines.models import Deadline
from deadlines.services import deadlines_of
from directives import clocks, closing, expansion, register
from directives.choices import DirectiveState, ObligationState, Status
from directives.closing import GO_ON, WITHDRAW
from directives.models import Assignment, Directive, Obligation
from directives.register import CARRY
from notifications.models import Outbox
from tests.directives import factories as make
from tests.directives.factories import fresh
from tests.directives.reporting_made import Reports
from tests.feedback import factories as feedback
from tests.forms import form_in

WHY = "văn bản hết hiệu lực"


class Closing(Reports, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.set_up()
        by, today = fresh(cls.team.checker), timezone.localdate()
        Obligation.objects.filter(pk=cls.duty.pk).update(starts_on=today - timedelta(days=200))
        cls.duty = Obligation.objects.get(pk=cls.duty.pk)
        expansion.expand(by=by)
        rows = Assignment.objects.filter(facility=cls.team.hospital)
        cls.late = make.assigned(cls.duty, cls.team.hospital, today - timedelta(days=9))
        cls.told = make.assigned(cls.duty, cls.team.hospital, today - timedelta(days=3))
        clocks.open_for([cls.late.pk, cls.told.pk], by)
        cls.later = rows.filter(due_on__gt=today).order_by("period").last()

    def setUp(self) -> None:
        self.told = self.reported(self.told)

    def close(self, way: str = GO_ON, by: Any = None, version: int | None = None, reason: str = WHY) -> Obligation:
        duty = Obligation.objects.get(pk=self.duty.pk)
        return closing.close(
            duty, way, by=fresh(by or self.team.checker), reason=reason, version=version or duty.version
        )

    def reopen(self) -> Obligation:
        duty = Obligation.objects.get(pk=self.duty.pk)
        return closing.reopen(duty, by=fresh(self.team.checker), reason="đóng nhầm", version=duty.version)

    def stands(self) -> tuple[str, str, str]:
        rows = [Assignment.objects.get(pk=one.pk).status for one in (self.late, self.told, self.later)]
        return rows[0], rows[1], rows[2]

    def running(self, one: Assignment) -> list[str]:
        return [row.obligation for row in deadlines_of(one).filter(state=State.RUNNING)]


class ObligationTests(Closing):
    def test_what_is_due_and_what_was_handed_in_goes_on_and_later_days_are_withdrawn(self) -> None:
        self.close(GO_ON)
        self.assertEqual(self.stands(), ("open", "submitted", "withdrawn"))
        self.assertEqual((self.running(self.late), self.running(self.told)), (["report_duty"], ["check_duty"]))
        self.assertEqual(self.running(self.later), [])

    def test_what_goes_on_survives_the_expansion(self) -> None:
        self.close(GO_ON)
        expansion.expand(is_forced=True)
        self.assertEqual(self.stands(), ("open", "submitted", "withdrawn"))

    def test_all_are_withdrawn_with_their_clocks_where_that_was_chosen(self) -> None:
        self.close(WITHDRAW)
        self.assertEqual(self.stands(), ("withdrawn",) * 3)
        self.assertFalse(Deadline.objects.filter(state=State.RUNNING, obligation__contains="duty").exists())
        reasons = set(Assignment.objects.get(pk=self.told.pk).history.values_list("history_change_reason", flat=True))
        self.assertIn(WHY, reasons)

    def test_nothing_new_is_assigned_to_a_closed_one(self) -> None:
        self.close(WITHDRAW)
        count = Assignment.objects.count()
        expansion.expand(is_forced=True, today=timezone.localdate() + timedelta(days=200))
        self.assertEqual(Assignment.objects.count(), count)

    def test_opened_again_everything_stands_as_before(self) -> None:
        withdrawn_before = Assignment.objects.filter(facility=self.team.other).first()
        Assignment.objects.filter(pk=withdrawn_before.pk).update(status=Status.WITHDRAWN)
        expansion.told([withdrawn_before.pk], fresh(self.team.checker), "trước đó")
        for way in (GO_ON, WITHDRAW):
            with self.subTest(way):
                self.close(way)
                self.reopen()
                self.assertEqual(self.stands(), ("open", "submitted", "open"))
                self.assertEqual((self.running(self.late), self.running(self.told)), (["report_duty"], ["check_duty"]))
                self.assertEqual(self.running(self.later), ["report_duty"])
                withdrawn_before.refresh_from_db()
                self.assertEqual(withdrawn_before.status, Status.WITHDRAWN)

    def test_a_returned_report_comes_back_as_returned(self) -> None:
        self.step(self.told, Status.RETURNED, self.team.checker)
        self.close(WITHDRAW)
        self.reopen()
        self.assertEqual(Assignment.objects.get(pk=self.told.pk).status, Status.RETURNED)
        self.assertEqual(self.running(self.told), ["redo_duty"])

    def test_refusals_change_nothing(self) -> None:
        with self.assertRaises(InvalidInput):
            self.close("guess")
        with self.assertRaises(ReasonRequired):
            self.close(reason=" ")
        with self.assertRaises(StaleVersion):
            self.close(version=99)
        for person in (self.team.officer, self.team.director):
            with self.assertRaises(RightMissing):
                self.close(by=person)
        with self.assertRaises(MoveRefused):
            self.reopen()
        self.assertEqual(self.stands(), ("open", "submitted", "open"))
        self.close()
        with self.assertRaises(MoveRefused):
            self.close()


class DirectiveTests(Closing):
    def end(self, way: str = WITHDRAW) -> Directive:
        found = Directive.objects.get(pk=self.duty.directive_id)
        return closing.end(found, way, by=fresh(self.team.lead), reason=WHY, version=found.version)

    def resume(self) -> Directive:
        found = Directive.objects.get(pk=self.duty.directive_id)
        return closing.resume(found, by=fresh(self.team.lead), reason="thu hồi nhầm", version=found.version)

    def states(self) -> dict[str, str]:
        return dict(Obligation.objects.values_list("code", "state"))

    def test_its_open_obligations_end_with_it_and_come_back_with_it(self) -> None:
        by = fresh(self.team.checker)
        before = make.obligation(by, self.duty.directive, part="2", recurrence="")
        closing.close(before, WITHDRAW, by=by, reason="đóng riêng", version=1)
        self.assertEqual(self.end().state, DirectiveState.ENDED)
        self.assertEqual(set(self.states().values()), {ObligationState.CLOSED})
        self.assertEqual(self.stands(), ("withdrawn",) * 3)
        self.assertEqual(self.resume().state, DirectiveState.IN_FORCE)
        self.assertEqual(self.states(), {self.duty.code: "open", before.code: "closed"})
        self.assertEqual(self.stands(), ("open", "submitted", "open"))

    def test_what_another_directive_carries_on_stays_and_ends_with_that_one(self) -> None:
        by = fresh(self.team.checker)
        newer = make.directive(by, "20/CT-SYT", issued_on=date(2026, 5, 5))
        old = Directive.objects.get(pk=self.duty.directive_id)
        register.supersede(old, newer, {self.duty.pk: CARRY}, by=by, reason=WHY, version=old.version)
        with self.assertRaises(MoveRefused):
            self.end()
        self.assertEqual([row.pk for row in closing.open_of(newer)], [self.duty.pk])
        newer.refresh_from_db()
        closing.end(newer, WITHDRAW, by=by, reason=WHY, version=newer.version)
        self.assertEqual(self.states()[self.duty.code], "closed")
        with self.assertRaises(MoveRefused):
            self.reopen()

    def test_an_obligation_of_an_ended_directive_is_not_opened_alone(self) -> None:
        self.end()
        with self.assertRaises(MoveRefused):
            self.reopen()


class ClosingPageTests(Closing):
    def url(self, name: str, pk: int) -> str:
        return reverse(f"admin:directives_directive_{name}", args=[pk])

    def test_closed_and_opened_again_from_the_page(self) -> None:
        self.client.force_login(fresh(self.team.checker))
        page = self.client.get(self.url("change", self.duty.directive_id))
        address = self.url("close_obligation", self.duty.pk)
        self.assertContains(page, address)
        form = form_in(self.client.get(address), "version")
        self.assertNotIn("way", form)
        self.assertEqual(self.client.post(address, form | {"reason": [WHY]}).status_code, 200)
        self.assertEqual(Obligation.objects.get().state, "open")
        self.assertEqual(self.client.post(address, form | {"reason": [WHY], "way": ["withdraw"]}).status_code, 302)
        self.assertEqual(Obligation.objects.get().state, "closed")
        self.assertEqual(self.client.get(address).status_code, 302)
        again = self.url("reopen_obligation", self.duty.pk)
        self.client.post(again, form_in(self.client.get(again), "version") | {"reason": ["đóng nhầm"]})
        self.assertEqual(Obligation.objects.get().state, "open")

    def test_a_directive_is_withdrawn_and_put_in_force_again_from_its_page(self) -> None:
        self.client.force_login(fresh(self.team.checker))
        pk = self.duty.directive_id
        address = self.url("end", pk)
        self.assertContains(self.client.get(self.url("change", pk)), address)
        form = form_in(self.client.get(address), "version") | {"reason": [WHY], "way": ["go_on"]}
        stale = form | {"version": ["99"]}
        self.assertEqual(self.client.post(address, stale).status_code, 409)
        self.client.post(address, form)
        self.assertEqual(Directive.objects.get(pk=pk).state, "ended")
        again = self.url("resume", pk)
        self.assertContains(self.client.get(self.url("change", pk)), again)
        self.client.post(again, form_in(self.client.get(again), "version") | {"reason": ["nhầm"]})
        self.assertEqual(Directive.objects.get(pk=pk).state, "in_force")

    def test_readers_find_no_button_and_no_form(self) -> None:
        for person, status in ((self.team.officer, 403), (self.team.writer, 403), (self.team.head, 403)):
            self.client.force_login(fresh(person))
            page = self.client.get(self.url("change", self.duty.directive_id))
            self.assertNotContains(page, "/dong/")
            for name, pk in (("close_obligation", self.duty.pk), ("end", self.duty.directive_id)):
                self.assertEqual(self.client.get(self.url(name, pk)).status_code, status)


class TellingTests(Closing):
    def test_the_others_who_keep_the_register_are_told_of_a_closing_and_of_its_end(self) -> None:
        keeper = feedback.person("lead", division=self.team.division)
        self.close()
        self.reopen()
        for template in ("obligation_closed", "obligation_open"):
            told = set(Outbox.objects.filter(template=template).values_list("recipient", flat=True))
            self.assertIn(keeper.pk, told)
            self.assertFalse(told & {self.team.checker.pk, self.team.writer.pk, self.team.director.pk})
