import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from common.tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Link",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "source_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of source",
                            ),
                        ),
                        ("source_id", models.BigIntegerField(verbose_name="source")),
                        (
                            "relation",
                            models.CharField(
                                choices=[
                                    ("merged_into", "merged into"),
                                    ("related", "related to"),
                                    ("converted_to", "converted to"),
                                    ("triggered", "gave rise to"),
                                    ("recurred_as", "came back as"),
                                    ("asked_for", "led to the request for"),
                                ],
                                max_length=14,
                                verbose_name="relation",
                            ),
                        ),
                        (
                            "target_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of target",
                            ),
                        ),
                        ("target_id", models.BigIntegerField(verbose_name="target")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                        ("reason", models.TextField(verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "link",
                        "verbose_name_plural": "links",
                        "indexes": [models.Index(fields=["target_type", "target_id"], name="link_by_target")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source_type", "source_id", "relation", "target_type", "target_id"),
                                name="link_said_once",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="7dc1153a01cd0f14242196b632f75a13b63a07a4",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_30a64",
                                    table="links_link",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="2bb4d81bafa1b8eb72d643554300cbe482c79f23",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_529ae",
                                    table="links_link",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
