import datetime

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import feedback.models.talk
from common.tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contenttypes", "0002_remove_content_type_name"),
        ("facilities", "0002_history"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="DayCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("scope", models.CharField(max_length=30)),
                        ("dimension", models.CharField(max_length=10)),
                        ("key", models.CharField(max_length=20)),
                        ("received", models.PositiveIntegerField(default=0)),
                        ("ended", models.PositiveIntegerField(default=0)),
                        ("on_time", models.PositiveIntegerField(default=0)),
                        ("late", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("scope", "dimension", "day", "key"), name="one_count_per_day_and_key"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Draft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sealed", models.BinaryField(verbose_name="under seal")),
                        ("key_id", models.CharField(editable=False, max_length=16, verbose_name="key")),
                        (
                            "owner",
                            models.OneToOneField(
                                editable=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="operator",
                            ),
                        ),
                        ("form_key", models.CharField(editable=False, max_length=32, verbose_name="key of the form")),
                        ("saved_at", models.DateTimeField(db_index=True, editable=False, verbose_name="saved")),
                    ],
                    options={
                        "verbose_name": "draft of a call",
                        "verbose_name_plural": "drafts of calls",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["key_id", "id"], name="feedback_draft_by_key")],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalChannel",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        ("code", models.CharField(db_index=True, max_length=20, verbose_name="code")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=200, verbose_name="English name")),
                        ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                        ("contact", models.CharField(blank=True, max_length=100, verbose_name="number or address")),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("operator", "typed in by an operator"),
                                    ("public", "public form"),
                                    ("api", "sent by another system"),
                                    ("file", "imported file"),
                                    ("email", "read from a mailbox"),
                                ],
                                default="operator",
                                max_length=10,
                                verbose_name="how it arrives",
                            ),
                        ),
                        (
                            "is_confidential",
                            models.BooleanField(
                                default=False,
                                help_text="Cases of this channel begin as confidential.",
                                verbose_name="keeps identity secret",
                            ),
                        ),
                        ("scope", models.CharField(blank=True, max_length=300, verbose_name="what it is for")),
                        ("hours", models.CharField(blank=True, max_length=100, verbose_name="hours of reception")),
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
                        (
                            "branches",
                            models.TextField(
                                blank=True,
                                help_text="One per line: the number to press, and what for. Empty is better than wrong.",
                                max_length=1000,
                                verbose_name="branch numbers",
                            ),
                        ),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                        (
                            "is_published",
                            models.BooleanField(
                                default=True,
                                help_text="Ways that people can use themselves.",
                                verbose_name="in the public register",
                            ),
                        ),
                        ("owner", models.CharField(blank=True, max_length=200, verbose_name="who answers for it")),
                    ],
                    options={
                        "verbose_name": "historical channel",
                        "verbose_name_plural": "historical channels",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="afca5e3ca6bc31fe9bc1e35490a0bd2ad4fb0dd1",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_9ba46",
                                    table="feedback_historicalchannel",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="bcaa1fcb9d4a6107098d578807f7f50c5646a5a5",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_18a2b",
                                    table="feedback_historicalchannel",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Category",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=200, verbose_name="English name")),
                        ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="feedback.category",
                                verbose_name="field",
                            ),
                        ),
                        (
                            "urgency",
                            models.CharField(
                                choices=[("S1", "Emergency"), ("S2", "Serious"), ("S3", "Medium"), ("S4", "Low")],
                                default="S3",
                                max_length=2,
                                verbose_name="usual urgency",
                            ),
                        ),
                        ("lead_unit", models.CharField(blank=True, max_length=200, verbose_name="usual lead unit")),
                        ("folded", models.CharField(blank=True, editable=False, max_length=400)),
                    ],
                    options={
                        "verbose_name": "category",
                        "verbose_name_plural": "categories",
                        "ordering": ["position", "code"],
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_to", None),
                                    ("valid_from__lt", models.F("valid_to")),
                                    _connector="OR",
                                ),
                                name="feedback_category_valid_days_in_order",
                                violation_error_message="The last day must come after the first.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="dba9b4947642a16645bf22e52f3ec74283db9e91",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_0cf1a",
                                    table="feedback_category",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="8b6852f844b08793534125751bde7554adffc4ab",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_0bbe9",
                                    table="feedback_category",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalCategory",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        ("code", models.CharField(db_index=True, max_length=20, verbose_name="code")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=200, verbose_name="English name")),
                        ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                        (
                            "urgency",
                            models.CharField(
                                choices=[("S1", "Emergency"), ("S2", "Serious"), ("S3", "Medium"), ("S4", "Low")],
                                default="S3",
                                max_length=2,
                                verbose_name="usual urgency",
                            ),
                        ),
                        ("lead_unit", models.CharField(blank=True, max_length=200, verbose_name="usual lead unit")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="feedback.category",
                                verbose_name="field",
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
                        "verbose_name": "historical category",
                        "verbose_name_plural": "historical categories",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="f3612274200eb3f1d6a677c2bb8c1d1d27b1497f",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_4f17e",
                                    table="feedback_historicalcategory",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="d0e6526128d3d6cdd2faeab69cccc903daea0feb",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_3d898",
                                    table="feedback_historicalcategory",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Channel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=200, verbose_name="English name")),
                        ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                        ("contact", models.CharField(blank=True, max_length=100, verbose_name="number or address")),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("operator", "typed in by an operator"),
                                    ("public", "public form"),
                                    ("api", "sent by another system"),
                                    ("file", "imported file"),
                                    ("email", "read from a mailbox"),
                                ],
                                default="operator",
                                max_length=10,
                                verbose_name="how it arrives",
                            ),
                        ),
                        (
                            "is_confidential",
                            models.BooleanField(
                                default=False,
                                help_text="Cases of this channel begin as confidential.",
                                verbose_name="keeps identity secret",
                            ),
                        ),
                        ("scope", models.CharField(blank=True, max_length=300, verbose_name="what it is for")),
                        ("hours", models.CharField(blank=True, max_length=100, verbose_name="hours of reception")),
                        (
                            "branches",
                            models.TextField(
                                blank=True,
                                help_text="One per line: the number to press, and what for. Empty is better than wrong.",
                                max_length=1000,
                                verbose_name="branch numbers",
                            ),
                        ),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                        (
                            "is_published",
                            models.BooleanField(
                                default=True,
                                help_text="Ways that people can use themselves.",
                                verbose_name="in the public register",
                            ),
                        ),
                        ("owner", models.CharField(blank=True, max_length=200, verbose_name="who answers for it")),
                    ],
                    options={
                        "verbose_name": "channel",
                        "verbose_name_plural": "channels",
                        "ordering": ["position", "code"],
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_to", None),
                                    ("valid_from__lt", models.F("valid_to")),
                                    _connector="OR",
                                ),
                                name="feedback_channel_valid_days_in_order",
                                violation_error_message="The last day must come after the first.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="d83e5b8aec5d633e6d2bd746492dbd778cbcd46a",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_7a11e",
                                    table="feedback_channel",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="32d17c4eeb1a25c33ffa08c099de5bca63b4597d",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_65177",
                                    table="feedback_channel",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Case",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(editable=False, max_length=20, unique=True, verbose_name="reference"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("received", "received"),
                                    ("triaged", "classified"),
                                    ("assigned", "with a division"),
                                    ("forwarded", "with the facility"),
                                    ("returned", "returned to the facility"),
                                    ("answered", "answered by the unit"),
                                    ("checked", "answer checked"),
                                    ("confirmed", "confirmed"),
                                    ("replied", "replied to the reporter"),
                                    ("published", "result published"),
                                    ("closed", "closed"),
                                    ("in_review", "in review"),
                                    ("waiting", "waiting for the reporter"),
                                    ("out_of_scope", "out of scope"),
                                    ("transferred", "transferred to another body"),
                                    ("merged", "merged into another case"),
                                ],
                                default="received",
                                editable=False,
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "is_open",
                            models.GeneratedField(
                                db_persist=True,
                                expression=models.Q(
                                    ("status__in", ["closed", "out_of_scope", "transferred", "merged"]), _negated=True
                                ),
                                output_field=models.BooleanField(verbose_name="open"),
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("PHANANH", "Service feedback"),
                                    ("KIENNGHI", "Suggestion"),
                                    ("PAKN_QDHC", "Feedback on administrative rules"),
                                    ("KHIEUNAI", "Complaint (khiếu nại)"),
                                    ("TOCAO", "Denunciation (tố cáo)"),
                                    ("KHEN", "Praise"),
                                    ("HOIDAP", "Question"),
                                    ("NGOAIPV", "Out of scope"),
                                    ("DLCN", "Personal-data request"),
                                ],
                                default="PHANANH",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="feedback.channel",
                                verbose_name="channel",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="feedback.category",
                                verbose_name="category",
                            ),
                        ),
                        (
                            "urgency",
                            models.CharField(
                                choices=[("S1", "Emergency"), ("S2", "Serious"), ("S3", "Medium"), ("S4", "Low")],
                                default="S3",
                                max_length=2,
                                verbose_name="urgency",
                            ),
                        ),
                        (
                            "complexity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("1", "Level 1: one authority"),
                                    ("2", "Level 2: the department's inspection division"),
                                    ("3", "Level 3: with the police"),
                                ],
                                default="",
                                max_length=1,
                                verbose_name="complexity",
                            ),
                        ),
                        ("is_confidential", models.BooleanField(default=False, verbose_name="confidential")),
                        ("title", models.CharField(max_length=200, verbose_name="in one line")),
                        ("body", models.TextField(verbose_name="what happened")),
                        ("occurred_on", models.DateField(blank=True, null=True, verbose_name="day it happened")),
                        (
                            "facility",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        (
                            "facility_said",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="facility, in the reporter's words"
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.area",
                                verbose_name="area",
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "assignee",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="responsible officer",
                            ),
                        ),
                        (
                            "is_released",
                            models.BooleanField(default=False, editable=False, verbose_name="shown to the facility"),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
                            ),
                        ),
                        (
                            "checked_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="checked by",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("OC01", "Upheld"),
                                    ("OC02", "Partly upheld"),
                                    ("OC03", "Not upheld"),
                                    ("OC04", "Not enough information"),
                                    ("OC05", "Out of scope"),
                                    ("OC06", "Guided or answered"),
                                    ("OC07", "Withdrawn"),
                                    ("OC08", "Transferred"),
                                ],
                                default="",
                                editable=False,
                                max_length=4,
                                verbose_name="outcome",
                            ),
                        ),
                        (
                            "public_summary",
                            models.TextField(blank=True, editable=False, verbose_name="published result"),
                        ),
                        (
                            "transferred_to",
                            models.CharField(blank=True, editable=False, max_length=200, verbose_name="transferred to"),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged_cases",
                                to="feedback.case",
                                verbose_name="merged into",
                            ),
                        ),
                        (
                            "satisfaction",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "satisfied"), ("partly", "partly satisfied"), ("no", "not satisfied")],
                                default="",
                                editable=False,
                                max_length=6,
                                verbose_name="satisfaction",
                            ),
                        ),
                        ("received_at", models.DateTimeField(editable=False, verbose_name="received")),
                        ("due_at", models.DateTimeField(editable=False, null=True, verbose_name="due")),
                        (
                            "escalation_level",
                            models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="escalation"),
                        ),
                        ("published_at", models.DateTimeField(editable=False, null=True, verbose_name="published")),
                        ("ended_at", models.DateTimeField(editable=False, null=True, verbose_name="ended")),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    ],
                    options={
                        "verbose_name": "case",
                        "verbose_name_plural": "cases",
                        "ordering": ["-received_at", "-id"],
                        "permissions": [
                            ("view_every_case", "See every ordinary case"),
                            ("view_confidential_case", "See confidential cases"),
                            ("view_division_case", "See the cases of one's division"),
                            ("view_facility_case", "See the cases sent to one's facility"),
                            ("view_recorded_case", "See the cases one recorded"),
                            ("record_case", "Record a case"),
                            ("screen_case", "Set a case aside as out of scope"),
                            ("triage_case", "Classify, assign, forward, merge and transfer cases"),
                            ("handle_case", "Examine a case for one's division"),
                            ("answer_case", "Answer for one's facility"),
                            ("check_case", "Check answers and return them"),
                            ("confirm_case", "Confirm a checked answer"),
                            ("reply_case", "Reply to the reporter"),
                            ("publish_case", "Publish a result"),
                            ("close_case", "Close a case"),
                            ("reopen_case", "Send a closed case to review"),
                            ("note_case", "Write notes"),
                            ("reveal_reporter", "See the reporter's contact data"),
                            ("lead_working_group", "Lead of the working group: receives escalations"),
                            ("direct_department", "Directs the department: receives the last escalation"),
                            (
                                "oversee_department",
                                "Speaks for the higher authority: is told of what even the directors left late",
                            ),
                            ("send_intake", "Send feedback through the API"),
                            ("export_case", "Take the list of cases out as a file"),
                            ("read_api", "Read cases through the API"),
                        ],
                        "default_permissions": ("view", "change"),
                        "indexes": [
                            models.Index(fields=["-received_at", "-id"], name="case_newest"),
                            models.Index(fields=["status", "-received_at", "-id"], name="case_by_status"),
                            models.Index(fields=["channel", "-received_at", "-id"], name="case_by_channel"),
                            models.Index(fields=["category", "-received_at", "-id"], name="case_by_category"),
                            models.Index(fields=["facility", "-received_at", "-id"], name="case_by_facility"),
                            models.Index(fields=["urgency", "-received_at", "-id"], name="case_by_urgency"),
                            models.Index(fields=["kind", "-received_at", "-id"], name="case_by_kind"),
                            models.Index(
                                condition=models.Q(("division__isnull", False)),
                                fields=["division", "-received_at", "-id"],
                                name="case_by_division",
                            ),
                            models.Index(
                                condition=models.Q(("assignee__isnull", False)),
                                fields=["assignee", "-received_at", "-id"],
                                name="case_by_assignee",
                            ),
                            models.Index(
                                condition=models.Q(("recorded_by__isnull", False)),
                                fields=["recorded_by", "-received_at", "-id"],
                                name="case_by_recorder",
                            ),
                            models.Index(
                                condition=models.Q(("is_open", True)), fields=["due_at", "id"], name="case_open_due"
                            ),
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["facility", "due_at"],
                                name="case_open_due_facility",
                            ),
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["status", "due_at"],
                                name="case_open_due_status",
                            ),
                            models.Index(
                                condition=models.Q(("published_at__isnull", False)),
                                fields=["-published_at", "-id"],
                                name="case_published",
                            ),
                            models.Index(fields=["updated_at", "id"], name="case_changed"),
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["division", "due_at", "id"],
                                name="case_open_due_division",
                            ),
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["assignee", "due_at", "id"],
                                name="case_open_due_assignee",
                            ),
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["recorded_by", "due_at", "id"],
                                name="case_open_due_recorder",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["closed", "out_of_scope", "transferred", "merged"]),
                                    ("ended_at", None),
                                    _connector="XOR",
                                ),
                                name="case_ended_at_iff_ended",
                                violation_error_message="An ended case has a moment of ending; an open one has none.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("status", "merged"), ("merged_into", None), _connector="XOR"),
                                name="case_merged_iff_target",
                                violation_error_message="A merged case names the case it was merged into.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ["forwarded", "returned"]), _negated=True),
                                    ("facility__isnull", False),
                                    _connector="OR",
                                ),
                                name="case_with_facility_has_one",
                                violation_error_message="A forwarded case names its facility.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="14d9ca1c1b85b1cea1f88e9de7451694a146327f",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_2d730",
                                    table="feedback_case",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="98384cff7c08a5b4485c34e30c384fb9ee403d74",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_e20c9",
                                    table="feedback_case",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalCase",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        ("reference", models.CharField(editable=False, max_length=20, verbose_name="reference")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("received", "received"),
                                    ("triaged", "classified"),
                                    ("assigned", "with a division"),
                                    ("forwarded", "with the facility"),
                                    ("returned", "returned to the facility"),
                                    ("answered", "answered by the unit"),
                                    ("checked", "answer checked"),
                                    ("confirmed", "confirmed"),
                                    ("replied", "replied to the reporter"),
                                    ("published", "result published"),
                                    ("closed", "closed"),
                                    ("in_review", "in review"),
                                    ("waiting", "waiting for the reporter"),
                                    ("out_of_scope", "out of scope"),
                                    ("transferred", "transferred to another body"),
                                    ("merged", "merged into another case"),
                                ],
                                default="received",
                                editable=False,
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("PHANANH", "Service feedback"),
                                    ("KIENNGHI", "Suggestion"),
                                    ("PAKN_QDHC", "Feedback on administrative rules"),
                                    ("KHIEUNAI", "Complaint (khiếu nại)"),
                                    ("TOCAO", "Denunciation (tố cáo)"),
                                    ("KHEN", "Praise"),
                                    ("HOIDAP", "Question"),
                                    ("NGOAIPV", "Out of scope"),
                                    ("DLCN", "Personal-data request"),
                                ],
                                default="PHANANH",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "urgency",
                            models.CharField(
                                choices=[("S1", "Emergency"), ("S2", "Serious"), ("S3", "Medium"), ("S4", "Low")],
                                default="S3",
                                max_length=2,
                                verbose_name="urgency",
                            ),
                        ),
                        (
                            "complexity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("1", "Level 1: one authority"),
                                    ("2", "Level 2: the department's inspection division"),
                                    ("3", "Level 3: with the police"),
                                ],
                                default="",
                                max_length=1,
                                verbose_name="complexity",
                            ),
                        ),
                        ("is_confidential", models.BooleanField(default=False, verbose_name="confidential")),
                        ("title", models.CharField(max_length=200, verbose_name="in one line")),
                        ("body", models.TextField(verbose_name="what happened")),
                        ("occurred_on", models.DateField(blank=True, null=True, verbose_name="day it happened")),
                        (
                            "facility_said",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="facility, in the reporter's words"
                            ),
                        ),
                        (
                            "is_released",
                            models.BooleanField(default=False, editable=False, verbose_name="shown to the facility"),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("OC01", "Upheld"),
                                    ("OC02", "Partly upheld"),
                                    ("OC03", "Not upheld"),
                                    ("OC04", "Not enough information"),
                                    ("OC05", "Out of scope"),
                                    ("OC06", "Guided or answered"),
                                    ("OC07", "Withdrawn"),
                                    ("OC08", "Transferred"),
                                ],
                                default="",
                                editable=False,
                                max_length=4,
                                verbose_name="outcome",
                            ),
                        ),
                        (
                            "public_summary",
                            models.TextField(blank=True, editable=False, verbose_name="published result"),
                        ),
                        (
                            "transferred_to",
                            models.CharField(blank=True, editable=False, max_length=200, verbose_name="transferred to"),
                        ),
                        (
                            "satisfaction",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "satisfied"), ("partly", "partly satisfied"), ("no", "not satisfied")],
                                default="",
                                editable=False,
                                max_length=6,
                                verbose_name="satisfaction",
                            ),
                        ),
                        ("received_at", models.DateTimeField(editable=False, verbose_name="received")),
                        ("due_at", models.DateTimeField(editable=False, null=True, verbose_name="due")),
                        (
                            "escalation_level",
                            models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="escalation"),
                        ),
                        ("published_at", models.DateTimeField(editable=False, null=True, verbose_name="published")),
                        ("ended_at", models.DateTimeField(editable=False, null=True, verbose_name="ended")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "channel",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="feedback.channel",
                                verbose_name="channel",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="feedback.category",
                                verbose_name="category",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.area",
                                verbose_name="area",
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "assignee",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="responsible officer",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
                            ),
                        ),
                        (
                            "checked_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="checked by",
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="feedback.case",
                                verbose_name="merged into",
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
                        "verbose_name": "historical case",
                        "verbose_name_plural": "historical cases",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="21611ddc17202126dc56038ca502c371e7ad187c",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_2b513",
                                    table="feedback_historicalcase",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="dcacfb716ed14f82ed1ca4dd90f8ac7d744d5ca6",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_1aeca",
                                    table="feedback_historicalcase",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalCaseRecusal",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "ground",
                            models.CharField(
                                choices=[
                                    ("named", "is named in it"),
                                    ("worked", "works or worked there"),
                                    ("family", "family or close to somebody concerned"),
                                    ("other", "another ground (say it in the reason)"),
                                ],
                                default="other",
                                max_length=8,
                                verbose_name="ground",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("at", models.DateTimeField(verbose_name="recorded")),
                        ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted")),
                        ("lift_reason", models.TextField(blank=True, verbose_name="why it was lifted")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="feedback.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
                            ),
                        ),
                        (
                            "lifted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="lifted by",
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
                        "verbose_name": "historical recusal from a case",
                        "verbose_name_plural": "historical recusals from cases",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="9821e7daab48bc4665ae20e89d7c0be2854572a7",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_1d2ee",
                                    table="feedback_historicalcaserecusal",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="a0d8ccc8967819e284bbf14d2ee1846f3a3a0138",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_77e6a",
                                    table="feedback_historicalcaserecusal",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Note",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="feedback.case",
                                verbose_name="case",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        (
                            "by",
                            models.ForeignKey(
                                help_text="Empty: written by the reporter on the follow-up page.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="text")),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("department", "department only"),
                                    ("facility", "department and facility"),
                                    ("citizen", "everyone in the case, the reporter included"),
                                ],
                                default="department",
                                max_length=10,
                                verbose_name="who may read it",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "note",
                        "verbose_name_plural": "notes",
                        "ordering": ["at", "id"],
                        "default_permissions": (),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="b77d640e426ffcfe8b97714a30c7a3ca43660c48",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_c1405",
                                    table="feedback_note",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="a66c83bb032f38d9b3fa5cd56c2d31755ff7a9fa",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_e8207",
                                    table="feedback_note",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Receipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="feedback.case",
                                verbose_name="case",
                            ),
                        ),
                        ("locator", models.CharField(max_length=9, unique=True, verbose_name="locator")),
                        ("salt", models.BinaryField(max_length=16)),
                        ("verifier_hash", models.BinaryField(max_length=32)),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ],
                    options={
                        "verbose_name": "receipt",
                        "verbose_name_plural": "receipts",
                        "default_permissions": (),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="9ed0d422f396025a2e5acb06ed838568c73053f2",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_007da",
                                    table="feedback_receipt",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="ef9f6526274d21654ec595dfa650439998037f81",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_618f0",
                                    table="feedback_receipt",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reply",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replies",
                                to="feedback.case",
                                verbose_name="case",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="text")),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("phone", "by phone"),
                                    ("letter", "by letter"),
                                    ("email", "by e-mail"),
                                    ("page", "on the follow-up page"),
                                    ("source", "through the system it came from"),
                                ],
                                default="page",
                                max_length=6,
                                verbose_name="way",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reply",
                        "verbose_name_plural": "replies",
                        "ordering": ["at", "id"],
                        "default_permissions": (),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="84c16d95d6d3cb633d827e0b3bc98059904ffaa4",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_13a5d",
                                    table="feedback_reply",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="272c270bfa2bc152106ee052248cda09d4d692bd",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_e148d",
                                    table="feedback_reply",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RevealRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reveal_requests",
                                to="feedback.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("verify", "Call back to verify"),
                                    ("invite", "Invite to work with us"),
                                    ("reply", "Reply to the reporter"),
                                    ("protect", "Protect the reporter"),
                                    ("other", "Another purpose (say it in the reason)"),
                                ],
                                max_length=10,
                                verbose_name="purpose",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        ("approved_at", models.DateTimeField(null=True, verbose_name="approved")),
                        ("refused_at", models.DateTimeField(null=True, verbose_name="declined")),
                        ("answer", models.TextField(blank=True, verbose_name="why it was declined")),
                        ("expires_at", models.DateTimeField(verbose_name="ends")),
                    ],
                    options={
                        "verbose_name": "request to see a reporter",
                        "verbose_name_plural": "requests to see reporters",
                        "permissions": [
                            ("approve_reveal", "Approve or decline a look at the reporter of a confidential case")
                        ],
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["case", "asked_by", "-id"], name="reveal_request_latest")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by", None),
                                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="reveal_has_second_person",
                                violation_error_message="Whoever asks cannot answer.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approved_at", None), ("decided_by", None), ("refused_at", None)),
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        ("refused_at", None),
                                    ),
                                    models.Q(
                                        ("approved_at", None),
                                        ("decided_by__isnull", False),
                                        ("refused_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="reveal_decided_one_way",
                                violation_error_message="A request is open, or one person approved or declined it.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_at", None),
                                    (
                                        "expires_at__lte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("approved_at"), "+", models.Value(datetime.timedelta(seconds=3600))
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="reveal_ends_within_the_hour",
                                violation_error_message="An approval lasts an hour at most.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="37deb2ca95990c59d012ce1a40e5c1fb76b5111d",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_22549",
                                    table="feedback_revealrequest",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="a0c650abb60bb09885dec52816cc5dcc73a28419",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_fe709",
                                    table="feedback_revealrequest",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Submission",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="submissions",
                                to="feedback.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="feedback.channel",
                                verbose_name="channel",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                help_text="The door: console, public, or the API client's account.",
                                max_length=40,
                                verbose_name="source system",
                            ),
                        ),
                        ("source_id", models.CharField(max_length=100, verbose_name="number at the source")),
                        (
                            "fingerprint",
                            models.CharField(editable=False, max_length=64, verbose_name="fingerprint of the content"),
                        ),
                        ("body", models.TextField(verbose_name="text")),
                        ("received_at", models.DateTimeField(verbose_name="received")),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
                            ),
                        ),
                        (
                            "ended_as",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("out-of-scope", "Out of scope"),
                                    ("prank", "Prank or empty call"),
                                    ("emergency", "Emergency: ring 115"),
                                    ("guidance", "Guided on a procedure"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="ended at once as",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "submission",
                        "verbose_name_plural": "submissions",
                        "default_permissions": ("view",),
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "source_id"), name="submission_arrives_once")
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="ee4c3a9dc87be0a552e5f6ff7107ad7052f063af",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_52502",
                                    table="feedback_submission",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="acc5c241493f1d79578399785139443624dbbcea",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_6a06e",
                                    table="feedback_submission",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_as", ""), _negated=True),
                                fields=["case"],
                                name="submission_ended_at_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reporter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sealed", models.BinaryField(verbose_name="under seal")),
                        ("key_id", models.CharField(editable=False, max_length=16, verbose_name="key")),
                        (
                            "submission",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reporter",
                                to="feedback.submission",
                                verbose_name="submission",
                            ),
                        ),
                        ("last_four_mark", models.BigIntegerField(editable=False, null=True)),
                        ("last_six_mark", models.BigIntegerField(editable=False, null=True)),
                        ("number_mark", models.BigIntegerField(editable=False, null=True)),
                    ],
                    options={
                        "verbose_name": "reporter",
                        "verbose_name_plural": "reporters",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["key_id", "id"], name="feedback_reporter_by_key"),
                            models.Index(
                                condition=models.Q(("number_mark__isnull", False)),
                                fields=["number_mark"],
                                name="reporter_by_number",
                            ),
                            models.Index(
                                condition=models.Q(("last_six_mark__isnull", False)),
                                fields=["last_six_mark"],
                                name="reporter_by_last_six",
                            ),
                            models.Index(
                                condition=models.Q(("last_four_mark__isnull", False)),
                                fields=["last_four_mark"],
                                name="reporter_by_last_four",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="210607a27ad4c71e77be2d3e45633c6ddea5412c",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_50411",
                                    table="feedback_reporter",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="6388b7e37a680b1d41547cf4a3685e88a1744715",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_ccd46",
                                    table="feedback_reporter",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="feedback.case",
                                verbose_name="case",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        ("findings", models.TextField(verbose_name="what was found")),
                        ("measures_text", models.TextField(blank=True, verbose_name="what was done")),
                        ("measures", models.JSONField(blank=True, default=list, verbose_name="measures")),
                        (
                            "proposed_outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("OC01", "Upheld"),
                                    ("OC02", "Partly upheld"),
                                    ("OC03", "Not upheld"),
                                    ("OC04", "Not enough information"),
                                    ("OC05", "Out of scope"),
                                    ("OC06", "Guided or answered"),
                                    ("OC07", "Withdrawn"),
                                    ("OC08", "Transferred"),
                                ],
                                max_length=4,
                                verbose_name="proposed outcome",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "answer",
                        "verbose_name_plural": "answers",
                        "ordering": ["at", "id"],
                        "default_permissions": (),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="d42ba14716d87dd44728f202da94f2156ed15c63",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_98b79",
                                    table="feedback_answer",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="277406224d3319113b9b5e79773f52c0ca117b0f",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_8af16",
                                    table="feedback_answer",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SearchEntry",
                    fields=[
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="search_entry",
                                serialize=False,
                                to="feedback.case",
                            ),
                        ),
                        ("words", django.contrib.postgres.search.SearchVectorField()),
                    ],
                    options={
                        "default_permissions": (),
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fastupdate=False, fields=["words"], name="case_words"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="feedback.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "answer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="feedback.answer",
                                verbose_name="answer",
                            ),
                        ),
                        ("token", models.CharField(editable=False, max_length=32, unique=True)),
                        (
                            "file",
                            models.FileField(
                                max_length=200, upload_to=feedback.models.talk.attachment_path, verbose_name="file"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("extension", models.CharField(max_length=6)),
                        ("content_type", models.CharField(max_length=80, verbose_name="type")),
                        ("size", models.PositiveIntegerField(verbose_name="bytes")),
                        ("sha256", models.CharField(max_length=64)),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("department", "department only"),
                                    ("facility", "department and facility"),
                                    ("citizen", "everyone in the case, the reporter included"),
                                ],
                                default="department",
                                max_length=10,
                                verbose_name="who may read it",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "attachment",
                        "verbose_name_plural": "attachments",
                        "ordering": ["at", "id"],
                        "default_permissions": (),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="cc6300433dffacf263b9e158d4e10d181c28ae65",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_cd434",
                                    table="feedback_attachment",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="b691769758a86639126c9ebfdc2ee0ab16eb203d",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_e5b91",
                                    table="feedback_attachment",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseRecusal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recusals",
                                to="feedback.case",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="case_recusals",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "ground",
                            models.CharField(
                                choices=[
                                    ("named", "is named in it"),
                                    ("worked", "works or worked there"),
                                    ("family", "family or close to somebody concerned"),
                                    ("other", "another ground (say it in the reason)"),
                                ],
                                default="other",
                                max_length=8,
                                verbose_name="ground",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="recorded")),
                        (
                            "lifted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="lifted by",
                            ),
                        ),
                        ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted")),
                        ("lift_reason", models.TextField(blank=True, verbose_name="why it was lifted")),
                    ],
                    options={
                        "verbose_name": "recusal from a case",
                        "verbose_name_plural": "recusals from cases",
                        "permissions": [
                            ("recuse_self", "Declare to be involved in a case"),
                            ("recuse_others", "Keep others from a case, and lift it"),
                        ],
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["-at", "-id"], name="case_recusals_newest")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("lifted_at", None)),
                                fields=("user", "case"),
                                name="recused_once_from_a_case",
                                violation_error_message="This person is kept from this case already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lift_reason", ""), ("lifted_at", None), ("lifted_by", None)),
                                    models.Q(
                                        ("lifted_at__isnull", False),
                                        ("lifted_by__isnull", False),
                                        models.Q(("lift_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="recusal_lifted_by_somebody_with_reason",
                                violation_error_message="A lifted recusal says who lifted it, when and why.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("lifted_by", None),
                                    models.Q(
                                        models.Q(("lifted_by", models.F("user")), _negated=True),
                                        models.Q(("lifted_by", models.F("by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="recusal_lifted_by_another",
                                violation_error_message="Another person lifts it: not the one kept from the case, nor who recorded it.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="e45d9a707c349e33c01692b63a7f37260fcb3c0c",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_ed404",
                                    table="feedback_caserecusal",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="9b19895b2a64495dfaa6d3566fb8330a0f1c6eb2",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_8bf48",
                                    table="feedback_caserecusal",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedFilter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("words", models.JSONField(editable=False, verbose_name="filters")),
                        (
                            "is_shared",
                            models.BooleanField(default=False, editable=False, verbose_name="for the whole department"),
                        ),
                        ("is_kept", models.BooleanField(default=True, editable=False, verbose_name="in use")),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                        (
                            "owner",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "saved filter",
                        "verbose_name_plural": "saved filters",
                        "ordering": ["name", "id"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_kept", True), ("is_shared", True)),
                                fields=["id"],
                                name="saved_filter_shared",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_kept", True)),
                                fields=("owner", "name"),
                                name="saved_filter_named_once",
                                violation_error_message="You have a filter of this name already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="saved_filter_has_name",
                                violation_error_message="Give a name.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="816e60a637605671e95fc5e73cb775c237913d25",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_6586f",
                                    table="feedback_savedfilter",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="f672dc12a4ad6f5fc8c049ae7dd1de4c05cf5e55",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_8923e",
                                    table="feedback_savedfilter",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(editable=False, max_length=40, verbose_name="source system")),
                        (
                            "file_name",
                            models.CharField(blank=True, editable=False, max_length=200, verbose_name="file"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("running", "running"),
                                    ("checked", "trial run done, nothing stored yet"),
                                    ("done", "done"),
                                    ("dropped", "not confirmed in time, emptied"),
                                ],
                                default="waiting",
                                editable=False,
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("total", models.PositiveIntegerField(default=0, editable=False, verbose_name="rows")),
                        ("done", models.PositiveIntegerField(default=0, editable=False, verbose_name="looked at")),
                        ("at", models.DateTimeField(editable=False, verbose_name="handed in")),
                        ("touched_at", models.DateTimeField(editable=False, verbose_name="last step")),
                        ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="finished")),
                        (
                            "notices",
                            models.JSONField(default=list, editable=False, verbose_name="notices about the file"),
                        ),
                        ("is_confirmed", models.BooleanField(default=False, editable=False, verbose_name="confirmed")),
                        (
                            "by",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="feedback.channel",
                                verbose_name="channel",
                            ),
                        ),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="confirmed by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "file of cases",
                        "verbose_name_plural": "files of cases",
                        "ordering": ["-at", "-id"],
                        "permissions": [("import_case", "Record cases from a file")],
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["-at", "-id"], name="caseimport_newest"),
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "running"])),
                                fields=["touched_at"],
                                name="caseimport_to_do",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_confirmed", False), ("confirmed_by__isnull", False), _connector="XOR"
                                ),
                                name="case_import_confirmed_by_somebody",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="e1797215287f27083f0ad9327dc23f0de601b677",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_c8391",
                                    table="feedback_caseimport",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="22a3f9c7689e859fa94f31c9cf8b0477b67ccd39",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_b7ff0",
                                    table="feedback_caseimport",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportedRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sealed", models.BinaryField(verbose_name="under seal")),
                        ("key_id", models.CharField(editable=False, max_length=16, verbose_name="key")),
                        ("place", models.CharField(editable=False, max_length=40, unique=True)),
                        ("number", models.PositiveIntegerField(editable=False, verbose_name="row")),
                        (
                            "source_id",
                            models.CharField(
                                blank=True, editable=False, max_length=100, verbose_name="number at the source"
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("new", "would be stored"),
                                    ("stored", "stored"),
                                    ("known", "held already"),
                                    ("refused", "refused"),
                                    ("", "not looked at yet"),
                                ],
                                default="",
                                editable=False,
                                max_length=7,
                                verbose_name="outcome",
                            ),
                        ),
                        ("remarks", models.JSONField(default=list, editable=False, verbose_name="remarks")),
                        (
                            "about",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rows",
                                to="feedback.caseimport",
                                verbose_name="file",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "row of a file of cases",
                        "verbose_name_plural": "rows of files of cases",
                        "ordering": ["number"],
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["key_id", "id"], name="feedback_importedrow_by_key"),
                            models.Index(fields=["about", "number"], name="imported_row_of_file"),
                            models.Index(fields=["about", "outcome", "number"], name="imported_row_by_outcome"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="75a07e4281f120a4a0a6be04e76a64e84ddf33ab",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_1b71e",
                                    table="feedback_importedrow",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="05e2527360bd3dc994f4822aa314b957d6758488",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_695a0",
                                    table="feedback_importedrow",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReceivedMail",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("mark", models.CharField(editable=False, max_length=64, unique=True)),
                        ("sender", models.CharField(editable=False, max_length=64)),
                        ("at", models.DateTimeField(editable=False, verbose_name="read")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("case", "became a case"),
                                    ("added", "added to a case"),
                                    ("auto", "sent by a machine, not answered"),
                                    ("refused", "could not be taken in"),
                                ],
                                editable=False,
                                max_length=7,
                                verbose_name="outcome",
                            ),
                        ),
                        ("answered_at", models.DateTimeField(editable=False, null=True, verbose_name="answered")),
                        (
                            "left_out",
                            models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="files left out"),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="feedback.case",
                                verbose_name="case",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "e-mail read",
                        "verbose_name_plural": "e-mails read",
                        "ordering": ["-at", "-id"],
                        "default_permissions": ("view",),
                        "indexes": [
                            models.Index(fields=["-at", "-id"], name="mail_newest"),
                            models.Index(fields=["sender", "-at"], name="mail_by_sender"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="9d48a1bab0641a96025062a2e567ffd60cc4a4ff",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_293ff",
                                    table="feedback_receivedmail",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="d4800c132ce78367b7ceecdcb7e9fb7c42f63c7a",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_46da2",
                                    table="feedback_receivedmail",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reconciliation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(editable=False, max_length=40, verbose_name="source system")),
                        (
                            "file_name",
                            models.CharField(blank=True, editable=False, max_length=200, verbose_name="file"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("running", "running"),
                                    ("checked", "trial run done, nothing stored yet"),
                                    ("done", "done"),
                                    ("dropped", "not confirmed in time, emptied"),
                                ],
                                default="waiting",
                                editable=False,
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("total", models.PositiveIntegerField(default=0, editable=False, verbose_name="rows")),
                        ("done", models.PositiveIntegerField(default=0, editable=False, verbose_name="looked at")),
                        ("at", models.DateTimeField(editable=False, verbose_name="handed in")),
                        ("touched_at", models.DateTimeField(editable=False, verbose_name="last step")),
                        ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="finished")),
                        ("key", models.CharField(editable=False, max_length=100, verbose_name="number at the source")),
                        ("since", models.DateField(editable=False, verbose_name="from day")),
                        ("until", models.DateField(editable=False, verbose_name="until day")),
                        ("stated", models.JSONField(editable=False, verbose_name="what the source says")),
                        ("agreed", models.PositiveIntegerField(default=0, editable=False, verbose_name="agree")),
                        (
                            "by",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reconciliation",
                        "verbose_name_plural": "reconciliations",
                        "ordering": ["-at", "-id"],
                        "permissions": [
                            ("reconcile_source", "Compare what source systems say they sent with what is held")
                        ],
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["-at", "-id"], name="reconciliation_newest"),
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "running"])),
                                fields=["touched_at"],
                                name="reconciliation_to_do",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "key"), name="reconciliation_arrives_once"),
                            models.CheckConstraint(
                                condition=models.Q(("since__lte", models.F("until"))),
                                name="reconciliation_days_in_order",
                                violation_error_message="The last day must not come before the first.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="ed4538c27eb387e123fde551016ac55a7160cf46",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_4faa5",
                                    table="feedback_reconciliation",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="21d924631fca125853c679210dbc3eb891b6e056",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_1e2de",
                                    table="feedback_reconciliation",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Difference",
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
                                choices=[
                                    ("not_here", "sent there, not held here"),
                                    ("not_there", "held here, not in their list"),
                                    ("differs", "on both sides, but different"),
                                ],
                                editable=False,
                                max_length=9,
                                verbose_name="difference",
                            ),
                        ),
                        (
                            "number",
                            models.CharField(editable=False, max_length=100, verbose_name="number at the source"),
                        ),
                        (
                            "stated",
                            models.CharField(blank=True, editable=False, max_length=60, verbose_name="their side"),
                        ),
                        ("held", models.CharField(blank=True, editable=False, max_length=60, verbose_name="our side")),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        ("settled_at", models.DateTimeField(editable=False, null=True, verbose_name="settled")),
                        (
                            "note",
                            models.CharField(
                                blank=True, editable=False, max_length=500, verbose_name="what became of it"
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="settled by",
                            ),
                        ),
                        (
                            "about",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="differences",
                                to="feedback.reconciliation",
                                verbose_name="reconciliation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "difference",
                        "verbose_name_plural": "differences",
                        "ordering": ["id"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["about", "id"], name="difference_of_list"),
                            models.Index(fields=["about", "kind", "id"], name="difference_by_kind"),
                            models.Index(
                                condition=models.Q(("settled_at", None)), fields=["number"], name="difference_unsettled"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("about", "number"), name="difference_once_a_number"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("note", ""), ("settled_at", None), ("settled_by", None)),
                                    models.Q(
                                        ("settled_at__isnull", False),
                                        ("settled_by__isnull", False),
                                        models.Q(("note", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="difference_settled_says_how",
                                violation_error_message="What is settled says by whom and how.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="62eed28b52f477be820e417416e38f099be690bf",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_51f41",
                                    table="feedback_difference",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="0d733590d199eb3ee1a4ea42a0ac892c0091002e",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_85d7d",
                                    table="feedback_difference",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
