"""A second step whose sealed secret does not open: said in words, nobody gets in by it, nothing is lost."""

import base64
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import override_settings

from accounts.signin import codes
from audit.models import Act, Entry
from audit.words import sentence
from tests.accounts.test_signin import CODE, SET_UP, SignInCase, code_now

KEYS, OTHER_KEYS = {"then": b"t" * 32}, {"now": b"n" * 32}
SAID = "Chưa kiểm tra được mã"


class UnopenedSecretTests(SignInCase):
    def setUp(self) -> None:
        super().setUp()
        with override_settings(FIELD_KEYS=KEYS):
            self.secret = self.with_app()
            self.spare = codes.recovery_codes(self.officer)[0]
        self.kept = self.stored()

    def stored(self) -> list[dict[str, Any]]:
        return list(Authenticator.objects.order_by("pk").values("pk", "type", "data"))

    def try_code(self, code: str) -> Any:
        self.give()
        with self.assertLogs("accounts.signin", "ERROR"):
            return self.client.post(CODE, {"code": code})

    def is_told(self, answer: Any) -> None:
        self.assertContains(answer, SAID)
        self.assertFalse(self.is_in())
        last = Entry.objects.order_by("-id")[0]
        self.assertEqual((last.act, last.about_id, last.by), (Act.SIGN_IN_FAILED, self.officer.pk, None))
        self.assertIn("không kiểm tra được", sentence(last, "x"))

    def test_without_the_key_the_page_says_so_and_with_it_the_same_code_opens(self) -> None:
        with override_settings(FIELD_KEYS=OTHER_KEYS):
            self.is_told(self.try_code(code_now(self.secret)))
        self.assertEqual(self.stored(), self.kept)
        with override_settings(FIELD_KEYS=KEYS):
            self.client.post(CODE, {"code": code_now(self.secret)})
        self.assertTrue(self.is_in())

    def test_without_the_key_no_recovery_code_is_used_up(self) -> None:
        with override_settings(FIELD_KEYS=OTHER_KEYS):
            self.is_told(self.try_code(self.spare))
        self.assertEqual(self.stored(), self.kept)

    @override_settings(FIELD_KEYS=KEYS)
    def test_a_secret_that_was_tampered_with_opens_nothing(self) -> None:
        app = Authenticator.objects.get(user=self.officer, type=codes.TOTP)
        sealed = bytearray(base64.b64decode(app.data["secret"]))
        sealed[-1] ^= 1
        for broken in (base64.b64encode(sealed).decode(), "rubbish", "không", ""):
            with self.subTest(broken=broken):
                Authenticator.objects.filter(pk=app.pk).update(data=app.data | {"secret": broken})
                self.is_told(self.try_code(code_now(self.secret)))
                self.client.logout()

    @override_settings(FIELD_KEYS=KEYS)
    def test_a_recovery_code_still_opens_beside_an_app_that_does_not(self) -> None:
        Authenticator.objects.filter(type=codes.TOTP).update(data={"secret": "rubbish", "counter": 0})
        self.try_code(self.spare)
        self.assertTrue(self.is_in())


class UnopenedSetUpTests(SignInCase):
    def test_a_change_of_keys_in_the_middle_begins_anew(self) -> None:
        with override_settings(FIELD_KEYS=KEYS):
            self.give()
            self.client.get(SET_UP)
        with override_settings(FIELD_KEYS=OTHER_KEYS):
            answer = self.client.post(SET_UP, {"code": "123456"})
            self.assertRedirects(answer, SET_UP, fetch_redirect_response=False)
            self.assertContains(self.client.get(SET_UP), 'id="set-up-form"')
        self.assertFalse(codes.has_second_factor(self.officer))
