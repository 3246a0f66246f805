"""What is always true of a row, whatever the door."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import TestCase
from django.utils import translation

from facilities.choices import FacilityStatus, LicenceAct, ManagingBody, NameKind, Supervisor
from facilities.models import Area, Facility, FacilityName, Hotline, LicenceEvent, Management
from facilities.services import rename
from tests.facilities.factories import engine, facility, ward


class ConstraintTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.clinic = facility("C1", "Phòng khám Đa khoa Lộc Thảo")
        cls.other = facility("C2", "Phòng khám Đa khoa Thiên Di")

    def refused(self, change):
        with self.assertRaises(IntegrityError), transaction.atomic():
            change()

    def test_an_ended_facility_has_a_day_and_an_open_one_has_none(self):
        stored = Facility.objects.filter(pk=self.clinic.pk)
        self.refused(lambda: stored.update(status=FacilityStatus.ENDED))
        self.refused(lambda: stored.update(valid_to=date(2026, 1, 1)))

    def test_only_an_ended_facility_has_a_successor_and_never_itself(self):
        stored = Facility.objects.filter(pk=self.clinic.pk)
        self.refused(lambda: stored.update(successor=self.other))
        ended = {"status": FacilityStatus.ENDED, "valid_to": date(2026, 1, 1)}
        self.refused(lambda: stored.update(**ended, successor=self.clinic))

    def test_a_facility_is_not_its_own_branch(self):
        self.refused(lambda: Facility.objects.filter(pk=self.clinic.pk).update(parent=self.clinic))

    def test_a_facility_has_a_name(self):
        self.refused(lambda: Facility.objects.filter(pk=self.clinic.pk).update(name=""))

    def test_there_is_one_official_name_at_a_time(self):
        name = FacilityName(facility=self.clinic, name="Tên thứ hai", kind=NameKind.OFFICIAL)
        self.refused(name.save)

    def test_two_bodies_never_manage_on_the_same_day(self):
        rival = Management(
            facility=self.clinic, managing_body=ManagingBody.MOH, supervisor=Supervisor.MOH, valid_from=date(2026, 1, 1)
        )
        self.refused(rival.save)

    def test_a_licence_is_granted_with_a_number_and_taken_with_a_reason(self):
        granted = LicenceEvent(facility=self.clinic, act=LicenceAct.GRANTED, happened_on=date(2026, 1, 1))
        self.refused(granted.save)
        revoked = LicenceEvent(facility=self.clinic, act=LicenceAct.REVOKED, happened_on=date(2026, 1, 1))
        self.refused(revoked.save)

    def test_a_province_is_part_of_nothing_and_a_ward_of_something(self):
        area = ward("27004", "Tân Bình")
        self.refused(lambda: Area.objects.filter(pk=area.pk).update(parent=None))
        self.refused(lambda: Area.objects.filter(pk=area.parent_id).update(parent=area))

    def test_constraints_speak_in_words(self):
        self.clinic.valid_to = date(2026, 1, 1)
        with translation.override("en"), self.assertRaisesMessage(ValidationError, "ended"):
            self.clinic.validate_constraints()

    def test_history_cannot_be_rewritten(self):
        rename(self.clinic, "Phòng khám Lộc Thảo Mới", on=date(2026, 1, 1), by=engine())
        for act in (
            lambda: Facility.history.all().delete(),
            lambda: Facility.history.update(name="khác"),
        ):
            with self.assertRaises(ProgrammingError), transaction.atomic():
                act()


@pytest.mark.parametrize(
    ("number", "is_good"),
    [("19009095", True), ("115", True), ("+842812345678", True), ("028 1234", False), ("12", False), ("abc", False)],
)
def test_a_hotline_is_digits(number, is_good):
    field = Hotline._meta.get_field("number")
    try:
        field.run_validators(number)
    except ValidationError:
        assert not is_good
    else:
        assert is_good


class OpenOnTest(TestCase):
    def test_a_facility_is_open_from_its_first_day_until_the_day_it_ended(self):
        made = facility("C1", "Phòng khám Đa khoa Lộc Thảo", valid_from=date(2020, 1, 1))
        Facility.objects.filter(pk=made.pk).update(status=FacilityStatus.ENDED, valid_to=date(2026, 1, 1))
        table = {date(2019, 12, 31): False, date(2020, 1, 1): True, date(2025, 12, 31): True, date(2026, 1, 1): False}
        for day, is_open in table.items():
            with self.subTest(day=day):
                self.assertEqual(Facility.objects.open_on(day).exists(), is_open)
