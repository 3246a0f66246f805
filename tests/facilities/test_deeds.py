"""Renaming, moving under another body, ending, merging and undoing."""

from datetime import date, timedelta

from django.test import TestCase
from django.utils import timezone

from common.exceptions import InvalidInput, ReasonRequired, Refused, RightMissing, StaleVersion
from facilities.choices import FacilityStatus, FacilityType, LicenceAct, ManagingBody, NameKind, Supervisor
from facilities.models import Facility, FacilityName, LicenceEvent, Management
from facilities.services import change, end, lift_ended_suspensions, put_under, register, rename, reopen, settle_licence
from tests.facilities.factories import EVERYTHING, READING, facility, person, ward

NEW_YEAR = date(2026, 1, 1)


class DeedTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.clerk = person("clerk", EVERYTHING)
        cls.reader = person("reader", READING)
        cls.old_ward = ward("27004", "Tân Bình", "Quận Tân Bình")
        cls.station = facility(
            "TYT1", "Trung tâm Y tế khu vực Bến Trúc", type=FacilityType.HEALTH_STATION, area=cls.old_ward
        )
        cls.heir = facility("TYT2", "Trạm Y tế Đồng Sen", type=FacilityType.HEALTH_STATION)

    def codes(self, text):
        return [found.code for found in Facility.objects.matching(text)]


class RegisterTest(DeedTest):
    def test_a_new_facility_has_its_official_name_its_manager_and_its_history(self):
        made = register(Facility(code="N1", name="Nhà thuốc Đào Tiên", type="NT"), by=self.clerk, reason="đơn 12")
        name = made.names.get()
        self.assertEqual((name.name, name.kind), ("Nhà thuốc Đào Tiên", NameKind.OFFICIAL))
        self.assertEqual(made.managements.get().managing_body, ManagingBody.DOH)
        entry = made.history.get()
        self.assertEqual((entry.history_user, entry.history_change_reason), (self.clerk, "đơn 12"))

    def test_an_establishment_of_the_unlicensed_kind_has_no_licence(self):
        made = register(Facility(code="N2", name="Spa Kiều Diễm", type=FacilityType.UNLICENSED), by=self.clerk)
        self.assertEqual(made.status, FacilityStatus.UNLICENSED)

    def test_the_old_province_follows_from_the_ward(self):
        made = register(Facility(code="N3", name="Nhà thuốc Cỏ Ba Lá", type="NT", area=self.old_ward), by=self.clerk)
        self.assertEqual(made.former_area, "tphcm_cu")

    def test_whoever_may_only_read_adds_nothing(self):
        with self.assertRaises(RightMissing):
            register(Facility(code="N4", name="Nhà thuốc Lạ", type="NT"), by=self.reader)


class RenameTest(DeedTest):
    def test_the_old_name_stays_with_its_last_day_and_still_finds_the_facility(self):
        rename(self.station, "Trạm Y tế Bến Trúc", on=NEW_YEAR, by=self.clerk, reason="QĐ 1")
        former = self.station.names.get(kind=NameKind.FORMER)
        self.assertEqual((former.name, former.valid_to), ("Trung tâm Y tế khu vực Bến Trúc", NEW_YEAR))
        official = self.station.names.get(kind=NameKind.OFFICIAL)
        self.assertEqual((official.name, official.valid_from), ("Trạm Y tế Bến Trúc", NEW_YEAR))
        for typed in ("tram y te ben truc", "trung tam y te khu vuc ben truc"):
            self.assertEqual(self.codes(typed)[0], "TYT1")

    def test_history_says_who_and_why(self):
        rename(self.station, "Trạm Y tế Bến Trúc", on=NEW_YEAR, by=self.clerk, reason="QĐ 1")
        entry = self.station.history.first()
        self.assertEqual((entry.history_user, entry.history_change_reason), (self.clerk, "QĐ 1"))

    def test_a_correction_leaves_no_former_name(self):
        rename(self.station, "Trung tâm Y tế khu vực Bến Tre", on=NEW_YEAR, by=self.clerk, is_correction=True)
        self.assertEqual([name.name for name in self.station.names.all()], ["Trung tâm Y tế khu vực Bến Tre"])

    def test_what_cannot_be_is_refused_in_words(self):
        tomorrow = timezone.localdate() + timedelta(days=1)
        table = [
            ("", NEW_YEAR, InvalidInput),
            ("\x00 \t", NEW_YEAR, InvalidInput),
            (self.station.name, NEW_YEAR, Refused),
            ("Tên khác", tomorrow, InvalidInput),
        ]
        for name, day, refusal in table:
            with self.subTest(name=name, day=day), self.assertRaises(refusal):
                rename(self.station, name, on=day, by=self.clerk)

    def test_a_second_name_cannot_begin_before_the_first(self):
        rename(self.station, "Trạm Y tế Bến Trúc", on=NEW_YEAR, by=self.clerk)
        with self.assertRaises(InvalidInput):
            rename(self.station, "Trạm Y tế Bến Trúc Mới", on=NEW_YEAR, by=self.clerk)

    def test_a_facility_may_take_an_old_name_again(self):
        old = self.station.name
        for number, name in enumerate(("Tên Hai", old, "Tên Ba"), start=1):
            rename(self.station, name, on=date(2026, number, 1), by=self.clerk)
        self.assertEqual(self.station.names.filter(name=old, kind=NameKind.FORMER).count(), 2)

    def test_a_stale_version_changes_nothing(self):
        with self.assertRaises(StaleVersion):
            rename(self.station, "Trạm Y tế Bến Trúc", on=NEW_YEAR, by=self.clerk, version=99)
        self.assertEqual(Facility.objects.get(pk=self.station.pk).name, "Trung tâm Y tế khu vực Bến Trúc")

    def test_whoever_may_only_read_renames_nothing(self):
        with self.assertRaises(RightMissing):
            rename(self.station, "Trạm Y tế Bến Trúc", on=NEW_YEAR, by=self.reader)


