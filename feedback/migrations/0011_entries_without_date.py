"""The number of a case tells its age; nothing walks the entries by date any more."""

from django.db import migrations, models

_DATES = "UPDATE feedback_searchentry e SET received_at = c.received_at FROM feedback_case c WHERE c.id = e.case_id"


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0010_entries_with_marks"),
    ]

    operations = [
        migrations.RemoveIndex("searchentry", "case_words_newest"),
        migrations.AlterField("searchentry", "received_at", models.DateTimeField(null=True)),
        migrations.RunSQL(migrations.RunSQL.noop, _DATES),
        migrations.RemoveField("searchentry", "received_at"),
    ]
