"""The registry's pages: who gets in, what they cost, what they say."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.history import changes_of
from facilities.models import Area, Division, Facility, FacilityImport, FacilityName, Hotline, LicenceEvent
from facilities.services import end, load_demo_facilities, rename
from tests.facilities.factories import EVERYTHING, READING, engine, facility, person, ward
from tests.forms import form_in

MODELS = ["area", "division", "facility", "facilityname", "hotline", "licenceevent"]


def page(model, view="changelist", *arguments):
    return reverse(f"admin:facilities_{model}_{view}", args=arguments)


class PageTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.clerk = person("clerk", EVERYTHING)
        cls.reader = person("reader", READING)
        cls.stranger = person("stranger")
        cls.area = ward("26743", "Bến Thành", "Quận 1")
        load_demo_facilities()
        cls.station = Facility.objects.get(code="DEMO057")
        cls.division = Division(code="NVY", name="Phòng Nghiệp vụ Y")
        cls.division.fold_names()
        cls.division.save()
        cls.hotline = Hotline.objects.create(facility=cls.station, number="19009095")

    def one_of(self, model):
        return {
            "area": self.area,
            "division": self.division,
            "facility": self.station,
            "facilityname": FacilityName.objects.get(name="TYT Bến Trúc"),
            "hotline": self.hotline,
            "licenceevent": LicenceEvent.objects.first(),
        }[model]


class DoorTest(PageTest):
    def test_strangers_get_in_nowhere(self):
        self.client.force_login(self.stranger)
        for model in MODELS:
            pk = self.one_of(model).pk
            for address in (page(model), page(model, "add"), page(model, "change", pk)):
                with self.subTest(address=address):
                    self.assertEqual(self.client.get(address).status_code, 403)
            for number in (pk, 999_999):  # a history that is not theirs answers like one that is not there
                self.assertEqual(self.client.get(page(model, "history", number)).status_code, 404)

    def test_whoever_is_not_signed_in_is_sent_to_the_door(self):
        self.assertEqual(self.client.get(page("facility")).status_code, 302)

    def test_readers_open_every_page_but_change_nothing(self):
        self.client.force_login(self.reader)
        for model in MODELS:
            pk = self.one_of(model).pk
            for address in (page(model), page(model, "change", pk), page(model, "history", pk)):
                with self.subTest(address=address):
                    self.assertEqual(self.client.get(address).status_code, 200)
            self.assertEqual(self.client.get(page(model, "add")).status_code, 403)
            self.assertEqual(self.client.post(page(model, "change", pk), {}).status_code, 403)

    def test_readers_do_no_deeds(self):
        self.client.force_login(self.reader)
        for deed in ("rename_page", "management_page", "end_page", "reopen_page"):
            with self.subTest(deed=deed):
                address = reverse(f"admin:facilities_facility_{deed}", args=[self.station.pk])
                self.assertEqual(self.client.get(address).status_code, 403)
                self.assertEqual(self.client.post(address, {}).status_code, 403)

    def test_files_are_for_those_who_may_add_and_change(self):
        kept = FacilityImport.objects.create(file_name="x", content=b"", uploaded_by=self.clerk)
        addresses = [
            page("facilityimport"),
            page("facilityimport", "add"),
            page("facilityimport", "change", kept.pk),
            reverse("admin:facilities_import_template"),
            reverse("admin:facilities_import_outcome", args=[kept.pk]),
            reverse("admin:facilities_facility_import_page"),
        ]
        for user, status in ((self.reader, 403), (self.clerk, 200)):
            self.client.force_login(user)
            for address in addresses:
                with self.subTest(user=user, address=address):
                    self.assertEqual(self.client.get(address, follow=True).status_code, status)

    def test_nothing_is_deleted_from_any_page(self):
        self.client.force_login(self.clerk)
        for model in MODELS:
            with self.subTest(model=model):
                address = page(model, "delete", self.one_of(model).pk)
                self.assertEqual(self.client.post(address, {"post": "yes"}).status_code, 403)

    def test_clerks_open_every_page(self):
        self.client.force_login(self.clerk)
        for model in MODELS:
            for address in (page(model), page(model, "add"), page(model, "change", self.one_of(model).pk)):
                with self.subTest(address=address):
                    self.assertEqual(self.client.get(address).status_code, 200)
        for deed in ("rename_page", "management_page", "end_page", "reopen_page"):
            address = reverse(f"admin:facilities_facility_{deed}", args=[self.station.pk])
            self.assertEqual(self.client.get(address).status_code, 200)

    def test_a_facility_that_is_not_there_is_not_found(self):
        self.client.force_login(self.clerk)
        address = reverse("admin:facilities_facility_rename_page", args=[999_999])
        self.assertEqual(self.client.get(address).status_code, 404)


class CostTest(PageTest):
    """The same number of queries for two rows as for fifty."""

    def setUp(self):
        self.client.force_login(self.clerk)

    def queries(self, address):
        with CaptureQueriesContext(connection) as captured:
            self.assertEqual(self.client.get(address).status_code, 200)
        return len(captured)

    def test_lists_cost_the_same_whatever_their_length(self):
        for model in MODELS:
            with self.subTest(model=model):
                model_class = type(self.one_of(model))
                full = self.queries(page(model))
                few = self.queries(page(model) + f"?id__in={self.one_of(model).pk}")
                self.assertLessEqual(full - few, 1 if model_class is not Area else 2)
                self.assertLess(full, 14)

    def test_a_search_costs_no_query_a_row(self):
        few, many = self.queries(page("facility") + "?q=ben+truc"), self.queries(page("facility") + "?q=phong+kham")
        self.assertEqual(few, many)

    def test_history_costs_no_query_a_change(self):
        before = self.queries(page("facility", "history", self.station.pk))
        for number in range(1, 6):
            rename(self.station, f"Trạm Y tế Số {number}", on=date(2026, 1, number), by=engine())
        self.assertEqual(self.queries(page("facility", "history", self.station.pk)), before)


class SearchPageTest(PageTest):
    def test_the_list_finds_by_former_name_and_says_so(self):
        self.client.force_login(self.reader)
        answer = self.client.get(page("facility"), {"q": "trung tam y te khu vuc ben truc"})
        self.assertContains(answer, "Trạm Y tế Bến Trúc (Trung tâm Y tế khu vực Bến Trúc)")

    def test_pickers_tell_facilities_of_one_name_apart(self):
        facility("T1", "Nhà thuốc Sen Hồng", type="NT", area=self.area)
        facility("T2", "Nhà thuốc Sen Hồng", type="NT", area=ward("27004", "Tân Bình"))
        self.client.force_login(self.clerk)
        asked = {"app_label": "facilities", "model_name": "hotline", "field_name": "facility", "term": "nt sen hong"}
        answer = self.client.get(reverse("admin:autocomplete"), asked).json()
        self.assertEqual(
            {row["text"] for row in answer["results"][:2]},
            {"Nhà thuốc Sen Hồng – Phường Bến Thành", "Nhà thuốc Sen Hồng – Phường Tân Bình"},
        )

    def test_areas_are_found_by_old_district(self):
        self.client.force_login(self.reader)
        self.assertContains(self.client.get(page("area"), {"q": "quan 1"}), "Phường Bến Thành")

    def test_lists_of_parts_are_found_by_the_facility_and_by_number(self):
        self.client.force_login(self.reader)
        for asked in ("tyt ben truc", "9095"):
            self.assertContains(self.client.get(page("hotline"), {"q": asked}), "19009095")

    def test_no_search_breaks_a_page(self):
        self.client.force_login(self.reader)
        for model in MODELS:
            for text in ("'", "\\", "%", "ứ" * 500, "(", "a & b | !"):
                with self.subTest(model=model, text=text[:5]):
                    self.assertEqual(self.client.get(page(model), {"q": text}).status_code, 200)


class FormTest(PageTest):
    def setUp(self):
        self.client.force_login(self.clerk)

    def sent(self, **changes):
        """What the change form of the station sends, with changes."""
        form = self.client.get(page("facility", "change", self.station.pk)).context["adminform"].form
        values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
        for prefix in ("names", "hotlines", "licence_events", "managements"):
            values |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
        return {name: "" if value is None else value for name, value in (values | changes).items()}

    def test_saving_keeps_who_and_why_and_counts_the_version(self):
        answer = self.client.post(page("facility", "change", self.station.pk), self.sent(beds=12, reason="đếm lại"))
        self.assertEqual(answer.status_code, 302)
        stored = Facility.objects.get(pk=self.station.pk)
        self.assertEqual((stored.beds, stored.version), (12, 2))
        entry = stored.history.first()
        self.assertEqual((entry.history_user, entry.history_change_reason), (self.clerk, "đếm lại"))

    def test_whoever_comes_second_is_told_and_changes_nothing(self):
        late = self.sent(beds=99)
        self.client.post(page("facility", "change", self.station.pk), self.sent(beds=12))
        answer = self.client.post(page("facility", "change", self.station.pk), late)
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(Facility.objects.get(pk=self.station.pk).beds, 12)

    def test_a_new_name_in_the_table_is_found_at_once(self):
        new = {"names-TOTAL_FORMS": 1, "names-0-name": "Trạm xá Cầu Đá", "names-0-kind": "alias",
               "names-0-facility": self.station.pk}  # fmt: skip
        self.client.post(page("facility", "change", self.station.pk), self.sent(**new))
        self.assertEqual(Facility.objects.matching("tram xa cau da").first(), self.station)

    def test_a_hotline_is_typed_as_people_write_it(self):
        new = {"hotlines-TOTAL_FORMS": 1, "hotlines-0-number": " 028 3812.3456 ", "hotlines-0-is_active": "on"}
        self.client.post(page("facility", "change", self.station.pk), self.sent(**new))
        self.assertTrue(self.station.hotlines.filter(number="02838123456").exists())

    def test_a_new_name_of_a_ward_finds_its_facilities(self):
        facility("T1", "Nhà thuốc Sen Hồng", type="NT", area=self.area)
        address = page("area", "change", self.area.pk)
        form = form_in(self.client.get(address), "opened")
        number = form["aliases-TOTAL_FORMS"][0]
        form |= {"aliases-TOTAL_FORMS": int(number) + 1, f"aliases-{number}-name": "Khu Chợ Gạo",
                 f"aliases-{number}-kind": "other"}  # fmt: skip
        self.client.post(address, form)
        self.assertEqual(Facility.objects.matching("nha thuoc khu cho gao").first().code, "T1")

    def test_an_official_name_cannot_be_made_in_the_table(self):
        new = {"names-TOTAL_FORMS": 1, "names-0-name": "Lạ", "names-0-kind": "official"}
        answer = self.client.post(page("facility", "change", self.station.pk), self.sent(**new))
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(FacilityName.objects.filter(name="Lạ").exists())

    def test_a_suspension_in_the_table_suspends_the_facility(self):
        new = {"licence_events-TOTAL_FORMS": 1, "licence_events-0-act": "suspended",
               "licence_events-0-reason": "vi phạm", "licence_events-0-happened_on": "01/10/2026"}  # fmt: skip
        self.client.post(page("facility", "change", self.station.pk), self.sent(**new))
        self.assertEqual(Facility.objects.get(pk=self.station.pk).status, "suspended")

    def test_a_suspension_without_reason_is_told_in_the_form(self):
        new = {"licence_events-TOTAL_FORMS": 1, "licence_events-0-act": "suspended",
               "licence_events-0-happened_on": "01/10/2026"}  # fmt: skip
        answer = self.client.post(page("facility", "change", self.station.pk), self.sent(**new))
        self.assertEqual(answer.status_code, 200)

    def test_a_new_facility_is_registered_with_its_name(self):
        sent = self.sent(code="N1", name="Nhà thuốc Đào Tiên Mới", type="NT", ownership="private",
                         managing_body="PRIVATE", supervisor="DOH")  # fmt: skip
        answer = self.client.post(page("facility", "add"), sent)
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(Facility.objects.get(code="N1").names.get().kind, "official")

    def test_deeds_answer_with_a_sentence_when_refused(self):
        address = reverse("admin:facilities_facility_rename_page", args=[self.station.pk])
        sent = {"name": self.station.name, "on": "01/10/2026", "reason": "QĐ", "version": 1}
        self.assertEqual(self.client.post(address, sent).status_code, 200)

    def test_a_deed_on_a_facility_that_changed_meanwhile_is_decided_again(self):
        address = reverse("admin:facilities_facility_rename_page", args=[self.station.pk])
        mine = form_in(self.client.get(address), "version") | {"name": "Trạm Y tế Cầu Đá", "reason": "QĐ 8"}
        rename(self.station, "Trạm Y tế Bến Trúc Mới", on=date(2026, 10, 1), by=self.clerk, reason="QĐ 5", version=1)
        answer = self.client.post(address, mine)
        self.assertContains(answer, "QĐ 5", status_code=409)
        self.assertEqual(Facility.objects.get(pk=self.station.pk).name, "Trạm Y tế Bến Trúc Mới")
        again = form_in(answer, "version")
        self.assertEqual((again["name"], again["reason"], again["version"]), (["Trạm Y tế Cầu Đá"], ["QĐ 8"], ["2"]))
        self.assertEqual(self.client.post(address, again).status_code, 302)
        self.assertEqual(Facility.objects.get(pk=self.station.pk).name, "Trạm Y tế Cầu Đá")

    def test_deeds_are_done_from_their_pages(self):
        at = page("facility", "change", self.station.pk)
        rename_page = reverse("admin:facilities_facility_rename_page", args=[self.station.pk])
        sent = {"name": "Trạm Y tế Bến Trúc Mới", "on": "01/10/2026", "reason": "QĐ 5", "version": 1}
        self.assertRedirects(self.client.post(rename_page, sent), at)
        end_page = reverse("admin:facilities_facility_end_page", args=[self.station.pk])
        self.assertRedirects(self.client.post(end_page, {"on": "02/10/2026", "reason": "QĐ 6", "version": 2}), at)
        self.assertContains(self.client.get(at), "02/10/2026")
        reopen_page = reverse("admin:facilities_facility_reopen_page", args=[self.station.pk])
        self.assertRedirects(self.client.post(reopen_page, {"reason": "nhầm", "version": 3}), at)
        self.assertEqual(Facility.objects.get(pk=self.station.pk).status, "active")


class ImportPageTest(PageTest):
    def setUp(self):
        self.client.force_login(self.clerk)

    def upload(self, content, name="x.csv"):
        return self.client.post(page("facilityimport", "add"), {"file": SimpleUploadedFile(name, content)})

    def test_from_upload_to_stored(self):
        answer = self.upload("Mã cơ sở;Tên cơ sở;Loại hình\nN1;Nhà thuốc Một;NT\nN2;;NT\n".encode())
        kept = FacilityImport.objects.get()
        at = page("facilityimport", "change", kept.pk)
        self.assertRedirects(answer, at)
        self.client.post(at, {})
        self.assertFalse(Facility.objects.filter(code="N1").exists())
        self.client.post(at, {"leave_out": "1"})
        self.assertTrue(Facility.objects.filter(code="N1").exists())
        for shown in ("", "created", "refused", "nonsense"):
            self.assertEqual(self.client.get(at, {"xem": shown}).status_code, 200)

    def test_bad_files_come_back_with_a_sentence(self):
        for content in (b"\x89PNG\x00", b"PK\x03\x04broken", b"a;b\nc\x00;d", b"x" * (6 * 1024 * 1024)):
            with self.subTest(content=content[:6]):
                answer = self.upload(content)
                self.assertEqual(answer.status_code, 200)
                self.assertTrue(answer.context["form"].errors)
        self.assertFalse(FacilityImport.objects.exists())


class HistoryTest(PageTest):
    def test_it_tells_who_when_what_and_why(self):
        rename(self.station, "Trạm Y tế Bến Trúc Mới", on=date(2026, 10, 1), by=self.clerk, reason="QĐ 5")
        self.client.force_login(self.reader)
        answer = self.client.get(page("facility", "history", self.station.pk))
        for told in ("clerk", "QĐ 5", "Trạm Y tế Bến Trúc Mới", "01/10/2026"):
            self.assertContains(answer, told)

    def test_it_is_read_only(self):
        self.client.force_login(self.clerk)
        answer = self.client.get(page("facility", "history", self.station.pk))
        self.assertNotContains(answer, '<form method="post" id="facility_form"')

    def test_links_are_told_by_name(self):
        heir = facility("H1", "Trạm Y tế Kế Tục")
        end(self.station, on=date(2026, 10, 1), by=self.clerk, reason="QĐ", successor=heir)
        (change, *_others) = [c for c in changes_of(self.station) if c.kind == "~"]
        self.assertIn("Trạm Y tế Kế Tục", [field.new for field in change.fields])
