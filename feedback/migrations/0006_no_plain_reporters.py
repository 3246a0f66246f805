from django.db import migrations, models


class Migration(migrations.Migration):
    """Drop the plain columns, and write the table anew so that its pages hold nothing of them (the table is locked for
    that long: a second for every few hundred thousand reporters). Backups and write-ahead logs from before still do."""

    dependencies = [("feedback", "0005_seal_reporters")]

    operations = [
        *(migrations.RemoveField("reporter", name) for name in ("address", "email", "name", "phone")),
        migrations.AddIndex(
            model_name="reporter",
            index=models.Index(fields=["key_id", "id"], name="feedback_reporter_by_key"),
        ),
        migrations.RunSQL("CLUSTER feedback_reporter USING feedback_reporter_pkey", migrations.RunSQL.noop),
    ]
