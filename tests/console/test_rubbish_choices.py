"""Every page of the console that names records, sent what names none: the form again, nothing chosen, never a fault."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.http import HttpResponse
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiClient, Membership, User
from facilities.models import Hotline, LicenceEvent
from feedback.choices import Status
from tests.facilities import factories as registry
from tests.feedback import factories as make

RUBBISH = ["abc", "1\x00", "\x00", "²", "1.5", "-1", "2147483648", "9223372036854775808", "9" * 40, "9" * 5000]
TURN = 4  # of these are sent to each field of the long walks, the next field gets the next ones: each draws a page
# fields of records that the walk must meet, so that it cannot pass by walking past them
KNOWN = {
    "area": {"parent"},
    "licenceevent": {"facility"},
    "hotline": {"facility"},
    "facilityname": {"facility"},
    "facility": {"area", "parent", "names-0-id"},
    "user": {"memberships-0-division", "memberships-0-facility"},
    "group": {"permissions"},
    "deadlinerule": {"ladder"},
    "ladder": {"steps-0-id"},
    "category": {"parent"},
}


class RubbishTests(TestCase):
    next_up: ClassVar = cycle(RUBBISH)

    def some(self) -> list[str]:
        return list(islice(self.next_up, TURN))

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()
        cls.team = make.Team()
        ward = registry.ward("1", "Bến Hoa")
        cls.clinic = registry.facility("T03", "Phòng khám Đa khoa Hoa Mai", "Hoa Mai", area=ward)
        Hotline.objects.create(facility=cls.clinic, number="02838000000")
        today = timezone.localdate()
        LicenceEvent.objects.create(facility=cls.clinic, act="granted", number="123/GP", happened_on=today)
        ApiClient.objects.create(user=User.objects.create_user("cong-x"), name="Cổng X")
        cls.person = User.objects.create_superuser("quan-tri", password=None, is_staff=True)
        Membership.objects.create(user=cls.person, division=cls.team.division)

    def setUp(self) -> None:
        self.client.force_login(self.person)

    def test_no_form_of_any_page_fails_over_a_choice(self) -> None:
        met: dict[str, set[str]] = {}
        for page in admin.site._registry.values():
            for address in addresses(page):
                shown = self.client.get(address)
                if shown.status_code == 200 and "adminform" in (shown.context_data or {}):
                    for field in fields_of_records(shown):
                        met.setdefault(page.opts.model_name, set()).add(field)
                        self.refuses(address, sent_by(shown), field)
        self.assertEqual({model: met.get(model, set()) & fields for model, fields in KNOWN.items()}, KNOWN)

    def refuses(self, address: str, data: dict[str, list[str]], field: str) -> None:
        """The page comes back with a sentence beside the field (a part's own key has no place for one)."""
        for rubbish in self.some():
            with self.subTest(address=address, field=field, rubbish=rubbish[:20]):
                answer = self.client.post(address, data | {field: [rubbish]})
                self.assertIn(answer.status_code, (200, 302, 403, 409))
                if answer.status_code == 200 and "-" not in field:
                    form = answer.context_data["adminform"].form
                    self.assertTrue(form.errors[field])
                    self.assertNotIn(" selected", str(form[field]).replace('<option value="" selected', ""))

    def test_what_the_address_fills_in_is_nothing_either(self) -> None:
        for page in admin.site._registry.values():
            address = address_of(page, "add")
            shown = self.client.get(address) if address else None
            if shown is None or shown.status_code != 200 or "adminform" not in (shown.context_data or {}):
                continue
            for field in fields_of_records(shown):
                for rubbish in self.some():
                    if "\x00" not in rubbish:  # refused before any page is reached
                        with self.subTest(address=address, field=field, rubbish=rubbish[:20]):
                            self.assertEqual(self.client.get(address, {field: rubbish}).status_code, 200)

    def test_the_pages_of_deeds(self) -> None:
        for deed, field in (("doi-quan-ly", "parent"), ("ket-thuc", "successor")):
            for address in deeds_of(self.clinic.pk, field):
                shown = self.client.get(address)
                data = {name: [str(bound.value() or "")] for name, bound in bound_fields(shown.context_data["form"])}
                for rubbish in RUBBISH:
                    with self.subTest(deed=deed, rubbish=rubbish[:20]):
                        answer = self.client.post(address, data | {field: [rubbish], "reason": ["thử"]})
                        self.assertEqual(answer.status_code, 200)
                        self.assertTrue(answer.context_data["form"].errors[field])

    def test_the_steps_and_corrections_of_a_case(self) -> None:
        case = make.case(facility="T01")
        for name, args, field in (
            ("step", [case.pk, Status.FORWARDED], "facility"),
            ("step", [case.pk, Status.ASSIGNED], "division"),
            ("correction", [case.pk], "facility"),
            ("correction", [case.pk], "area"),
            ("correction", [case.pk], "category"),
        ):
            for rubbish in RUBBISH:
                with self.subTest(name=name, field=field, rubbish=rubbish[:20]):
                    data = {"version": case.version, "reason": "thử", field: rubbish}
                    answer = self.client.post(reverse(f"admin:feedback_case_{name}", args=args), data)
                    self.assertContains(answer, f'id="id_{field}', status_code=answer.status_code)
                    self.assertIn(answer.status_code, (200, 409, 422))

    def test_lists_filtered_by_what_is_no_record(self) -> None:
        for page in admin.site._registry.values():
            for name in ("area__id__exact", "facility__id__exact", "parent__id__exact", "groups__id__exact"):
                for rubbish in self.some():
                    if "\x00" in rubbish:
                        continue
                    with self.subTest(page=page.opts.label, name=name, rubbish=rubbish[:20]):
                        answer = self.client.get(address_of(page, "changelist"), {name: rubbish})
                        self.assertIn(answer.status_code, (200, 302, 400))


def address_of(page: ModelAdmin, name: str, *args: Any) -> str:
    """The address of a page; empty where a model has no such page (cases have none to add)."""
    names = {pattern.name for pattern in page.get_urls()}
    name = f"{page.opts.app_label}_{page.opts.model_name}_{name}"
    return reverse(f"admin:{name}", args=args) if name in names else ""


def deeds_of(facility_id: int, field: str) -> list[str]:
    name = {"parent": "management_page", "successor": "end_page"}[field]
    return [reverse(f"admin:facilities_facility_{name}", args=[facility_id])]


def addresses(page: ModelAdmin) -> Iterator[str]:
    """The form to add a row, and the form to change one."""
    if address := address_of(page, "add"):
        yield address
    if row := page.model._default_manager.first():
        yield address_of(page, "change", row.pk)


def forms_of(shown: HttpResponse) -> Iterator[Any]:
    yield shown.context_data["adminform"].form
    for part in shown.context_data["inline_admin_formsets"]:
        yield from part.formset.forms or [part.formset.empty_form]


def bound_fields(form: Any) -> Iterator[tuple[str, Any]]:
    return ((bound.html_name.replace("__prefix__", "0"), bound) for bound in form)


def fields_of_records(shown: HttpResponse) -> list[str]:
    """The fields of a page that name records, by the names that they are sent under."""
    pairs = (pair for form in forms_of(shown) for pair in bound_fields(form))
    return [name for name, bound in pairs if isinstance(bound.field, forms.ModelChoiceField)]


def sent_by(shown: HttpResponse) -> dict[str, list[str]]:
    """What the page would send as it stands, with one row more in each part that has none."""
    data: dict[str, list[str]] = {}
    for form in forms_of(shown):
        for name, bound in bound_fields(form):
            values = bound.value() if isinstance(bound.value(), list) else [bound.value()]
            data[name] = [str(one) for one in values if one not in (None, False)]
    for part in shown.context_data["inline_admin_formsets"]:
        for name, bound in bound_fields(part.formset.management_form):
            data[name] = [str(bound.value() or 0)]
        data[f"{part.formset.prefix}-TOTAL_FORMS"] = [str(len(part.formset.forms) or 1)]
    return data
