"""Each check of an installation finds what it is for."""

from django.core.checks import run_checks
from django.test import TestCase, override_settings


def ids(**kwargs) -> set[str]:
    return {str(message.id) for message in run_checks(**kwargs)}


class CheckTests(TestCase):
    def test_pickle_is_refused(self) -> None:
        with override_settings(CELERY_ACCEPT_CONTENT=["json", "pickle"]):
            self.assertIn("langnghe.E001", ids())

    def test_attachments_inside_the_public_folder_are_refused(self) -> None:
        with override_settings(MEDIA_ROOT="/tmp/static/media", STATIC_ROOT="/tmp/static"):
            self.assertIn("langnghe.E003", ids())

    def test_a_missing_catalogue_is_noticed(self) -> None:
        with override_settings(LOCALE_PATHS=["/nowhere"]):
            self.assertIn("langnghe.E004", ids())

    def test_mail_to_the_log_is_noticed_in_production(self) -> None:
        with override_settings(IS_HTTPS=True, EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"):
            self.assertIn("langnghe.W001", ids())

    def test_dangerous_settings_are_refused_at_deployment(self) -> None:
        with override_settings(DEBUG=True, ALLOWED_HOSTS=["*"], IS_HTTPS=False):
            self.assertLessEqual(
                {"langnghe.E010", "langnghe.E011", "langnghe.E012"}, ids(include_deployment_checks=True)
            )

    def test_a_database_that_may_forget_is_refused(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        self.assertIn("langnghe.E021", ids(databases=["default"]))
