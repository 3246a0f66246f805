"""Counts of open cases that look at the index alone, since it holds what the policy asks."""

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
            name="case_open_due",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_open_due_facility",
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["due_at", "id"],
                include=("is_confidential", "is_released", "division", "facility", "assignee", "recorded_by"),
                name="case_open_due",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["facility", "due_at"],
                include=("id", "is_confidential", "is_released", "division", "assignee", "recorded_by"),
                name="case_open_due_facility",
            ),
        ),
    ]
