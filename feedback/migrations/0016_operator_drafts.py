"""What an operator is typing, under seal."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0003_functions_of_the_owner"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.BinaryField(verbose_name="under seal")),
                ("key_id", models.CharField(editable=False, max_length=16, verbose_name="key")),
                ("form_key", models.CharField(editable=False, max_length=32, verbose_name="key of the form")),
                ("saved_at", models.DateTimeField(db_index=True, editable=False, verbose_name="saved")),
                (
                    "owner",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft of a call",
                "verbose_name_plural": "drafts of calls",
                "abstract": False,
                "default_permissions": (),
                "indexes": [models.Index(fields=["key_id", "id"], name="feedback_draft_by_key")],
            },
        ),
    ]
