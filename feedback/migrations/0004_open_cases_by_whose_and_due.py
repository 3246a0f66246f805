"""Open cases of a division or a person by what is due first: their lists and counts look at nobody else's cases."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0002_history"),
        ("feedback", "0003_functions_of_the_owner"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="case_open_division",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_open_assignee",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_open_recorder",
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["division", "due_at", "id"],
                name="case_open_due_division",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["assignee", "due_at", "id"],
                name="case_open_due_assignee",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["recorded_by", "due_at", "id"],
                name="case_open_due_recorder",
            ),
        ),
    ]
