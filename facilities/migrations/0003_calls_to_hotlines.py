"""Who rang the numbers that facilities post, and what came of it."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0002_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="hotline",
            options={
                "ordering": ["-is_active", "id"],
                "permissions": [("verify_hotline", "Ring posted numbers and note what they do")],
                "verbose_name": "hotline of a facility",
                "verbose_name_plural": "hotlines of facilities",
            },
        ),
        migrations.CreateModel(
            name="HotlineCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="rung")),
                (
                    "result",
                    models.CharField(
                        choices=[("answered", "answered"), ("unanswered", "not answered"), ("wrong", "wrong number")],
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
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
                    "hotline",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="facilities.hotline",
                        verbose_name="hotline",
                    ),
                ),
            ],
            options={
                "verbose_name": "call to a hotline",
                "verbose_name_plural": "calls to hotlines",
                "ordering": ["-at", "-id"],
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["hotline", "-at", "-id"], name="calls_of_a_hotline")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hotlinecall",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="27f65d9fbd2957a52f5dcd8c3c5f17da18d73c70",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4053a",
                    table="facilities_hotlinecall",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hotlinecall",
            trigger=pgtrigger.compiler.Trigger(
                name="not_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                    hash="0215f680204cadc58172cc9099ef01be096f0eec",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_not_emptied_c2aeb",
                    table="facilities_hotlinecall",
                    when="BEFORE",
                ),
            ),
        ),
    ]
