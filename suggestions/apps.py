from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuggestionsConfig(AppConfig):
    name = "suggestions"
    verbose_name = _("Suggestions")

    def ready(self) -> None:
        from feedback import onlookers
        from suggestions import choices

        onlookers.RECORDED.append(choices.after_call)
        onlookers.FILED.append(choices.after_filing)
