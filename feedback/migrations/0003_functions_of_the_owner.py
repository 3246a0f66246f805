"""What the application may ask for but not read itself: functions with their owner's rights. They look for tables in
temporary schemas last, so that nobody can put a table of theirs in the place of ours."""

from django.db import migrations

# The words are read by two functions alone: they answer with ids, and with yes or no.
# Newest first, in steps: the two newest chunks of 2^14 numbers, the two newest eras of 2^17 where they may be enough,
# then everything. A step reads the words' index only: the fence keeps PostgreSQL from walking the table by number in
# the hope of early matches.
_NEWEST = """
CREATE OR REPLACE FUNCTION feedback_search_newest(wanted tsquery, most integer) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET max_parallel_workers_per_gather = 0
AS $$
DECLARE
    newest bigint;
    step text;
    found bigint[];
BEGIN
    SELECT max(case_id) INTO newest FROM feedback_searchentry;
    FOREACH step IN ARRAY ARRAY[
        format('''c:%s'' | ''c:%s''', newest >> 14, (newest >> 14) - 1),
        format('''e:%s'' | ''e:%s''', newest >> 17, (newest >> 17) - 1),
        ''
    ] LOOP
        -- two eras hold some ten times what two chunks hold
        CONTINUE WHEN step LIKE '''e:%' AND coalesce(cardinality(found), 0) * 16 < most;
        SELECT array_agg(case_id) INTO found FROM (
            SELECT case_id FROM (
                SELECT case_id FROM feedback_searchentry
                WHERE words @@ CASE WHEN step = '' THEN wanted ELSE wanted && step::tsquery END
                OFFSET 0
            ) AS matched ORDER BY case_id DESC LIMIT most
        ) AS newest_first;
        EXIT WHEN cardinality(found) >= most;
    END LOOP;
    RETURN coalesce(found, '{}');
END
$$
"""
_HOLDS = """
CREATE OR REPLACE FUNCTION feedback_case_holds(wanted_case bigint, wanted tsquery) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1000
SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT coalesce((SELECT words @@ wanted FROM feedback_searchentry WHERE case_id = wanted_case), false) $$
"""
# What a consumer of changes must know of others' transactions. Others' moments are hidden from a role that is not
# theirs, unless it has the rights of pg_read_all_stats; an answer that overlooked a writer would lose changes, so there
# is none.
_OLDEST_WRITER = """
CREATE OR REPLACE FUNCTION feedback_oldest_writer() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    oldest timestamptz;
    is_hidden boolean;
BEGIN
    SELECT min(xact_start), bool_or(query = '<insufficient privilege>') INTO oldest, is_hidden
    FROM pg_stat_activity
    WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (backend_xid IS NOT NULL OR query = '<insufficient privilege>') AND pid <> pg_backend_pid();
    IF is_hidden THEN
        RAISE insufficient_privilege
            USING MESSAGE = format('%s may not see the transactions of others', current_user),
                  HINT = format('GRANT pg_read_all_stats TO %I', current_user);
    END IF;
    RETURN least(clock_timestamp(), oldest);
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_case_reference")]

    operations = [
        migrations.RunSQL(_NEWEST, "DROP FUNCTION feedback_search_newest(tsquery, integer)"),
        migrations.RunSQL(_HOLDS, "DROP FUNCTION feedback_case_holds(bigint, tsquery)"),
        migrations.RunSQL(_OLDEST_WRITER, "DROP FUNCTION feedback_oldest_writer()"),
    ]
