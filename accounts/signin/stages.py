"""The last step of signing in, for who has no second factor yet."""

from typing import Any

from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response

from accounts.signin.codes import has_second_factor


class SetUpStage(LoginStage):
    """Set a second factor up. Until then nobody is signed in, so there is nothing else to reach."""

    key = "second_factor_set_up"
    urlname = "second_factor_set_up"

    def handle(self) -> tuple[Any, bool]:
        if has_second_factor(self.login.user):
            return None, True
        return headed_redirect_response(self.urlname), True
