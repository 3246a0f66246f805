"""A system that reads is answered past the framework: the same answers, refusals and headers as the framework gives."""

from django.utils import timezone

from tests.api import factories as make
from tests.api.test_cases import SomeCases

ADDRESSES = (
    *("/api/v1/", "/api/v1/cases/", "/api/v1/cases/?status=closed&page_size=2", "/api/v1/cases/?ordering=changed"),
    *("/api/v1/channels/", "/api/v1/categories/", "/api/v1/facilities/", "/api/v1/facilities/T02/", "/api/v1/areas/"),
    *("/api/v1/deadlines/", "/api/v1/schema/", "/api/v1/docs/", "/api/v1/nothing/", "/api/v1/intake/"),
    *("/api/v1/cases/?nothing=1", "/api/v1/cases/?status=x&status=y", "/api/v1/cases/?page_size=0"),
    *("/api/v1/cases/?cursor=x", "/api/v1/cases/PA-1999-000001/"),
)


class ShortWayTests(SomeCases):
    def test_both_ways_give_the_same(self) -> None:
        sender = make.system("chi-gui", may_send=True)[1]
        known = {case.reference: 200 for case in self.cases.values() if not case.is_confidential}
        with self.subTest("cases that are there"):
            for reference in known:
                self.assertEqual(self.reader.get(f"/api/v1/cases/{reference}/").status_code, 200)
        for caller in (self.reader, sender):
            for address in (*ADDRESSES, *(make.case_path(case) for case in self.cases.values())):
                with self.subTest(address, caller=caller.headers):
                    self.assertEqual(self._told(caller, address), self._told(self._long(caller), address))

    def test_what_is_known_already_is_not_told_again_on_either_way(self) -> None:
        path = make.case_path(self.cases["closed"])
        etag = self.reader.get(path)["ETag"]
        for caller in (self.reader, self._long(self.reader)):
            self.assertEqual(caller.get(path, If_None_Match=etag).status_code, 304)

    def test_a_token_that_was_withdrawn_is_refused_on_either_way(self) -> None:
        self.client_row.user.auth_token_set.update(expiry=timezone.now())
        for caller in (self.reader, self._long(self.reader)):
            answer = caller.get(make.LIST)
            self.assertEqual((answer.status_code, answer["Content-Type"]), (401, make.PROBLEM))

    def _long(self, caller: make.Caller) -> make.Caller:
        """The same system; only the plain spelling takes the short way."""
        return make.Caller(token=caller.headers["Authorization"].split()[1], word="token")

    def _told(self, caller: make.Caller, address: str) -> tuple[int, dict[str, str], bytes]:
        answer = caller.get(address)
        headers = {name: value for name, value in answer.headers.items() if "nonce" not in value}
        return answer.status_code, headers, answer.content if "nonce" not in str(answer.headers) else b""
