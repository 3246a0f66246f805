import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from common.tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("facilities", "0001_registry"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
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
                    name="HistoricalCalendarDay",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "authority",
                            models.CharField(
                                default="default", editable=False, max_length=20, verbose_name="whose calendar"
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
                                default="default", editable=False, max_length=20, verbose_name="whose calendar"
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
                                    func="\n    PERFORM pg_advisory_xact_lock(hashtext('deadlines_edition'));\n    INSERT INTO deadlines_edition (kind, at, content) VALUES ('calendar', clock_timestamp(), jsonb_build_object(\n        'days', (SELECT coalesce(jsonb_agg(jsonb_build_array(authority, date, kind, note) ORDER BY authority, date),\n                                 '[]'::jsonb) FROM deadlines_calendarday),\n        'periods', (SELECT coalesce(jsonb_agg(jsonb_build_array(authority, weekday, starts, ends)\n                                              ORDER BY authority, weekday, starts),\n                                    '[]'::jsonb) FROM deadlines_workingperiod)));\n    RETURN NULL;\n",
                                    hash="1df16d9394c275754296abcaf2330ed177932f10",
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
                                default="default", editable=False, max_length=20, verbose_name="whose calendar"
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
                                    func="\n    PERFORM pg_advisory_xact_lock(hashtext('deadlines_edition'));\n    INSERT INTO deadlines_edition (kind, at, content) VALUES ('calendar', clock_timestamp(), jsonb_build_object(\n        'days', (SELECT coalesce(jsonb_agg(jsonb_build_array(authority, date, kind, note) ORDER BY authority, date),\n                                 '[]'::jsonb) FROM deadlines_calendarday),\n        'periods', (SELECT coalesce(jsonb_agg(jsonb_build_array(authority, weekday, starts, ends)\n                                              ORDER BY authority, weekday, starts),\n                                    '[]'::jsonb) FROM deadlines_workingperiod)));\n    RETURN NULL;\n",
                                    hash="48ecb697f298c8e61eff5c907b4185a3e914493d",
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
                                ],
                                default=0,
                                verbose_name="escalation level",
                            ),
                        ),
                        ("template", models.CharField(max_length=60, verbose_name="text")),
                        ("is_urgent", models.BooleanField(default=False, verbose_name="urgent")),
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
                                ],
                                max_length=14,
                                verbose_name="counted in",
                            ),
                        ),
                        ("amount", models.PositiveIntegerField(verbose_name="how many")),
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
                                ],
                                max_length=14,
                                verbose_name="counted in",
                            ),
                        ),
                        ("amount", models.PositiveIntegerField(verbose_name="how many")),
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
                    ],
                    options={
                        "verbose_name": "deadline",
                        "verbose_name_plural": "deadlines",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "running")), fields=["next_at"], name="deadline_sweep"
                            ),
                            models.Index(
                                condition=models.Q(("state", "running")),
                                fields=["due_at"],
                                name="deadline_running_by_due",
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
                                condition=models.Q(("state", "running"), ("next_at", None), _connector="OR"),
                                name="deadline_steps_only_while_running",
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
                                ],
                                verbose_name="escalation level",
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="was to happen")),
                        ("fired_at", models.DateTimeField(verbose_name="happened")),
                        (
                            "recipients",
                            models.PositiveIntegerField(
                                help_text="0: they were told by a higher step at the same moment.",
                                verbose_name="people told",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "escalation",
                        "verbose_name_plural": "escalations",
                        "ordering": ["fired_at", "step"],
                        "constraints": [
                            models.UniqueConstraint(fields=("deadline", "cycle", "step"), name="escalation_once"),
                            models.CheckConstraint(
                                condition=models.Q(("fired_at__gte", models.F("due_at"))), name="escalation_never_early"
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
                    },
                ),
            ],
        ),
    ]
