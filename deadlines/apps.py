from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from deadlines.choices import Obligation
from notifications.templates import name_values


class DeadlinesConfig(AppConfig):
    name = "deadlines"
    verbose_name = _("Deadlines")

    def ready(self) -> None:
        name_values("obligation", dict(Obligation.choices))
