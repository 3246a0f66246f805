from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    name = "incidents"
    verbose_name = _("Medical incidents")

    def ready(self) -> None:
        from deadlines.registry import register
        from incidents.subject import INCIDENT, WEEK, kept_from_incidents
        from notifications import withholding

        withholding.register("incidents.incident", kept_from_incidents)
        register("incidents.incident", INCIDENT)
        register("incidents.weeklysummary", WEEK)
