"""Each check of an installation finds what it is for."""

import pickle

from django.core.cache import cache
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

    def test_each_dangerous_setting_of_production_is_refused(self) -> None:
        good = {
            "IS_HTTPS": True,
            "DEBUG": False,
            "DEMO": False,
            "ALLOWED_HOSTS": ["lang-nghe.example.invalid"],
            "SECRET_KEY": "9bYx3Qm7Lw2Zr8Tn5Vc1Kp6Hd4Gf0JsWq5Ea2",
            "SESSION_COOKIE_SECURE": True,
            "CSRF_COOKIE_SECURE": True,
        }
        ours = {f"langnghe.E0{number}" for number in range(10, 18)}
        with override_settings(**good):
            self.assertFalse(ours & ids())
        for setting, value, expected in (
            ("DEBUG", True, "langnghe.E010"),
            ("ALLOWED_HOSTS", ["*"], "langnghe.E011"),
            ("DEMO", True, "langnghe.E013"),
            ("SESSION_COOKIE_SECURE", False, "langnghe.E014"),
            ("CSRF_COOKIE_SECURE", False, "langnghe.E014"),
            ("SESSION_COOKIE_HTTPONLY", False, "langnghe.E014"),
            ("SESSION_COOKIE_SAMESITE", "None", "langnghe.E014"),
            ("FIELD_KEYS", {}, "langnghe.E015"),
            ("SECRET_KEY", "x" * 60, "langnghe.E016"),
            ("GATEWAYS", {"sms": {"url": "http://gateway.example.invalid/", "secrets": []}}, "langnghe.E017"),
        ):
            with self.subTest(setting=setting):
                with override_settings(**{**good, setting: value}):
                    self.assertEqual(ours & ids(), {expected})
                with override_settings(**{**good, setting: value, "IS_HTTPS": False}):
                    self.assertFalse(ours & ids(), "at a desk all of it is comfortable")
                    deployed = ids(include_deployment_checks=True)
                    self.assertEqual(ours & deployed, {expected, "langnghe.E012"})

    def test_pickles_are_refused_wherever_they_could_be_read(self) -> None:
        redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1"}
        for setting, value, expected in (
            ("CELERY_TASK_SERIALIZER", "pickle", "langnghe.E001"),
            ("CELERY_RESULT_SERIALIZER", "pickle", "langnghe.E001"),
            ("SESSION_SERIALIZER", "shop.sessions.PickleSerializer", "langnghe.E005"),
            ("CACHES", {"default": redis}, "langnghe.E006"),
            ("CACHES", {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}, "langnghe.E006"),
        ):
            with self.subTest(setting=setting), override_settings(**{setting: value}):
                self.assertIn(expected, ids())

    def test_the_cache_itself_refuses_a_pickle(self) -> None:
        cache.set("tests.json", {"a": [1, "hai"]}, 10)
        self.assertEqual(cache.get("tests.json"), {"a": [1, "hai"]})
        cache.set("tests.count", 1, 10)
        self.assertEqual(cache.incr("tests.count"), 2)
        raw = cache._cache.get_client()
        raw.set(cache.make_key("tests.pickle"), pickle.dumps({"a": 1}), 10)
        with self.assertRaises(ValueError):
            cache.get("tests.pickle")

    def test_a_database_that_may_forget_is_refused(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        self.assertIn("langnghe.E021", ids(databases=["default"]))
