from collections.abc import Callable, Iterable
from typing import Any

from django.apps import AppConfig, apps
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    name = "incidents"
    verbose_name = _("Medical incidents")

    def ready(self) -> None:
        from deadlines.registry import register
        from incidents.actions.subject import ACTION, kept_from_actions
        from incidents.alerts.subject import LABEL, RECEIPT, kept_from_receipts
        from incidents.returns.subject import RETURN
        from incidents.subject import INCIDENT, WEEK, kept_from_incidents
        from links.registry import register as register_end
        from notifications import withholding

        withholding.register("incidents.incident", kept_from_incidents)
        withholding.register("incidents.action", kept_from_actions)
        register("incidents.incident", INCIDENT)
        register("incidents.weeklysummary", WEEK)
        withholding.register(LABEL, kept_from_receipts)
        register(LABEL, RECEIPT)
        register("incidents.return", RETURN)
        register("incidents.action", ACTION)
        register_end("incidents.incident", _described("Incident", "incident"))
        register_end("incidents.action", _described("Action", "action"))


def _described(model: str, page: str) -> Callable[[Iterable[int], Any], dict[int, tuple[str, str]]]:
    """Reference and page of those records that the reader sees, for the other end of a link."""

    def describe(ids: Iterable[int], reader: Any) -> dict[int, tuple[str, str]]:
        rows: Any = apps.get_model("incidents", model)._default_manager.visible_to(reader).filter(pk__in=list(ids))  # type: ignore[attr-defined]
        address = f"admin:incidents_{page}_change"
        return {pk: (name, reverse(address, args=[pk])) for pk, name in rows.order_by().values_list("pk", "reference")}

    return describe