class PutUnderTest(DeedTest):
    def under_commune(self, **more):
        return put_under(
            self.station,
            managing_body=ManagingBody.COMMUNE_PC,
            supervisor=Supervisor.DOH,
            on=NEW_YEAR,
            by=self.clerk,
            **more,
        )

    def test_who_managed_before_stays_on_record(self):
        self.under_commune()
        rows = self.station.managements.order_by("valid_to").values_list("managing_body", "valid_from", "valid_to")
        self.assertEqual(list(rows), [("DOH", None, NEW_YEAR), ("COMMUNE_PC", NEW_YEAR, None)])
        self.assertEqual(Facility.objects.get(pk=self.station.pk).managing_body, "COMMUNE_PC")

    def test_nothing_changes_twice(self):
        self.under_commune()
        with self.assertRaises(Refused):
            self.under_commune()

    def test_a_facility_is_no_branch_of_its_own_branch(self):
        Facility.objects.filter(pk=self.heir.pk).update(parent=self.station)
        with self.assertRaises(Refused):
            self.under_commune(parent=Facility.objects.get(pk=self.heir.pk))
        self.assertEqual(Management.objects.filter(facility=self.station).count(), 1)


class EndTest(DeedTest):
    def test_an_ended_facility_keeps_its_row_and_names_its_successor(self):
        end(self.station, on=NEW_YEAR, successor=self.heir, by=self.clerk, reason="QĐ 2")
        stored = Facility.objects.get(pk=self.station.pk)
        self.assertEqual((stored.status, stored.valid_to, stored.successor), ("ended", NEW_YEAR, self.heir))

    def test_the_old_name_leads_to_the_successor_first(self):
        end(self.station, on=NEW_YEAR, successor=self.heir, by=self.clerk, reason="QĐ 2")
        found = list(Facility.objects.matching("trung tam y te khu vuc ben truc"))
        self.assertEqual([f.code for f in found], ["TYT2", "TYT1"])
        self.assertEqual(found[0].matched_name, "Trung tâm Y tế khu vực Bến Trúc")

    def test_undoing_takes_the_names_back(self):
        end(self.station, on=NEW_YEAR, successor=self.heir, by=self.clerk, reason="QĐ 2")
        reopen(self.station, by=self.clerk, reason="nhầm")
        self.assertEqual(Facility.objects.get(pk=self.station.pk).status, FacilityStatus.ACTIVE)
        self.assertEqual(self.codes("trung tam y te khu vuc ben truc")[0], "TYT1")
        self.assertFalse(FacilityName.objects.exclude(inherited_from=None).exists())

    def test_what_cannot_be_is_refused(self):
        with self.assertRaises(ReasonRequired):
            end(self.station, on=NEW_YEAR, by=self.clerk, reason=" ")
        with self.assertRaises(Refused):
            end(self.station, on=NEW_YEAR, successor=self.station, by=self.clerk, reason="QĐ")
        with self.assertRaises(Refused):
            reopen(self.station, by=self.clerk, reason="nhầm")
        end(self.heir, on=NEW_YEAR, by=self.clerk, reason="QĐ")
        with self.assertRaises(Refused):
            end(self.heir, on=NEW_YEAR, by=self.clerk, reason="QĐ")
        with self.assertRaises(Refused):
            end(self.station, on=NEW_YEAR, successor=Facility.objects.get(pk=self.heir.pk), by=self.clerk, reason="QĐ")


