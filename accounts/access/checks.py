"""System checks of who sees what: no table of facilities' rows without a policy, and a role that owns nothing.

`manage.py check` runs E030; `manage.py check --deploy --database default` adds E031 and E032."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.models import ForeignKey, Model

from accounts.access.elsewhere import OPEN
from accounts.access.policies import POLICY, declared
from common.scope import ROLE


@register(Tags.security)
def facilities_rows_are_guarded(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A model that names a facility declares who sees its rows, or stands among those that everybody may see."""
    guarded = declared()
    return [
        Error(
            f"{model._meta.label} names a facility and does not declare who sees its rows.",
            hint="Give it `access` (accounts.access), or a reason in accounts.access.elsewhere.OPEN.",
            obj=model,
            id="langnghe.E030",
        )
        for model in apps.get_models(include_auto_created=True)
        if _names_a_facility(model) and model not in guarded and not _is_open(model)
    ]


def _names_a_facility(model: type[Model]) -> bool:
    links = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    return any(field.related_model._meta.label == "facilities.Facility" for field in links)


def _is_open(model: type[Model]) -> bool:
    return model._meta.app_label in OPEN or model._meta.label in OPEN


@register(Tags.database, deploy=True)
def application_owns_nothing(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Policies bind neither a superuser nor, without `FORCE`, an owner; a role that owns a table can take them off."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR EXISTS ("
                "SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p', 'v', 'm'))"
                " FROM pg_roles WHERE rolname = %s",
                [ROLE],
            )
            row = cursor.fetchone()
            if row is None or row[0]:
                sentence = f"The database role {ROLE} is missing, owns tables or stands above policies."
                found.append(Error(sentence, hint="deploy/README.md, The database's roles.", id="langnghe.E031"))
            cursor.execute(
                "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid"
                " WHERE polname = %s AND relrowsecurity AND relforcerowsecurity",
                [POLICY],
            )
            guarded = {name for (name,) in cursor.fetchall()}
        found += [
            Error(
                f"The table of {model._meta.label} has no policy in force.",
                hint="manage.py migrate installs them.",
                obj=model,
                id="langnghe.E032",
            )
            for model in declared()
            if model._meta.db_table not in guarded
        ]
    return found
