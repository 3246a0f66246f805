"""A flood is grouped and never dropped; the confidential page and its exit."""

from django.test import override_settings

from feedback.models import Case
from feedback.public.flood import MOST_IN_GROUP
from feedback.public.views import HARD
from links.models import Link
from links.services import links_of
from tests.feedback import factories as make
from tests.public.pages import FOLLOW, SEND, PageTests, code_in, text_of

SECRET, EXIT = "/phan-anh/kin/", "/thoat/"


class WaveTests(PageTests):
    def sent(self, body: str, **more: str) -> Case:
        answer = self.client.post(SEND, {"key": self.key(), "body": body} | more)
        self.assertTrue(code_in(answer), answer.status_code)
        return Case.objects.latest("pk")

    def test_many_from_one_network_are_all_taken_and_linked_to_the_first_of_them(self) -> None:
        cases = [self.sent(f"Chuyện thứ {number} ở quầy thuốc, chờ lâu quá.") for number in range(24)]
        self.assertEqual(Case.objects.count(), 24)
        first = cases[20]
        self.assertEqual({link.source_id for link in links_of(first)}, {case.pk for case in cases[21:]})
        self.assertFalse(any(links_of(case) for case in cases[:20]))

    def test_the_same_words_from_anywhere_are_linked_to_the_first(self) -> None:
        first = self.sent("Bệnh viện thu thêm tiền giường, không có biên lai!")
        again = self.sent("BENH VIEN thu them tien giuong – khong co bien lai.")
        self.assertEqual([link.target_id for link in links_of(again)], [first.pk])
        self.assertIn("giống hệt", links_of(again)[0].reason)

    def test_short_thanks_and_other_words_are_no_wave(self) -> None:
        for body in ("Rất tốt, cảm ơn.", "Rất tốt, cảm ơn.", "Một câu chuyện khác hẳn về quầy thuốc ngoại trú."):
            self.sent(body)
        self.assertFalse(Link.objects.exists())

    def test_a_confidential_report_is_not_linked_by_its_network(self) -> None:
        for number in range(21):
            self.sent(f"Chuyện thứ {number} ở quầy thuốc, chờ lâu quá.")
        told = self.sent("Bị đòi tiền trước khi mổ, xin giữ kín tên.", is_confidential="on")
        self.assertFalse(links_of(told))

    def test_a_group_does_not_grow_without_end(self) -> None:
        body = "Bệnh viện thu thêm tiền giường, không có biên lai!"
        first = self.sent(body)
        for number in range(MOST_IN_GROUP + 2):
            self.client.post(SEND, {"key": self.key(), "body": body}, REMOTE_ADDR=f"192.0.2.{number}")
        self.assertEqual(Case.objects.count(), MOST_IN_GROUP + 3)
        self.assertLess(len(links_of(first)), MOST_IN_GROUP)

    @override_settings(
        CACHES={
            "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
        }
    )
    def test_without_the_cache_everything_is_taken(self) -> None:
        self.sent("Bệnh viện thu thêm tiền giường, không có biên lai!")
        self.sent("Bệnh viện thu thêm tiền giường, không có biên lai!")
        self.assertEqual(Case.objects.count(), 2)


class SecretTests(PageTests):
    def test_what_comes_from_the_confidential_page_is_confidential_whatever_was_ticked(self) -> None:
        page = self.client.get(SECRET)
        self.assertContains(page, "Wi-Fi")
        self.assertContains(page, "data-exit")
        self.assertNotContains(page, 'name="is_confidential"')
        answer = self.client.post(SECRET, {"key": self.key(), "body": make.BODY})
        self.assertTrue(Case.objects.get().is_confidential)
        self.assertContains(answer, "data-exit")
        self.assertContains(self.client.post(FOLLOW, {"code": code_in(answer)}), "data-exit")

    def test_the_exit_stands_on_every_answer_of_the_page_and_not_on_ordinary_ones(self) -> None:
        for fields in ({"body": ""}, {"key": "x"}, {"find": "1", "facility_said": "bv"}, {"language": "en"}):
            answer = self.client.post(SECRET, {"key": self.key(), "body": make.BODY} | fields)
            self.assertIn("data-exit", text_of(answer))
        for path in ("/", SEND, FOLLOW, "/cong-khai/"):
            self.assertNotIn("data-exit", text_of(self.client.get(path)))
        self.assertFalse(Case.objects.exists())

    def test_the_exit_leads_away_and_takes_our_cookie_along(self) -> None:
        self.client.post(SECRET, {"language": "en", "key": self.key()})
        answer = self.client.get(EXIT)
        self.assertEqual(answer.status_code, 302)
        self.assertTrue(answer["Location"].startswith("https://"))
        self.assertEqual((answer["Cache-Control"], answer["Referrer-Policy"]), ("no-store", "no-referrer"))
        self.assertEqual(answer.cookies["ngon_ngu"]["max-age"], 0)


class FloodTests(PageTests):
    def flood(self) -> None:
        key = self.key()
        for _number in range(20 * HARD):
            self.send(key, is_flood=True, body="")

    def test_too_much_from_one_address_waits_with_the_text_kept(self) -> None:
        self.flood()
        response = self.send(is_flood=True)
        self.assertContains(response, make.BODY, status_code=429)
        self.assertGreater(int(response["Retry-After"]), 0)
        self.assertFalse(Case.objects.exists())

    def test_another_address_is_not_held_up(self) -> None:
        self.flood()
        response = self.client.post(SEND, {"key": self.key(), "body": make.BODY}, REMOTE_ADDR="192.0.2.7")
        self.assertEqual(response.status_code, 200)

    def test_an_invented_forwarding_header_does_not_help(self) -> None:
        self.flood()
        forged = {"x-forwarded-for": "198.51.100.9"}
        response = self.client.post(SEND, {"key": self.key(), "body": make.BODY}, headers=forged)
        self.assertEqual(response.status_code, 429)

    def test_what_was_acknowledged_is_answered_during_a_flood(self) -> None:
        key = self.key()
        code = code_in(self.send(key))
        self.flood()
        self.assertEqual(code_in(self.send(key, is_flood=True)), code)

    @override_settings(
        CACHES={
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": "redis://127.0.0.1:1/0",
            }
        }
    )
    def test_without_the_cache_everybody_is_let_in(self) -> None:
        self.assertEqual(self.send(is_flood=True).status_code, 200)
