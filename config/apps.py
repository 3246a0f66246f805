from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The installation itself: brings the checks of `config.checks`."""

    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401 - registers the checks
