from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from deadlines.choices import Obligation
from deadlines.moments import due_in_words
from notifications.templates import name_values, say_values


class DeadlinesConfig(AppConfig):
    name = "deadlines"
    verbose_name = _("Deadlines")

    def ready(self) -> None:
        from deadlines.handing_over import register_work

        register_work()
        name_values("obligation", dict(Obligation.choices))
        say_values("due_at", lambda value: due_in_words(datetime.fromisoformat(value)))