class ChangeTest(DeedTest):
    def test_details_change_but_not_what_has_deeds_of_its_own(self):
        form = Facility.objects.get(pk=self.station.pk)
        form.beds, form.name, form.status, form.managing_body = 40, "Khác", FacilityStatus.SUSPENDED, "MOH"
        change(form, by=self.clerk, reason="đếm lại", version=self.station.version)
        stored = Facility.objects.get(pk=self.station.pk)
        self.assertEqual(
            (stored.beds, stored.name, stored.status, stored.managing_body),
            (40, "Trung tâm Y tế khu vực Bến Trúc", "active", "DOH"),
        )
        self.assertEqual(stored.version, self.station.version + 1)

    def test_a_new_ward_brings_its_old_province_and_its_words(self):
        form = Facility.objects.get(pk=self.station.pk)
        form.area = ward("25747", "Thủ Dầu Một", "Thành phố Thủ Dầu Một", former_area="binh_duong")
        change(form, by=self.clerk, version=self.station.version)
        self.assertEqual(Facility.objects.get(pk=self.station.pk).former_area, "binh_duong")
        self.assertEqual(self.codes("ben truc thu dau mot")[0], "TYT1")


class LicenceTest(DeedTest):
    def event(self, act, day, number="", reason=""):
        LicenceEvent.objects.create(facility=self.station, act=act, happened_on=day, number=number, reason=reason)
        return settle_licence(self.station, by=self.clerk)

    def suspend(self, station, last_day):
        LicenceEvent.objects.create(
            facility=station, act=LicenceAct.SUSPENDED, happened_on=date(2021, 1, 1), until=last_day, reason="vi phạm"
        )
        return settle_licence(station, by=self.clerk)

    def test_a_suspension_holds_through_its_last_day_and_ends_by_itself_once(self):
        today, engine = timezone.localdate(), person("engine", READING)
        engine.is_engine = True
        self.assertEqual(self.suspend(self.station, today).status, FacilityStatus.SUSPENDED)
        self.assertEqual(lift_ended_suspensions(by=engine), 0)
        self.station.licence_events.update(until=today - timedelta(days=1))
        self.assertEqual([lift_ended_suspensions(by=engine) for _run in range(2)], [1, 0])
        stored = Facility.objects.get(pk=self.station.pk)
        self.assertEqual(stored.status, FacilityStatus.ACTIVE)
        self.assertIn("đình chỉ", stored.history.first().history_change_reason)

    def test_a_second_suspension_still_holds_when_the_first_has_ended(self):
        self.suspend(self.station, timezone.localdate() - timedelta(days=1))
        LicenceEvent.objects.create(
            facility=self.station, act=LicenceAct.SUSPENDED, happened_on=date(2020, 1, 1), reason="tái phạm"
        )
        self.assertEqual(settle_licence(self.station, by=self.clerk).status, FacilityStatus.SUSPENDED)

    def test_the_newest_event_decides_the_status(self):
        table = [
            (LicenceAct.GRANTED, date(2020, 1, 1), "1/GP", "", FacilityStatus.ACTIVE),
            (LicenceAct.SUSPENDED, date(2021, 1, 1), "", "vi phạm", FacilityStatus.SUSPENDED),
            (LicenceAct.RESUMED, date(2021, 3, 1), "", "", FacilityStatus.ACTIVE),
            (LicenceAct.CHANGED, date(2022, 1, 1), "2/GP", "", FacilityStatus.ACTIVE),
            (LicenceAct.REVOKED, date(2023, 1, 1), "", "vi phạm", FacilityStatus.UNLICENSED),
            (LicenceAct.GRANTED, date(2019, 1, 1), "0/GP", "", FacilityStatus.UNLICENSED),  # recorded late
        ]
        for act, day, number, reason, status in table:
            with self.subTest(act=act, day=day):
                self.assertEqual(self.event(act, day, number, reason).status, status)
        self.assertEqual(Facility.objects.get(pk=self.station.pk).licence_number, "2/GP")

    def test_an_ended_facility_stays_ended(self):
        end(self.station, on=NEW_YEAR, by=self.clerk, reason="QĐ")
        self.assertEqual(self.event(LicenceAct.GRANTED, date(2026, 2, 1), "9/GP").status, FacilityStatus.ENDED)
