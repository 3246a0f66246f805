"""The pages about what was raised in public, by every kind of reader."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback.choices import Status
from feedback.models import Appearance, Case, PressEvent, PromptReport
from feedback.transitions import move
from tests.feedback import factories as make
from tests.feedback.press.test_reporting import LINK, SAID, PressTestCase, raised
from tests.public.pages import findable

LIST, RECORD, OWN = (reverse(f"admin:feedback_case_{name}") for name in ("press", "press_record", "press_own"))
KEY = "0123456789abcdef" * 2


def under(case: Case, page: str) -> str:
    return reverse(f"admin:feedback_case_{page}", args=[case.pk])


def typed(**changes: Any) -> dict[str, Any]:
    at = timezone.localtime()
    given = {
        "kind": "press",
        "link": LINK,
        "outlet": "Báo Mẫu",
        "title": "Chờ ba giờ lấy toa",
        "published_at": f"{at - timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "seen_at": f"{at - timedelta(hours=1):%d/%m/%Y %H:%M}",
        "body": "Người dân phản ánh chờ lâu.",
        "facility": "T01",
        "key": KEY,
    }
    return given | changes


REPORT = {"happened": SAID.happened, "doing": SAID.doing, "statement": SAID.statement}


class PagesTestCase(PressTestCase):
    def get(self, user: Any, where: str) -> Any:
        self.client.force_login(user)
        return self.client.get(where)

    def post(self, user: Any, where: str, body: dict[str, Any]) -> Any:
        self.client.force_login(user)
        return self.client.post(where, body)


class RecordPageTests(PagesTestCase):
    def test_each_gets_their_own_form_and_no_other(self) -> None:
        for name in ("operator", "officer", "lead"):
            user = getattr(self.team, name)
            self.assertEqual((self.get(user, RECORD).status_code, self.get(user, OWN).status_code), (200, 403), name)
        for name in ("quality_officer", "stranger"):
            user = getattr(self.team, name)
            self.assertEqual((self.get(user, RECORD).status_code, self.get(user, OWN).status_code), (403, 200), name)
        for name in ("auditor", "director", "division_officer"):
            user = getattr(self.team, name)
            self.assertEqual((self.get(user, RECORD).status_code, self.get(user, OWN).status_code), (403, 403), name)
            self.assertEqual(self.post(user, RECORD, typed()).status_code, 403)

    def test_an_officer_records_and_forwards_in_one_form(self) -> None:
        answer = self.post(self.team.officer, RECORD, typed(is_forwarded="on"))
        case = Case.objects.get()
        self.assertRedirects(answer, under(case, "change"))
        self.assertEqual((case.status, len(self.clocks(case))), (Status.FORWARDED, 1))
        self.assertEqual(Appearance.objects.get().seen_at.second, 0)

    def test_an_operator_records_without_forwarding(self) -> None:
        self.assertNotContains(self.get(self.team.operator, RECORD), 'name="is_forwarded"')
        self.post(self.team.operator, RECORD, typed(is_forwarded="on"))
        self.assertEqual(Case.objects.get().status, Status.RECEIVED)

    def test_a_known_link_is_shown_with_its_case_and_can_be_added_to_it(self) -> None:
        case = self.record()
        again = typed(link=f"{LINK}?utm_source=zalo#x", outlet="Trang Mẫu", kind="social")
        answer = self.post(self.team.lead, RECORD, again)
        self.assertContains(answer, case.reference, status_code=409)
        self.assertContains(answer, f'name="attach" value="{case.pk}"', status_code=409)
        self.assertContains(answer, "Người dân phản ánh chờ lâu.", status_code=409)  # what was typed is kept
        self.assertEqual(Case.objects.count(), 1)
        self.assertRedirects(
            self.post(self.team.lead, RECORD, again | {"attach": str(case.pk), "link": f"{LINK}?trang=2"}),
            under(case, "change"),
        )
        self.assertEqual((Case.objects.count(), Appearance.objects.filter(case=case).count()), (1, 2))
        self.assertEqual(self.post(self.team.lead, RECORD, again | {"separate": "on"}).status_code, 302)
        self.assertEqual(Case.objects.count(), 2)
        page = self.get(self.team.officer, under(case, "change"))
        self.assertContains(page, "data-twins")

    def test_a_case_that_one_does_not_see_is_not_shown_and_takes_nothing(self) -> None:
        case = self.record(self.team.officer)
        answer = self.post(self.team.operator, RECORD, typed())
        self.assertEqual(answer.status_code, 302)
        body = typed(key=KEY[::-1], link="", attach=str(case.pk))
        self.post(self.team.operator, RECORD, body)
        self.assertEqual(Appearance.objects.filter(case=case).count(), 1)

    def test_bad_input_comes_back_in_words_with_what_was_typed(self) -> None:
        ahead = f"{timezone.localtime() + timedelta(hours=2):%Y-%m-%dT%H:%M}"
        for changes in (
            {"link": "javascript:alert(1)"}, {"link": "https://x@y.example.vn/"}, {"link": "", "outlet": ""},
            {"published_at": ahead}, {"published_at": "hôm qua"}, {"published_at": "0001-01-01T00:00"},
            {"published_at": "9999-12-31T23:59"}, {"body": ""}, {"body": "a\x00b"}, {"title": "x" * 300},
            {"kind": "rumour"}, {"category": "KHONG.CO"}, {"urgency": "S9"}, {"facility": "KHONG-CO"},
            {"facility": "a\x00"}, {"link": "https://baomau.example.vn/" + "a" * 3000},
        ):  # fmt: skip
            with self.subTest(changes=changes):
                answer = self.post(self.team.officer, RECORD, typed(**changes))
                self.assertContains(answer, 'role="alert"', status_code=422)
                if "title" not in changes:
                    self.assertContains(answer, "Chờ ba giờ lấy toa", status_code=422)
        self.assertFalse(Case.objects.exists())

    def test_without_scripts_the_facility_is_found_by_a_button(self) -> None:
        findable(self.team.hospital)
        answer = self.post(self.team.officer, RECORD, typed(find="1", facility="", facility_said="bv lam kieu"))
        self.assertContains(answer, 'type="radio" name="facility" value="T01">')

    def test_a_facility_reports_its_own_at_once(self) -> None:
        answer = self.post(self.team.quality_officer, OWN, typed(**REPORT))
        case = Case.objects.get()
        self.assertRedirects(answer, under(case, "change"))
        self.assertEqual((case.is_released, PromptReport.objects.get().facility), (True, self.team.hospital))
        self.assertEqual([clock.on_time for clock in self.clocks(case)], [True])
        page = self.get(self.team.quality_officer, under(case, "change"))
        self.assertContains(page, SAID.happened)
        self.assertEqual(self.get(self.team.stranger, under(case, "change")).status_code, 404)

    def test_a_facility_reports_of_no_other_and_says_everything(self) -> None:
        self.assertEqual(self.post(self.team.quality_officer, OWN, typed(**REPORT, facility="T02")).status_code, 422)
        self.assertEqual(self.post(self.team.quality_officer, OWN, typed()).status_code, 422)
        self.assertFalse(Case.objects.exists())


class ReportPageTests(PagesTestCase):
    def test_the_facility_sends_its_report_once_and_adds_to_it(self) -> None:
        case = self.forwarded()
        where = under(case, "prompt_report")
        self.assertContains(self.get(self.team.quality_officer, under(case, "change")), where)
        self.assertContains(self.get(self.team.quality_officer, where), 'name="after" value="0"')
        self.assertEqual(self.post(self.team.quality_officer, where, REPORT | {"after": "0"}).status_code, 302)
        stale = self.post(self.team.quality_officer, where, REPORT | {"after": "0", "happened": "Bản khác"})
        self.assertContains(stale, "Bản khác", status_code=412)
        self.assertContains(stale, 'name="after" value="1"', status_code=412)
        self.assertEqual(PromptReport.objects.count(), 1)

    def test_others_have_no_such_page(self) -> None:
        case = self.forwarded()
        for name, status in (("stranger", 404), ("operator", 404), ("officer", 403), ("auditor", 403), ("lead", 403)):
            user = getattr(self.team, name)
            self.assertEqual(self.get(user, under(case, "prompt_report")).status_code, status, name)
            self.assertEqual(self.post(user, under(case, "prompt_report"), REPORT | {"after": "0"}).status_code, status)
        self.assertEqual(self.get(self.team.quality_officer, under(make_other(self), "prompt_report")).status_code, 403)

    def test_bad_reports_come_back(self) -> None:
        where = under(self.forwarded(), "prompt_report")
        for changes in ({"happened": ""}, {"doing": "a\x00"}, {"after": "x"}, {"after": "-1"}, {"after": "9" * 30},
                        {"statement": "x" * 6000}):  # fmt: skip
            with self.subTest(changes=changes):
                answer = self.post(self.team.quality_officer, where, REPORT | {"after": "0"} | changes)
                self.assertEqual(answer.status_code, 422)
        self.assertFalse(PromptReport.objects.exists())

    def test_a_facility_reads_nothing_of_what_another_reported(self) -> None:
        case = self.forwarded()
        self.report(case)
        officer = self.team.officer
        case = move(Case.objects.get(pk=case.pk), Status.TRIAGED, by=make.fresh(officer), reason="nhầm", version=2)
        move(case, Status.FORWARDED, by=make.fresh(officer), reason="đúng cơ sở", version=3, given={"facility": "T02"})
        page = self.get(self.team.stranger, under(case, "change"))
        self.assertNotContains(page, SAID.happened)
        self.assertContains(page, LINK)
        self.assertContains(self.get(officer, under(case, "change")), SAID.happened)

    def test_one_more_appearance(self) -> None:
        case = self.forwarded()
        where = under(case, "appearance")
        more = typed(link="https://trang.example.vn/bai/7", kind="social")
        for user, status in ((self.team.stranger, 404), (self.team.auditor, 403), (self.team.officer, 302),
                             (self.team.quality_officer, 302)):  # fmt: skip
            self.assertEqual(self.post(user, where, more).status_code, status)
        self.assertEqual(Appearance.objects.filter(case=case).count(), 2)
        self.assertContains(self.post(self.team.officer, where, typed(link="data:x")), "ln-error", status_code=422)
        page = self.get(self.team.quality_officer, under(case, "change"))
        self.assertContains(page, 'rel="noopener noreferrer nofollow"', count=2)
        self.assertNotContains(page, 'href="javascript')

    def test_a_text_that_looks_like_markup_stays_text(self) -> None:
        case = self.forwarded(raise_=raised(outlet="<b>Báo</b>", title='"><script>alert(1)</script>', link=""))
        page = self.get(self.team.officer, under(case, "change"))
        self.assertNotContains(page, "<script>alert(1)")
        self.assertContains(page, "&lt;b&gt;Báo&lt;/b&gt;")


def make_other(tests: PressTestCase) -> Case:
    """A case of the same facility that nobody raised in public."""
    return make.case_in(Status.FORWARDED, tests.team)


class ListPageTests(PagesTestCase):
    def test_each_sees_the_events_of_their_cases(self) -> None:
        case, own = self.forwarded(), self.record(self.team.operator, key="o", raise_=raised(link=""), facility="")
        for name, shown in (
            ("officer", {case, own}), ("lead", {case, own}), ("auditor", {case, own}), ("quality_officer", {case}),
            ("stranger", set()), ("operator", {own}), ("division_officer", set()),
        ):  # fmt: skip
            answer = self.get(getattr(self.team, name), LIST)
            for one in (case, own):
                self.assertEqual(one.reference in answer.content.decode(), one in shown, name)
        self.assertEqual(self.get(self.team.director, LIST).status_code, 200)

    def test_filters_and_odd_words_in_the_address(self) -> None:
        case = self.forwarded()
        for words, is_shown in (
            ("?state=waiting", True), ("?state=late", False), ("?state=reported", False), ("?kind=press", True),
            ("?kind=social", False), (f"?facility={self.team.hospital.pk}", True),
            (f"?facility={self.team.other_hospital.pk}", False), ("?state=x&kind=y&facility=z", True),
            ("?after=x&before=9-9", True), ("?after=1.1", False),
        ):  # fmt: skip
            with self.subTest(words):
                answer = self.get(self.team.officer, LIST + words)
                self.assertEqual(case.reference in answer.content.decode(), is_shown)

    def test_an_empty_list_says_what_to_do(self) -> None:
        self.assertContains(self.get(self.team.officer, LIST), "data-empty")
        self.assertContains(self.get(self.team.officer, LIST), RECORD)
        self.assertContains(self.get(self.team.quality_officer, LIST), OWN)
        self.assertNotContains(self.get(self.team.auditor, LIST), RECORD)

    def test_the_number_of_queries_does_not_grow(self) -> None:
        def asked(user: Any, words: str = "") -> int:
            self.client.force_login(user)
            with CaptureQueriesContext(connection) as found:
                self.assertEqual(self.client.get(LIST + words).status_code, 200)
            return len(found)

        users = (self.team.officer, self.team.quality_officer)
        self.forwarded(key="0", raise_=raised(link=""))
        few = {(user.pk, words): asked(user, words) for user in users for words in ("", "?state=waiting")}
        for nth in range(6):
            case = self.forwarded(key=f"n{nth}", raise_=raised(link=""))
            if nth % 2:
                self.report(case)
        for user in users:
            for words in ("", "?state=waiting"):
                self.assertEqual(asked(user, words), few[user.pk, words], (user.username, words))

    def test_pages_by_key(self) -> None:
        from feedback.press import views

        for nth in range(5):
            self.record(key=f"n{nth}", raise_=raised(link=""))
        size, views.PER_PAGE = views.PER_PAGE, 2
        self.addCleanup(setattr, views, "PER_PAGE", size)
        seen, where = [], LIST
        while where:
            answer = self.get(self.team.officer, where)
            seen += [row.case.pk for row in answer.context_data["rows"]]
            where = answer.context_data["older"]
        self.assertEqual(seen, list(PressEvent.objects.order_by("-at", "-id").values_list("case", flat=True)))
        self.assertEqual(len(seen), 5)

    def test_what_waits_is_counted_at_home_for_the_lead_and_the_facility(self) -> None:
        self.forwarded()
        for user, count in ((self.team.lead, 1), (self.team.quality_officer, 1), (self.team.stranger, 0)):
            tiles = {tile.name: tile.count for tile in self.get(user, reverse("admin:index")).context_data["tiles"]}
            self.assertEqual(tiles.get("press", 0), count, user.username)

    def test_the_call_form_leaves_this_channel_to_its_own_form(self) -> None:
        page = self.get(self.team.operator, reverse("admin:feedback_case_record"))
        self.assertNotContains(page, 'value="PRESS"')
        self.assertContains(self.get(self.team.operator, reverse("admin:index")), LIST)
