"""Two people in one form, whatever the form: nothing is lost, nothing is overwritten without a word."""

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.services import open_client
from deadlines.models import CalendarDay, DeadlineRule, Ladder, LadderStep, WorkingPeriod
from directives.models import PartyRule, ScoreWeight
from facilities.models import Facility, FacilityName, Hotline, LicenceEvent
from feedback.models import Category, Channel
from tests.directives import factories as duties
from tests.facilities.factories import ward
from tests.feedback import factories as make
from tests.forms import changed, form_in

# incidents and actions have pages of their own that carry versions: tests.incidents.test_pages, test_action_pages
READ_ONLY = {"feedback.Case", "audit.Entry", "notifications.InboxItem", "notifications.Outbox", "deadlines.Deadline",
             "facilities.FacilityImport", "accounts.RoleGrant", "accounts.AccountChange", "deadlines.ClockHold",
             "deadlines.Duty", "incidents.Incident", "incidents.Action", "incidents.WeeklySummary", "incidents.Return",
             "directives.Directive", "directives.Assignment",
             "inspections.Inspection", "inspections.CorrectiveAction", "inspections.Plan",
             "facilities.HotlineCall", "feedback.CaseImport", "feedback.Reconciliation",
             "feedback.ReceivedMail"}  # fmt: skip
CONFLICT = 409


class TwoPeople(TestCase):
    """An administrator at two windows: what differs is when each was opened, not who looks."""

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.user = User.objects.create_superuser("quan.tri", display_name="Quản trị")
        cls.hospital = cls.team.hospital
        cls.name = FacilityName(facility=cls.hospital, name="Bệnh viện Lam Kiều", kind="alias")
        cls.name.fold_names()
        cls.name.save()
        cls.hotline = Hotline.objects.create(facility=cls.hospital, number="0283111222", purpose="Cấp cứu")

    def setUp(self) -> None:
        self.client.force_login(self.user)

    def address(self, row: Any, page: str = "change") -> str:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])

    def open(self, row: Any) -> dict[str, Any]:
        return form_in(self.client.get(self.address(row)), "opened")

    def save(self, row: Any, form: dict[str, Any], **changes: Any) -> Any:
        return self.agreed(row, self.client.post(self.address(row), changed(form, **changes)))

    def agreed(self, row: Any, page: Any) -> Any:
        """A change of the calendar comes back with what it moves, once, and is sent again with that."""
        if page.status_code != 200 or not (form := form_in(page, "opened")).get("counted", [""])[0]:
            return page
        return self.client.post(self.address(row), form)

    def choose(self, row: Any, page: Any, **picks: str) -> Any:
        """Send the conflict page: radio buttons as they are preselected, but for `picks` (`_` stands for `-`)."""
        self.assertEqual(page.status_code, CONFLICT)
        chosen = {f"pick-{key}": [pick] for key, pick in picks.items()}
        return self.agreed(row, self.client.post(self.address(row), form_in(page, "opened") | chosen))

    def lines(self, page: Any) -> dict[str, Any]:
        self.assertEqual(page.status_code, CONFLICT)
        return {line.key: line for section in page.context_data["sections"] for line in section.rows}


