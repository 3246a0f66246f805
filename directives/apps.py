from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectivesConfig(AppConfig):
    name = "directives"
    verbose_name = _("Directives")

    def ready(self) -> None:
        from deadlines.registry import register
        from directives.subject import ASSIGNMENT, kept_from_assignments, shown_ends
        from links.registry import register as register_end
        from notifications import withholding

        withholding.register("directives.assignment", kept_from_assignments)
        register("directives.assignment", ASSIGNMENT)
        register_end("directives.assignment", shown_ends)
