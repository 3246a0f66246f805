"""Facilities, areas, channels, categories and deadlines: for whom, what, and in how many queries."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from deadlines.models import Deadline
from facilities.models import Area, AreaAlias, FacilityName, Hotline
from feedback.choices import Status
from feedback.models import Category, Channel
from tests.api import factories as make

V1 = "/api/v1/"
LISTS = ("facilities/", "areas/", "channels/", "categories/", "deadlines/")
PUBLIC = LISTS[:4]


class ListTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        cls.city = cls.area("79", "Thành phố Hồ Chí Minh", "province")
        cls.ward = cls.area("26734", "Phường Bến Thành", "ward", cls.city)
        alias = AreaAlias(area=cls.ward, name="Quận 1", kind="former_district")
        alias.fold_names()
        alias.save()
        cls.reader = make.system("kho-du-lieu", may_read=True)[1]
        cls.sender = make.system("cong-1022", may_send=True)[1]
        cls.case = make.case_in(Status.FORWARDED, cls.team)
        cls.other = make.case(facility="T02")
        cls.confidential = make.case(channel="HOTLINE_VBMT")

    @staticmethod
    def area(code: str, name: str, kind: str, parent: Area | None = None) -> Area:
        made = Area(code=code, name=name, full_name=name, kind=kind, parent=parent)
        made.fold_names()
        made.save()
        return made

    def told(self, path: str, caller: make.Caller | None = None) -> list[dict]:
        answer = (caller or self.reader).get(V1 + path)
        self.assertEqual(answer.status_code, 200, answer.content)
        return answer.json()["results"]

    def codes(self, path: str) -> list[str]:
        return [row["code"] for row in self.told(path)]

    def test_public_facts_are_for_every_system_and_the_staff(self) -> None:
        outsider = make.Caller(user=make.User.objects.create_user("ngoai", password=None))
        for path in PUBLIC:
            for caller in (self.reader, self.sender, make.Caller(user=self.team.stranger)):
                self.told(path, caller)
            self.assertEqual(make.Caller().get(V1 + path).status_code, 401)
            self.assertEqual(outsider.get(V1 + path).status_code, 403)

    def test_deadlines_are_for_who_may_see_them_and_their_case(self) -> None:
        mine = {(row["reference"], row["obligation"]) for row in self.told("deadlines/")}
        self.assertEqual(
            mine,
            {
                (self.case.reference, "answer"),
                (self.case.reference, "resolve"),
                (self.other.reference, "acknowledge"),
                (self.other.reference, "resolve"),
            },
        )
        self.assertTrue(
            any(
                row["reference"] == self.confidential.reference
                for row in self.told("deadlines/", make.Caller(user=self.team.lead))
            )
        )
        for caller in (self.sender, make.Caller(user=self.team.quality_officer), make.Caller(user=self.team.stranger)):
            self.assertEqual(caller.get(f"{V1}deadlines/").status_code, 403)
        self.assertEqual(self.told(f"deadlines/?reference={self.confidential.reference}"), [])

    def test_an_unknown_state_is_told_as_such_and_a_case_may_be_called_case(self) -> None:
        caller = make.Caller(user=self.team.lead)
        for query in ("state=nope", "state=nope&case=PA-1"):
            fields = caller.get(f"{V1}deadlines/?{query}").json()["fields"]
            self.assertNotIn("reference", str(fields), query)
        known = self.told("deadlines/")[0]["reference"]
        by_case, by_reference = (self.told(f"deadlines/?{word}={known}") for word in ("case", "reference"))
        self.assertEqual(by_case, by_reference)
        self.assertEqual({row["reference"] for row in by_case}, {known})

    def test_deadlines_are_filtered(self) -> None:
        Deadline.objects.filter(reference=self.other.reference, obligation="acknowledge").update(
            due_at=timezone.now() - timedelta(days=3)
        )
        late = self.told("deadlines/?late=true")
        self.assertEqual([(row["reference"], row["is_late"]) for row in late], [(self.other.reference, True)])
        of_case = self.told(f"deadlines/?reference={self.case.reference}")
        self.assertEqual({row["state"] for row in of_case}, {"running", "done"})
        done = self.told(f"deadlines/?reference={self.case.reference}&state=done")
        self.assertEqual([row["obligation"] for row in done], ["acknowledge"])
        self.assertEqual(len(self.told("deadlines/?obligation=answer")), 1)
        self.assertEqual(self.told(f"deadlines/?due_to={timezone.localdate() - timedelta(days=10)}"), [])
        refused = self.reader.get(f"{V1}deadlines/?state=done")
        self.assertEqual((refused.status_code, list(refused.json()["fields"])), (400, ["state"]))
        moments = [row["due_at"] for row in self.told("deadlines/")]
        self.assertEqual(moments, sorted(moments))

    def test_facilities_are_filtered_and_found_by_any_spelling(self) -> None:
        type(self.team.hospital).objects.filter(pk=self.team.hospital.pk).update(area=self.ward)
        type(self.team.other_hospital).objects.filter(pk=self.team.other_hospital.pk).update(
            status="ended", valid_to="2026-01-01"
        )
        self.assertEqual(self.codes("facilities/"), ["T01", "T02"])
        self.assertEqual(self.codes("facilities/?is_open=true"), ["T01"])
        self.assertEqual(self.codes("facilities/?status=ended&type=BVDK"), ["T02"])
        self.assertEqual(self.codes("facilities/?area=79"), ["T01"])
        self.assertEqual(self.codes("facilities/?area=26734"), ["T01"])
        self.assertEqual(self.codes(f"facilities/?changed_since={timezone.localdate()}"), ["T01", "T02"])
        self.assertEqual(self.codes("facilities/?changed_since=2099-01-01"), [])
        for path in ("facilities/?q=", "facilities/?q=x&cursor=y", "facilities/?area=x", "facilities/?code=T01"):
            self.assertEqual(self.reader.get(V1 + path).status_code, 400, path)

    def test_a_facility_tells_its_old_names(self) -> None:
        name = FacilityName(facility=self.team.hospital, name="Nhà thương Lam Kiều", kind="former")
        name.fold_names()
        name.save()
        told = self.reader.get(f"{V1}facilities/T01/").json()
        self.assertIn("Nhà thương Lam Kiều", [each["name"] for each in told["names"]])
        with self.assertNumQueries(3):
            self.assertEqual(self.codes("facilities/?q=nha thuong lam kieu"), ["T01"])

    def test_one_facility_in_full_with_an_etag(self) -> None:
        Hotline.objects.create(facility=self.team.hospital, number="0900000000", purpose="phản ánh")
        path = f"{V1}facilities/T01/"
        answer = self.reader.get(path)
        self.assertEqual(answer.json()["hotlines"], [{"number": "0900000000", "purpose": "phản ánh"}])
        self.assertEqual(self.reader.get(path, If_None_Match=answer["ETag"]).status_code, 304)
        self.assertEqual(self.reader.get(f"{V1}facilities/KHONG/").status_code, 404)

    def test_areas_are_found_by_what_people_call_them(self) -> None:
        self.assertEqual(self.codes("areas/?q=quan 1"), ["26734"])
        self.assertEqual(self.codes("areas/?q=ben thanh&kind=ward&parent=79"), ["26734"])
        self.assertEqual(self.told("areas/?kind=ward")[0]["aliases"], [{"name": "Quận 1", "kind": "former_district"}])

    def test_categories_are_a_tree(self) -> None:
        tree = self.told("categories/")
        self.assertEqual(len(tree), Category.objects.roots().count())
        self.assertEqual(sum(len(root["children"]) for root in tree), Category.objects.leaves().count())

    def test_channels_out_of_use_can_be_left_out(self) -> None:
        Channel.objects.filter(code="LETTER").update(valid_from="2020-01-01", valid_to="2021-01-01")
        self.assertIn("LETTER", self.codes("channels/"))
        self.assertNotIn("LETTER", self.codes("channels/?in_use=true"))
        self.assertEqual(self.codes("channels/?in_use=false"), ["LETTER"])

    def test_every_list_is_walked_by_key_in_two_queries_a_page(self) -> None:
        make.facility("T03", "Bệnh viện Đa khoa Lam Kiều")  # the same name: only the id tells them apart
        for path in LISTS:
            whole = self.told(path)
            met, address = [], f"{V1}{path}?page_size=1"
            while address:
                with self.assertNumQueries(2):
                    page = self.reader.get(address).json()
                met += page["results"]
                address = page["next"]
            self.assertEqual(met, whole, path)
            self.assertGreater(len(met), 1)