class EveryFormTests(TwoPeople):
    def rows(self) -> dict[str, tuple[Any, dict[str, str]]]:
        """One row of every model that people change in the console, and what the other person types into it."""
        client = open_client("he-thong-a", may_read=True, may_send=False)
        event = LicenceEvent.objects.create(
            facility=self.hospital, act="granted", number="12/GP", happened_on=date(2026, 1, 5)
        )
        rows: list[tuple[Any, dict[str, str]]] = [
            (ward("26743", "Bến Thành"), {"name_en": "Ben Thanh Ward"}),
            (self.team.division, {"short_name": "KTPC"}),
            (event, {"issuer": "Sở Y tế"}),
            (self.hotline, {"purpose": "Góp ý"}),
            (self.name, {"note": "người dân gọi"}),
            (self.hospital, {"address": "12 Đường Sen", "reason": "nhập thêm"}),
            (self.team.operator, {"display_name": "Trực ban"}),
            (Group.objects.order_by("id").first(), {"name": "Nhóm trực"}),
            (client, {"contact": "Phòng CNTT"}),
            (DeadlineRule.objects.get(code="S1.ACK"), {"note": "theo quy chế"}),
            (Ladder.objects.get(code="urgent"), {"name_en": "Urgent ladder"}),
            (CalendarDay.objects.first(), {"note": "Nghỉ lễ"}),
            (WorkingPeriod.objects.first(), {"ends": "12:15"}),
            (Channel.objects.get(code="HOTLINE_SYT"), {"hours": "7:00–17:00", "reason": "CV 12"}),
            (Category.objects.get(code="QUYTRINH.01"), {"lead_unit": "Phòng NVY", "reason": "CV 12"}),
            (duties.obligation(self.user), {"evidence": "biên bản", "reason": "CV 12"}),
            (PartyRule.objects.create(party="HOSP", type="BVDK"), {"source": "Quy chế", "reason": "CV 12"}),
            (
                ScoreWeight.objects.create(part="on_time", points=40, source="đề xuất"),
                {"source": "Quy chế", "reason": "CV 12"},
            ),
        ]
        return {row._meta.label: (row, typed) for row, typed in rows}

    def test_every_form_of_the_console_is_here(self) -> None:
        registered = {model._meta.label for model in admin.site._registry}
        self.assertEqual(registered, set(self.rows()) | READ_ONLY)

    def test_whoever_comes_second_is_shown_both_and_stores_nothing(self) -> None:
        for label, (row, typed) in self.rows().items():
            (name, theirs), *_reason = typed.items()
            with self.subTest(model=label):
                first, second = self.open(row), self.open(row)
                self.assertEqual(self.save(row, first, **typed).status_code, 302)
                mine = typed | {name: "13:00" if name == "ends" else f"{theirs} – khác"}
                page = self.save(row, second, **mine)
                line = self.lines(page)[name]
                self.assertEqual((line.is_wished, line.is_contested), (True, True))
                self.assertIn(theirs, line.theirs)
                row.refresh_from_db()
                self.assertIn(theirs, str(getattr(row, name)))
                self.assertEqual(self.choose(row, page, **{name: "mine"}).status_code, 302)
                row.refresh_from_db()
                self.assertIn(mine[name], str(getattr(row, name)))

    def test_a_form_that_nobody_touched_meanwhile_is_saved(self) -> None:
        for label, (row, typed) in self.rows().items():
            with self.subTest(model=label):
                self.assertEqual(self.save(row, self.open(row), **typed).status_code, 302)

    def test_a_form_without_its_version_stores_nothing(self) -> None:
        for label, (row, typed) in self.rows().items():
            with self.subTest(model=label):
                for token in (None, "", "abc", "x:y:z"):
                    answer = self.save(row, self.open(row), **typed | {"opened": token})
                    self.assertEqual(answer.status_code, CONFLICT)
                (name, theirs), *_reason = typed.items()
                row.refresh_from_db()
                self.assertNotIn(theirs, str(getattr(row, name)))

    def test_the_version_of_another_record_is_none(self) -> None:
        other = self.open(self.team.lead)["opened"]
        answer = self.save(self.team.operator, self.open(self.team.operator), display_name="Khác", opened=other)
        self.assertEqual(answer.status_code, CONFLICT)

    def test_no_list_is_edited_in_place(self) -> None:
        for model, page in admin.site._registry.items():
            self.assertFalse(page.list_editable, model)


