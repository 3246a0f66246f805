"""Marks by which a caller is known again, how calls ended at once, saved filters, and who answers for a channel."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0004_open_cases_by_whose_and_due"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("words", models.JSONField(editable=False, verbose_name="filters")),
                (
                    "is_shared",
                    models.BooleanField(default=False, editable=False, verbose_name="for the whole department"),
                ),
                ("is_kept", models.BooleanField(default=True, editable=False, verbose_name="in use")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
            ],
            options={
                "verbose_name": "saved filter",
                "verbose_name_plural": "saved filters",
                "ordering": ["name", "id"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="channel",
            name="branches",
            field=models.TextField(
                blank=True,
                help_text="One per line: the number to press, and what for. Empty is better than wrong.",
                max_length=1000,
                verbose_name="branch numbers",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
        ),
        migrations.AddField(
            model_name="channel",
            name="is_published",
            field=models.BooleanField(
                default=True, help_text="Ways that people can use themselves.", verbose_name="in the public register"
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="owner",
            field=models.CharField(blank=True, max_length=200, verbose_name="who answers for it"),
        ),
        migrations.AddField(
            model_name="historicalchannel",
            name="branches",
            field=models.TextField(
                blank=True,
                help_text="One per line: the number to press, and what for. Empty is better than wrong.",
                max_length=1000,
                verbose_name="branch numbers",
            ),
        ),
        migrations.AddField(
            model_name="historicalchannel",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
        ),
        migrations.AddField(
            model_name="historicalchannel",
            name="is_published",
            field=models.BooleanField(
                default=True, help_text="Ways that people can use themselves.", verbose_name="in the public register"
            ),
        ),
        migrations.AddField(
            model_name="historicalchannel",
            name="owner",
            field=models.CharField(blank=True, max_length=200, verbose_name="who answers for it"),
        ),
        migrations.AddField(
            model_name="reporter",
            name="last_four_mark",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="reporter",
            name="last_six_mark",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="reporter",
            name="number_mark",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="submission",
            name="ended_as",
            field=models.CharField(
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
        migrations.AddIndex(
            model_name="reporter",
            index=models.Index(
                condition=models.Q(("number_mark__isnull", False)), fields=["number_mark"], name="reporter_by_number"
            ),
        ),
        migrations.AddIndex(
            model_name="reporter",
            index=models.Index(
                condition=models.Q(("last_six_mark__isnull", False)),
                fields=["last_six_mark"],
                name="reporter_by_last_six",
            ),
        ),
        migrations.AddIndex(
            model_name="reporter",
            index=models.Index(
                condition=models.Q(("last_four_mark__isnull", False)),
                fields=["last_four_mark"],
                name="reporter_by_last_four",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("ended_as", ""), _negated=True), fields=["case"], name="submission_ended_at_once"
            ),
        ),
        migrations.AddField(
            model_name="savedfilter",
            name="owner",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddIndex(
            model_name="savedfilter",
            index=models.Index(
                condition=models.Q(("is_kept", True), ("is_shared", True)), fields=["id"], name="saved_filter_shared"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_kept", True)),
                fields=("owner", "name"),
                name="saved_filter_named_once",
                violation_error_message="You have a filter of this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="saved_filter_has_name",
                violation_error_message="Give a name.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="savedfilter",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="savedfilter",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
    ]
