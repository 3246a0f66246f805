"""Indexes for the work of a person or a division; away with those that nothing asks: foreign keys that a list's index
begins with, and all of the history's but by case, by time and by person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DROPPED = [
    "feedback_case_assignee_id_7160cd9a",
    "feedback_case_category_id_c70bbe78",
    "feedback_case_channel_id_8866fae3",
    "feedback_case_division_id_e6fd4adb",
    "feedback_case_facility_id_3129d968",
    "feedback_case_recorded_by_id_528318c2",
    "feedback_historicalcase_area_id_f71ce1a8",
    "feedback_historicalcase_assignee_id_477a1a53",
    "feedback_historicalcase_category_id_80cdbc03",
    "feedback_historicalcase_channel_id_c8e82124",
    "feedback_historicalcase_checked_by_id_c6a800f9",
    "feedback_historicalcase_division_id_7c369401",
    "feedback_historicalcase_facility_id_38068031",
    "feedback_historicalcase_merged_into_id_bf8eb863",
    "feedback_historicalcase_recorded_by_id_66964c5e",
    "feedback_historicalcase_reference_40f759f9",
    "feedback_historicalcase_reference_40f759f9_like",
]


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0002_history"),
        ("feedback", "0016_operator_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Dropped by name in one statement: sixteen changed fields take Django four seconds of every first start.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(f"DROP INDEX {', '.join(DROPPED)}")],
            state_operations=[
                migrations.AlterField(
                    model_name="case",
                    name="assignee",
                    field=models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible officer",
                    ),
                ),
                migrations.AlterField(
                    model_name="case",
                    name="category",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.category",
                        verbose_name="category",
                    ),
                ),
                migrations.AlterField(
                    model_name="case",
                    name="channel",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.channel",
                        verbose_name="channel",
                    ),
                ),
                migrations.AlterField(
                    model_name="case",
                    name="division",
                    field=models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facilities.division",
                        verbose_name="division",
                    ),
                ),
                migrations.AlterField(
                    model_name="case",
                    name="facility",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facilities.facility",
                        verbose_name="facility",
                    ),
                ),
                migrations.AlterField(
                    model_name="case",
                    name="recorded_by",
                    field=models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                migrations.AlterField(
                    model_name="historicalcase",
                    name="area",
                    field=models.ForeignKey(
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
                migrations.AlterField(
                    model_name="historicalcase",
                    name="assignee",
                    field=models.ForeignKey(
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
                migrations.AlterField(
                    model_name="historicalcase",
                    name="category",
                    field=models.ForeignKey(
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
                migrations.AlterField(
                    model_name="historicalcase",
                    name="channel",
                    field=models.ForeignKey(
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
                migrations.AlterField(
                    model_name="historicalcase",
                    name="checked_by",
                    field=models.ForeignKey(
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
                migrations.AlterField(
                    model_name="historicalcase",
                    name="division",
                    field=models.ForeignKey(
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
                migrations.AlterField(
                    model_name="historicalcase",
                    name="facility",
                    field=models.ForeignKey(
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
                migrations.AlterField(
                    model_name="historicalcase",
                    name="merged_into",
                    field=models.ForeignKey(
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
                migrations.AlterField(
                    model_name="historicalcase",
                    name="recorded_by",
                    field=models.ForeignKey(
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
                migrations.AlterField(
                    model_name="historicalcase",
                    name="reference",
                    field=models.CharField(editable=False, max_length=20, verbose_name="reference"),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("is_open", True)), fields=["division"], name="case_open_division"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("is_open", True)), fields=["assignee"], name="case_open_assignee"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True)), fields=["recorded_by"], name="case_open_recorder"
            ),
        ),
    ]
