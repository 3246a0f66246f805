import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from common.tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contenttypes", "0002_remove_content_type_name"),
        ("facilities", "0001_registry"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="ClockHold",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("held_at", models.DateTimeField(editable=False, verbose_name="held since")),
                        (
                            "jump",
                            models.DurationField(
                                editable=False,
                                help_text="How far the clock went, beyond the time that really passed.",
                                verbose_name="jump",
                            ),
                        ),
                        (
                            "machine",
                            models.CharField(editable=False, max_length=80, verbose_name="noticed by the machine"),
                        ),
                        ("released_at", models.DateTimeField(editable=False, null=True, verbose_name="released")),
                        (
                            "released_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="released by",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, editable=False, verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "jump of the clock",
                        "verbose_name_plural": "jumps of the clock",
                        "ordering": ["-pk"],
                        "permissions": [
                            ("release_clock", "Is told when the clock jumps, and lets the deadlines go on")
                        ],
                        "default_permissions": ("view",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("released_at", None)),
                                fields=("released_at",),
                                name="one_hold_at_a_time",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reason", ""), ("released_at", None), ("released_by", None)),
                                    models.Q(
                                        ("released_at__isnull", False),
                                        ("released_by__isnull", False),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="hold_released_with_reason",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="1796f811ca5273fd81a0ab1d859f7fee32356984",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_8dc9b",
                                    table="deadlines_clockhold",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="7e7513e59c70898fcee73ac4100e616484873e9f",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_eba91",
                                    table="deadlines_clockhold",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="release_is_final",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.released_at IS NOT NULL)",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="2871f3d91356006a60aa38da15e2281071c32bfe",
                                    operation="UPDATE",
                                    pgid="pgtrigger_release_is_final_1c2de",
                                    table="deadlines_clockhold",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClockReading",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("machine", models.CharField(max_length=80, unique=True, verbose_name="machine and its start")),
                        ("at", models.DateTimeField(verbose_name="time of the database")),
                        ("running", models.FloatField(verbose_name="seconds since the machine was started")),
                    ],
                    options={
                        "verbose_name": "reading of the clock",
                        "verbose_name_plural": "readings of the clock",
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Edition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("calendar", "calendar"), ("rules", "rules")],
                                editable=False,
                                max_length=8,
                                verbose_name="of",
                            ),
                        ),
                        ("at", models.DateTimeField(editable=False, verbose_name="at")),
                        ("content", models.JSONField(editable=False, null=True, verbose_name="content")),
                    ],
                    options={
                        "verbose_name": "edition",
                        "verbose_name_plural": "editions",
                        "indexes": [models.Index(fields=["kind", "-id"], name="newest_edition")],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="a5725379247e4a8e8f099f65de2b451f6785b0cb",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_3440a",
                                    table="deadlines_edition",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="2413762caaae3389a26b37246df80fbc0b515b3d",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_c002f",
                                    table="deadlines_edition",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Heartbeat",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                        ("at", models.DateTimeField(verbose_name="at")),
                    ],
                    options={
                        "verbose_name": "heartbeat",
                        "verbose_name_plural": "heartbeats",
                        "permissions": [("watch_operations", "Look at how the machinery does")],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalCalendarDay",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "authority",
                            models.CharField(
                                choices=[
                                    ("default", "the department"),
                                    ("city", "the People's Committee of the city"),
                                    ("commune", "the People's Committees of wards and communes"),
                                    ("ministry", "the Ministry of Health"),
                                ],
                                default="default",
                                max_length=20,
                                verbose_name="whose calendar",
                            ),
                        ),
                        ("date", models.DateField(verbose_name="day")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("off", "off"), ("working", "working day"), ("half", "morning only")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "is_announced",
                            models.BooleanField(
                                default=True,
                                help_text="Not ticked: computed ahead. Until a year is announced, due moments that reach it are provisional.",
                                verbose_name="announced",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="occasion")),
                        (
                            "source",
                            models.CharField(
                                help_text="The decision or notice, with its date.",
                                max_length=300,
                                verbose_name="source",
                            ),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical calendar day",
                        "verbose_name_plural": "historical working calendar",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Ladder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=120, verbose_name="name in English")),
                        (
                            "quiet_from",
                            models.TimeField(
                                default=datetime.time(21, 0),
                                help_text="What is not urgent waits for the end of the quiet hours. The same time twice: no quiet hours.",
                                verbose_name="quiet from",
                            ),
                        ),
                        ("quiet_until", models.TimeField(default=datetime.time(7, 0), verbose_name="quiet until")),
                        (
                            "is_quiet_on_rest_days",
                            models.BooleanField(default=True, verbose_name="quiet on days of rest"),
                        ),
                    ],
                    options={
                        "verbose_name": "escalation ladder",
                        "verbose_name_plural": "escalation ladders",
                        "ordering": ["code"],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="new_edition",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="\n    PERFORM pg_advisory_xact_lock(hashtext('deadlines_edition'));\n    INSERT INTO deadlines_edition (kind, at, content) VALUES ('rules', clock_timestamp(), NULL);\n    RETURN NULL;\n",
                                    hash="e1c7f4b21d9aef2ffe130ea02687898ee4f9c6ca",
                                    level="STATEMENT",
                                    operation="INSERT OR UPDATE OR DELETE",
                                    pgid="pgtrigger_new_edition_ca256",
                                    table="deadlines_ladder",
                                    when="AFTER",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeadlineRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        ("code", models.CharField(max_length=60, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name in English")),
                        (
                            "subject",
                            models.CharField(default="feedback.case", max_length=60, verbose_name="kind of record"),
                        ),
                        (
                            "obligation",
                            models.CharField(
                                choices=[
                                    ("acknowledge", "first contact"),
                                    ("clarify", "clarify who is competent"),
                                    ("forward", "forward to whoever is competent"),
                                    ("retransfer", "send back what is not ours"),
                                    ("accept", "take up the matter"),
                                    ("answer", "answer of the unit"),
                                    ("check", "check of the answer"),
                                    ("resolve", "whole matter"),
                                    ("resolve_again", "second examination"),
                                    ("publish", "publish the result"),
                                    ("report_incident", "report of a severe incident"),
                                    ("phone_report", "call about a very serious incident"),
                                    ("quick_report", "quick report to the ministry"),
                                    ("analyse", "root-cause analysis"),
                                    ("weekly_summary", "weekly summary seen by the head"),
                                    ("report_duty", "report on a duty"),
                                    ("redo_duty", "report on a duty again"),
                                    ("check_duty", "check of a report on a duty"),
                                    ("act", "corrective action"),
                                    ("verify_action", "verification of an action"),
                                    ("check_effect", "check of an action's effect"),
                                    ("review_action", "review of an action that did not hold"),
                                    ("hand_in", "periodic return"),
                                    ("read_alert", "read an alert or recommendation"),
                                    ("apply_alert", "answer an alert or recommendation"),
                                ],
                                max_length=16,
                                verbose_name="obligation",
                            ),
                        ),
                        (
                            "clock",
                            models.CharField(
                                choices=[
                                    ("minutes", "minutes, day and night"),
                                    ("hours", "hours, day and night"),
                                    ("working_hours", "working hours"),
                                    ("days", "days"),
                                    ("working_days", "working days"),
                                    ("months", "months"),
                                    ("yearly", "a fixed date each year"),
                                ],
                                max_length=14,
                                verbose_name="counted in",
                            ),
                        ),
                        ("amount", models.PositiveIntegerField(verbose_name="how many")),
                        (
                            "day",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Of the fixed date each year. 29 February is the 28th in a year that lacks it.",
                                null=True,
                                verbose_name="day of the month",
                            ),
                        ),
                        ("month", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="month")),
                        (
                            "event",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("posted", "the conclusion was posted"),
                                    ("period_end", "the period ends"),
                                    ("day_before", "the eve of the day that was planned"),
                                ],
                                help_text="Empty: from the step that starts the clock. Otherwise it starts once the moment is recorded.",
                                max_length=12,
                                verbose_name="counted from",
                            ),
                        ),
                        (
                            "is_back",
                            models.BooleanField(
                                default=False,
                                help_text="The term ends so long before that moment.",
                                verbose_name="counted back",
                            ),
                        ),
                        (
                            "ends_at",
                            models.CharField(
                                choices=[
                                    ("end_of_day", "at 24:00 of the last day"),
                                    ("close_of_business", "at close of business of the last day"),
                                ],
                                default="end_of_day",
                                max_length=18,
                                verbose_name="ends",
                            ),
                        ),
                        (
                            "longest",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="The whole term with its extension, which one person asks for and another grants. Empty: a law cannot be extended, a policy up to twice its term.",
                                null=True,
                                verbose_name="may be extended up to",
                            ),
                        ),
                        (
                            "pause_days",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="At the last of them the clock runs on by itself. 0: it never stands. Empty: no limit.",
                                null=True,
                                verbose_name="may stand, days in all",
                            ),
                        ),
                        (
                            "pause_times",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="0: it never stands. Empty: no limit.",
                                null=True,
                                verbose_name="may stand, times",
                            ),
                        ),
                        (
                            "pause_nature",
                            models.CharField(
                                choices=[("legal", "law or regulation"), ("policy", "department policy")],
                                default="policy",
                                max_length=8,
                                verbose_name="force of that limit",
                            ),
                        ),
                        (
                            "pause_source",
                            models.CharField(blank=True, max_length=300, verbose_name="source of that limit"),
                        ),
                        ("channel", models.CharField(blank=True, max_length=20, verbose_name="only channel")),
                        ("kind", models.CharField(blank=True, max_length=20, verbose_name="only kind of case")),
                        ("category", models.CharField(blank=True, max_length=30, verbose_name="only category")),
                        ("category_root", models.CharField(blank=True, max_length=30, verbose_name="only field")),
                        ("urgency", models.CharField(blank=True, max_length=10, verbose_name="only urgency")),
                        ("complexity", models.CharField(blank=True, max_length=10, verbose_name="only complexity")),
                        (
                            "facility_type",
                            models.CharField(blank=True, max_length=20, verbose_name="only facility type"),
                        ),
                        (
                            "nature",
                            models.CharField(
                                choices=[("legal", "law or regulation"), ("policy", "department policy")],
                                default="policy",
                                max_length=8,
                                verbose_name="force",
                            ),
                        ),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("confirmed", "read in a public text"),
                                    ("secondary", "read in a digest that cites the article"),
                                    ("unconfirmed", "not verified yet"),
                                    ("design", "our suggestion, without legal force"),
                                ],
                                default="design",
                                max_length=12,
                                verbose_name="how sure",
                            ),
                        ),
                        ("source", models.CharField(max_length=300, verbose_name="source")),
                        (
                            "origin_code",
                            models.CharField(blank=True, max_length=40, verbose_name="code in the source list"),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        (
                            "ladder",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rules",
                                to="deadlines.ladder",
                                verbose_name="ladder",
                            ),
                        ),
                        ("is_in_use", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "authority",
                            models.CharField(
                                choices=[
                                    ("default", "the department"),
                                    ("city", "the People's Committee of the city"),
                                    ("commune", "the People's Committees of wards and communes"),
                                    ("ministry", "the Ministry of Health"),
                                ],
                                default="default",
                                help_text="By whose working days and hours the term counts.",
                                max_length=20,
                                verbose_name="whose calendar",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "deadline rule",
                        "verbose_name_plural": "deadline rules",
                        "ordering": ["subject", "obligation", "code"],
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_to", None),
                                    ("valid_from__lt", models.F("valid_to")),
                                    _connector="OR",
                                ),
                                name="deadlines_deadlinerule_valid_days_in_order",
                                violation_error_message="The last day must come after the first.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)),
                                name="rule_lasts_some_time",
                                violation_error_message="A term lasts at least one.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount__lte", 1200),
                                    models.Q(("amount__lte", 100000), models.Q(("clock", "months"), _negated=True)),
                                    _connector="OR",
                                ),
                                name="rule_ends_in_our_time",
                                violation_error_message="At most 100,000, or 1,200 months.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(("clock", "yearly"), _negated=True), ("day", None), ("month", None)
                                    ),
                                    models.Q(
                                        ("amount", 1),
                                        ("clock", "yearly"),
                                        ("day__gte", 1),
                                        ("day__isnull", False),
                                        ("longest", None),
                                        ("month__isnull", False),
                                        models.Q(
                                            models.Q(("day__lte", 31), ("month__in", (1, 3, 5, 7, 8, 10, 12))),
                                            models.Q(("day__lte", 30), ("month__in", (4, 6, 9, 11))),
                                            models.Q(("day__lte", 29), ("month", 2)),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="rule_date_each_year",
                                violation_error_message="A fixed date each year is a day and a month that there are, its number is 1, and it is never extended; other clocks have no date.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_back", False),
                                    models.Q(
                                        models.Q(("event", ""), _negated=True),
                                        models.Q(("clock", "yearly"), _negated=True),
                                        ("longest", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="rule_back_from_an_event",
                                violation_error_message="What is counted back names the event that it counts from, and is never extended.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("longest", None), ("longest__gte", models.F("amount")), _connector="OR"
                                ),
                                name="rule_longest_is_longer",
                                violation_error_message="An extended term is no shorter than the term itself.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="new_edition",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="\n    PERFORM pg_advisory_xact_lock(hashtext('deadlines_edition'));\n    INSERT INTO deadlines_edition (kind, at, content) VALUES ('rules', clock_timestamp(), NULL);\n    RETURN NULL;\n",
                                    hash="7abde8a2749ad0c12e6171fc21a8a29d849f2dc3",
                                    level="STATEMENT",
                                    operation="INSERT OR UPDATE OR DELETE",
                                    pgid="pgtrigger_new_edition_7295d",
                                    table="deadlines_deadlinerule",
                                    when="AFTER",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Deadline",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "about_type",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of record",
                            ),
                        ),
                        ("about_id", models.BigIntegerField(editable=False, verbose_name="record")),
                        (
                            "reference",
                            models.CharField(blank=True, editable=False, max_length=60, verbose_name="record"),
                        ),
                        (
                            "obligation",
                            models.CharField(
                                choices=[
                                    ("acknowledge", "first contact"),
                                    ("clarify", "clarify who is competent"),
                                    ("forward", "forward to whoever is competent"),
                                    ("retransfer", "send back what is not ours"),
                                    ("accept", "take up the matter"),
                                    ("answer", "answer of the unit"),
                                    ("check", "check of the answer"),
                                    ("resolve", "whole matter"),
                                    ("resolve_again", "second examination"),
                                    ("publish", "publish the result"),
                                    ("report_incident", "report of a severe incident"),
                                    ("phone_report", "call about a very serious incident"),
                                    ("quick_report", "quick report to the ministry"),
                                    ("analyse", "root-cause analysis"),
                                    ("weekly_summary", "weekly summary seen by the head"),
                                    ("report_duty", "report on a duty"),
                                    ("redo_duty", "report on a duty again"),
                                    ("check_duty", "check of a report on a duty"),
                                    ("act", "corrective action"),
                                    ("verify_action", "verification of an action"),
                                    ("check_effect", "check of an action's effect"),
                                    ("review_action", "review of an action that did not hold"),
                                    ("hand_in", "periodic return"),
                                    ("read_alert", "read an alert or recommendation"),
                                    ("apply_alert", "answer an alert or recommendation"),
                                ],
                                editable=False,
                                max_length=16,
                                verbose_name="obligation",
                            ),
                        ),
                        ("cycle", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="round")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("running", "running"),
                                    ("paused", "paused"),
                                    ("done", "done"),
                                    ("cancelled", "dropped"),
                                ],
                                default="running",
                                editable=False,
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("starts_at", models.DateTimeField(editable=False, verbose_name="counted from")),
                        ("due_at", models.DateTimeField(editable=False, verbose_name="due")),
                        ("original_due_at", models.DateTimeField(editable=False, verbose_name="first due moment")),
                        (
                            "is_provisional",
                            models.BooleanField(
                                default=False,
                                editable=False,
                                help_text="The calendar is not known that far yet; the due moment may still move.",
                                verbose_name="provisional",
                            ),
                        ),
                        ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="done")),
                        ("on_time", models.BooleanField(editable=False, null=True, verbose_name="on time")),
                        ("paused_at", models.DateTimeField(editable=False, null=True, verbose_name="paused since")),
                        (
                            "stands_until",
                            models.DateTimeField(
                                editable=False,
                                help_text="Then the pause ends by itself.",
                                null=True,
                                verbose_name="stands until at most",
                            ),
                        ),
                        ("paused_total", models.DurationField(editable=False, null=True, verbose_name="paused in all")),
                        (
                            "rule",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deadlines.deadlinerule",
                                verbose_name="rule",
                            ),
                        ),
                        (
                            "ladder",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deadlines.ladder",
                                verbose_name="ladder",
                            ),
                        ),
                        ("calendar_version", models.BigIntegerField(editable=False, verbose_name="calendar edition")),
                        (
                            "derivation",
                            models.JSONField(default=dict, editable=False, verbose_name="how it was computed"),
                        ),
                        (
                            "planned_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="steps planned",
                            ),
                        ),
                        (
                            "moments",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.DateTimeField(), default=list, editable=False, size=None
                            ),
                        ),
                        (
                            "positions",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), default=list, editable=False, size=None
                            ),
                        ),
                        (
                            "step",
                            models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="steps taken"),
                        ),
                        ("next_at", models.DateTimeField(editable=False, null=True, verbose_name="next step")),
                        (
                            "level",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "not escalated"),
                                    (1, "responsible officer and unit"),
                                    (2, "lead of the working group"),
                                    (3, "director of the department"),
                                    (4, "higher authority"),
                                ],
                                default=0,
                                editable=False,
                                verbose_name="escalation level",
                            ),
                        ),
                        (
                            "fault",
                            models.CharField(
                                blank=True, editable=False, max_length=120, verbose_name="last fault of the sweep"
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="started by",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="ended by",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, editable=False, verbose_name="reason")),
                        (
                            "acknowledged_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="acknowledged"),
                        ),
                        (
                            "acknowledged_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="acknowledged by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "deadline",
                        "verbose_name_plural": "deadlines",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "running")), fields=["next_at"], name="deadline_sweep"
                            ),
                            models.Index(
                                condition=models.Q(("state", "paused")),
                                fields=["stands_until"],
                                name="deadline_standing",
                            ),
                            models.Index(
                                condition=models.Q(("state", "running")),
                                fields=["due_at"],
                                name="deadline_running_by_due",
                            ),
                            models.Index(
                                condition=models.Q(("state", "running"), models.Q(("fault", ""), _negated=True)),
                                fields=["next_at"],
                                name="deadline_put_aside",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("about_type", "about_id", "obligation", "cycle"), name="one_deadline_per_cycle"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("running", "paused"))),
                                fields=("about_type", "about_id", "obligation"),
                                name="one_live_deadline",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("finished_at__isnull", False), ("on_time__isnull", False), ("state", "done")
                                    ),
                                    models.Q(
                                        models.Q(("state", "done"), _negated=True),
                                        ("finished_at", None),
                                        ("on_time", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="deadline_verdict_iff_done",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", "paused"), ("paused_at", None), _connector="XOR"),
                                name="deadline_paused_at_iff_paused",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", "paused"), ("stands_until", None), _connector="OR"),
                                name="deadline_stands_until_only_while_paused",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", "running"), ("next_at", None), _connector="OR"),
                                name="deadline_steps_only_while_running",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("acknowledged_at", None), ("acknowledged_by__isnull", False), _connector="XOR"
                                ),
                                name="deadline_acknowledged_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("moments__len", models.F("positions__len"))),
                                name="deadline_plan_of_equal_length",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="5304c7dd4f9b7116e9d4747f3c12322f8f0111b2",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_6b96b",
                                    table="deadlines_deadline",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="7edd2e585fce94e10babc0a2fffb2250f440a031",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_d8a13",
                                    table="deadlines_deadline",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="verdict_is_final",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.on_time IS NOT NULL AND (OLD.on_time, OLD.finished_at) IS DISTINCT FROM (NEW.on_time, NEW.finished_at))",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="71ea52e2e2035e5b16645f036106ea263e6ac175",
                                    operation="UPDATE",
                                    pgid="pgtrigger_verdict_is_final_54215",
                                    table="deadlines_deadline",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="acknowledgement_is_final",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.acknowledged_at IS NOT NULL AND (OLD.acknowledged_at, OLD.acknowledged_by_id) IS DISTINCT FROM (NEW.acknowledged_at, NEW.acknowledged_by_id))",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="c7ba04fd8317c385971cb70240fd3a06d22e86e9",
                                    operation="UPDATE",
                                    pgid="pgtrigger_acknowledgement_is_final_615f5",
                                    table="deadlines_deadline",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Duty",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "deadline",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duties",
                                to="deadlines.deadline",
                                verbose_name="deadline",
                            ),
                        ),
                        ("step", models.PositiveSmallIntegerField(editable=False, verbose_name="step")),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="given to",
                            ),
                        ),
                        ("given_at", models.DateTimeField(editable=False, verbose_name="given")),
                        ("done_at", models.DateTimeField(editable=False, null=True, verbose_name="done")),
                        (
                            "done_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="done by",
                            ),
                        ),
                        ("outcome", models.TextField(blank=True, editable=False, verbose_name="what was done")),
                        (
                            "ladder",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deadlines.ladder",
                                verbose_name="ladder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "task",
                        "verbose_name_plural": "tasks",
                        "ordering": ["given_at", "pk"],
                        "default_permissions": ("view",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("done_at", None)),
                                fields=["person", "given_at"],
                                name="duty_open_of_person",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("done_at", None), ("done_by", None), ("outcome", "")),
                                    models.Q(
                                        ("done_at__isnull", False),
                                        ("done_by__isnull", False),
                                        models.Q(("outcome", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="duty_done_whole",
                            ),
                            models.UniqueConstraint(fields=("deadline", "ladder", "step"), name="duty_once_per_step"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="ca1d419c518b569f6b5c3e3a5bab2486a7f43264",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_dc625",
                                    table="deadlines_duty",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="8fe8186d20f702e2b1919d5a2a8981d4b6034aea",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_d33ba",
                                    table="deadlines_duty",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="done_is_final",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.done_at IS NOT NULL)",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="ff964c867931212607730adc60a88b5f4aef81c3",
                                    operation="UPDATE",
                                    pgid="pgtrigger_done_is_final_3d686",
                                    table="deadlines_duty",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Escalation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "deadline",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="escalations",
                                to="deadlines.deadline",
                                verbose_name="deadline",
                            ),
                        ),
                        ("cycle", models.PositiveSmallIntegerField(verbose_name="round")),
                        ("step", models.PositiveSmallIntegerField(verbose_name="step")),
                        (
                            "level",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "not escalated"),
                                    (1, "responsible officer and unit"),
                                    (2, "lead of the working group"),
                                    (3, "director of the department"),
                                    (4, "higher authority"),
                                ],
                                verbose_name="escalation level",
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="was to happen")),
                        ("fired_at", models.DateTimeField(verbose_name="happened")),
                        (
                            "action",
                            models.CharField(
                                choices=[
                                    ("notify", "tell them"),
                                    ("reassign", "hand the record over"),
                                    ("task", "give somebody a task"),
                                    ("acknowledge", "ask for an acknowledgement"),
                                ],
                                default="notify",
                                max_length=12,
                                verbose_name="action",
                            ),
                        ),
                        (
                            "recipients",
                            models.PositiveIntegerField(
                                help_text="0: they were told by a higher step at the same moment.",
                                verbose_name="people told",
                            ),
                        ),
                        (
                            "told_at",
                            models.DateTimeField(
                                help_text="From when the message might reach them: at once, or at the end of the quiet hours.",
                                null=True,
                                verbose_name="told at",
                            ),
                        ),
                        (
                            "ladder",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deadlines.ladder",
                                verbose_name="ladder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "escalation",
                        "verbose_name_plural": "escalations",
                        "ordering": ["fired_at", "step"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("fired_at__gte", models.F("due_at"))), name="escalation_never_early"
                            ),
                            models.UniqueConstraint(
                                fields=("deadline", "cycle", "ladder", "step"), name="escalation_once"
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="5409363e0055dfe1d929177c88efd3ef9fa99f6c",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_7d9c7",
                                    table="deadlines_escalation",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="cc8eeca4e9c5c0cd17cbc4e2903413022bb25137",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_a6914",
                                    table="deadlines_escalation",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Extension",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "deadline",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extensions",
                                to="deadlines.deadline",
                                verbose_name="deadline",
                            ),
                        ),
                        ("amount", models.PositiveIntegerField(editable=False, verbose_name="whole term asked for")),
                        (
                            "asked_by",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(editable=False, verbose_name="asked")),
                        ("reason", models.TextField(editable=False, verbose_name="reason")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(editable=False, null=True, verbose_name="decided")),
                        ("is_granted", models.BooleanField(editable=False, null=True, verbose_name="granted")),
                        ("answer", models.TextField(blank=True, editable=False, verbose_name="reason of the answer")),
                        ("due_before", models.DateTimeField(editable=False, verbose_name="due before")),
                        ("due_after", models.DateTimeField(editable=False, null=True, verbose_name="due after")),
                    ],
                    options={
                        "verbose_name": "extension",
                        "verbose_name_plural": "extensions",
                        "ordering": ["asked_at", "pk"],
                        "permissions": [
                            ("ask_extension", "Ask for a longer term"),
                            ("grant_extension", "Grant or refuse a longer term that somebody else asked for"),
                        ],
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("decided_at", None)),
                                fields=("deadline",),
                                name="one_extension_waits_per_deadline",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by", None),
                                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="extension_has_second_person",
                                violation_error_message="Whoever asks cannot answer.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at", None),
                                        ("decided_by", None),
                                        ("due_after", None),
                                        ("is_granted", None),
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        ("due_after__isnull", False),
                                        ("is_granted", True),
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        ("due_after", None),
                                        ("is_granted", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="extension_decided_whole",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="0e7ab9c5bfd2846a89ca2923dba8a9d22515073b",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_8731c",
                                    table="deadlines_extension",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="c7df6852fef00e161c983f359b5513e8157b6ba2",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_af079",
                                    table="deadlines_extension",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="answer_is_final",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition="WHEN (OLD.decided_at IS NOT NULL)",
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="2b8ed9a549250e74a8bf64220859e9356ac43206",
                                    operation="UPDATE",
                                    pgid="pgtrigger_answer_is_final_465ed",
                                    table="deadlines_extension",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalDeadlineRule",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        ("code", models.CharField(db_index=True, max_length=60, verbose_name="code")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name in English")),
                        (
                            "subject",
                            models.CharField(default="feedback.case", max_length=60, verbose_name="kind of record"),
                        ),
                        (
                            "obligation",
                            models.CharField(
                                choices=[
                                    ("acknowledge", "first contact"),
                                    ("clarify", "clarify who is competent"),
                                    ("forward", "forward to whoever is competent"),
                                    ("retransfer", "send back what is not ours"),
                                    ("accept", "take up the matter"),
                                    ("answer", "answer of the unit"),
                                    ("check", "check of the answer"),
                                    ("resolve", "whole matter"),
                                    ("resolve_again", "second examination"),
                                    ("publish", "publish the result"),
                                    ("report_incident", "report of a severe incident"),
                                    ("phone_report", "call about a very serious incident"),
                                    ("quick_report", "quick report to the ministry"),
                                    ("analyse", "root-cause analysis"),
                                    ("weekly_summary", "weekly summary seen by the head"),
                                    ("report_duty", "report on a duty"),
                                    ("redo_duty", "report on a duty again"),
                                    ("check_duty", "check of a report on a duty"),
                                    ("act", "corrective action"),
                                    ("verify_action", "verification of an action"),
                                    ("check_effect", "check of an action's effect"),
                                    ("review_action", "review of an action that did not hold"),
                                    ("hand_in", "periodic return"),
                                    ("read_alert", "read an alert or recommendation"),
                                    ("apply_alert", "answer an alert or recommendation"),
                                ],
                                max_length=16,
                                verbose_name="obligation",
                            ),
                        ),
                        (
                            "clock",
                            models.CharField(
                                choices=[
                                    ("minutes", "minutes, day and night"),
                                    ("hours", "hours, day and night"),
                                    ("working_hours", "working hours"),
                                    ("days", "days"),
                                    ("working_days", "working days"),
                                    ("months", "months"),
                                    ("yearly", "a fixed date each year"),
                                ],
                                max_length=14,
                                verbose_name="counted in",
                            ),
                        ),
                        ("amount", models.PositiveIntegerField(verbose_name="how many")),
                        (
                            "day",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Of the fixed date each year. 29 February is the 28th in a year that lacks it.",
                                null=True,
                                verbose_name="day of the month",
                            ),
                        ),
                        ("month", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="month")),
                        (
                            "event",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("posted", "the conclusion was posted"),
                                    ("period_end", "the period ends"),
                                    ("day_before", "the eve of the day that was planned"),
                                ],
                                help_text="Empty: from the step that starts the clock. Otherwise it starts once the moment is recorded.",
                                max_length=12,
                                verbose_name="counted from",
                            ),
                        ),
                        (
                            "is_back",
                            models.BooleanField(
                                default=False,
                                help_text="The term ends so long before that moment.",
                                verbose_name="counted back",
                            ),
                        ),
                        (
                            "ends_at",
                            models.CharField(
                                choices=[
                                    ("end_of_day", "at 24:00 of the last day"),
                                    ("close_of_business", "at close of business of the last day"),
                                ],
                                default="end_of_day",
                                max_length=18,
                                verbose_name="ends",
                            ),
                        ),
                        (
                            "longest",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="The whole term with its extension, which one person asks for and another grants. Empty: a law cannot be extended, a policy up to twice its term.",
                                null=True,
                                verbose_name="may be extended up to",
                            ),
                        ),
                        (
                            "pause_days",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="At the last of them the clock runs on by itself. 0: it never stands. Empty: no limit.",
                                null=True,
                                verbose_name="may stand, days in all",
                            ),
                        ),
                        (
                            "pause_times",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="0: it never stands. Empty: no limit.",
                                null=True,
                                verbose_name="may stand, times",
                            ),
                        ),
                        (
                            "pause_nature",
                            models.CharField(
                                choices=[("legal", "law or regulation"), ("policy", "department policy")],
                                default="policy",
                                max_length=8,
                                verbose_name="force of that limit",
                            ),
                        ),
                        (
                            "pause_source",
                            models.CharField(blank=True, max_length=300, verbose_name="source of that limit"),
                        ),
                        ("channel", models.CharField(blank=True, max_length=20, verbose_name="only channel")),
                        ("kind", models.CharField(blank=True, max_length=20, verbose_name="only kind of case")),
                        ("category", models.CharField(blank=True, max_length=30, verbose_name="only category")),
                        ("category_root", models.CharField(blank=True, max_length=30, verbose_name="only field")),
                        ("urgency", models.CharField(blank=True, max_length=10, verbose_name="only urgency")),
                        ("complexity", models.CharField(blank=True, max_length=10, verbose_name="only complexity")),
                        (
                            "facility_type",
                            models.CharField(blank=True, max_length=20, verbose_name="only facility type"),
                        ),
                        (
                            "nature",
                            models.CharField(
                                choices=[("legal", "law or regulation"), ("policy", "department policy")],
                                default="policy",
                                max_length=8,
                                verbose_name="force",
                            ),
                        ),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("confirmed", "read in a public text"),
                                    ("secondary", "read in a digest that cites the article"),
                                    ("unconfirmed", "not verified yet"),
                                    ("design", "our suggestion, without legal force"),
                                ],
                                default="design",
                                max_length=12,
                                verbose_name="how sure",
                            ),
                        ),
                        ("source", models.CharField(max_length=300, verbose_name="source")),
                        (
                            "origin_code",
                            models.CharField(blank=True, max_length=40, verbose_name="code in the source list"),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        ("is_in_use", models.BooleanField(default=True, verbose_name="in use")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "ladder",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="deadlines.ladder",
                                verbose_name="ladder",
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "authority",
                            models.CharField(
                                choices=[
                                    ("default", "the department"),
                                    ("city", "the People's Committee of the city"),
                                    ("commune", "the People's Committees of wards and communes"),
                                    ("ministry", "the Ministry of Health"),
                                ],
                                default="default",
                                help_text="By whose working days and hours the term counts.",
                                max_length=20,
                                verbose_name="whose calendar",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical deadline rule",
                        "verbose_name_plural": "historical deadline rules",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="LadderStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ladder",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="deadlines.ladder",
                                verbose_name="ladder",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="step")),
                        (
                            "side",
                            models.CharField(
                                choices=[
                                    ("before_due", "before the due moment"),
                                    ("after_due", "after the due moment"),
                                ],
                                max_length=10,
                                verbose_name="when",
                            ),
                        ),
                        ("amount", models.PositiveIntegerField(verbose_name="distance")),
                        (
                            "unit",
                            models.CharField(
                                choices=[
                                    ("minutes", "minutes, day and night"),
                                    ("working_days", "working days"),
                                    ("percent", "percent of the term"),
                                ],
                                max_length=12,
                                verbose_name="counted in",
                            ),
                        ),
                        (
                            "roles",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("responsible", "responsible officer"),
                                        ("unit", "everyone in the unit"),
                                        ("unit_head", "head of the unit"),
                                        ("lead", "lead of the working group"),
                                        ("director", "director of the department"),
                                        ("higher", "higher authority"),
                                    ],
                                    max_length=12,
                                ),
                                size=None,
                                verbose_name="who is told",
                            ),
                        ),
                        (
                            "level",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "not escalated"),
                                    (1, "responsible officer and unit"),
                                    (2, "lead of the working group"),
                                    (3, "director of the department"),
                                    (4, "higher authority"),
                                ],
                                default=0,
                                verbose_name="escalation level",
                            ),
                        ),
                        ("template", models.CharField(max_length=60, verbose_name="text")),
                        ("is_urgent", models.BooleanField(default=False, verbose_name="urgent")),
                        (
                            "action",
                            models.CharField(
                                choices=[
                                    ("notify", "tell them"),
                                    ("reassign", "hand the record over"),
                                    ("task", "give somebody a task"),
                                    ("acknowledge", "ask for an acknowledgement"),
                                ],
                                default="notify",
                                max_length=12,
                                verbose_name="action",
                            ),
                        ),
                        (
                            "given_to",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("responsible", "responsible officer"),
                                    ("unit", "everyone in the unit"),
                                    ("unit_head", "head of the unit"),
                                    ("lead", "lead of the working group"),
                                    ("director", "director of the department"),
                                    ("higher", "higher authority"),
                                ],
                                help_text="Who gets the record or the task.",
                                max_length=12,
                                verbose_name="given to",
                            ),
                        ),
                        (
                            "keeps_quiet",
                            models.BooleanField(
                                default=True,
                                help_text="An urgent step or an urgent record is never held back.",
                                verbose_name="keeps the quiet hours",
                            ),
                        ),
                        (
                            "stops_when_acknowledged",
                            models.BooleanField(
                                default=False,
                                help_text="Does not happen any more when somebody has acknowledged the deadline.",
                                verbose_name="left out once acknowledged",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "step of a ladder",
                        "verbose_name_plural": "steps of a ladder",
                        "ordering": ["ladder", "position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("ladder", "position"), name="one_step_per_position"),
                            models.CheckConstraint(
                                condition=models.Q(("roles__len__gt", 0)),
                                name="step_tells_somebody",
                                violation_error_message="A step tells somebody: choose at least one role.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("unit", "percent"), _negated=True), ("amount__lte", 100), _connector="OR"
                                ),
                                name="step_percent_up_to_hundred",
                                violation_error_message="At most 100 percent of the term.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("action__in", ("reassign", "task")), ("given_to", ""), _connector="XOR"
                                ),
                                name="step_gives_to_somebody",
                                violation_error_message="Say who gets the record or the task; other steps give nothing.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="new_edition",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="\n    PERFORM pg_advisory_xact_lock(hashtext('deadlines_edition'));\n    INSERT INTO deadlines_edition (kind, at, content) VALUES ('rules', clock_timestamp(), NULL);\n    RETURN NULL;\n",
                                    hash="96762133cfd8852e934061a5fe882efd6e832ec0",
                                    level="STATEMENT",
                                    operation="INSERT OR UPDATE OR DELETE",
                                    pgid="pgtrigger_new_edition_fd803",
                                    table="deadlines_ladderstep",
                                    when="AFTER",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pause",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "deadline",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pauses",
                                to="deadlines.deadline",
                                verbose_name="deadline",
                            ),
                        ),
                        ("starts_at", models.DateTimeField(editable=False, verbose_name="from")),
                        ("ends_at", models.DateTimeField(editable=False, null=True, verbose_name="until")),
                        ("reason", models.TextField(editable=False, verbose_name="reason")),
                        (
                            "by",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="paused by",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="resumed by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "pause",
                        "verbose_name_plural": "pauses",
                        "ordering": ["starts_at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_at", None), ("ends_at__gte", models.F("starts_at")), _connector="OR"
                                ),
                                name="pause_ends_after_it_starts",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                expressions=[
                                    ("deadline", "="),
                                    (models.Func("starts_at", "ends_at", function="tstzrange"), "&&"),
                                ],
                                name="pauses_do_not_overlap",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="fe778306ee1df6da7c090e1fa021a45481de5d62",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_fec90",
                                    table="deadlines_pause",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="821bdf991a3e3b9596b0d1c115a0a5271371d0cd",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_86ebf",
                                    table="deadlines_pause",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WorkingPeriod",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "authority",
                            models.CharField(
                                choices=[
                                    ("default", "the department"),
                                    ("city", "the People's Committee of the city"),
                                    ("commune", "the People's Committees of wards and communes"),
                                    ("ministry", "the Ministry of Health"),
                                ],
                                default="default",
                                max_length=20,
                                verbose_name="whose calendar",
                            ),
                        ),
                        (
                            "weekday",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Monday"),
                                    (1, "Tuesday"),
                                    (2, "Wednesday"),
                                    (3, "Thursday"),
                                    (4, "Friday"),
                                    (5, "Saturday"),
                                    (6, "Sunday"),
                                ],
                                verbose_name="weekday",
                            ),
                        ),
                        ("starts", models.TimeField(verbose_name="from")),
                        ("ends", models.TimeField(verbose_name="until")),
                    ],
                    options={
                        "verbose_name": "working period",
                        "verbose_name_plural": "working periods",
                        "ordering": ["weekday", "starts"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("authority", "weekday", "starts"), name="one_period_per_start"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("starts__lt", models.F("ends"))),
                                name="period_ends_after_it_starts",
                                violation_error_message="A period ends after it starts.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="new_edition",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="\n    PERFORM pg_advisory_xact_lock(hashtext('deadlines_edition'));\n    INSERT INTO deadlines_edition (kind, at, content) VALUES ('calendar', clock_timestamp(), jsonb_build_object(\n        'days', (SELECT coalesce(jsonb_agg(jsonb_build_array(authority, date, kind, note, is_announced)\n                                          ORDER BY authority, date),\n                                 '[]'::jsonb) FROM deadlines_calendarday),\n        'periods', (SELECT coalesce(jsonb_agg(jsonb_build_array(authority, weekday, starts, ends)\n                                              ORDER BY authority, weekday, starts),\n                                    '[]'::jsonb) FROM deadlines_workingperiod)));\n    RETURN NULL;\n",
                                    hash="70e3afe1f86ec64553b93d753af19e08303db562",
                                    level="STATEMENT",
                                    operation="INSERT OR UPDATE OR DELETE",
                                    pgid="pgtrigger_new_edition_2b55c",
                                    table="deadlines_workingperiod",
                                    when="AFTER",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CalendarDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "authority",
                            models.CharField(
                                choices=[
                                    ("default", "the department"),
                                    ("city", "the People's Committee of the city"),
                                    ("commune", "the People's Committees of wards and communes"),
                                    ("ministry", "the Ministry of Health"),
                                ],
                                default="default",
                                max_length=20,
                                verbose_name="whose calendar",
                            ),
                        ),
                        ("date", models.DateField(verbose_name="day")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("off", "off"), ("working", "working day"), ("half", "morning only")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "is_announced",
                            models.BooleanField(
                                default=True,
                                help_text="Not ticked: computed ahead. Until a year is announced, due moments that reach it are provisional.",
                                verbose_name="announced",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="occasion")),
                        (
                            "source",
                            models.CharField(
                                help_text="The decision or notice, with its date.",
                                max_length=300,
                                verbose_name="source",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "calendar day",
                        "verbose_name_plural": "working calendar",
                        "ordering": ["date"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("authority", "date"),
                                name="one_row_per_day",
                                violation_error_message="This day is in the calendar already: change that row.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="new_edition",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="\n    PERFORM pg_advisory_xact_lock(hashtext('deadlines_edition'));\n    INSERT INTO deadlines_edition (kind, at, content) VALUES ('calendar', clock_timestamp(), jsonb_build_object(\n        'days', (SELECT coalesce(jsonb_agg(jsonb_build_array(authority, date, kind, note, is_announced)\n                                          ORDER BY authority, date),\n                                 '[]'::jsonb) FROM deadlines_calendarday),\n        'periods', (SELECT coalesce(jsonb_agg(jsonb_build_array(authority, weekday, starts, ends)\n                                              ORDER BY authority, weekday, starts),\n                                    '[]'::jsonb) FROM deadlines_workingperiod)));\n    RETURN NULL;\n",
                                    hash="a52ba44ae2717b15b22a329e72e72710470614ed",
                                    level="STATEMENT",
                                    operation="INSERT OR UPDATE OR DELETE",
                                    pgid="pgtrigger_new_edition_03ede",
                                    table="deadlines_calendarday",
                                    when="AFTER",
                                ),
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
