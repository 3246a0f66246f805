"""The sequence behind references: gaps are possible, doubles are not."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_cases")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE feedback_case_reference AS bigint START 1",
            "DROP SEQUENCE feedback_case_reference",
        )
    ]