class FieldTests(TwoPeople):
    def conflict(self, **mine: Any) -> Any:
        """The other person changes address and beds while this one changes `mine`."""
        second = self.open(self.hospital)
        self.save(self.hospital, self.open(self.hospital), address="Của Hà", beds="120", reason="QĐ 7")
        return self.save(self.hospital, second, **mine)

    def stored(self) -> Facility:
        return Facility.objects.get(pk=self.hospital.pk)

    def test_mine_is_preselected_only_where_the_other_changed_nothing(self) -> None:
        page = self.conflict(address="Của Minh", licence_number="GP-9")
        lines = self.lines(page)
        self.assertEqual({key for key, line in lines.items() if line.is_contested}, {"address"})
        self.assertEqual({key for key, line in lines.items() if line.is_wished}, {"address", "licence_number"})
        self.assertEqual((lines["address"].theirs, lines["address"].mine), ("Của Hà", "Của Minh"))
        self.assertEqual((lines["beds"].before, lines["beds"].theirs), ("—", "120"))
        preselected = form_in(page, "opened")
        self.assertEqual(preselected.get("pick-licence_number"), ["mine"])
        self.assertNotIn("pick-address", preselected)

    def test_it_says_who_and_why(self) -> None:
        page = self.conflict(address="Của Minh")
        self.assertContains(page, "Quản trị", status_code=CONFLICT)
        self.assertContains(page, "QĐ 7", status_code=CONFLICT)

    def test_the_choice_is_stored_field_by_field(self) -> None:
        page = self.conflict(address="Của Minh", licence_number="GP-9")
        self.assertEqual(self.choose(self.hospital, page, address="theirs").status_code, 302)
        stored = self.stored()
        self.assertEqual((stored.address, stored.beds, stored.licence_number), ("Của Hà", 120, "GP-9"))

    def test_what_was_not_chosen_overwrites_nothing(self) -> None:
        page = self.conflict(address="Của Minh")
        self.choose(self.hospital, page)
        self.assertEqual(self.stored().address, "Của Hà")

    def test_a_third_person_in_between_is_another_conflict(self) -> None:
        page = self.conflict(address="Của Minh")
        self.save(self.hospital, self.open(self.hospital), address="Của Lan")
        again = self.choose(self.hospital, page, address="mine")
        self.assertEqual(self.lines(again)["address"].theirs, "Của Lan")
        self.choose(self.hospital, again, address="mine")
        self.assertEqual((self.stored().address, self.stored().beds), ("Của Minh", 120))

    def test_a_deed_meanwhile_is_a_conflict_though_no_field_of_the_form_differs(self) -> None:
        form = self.open(self.hospital)
        Facility.objects.filter(pk=self.hospital.pk).update(version=9)
        self.assertEqual(self.save(self.hospital, form, address="Của Minh").status_code, CONFLICT)

    def test_a_mistake_in_mine_is_told_after_the_choice_and_keeps_it(self) -> None:
        page = self.conflict(address="Của Minh", beds="nhiều")
        self.assertEqual(self.lines(page)["beds"].mine, "nhiều")
        answer = self.choose(self.hospital, page, address="theirs", beds="mine")
        self.assertEqual(answer.status_code, 200)
        form = form_in(answer, "opened")
        self.assertEqual((form["address"], form["beds"]), (["Của Hà"], ["nhiều"]))
        self.assertEqual(self.save(self.hospital, form, beds="90").status_code, 302)
        self.assertEqual((self.stored().address, self.stored().beds), ("Của Hà", 90))

    def test_ticks_and_lists_of_rights_are_compared_too(self) -> None:
        role = Group.objects.order_by("id").first()
        right = Permission.objects.get(codename="delete_division")
        form = self.open(role)
        self.save(role, self.open(role), permissions=[str(right.pk)])
        page = self.save(role, form, name="Nhóm trực")
        lines = self.lines(page)
        self.assertIn(str(right), lines["permissions"].theirs)
        self.choose(role, page)
        role.refresh_from_db()
        self.assertEqual((list(role.permissions.all()), role.name), ([right], "Nhóm trực"))

    def test_a_box_that_the_other_ticked_or_unticked_stays_so(self) -> None:
        person = self.team.operator
        for sent, is_active in ((None, False), ("on", True)):
            form = self.open(person)
            self.save(person, self.open(person), is_active=sent)
            self.choose(person, self.save(person, form, display_name=f"Trực ban {is_active}"))
            person.refresh_from_db()
            self.assertEqual((person.is_active, person.display_name), (is_active, f"Trực ban {is_active}"))

    def test_signing_in_meanwhile_is_no_conflict(self) -> None:
        form = self.open(self.team.operator)
        self.client.force_login(self.team.operator)
        self.client.force_login(self.user)
        self.assertEqual(self.save(self.team.operator, form, display_name="Trực ban").status_code, 302)


