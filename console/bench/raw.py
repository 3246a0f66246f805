"""Raw SQL behind the thinnest web view: the physical limit that the real endpoints are measured against.

No rights, no validation, no framework: a connection per thread, prepared statements, JSON as PostgreSQL builds it.
Same rows, same columns as the real answers."""

import json
from collections.abc import Callable, Iterable
from threading import local
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import psycopg
from django.db import connection as django_connection

PREFIX = "/bench/raw/"
_here = local()
FILTERS = ("status", "urgency", "channel", "facility")
# codes are looked up beforehand: filtering by a joined table's code makes PostgreSQL plan for all of that table
_COLUMNS = {"status": "c.status", "urgency": "c.urgency", "channel": "c.channel_id", "facility": "c.facility_id"}

_ROW = """
    'reference', c.reference, 'version', c.version, 'status', c.status, 'is_open', c.is_open, 'kind', c.kind,
    'channel', ch.code, 'category', k.code, 'urgency', c.urgency, 'title', c.title, 'occurred_on', c.occurred_on,
    'facility', f.code, 'facility_name', f.name, 'area', a.code, 'outcome', c.outcome, 'satisfaction', c.satisfaction,
    'received_at', c.received_at, 'due_at', c.due_at, 'published_at', c.published_at, 'ended_at', c.ended_at,
    'updated_at', c.updated_at, 'is_late', coalesce(c.is_open AND c.due_at <= now(), false), 'complexity', c.complexity,
    'is_confidential', c.is_confidential, 'division', d.code, 'escalation_level', c.escalation_level,
    'merged_into', (SELECT m.reference FROM feedback_case m WHERE m.id = c.merged_into_id)
"""
_JOINS = """
    JOIN feedback_channel ch ON ch.id = c.channel_id LEFT JOIN feedback_category k ON k.id = c.category_id
    LEFT JOIN facilities_facility f ON f.id = c.facility_id LEFT JOIN facilities_area a ON a.id = c.area_id
    LEFT JOIN facilities_division d ON d.id = c.division_id
"""
_LIST = """
SELECT '{{"next": null, "previous": null, "results": ' || coalesce(json_agg(part.row), '[]'::json) || '}}' FROM (
    SELECT json_build_object({row}) AS row FROM feedback_case c {joins}
    WHERE NOT c.is_confidential AND {column} = %s ORDER BY c.received_at DESC, c.id DESC LIMIT 100
) part
"""
_PARTS = """
    , 'body', c.body, 'facility_said', c.facility_said, 'public_summary', c.public_summary,
    'transferred_to', c.transferred_to,
    'answers', (SELECT coalesce(json_agg(json_build_object('at', x.at, 'facility', xf.code, 'findings', x.findings,
        'measures', x.measures, 'measures_text', x.measures_text, 'proposed_outcome', x.proposed_outcome)
        ORDER BY x.at, x.id), '[]') FROM feedback_answer x LEFT JOIN facilities_facility xf ON xf.id = x.facility_id
        WHERE x.case_id = c.id),
    'replies', (SELECT coalesce(json_agg(json_build_object('at', x.at, 'way', x.way, 'text', x.text)
        ORDER BY x.at, x.id), '[]') FROM feedback_reply x WHERE x.case_id = c.id),
    'notes', (SELECT coalesce(json_agg(json_build_object('at', x.at, 'audience', x.audience, 'text', x.text)
        ORDER BY x.at, x.id), '[]') FROM feedback_note x WHERE x.case_id = c.id AND x.audience = 'citizen'),
    'deadlines', (SELECT coalesce(json_agg(json_build_object('obligation', x.obligation, 'cycle', x.cycle,
        'state', x.state, 'starts_at', x.starts_at, 'due_at', x.due_at, 'is_provisional', x.is_provisional,
        'finished_at', x.finished_at, 'on_time', x.on_time,
        'is_late', coalesce(x.state = 'running' AND x.due_at <= now(), false)) ORDER BY x.due_at, x.id), '[]')
        FROM deadlines_deadline x WHERE x.about_type_id = %s AND x.about_id = c.id)
"""
_DETAIL = "SELECT json_build_object({row} {parts})::text FROM feedback_case c {joins} WHERE c.reference = %s"

