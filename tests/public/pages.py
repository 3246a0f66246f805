"""What the tests of the citizen's pages share: a browser without scripts, and the form as that browser sends it."""

import re
from html import unescape
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.test import TestCase, override_settings

from facilities.choices import NameKind
from facilities.models import Facility, FacilityName
from facilities.services.wording import refresh_words
from tests.feedback import factories as make

SEND, FOLLOW, RESULTS = "/phan-anh/", "/tra-cuu/", "/cong-khai/"
OWN_CACHE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "public-tests"}}


@override_settings(CACHES=OWN_CACHE)
class PageTests(TestCase):
    """Tests that read pages as text."""

    @classmethod
    def setUpTestData(cls) -> None:
        make.seed()

    def setUp(self) -> None:
        cache.clear()

    def key(self) -> str:
        return hidden(self.client.get(SEND), "key")

    def send(self, key: str = "", *, is_flood: bool = False, **changes: Any) -> HttpResponse:
        if not is_flood:
            cache.clear()  # a test sends more in a second than a person in a minute
        return self.client.post(SEND, {"key": key or self.key(), "body": make.BODY} | changes)

    def code_of_a_case(self, **changes: Any) -> str:
        return code_in(self.send(**changes))

    def follow(self, code: str, **more: Any) -> HttpResponse:
        return self.client.post(FOLLOW, {"code": code} | more)


def findable(facility: Facility) -> Facility:
    """Give a facility the rows by which the registry finds it."""
    name = FacilityName(facility=facility, name=facility.name, kind=NameKind.OFFICIAL)
    name.fold_names()
    name.save()
    refresh_words([facility.pk])
    return facility


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def hidden(response: HttpResponse, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', text_of(response))
    assert found, f"no hidden field {name}"
    return unescape(found[1])


def code_in(response: HttpResponse) -> str:
    """The receipt that a page shows; empty when it shows none."""
    found = re.search(r'data-code="([^"]+)"', text_of(response))
    return unescape(found[1]) if found else ""
