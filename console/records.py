"""How the log calls the records that it is about, and which record an address asks for."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audit import subjects
from audit.subjects import Asked, Subject
from common.text import number_in
from facilities.models import Facility
from feedback.models import Case
from incidents.models import Incident
from inspections.models import Inspection

CASE, FACILITY, PERSON = "feedback.case", "facilities.facility", "accounts.user"
INCIDENT = "incidents.incident"
INSPECTION = "inspections.inspection"
NUMBERS = (
    "case_id", "incident_id", "directive_id", "assignment_id", "inspection_id", "correction_id", "plan_id", "object_id",
    "pk",
)  # fmt: skip
API = {
    "case": CASE,
    "case-moves": CASE,
    "case-notes": CASE,
    "facility": FACILITY,
}
LONGEST = 20  # digits and letters of a reference or a code


def register() -> None:
    """Tell the log. Called when the app is ready."""
    subjects.SUBJECTS[CASE] = Subject(_cases, _page("feedback_case"), _find_case)
    subjects.SUBJECTS[INCIDENT] = Subject(_incidents, _page("incidents_incident"), _find_incident)
    subjects.SUBJECTS[INSPECTION] = Subject(_inspections, _page("inspections_inspection"), _find_inspection)
    subjects.SUBJECTS[FACILITY] = Subject(_facilities, _page("facilities_facility"), _find_facility)
    subjects.SUBJECTS[PERSON] = Subject(_people, _page("accounts_user"), _find_person)
    subjects.read_addresses_with(asked_by)


def asked_by(match: ResolverMatch) -> Asked:
    """The record that an address of the console or of the API asks for."""
    name, given = match.url_name or "", match.kwargs
    if match.app_name == "api":
        words = str(given.get("reference") or given.get("code") or "")[:LONGEST]
        return Asked(API.get(name, ""), words=words)
    label = next((label for start, label in _starts() if name.startswith(start)), "")
    if "reference" in given:
        return Asked(label, words=str(given["reference"])[:LONGEST])
    number = next((str(given[each]) for each in NUMBERS if each in given), "")
    return Asked(label, number_in(number))


@cache
def _starts() -> list[tuple[str, str]]:
    """How the names of addresses begin, the longest first, and the kind of record below them."""
    metas = [model._meta for model in admin.site._registry]
    return sorted(((f"{meta.app_label}_{meta.model_name}_", meta.label_lower) for meta in metas), reverse=True)


def _page(name: str) -> Any:
    return lambda number: reverse(f"admin:{name}_change", args=[number])


def _cases(numbers: Iterable[int]) -> Mapping[int, str]:
    found = Case.objects.filter(pk__in=numbers).values_list("pk", "reference")
    return {pk: _("case %(reference)s") % {"reference": reference} for pk, reference in found}


def _incidents(numbers: Iterable[int]) -> Mapping[int, str]:
    found = Incident.objects.filter(pk__in=numbers).values_list("pk", "reference")
    return {pk: _("incident %(reference)s") % {"reference": reference} for pk, reference in found}


def _inspections(numbers: Iterable[int]) -> Mapping[int, str]:
    found = Inspection.objects.filter(pk__in=numbers).values_list("pk", "reference")
    return {pk: _("inspection %(reference)s") % {"reference": reference} for pk, reference in found}


def _facilities(numbers: Iterable[int]) -> Mapping[int, str]:
    found = Facility.objects.filter(pk__in=numbers).values_list("pk", "name")
    return {pk: _("facility %(name)s") % {"name": name} for pk, name in found}


def _people(numbers: Iterable[int]) -> Mapping[int, str]:
    return {user.pk: _("account %(name)s") % {"name": user.username} for user in User.objects.filter(pk__in=numbers)}


def _find_case(words: str) -> int | None:
    return Case.objects.filter(reference=words.strip().upper()).values_list("pk", flat=True).first()


def _find_incident(words: str) -> int | None:
    return Incident.objects.filter(reference=words.strip().upper()).values_list("pk", flat=True).first()


def _find_inspection(words: str) -> int | None:
    return Inspection.objects.filter(reference=words.strip().upper()).values_list("pk", flat=True).first()


def _find_facility(words: str) -> int | None:
    return Facility.objects.filter(code=words.strip()).values_list("pk", flat=True).first()


def _find_person(words: str) -> int | None:
    named = Q(username=words.strip()) | Q(display_name__iexact=words.strip())
    return User.objects.filter(named).values_list("pk", flat=True).first()
