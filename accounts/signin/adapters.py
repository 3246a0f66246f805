"""What allauth asks us: who may sign in, in which steps, and how its secrets are kept."""

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.signin import throttling
from accounts.signin.middleware import ACTIVE_AT, PASSED_AT
from accounts.signin.sessions import BROWSER, browser_of, end
from audit.models import Act
from audit.services import record
from common.addresses import client_address
from common.sealing import Place, Tampered, keyring

# allauth does not tell whose secret it is, so what is sealed is bound to the column, not to the row
PLACE = Place("mfa_authenticator", "data", "")


def too_many(seconds: int) -> ValidationError:
    """One sentence for every wait, whoever asks for whatever account."""
    sentence = _("Too many attempts. Wait %(seconds)s seconds, then try again; until then nothing is checked.")
    return ValidationError(sentence, code="too_many", params={"seconds": seconds})


class AccountAdapter(DefaultAccountAdapter):
    """Nobody registers themselves; a password alone signs nobody in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage", "accounts.signin.stages.SetUpStage"]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person with this name and password, if they work in the console. Raises `ValidationError` on a wait."""
        account, address = throttling.of_account(credentials["username"]), throttling.of_address(request)
        seconds = throttling.ask(account, address)
        if seconds:
            raise too_many(seconds)
        user = super().authenticate(request, **credentials)
        if isinstance(user, User) and user.is_staff:
            throttling.forgive(*account)
            throttling.take_back(*address)
            return user
        named = User.objects.filter(username=credentials["username"]).first()
        record(Act.SIGN_IN_FAILED, by=None, about=named, reason="password")
        return None

    def login(self, request: HttpRequest, user: Any) -> None:
        if not any(each["method"] == "mfa" for each in get_authentication_records(request, user)):
            raise PermissionDenied  # no step may be left out, whichever way led here
        super().login(request, user)
        request.session[PASSED_AT] = request.session[ACTIVE_AT] = time.time()
        request.session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))
        record(Act.SIGN_IN, by=user, about=user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Keep the mail until the answer has gone out (`views.ForgottenPage`): whether one is sent must not show in how
        long a page takes."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        waiting = getattr(self.request, "waiting_mails", [])
        self.request.waiting_mails = [*waiting, message]

    def set_password(self, user: Any, password: str) -> None:
        """A new password after a reset: whoever was signed in with the old one is out. Written down."""
        super().set_password(user, password)
        end(user, by=user, reason="password_reset")


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of the second factor lie sealed in the database."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(keyring().seal(text.encode(), PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises `KeyUnknown`, `Tampered`."""
        try:
            sealed = base64.b64decode(encrypted_text)
        except ValueError:  # not even what it is written in
            raise Tampered from None
        return keyring().open(sealed, PLACE).decode()
