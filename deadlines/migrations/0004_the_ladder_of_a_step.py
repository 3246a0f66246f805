from django.db import migrations, models

# The ledger is append-only and a finished task is final, for everybody but this: each row gets the ladder of its clock.
FILL = """
ALTER TABLE {table} DISABLE TRIGGER USER;
UPDATE {table} SET ladder_id = clock.ladder_id FROM deadlines_deadline clock WHERE clock.id = {table}.deadline_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE {table} ENABLE TRIGGER USER;
"""


def ladder(**more):
    return models.ForeignKey(
        db_index=False,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        to="deadlines.ladder",
        verbose_name="ladder",
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0003_weekly_summaries")]

    operations = [
        migrations.AddField("escalation", "ladder", ladder(null=True)),
        migrations.AddField("duty", "ladder", ladder(null=True)),
        migrations.RunSQL(FILL.format(table="deadlines_escalation"), migrations.RunSQL.noop),
        migrations.RunSQL(FILL.format(table="deadlines_duty"), migrations.RunSQL.noop),
        migrations.AlterField("escalation", "ladder", ladder()),
        migrations.AlterField("duty", "ladder", ladder()),
        migrations.RemoveConstraint("escalation", "escalation_once"),
        migrations.AddConstraint(
            "escalation",
            models.UniqueConstraint(fields=("deadline", "cycle", "ladder", "step"), name="escalation_once"),
        ),
        migrations.RemoveConstraint("duty", "duty_once_per_step"),
        migrations.AddConstraint(
            "duty", models.UniqueConstraint(fields=("deadline", "ladder", "step"), name="duty_once_per_step")
        ),
    ]