class PartTests(TwoPeople):
    """Rows under a record: changed, added and removed by the other."""

    def setUp(self) -> None:
        super().setUp()
        self.key = f"hotlines-{self.hotline.pk}-"

    def numbers(self) -> set[tuple[str, str]]:
        return set(self.hospital.hotlines.values_list("number", "purpose"))

    def test_a_row_changed_by_both_is_chosen_field_by_field(self) -> None:
        form = self.open(self.hospital)
        self.save(self.hotline, self.open(self.hotline), purpose="Góp ý", is_active=None)
        page = self.save(self.hospital, form, **{"hotlines-0-purpose": "Khiếu nại", "hotlines-0-source": "bảng"})
        lines = self.lines(page)
        self.assertTrue(lines[f"{self.key}purpose"].is_contested)
        self.assertFalse(lines[f"{self.key}source"].is_contested)
        self.assertEqual(lines[f"{self.key}is_active"].theirs, "không")
        self.choose(self.hospital, page, **{f"{self.key}purpose": "theirs"})
        self.hotline.refresh_from_db()
        self.assertEqual((self.hotline.purpose, self.hotline.source, self.hotline.is_active), ("Góp ý", "bảng", False))

    def test_a_row_added_by_the_other_stays(self) -> None:
        form = self.open(self.hospital)
        Hotline.objects.create(facility=self.hospital, number="0283999888", purpose="Mới")
        page = self.save(self.hospital, form, **{"hotlines-0-purpose": "Của tôi"})
        self.assertContains(page, "0283999888", status_code=CONFLICT)
        self.assertEqual(self.choose(self.hospital, page).status_code, 302)
        self.assertEqual(self.numbers(), {("0283111222", "Của tôi"), ("0283999888", "Mới")})

    def test_a_row_removed_by_the_other_may_come_back_as_mine(self) -> None:
        for pick, left in (("theirs", set()), ("mine", {("0283111222", "Của tôi")})):
            with self.subTest(pick=pick):
                form = self.open(self.hospital)
                Hotline.objects.filter(facility=self.hospital).delete()
                page = self.save(self.hospital, form, **{"hotlines-0-purpose": "Của tôi", "address": f"Số {pick}"})
                self.assertContains(page, "Của tôi", status_code=CONFLICT)
                self.assertEqual(self.choose(self.hospital, page, **{"hotlines-new-0": pick}).status_code, 302)
                self.assertEqual(self.numbers(), left)
                self.assertEqual(Facility.objects.get(pk=self.hospital.pk).address, f"Số {pick}")
                Hotline.objects.get_or_create(facility=self.hospital, number="0283111222")

    def test_a_row_removed_by_the_other_and_untouched_by_me_is_gone(self) -> None:
        form = self.open(self.hospital)
        Hotline.objects.filter(facility=self.hospital).delete()
        page = self.save(self.hospital, form, address="12 Đường Sen")
        self.assertEqual(self.choose(self.hospital, page).status_code, 302)
        self.assertEqual(self.numbers(), set())

    def test_my_new_row_survives_a_conflict(self) -> None:
        form = self.open(self.hospital)
        self.save(self.hospital, self.open(self.hospital), beds="50")
        mine = {"hotlines-TOTAL_FORMS": "2", "hotlines-1-number": "0283777666", "hotlines-1-is_active": "on"}
        page = self.save(self.hospital, form, **mine)
        self.assertEqual(self.choose(self.hospital, page).status_code, 302)
        self.assertEqual(self.numbers(), {("0283111222", "Cấp cứu"), ("0283777666", "")})

    def test_steps_of_a_ladder_and_memberships_are_parts(self) -> None:
        ladder = Ladder.objects.get(code="urgent")
        step: LadderStep = ladder.steps.order_by("position").first()
        form = self.open(ladder)
        self.save(ladder, self.open(ladder), **{"steps-0-roles": ["unit_head", "director"]})
        page = self.save(ladder, form, **{"steps-0-roles": ["lead"], "steps-0-amount": "7"})
        self.assertTrue(self.lines(page)[f"steps-{step.pk}-roles"].is_contested)
        self.choose(ladder, page, **{f"steps-{step.pk}-roles": "theirs"})
        step.refresh_from_db()
        self.assertEqual((step.roles, step.amount), (["unit_head", "director"], 7))

        person = self.team.quality_officer
        membership = Membership.objects.get(user=person)
        form = self.open(person)
        self.save(person, self.open(person), **{"memberships-0-is_head": "on"})
        ends = timezone.localdate() + timedelta(days=30)
        page = self.save(person, form, **{"memberships-0-valid_to": f"{ends:%d/%m/%Y}"})
        self.assertEqual(self.lines(page)[f"memberships-{membership.pk}-is_head"].theirs, "có")
        self.choose(person, page)
        membership.refresh_from_db()
        self.assertEqual((membership.valid_to, membership.is_head), (ends, True))


class DeedTests(TwoPeople):
    def test_the_form_keeps_a_deed_over_rights_of_a_group(self) -> None:
        group = Group.objects.order_by("id").first()
        extra = Permission.objects.exclude(pk__in=group.permissions.all()).first()
        form = self.open(group)
        group.permissions.add(extra)
        page = self.save(group, form, name="Nhóm trực")
        self.assertIn("permissions", self.lines(page))
        self.choose(group, page)
        group.refresh_from_db()
        self.assertEqual(group.name, "Nhóm trực")
        self.assertIn(extra, group.permissions.all())
