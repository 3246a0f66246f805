"""The declarations as row-level security: what PostgreSQL itself shows of each table, whatever the query says.

A table with a policy shows a role that is bound by it only the rows of the scope that `accounts.access.scope` set in
the transaction; without a scope, none. `FORCE` binds the owner of the table too; only superusers pass."""

from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from accounts.access.terms import Row, Term

POLICY = "access"
# What the scope of the transaction says. `NULLIF`: a setting that was set once is an empty text afterwards, not unset.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION access_has(wanted text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(wanted = ANY (nullif(current_setting('langnghe.rights', true), '')::text[]), false)
$$;
CREATE OR REPLACE FUNCTION access_list(units text) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('langnghe.' || units, true), '')::bigint[]
$$;
CREATE OR REPLACE FUNCTION access_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('langnghe.person', true), '')::bigint
$$;
CREATE OR REPLACE FUNCTION access_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('langnghe.system', true) = 'on', false)
$$;
"""


def declared() -> dict[type[Model], Term]:
    """Every model that declares who sees its rows, with its declaration."""
    found: dict[type[Model], Any] = {model: getattr(model, "access", None) for model in apps.get_models()}
    return {model: term for model, term in found.items() if isinstance(term, Term)}


def policy_of(model: type[Model], term: Term) -> str:
    """The statements that put a table under its policy; running them again changes nothing."""
    table = model._meta.db_table
    rule = f"(SELECT access_system()) OR {term.sql(Row(model, table))}"
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f" DROP POLICY IF EXISTS {POLICY} ON {table};"
        f" CREATE POLICY {POLICY} ON {table} USING ({rule}) WITH CHECK ({rule});"
    )


def install() -> None:
    """Put every declared table under its policy, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        for model, term in declared().items():
            cursor.execute(policy_of(model, term))
