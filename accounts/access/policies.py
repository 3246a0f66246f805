"""The declarations as row-level security: what PostgreSQL itself shows of each table, whatever the query says.

A table with a policy shows a role that is bound by it only the rows of the scope that `common.scope` set in the
transaction; without a scope, none. `FORCE` binds the owner of the table too; only superusers pass. `migrate` installs
them, with the role of the application and its grants, whenever they changed (`accounts.apps`)."""

import hashlib
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from accounts.access import elsewhere
from accounts.access.asking import HOW_MUCH, WHETHER, condition_of
from accounts.access.relations import sees
from accounts.access.terms import Term
from common.scope import ROLE

POLICY = "access"
CRUD = "SELECT, INSERT, UPDATE, DELETE"
# Roles belong to the server, not to the database: another installation may be making the same one.
_MAKE_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        BEGIN
            CREATE ROLE {ROLE} NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN
        GRANT {ROLE} TO CURRENT_USER;
    END IF;
END $$;
"""
# A function with its owner's rights is for the application only.
_GRANT_FUNCTIONS = f"""
DO $$
DECLARE each regprocedure;
BEGIN
    FOR each IN SELECT oid::regprocedure FROM pg_proc
        WHERE prosecdef AND pronamespace = 'public'::regnamespace AND pg_has_role(proowner, 'USAGE')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', each);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {ROLE}', each);
    END LOOP;
END $$;
"""
# what stands already, and a digest of the tables for which it may: one that was made anew has another number
_STANDING = f"""
SELECT (SELECT obj_description(oid, 'pg_policy') FROM pg_policy
        WHERE polname = '{POLICY}' AND polrelid = to_regclass(%s)),
       (SELECT md5(string_agg(oid::text, ',' ORDER BY oid)) FROM pg_class
        WHERE relkind IN ('r', 'S') AND relnamespace = 'public'::regnamespace)
"""
_SET_ASIDE = f"""
DO $$
DECLARE
    each regclass;
    asked regprocedure;
BEGIN
    FOR each IN SELECT polrelid::regclass FROM pg_policy WHERE polname = '{POLICY}' LOOP
        EXECUTE format('DROP POLICY {POLICY} ON %s; ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', each, each);
    END LOOP;
    FOR asked IN SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname ~ '^({HOW_MUCH}|{WHETHER})_'
    LOOP
        EXECUTE format('DROP FUNCTION %s', asked);
    END LOOP;
END $$;
"""


def declared() -> dict[type[Model], Term]:
    """Every model that declares who sees its rows, with its declaration."""
    found: dict[type[Model], Any] = {model: getattr(model, "access", None) for model in apps.get_models()}
    own = {model: term for model, term in found.items() if isinstance(term, Term)}
    return own | {apps.get_model(label): term for label, term in elsewhere.DECLARED.items()}


def policy_of(model: type[Model], term: Term) -> str:
    """The statements that put a table under its policy; running them again changes nothing."""
    table = model._meta.db_table
    functions, rule = condition_of(model, term)
    return (
        f"{functions}"
        f" ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f" DROP POLICY IF EXISTS {POLICY} ON {table};"
        f" CREATE POLICY {POLICY} ON {table} USING ({rule}) WITH CHECK ({rule});"
    )


def _asking(model: type[Model]) -> str:
    """The function by which other policies ask this table's: in the caller's role, its plan kept by the session. It
    names the schema, so that no temporary table stands in front."""
    key = model._meta.pk.column
    return (
        f"CREATE OR REPLACE FUNCTION {sees(model)}(wanted bigint) RETURNS boolean"
        " LANGUAGE plpgsql STABLE PARALLEL SAFE AS"
        f' $$ BEGIN RETURN EXISTS (SELECT FROM public.{model._meta.db_table} WHERE "{key}" = wanted); END $$;'
    )


def grants() -> str:
    """The application's rights: every table's rows, but no table; less where a model says so in `application_may`."""
    less = {
        model._meta.db_table: model.application_may for model in apps.get_models() if hasattr(model, "application_may")
    }
    fewer = [
        f"REVOKE ALL ON {table} FROM {ROLE}; GRANT {rights} ON {table} TO {ROLE};" for table, rights in less.items()
    ]
    return "".join(
        [
            f"GRANT USAGE ON SCHEMA public TO {ROLE};",
            f"GRANT {CRUD} ON ALL TABLES IN SCHEMA public TO {ROLE};",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {ROLE};",
            f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {ROLE};",
            *fewer,
        ]
    )


def install() -> bool:
    """Make the application's role, its grants and the policies, unless they stand as they are written here or the
    tables are not yet as the models say; whether anything was done.

    To be called by the owner of the tables; one small query where nothing changed."""
    policies = "".join(policy_of(model, term) for model, term in declared().items())
    script = "".join(_asking(model) for model in declared()) + policies + grants()
    written = hashlib.sha256(f"{_MAKE_ROLE}{script}{_GRANT_FUNCTIONS}".encode()).hexdigest()
    first = min(model._meta.db_table for model in declared())  # its policy bears the mark of all
    with transaction.atomic(), _bare_cursor() as cursor:
        cursor.execute(_STANDING, [first])
        standing, tables = cursor.fetchone()
        mark = f"{written} {tables}"
        if standing == mark or _is_half_migrated():
            return False
        # what stood before goes first: a function's parameters are columns, of which there may be others now
        for statements in (_MAKE_ROLE, _SET_ASIDE, script, _GRANT_FUNCTIONS):
            cursor.execute(statements)
        cursor.execute(f"COMMENT ON POLICY {POLICY} ON {first} IS '{mark}'")
    return True


def _bare_cursor() -> Any:
    """The driver's own: others wrap Django's, and put in parameters of theirs, while tables are being emptied."""
    connection.ensure_connection()
    server: Any = connection.connection
    return server.cursor()


def _is_half_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def set_aside() -> None:
    """Take the policies off, for migrations: the owner sees every row, the application none, until `install`."""
    with _bare_cursor() as cursor:
        cursor.execute(_SET_ASIDE)
