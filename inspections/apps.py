from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = _("Inspections")

    def ready(self) -> None:
        from deadlines.registry import register
        from inspections.handing_over import register_work
        from inspections.models import CorrectiveAction, Inspection
        from inspections.subject import CORRECTION, LABEL, kept_from, shown_corrections, shown_ends
        from links.registry import register as register_end
        from notifications import withholding

        register(LABEL, CORRECTION)
        register_work()
        register_end("inspections.inspection", shown_ends)
        register_end(LABEL, shown_corrections)
        withholding.register("inspections.inspection", kept_from(Inspection))
        withholding.register(LABEL, kept_from(CorrectiveAction))
