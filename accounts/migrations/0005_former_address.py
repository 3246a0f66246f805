"""The address that somebody had before is told of the new one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_what_systems_may_do"),
    ]

    operations = [
        migrations.AddField(
            model_name="accountchange",
            name="former_email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail address before"),
        ),
    ]
