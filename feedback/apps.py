from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Feedback")

    def ready(self) -> None:
        from deadlines.registry import register
        from feedback.handing_over import register_work
        from feedback.recusals import kept_from_cases
        from feedback.subject import CASE, shown_ends
        from links.registry import register as register_end
        from notifications import withholding

        register_work()
        withholding.register("feedback.case", kept_from_cases)
        register("feedback.case", CASE)
        register_end("feedback.case", shown_ends)
