from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class ConsoleSiteConfig(AdminConfig):
    """django.contrib.admin with our site in place of the stock one."""

    default_site = "console.site.ConsoleSite"


class ConsoleConfig(AppConfig):
    name = "console"
    verbose_name = _("Console")
    default = True

    def ready(self) -> None:
        from console import records  # it needs models

        records.register()
