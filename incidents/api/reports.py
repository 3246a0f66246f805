"""Reporting by the API: what another system says becomes an incident of its facility, once."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.api.permissions import is_known
from common.api.inputs import key_from, read
from common.api.views import json_response
from common.exceptions import InvalidInput
from common.text import has_unstorable
from facilities.models import Facility
from incidents.api.serializers import ReportInput
from incidents.models import Incident, Named
from incidents.reporting import REPORT, Incoming, Received, report

_PEOPLE = {"patient": Named.Who.PATIENT, "reporter": Named.Who.REPORTER}


class MayReport(BasePermission):
    """Systems that may send and were given the right to report incidents. People have the console and the page."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if not is_known(user) or user.client is None:
            return False
        return bool(user.client.may_send and user.has_perm(REPORT))


def taken_in(request: Request) -> HttpResponse:
    """Take a report in: 201 the first time, 200 with the same answer at each retry."""
    key, given = key_from(request), read(ReportInput, request)
    try:
        received = report(_incoming(request.user, key, given), by=request.user)
    except InvalidInput as refusal:
        raise InvalidInput({_as_sent(name): words for name, words in refusal.fields.items()}) from None
    return _answer(request, received)


def _incoming(user: Any, key: str, given: dict[str, Any]) -> Incoming:
    facility = _facility_of(user, given.pop("facility", ""))
    people = {str(_PEOPLE[who]): _given(given.pop(who)) for who in _PEOPLE if who in given}
    excluded, is_to_be_sent = given.pop("excluded", ""), given.pop("send", False)
    source = f"api-client-{user.client.id}"
    return Incoming(source, key, facility, given, people, excluded, is_to_be_sent)


def _given(person: Mapping[str, Any]) -> dict[str, str]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else str(value) for name, value in person.items()}


def _facility_of(user: Any, code: str) -> Facility:
    """The facility that is named, or the only one that the system is limited to. Raises `InvalidInput`."""
    rows = Facility.objects.open_on(timezone.localdate())
    if not code and len(user.client_facilities) == 1:
        found = rows.filter(pk__in=user.client_facilities).first()
    elif not code:
        raise InvalidInput({"facility": [_("Say at which facility it happened, by its code.")]})
    else:
        found = None if has_unstorable(code) else rows.filter(code=code).first()
    if found is None:
        raise InvalidInput({"facility": [_("Not found, or no longer in use.")]})
    return found


def _as_sent(name: str) -> str:
    """The field as the API calls it: people's fields stand inside their own objects."""
    for who in _PEOPLE:
        if name.startswith(f"{who}_") and name not in ("reporter_role", "reporter_other"):
            return f"{who}.{name.removeprefix(f'{who}_')}"
    return name


def _answer(request: Request, received: Received) -> HttpResponse:
    answer, headers = dict(received.report.answer), {}
    incident = received.report.incident
    if _may_read(request.user, incident):
        address = request.build_absolute_uri(reverse("api:incident", args=[incident.reference]))
        answer["links"], headers = {"incident": address}, {"Location": address}
    body = json.dumps(answer, ensure_ascii=False, sort_keys=True).encode()  # a stored one has lost its order
    if received.is_new:
        return json_response(body, 201, **headers)
    return json_response(body, **{"Idempotent-Replayed": "true"})


def _may_read(user: Any, incident: Incident) -> bool:
    """Would the incident's address answer this system? One query, for systems that may read at all."""
    if not (user.client.may_read and user.has_perm("feedback.read_api") and user.has_perm("incidents.view_incident")):
        return False
    return bool(Incident.objects.visible_to(user).filter(pk=incident.pk).exists())
