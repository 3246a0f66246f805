"""The data that comes with the system."""

from django.db.models import Count, Q
from django.test import TestCase

from facilities import reference
from facilities.choices import AreaKind
from facilities.models import Area, AreaAlias, Division, Facility
from facilities.services import load_demo_facilities
from facilities.services.loading import _read


class ReferenceTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        reference.load()

    def test_the_country_has_34_provinces_and_3321_parts(self):
        provinces = Area.objects.filter(kind=AreaKind.PROVINCE)
        self.assertEqual((provinces.count(), Area.objects.exclude(parent=None).count()), (34, 3321))

    def test_ho_chi_minh_city_has_168_parts(self):
        parts = Area.objects.filter(parent__code="79")
        kinds = dict(parts.values_list("kind").annotate(Count("pk")))
        self.assertEqual(kinds, {"ward": 113, "commune": 54, "special_zone": 1})

    def test_its_parts_come_from_three_old_provinces(self):
        old = dict(Area.objects.filter(parent__code="79").values_list("former_area").annotate(Count("pk")))
        self.assertEqual(old, {"tphcm_cu": 102, "binh_duong": 36, "ba_ria_vung_tau": 30})

    def test_29_old_provinces_and_a_renamed_one_lead_to_the_new(self):
        self.assertEqual(AreaAlias.objects.filter(kind="former_province").count(), 30)
        for old, new in (("Bình Dương", "79"), ("Hà Giang", "08"), ("Kiên Giang", "91")):
            self.assertEqual(AreaAlias.objects.get(kind="former_province", name=old).area.code, new)

    def test_every_ward_of_the_city_stands_under_an_old_district(self):
        without = Area.objects.filter(parent__code="79").annotate(
            districts=Count("aliases", filter=Q(aliases__kind="former_district"))
        )
        self.assertFalse(without.filter(districts=0).exists())
        names = set(AreaAlias.objects.filter(kind="former_district").values_list("name", flat=True))
        numbered = {f"Quận {number}" for number in range(1, 13)}
        self.assertLessEqual(
            numbered | {"Quận Bình Thạnh", "Thành phố Thủ Đức", "Huyện Cần Giờ", "Thành phố Vũng Tàu"}, names
        )

    def test_the_names_beside_the_ward_codes_are_those_of_the_wards(self):
        said = {
            code: name for row in _read("former_areas.json")["former_districts"] for code, name in row["wards"].items()
        }
        stored = dict(Area.objects.filter(code__in=said).values_list("code", "full_name"))
        self.assertEqual(said, stored)

    def test_the_department_has_nine_divisions_and_a_working_group(self):
        kinds = dict(Division.objects.values_list("kind").annotate(Count("pk")))
        self.assertEqual(kinds, {"division": 9, "branch": 2, "working_group": 1})
        self.assertEqual(Division.objects.get(code="TCT").name, "Tổ công tác đặc biệt")

    def test_a_second_run_changes_nothing(self):
        before = (list(Area.objects.values()), list(AreaAlias.objects.values()), list(Division.objects.values()))
        reference.load()
        after = (list(Area.objects.values()), list(AreaAlias.objects.values()), list(Division.objects.values()))
        self.assertEqual(before, after)

    def test_what_people_changed_about_a_division_stays(self):
        Division.objects.filter(code="VP").update(name="Văn phòng Sở Y tế")
        reference.load()
        self.assertEqual(Division.objects.get(code="VP").name, "Văn phòng Sở Y tế")

    def test_loading_costs_the_same_few_statements(self):
        with self.assertNumQueries(12):
            reference.load()


class DemoTest(TestCase):
    def test_the_invented_facilities_are_marked_and_loaded_once(self):
        reference.load()
        self.assertEqual(len(load_demo_facilities()), 64)
        self.assertEqual(load_demo_facilities(), [])
        self.assertEqual(Facility.objects.filter(is_demo=True, area__isnull=False).count(), 64)
        self.assertFalse(Facility.objects.real().exists())
