from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and rights")

    def ready(self) -> None:
        from accounts.access import checks, condition  # noqa: F401 - the checks register themselves
        from accounts.access.elsewhere import DECLARED
        from accounts.signin.rotation import SECOND_FACTORS  # it needs models
        from audit import subjects
        from common.rotation import ELSEWHERE

        subjects.read_by(lambda person: condition(DECLARED["audit.Entry"], person))
        ELSEWHERE.append(SECOND_FACTORS)
        pre_migrate.connect(_set_policies_aside, sender=self, dispatch_uid="policies")
        post_migrate.connect(_install_policies, dispatch_uid="policies")


def _set_policies_aside(plan: Any = (), **_kwargs: Any) -> None:
    """Migrations change and read whole tables; without policies the application sees none of their rows meanwhile."""
    from accounts.access import policies

    if plan:
        policies.set_aside()


def _install_policies(sender: AppConfig, **_kwargs: Any) -> None:
    """After the last app's tables are there."""
    from accounts.access import policies

    if sender == [each for each in apps.get_app_configs() if each.models_module is not None][-1]:
        policies.install()
