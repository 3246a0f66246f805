from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and rights")

    def ready(self) -> None:
        from accounts.signin.rotation import SECOND_FACTORS  # it needs models
        from common.rotation import ELSEWHERE

        ELSEWHERE.append(SECOND_FACTORS)