# Everything that `receive` writes for one submission with a reporter, in one statement.
_INTAKE = """
WITH number AS (SELECT 'PA-2026-' || (1000000 + nextval('feedback_case_reference')) AS reference), made AS (
    INSERT INTO feedback_case (reference, status, version, kind, channel_id, category_id, urgency, complexity,
        is_confidential, title, body, facility_id, facility_said, area_id, is_released, recorded_by_id, outcome,
        public_summary, transferred_to, satisfaction, received_at, due_at, escalation_level, updated_at)
    SELECT reference, 'received', 1, 'PHANANH', %(channel)s, %(category)s, 'S3', '', false, %(title)s, %(body)s,
        %(facility)s, '', %(area)s, false, %(by)s, '', '', '', '', now(), now() + interval '8 hours', 0, now()
    FROM number RETURNING *
), history AS (
    INSERT INTO feedback_historicalcase (id, reference, status, version, kind, channel_id, category_id, urgency,
        complexity, is_confidential, title, body, facility_id, facility_said, area_id, is_released, recorded_by_id,
        outcome, public_summary, transferred_to, satisfaction, received_at, due_at, escalation_level, history_date,
        history_change_reason, history_type, history_user_id)
    SELECT id, reference, status, version, kind, channel_id, category_id, urgency, complexity, is_confidential, title,
        body, facility_id, facility_said, area_id, is_released, recorded_by_id, outcome, public_summary,
        transferred_to, satisfaction, received_at, due_at, escalation_level, now(), '', '+', recorded_by_id FROM made
), arrived AS (
    INSERT INTO feedback_submission (case_id, channel_id, source, source_id, fingerprint, body, received_at,
        recorded_by_id, ended_as)
    SELECT id, channel_id, 'bench-raw', %(key)s, %(fingerprint)s, body, now(), recorded_by_id, '' FROM made RETURNING id
), person AS (
    INSERT INTO feedback_reporter (submission_id, sealed, key_id) SELECT id, %(sealed)s, 'bench' FROM arrived
), clocks AS (
    INSERT INTO deadlines_deadline (about_type_id, about_id, reference, obligation, cycle, state, starts_at, due_at,
        original_due_at, is_provisional, rule_id, ladder_id, calendar_version, derivation, moments, positions, step,
        next_at, level, fault, by_id, reason)
    SELECT %(about_type)s, made.id, made.reference, clock.obligation, 1, 'running', now(), clock.due, clock.due, false,
        %(rule)s, %(ladder)s, %(calendar)s, %(derivation)s, ARRAY[clock.due, clock.due + interval '1 day'], '{2,3}', 0,
        clock.due, 0, '', %(by)s, ''
    FROM made, LATERAL (VALUES ('acknowledge', now() + interval '8 hours'), ('resolve', now() + interval '5 days'))
        AS clock(obligation, due)
), found AS (
    INSERT INTO feedback_searchentry (case_id, words)
    SELECT id, array_to_tsvector(%(words)s::text[]) FROM made
)
SELECT json_build_object('reference', reference, 'status', status, 'received_at', received_at)::text FROM made
"""
LISTS = {name: _LIST.format(row=_ROW, joins=_JOINS, column=_COLUMNS[name]) for name in FILTERS}
DETAIL = _DETAIL.format(row=_ROW, parts=_PARTS, joins=_JOINS)


def connect() -> "psycopg.Connection[Any]":
    """A connection of psycopg's own to the same database."""
    params = django_connection.get_connection_params()
    known = {name: params[name] for name in ("dbname", "user", "password", "host", "port") if params.get(name)}
    return psycopg.connect(**known, autocommit=True)


def answer(sql: str, params: Any) -> bytes:
    """The one text that a statement gives."""
    if getattr(_here, "connection", None) is None:
        _here.connection = connect()
    row = _here.connection.execute(sql, params, prepare=True).fetchone()
    return str(row[0]).encode()


def intake(given: dict[str, Any]) -> bytes:
    """Write one submission; `given` holds all values but the key."""
    return answer(_INTAKE, {**given, "key": uuid4().hex, "sealed": bytes.fromhex(given["sealed"])})


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """`list?channel=<id>`, `detail?reference=…&type=…`, and `intake` by POST."""
    name = environ["PATH_INFO"].removeprefix(PREFIX)
    given = dict(parse_qsl(environ.get("QUERY_STRING", "")))
    if name == "list":
        ((column, value),) = given.items()
        body = answer(LISTS[column], [value])
    elif name == "detail":
        body = answer(DETAIL, [int(given["type"]), given["reference"]])
    else:
        body = intake(json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))))
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
