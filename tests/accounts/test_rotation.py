"""Second factors under a new key."""

import io

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from accounts.models import User
from accounts.signin import codes

OLD, NEW = b"o" * 32, b"n" * 32
ONLY_OLD, BOTH, ONLY_NEW = {"old": OLD}, {"new": NEW, "old": OLD}, {"new": NEW}


class RotationTests(TestCase):
    def setUp(self) -> None:
        self.user, self.secret = User.objects.create_user("nguoi-dung", is_staff=True), codes.new_secret()
        with override_settings(FIELD_KEYS=ONLY_OLD):
            codes.set_up(self.user, self.secret, 7)
            self.spare = codes.recovery_codes(self.user)
            codes.take(self.user, self.spare[0])

    def rotate(self, *arguments: str) -> str:
        out = io.StringIO()
        call_command("rotate_keys", *arguments, stdout=out)
        return out.getvalue()

    def test_app_and_recovery_codes_work_without_the_old_key_and_stay_used_up(self) -> None:
        with override_settings(FIELD_KEYS=BOTH):
            self.assertIn("mfa.Authenticator: 2 under old (only opens)", self.rotate("--check"))
            self.assertIn("mfa.Authenticator: 2 under new (seals)", self.rotate())
        with override_settings(FIELD_KEYS=ONLY_NEW):
            app = Authenticator.objects.get(user=self.user, type=codes.TOTP)
            self.assertEqual((decrypt(app.data["secret"]), app.data["counter"]), (self.secret, 7))
            self.assertEqual(codes.recovery_codes(self.user), self.spare[1:])

    def test_a_second_run_changes_nothing(self) -> None:
        with override_settings(FIELD_KEYS=BOTH):
            self.rotate()
            before = list(Authenticator.objects.order_by("pk").values())
            self.rotate()
            self.assertEqual(list(Authenticator.objects.order_by("pk").values()), before)

    def test_what_does_not_open_is_counted_and_left(self) -> None:
        app = Authenticator.objects.get(user=self.user, type=codes.TOTP)
        app.data["secret"] = "rubbish"
        app.save()
        with override_settings(FIELD_KEYS=BOTH), self.assertRaisesMessage(CommandError, "1 rows do not open"):
            self.rotate()
        app.refresh_from_db()
        self.assertEqual(app.data["secret"], "rubbish")
        with override_settings(FIELD_KEYS=ONLY_NEW):
            self.assertEqual(codes.recovery_codes(self.user), self.spare[1:])
