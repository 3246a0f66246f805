"""The words are read by two functions alone, with their owner's rights: they answer with ids, and with yes or no."""

from django.db import migrations

# Newest first, in steps: the two newest chunks of 2^14 numbers, the two newest eras of 2^17 where they may be enough,
# then everything. A step reads the words' index only: the fence keeps PostgreSQL from walking the table by number in
# the hope of early matches.
_NEWEST = """
CREATE FUNCTION feedback_search_newest(wanted tsquery, most integer) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, public SET enable_seqscan = off SET max_parallel_workers_per_gather = 0
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
CREATE FUNCTION feedback_case_holds(wanted_case bigint, wanted tsquery) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1000
SET search_path = pg_catalog, public
AS $$ SELECT coalesce((SELECT words @@ wanted FROM feedback_searchentry WHERE case_id = wanted_case), false) $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0008_case_recusals"),
    ]

    operations = [
        migrations.RunSQL(_NEWEST, "DROP FUNCTION feedback_search_newest(tsquery, integer)"),
        migrations.RunSQL(_HOLDS, "DROP FUNCTION feedback_case_holds(bigint, tsquery)"),
    ]
